"""Peer-to-peer networks outside Bitcoin: gossip, structured overlays, NAT, liveness, choosing a peer."""
