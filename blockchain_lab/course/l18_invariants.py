"""Lesson 18, what must hold in every world: pure questions to a run that is over, or has come to an end.

    stands      no peer raises
    agreement   no two peers hold different blocks of one height for final
    validity    no payment is final that its sender could not afford; no coin appears or is lost
    authority   no payment is final that its sender has not signed
    turns       nobody proposes in a slot that another one leads
    leadership  nobody votes for a block that is not its slot's leader's, signed by it
    once        nobody proposes or votes for two blocks of one slot
    order       nobody takes a block that is not later than its parent
    settling    a final payment waits no more, and no other one is forgotten
    real votes  a block is confirmed only with real votes of two thirds of the stake
    counting    and with these it is
    liveness    what was ordered is final in the end
    catching up what was final anywhere some slots before the end is final everywhere
    keeping     a leader's block that came before its parent is there when that comes

Only the peers that run the checked node are asked, never the forger. The answer names the event at which it
happened. Nothing here runs a node, and nothing here trusts one: blocks and votes are read off the wire.
What waits at a peer is not on the wire: that the node notes itself, where no repair can reach it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import internal_hash
from blockchain_lab.course.l18_counting import find_miscounts, get_blocks
from blockchain_lab.layers.toy_messages import GENESIS, Block, Vote
from blockchain_lab.layers.toy_notes import ACCEPTED, FINAL, KEPT, LOST, write_payment
from blockchain_lab.layers.toy_rules import Chain, Ledger, draw_leader, find_fault, pay

LATE: Final = 10  # slots before the end: what was final by then has had time to reach everybody


@dataclass(frozen=True, slots=True)
class Violation:
    """What does not hold, where, and at whom."""

    invariant: str
    event: int
    peer: str
    sentence: str
    is_endless: bool = False  # the run had to be stopped: to play such a world again is slow


@dataclass(frozen=True, slots=True)
class Finality:
    """A peer has said that a block is final."""

    event: int
    at: int  # microseconds
    peer: str
    height: int
    block: bytes


class Evidence:
    """What the invariants read: one pass over the records of a run. O(records)."""

    def __init__(
        self, chain: Chain, names: Sequence[str], honest: Sequence[str], records: Sequence[Record], until: int
    ) -> None:
        """names: by host number; until: when the run ended, microseconds."""
        self.chain, self.honest, self.until = chain, honest, until
        checked = {number: name for number, name in enumerate(names) if name in honest}
        self.blocks = get_blocks(records)
        self.final: list[Finality] = []
        self.sent: list[tuple[int, str, Block | Vote]] = []  # by who has made it: event, peer, what
        self.taken: list[tuple[int, str, bytes]] = []  # into whose tree: event, peer, block
        self.missettled: list[tuple[int, str, str, str]] = []  # event, peer, what went wrong, the payment
        self.orders: list[tuple[int, Pay]] = []
        for record in records:
            if record.peer in checked:
                self._read(record, checked[record.peer])
        self.miscounts, self.dropped = find_miscounts(chain, records, checked)
        self.names = names

    def _read(self, record: Record, peer: str) -> None:
        match record.kind, record.detail:
            case Kind.NOTE, (topic, facts) if topic == FINAL:
                self.final.append(self._read_final(record, peer, facts))
            case Kind.NOTE, (topic, facts) if topic == ACCEPTED:
                self.taken.append((record.event, peer, internal_hash(facts["hash"])))
            case Kind.NOTE, (topic, facts) if topic in (KEPT, LOST):
                self.missettled.append((record.event, peer, topic, facts["payment"]))
            case Kind.SEND, Block() | Vote() as own if own.author == peer and own.has_own_signature:
                self.sent.append((record.event, peer, own))  # not what it passes on in its own name
            case Kind.COMMAND, Pay() as order:
                self.orders.append((record.event, order))

    def _read_final(self, record: Record, peer: str, facts: dict[str, Any]) -> Finality:
        return Finality(record.event, record.at, peer, facts["height"], internal_hash(facts["hash"]))

    def get_ledger(self, block: Block) -> Ledger:
        """Behind a block, by its whole branch. O(its branch)."""
        branch = [block]
        while branch[-1].parent in self.blocks and branch[-1].name != GENESIS.name:
            branch.append(self.blocks[branch[-1].parent])
        ledger = Ledger(dict(self.chain.balances), {})
        for each in reversed(branch):
            for payment in each.payments:
                ledger = pay(ledger, payment)
        return ledger


def check_agreement(seen: Evidence) -> Iterator[Violation]:
    """The first who says it is believed; the second one contradicts it."""
    first: dict[int, Finality] = {}
    for final in seen.final:
        before = first.setdefault(final.height, final)
        if before.block != final.block:
            yield Violation(
                "agreement",
                final.event,
                final.peer,
                f"{final.peer} holds another block of height {final.height} for final than {before.peer}",
            )


def get_final_blocks(seen: Evidence) -> Iterator[tuple[Finality, Block]]:
    """Each block that somebody holds for final, once."""
    done: dict[bytes, None] = {}
    for final in seen.final:
        block = seen.blocks.get(final.block)
        if block is not None and final.block not in done:
            done[final.block] = None
            yield final, block


def check_validity(seen: Evidence) -> Iterator[Violation]:
    """Every payment of every final block, on the ledger before it."""
    for final, block in get_final_blocks(seen):
        parent = seen.blocks.get(block.parent)
        ledger = seen.get_ledger(parent) if parent else Ledger(dict(seen.chain.balances), {})
        for payment in block.payments:
            fault = find_fault(ledger, payment)
            if fault is not None:
                sentence = f"{final.peer} holds a block for final in which {fault}"
                yield Violation("validity", final.event, final.peer, sentence)
            ledger = pay(ledger, payment)
        if sum(ledger.balances.values()) != sum(seen.chain.balances.values()):
            sentence = f"behind a final block there are {sum(ledger.balances.values())} coins"
            yield Violation("validity", final.event, final.peer, sentence)


def check_authority(seen: Evidence) -> Iterator[Violation]:
    """Every payment of every final block bears its sender's signature."""
    for final, block in get_final_blocks(seen):
        for payment in block.payments:
            if not payment.has_own_signature:
                said = f"{final.peer} holds a payment for final that {payment.sender} has not signed"
                yield Violation("authority", final.event, final.peer, f"{said} ({write_payment(payment)})")


def check_leaders(seen: Evidence) -> Iterator[Violation]:
    """Blocks and votes that a checked peer has made, where they first went out."""
    done: dict[tuple[str, bytes], None] = {}
    for event, peer, message in seen.sent:
        block = message if isinstance(message, Block) else seen.blocks.get(message.block)
        if block is None or (peer, message.name) in done:
            continue
        done[peer, message.name] = None
        leader = draw_leader(seen.chain.stakes, seen.chain.seed, block.slot)
        where = f"in slot {block.slot}, which {leader} leads"
        if block.proposer != leader and message is block:
            yield Violation("turns", event, peer, f"{peer} proposes a block {where}")
        elif block.proposer != leader:
            yield Violation(
                "leadership", event, peer, f"{peer} votes for a block of {block.proposer} {where}"
            )
        elif not block.has_own_signature:
            sentence = f"{peer} votes for a block of {leader}, which {leader} has not signed"
            yield Violation("leadership", event, peer, sentence)


def check_once(seen: Evidence) -> Iterator[Violation]:
    """One block and one vote of a checked peer for each slot, however often it sends them."""
    first: dict[tuple[str, type, int], bytes] = {}
    for event, peer, message in seen.sent:
        block = message.name if isinstance(message, Block) else message.block
        if first.setdefault((peer, type(message), message.slot), block) != block:
            does = "proposes" if isinstance(message, Block) else "votes for"
            yield Violation("once", event, peer, f"{peer} {does} a second block of slot {message.slot}")


def check_order(seen: Evidence) -> Iterator[Violation]:
    """Blocks that a peer takes into its tree, whoever has made them."""
    for event, peer, name in seen.taken:
        block = seen.blocks.get(name)
        parent = seen.blocks.get(block.parent) if block else None
        if block and parent and block.slot <= parent.slot:
            said = f"{peer} takes a block of slot {block.slot} on one of slot {parent.slot}"
            yield Violation("order", event, peer, said)


def check_settling(seen: Evidence) -> Iterator[Violation]:
    """What the node says of its payments each time that a block is final."""
    for event, peer, topic, payment in seen.missettled:
        words = {
            KEPT: f"is final at {peer}, and still waits there",
            LOST: f"waits at {peer} no more, and is not final",
        }
        yield Violation("settling", event, peer, f"{payment} {words[topic]}")


def check_votes(seen: Evidence) -> Iterator[Violation]:
    """Two ways to count wrongly."""
    for each in seen.miscounts:
        peer, block = seen.names[each.peer], seen.blocks.get(each.block, GENESIS)
        weight = f"{each.weight} of {seen.chain.total} of the stake"
        if each.is_forged:
            sentence = (
                f"{peer} holds the block of slot {block.slot} for confirmed, for which {weight} have voted"
            )
            yield Violation("real votes", each.event, peer, sentence)
        else:
            sentence = f"{peer} has heard {weight} vote for the block of slot {block.slot}, and counts fewer"
            yield Violation("counting", each.event, peer, sentence)


def check_liveness(seen: Evidence) -> Iterator[Violation]:
    """The orders of each peer, one after another, against what is final at whoever has come furthest."""
    furthest = max(seen.final, key=lambda final: final.height, default=None)
    block = seen.blocks.get(furthest.block) if furthest else None
    ledger = seen.get_ledger(block) if block else Ledger(dict(seen.chain.balances), {})
    counted: dict[str, int] = {}
    for event, order in seen.orders:
        counted[order.peer] = counted.get(order.peer, 0) + 1
        if counted[order.peer] > ledger.get_number(order.peer):
            sentence = f"{order.peer} was told to pay {order.amount} to {order.to}, and that is never final"
            yield Violation("liveness", event, order.peer, sentence)


def check_catching_up(seen: Evidence) -> Iterator[Violation]:
    """Who is behind in the end, and what it has missed first."""
    in_time = [final for final in seen.final if final.at <= seen.until - LATE * seen.chain.slot]
    wanted = max((final.height for final in in_time), default=0)
    for peer in seen.honest:
        height = max((final.height for final in seen.final if final.peer == peer), default=0)
        if height < wanted:
            missed = next(final for final in in_time if final.height > height)
            sentence = (
                f"{peer} never comes beyond height {height}; others have held height {wanted} for final"
            )
            yield Violation("catching up", missed.event, peer, sentence)


def check_keeping(seen: Evidence) -> Iterator[Violation]:
    """What a peer had, and must be told again."""
    for each in seen.dropped:
        peer, block = seen.names[each.peer], seen.blocks.get(each.block, GENESIS)
        sentence = (
            f"{peer} has heard the block of slot {block.slot}, and has not got it when its parent comes"
        )
        yield Violation("keeping", each.event, peer, sentence)


Checks = tuple[Callable[[Evidence], Iterator[Violation]], ...]
SAFETY: Final[Checks] = (
    check_agreement,
    check_validity,
    check_authority,
    check_leaders,
    check_once,
    check_order,
    check_votes,
    check_settling,
)
PROGRESS: Final[Checks] = (check_liveness, check_catching_up)
TIME: Final[Checks] = (check_keeping,)  # what costs only time is told last


def find_violations(seen: Evidence, *, is_over: bool) -> list[Violation]:
    """What must never happen, what must have happened in the end, what is slow; each as it happened."""
    groups = [SAFETY, *([PROGRESS, TIME] if is_over else [])]
    found = [[each for check in group for each in check(seen)] for group in groups]
    return [each for broken in found for each in sorted(broken, key=lambda each: each.event)]
