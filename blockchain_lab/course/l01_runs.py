"""Lesson 1, the runs: what six lists come to, how many worlds there are, which facts are local, lines.

The film is `six_worlds`: six peers in a ring, each of which writes one entry on the common list in second 3.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from blockchain_lab import scenarios
from blockchain_lab.base.actions import Publish
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l01_worlds import count_worlds, draw_worlds
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.study.standing import stand_at

FILM: Final = "six_worlds"
STAR: Final = "star_to_mesh"
STEP: Final = 140  # the event that the question about worlds names
CALM: Final = 14 * SECOND  # all six lists are alike
LOCAL: Final = "local"
GLOBAL: Final = "global"


def play(scenario: str, seed: int) -> Lab:
    """A run to its end."""
    lab = Lab(scenario, seed=seed)
    lab.run()
    return lab


# -- what comes of it ----------------------------------------------------------------------------------------


@cache
def find_outcome(seed: int) -> str:
    """What the six lists come to, as the key of an option; from a run."""
    worlds = draw_worlds(play(FILM, seed))
    if worlds.count == len(worlds.lists):
        return "b"
    if worlds.count > 1:
        return "d"
    return "a" if all(held == set(worlds.entries) for held in worlds.lists.values()) else "c"


def reckon_outcome(seed: int) -> str:
    """The same without a run: a list only ever grows, so it gets what there is a way to, in time."""
    edges = scenarios.load(FILM).topology.edges
    reached, front = {"ann"}, ["ann"]
    while front:
        here = front.pop()
        fresh = [b if a == here else a for a, b in edges if here in (a, b)]
        front += [peer for peer in fresh if peer not in reached]
        reached |= set(fresh)
    return "a" if len(reached) == len(scenarios.load(FILM).peers) else "d"


# -- how many worlds -----------------------------------------------------------------------------------------


def count_worlds_at_step(seed: int) -> int:
    """Different local states after the step, folded from the records."""
    return count_worlds(play(FILM, seed), STEP)


def ask_worlds_at_step(seed: int) -> int:
    """The same, asked of the six nodes themselves."""
    lab = Lab(FILM, seed=seed)
    lab.goto(event=STEP)
    return len({tuple(sorted(lab.peer(name).ground.items)) for name in lab.names})


def count_lengths_at_step(seed: int) -> int:
    """A slip: how many different lengths the lists have."""
    lab = Lab(FILM, seed=seed)
    lab.goto(event=STEP)
    return len({len(lab.peer(name).ground.items) for name in lab.names})


def count_entries_at_step(seed: int) -> int:
    """A slip: how many entries there are on all lists together."""
    lab = Lab(FILM, seed=seed)
    lab.goto(event=STEP)
    return sum(len(lab.peer(name).ground.items) for name in lab.names)


# -- local and global facts ----------------------------------------------------------------------------------


def find_last_word(lab: Lab) -> Any:
    """The last message of bob that has reached ann."""
    bob = lab.names.index("bob")
    return [record.detail for record in get_records(lab, Kind.DELIVER, "ann") if record.other == bob][-1]


def count_under_way(lab: Lab) -> int:
    """Messages that have been sent and have not arrived."""
    sent, arrived = (sum(1 for _ in get_records(lab, kind)) for kind in (Kind.SEND, Kind.DELIVER))
    return sent - arrived


def find_newest(lab: Lab) -> Any:
    """The entry that was written last, by anybody."""
    return [facts["text"] for _, facts in get_notes(lab, "item learned") if facts["hops"] == 0][-1]


FACTS: Final[dict[str, Callable[[Lab], Any]]] = {
    "list of ann": lambda lab: list(lab.peer("ann").ground.items),
    "neighbours of ann": lambda lab: [line.remote for line in lab.peer("ann").ground.lines.values()],
    "all lists equal": lambda lab: count_worlds(lab) == 1,
    "last word of bob to ann": find_last_word,
    "peers that are on": lambda lab: sum(peer.is_on for peer in stand_at(lab)),
    "messages under way": count_under_way,
    "clock of ann": lambda lab: lab.now,
    "newest entry of all": find_newest,
}
KNOWN_BY: Final = {  # who holds what it takes to say it; nobody: it is spread over several
    "list of ann": ("ann",),
    "neighbours of ann": ("ann",),
    "all lists equal": ("ann", "bob", "cat", "dan", "eve", "fay"),
    "last word of bob to ann": ("ann",),
    "peers that are on": ("ann", "bob", "cat", "dan", "eve", "fay"),
    "messages under way": (),
    "clock of ann": ("ann",),
    "newest entry of all": ("ann", "bob", "cat", "dan", "eve", "fay"),
}


@cache
def sort_facts(seed: int) -> dict[str, str]:
    """Local or global, by trial: something is changed far from ann, and she has noticed nothing.

    What is another fact now, although nothing has happened to her, she cannot have known: it is global.
    """
    here = Lab(FILM, seed=seed)
    here.goto(at=CALM)
    before = {fact: read(here) for fact, read in FACTS.items()}
    changed: dict[str, None] = {}
    for act in (Publish("dan", "jam"), Kill("dan")):
        twin = here.fork()
        twin.do(act)
        changed |= {fact: None for fact, read in FACTS.items() if read(twin) != before[fact]}
    return {fact: GLOBAL if fact in changed else LOCAL for fact in FACTS}


def reckon_facts(seed: int) -> dict[str, str]:
    """The same by thought: local is what takes the memory of one peer only."""
    return {fact: LOCAL if len(KNOWN_BY[fact]) == 1 else GLOBAL for fact in FACTS}


# -- lines ---------------------------------------------------------------------------------------------------


def count_links(seed: int) -> int:
    """Links of the full mesh of ten, by the formula: each has one to nine others, and each has two ends."""
    peers = len(scenarios.load(STAR).peers)
    return peers * (peers - 1) // 2


def count_lines(seed: int) -> int:
    """The same, counted in the film's last moment: pairs of peers with an open line."""
    ends = stand_at(play(STAR, seed))
    return len(
        {tuple(sorted((host, other))) for host, peer in enumerate(ends) for other in peer.lines.values()}
    )
