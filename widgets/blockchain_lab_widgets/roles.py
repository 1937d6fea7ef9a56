"""What a peer is in its story, in one word, for the network view's shapes: server, miner, newcomer.

A liar or a staller is a server like the others: who it is, the learner finds out.
"""

from typing import Any, Final

from blockchain_lab.base.actions import Mine

FAMILY: Final = "bitcoin"  # kinds of this family are told apart by what they do, others by their family


def get_roles(scenario: Any, names: list[str]) -> list[str]:
    """The role of every peer, in this order."""
    miners = {action.peer for _, action in scenario.story if isinstance(action, Mine)}
    has_servers = any(scenario.peers[name].disk for name in names)
    return [get_role(scenario.peers[name], name in miners, has_servers) for name in names]


def get_role(peer: Any, is_miner: bool, has_servers: bool) -> str:
    """By its disk, then by what the story lets it do; others by their family: `gossip-liar` is gossip."""
    if not peer.kind.startswith(FAMILY):
        return str(peer.kind).partition("-")[0]
    if peer.disk:
        return "server"
    if is_miner:
        return "miner"
    return "newcomer" if has_servers else "peer"
