"""Lesson 16, silence: two of five validators are off, and the leak brings finality back.

ann, bob and cat make the blocks; dan and eve hold the other 40 % of all deposits.
"""

from functools import partial
from itertools import pairwise
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, Kill, Revive

STORY: Final = "power_cut"
SILENT: Final = ("dan", "eve")
WITNESS: Final = "ann"
EPOCH_LENGTH: Final = 5  # blocks
CUT_AT: Final = 70 * SECOND  # in our own run
GAP: Final = 5  # epochs without finality, at least, for a pause


def fall_silent(silent: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    silent.goto(at=70 * SECOND)
    silent.do(Kill("dan"))
    silent.do(Kill("eve"))
    silent.run()


def switch_off(seed: int) -> Lab:
    """The run that `fall_silent` makes."""
    lab = Lab(STORY, seed=seed)
    fall_silent(lab)
    return lab


def act(acts: list[tuple[Microseconds, Action]], seed: int, *, until: Microseconds = 0) -> Lab:
    """A run with some acts, each at its time, to its end or to a time."""
    lab = Lab(STORY, seed=seed)
    for at, action in acts:
        lab.goto(at=at)
        lab.do(action)
    lab.run(until=until or lab.scenario.until)
    return lab


def get_finals(lab: Lab) -> list[int]:
    """Epochs whose checkpoints ann has seen become final, in order."""
    return [facts["epoch"] for _, facts in get_notes(lab, "checkpoint finalised", WITNESS)]


def find_pause(lab: Lab) -> tuple[int, int] | None:
    """The last final epoch before the longest pause, and the one that ended it; None when there is none."""
    pauses = list(pairwise([0, *get_finals(lab)]))
    before, after = max(pauses, key=lambda pair: pair[1] - pair[0], default=(0, 0))
    return (before, after) if after - before > GAP else None


def is_only_switched_off(lab: Lab) -> bool:
    """Nothing but dan and eve, switched off."""
    return all(isinstance(action, Kill) and action.peer in SILENT for _, action in get_actions(lab))


def are_both_off(lab: Lab) -> bool:
    """Both."""
    return {action.peer for _, action in get_actions(lab) if isinstance(action, Kill)} == set(SILENT)


def is_final_again(lab: Lab) -> bool:
    """There was a pause, and it is over."""
    return find_pause(lab) is not None


def find_last_final(lab: Lab) -> int | None:
    """The event at which ann saw the last final checkpoint."""
    return max((note.event for note, _ in get_notes(lab, "checkpoint finalised", WITNESS)), default=None)


LEAK: Final = Do(
    id="L16.q11",
    title="Forty per cent are silent",
    prompt="Switch dan and eve off, 40 % of all deposits, and let finality come back without them.",
    scenario=STORY,
    run="silent",
    acts=fall_silent,
    passes="only `Kill` of dan and of eve; for more than five epochs nothing becomes final; then a checkpoint"
    " does, with both still off.",
    hints=(
        'An act is one line: `silent.do(Kill("dan"))`. One of the two is not enough: 80 % are more than'
        " two thirds.",
        "Then have patience. Whoever is silent loses a little in each epoch, and a little more in the next.",
        'At second 70 `silent.do(Kill("dan"))`, the same with "eve", then `silent.run()`.',
    ),
    because="The silent deposits shrank until the other three were two thirds again. Nobody was convinced of"
    " anything: the total became smaller.",
    solution="Both off, and time:\n\n{answer}",
    answer=switch_off,
    again=partial(act, [(40 * SECOND, Kill("eve")), (90 * SECOND, Kill("dan"))]),
    mistakes=(),
    demands=(
        Demand(
            is_only_switched_off,
            "Switch off dan and eve and nobody else; and leave them off.",
            partial(act, [(CUT_AT, Kill("dan")), (CUT_AT, Kill("eve")), (120 * SECOND, Revive("dan"))]),
        ),
        Demand(
            are_both_off,
            "With one of the two off, 80 % still vote. Finality did not even stop.",
            partial(act, [(CUT_AT, Kill("dan"))]),
        ),
        Demand(
            is_final_again,
            "Finality has not come back yet. Give the leak time: `silent.run()`.",
            partial(act, [(CUT_AT, Kill("dan")), (CUT_AT, Kill("eve"))], until=180 * SECOND),
            find_last_final,
        ),
    ),
)


# -- blocks that become final by the way ---------------------------------------------------------------------


def count_in_run(seed: int) -> int:
    """In a run with both off from second 70 on: blocks that became final with the checkpoint, without it."""
    pause = find_pause(switch_off(seed))
    assert pause is not None  # the test of the task says so for thirty seeds
    lab_heights = [epoch * EPOCH_LENGTH for epoch in pause]
    return len(range(lab_heights[0] + 1, lab_heights[1]))


def multiply_epochs(seed: int) -> int:
    """The same on paper: eight epochs of five blocks, and the checkpoint itself is not counted."""
    return (10 - 2) * EPOCH_LENGTH - 1
