"""A server that everybody can reach: says how hosts look from outside, introduces them, carries for them.

Three services that are often three programs (STUN, a tracker, TURN). It believes names, as a tracker does:
who registers under another one's name takes its place.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.choices import check_keys, read_flag
from blockchain_lab.base.effects import Effect, Note, SendTo
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.rendezvous_messages import (
    NOWHERE,
    Find,
    Found,
    Introduce,
    Meet,
    NotKnown,
    Register,
    Registered,
    Relayed,
    RelayTo,
)

MOST_PEERS: Final = 1_000  # ours: registering costs its sender one datagram, so it must cost us little


@dataclass(slots=True)
class Registration:
    """One peer, as it looks from outside and as it sees itself."""

    outside: Address
    local: Address
    opened: Address  # where its box lets everybody in, NOWHERE if it does not

    @property
    def best(self) -> Address:
        """Where somebody new should try to reach it."""
        return self.outside if self.opened == NOWHERE else self.opened


@dataclass(slots=True)
class Server:
    """Whom it knows, by name, and what it has carried."""

    known: dict[str, Registration] = field(default_factory=dict)
    carried_bytes: int = 0


class RendezvousNode(Node):
    """The server. Policy `relays`: does it carry for others (true)."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        check_keys(setup.policy, ("relays",))
        self.server = Server()
        self.relays = read_flag(setup.policy, "relays", default=True)

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Register, find, introduce, carry; all else is noted and ignored."""
        known = self.server.known
        match message:
            case Register(name=name, local=local, opened=opened):
                return self._register(name, Registration(source, local, opened))
            case Introduce(name=name):
                return self._introduce(source, name)
            case Find(name=name) if type(message) is Find:
                here = known.get(name)
                answer = Found(name, here.best, here.local) if here else NotKnown(name)
                return [SendTo(source, answer)]
            case RelayTo(name=name, content=content) if type(message) is RelayTo:
                return self._carry(source, name, content)
        reason = message.reason if isinstance(message, Malformed) else "not for a server"
        return [note_nonsense(source, f"{message.wire_name}: {reason}")]

    def _register(self, name: str, peer: Registration) -> list[Effect]:
        known = self.server.known
        if name not in known and len(known) == MOST_PEERS:
            return [note_nonsense(peer.outside, f"register: {MOST_PEERS} peers are here already")]
        known[name] = peer
        return [SendTo(peer.outside, Registered(peer.outside))]

    def _introduce(self, source: Address, name: str) -> list[Effect]:
        asker, known = self._find_name(source), self.server.known
        if asker is None:
            return [note_nonsense(source, "introduce: from somebody who has not registered")]
        if name not in known:
            return [SendTo(source, NotKnown(name))]
        one, other = known[asker], known[name]
        return [
            SendTo(source, Meet(name, other.best, other.local)),
            SendTo(other.outside, Meet(asker, one.best, one.local)),
        ]

    def _carry(self, source: Address, name: str, content: bytes) -> list[Effect]:
        asker, other = self._find_name(source), self.server.known.get(name)
        if asker is None or not self.relays:
            reason = "we carry nothing" if asker is not None else "from somebody who has not registered"
            return [note_nonsense(source, f"relay-to: {reason}")]
        if other is None:
            return [SendTo(source, NotKnown(name))]
        self.server.carried_bytes += len(content)
        return [SendTo(other.outside, Relayed(asker, content))]

    def _find_name(self, source: Address) -> str | None:
        """Who registered from there. O(peers)."""
        return next((name for name, peer in self.server.known.items() if peer.outside == source), None)


def note_nonsense(source: Address, reason: str) -> Note:
    """A datagram that we did nothing with."""
    return Note("datagram ignored", {"from": list(source), "reason": reason})
