"""Lesson 4, a task in the simulator: friends enough for a crash. What its checks ask of a run."""

from functools import cache, partial
from typing import Final

from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l04_network import (
    FRIENDS,
    PEERS,
    PLACES,
    SETTLED,
    SOURCE,
    STORY,
    choose_half,
    count_reached,
)
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetKnob

LIVING: Final = PEERS // 2
MOST_FRIENDS: Final = 30


def find_news(lab: Lab) -> int | None:
    """The event at which the first news is out."""
    return next((note.event for note, _ in get_notes(lab, "item learned", SOURCE)), None)


def get_killed(lab: Lab) -> list[tuple[int, str]]:
    """Who was switched off, behind which event."""
    return [(after, act.peer) for after, act in get_actions(lab) if isinstance(act, Kill)]


def get_turns(lab: Lab) -> list[tuple[int, int]]:
    """How the knob was turned: behind which event, to how many friends."""
    acts = get_actions(lab)
    return [(after, act.value) for after, act in acts if isinstance(act, SetKnob) and act.knob == FRIENDS]


def survive_crash(crash: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    for friends in range(1, 31):
        crash.goto(event=80)
        crash.do(SetKnob("friends", friends))
        crash.goto(at=1_900_000)
        for name in choose_half(crash):
            crash.do(Kill(name))
        crash.run()
        if count_reached(crash) == 40:
            break


def play_crash(
    friends: int, seed: int, *, dead: int = LIVING, at: int = SETTLED, and_run: bool = True
) -> Lab:
    """The knob turned at the beginning, then some of the forty switched off."""
    lab = Lab(STORY, seed=seed)
    lab.goto(event=PEERS)
    lab.do(SetKnob(FRIENDS, friends))
    lab.goto(at=at)
    for name in choose_half(lab)[:dead]:
        lab.do(Kill(name))
    if and_run:
        lab.run(until=4 * SECOND)
    return lab


@cache
def count_survivors_told(friends: int, seed: int) -> int:
    """How many hear of the first news after the crash."""
    if not friends:
        return 1
    lab = play_crash(friends, seed, and_run=False)
    lab.run(until=3 * SECOND)
    return count_reached(lab)


def find_from_below(seed: int) -> Lab:
    """The run with which `survive_crash` ends."""
    counts = range(1, MOST_FRIENDS + 1)
    return play_crash(next(k for k in counts if count_survivors_told(k, seed) == LIVING), seed)


def search_from_above(seed: int) -> Lab:
    """Another way: one friend less, as long as it does. The crash comes a little earlier."""
    friends = 8
    while count_survivors_told(friends - 1, seed) == LIVING:
        friends -= 1
    return play_crash(friends, seed, at=SETTLED - 50 * MILLISECOND)


def is_nothing_else_done(lab: Lab) -> bool:
    """Friends chosen once, hosts switched off, and no more."""
    acts = get_actions(lab)
    return len(get_turns(lab)) <= 1 and len(get_turns(lab)) + len(get_killed(lab)) == len(acts)


def is_half_dead(lab: Lab) -> bool:
    """All of the forty are off, and nobody else."""
    return sorted(name for _, name in get_killed(lab)) == sorted(choose_half(lab))


def is_crash_in_time(lab: Lab) -> bool:
    """First the friends, then the crash, then the news."""
    news, first = find_news(lab), get_killed(lab)[0][0]
    is_before_news = news is None or get_killed(lab)[-1][0] < news
    return is_before_news and all(after <= first for after, _ in get_turns(lab))


def are_all_told(lab: Lab) -> bool:
    """Everybody who lives has heard of the first news."""
    return count_reached(lab) == LIVING


def is_number_least(lab: Lab) -> bool:
    """With one friend fewer somebody would have missed it."""
    turns = get_turns(lab)
    friends = turns[-1][1] if turns else int(lab.scenario.get_value("policy.outbound"))
    return count_survivors_told(friends - 1, lab.scenario.seed) < LIVING


def turn_both(seed: int) -> Lab:
    """A run in which the other knob was turned, too."""
    lab = Lab(STORY, seed=seed)
    lab.goto(event=PEERS)
    lab.do(SetKnob(FRIENDS, 8))
    lab.do(SetKnob(PLACES, 30))
    return lab


CRASH: Final = Do(
    id="L04.q6",
    title="Half of them die",
    prompt="Forty of the eighty die at one blow. Find the least number of friends with which all others still"
    " hear the first news.",
    scenario=STORY,
    run="crash",
    acts=survive_crash,
    passes="`friends` is turned once, then exactly the forty of `choose_half` are switched off, before the"
    " first news; all forty who live hear it; with one friend fewer, in your run, somebody would not.",
    hints=(
        'First `crash.goto(event=80)`, `crash.do(SetKnob("friends", 2))`, then `crash.goto(at=1_900_000)`.',
        "There: `for name in choose_half(crash): crash.do(Kill(name))`. Then `crash.run()`, and"
        " `count_reached(crash)` says how many of the forty heard it.",
        "Try 1, 2, 3, ... from the first line on, each time beginning with `crash.goto(event=80)`.",
    ),
    because="A few friends stand a heavy blow, if they were drawn by chance. And look at the second news:"
    " by then everybody has found new ones.",
    solution="Try one number after the other, from below:\n\n{answer}",
    answer=find_from_below,
    again=search_from_above,
    mistakes=(),
    demands=(
        Demand(
            is_nothing_else_done,
            "Only `friends` may be turned, once, and peers switched off. Go back to event 80 and do that.",
            turn_both,
        ),
        Demand(
            is_half_dead,
            "Switch off those forty whom `choose_half` names, all of them and nobody else.",
            partial(play_crash, 8, dead=30, and_run=False),
        ),
        Demand(
            is_crash_in_time,
            "The crash comes too late: the news was out. Friends first, then the crash, at 1.9 s.",
            partial(play_crash, 8, at=2_100 * MILLISECOND, and_run=False),
            find_news,
        ),
        Demand(
            are_all_told,
            "Some of the forty who live did not hear the first news. Let it run on, or give more friends.",
            partial(play_crash, 1),
            find_news,
        ),
        Demand(
            is_number_least,
            "All forty hear it, but they would with one friend fewer, too. Find the smallest number.",
            partial(play_crash, 8),
        ),
    ),
)
