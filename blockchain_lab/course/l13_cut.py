"""Lesson 13, the broken cable: a task in which the losing half wins."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l13_tips import act, get_tips_in_the_end, is_settled
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

STORY: Final = "fork_and_heal"
LEFT: Final = ("ann", "bob", "cat")
CUT: Final = 10 * SECOND
HEAL: Final = 32 * SECOND
WHEN: Final = 28 * SECOND  # all blocks of the story are found


def turn_round(cut: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    cut.goto(at=28 * SECOND)
    cut.do(Mine("ann"))
    cut.do(Mine("ann"))
    cut.run()


def turn_history(seed: int) -> Lab:
    """The run that `turn_round` makes."""
    lab = Lab(STORY, seed=seed)
    turn_round(lab)
    return lab


def is_left_mining(lab: Lab) -> bool:
    """Only `Mine`, and only on the losing side."""
    return all(isinstance(action, Mine) and action.peer in LEFT for _, action in get_actions(lab))


def is_while_cut(lab: Lab) -> bool:
    """Everything was done between the cut and its end."""
    return all(CUT <= lab.trace.time_of(after) < HEAL for after, _ in get_actions(lab))


def is_played(lab: Lab) -> bool:
    """Have the two halves greeted each other again?"""
    return any(note.at > HEAL for note, _ in get_notes(lab, "handshake done"))


def is_undone(lab: Lab) -> bool:
    """Do all agree, and have the three on the right taken their three blocks back?"""
    lost = [facts["disconnected"] for _, facts in get_notes(lab, "tip changed", "dan")]
    return is_settled(lab) and max(lost) >= 3


def find_last_change(lab: Lab) -> int | None:
    """The event at which a tip changed last."""
    return max((note.event for note, _ in get_notes(lab, "tip changed")), default=None)


def count_tips(lab: Lab) -> int:
    """Different tips in the end."""
    return len(set(get_tips_in_the_end(lab).values()))


def mine_left(count: int, seed: int, *, and_run: bool = True) -> Lab:
    """A run in which the left half finds so many more."""
    return act(STORY, [(WHEN, Mine("ann"))] * count, seed, and_run=and_run)


TURN_ROUND: Final = Do(
    id="L13.q6",
    title="Turn history round",
    prompt="The right half would win. Let the left half find more blocks while the cable is cut, so that the"
    " blocks of the right half are the ones that are undone.",
    scenario=STORY,
    run="cut",
    acts=turn_round,
    passes="only `Mine` by ann, bob or cat, between second 10 and second 32; the run played on; in the end"
    " all six have one tip, and dan has taken three blocks back.",
    hints=(
        "Count in the tree: how many blocks does each half find behind the cut?",
        "Two against three. One more block for the left half makes it a tie, and that is not enough.",
        'At second 28 twice: `cut.do(Mine("ann"))`. Then `cut.run()`.',
    ),
    because="Three blocks that three peers had believed are gone, without an error, a thief or a vote.",
    solution="Two more blocks for the left half, before the cable heals:\n\n{answer}",
    answer=turn_history,
    again=partial(act, STORY, [(25 * SECOND, Mine("cat")), (30 * SECOND, Mine("bob", count=2))]),
    mistakes=(),
    demands=(
        Demand(
            is_left_mining,
            "Only ann, bob and cat may be helped, and only by `Mine`.",
            partial(act, STORY, [(WHEN, Mine("dan"))]),
        ),
        Demand(
            is_while_cut,
            "Act while the cable is cut, from second 10 until second 32.",
            partial(act, STORY, [(40 * SECOND, Mine("ann"))]),
        ),
        Demand(
            is_played,
            "The cable has not healed yet in this run. Let it go on: `cut.run()`.",
            partial(mine_left, 2, and_run=False),
        ),
        Demand(
            is_undone,
            "dan has kept his three blocks. As many are not enough: a rival has to be stronger.",
            partial(mine_left, 1),
            find_last_change,
        ),
    ),
)
