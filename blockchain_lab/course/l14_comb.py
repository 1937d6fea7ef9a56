"""Lesson 14, the comb: the same download from one, four and eight servers, and how much quicker it is."""

from dataclasses import replace
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.units import Microseconds
from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.reading import get_newcomers, get_notes, get_servers
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.study.curves import get_heights

BLOCKS: Final = 600  # on the disk of every server of the story
MANY: Final = 8


def join(servers: int, seed: int) -> Lab:
    """A run in which all servers but the first few are stopped before they were dialled."""
    lab = Lab("eight_servers", seed=seed)
    lab.goto(at=0)
    for name in get_servers(lab)[servers:]:
        lab.do(Kill(name))
    lab.run()
    return lab


def find_end(lab: Lab) -> tuple[Microseconds, int]:
    """When the newcomer had everything, and the event."""
    tips = get_notes(lab, "tip changed", get_newcomers(lab)[0])
    return next((note.at, note.event) for note, facts in tips if facts["height"] == BLOCKS)


def get_speed_up(seed: int, servers: int = MANY) -> float:
    """How many times as quick it is with so many servers as with one: two decimals."""
    return round(find_end(join(1, seed))[0] / find_end(join(servers, seed))[0], 2)


def measure_speed_up(seed: int) -> float:
    """The same from other runs, in which nobody is stopped and only some are dialled, by the curves."""
    times = []
    for servers in (1, MANY):
        story = scenarios.load("eight_servers")
        edges = story.topology.edges[:servers]
        lab = Lab(replace(story, topology=replace(story.topology, edges=edges)), seed=seed)
        lab.run()
        times.append(next(at for at, height in get_heights(lab)["ann"] if height == BLOCKS))
    return times[0] / times[1]


def get_seconds(seed: int) -> float:
    """How long it takes with all servers; a mistake where a ratio is asked for."""
    return find_end(join(MANY, seed))[0] / 1_000_000


SPEED_UP: Final = Number(
    id="L14.q11",
    title="Eight lanes for one",
    prompt="How many times as quickly does ann have all 600 blocks with eight servers as with one?",
    unit="times",
    tolerance=0.05,
    passes="her time with one server over her time with eight, in your own runs, within 0.05.",
    hints=(
        "You need two times: when was the chain complete in `combs[1]`, and when in `combs[8]`?",
        '`when_complete(combs[8], "ann", 600)` is one of them.',
        "Divide the longer time by the shorter one.",
    ),
    because="Less than eight: greeting and headers take as long as ever, and no lane is like another.",
    solution="The time with one server over the time with eight is about {answer}.",
    answer=get_speed_up,
    again=measure_speed_up,
    mistakes=(
        Mistake(8, "Eight servers, but not eight times as quick: ask the runs, not the count of servers."),
        Mistake(
            lambda seed: get_speed_up(seed, 4), "That is with four servers. Take the time with all eight."
        ),
        Mistake(
            lambda seed: 1 / get_speed_up(seed), "Upside down: divide the time with one server by the other."
        ),
        Mistake(get_seconds, "That is how many seconds it takes with eight. How many times as quick is it?"),
    ),
    varies=True,
    run="combs[8]",
    look_at=lambda seed: find_end(join(MANY, seed))[1],
)
