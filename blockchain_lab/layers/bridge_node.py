"""A peer that keeps one chain with contracts, or two, and follows a trade besides.

Blocks and calls go to everybody, unasked; a block without its parent makes us ask for what leads to it. The
trade (channels, a rollup, a bridge) is told when a branch has moved, and of every message that is about
neither. Policy of all such peers:

    chains        ["main"], or ["side"], or both
    mines         which of them `Mine` extends; the first one if it is not said
    block_every   microseconds after which it makes a block by itself; 0: only when told to
    identity      as whom it signs: a second machine with somebody's key
    redial_after  microseconds
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, Mine, SetPolicy
from blockchain_lab.base.actions_layers import PayOnChain
from blockchain_lab.base.choices import check_keys, read_number, read_word
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import HOUR, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.chain.tree import ReorgPath
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import bridge_notes as notes
from blockchain_lab.layers.bridge_bank import find_wrong_amount
from blockchain_lab.layers.bridge_blocks import ChainBlock, Tip, WantBlocks
from blockchain_lab.layers.bridge_calls import Call, Transfer
from blockchain_lab.layers.bridge_desk import Desk, Trade
from blockchain_lab.layers.bridge_params import MAIN, read_chains
from blockchain_lab.layers.bridge_receiving import answer, receive_block, receive_call, receive_tip
from blockchain_lab.layers.bridge_view import ChainView

KEYS: Final = ("chains", "mines", "block_every", "identity", "redial_after")
REDIAL: Final = "redial"
BLOCK: Final = "block"


def read_kept(policy: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """Which chains a peer keeps: one at least, none twice. UsageError."""
    kept = policy.get("chains", [MAIN])
    is_list = isinstance(kept, list | tuple) and all(type(name) is str and name in known for name in kept)
    if not is_list or not kept or len(dict.fromkeys(kept)) < len(kept):
        wanted = f"accepted: a list of {', '.join(known)}, one at least, none twice"
        raise UsageError(f"policy.chains: found {kept!r}, {wanted}")
    return list(kept)


class SettlementNode(Node):
    """Keeps chains; a subclass names its trade."""

    obeys: ClassVar[tuple[type[Command], ...]] = (Mine, PayOnChain)
    trade_kind: ClassVar[type[Trade]] = Trade

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy or a chain that cannot be."""
        policy = setup.policy
        check_keys(policy, (*KEYS, *self.trade_kind.keys))
        rules = read_chains(setup.chain)
        kept = read_kept(policy, rules)
        self.mines = read_word(policy, "mines", kept, kept[0])
        identity = read_word(policy, "identity", ["", *setup.contacts], "") or setup.name
        self.read_numbers(policy)
        self.desk = Desk(setup, identity, {name: ChainView(rules[name], setup.store) for name in kept})
        self.trade = self.trade_kind(self.desk)

    def read_numbers(self, policy: dict[str, Any]) -> None:
        """What may be turned while the peer runs. UsageError."""
        self.block_every = read_number(policy, "block_every", 0, least=0, most=HOUR)
        self.redial_after = read_number(policy, "redial_after", 5 * SECOND, least=1)

    @property
    def views(self) -> dict[str, ChainView]:
        """The chains that it keeps, by name."""
        return self.desk.views

    @property
    def books(self) -> Any:
        """What is true at the end of its branch of the main chain, or of the only one that it keeps."""
        return next(iter(self.desk.views.values())).books

    def stored(self) -> dict[str, Any]:
        """All blocks, and what the trade must not forget."""
        blocks = [
            entry.header.encoding.hex() for view in self.views.values() for entry in view.tree.own.values()
        ]
        return {"blocks": blocks, "trade": self.trade.stored()}

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Read the disk, dial the neighbours."""
        effects = self._read_blocks()
        effects += [Dial(address) for address in self.desk.setup.neighbours]
        effects += self.trade.on_start(now)
        return [*effects, *self._follow(now), *self._plan()]

    def _read_blocks(self) -> list[Effect]:
        effects: list[Effect] = []
        for text in self.desk.setup.disk.get("blocks", ()):
            try:
                block = ChainBlock.decode(bytes.fromhex(text))
                entry = self.views[block.chain].add(block)
            except (DecodeError, KeyError, ValueError) as problem:
                raise UsageError(f"disk of {self.desk.setup.name}: {problem!r}") from None
            if isinstance(entry, RuleBroken):
                raise UsageError(f"disk of {self.desk.setup.name}: a block breaks the rule {entry.rule!r}")
            effects += notes.block_accepted(entry)
        return effects

    # -- lines ----------------------------------------------------------------------------------------------

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Say where our branches end, and which calls wait."""
        self.desk.lines[conn] = remote
        effects: list[Effect] = []
        for name, view in self.views.items():
            effects.append(Send(conn, Tip(name, view.head.hash)))
            effects += [Send(conn, call) for call in view.waiting.values()]
        return [*effects, *self.trade.on_connected(conn)]

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self._redial(remote)

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """A line is lost: who has dialled dials again."""
        remote = self.desk.lines.pop(conn)
        return self._redial(remote) if conn % 2 == 0 else []

    def _redial(self, remote: Address) -> list[Effect]:
        if remote not in self.desk.setup.neighbours:
            return []
        name = TimerName(REDIAL, about=self.desk.setup.neighbours.index(remote))
        return [SetTimer(name, self.redial_after)]

    # -- what others say ------------------------------------------------------------------------------------

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Unreadable bytes cost the line; what we have no word for is ignored."""
        match message:
            case Malformed(reason=reason):
                blame = {"from": self.desk.get_name(conn), "reason": reason}
                del self.desk.lines[conn]  # it is not dialled again
                return [Note("peer misbehaved", blame), HangUp(conn, reason)]
            case WantBlocks():
                return answer(self.desk, message, conn)
            case Tip():
                return receive_tip(self.desk, message, conn)
            case Call():
                return receive_call(self.desk, message, conn)
            case ChainBlock():
                return [*receive_block(self.desk, message, conn), *self._follow(now)]
        return self.trade.on_message(conn, message, now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Time to dial again, to make a block, or for the trade."""
        if name.topic == REDIAL:
            return [Dial(self.desk.setup.neighbours[int(str(name.about))])]
        if name.topic == BLOCK:
            return [*self._mine(1, now), *self._plan()]
        return self.trade.on_timer(name, now)

    def _plan(self) -> list[Effect]:
        timer = TimerName(BLOCK)
        return [SetTimer(timer, self.block_every) if self.block_every else CancelTimer(timer)]

    def _follow(self, now: Microseconds) -> list[Effect]:
        """Go to the longest branch of each chain, say what that does, and tell the trade."""
        effects: list[Effect] = []
        for name, view in self.views.items():
            old, path = view.head, view.move_head()
            if path is None:
                continue
            effects.append(notes.tip_changed(name, path, old))
            for entry in path.disconnect:
                effects += [notes.call_undone(call, entry.hash) for call in reversed(entry.header.calls)]
            for entry in path.connect:
                effects += [notes.call_carried(call, entry.hash) for call in entry.header.calls]
                effects += [notes.done(fact, entry.hash) for fact in view.get_books(entry).facts]
            effects += [notes.call_dropped(call) for call in view.drop_stale()]
            effects += self._say_again(view, path) + self.trade.on_moved(view, path, now)
        return effects

    def _say_again(self, view: ChainView, path: ReorgPath[ChainBlock]) -> list[Effect]:
        """Our own calls that a reorganisation undid: those on the other branch may never have heard them."""
        undone = [call for entry in path.disconnect for call in entry.header.calls]
        own = [call for call in reversed(undone) if call.sender == self.desk.name]
        return [effect for call in own if call.name in view.waiting for effect in self.desk.tell(call)]

    # -- what a learner asks for ----------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Make blocks, pay on the chain itself, turn a knob; the rest is the trade's."""
        match command:
            case Mine(count=count):
                return self._mine(count, now)
            case PayOnChain(to=to, amount=amount):
                return self.desk.submit(self.mines, Transfer(to, amount))
            case SetPolicy(key=key):
                self.read_numbers(self.desk.setup.policy)
                planned = self._plan() if key == "block_every" else []
                return [*planned, *self.trade.on_command(command, now)]
        return self.trade.on_command(command, now)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Why it cannot be done now, in words."""
        match command:
            case PayOnChain(to=to, amount=amount):
                wrong = find_wrong_amount(amount)
                return wrong or self.desk.find_problem(self.mines, Transfer(to, amount))
            case SetPolicy(key=key, value=value):
                return self._find_wrong_value({**self.desk.setup.policy, key: value})
        return self.trade.find_problem(command, now)

    def _find_wrong_value(self, policy: dict[str, Any]) -> str | None:
        try:
            read_number(policy, "block_every", 0, least=0, most=HOUR)
            read_number(policy, "redial_after", 5 * SECOND, least=1)
            self.trade.check_policy(policy)
        except UsageError as problem:
            return str(problem)
        return None

    def _mine(self, count: int, now: Microseconds) -> list[Effect]:
        effects: list[Effect] = []
        view = self.views[self.mines]
        for _ in range(count):
            block = view.make_block(self.desk.name, now)
            effects += [*receive_block(self.desk, block, None), *self._follow(now)]
        return effects
