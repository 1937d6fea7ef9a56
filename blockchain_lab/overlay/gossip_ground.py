"""What every way to gossip stands on: the items a node has, its open lines, and whom else it knows.

A protocol keeps its own state and is handed the ground with every call. Two kinds of source: a line (the
number of a connection) and a caller (an address); None is the node itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, Note, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_messages import LAST_HOP, Item
from blockchain_lab.overlay.gossip_policy import Policy

Source = ConnectionId | Address | None

UNASKED: Final = "item: nobody asked for it"
OUT_OF_PLACE: Final = "this protocol has no such word"


@dataclass(slots=True)
class Line:
    """One open connection."""

    remote: Address
    inbound: bool  # the other side dialled


@dataclass(slots=True)
class Learned:
    """How a node came by an item."""

    item: Item
    at: Microseconds
    hops: int  # 0: its own; as far as the protocol counts them, else 1
    source: Address | None


@dataclass(slots=True)
class Ground:
    """One node's share of the network."""

    address: Address
    contacts: Sequence[Address]  # whom it may call, each once; itself may be among them
    policy: Policy
    random: CounterRandom
    items: dict[bytes, Learned] = field(default_factory=dict)  # by name, oldest first
    lines: dict[ConnectionId, Line] = field(default_factory=dict)  # oldest first
    duplicates: int = 0  # items that came once more

    def learn(self, item: Item, hops: int, source: Source, now: Microseconds) -> list[Effect]:
        """Keep a new item. `hops`: how far it has come."""
        address = self.get_address(source)
        self.items[item.name] = Learned(item, now, hops, address)
        facts = {"item": item.name.hex(), "text": item.text, "hops": hops, "from": show(address)}
        return [Note("item learned", facts)]

    def is_new(self, name: bytes) -> bool:
        """Is this item missing here?"""
        return name not in self.items

    def get_items(self, names: Iterable[bytes]) -> list[Item]:
        """Those of these that it has."""
        return [self.items[name].item for name in names if name in self.items]

    def get_hops_beyond(self, name: bytes) -> int:
        """How far an item of ours will have come when the next node has it."""
        return min(self.items[name].hops + 1, LAST_HOP)

    def get_address(self, source: Source) -> Address | None:
        """Where a source is; None for ourselves."""
        return self.lines[source].remote if isinstance(source, int) else source

    def get_other_lines(self, source: Source) -> list[ConnectionId]:
        """All open lines but one, oldest first."""
        return [conn for conn in self.lines if conn != source]

    def choose_contacts(self, count: int) -> list[Address]:
        """Different peers to call, by chance; all of them when there are no more."""
        contacts, own = self.contacts, self.address
        if count == 1 and len(contacts) > 1:  # most calls, by far
            while (address := self.random.choice(contacts)) == own:
                pass
            return [address]
        if count * 2 >= len(contacts):
            others = [address for address in contacts if address != own]
            return self.random.sample(others, min(count, len(others)))
        chosen: dict[Address, None] = {}
        while len(chosen) < count:
            address = self.random.choice(contacts)
            if address != own:
                chosen[address] = None
        return list(chosen)

    def complain(self, source: Source, reason: str) -> list[Effect]:
        """Somebody breaks the rules: it is noted, and what it said is forgotten."""
        conn = source if isinstance(source, int) else NOBODY
        facts = {"conn": conn, "from": show(self.get_address(source)), "reason": reason}
        return [Note("peer misbehaved", facts)]


class Protocol:
    """One way to gossip. Override what you need; whatever it answers, the node asks for.

    `on_message` and `on_datagram` get only whole messages of ours, never `Malformed` or `Unknown`.
    """

    def on_start(self, ground: Ground, now: Microseconds) -> list[Effect]:
        """The host was switched on."""
        return []

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """The ground has just learned this item: whom to tell, and how."""
        return []

    def on_line(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """A line was opened; the ground has it."""
        return []

    def on_line_lost(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """A line is gone; the ground has forgotten it."""
        return []

    def on_message(
        self, ground: Ground, conn: ConnectionId, message: Message, now: Microseconds
    ) -> list[Effect]:
        """Somebody speaks on a line."""
        return ground.complain(conn, f"{message.wire_name}: {OUT_OF_PLACE}")

    def on_datagram(
        self, ground: Ground, caller: Address, message: Message, now: Microseconds
    ) -> list[Effect]:
        """Somebody calls."""
        return ground.complain(caller, f"{message.wire_name}: {OUT_OF_PLACE}")

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """A timer of the protocol's own ran out."""
        return []

    def hear(self, ground: Ground, item: Item, hops: int, source: Source, now: Microseconds) -> list[Effect]:
        """An item has come that may be told to others: keep it and go on, or count it."""
        if not ground.is_new(item.name):
            ground.duplicates += 1
            return []
        return [*ground.learn(item, hops, source, now), *self.on_news(ground, item, source, now)]


def show(address: Address | None) -> str:
    """As people write it; "" for ourselves."""
    return "" if address is None else f"{address.ip}:{address.port}"
