"""Lesson 4, a task in the simulator: one peer is cut off from all others."""

from functools import cache, partial
from typing import Final

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l04_crash import find_news, get_killed, turn_both
from blockchain_lab.course.l04_network import SETTLED, SOURCE, STORY, count_reached, find_friends
from blockchain_lab.course.reading import get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill


def cut_off(alone: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    alone.goto(at=1_900_000)
    for name in find_friends(alone, "p0"):
        alone.do(Kill(name))
    alone.run()


def cut_off_at_once(seed: int) -> Lab:
    """The run that `cut_off` makes."""
    lab = Lab(STORY, seed=seed)
    cut_off(lab)
    return lab


def cut_off_one_by_one(seed: int) -> Lab:
    """Another way: earlier, a tenth of a second between two of them, the last friend first."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=1 * SECOND)
    for name in reversed(find_friends(lab, SOURCE)):
        lab.do(Kill(name))
        lab.run(until=lab.now + 50 * MILLISECOND)
    lab.run(until=4 * SECOND)
    return lab


def switch_off(seed: int, *, more: tuple[str, ...] = (), spared: int = 0, and_run: bool = True) -> Lab:
    """p0's friends, but for some, and others; then on to the end."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=SETTLED)
    friends = find_friends(lab, SOURCE)
    for name in dict.fromkeys([*friends[spared:], *more]):
        lab.do(Kill(name))
    if and_run:
        lab.run(until=4 * SECOND)
    return lab


@cache
def count_friends(seed: int) -> int:
    """How many lines p0 has before anybody acts."""
    lab = Lab(STORY, seed=seed)
    lab.run(until=SETTLED)
    return len(find_friends(lab, SOURCE))


def is_only_killed(lab: Lab) -> bool:
    """Nothing but switching off."""
    return len(get_killed(lab)) == len(get_actions(lab))


def is_source_alive(lab: Lab) -> bool:
    """Nobody touched p0."""
    return not any(get_records(lab, Kind.KILL, SOURCE))


def are_few_killed(lab: Lab) -> bool:
    """Not more than p0 has friends."""
    return len(get_killed(lab)) <= count_friends(lab.scenario.seed)


def is_news_out(lab: Lab) -> bool:
    """p0 has published, and a second has gone by."""
    return find_news(lab) is not None and lab.trace.time_of(lab.head) >= 3 * SECOND


def is_alone(lab: Lab) -> bool:
    """Nobody but p0 knows the first news."""
    return count_reached(lab) == 1


CUT_OFF: Final = Do(
    id="L04.q12",
    title="Cut one off",
    prompt="Each opens three lines. Switch off no more peers than p0 has friends, and not p0, so that nobody"
    " hears its first news.",
    scenario=STORY,
    run="alone",
    acts=cut_off,
    passes="nothing but `Kill`s, p0 untouched, no more of them than p0 has lines; the run is played past"
    " 3 s, and p0 alone knows the first news.",
    hints=(
        'Through whom must p0\'s news go? `find_friends(alone, "p0")` names those it has lines with.',
        "Stand before the news, `alone.goto(at=1_900_000)`, and switch off each of them.",
        'One line: `for name in find_friends(alone, "p0"): alone.do(Kill(name))`. Then `alone.run()`.',
    ),
    because="Whoever stands around a peer decides what it hears and what it can tell. With more friends that"
    " costs more. Seconds later p0 has found new ones: the second news is heard.",
    solution="Switch off all its friends before it speaks:\n\n{answer}",
    answer=cut_off_at_once,
    again=cut_off_one_by_one,
    mistakes=(),
    demands=(
        Demand(
            is_only_killed,
            "Leave the knobs alone: nothing but switching off.",
            turn_both,
        ),
        Demand(
            is_source_alive,
            "You switched off p0 itself. It shall speak, and nobody shall hear it.",
            partial(switch_off, more=(SOURCE,), and_run=False),
        ),
        Demand(
            are_few_killed,
            "That are more than p0 has friends. Fewer do: which peers does every message of p0 pass?",
            partial(switch_off, more=tuple(f"p{number}" for number in range(1, 25)), and_run=False),
        ),
        Demand(
            is_news_out,
            "The first news is not out yet in this run, or just so. Let it go on: `alone.run()`.",
            partial(switch_off, and_run=False),
        ),
        Demand(
            is_alone,
            "Somebody has heard of it. Is one of p0's friends still there?",
            partial(switch_off, spared=1),
            find_news,
        ),
    ),
)
