"""Lesson 1, one film for many: the swarm that shall beat the server, and who had it when."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import FindProviders, Publish
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l07_race import Race
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetKnob

STORY: Final = "server_or_swarm"
GIVES: Final = "a peer gives"
MOST: Final = 200  # bytes a second: half of a peer's uplink
ASKED: Final = 3 * SECOND  # the first peers ask for the film


def be_generous(film: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    film.goto(at=1 * SECOND)
    film.do(SetKnob("a peer gives", 200))
    film.run()


def give(amount: int, seed: int, *, at: int = 1, kill: str = "") -> Lab:
    """A run in which each gives so much from some second on; perhaps somebody is switched off, too."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=at * SECOND)
    lab.do(SetKnob(GIVES, amount))
    if kill:
        lab.do(Kill(kill))
    lab.run()
    return lab


def stop_early(seed: int) -> Lab:
    """A run that the learner leaves in the middle."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=SECOND)
    lab.do(SetKnob(GIVES, MOST))
    lab.run(until=20 * SECOND)
    return lab


def get_side(lab: Lab, source: str) -> list[str]:
    """Who shares a film with this source: those who ask for the same one."""
    acts = [act for _, act in lab.scenario.story]
    film = next(act.text for act in acts if isinstance(act, Publish) and act.peer == source)
    return [act.peer for act in acts if isinstance(act, FindProviders) and act.key == film]


def get_times(lab: Lab, source: str) -> list[Microseconds]:
    """When those on one side had the whole film, from the first asking on. Plays nothing on."""
    side = get_side(lab, source)
    notes = get_notes(lab, "file received")
    return [note.at - ASKED for note, _ in notes if lab.names[note.peer] in side]


def draw_films(lab: Lab) -> Race:
    """How many of the eight have the film, over time: from the server, and in the swarm."""
    curves = {}
    for name, source in (("server", "server"), ("swarm", "source")):
        times = get_times(lab, source)
        curves[name] = [(0, 0), *((at, count) for count, at in enumerate(times, start=1))]
    return Race(curves, 8, "seconds since the first one asked; upwards: who has the whole film")


def is_only_giving_changed(lab: Lab) -> bool:
    """The knob is all that was touched."""
    return all(isinstance(act, SetKnob) and act.knob == GIVES for _, act in get_actions(lab))


def is_share_small(lab: Lab) -> bool:
    """Nobody was asked for more than half of its uplink."""
    return all(act.value <= MOST for _, act in get_actions(lab) if isinstance(act, SetKnob))


def does_server_end(lab: Lab) -> bool:
    """The server has served all eight."""
    return len(get_times(lab, "server")) == len(get_side(lab, "server"))


def does_swarm_win(lab: Lab) -> bool:
    """All eight of the swarm were done before the server was."""
    swarm = get_times(lab, "source")
    return len(swarm) == len(get_side(lab, "source")) and swarm[-1] < get_times(lab, "server")[-1]


def find_server_end(lab: Lab) -> int | None:
    """The event at which the server's last client has the film."""
    side = get_side(lab, "server")
    events = [note.event for note, _ in get_notes(lab, "file received") if lab.names[note.peer] in side]
    return max(events, default=None)


SWARM: Final = Do(
    id="L01.q10",
    title="Beat the server",
    prompt="Make the swarm be done before the server is. No peer may give more than 200 bytes/s.",
    scenario=STORY,
    run="film",
    acts=be_generous,
    passes='you turn "a peer gives" to 200 at most and nothing else; all eight of the swarm'
    " have the film before the last of the server's eight has it.",
    hints=(
        "On the right a peer gives next to nothing: all wait for the source, as all wait for the server.",
        "Go back before the first one asks, `film.goto(at=1 * SECOND)`, and let the peers give more.",
        '`film.do(SetKnob("a peer gives", 200))`, then `film.run()` and `draw_films(film)`.',
    ),
    because="Everybody who wants it also brings an uplink. A server has one, however many come.",
    solution="Half of each uplink is enough:\n\n{answer}",
    answer=partial(give, MOST),
    again=partial(give, 170, at=2),
    mistakes=(),
    demands=(
        Demand(
            is_only_giving_changed,
            'Turn "a peer gives" and nothing else: the server must not be hindered.',
            partial(give, MOST, kill="server"),
        ),
        Demand(
            is_share_small,
            "That is more than 200 bytes/s: more than half of what a peer's line carries. Ask for less.",
            partial(give, 400),
        ),
        Demand(
            does_server_end,
            "The film is not at its end: let it run until the server has served all eight.",
            stop_early,
        ),
        Demand(
            does_swarm_win,
            "The server was done first. Let the peers give more, and from the beginning.",
            partial(give, 30),
            find_server_end,
        ),
    ),
)
