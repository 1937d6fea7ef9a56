"""Lesson 12, a task in the simulator: choose a way to pass on a block under a budget of bytes."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Microseconds, display_hash
from blockchain_lab.bitcoin.messages import Block, CompactBlock, GetData
from blockchain_lab.bitcoin.relay_costs import BlockCost, compute_block_costs
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l12_runs import RACE, STORY, get_way
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action

PAYMENTS: Final = 24  # that wait in each of the four networks
QUIET: Final = 19 * SECOND  # they have gone round
MOST_BYTES: Final = 4_000  # the budget: of a whole network, for one block


def act(story: str, at: Microseconds, actions: Iterable[Action], seed: int, *, and_run: bool = True) -> Lab:
    """A run in which some things are done at one moment."""
    lab = Lab(story, seed=seed)
    lab.goto(at=at)
    for action in actions:
        lab.do(action)
    if and_run:
        lab.run()
    return lab


def find_one(budget: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    budget.goto(at=19 * SECOND)
    budget.do(Mine("ask1"))
    budget.run()


def make_one(seed: int) -> Lab:
    """The run that `find_one` makes."""
    lab = Lab(STORY, seed=seed)
    find_one(lab)
    return lab


def find_own_block(lab: Lab) -> str | None:
    """The hash of the first block that somebody accepts after the learner's act."""
    after = get_actions(lab)[0][0]
    return next(
        (facts["hash"] for note, facts in get_notes(lab, "block accepted") if note.event > after), None
    )


def get_own_cost(lab: Lab) -> BlockCost:
    """What that block has cost."""
    return compute_block_costs(lab.trace, lab.names)[str(find_own_block(lab))]


def is_one_block(lab: Lab) -> bool:
    """One `Mine` of one block, and nothing else."""
    done = [action for _, action in get_actions(lab)]
    return len(done) == 1 and isinstance(done[0], Mine) and done[0].count == 1


def is_full(lab: Lab) -> bool:
    """Has the finder taken all the payments into it, before the story's own race?"""
    after = get_actions(lab)[0][0]
    removed = get_notes(lab, "transactions removed")
    first = next((len(facts["txids"]) for note, facts in removed if note.event > after), 0)
    return first == PAYMENTS and lab.trace.time_of(after) < RACE


def is_known_to_six(lab: Lab) -> bool:
    """Do all peers of the finder's network have it?"""
    waits = get_own_cost(lab).waits
    way = get_way(next(iter(waits)))
    return len(waits) == sum(get_way(name) == way for name in lab.names)


def is_cheap(lab: Lab) -> bool:
    """Has it cost the network no more than the budget?"""
    return get_own_cost(lab).total <= MOST_BYTES


def find_unasked(lab: Lab) -> int | None:
    """The event at which somebody sends the block, whole or short, to a peer that has not asked for it."""
    name = find_own_block(lab)
    for record in get_records(lab, Kind.SEND):
        message = record.detail
        if isinstance(message, Block | CompactBlock) and display_hash(message.header.hash()) == name:
            question = lab.trace[record.cause]
            if not (question.kind is Kind.DELIVER and isinstance(question.detail, GetData)):
                return record.event
    return None


BUDGET: Final = Do(
    id="L12.q8",
    title="A way for a metered line",
    prompt="Let one block with all 24 payments be found in the network whose way keeps the budget: 4,000"
    " bytes for all six peers together, and nothing is sent that was not asked for.",
    scenario=STORY,
    run="budget",
    acts=find_one,
    passes="a single `Mine` of one block, before the race and with all 24 payments in it; it reaches all six"
    " peers of its network; all messages about it have 4,000 bytes together at most; nobody is sent the"
    " block, whole or in short ids, without having asked.",
    hints=(
        "Look at the table of the race: which ways stay below 4,000 bytes?",
        "Two do. One of them sends short ids to peers that have not asked.",
        'At second 19: `budget.do(Mine("ask1"))`, then `budget.run()`.',
    ),
    because="Who pays for each byte asks first. Who is in a hurry does not. BIP 152 has a mode for either.",
    solution="Short ids, asked for:\n\n{answer}",
    answer=make_one,
    again=partial(act, STORY, QUIET, [Mine("ask6")]),
    mistakes=(),
    demands=(
        Demand(
            is_one_block,
            "Do one thing only: let one peer find one block.",
            partial(act, STORY, QUIET, [Mine("ask1"), Mine("fast1")], and_run=False),
        ),
        Demand(
            is_full,
            "All 24 payments shall be in it. Find it at second 19: they wait everywhere then, and the story's"
            " own block has not taken them yet.",
            partial(act, STORY, 9 * SECOND, [Mine("ask1")], and_run=False),
        ),
        Demand(
            is_known_to_six,
            "It has not reached all six peers of its network. Play on: `budget.run()`.",
            partial(act, STORY, QUIET, [Mine("ask1")], and_run=False),
        ),
        Demand(
            is_cheap,
            "That is more than 4,000 bytes: in this network the whole block goes over the lines.",
            partial(act, STORY, QUIET, [Mine("inv1")]),
        ),
        Demand(
            lambda lab: find_unasked(lab) is None,
            "Cheap enough, but somebody was sent short ids without having asked for them.",
            partial(act, STORY, QUIET, [Mine("fast1")]),
            find_unasked,
        ),
    ),
)
