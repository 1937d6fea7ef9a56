"""Lesson 5, the last task in the simulator: timers for thirty peers that come and go."""

from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l05_runs import GHOSTS, count_ghosts
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetKnob

KNOBS: Final = ("idle after", "ask every", "drop after")
MOST_GHOSTS: Final = 0.05  # of all entries
MOST_BYTES: Final = 300  # a second, for 30 peers: 1 kB/s for a hundred
MOST_LIVING: Final = 10  # dropped in a quarter of an hour


def tune(tuned: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    tuned.goto(event=0)
    tuned.do(SetKnob("idle after", 8 * SECOND))
    tuned.do(SetKnob("ask every", 3 * SECOND))
    tuned.do(SetKnob("drop after", 18 * SECOND))
    tuned.run()


def tune_for_short_silence(seed: int) -> Lab:
    """The run that `tune` makes."""
    lab = Lab(GHOSTS, seed=seed)
    tune(lab)
    return lab


def set_timers(
    idle: int, ask: int, drop: int, seed: int, *, kills: tuple[str, ...] = (), until: int | None = None
) -> Lab:
    """A run with these timers, in seconds, from the beginning on."""
    lab = Lab(GHOSTS, seed=seed)
    lab.goto(event=0)
    for knob, seconds in zip(KNOBS, (idle, ask, drop), strict=True):
        lab.do(SetKnob(knob, seconds * SECOND))
    lab.run(until=SECOND)
    for name in kills:
        lab.do(Kill(name))
    lab.run(until=lab.scenario.until if until is None else until * SECOND)
    return lab


def are_only_timers_set(lab: Lab) -> bool:
    """The three knobs were turned, in the first second, and nothing else was done."""
    times = [lab.trace.time_of(after) for after, _ in get_actions(lab)]
    acts = [act for _, act in get_actions(lab)]
    return max(times) <= SECOND and all(isinstance(act, SetKnob) for act in acts)


def is_played(lab: Lab) -> bool:
    """To the end of the story, but for the last few seconds."""
    return lab.trace.time_of(lab.head) > lab.scenario.until - 5 * SECOND


def are_ghosts_few(lab: Lab) -> bool:
    """Less than one entry in twenty, over the whole time."""
    return count_ghosts(lab).get_share() < MOST_GHOSTS


def is_talk_cheap(lab: Lab) -> bool:
    """Less than 300 bytes a second."""
    return count_ghosts(lab).bytes_per_second < MOST_BYTES


def are_living_kept(lab: Lab) -> bool:
    """Ten false alarms at most."""
    return count_ghosts(lab).living_dropped <= MOST_LIVING


TUNE: Final = Do(
    id="L05.q13",
    title="Tune the timers",
    prompt="Thirty peers come and go. Set the three timers so that few entries are ghosts, few bytes are"
    " spent and few living peers are dropped.",
    scenario=GHOSTS,
    run="tuned",
    acts=tune,
    passes="only the three knobs, turned before second 1, and the run played to its end: less than 5 %"
    " ghosts, less than 300 bytes a second, at most 10 living peers dropped.",
    hints=(
        "Ghosts become fewer when `drop after` becomes shorter. How long may a dead peer be believed if one"
        " entry in twenty may be a ghost, and peers stay for six minutes?",
        "At most about 18 seconds. What you spend hangs on `idle after`: each living peer is asked once in so"
        " long. At 1 or 2 seconds it is too dear.",
        "Between `idle after` and `drop after` there must be room for three questions, and Ann looks at each"
        " peer only once a second: try 8, 3 and 18 seconds.",
    ),
    because="Quick, cheap, sure: each timer pays for one of them with another. There is no best value, only"
    " one that fits how long people stay.",
    solution="About 18 seconds of silence, three questions within them:\n\n{answer}",
    answer=tune_for_short_silence,
    again=lambda seed: set_timers(7, 3, 17, seed),
    mistakes=(),
    demands=(
        Demand(
            are_only_timers_set,
            "Only the three timers may be set, and before second 1. Go back to event 0 and set them there.",
            lambda seed: set_timers(8, 3, 18, seed, kills=("p1",)),
        ),
        Demand(
            is_played,
            "The story is not at its end yet. Let it go on: `tuned.run()`.",
            lambda seed: set_timers(8, 3, 18, seed, until=60),
        ),
        Demand(
            are_ghosts_few,
            "One entry in twenty or more is a ghost: the dead are believed for too long.",
            lambda seed: set_timers(20, 5, 40, seed),
        ),
        Demand(
            is_talk_cheap,
            "Too dear: 300 bytes a second or more. Ask less often as long as somebody answers.",
            lambda seed: set_timers(2, 2, 12, seed),
        ),
        Demand(
            are_living_kept,
            "More than ten living peers were dropped. One lost datagram must not be enough for that.",
            lambda seed: set_timers(9, 3, 10, seed),
        ),
    ),
)
