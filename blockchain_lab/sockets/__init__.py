"""The same nodes over real sockets. Knows protocols, never the simulator."""
