"""Which port comes next: how two hosts may meet although a box gives each remote a port of its own.

A symmetric NAT with sequential ports gives the next remote the next port. Its host knows the port that the
server saw, and how many remotes it has written to since: so it can say which port the next one will be. Both
tell each other through the server, and write to the ports from there on, in the same order:

    ann's box: port 1030 for bob's 2050, 1031 for 2051, ...
    bob's box: port 2050 for ann's 1030, 2051 for 1031, ...

Against random ports this comes to nothing, and two hosts behind one box spoil each other's count. An older
mapping may do as well, if the other box keeps its port; so all ports since the server's are tried, too.

RFC 5128 describes guessing ports among the ways known in 2008; how both agree on them is ours.
"""

from typing import Final

from blockchain_lab.base.units import Address

AHEAD: Final = 8  # ports from the next one on; ours
MOST_BEHIND: Final = 32  # ports since the server's; ours: who predicts wildly gets no flood
LAST_PORT: Final = 65_535


def predict_port(seen: Address, remotes: int) -> int:
    """The port of the next remote: the server saw us there, and we have written to so many since."""
    return (seen.port + remotes + 1) % (LAST_PORT + 1)


def choose_targets(seen: Address, next_port: int) -> list[Address]:
    """Where to write to: the next ports first, then those from the one that the server saw up to there."""
    since = range(max(seen.port + 1, next_port - MOST_BEHIND), next_port)
    ports = [*range(next_port, next_port + AHEAD), *since]
    return [Address(seen.ip, port) for port in ports if 0 < port <= LAST_PORT]
