"""The protocol of `scale.protocol` as a node that can be read, stepped and watched: it runs on `sim`.

Slow, and the measure of the two fast ones. It knows blocks by number and nothing of their content; what a
whole Bitcoin node does besides is in `bitcoin`. A scenario's policy tells each peer its neighbours by name,
in the order in which it tells them news, and the numbers of the blocks that it will find.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from blockchain_lab.base.actions import Command, Mine
from blockchain_lab.base.effects import Dial, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.once import once
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.protocol import NO_PARENT, Kind, Stage, get_content_id, get_lacking_key, is_lacking

COMPLETE: Final = (Kind.BLOCK, Kind.CMPCTBLOCK, Kind.BLOCKTXN)  # what may be all that a peer wants


@dataclass(frozen=True)
class About(Message):
    """Any of the seven messages: all that counts is its kind, its size, and which block it is about."""

    command: ClassVar[str] = "?about"
    kind: Kind
    number: int
    parent: int
    height: int
    length: int  # bytes on the wire, envelope included

    @property
    def wire_name(self) -> str:
        """As Bitcoin calls it."""
        return self.kind.name.lower()

    def encode(self) -> bytes:
        """The header of it, and as much nothing as its size asks for."""
        facts = (self.number, self.parent + 1, self.height)
        return b"".join(fact.to_bytes(4, "little") for fact in facts).ljust(
            self.length - self.overhead, b"\0"
        )

    @once
    def size(self) -> int:
        """Bytes on the wire."""
        return self.length

    @once
    def content_id(self) -> int:
        """The number that the array executors give it."""
        return get_content_id(self.kind, self.number)


@dataclass(slots=True)
class Seen:
    """What a peer knows of one block."""

    number: int
    parent: int
    height: int
    stage: Stage = Stage.NONE
    arrived: Microseconds | None = None
    source: ConnectionId | None = None  # None: found by itself


class RelayNode(Node):
    """Passes blocks on, follows the highest branch it has checked (first seen wins).

    Policy: `neighbours`, `compact` (those of them who speak BIP 152 with us), `finds`, `relay`, `sizes` by
    kind, `validation` in microseconds, `misses` in parts per million.
    """

    obeys = (Mine,)

    def __init__(self, setup: Setup) -> None:
        """Nothing is known but the rules."""
        self.setup, self.policy = setup, setup.policy
        self.relay = Relay(setup.policy["relay"])
        self.key = get_lacking_key(setup.seed, setup.name)
        self.conns: dict[Address, ConnectionId] = {}
        self.remotes: dict[ConnectionId, Address] = {}
        self.blocks: dict[int, Seen] = {}
        self.finds: list[int] = list(setup.policy["finds"])
        self.best, self.best_height = NO_PARENT, 0
        self.compact = {setup.contacts[name]: True for name in setup.policy["compact"]}

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial whom we are to dial."""
        return [Dial(address) for address in self.setup.neighbours]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Remember by which connection we reach whom."""
        self.conns[remote], self.remotes[conn] = conn, remote
        return []

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Find the next of our blocks, on top of the best one we have checked."""
        block = Seen(self.finds.pop(0), self.best, self.best_height + 1, Stage.ARRIVED, now)
        self.blocks[block.number] = block
        return self._check(block)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A block is checked."""
        assert isinstance(name.about, int)
        return self._check(self.blocks[name.about])

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """What is said of a block, and what we answer."""
        assert isinstance(message, About)
        block = self.blocks.setdefault(message.number, Seen(message.number, message.parent, message.height))
        match message.kind:
            case Kind.INV | Kind.HEADERS if block.stage == Stage.NONE:
                block.stage = Stage.ASKED
                return [self._send(conn, Kind.GETDATA, block)]
            case Kind.GETDATA:
                return [self._send(conn, Kind.CMPCTBLOCK if self._is_compact(conn) else Kind.BLOCK, block)]
            case Kind.GETBLOCKTXN:
                return [self._send(conn, Kind.BLOCKTXN, block)]
            case Kind.CMPCTBLOCK if block.stage < Stage.LACKING and self._is_lacking(block):
                block.stage = Stage.LACKING
                return [self._send(conn, Kind.GETBLOCKTXN, block)]
        is_late = block.stage >= (Stage.LACKING if message.kind is Kind.CMPCTBLOCK else Stage.ARRIVED)
        return [] if is_late or message.kind not in COMPLETE else self._take(conn, block, now)

    def _take(self, conn: ConnectionId, block: Seen, now: Microseconds) -> list[Effect]:
        """The block is complete: check it."""
        block.stage, block.arrived, block.source = Stage.ARRIVED, now, conn
        return [SetTimer(TimerName("checked", about=block.number), self.policy["validation"])]

    def _is_lacking(self, block: Seen) -> bool:
        return is_lacking(self.key, block.number, self.policy["misses"])

    def _check(self, block: Seen) -> list[Effect]:
        """The check is over: stand on the block if that is right, and tell the others."""
        block.stage = Stage.CHECKED
        if block.parent == NO_PARENT or self._get_stage(block.parent) == Stage.READY:
            self._stand(block)
        told = (self.conns[self.setup.contacts[name]] for name in self.policy["neighbours"])
        return [self._tell(conn, block) for conn in told if conn != block.source]

    def _stand(self, block: Seen) -> None:
        """All before it is checked, so it counts; then those that waited for it do."""
        ready = [block]
        for each in ready:
            each.stage = Stage.READY
            if each.height > self.best_height:
                self.best, self.best_height = each.number, each.height
            waiting = [other for other in self.blocks.values() if other.parent == each.number]
            waiting.sort(key=lambda other: other.number)
            ready += [other for other in waiting if other.stage == Stage.CHECKED]

    def _tell(self, conn: ConnectionId, block: Seen) -> Send:
        if self.relay is Relay.PUSH and self._is_compact(conn):
            return self._send(conn, Kind.CMPCTBLOCK, block)
        return self._send(conn, Kind.HEADERS if self.relay is Relay.HEADERS else Kind.INV, block)

    def _send(self, conn: ConnectionId, kind: Kind, block: Seen) -> Send:
        length = self.policy["sizes"][kind]
        return Send(conn, About(kind, block.number, block.parent, block.height, length))

    def _is_compact(self, conn: ConnectionId) -> bool:
        return self.remotes[conn] in self.compact

    def _get_stage(self, number: int) -> Stage:
        return self.blocks[number].stage if number in self.blocks else Stage.NONE
