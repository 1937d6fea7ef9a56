"""Lesson 12, a task in the simulator: a block that waits behind payments, by any way of passing it on."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.bitcoin.relay_costs import compute_block_costs
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l12_budget import act
from blockchain_lab.course.l12_runs import play
from blockchain_lab.lab import Lab

LINE: Final = "crowded_line"  # six peers in a row
FOUND: Final = 70 * SECOND  # when ann finds the block that shall be delayed
MOST_PAYMENTS: Final = 50
TIMES: Final = 2  # as long as in a run in which nothing was done


def crowd_it(crowd: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    crowd.goto(at=70 * SECOND)
    for _ in range(40):
        crowd.do(Pay("bob"))
    crowd.run()


def make_crowd(seed: int) -> Lab:
    """The run that `crowd_it` makes."""
    lab = Lab(LINE, seed=seed)
    crowd_it(lab)
    return lab


def get_waits(lab: Lab) -> dict[str, Microseconds]:
    """Peer -> how long after second 70 it had the block that was found then."""
    costs = compute_block_costs(lab.trace, lab.names).values()
    return next((cost.waits for cost in costs if cost.found >= FOUND), {})


def show_waits(lab: Lab) -> str:
    """Seconds from the block's finding, peer by peer."""
    waits = get_waits(lab)
    return "   ".join(f"{name} {waits[name] / SECOND:.2f} s" for name in lab.names if name in waits)


def is_only_paid(lab: Lab) -> bool:
    """Nothing but `Pay`."""
    return all(isinstance(action, Pay) for _, action in get_actions(lab))


def has_arrived(lab: Lab) -> bool:
    """Do all six have the block?"""
    return len(get_waits(lab)) == len(lab.names)


def is_late(lab: Lab) -> bool:
    """Did the last peer wait at least twice as long as with nothing done?"""
    untouched = get_waits(play(LINE, lab.scenario.seed))
    return max(get_waits(lab).values()) >= TIMES * max(untouched.values())


def find_last_act(lab: Lab) -> int:
    """Behind which event the learner last did something."""
    return max(after for after, _ in get_actions(lab))


CROWD: Final = Do(
    id="L12.q11",
    title="Behind a crowd",
    prompt="Delay a block with a flood of payments: the last peer shall wait for ann's block at least"
    " twice as long, counted from second 70, as if you had done nothing.",
    scenario=LINE,
    run="crowd",
    acts=crowd_it,
    passes="at most 50 `Pay`, and nothing else done; the block that ann finds at second 70 reaches all six;"
    " the last one waits for it, counted from second 70, at least twice as long as in the run without you.",
    hints=(
        "Payments made before the block only make it a little longer. What if they come right after?",
        "Each payment is announced on its own, 61 bytes for each neighbour. They must stand in front of the"
        " block on a line that it has still to pass.",
        'At second 70: `for _ in range(40): crowd.do(Pay("bob"))`, then `crowd.run()`.',
    ),
    because="The short block has 260 bytes; the announcements in front of it ten times as many. First come,"
    " first sent.",
    solution="Payments of a peer in the block's way, at the moment when it is found:\n\n{answer}",
    answer=make_crowd,
    again=partial(act, LINE, FOUND, [Pay("cat")] * 45),
    mistakes=(),
    demands=(
        Demand(
            is_only_paid,
            "Payments only: no miner, no cutter, no knob.",
            partial(act, LINE, FOUND, [Mine("bob")], and_run=False),
        ),
        Demand(
            lambda lab: len(get_actions(lab)) <= MOST_PAYMENTS,
            "More than 50 payments: fewer do, if they stand where the block has to pass.",
            partial(act, LINE, FOUND, [Pay("bob")] * (MOST_PAYMENTS + 1), and_run=False),
        ),
        Demand(
            has_arrived,
            "The block of second 70 has not reached all six. Play on: `crowd.run()`.",
            partial(act, LINE, FOUND, [Pay("bob")], and_run=False),
        ),
        Demand(
            is_late,
            "The block is not late enough. Were the payments made after it was found, and on a line that it"
            " had still to pass?",
            partial(act, LINE, 69 * SECOND, [Pay("bob")] * 20),
            find_last_act,
        ),
    ),
)
