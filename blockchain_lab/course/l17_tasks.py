"""Lesson 17, what is done by hand: a transaction is sent round a loop, and bob is woken in time.

Both are judged on what peers noted; when and how it was done does not count.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.actions_layers import RaisePrice, SendCall
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.lifecycle import RUN, UNDONE, find_ways
from blockchain_lab.sim.actions import Heal, Kill, Partition, Revive

ROAD: Final = "open_road"
ETHER: Final = 10**9  # gwei
ASLEEP: Final = "sleeping_victim"
THEFT: Final = 21 * SECOND  # ann's old state is in block 4, of second 20
ALL_OF_IT: Final = 100  # coins in the channel

# -- round the loop ------------------------------------------------------------------------------------------


def go_round(road: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    road.goto(at=3 * SECOND)
    road.do(Partition(("ann", "bob", "cat")))
    road.do(SendCall("ann", "bob", 5 * ETHER))
    road.run(until=6 * SECOND)
    road.do(Mine("cat"))
    road.do(Mine("dan", 2))
    road.run(until=12 * SECOND)
    road.do(Heal())
    road.run(until=24 * SECOND)
    road.do(Mine("eve"))
    road.run(until=30 * SECOND)


def make(acts: Callable[[Lab], None], story: str, seed: int) -> Lab:
    """The run that somebody's acts make."""
    lab = Lab(story, seed=seed)
    acts(lab)
    return lab


def go_round_and_fail(road: Lab) -> None:
    """Another way: a call at the exchange, which fails the second time; the cut is at another place."""
    road.goto(at=2 * SECOND)
    road.do(Partition(("ann", "fay")))
    road.do(SendCall("ann", "exchange", 10 * ETHER, "buy", (9_800_000,)))
    road.do(SendCall("eve", "exchange", 20 * ETHER, "buy", (1,)))
    road.run(until=7 * SECOND)
    road.do(Mine("fay"))
    road.do(Mine("bob", 2))
    road.run(until=14 * SECOND)
    road.do(Heal())
    road.run(until=28 * SECOND)
    road.do(Mine("cat"))
    road.run(until=34 * SECOND)


def only_send(road: Lab) -> None:
    """A mistake: nobody makes a block."""
    road.goto(at=3 * SECOND)
    road.do(SendCall("ann", "bob", 5 * ETHER))
    road.run(until=9 * SECOND)
    road.do(RaisePrice("ann", 0, 90))
    road.run(until=15 * SECOND)


def only_mine(road: Lab) -> None:
    """A mistake: a block, and no other that is stronger."""
    road.goto(at=3 * SECOND)
    road.do(SendCall("ann", "bob", 5 * ETHER))
    road.run(until=6 * SECOND)
    road.do(Mine("cat"))
    road.run(until=12 * SECOND)


def only_undo(road: Lab) -> None:
    """A mistake: it waits again, and nobody makes a block behind the cut."""
    road.goto(at=3 * SECOND)
    road.do(Partition(("ann", "bob", "cat")))
    road.do(SendCall("ann", "bob", 5 * ETHER))
    road.run(until=6 * SECOND)
    road.do(Mine("cat"))
    road.do(Mine("dan", 2))
    road.run(until=12 * SECOND)
    road.do(Heal())
    road.run(until=24 * SECOND)


def find_stages(lab: Lab) -> int:
    """How far the best way of a transaction has come: 0 not run, 1 run, 2 undone, 3 run again."""
    best = 0
    for way in find_ways(lab.trace).values():
        stage = 0
        for step in way:
            wanted = (UNDONE,) if stage == 1 else RUN
            stage += step.state in wanted and stage < 3
        best = max(best, stage)
    return best


def find_last_act(lab: Lab) -> int:
    """Behind which event the learner last did something."""
    return max(after for after, _ in get_actions(lab))


ROUND: Final = Do(
    id="L17.q6",
    title="Once round the loop",
    prompt="Send a transaction round the loop: executed in one block, undone, and executed or failed in"
    " another.",
    scenario=ROAD,
    run="road",
    acts=go_round,
    passes="one peer has seen one transaction run in a block, has left that block, and has seen it run again"
    " in another one.",
    hints=(
        "A block is undone when a stronger branch turns up. Where can one grow unseen?",
        "Cut the network, send, let one block be made on the sender's side and two on the other one.",
        "Partition, SendCall, Mine on this side, Mine twice on that one, Heal; wait, then Mine once more.",
    ),
    because="The block was good, its branch was not strong enough. The transaction has lost time only.",
    solution="A cut, one block against two, and one more block when the cut is healed:\n\n{answer}",
    answer=partial(make, go_round, ROAD),
    again=partial(make, go_round_and_fail, ROAD),
    mistakes=(),
    demands=(
        Demand(
            lambda lab: find_stages(lab) >= 1,
            "Nothing has run in a block yet. Send something, and let somebody `Mine` a block on that side.",
            partial(make, only_send, ROAD),
            find_last_act,
        ),
        Demand(
            lambda lab: find_stages(lab) >= 2,
            "It has run, and nobody has left that block. That takes a stronger branch, made where the block"
            " was not heard of; and when the cut is healed, some seconds.",
            partial(make, only_mine, ROAD),
            find_last_act,
        ),
        Demand(
            lambda lab: find_stages(lab) >= 3,
            "Undone, and waiting again. Now somebody has to make one more block.",
            partial(make, only_undo, ROAD),
            find_last_act,
        ),
    ),
)


# -- woken in time -------------------------------------------------------------------------------------------


def wake_bob(asleep: Lab) -> None:
    """One way to do it."""
    asleep.goto(at=21 * SECOND)
    asleep.do(Revive("bob"))
    asleep.run()


def wake_at(at: Microseconds, seed: int) -> Lab:
    """The run in which bob comes back at that time."""
    lab = Lab(ASLEEP, seed=seed)
    lab.goto(at=at)
    lab.do(Revive("bob"))
    lab.run()
    return lab


def silence_ann(seed: int) -> Lab:
    """A mistake: ann is switched off as well."""
    lab = Lab(ASLEEP, seed=seed)
    lab.goto(at=THEFT)
    lab.do(Kill("ann"))
    lab.run()
    return lab


def stop_early(seed: int) -> Lab:
    """A mistake: bob is on, and the run is not played on."""
    lab = Lab(ASLEEP, seed=seed)
    lab.goto(at=THEFT)
    lab.do(Revive("bob"))
    return lab


def is_only_woken(lab: Lab) -> bool:
    """Bob is switched on, and nothing else is done."""
    return all(action == Revive("bob") for _, action in get_actions(lab))


def is_settled(lab: Lab) -> bool:
    """Has the channel ended, in either way?"""
    return any(any(get_notes(lab, topic, "cat")) for topic in ("channel closed", "channel punished"))


def is_punished(lab: Lab) -> bool:
    """Did bob's proof come in time?"""
    return any(get_notes(lab, "channel punished", "cat"))


WAKE: Final = Do(
    id="L17.q11",
    title="Wake bob in time",
    prompt="Ann closes the channel with an old state while bob is off. Switch bob on in time.",
    scenario=ASLEEP,
    run="asleep",
    acts=wake_bob,
    passes="nothing but `Revive`; the run played on until the channel has ended; bob's proof is in a block.",
    hints=(
        "Ann's old state is in the block of second 20. Its window is three blocks of five seconds.",
        "The last block that may carry bob's proof is that of second 35.",
        'At second 21: `asleep.do(Revive("bob"))`, then `asleep.run()`.',
    ),
    because="He has kept what both signed last, finds a lower number on the chain, and shows his. A channel"
    " is as safe as somebody is awake.",
    solution="Before the block of second 35:\n\n{answer}",
    answer=partial(make, wake_bob, ASLEEP),
    again=partial(wake_at, 33 * SECOND),
    mistakes=(),
    demands=(
        Demand(is_only_woken, "Switching bob on is enough: do nothing else.", silence_ann),
        Demand(
            is_settled,
            "The channel has not ended yet: play on with `asleep.run()`.",
            stop_early,
            find_last_act,
        ),
        Demand(
            is_punished,
            "Too late: the window is three blocks behind the one that carries the old state.",
            partial(wake_at, 37 * SECOND),
            find_last_act,
        ),
    ),
)
