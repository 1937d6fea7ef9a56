"""A peer of the ledger: an account, a pool, blocks, and lines on one overlay or on several at once.

    execution overlay     whom the topology lets it dial      transactions; blocks, where there is no other
    consensus overlay     whom `policy.consensus` names       blocks, attestations
    private lines         to `policy.builder`                 what nobody else shall see

Who dials says first what for (`status`), so the same two peers may have a line of each kind, and a peer's
neighbours on one overlay need not be its neighbours on the other (Ethereum since The Merge, September 2022:
an execution client and a consensus client in one node). The rooms named in `ledger_desk` do the work. Kind
"ledger". Its disk holds all blocks, and when it attested last; a pool does not survive a restart.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from blockchain_lab.base.actions import MOST_BLOCKS_AT_ONCE, Command, Mine, SetPolicy
from blockchain_lab.base.actions_layers import CancelCall, RaisePrice, SendCall
from blockchain_lab.base.effects import Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.consensus.consensus_node import get_directory
from blockchain_lab.consensus.sync_messages import WantBranch
from blockchain_lab.layers import ledger_attesting as attesting
from blockchain_lab.layers import ledger_following as following
from blockchain_lab.layers import ledger_orders as orders
from blockchain_lab.layers import ledger_relay as relay
from blockchain_lab.layers.ledger_block import Block, Branch
from blockchain_lab.layers.ledger_chain import LedgerChain
from blockchain_lab.layers.ledger_committees import get_subscriptions
from blockchain_lab.layers.ledger_desk import LedgerDesk, LedgerPolicy, Line
from blockchain_lab.layers.ledger_messages import (
    Aggregate,
    Attestation,
    Overlay,
    PrivateTx,
    Status,
    TxNames,
    WantTxs,
)
from blockchain_lab.layers.ledger_pool import Pool
from blockchain_lab.layers.ledger_rules import read_rules
from blockchain_lab.layers.ledger_transaction import Transaction

REDIAL: Final = "redial"


class LedgerNode(Node):
    """Kind "ledger"."""

    obeys = (SendCall, RaisePrice, CancelCall, Mine)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy, a chain or a disk that cannot be."""
        self.setup = setup
        self.desk = make_desk(setup)
        self.plan = make_plan(setup, self.desk.policy)
        self.kept, self.desk.attested = read_disk(setup)  # blocks that we have not looked at yet
        self.dialled: list[tuple[Address, Overlay]] = []  # calls that nobody has answered yet

    @property
    def chain(self) -> LedgerChain:
        """The blocks that it knows, and the one that it follows."""
        return self.desk.chain

    @property
    def pool(self) -> Pool:
        """Who waits here."""
        return self.desk.pool

    def stored(self) -> dict[str, Any]:
        """All blocks, in the order learned, and the slot that it has attested last: no slot twice."""
        blocks = [entry.header.encoding.hex() for entry in self.chain.tree.own.values()]
        return {"blocks": blocks, "attested": self.desk.attested}

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Read the disk, dial the neighbours, wait for the next slot."""
        effects: list[Effect] = []
        for block in self.kept:
            effects += following.receive_block(self.desk, block, None, max(now, block.time))
        self.kept = []
        for number in range(len(self.plan)):
            effects += self._dial(number)
        return [*effects, *attesting.plan(self.desk, now)]

    # -- lines ----------------------------------------------------------------------------------------------

    def _dial(self, number: int) -> list[Effect]:
        self.dialled.append(self.plan[number])
        return [Dial(self.plan[number][0])]

    def _redial(self, remote: Address, overlay: Overlay) -> list[Effect]:
        name = TimerName(REDIAL, about=self.plan.index((remote, overlay)))
        return [SetTimer(name, self.desk.policy.redial_after)]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Who has dialled says what for."""
        if inbound:
            self.desk.lines[conn] = Line(remote, inbound, None)
            return []
        overlay = self._take_dialled(remote)
        self.desk.lines[conn] = Line(remote, inbound, overlay)
        return self._greet(conn, overlay)

    def _take_dialled(self, remote: Address) -> Overlay:
        """Of several calls to one peer the first is answered first: they are all alike until we speak."""
        overlay = next(overlay for address, overlay in self.dialled if address == remote)
        self.dialled.remove((remote, overlay))
        return overlay

    def _greet(self, conn: ConnectionId, overlay: Overlay) -> list[Effect]:
        """Our status, once; and, where transactions travel, what waits here."""
        tip, name = self.chain.tip, self.desk.name
        topics = get_subscriptions(self.desk.rules, name) if overlay is Overlay.CONSENSUS else ()
        effects: list[Effect] = [Send(conn, Status(overlay, tip.hash, tip.height, topics))]
        self.desk.lines[conn].is_told = True
        return [*effects, *(relay.introduce(self.desk, conn) if overlay is Overlay.EXECUTION else [])]

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self._redial(remote, self._take_dialled(remote))

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """A line is lost: who has dialled dials again."""
        line = self.desk.lines.pop(conn)
        relay.forget_line(self.desk, conn)
        return [] if line.inbound or line.overlay is None else self._redial(line.remote, line.overlay)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A slot, a part of one, a queue that is too old, or time to dial again."""
        match name.topic:
            case attesting.SLOT:
                return attesting.begin_slot(self.desk, now)
            case attesting.ATTEST:
                return attesting.attest(self.desk, now)
            case attesting.AGGREGATE:
                return attesting.aggregate(self.desk, now)
            case relay.EXPIRE:
                return relay.expire(self.desk, now)
        return self._dial(int(str(name.about)))

    # -- what others say ------------------------------------------------------------------------------------

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Unreadable bytes cost the line; what we have no word for is ignored."""
        desk = self.desk
        match message:
            case Malformed(reason=reason):
                blame = {"from": desk.get_source(conn), "reason": reason}
                del desk.lines[conn]  # it is not dialled again
                relay.forget_line(desk, conn)
                return [Note("peer misbehaved", blame), HangUp(conn, reason)]
            case Status():
                return self.on_status(conn, message)
            case Attestation():
                return attesting.hear_attestation(desk, message, conn, now)
            case Aggregate():
                return attesting.hear_aggregate(desk, message, conn, now)
        return [*self.on_blocks(conn, message, now), *self.on_transactions(conn, message, now)]

    def on_blocks(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """A block, the way to one, a question for that."""
        match message:
            case Block():
                effects = following.receive_block(self.desk, message, conn, now)
                return [*effects, *attesting.attest_early(self.desk, now)]
            case Branch():
                return following.receive_branch(self.desk, message, conn, now)
            case WantBranch():
                return following.answer_branch(self.desk, message, conn)
        return []

    def on_transactions(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Transactions, their names, questions for them."""
        match message:
            case Transaction():
                return relay.take(self.desk, message, conn, now)
            case WantTxs():
                return relay.answer(self.desk, message, conn)
            case TxNames():
                return relay.hear_names(self.desk, message, conn, now)
            case PrivateTx():
                return relay.take_private(self.desk, message.transaction, conn)
        return []

    def on_status(self, conn: ConnectionId, status: Status) -> list[Effect]:
        """What the line is for, and where the other side stands; who was dialled answers with its own."""
        line = self.desk.lines[conn]
        if line.overlay is None:  # said once: who has dialled cannot change it later, nor who was dialled
            line.overlay = Overlay(status.overlay)
        overlay = line.overlay
        line.topics = status.topics
        effects = [] if line.is_told else self._greet(conn, overlay)
        if overlay is self.desk.blocks_on and not self.chain.is_known(status.head):
            effects += following.ask(self.desk, status.head, conn)
        return effects

    # -- what a learner asks for ----------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Send a transaction, make blocks, or go on with another policy."""
        if isinstance(command, SetPolicy):
            self.desk.policy = LedgerPolicy.read(self.setup, {})
            self.desk.pool.limit, self.desk.pool.least_price = get_limits(self.desk.policy)
        if isinstance(command, Mine):
            return [each for _ in range(command.count) for each in following.propose(self.desk, 0, now)]
        order = orders.read_order(command)
        return [] if order is None else orders.obey(self.desk, order, now)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """What the chain, the pool or the policy forbids."""
        if isinstance(command, Mine):
            if self.desk.rules.ledger.slot:
                return "blocks of this chain come in slots, each from its own proposer"
            is_possible = 1 <= command.count <= MOST_BLOCKS_AT_ONCE
            return None if is_possible else f"wanted 1 to {MOST_BLOCKS_AT_ONCE} blocks, found {command.count}"
        try:
            if isinstance(command, SetPolicy):
                LedgerPolicy.read(self.setup, {command.key: command.value})
        except UsageError as fault:
            return str(fault)
        order = orders.read_order(command)
        return None if order is None else orders.find_problem(self.desk, order)


def make_desk(setup: Setup) -> LedgerDesk:
    """A peer's state at its start. UsageError."""
    about = repr((setup.chain, setup.seed)).encode()
    rules = setup.store.once("ledger rules", about, lambda: read_rules(setup.chain, setup.seed))
    if setup.name in rules.contracts:
        raise UsageError(f"{setup.name!r} is a contract's name, no peer may have it")
    policy = LedgerPolicy.read(setup, MappingProxyType({}))
    pool = Pool(*get_limits(policy))
    return LedgerDesk(setup.name, policy, rules, LedgerChain(rules, setup.store), pool, get_directory(setup))


def get_limits(policy: LedgerPolicy) -> tuple[int, int]:
    """How many may wait in the pool, and at which price."""
    return policy.pool_limit, policy.least_price


def make_plan(setup: Setup, policy: LedgerPolicy) -> tuple[tuple[Address, Overlay], ...]:
    """Whom to dial for what, each once."""
    named: Mapping[str, Address] = setup.contacts
    plan = [(address, Overlay.EXECUTION) for address in setup.neighbours]
    plan += [(named[name], Overlay.CONSENSUS) for name in policy.consensus]
    plan += [(named[policy.builder], Overlay.PRIVATE)] if policy.builder else []
    return tuple(dict.fromkeys(each for each in plan if each[0] != setup.address))


def read_disk(setup: Setup) -> tuple[list[Block], int]:
    """Blocks, and the last slot attested. UsageError for a disk that nobody has written."""
    attested = setup.disk.get("attested", 0)
    if type(attested) is not int or attested < 0:
        raise UsageError(f"disk of {setup.name}: attested: found {attested!r}, wanted a slot's number")
    try:
        return [Block.decode(bytes.fromhex(text)) for text in setup.disk.get("blocks", ())], attested
    except (DecodeError, TypeError, ValueError) as problem:
        raise UsageError(f"disk of {setup.name}: {problem}") from None
