"""A toy node: blocks spread by inv / getdata / block.

A -> B: inv(hash)      B -> A: getdata(hash)      A -> B: block      B -> everybody else: inv(hash)
"""

from typing import Final

from blockchain_lab.base.actions import Command, Mine, SetPolicy
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.store import Known
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from support.toys_messages import ToyBlock, ToyGetData, ToyInv

GENESIS: Final = bytes(32)
PATIENCE: Final = 2 * SECOND


class GossipNode(Node):
    """Keeps a block tree, follows the longest branch (first seen wins), tells its neighbours.

    Policy `mine_every`: mean time in microseconds between blocks of this node, 0 = never.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup, self.random = setup, setup.random
        self.blocks: Known[ToyBlock] = Known(setup.store)
        self.tip = GENESIS
        self.orphans: dict[bytes, list[ToyBlock]] = {}  # parent -> waiting children
        self.asked: dict[bytes, ConnectionId] = {}
        self.conns: dict[ConnectionId, Address] = {}
        for block in setup.disk.get("blocks", ()):
            self._adopt(block)

    def stored(self) -> dict[str, object]:
        """Blocks survive; connections and requests do not."""
        return {"blocks": [self.blocks[name] for name in self.blocks]}

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial the neighbours."""
        return [*(Dial(address) for address in self.setup.neighbours), *self._wait_for_block()]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Say what our tip is."""
        self.conns[conn] = remote
        return [Send(conn, ToyInv(self.tip))] if self.tip != GENESIS else []

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """Forget what we asked of it; whoever dialled dials again."""
        self._forget(conn)
        remote = self.conns.pop(conn)
        return self._redial(remote, SECOND) if remote in self.setup.neighbours else []

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self._redial(remote, 5 * SECOND)

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Ask for what is new, give what is asked, take what we asked for; part from who talks nonsense."""
        match message:
            case ToyGetData(name):
                return [Send(conn, self.blocks[name])] if name in self.blocks else []
            case ToyInv(name) if name not in self.blocks and name not in self.asked:
                return self._ask(conn, name)
            case ToyBlock():
                return self._take(conn, message)
            case Malformed(reason=reason):
                self._forget(conn)
                remote = self.conns.pop(conn)
                again = self._redial(remote, SECOND) if remote in self.setup.neighbours else []
                return [HangUp(conn, reason), *again]
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Give up on a slow answer, redial, or find a block."""
        match name:
            case TimerName("block", int(conn)):
                self._forget(conn)
                return []
            case TimerName("redial", _, int(place)):
                return [Dial(self.setup.neighbours[place])]
        return [*self._mine(1), *self._wait_for_block()]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Mine, or wait for blocks at the new pace."""
        match command:
            case Mine(_, count):
                return self._mine(count)
            case SetPolicy(_, "mine_every"):
                return self._wait_for_block() or [CancelTimer(TimerName("mine"))]
        return []

    def height(self, name: bytes) -> int:
        """Height of a known block; the genesis has 0."""
        return self.blocks[name].height if name != GENESIS else 0

    def _forget(self, conn: ConnectionId) -> None:
        self.asked = {block: asked for block, asked in self.asked.items() if asked != conn}

    def _redial(self, remote: Address, after: Microseconds) -> list[Effect]:
        return [SetTimer(TimerName("redial", about=self.setup.neighbours.index(remote)), after)]

    def _ask(self, conn: ConnectionId, name: bytes) -> list[Effect]:
        self.asked[name] = conn
        return [Send(conn, ToyGetData(name)), SetTimer(TimerName("block", conn), PATIENCE)]

    def _take(self, conn: ConnectionId, block: ToyBlock) -> list[Effect]:
        self.asked.pop(block.hash, None)
        done: list[Effect] = [] if conn in self.asked.values() else [CancelTimer(TimerName("block", conn))]
        if block.hash in self.blocks:
            return done
        if block.parent != GENESIS and block.parent not in self.blocks:
            self.orphans.setdefault(block.parent, []).append(block)
            return [*done, *(self._ask(conn, block.parent) if block.parent not in self.asked else [])]
        return [*done, *self._accept(block, conn)]

    def _accept(self, block: ToyBlock, source: ConnectionId | None) -> list[Effect]:
        old, accepted = self.tip, [block]
        for parent in accepted:  # grows while orphans find their parents
            self._adopt(parent)
            accepted += self.orphans.pop(parent.hash, [])
        others = [conn for conn in self.conns if conn != source]
        effects: list[Effect] = [Send(conn, ToyInv(new.hash)) for new in accepted for conn in others]
        if self.tip != old:
            effects.append(Note("tip", {"block": self.tip.hex(), "height": self.height(self.tip)}))
        return effects

    def _adopt(self, block: ToyBlock) -> None:
        self.blocks.add(block.hash, block)
        if block.height > self.height(self.tip):
            self.tip = block.hash

    def _mine(self, count: int) -> list[Effect]:
        number = int.from_bytes(self.setup.name.encode()[-4:], "little")
        effects: list[Effect] = []
        for _ in range(count):
            height = self.height(self.tip) + 1
            effects += self._accept(ToyBlock(self.tip, height, number, self.random.bits()), None)
        return effects

    def _wait_for_block(self) -> list[Effect]:
        mean = self.setup.policy.get("mine_every", 0)
        return [SetTimer(TimerName("mine"), self.random.exponential(mean))] if mean else []
