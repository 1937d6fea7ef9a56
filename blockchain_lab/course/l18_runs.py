"""Lesson 18, what the runs of the toy chain say: votes, who is needed, a payment's way, what breaks.

Each is read off a run, and reckoned again from the rules alone.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from typing import Final

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.course.l18_checking import check_world, open_lab
from blockchain_lab.course.l18_worlds import FORGER, make_world
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.layers.toy_messages import Block, Payment, Vote
from blockchain_lab.layers.toy_notes import CONFIRMED, FINAL
from blockchain_lab.layers.toy_rules import Chain, draw_leader, is_two_thirds
from blockchain_lab.sim.actions import Kill

STORY: Final = "toy_chain"
STORM: Final = 0  # the world of the checker that the lesson shows
OFF: Final = 4_600 * MILLISECOND  # when a validator is switched off: blocks 1 to 3 are final
SOON: Final = 2  # slots after that in which what was begun before may still be confirmed
WAY: Final = ("told", "waits", "proposed", "voted", "confirmed", "topped", "final")
NEEDS: Final = {  # what must have happened before
    "final": ("topped", "confirmed"),
    "topped": ("confirmed",),
    "confirmed": ("voted",),
    "voted": ("proposed",),
    "proposed": ("waits",),
    "waits": ("told",),
}


def play(seed: int) -> Lab:
    """The first run of the lesson, to its end."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    return lab


def get_chain(lab: Lab) -> Chain:
    """What its peers agree on."""
    return Chain.from_plain(lab.scenario.chain, lab.scenario.seed)


# -- votes on the wire ---------------------------------------------------------------------------------------


def count_votes(seed: int) -> int:
    """Datagrams with a vote for the block of one slot: the same number in every slot but the last."""
    sent = Counter(
        record.detail.slot
        for record in play(seed).trace
        if record.kind == Kind.SEND and isinstance(record.detail, Vote)
    )
    (number,) = {count for slot, count in sent.items() if slot < max(sent)}
    return number


def reckon_votes(seed: int) -> int:
    """Each validator tells all others."""
    lab = Lab(STORY, seed=seed)
    return len(get_chain(lab).stakes) * (len(lab.names) - 1)


# -- who is needed -------------------------------------------------------------------------------------------


def find_needed(seed: int) -> str:
    """The letter of the validator without whom no block is confirmed any more; "d" for none. Four runs."""
    for letter, name in zip("abc", get_chain(Lab(STORY, seed=seed)).stakes, strict=True):
        lab = Lab(STORY, seed=seed)
        lab.goto(at=OFF)
        lab.do(Kill(name))
        lab.run()
        slot = get_chain(lab).slot
        if all(note.at < OFF + SOON * slot for note, _ in get_notes(lab, CONFIRMED)):
            return letter
    return "d"


def reckon_needed(seed: int) -> str:
    """The letter of the one whose stake leaves less than two thirds."""
    chain = get_chain(Lab(STORY, seed=seed))
    for letter, stake in zip("abc", chain.stakes.values(), strict=True):
        if not is_two_thirds(chain.total - stake, chain.total):
            return letter
    return "d"


# -- the way of a payment ------------------------------------------------------------------------------------


def follow_payment(seed: int) -> list[str]:
    """What happens to the first payment, by when each thing happens for the first time."""
    lab = play(seed)
    blocks = {r.detail.name: r.detail for r in lab.trace if isinstance(r.detail, Block)}
    payment = next(r.detail for r in lab.trace if isinstance(r.detail, Payment))
    block = next(block for block in blocks.values() if payment in block.payments)
    seen: dict[str, None] = {}
    for record in lab.trace:
        for step in tell_steps(record, payment, block):
            seen.setdefault(step)
    return list(seen)


def tell_steps(record: Record, payment: Payment, block: Block) -> Iterator[str]:
    """Which steps of the way a record shows."""
    match record.kind, record.detail:
        case Kind.SEND, Payment() as sent if sent == payment:
            yield "told"
        case Kind.SEND, Block() as sent if sent == block:
            yield "proposed"
        case Kind.SEND, Vote() as sent if sent.block == block.name:
            yield "voted"
        case Kind.NOTE, ("payment waits", facts) if facts["name"] == payment.name[::-1].hex():
            yield "waits"
        case Kind.NOTE, (topic, facts) if topic == CONFIRMED and facts["slot"] == block.slot:
            yield "confirmed"
        case Kind.NOTE, (topic, facts) if topic == CONFIRMED and facts["slot"] == block.slot + 1:
            yield "topped"
        case Kind.NOTE, (topic, facts) if topic == FINAL and facts["slot"] == block.slot:
            yield "final"


def sort_way(seed: int) -> list[str]:
    """By what needs what."""
    return list(TopologicalSorter(NEEDS).static_order())


# -- what breaks ---------------------------------------------------------------------------------------------

BREAKS: Final = {"stands": "a", "agreement": "b", "leadership": "c"}  # invariant -> letter; "d" for none


@cache
def check_storm() -> str:
    """The invariant that all six faults together break first, in the lesson's world; "" for none."""
    first = check_world(STORM, FaultyNode).first
    return "" if first is None else first.invariant


def find_first_break(seed: int) -> str:
    """Its letter. The world is the same for everybody."""
    return BREAKS.get(check_storm(), "d")


def read_first_break(seed: int) -> str:
    """The same without the checker: go through the records until somebody does what must not be."""
    lab = open_storm(0)
    try:
        lab.run()
    except Exception:
        return "a"
    chain, blocks, final = get_chain(lab), {}, dict[int, str]()
    for record in lab.trace:
        match record.kind, record.detail:
            case Kind.SEND, Block() as block:
                blocks[block.name] = block
            case Kind.SEND, Vote() as vote if vote.voter == lab.names[record.peer] != FORGER:
                block = blocks[vote.block]
                if block.proposer != draw_leader(chain.stakes, chain.seed, block.slot):
                    return "c"
            case Kind.NOTE, (topic, facts) if topic == FINAL:
                if final.setdefault(facts["height"], facts["hash"]) != facts["hash"]:
                    return "b"
    return "d"


def open_storm(event: int) -> Lab:
    """The lesson's world with all six faults, at an event."""
    return open_lab(make_world(STORM), FaultyNode, event)
