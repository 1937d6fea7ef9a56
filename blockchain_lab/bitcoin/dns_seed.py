"""A seed: a host that only answers the question whom one could dial.

Real DNS seeds crawl the network and answer a DNS question with some 30 IP addresses of nodes that they have
found well. Ours is a node of its own kind: one dials it, shakes hands, asks `getaddr`, reads the `addr` and
hangs up (Core does that to a seed when it cannot ask DNS: an ADDR_FETCH connection). It crawls nobody: whom
it names stands in its policy. A seed that names only an attacker's hosts is one line of a scenario.
"""

from collections.abc import Mapping
from typing import Any, Final

from blockchain_lab.base.effects import Effect, HangUp, Send, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin import handshake, keep_alive
from blockchain_lab.bitcoin.messages import Addr, GetAddr, Ping, Version
from blockchain_lab.bitcoin.messages_addresses import MAX_ADDRESSES
from blockchain_lab.bitcoin.network_address import TimedAddress
from blockchain_lab.bitcoin.peers import Peer, PeerFault, Peers
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.seeds import MOST_FROM_A_SEED

OWN_KEYS: Final = ("hosts", "most")  # of its policy
NO_CHAIN: Final = 0  # the height that it states


class DnsSeedNode(Node):
    """Names hosts to whoever asks. Policy: `hosts`, names of peers (default: all others); `most` at once."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for hosts that do not exist. The common policy of the scenario is checked, not used."""
        self.setup, self.random = setup, setup.random
        Policy.from_plain({key: value for key, value in setup.policy.items() if key not in OWN_KEYS})
        self.hosts = read_hosts(setup)
        self.most = read_most(setup.policy)
        self.peers = Peers()

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Begin the handshake."""
        peer = Peer(conn, remote, inbound, nonce=self.random.bits())
        self.peers.add(peer)
        return handshake.on_connected(peer, self._introduce(peer, now))

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Shake hands, answer `getaddr` and `ping`, ignore the rest."""
        peer = self.peers[conn]
        if not peer.is_ready:
            try:
                return handshake.on_message(peer, message, self._introduce(peer, now), ())
            except PeerFault as fault:
                return self._drop(conn, str(fault))
        match message:
            case GetAddr():
                return [Send(conn, Addr(tuple(self._answer(now))))]
            case Ping():
                return keep_alive.on_ping(peer, message)
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Its only timer: somebody did not shake hands."""
        assert name.conn is not None
        return self._drop(name.conn, "handshake timeout")

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """They have what they wanted."""
        self.peers.remove(conn)
        return []

    def _answer(self, now: Microseconds) -> list[TimedAddress]:
        """Some of the hosts in random order, as just seen."""
        count = min(self.most, len(self.hosts))
        time = self.setup.started_at + now // SECOND
        chosen = self.random.sample(self.hosts, count)
        return [TimedAddress(time, handshake.name_host(handshake.PLAIN.services, host)) for host in chosen]

    def _introduce(self, peer: Peer, now: Microseconds) -> Version:
        return handshake.make_version(
            peer, self.setup.address, NO_CHAIN, self.setup.started_at + now // SECOND
        )

    def _drop(self, conn: ConnectionId, reason: str) -> list[Effect]:
        self.peers.remove(conn)
        return [HangUp(conn, reason)]


def read_hosts(setup: Setup) -> list[Address]:
    """Whom it names. UsageError, with what is accepted."""
    names = setup.policy.get("hosts", [name for name in setup.contacts if name != setup.name])
    if not isinstance(names, list) or any(name not in list(setup.contacts) for name in names):
        raise UsageError(f"policy.hosts: found {names!r:.60}, accepted: names of {', '.join(setup.contacts)}")
    return [setup.contacts[name] for name in names]


def read_most(policy: Mapping[str, Any]) -> int:
    """How many it names at once. UsageError."""
    most = policy.get("most", MOST_FROM_A_SEED)
    if type(most) is not int or not 1 <= most <= MAX_ADDRESSES:
        raise UsageError(f"policy.most: found {most!r}, accepted: 1 .. {MAX_ADDRESSES}")
    return most
