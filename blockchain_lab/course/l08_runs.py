"""Lesson 8, the runs: a search by table beside a search by asking all, half of all peers gone, a hot key.

The story has two networks of forty peers, t0 to t39 with a hash table and g0 to g39 with neighbours at
random; both look for the same song, which t12 and g12 have.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from statistics import mean
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.actions import FindProviders
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.measures_dht import compute_imbalance
from blockchain_lab.overlay.measures_evolution import find_questions
from blockchain_lab.overlay.theory_gossip import count_flood_messages
from blockchain_lab.sim.actions import Kill

STORY: Final = "table_or_flood"
TABLE, GRAPH = "t", "g"  # what the names of each half begin with
HALVES: Final = (TABLE, GRAPH)
PEERS: Final = 40  # of each half
HAS_IT: Final = 12  # t12 and g12 have the song
ASKER: Final = 31  # t31 and g31 look for it
SONG: Final = "song"
STORED_AT: Final = 14 * SECOND  # the song can be found from here on, and nobody has looked yet
ASKED_AT: Final = 16 * SECOND
PATIENCE: Final = 10 * SECOND  # longer than any search takes
SEARCHING: Final = ("ask-provider", "providers", "seek", "hit")  # messages of a search, by command


@dataclass(frozen=True, slots=True)
class Searches:
    """What some searches of one half came to, on average."""

    found: float  # share of them that found it
    seconds: float  # until it was found
    messages: float  # for one search


@dataclass(frozen=True, slots=True)
class Race:
    """Both halves, when none and when some share of the peers has gone."""

    rows: dict[int, dict[str, Searches]]  # per cent gone -> half -> what came of it

    def __repr__(self) -> str:
        """A table."""
        head = f"   {'found':>8} {'seconds':>10} {'messages':>12}"
        lines = [f"{'gone':>5}   {'hash table':^32}   {'asking everybody':^32}", f"{'':5}{head}{head}"]
        for gone, halves in self.rows.items():
            cells = (f"{one.found:8.0%} {one.seconds:10.2f} {one.messages:12.1f}" for one in halves.values())
            lines.append(f"{gone:3} %   {'   '.join(cells)}")
        return "\n".join(lines)


def race(seed: int) -> Race:
    """Five searches on each side with all peers there, with 30 per cent gone, and with half of them gone."""
    return Race({gone: measure_searches(seed, gone) for gone in (0, 30, 50)})


@cache
def measure_searches(seed: int, gone: int, searches: int = 5) -> dict[str, Searches]:
    """Let `gone` per cent of each half vanish without a word, then let some of the others look for the song.

    Each search is made as if it were the first: who has found a song in the right half has it from then on.
    """
    story = scenarios.load(STORY)
    untold = replace(story, story=tuple(each for each in story.story if each[0] < STORED_AT))
    lab, luck = Lab(untold, seed=seed), CounterRandom(get_key(seed, "leaving"))
    lab.goto(at=STORED_AT)
    others = [number for number in range(PEERS) if number != HAS_IT]
    leaving = luck.sample(others, PEERS * gone // 100)
    for number in leaving:
        for half in HALVES:
            lab.do(Kill(f"{half}{number}", seen_as="silence"))
    askers = luck.sample([number for number in others if number not in leaving], searches)
    came = [search(lab, number) for number in askers]
    return {half: summarise([one[half] for one in came]) for half in HALVES}


def search(lab: Lab, number: int) -> dict[str, tuple[float, int]]:
    """One search in each half by the peers of this number, and back: seconds (0 in vain), and messages."""
    now = lab.cursor
    for half in HALVES:
        lab.do(FindProviders(f"{half}{number}", SONG))
    lab.run(until=STORED_AT + PATIENCE)
    records, names = [record for record in lab.trace if record.event > now], lab.names
    lab.goto(event=now)
    found: dict[str, tuple[float, int]] = {}
    for half in HALVES:
        own = [record for record in records if names[record.peer][0] == half]
        messages = sum(record.kind == Kind.SEND and record.detail.wire_name in SEARCHING for record in own)
        found[half] = (
            next((record.at - records[0].at for record in own if is_found(record)), 0) / SECOND,
            messages,
        )
    return found


def is_found(record: Record) -> bool:
    """Does this note say that a search found something?"""
    if record.kind != Kind.NOTE:
        return False
    topic, facts = record.detail
    return topic == "query answered" or (topic == "lookup finished" and bool(facts["providers"]))


def summarise(came: list[tuple[float, int]]) -> Searches:
    """What searches of one half came to, each as (seconds or 0, messages)."""
    waits = [seconds for seconds, _ in came if seconds]
    messages = mean(count for _, count in came)
    return Searches(len(waits) / len(came), mean(waits) if waits else 0.0, messages)


# -- who needs fewer messages, who is sooner -----------------------------------------------------------------


def find_winners(seed: int) -> str:
    """With all peers there: who needs fewer messages, who is sooner, as the key of an option."""
    found = measure_searches(seed, 0)
    return name_winners(
        is_table_cheaper=found[TABLE].messages < found[GRAPH].messages,
        is_table_sooner=found[TABLE].seconds < found[GRAPH].seconds,
    )


def reckon_winners(seed: int) -> str:
    """The same without a run, in times of one link: a table asks and waits, a flood passes on at once."""
    asked, steps = 4, 2  # of 40 peers, with three contacts in a bucket
    hops = 2  # to most of 40 peers with nine neighbours each, and back
    return name_winners(
        is_table_cheaper=2 * asked < get_flood(seed), is_table_sooner=2 * (steps + 1) < 2 * hops
    )


def name_winners(*, is_table_cheaper: bool, is_table_sooner: bool) -> str:
    """The option: "a" to "d"."""
    if is_table_cheaper:
        return "a" if is_table_sooner else "b"
    return "c" if is_table_sooner else "d"


# -- what a flood costs, and whom it reaches -----------------------------------------------------------------


@cache
def get_lines_of_graph() -> int:
    """How many lines the right half has."""
    return len(Lab(STORY).scenario.topology.edges)


def get_flood(seed: int) -> int:
    """Questions for one search in the right half: two on each line, but one on those that brought it."""
    return count_flood_messages(PEERS, get_lines_of_graph())


def count_flood(seed: int) -> int:
    """The same, counted in a run."""
    return sum(record.detail.wire_name == "seek" for record in get_sent(play(seed)))


@cache
def play(seed: int) -> Lab:
    """The story to its end. Nobody acts in it."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    return lab


def get_sent(lab: Lab) -> Iterator[Record]:
    """All that was sent."""
    return (record for record in lab.trace if record.kind == Kind.SEND)


@cache
def count_reached_without(seed: int) -> int:
    """How many peers of the right half the story's question reaches when three have vanished before."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=STORED_AT)
    for number in draw_bought(seed):
        lab.do(Kill(f"{GRAPH}{number}", seen_as="silence"))
    lab.run()
    return find_questions(lab.trace)[0].reach


def walk_without(seed: int) -> int:
    """The same on paper: along the lines, from peer to peer, around the three."""
    gone = {f"{GRAPH}{number}" for number in draw_bought(seed)}
    lines = [line for line in Lab(STORY).scenario.topology.edges if gone.isdisjoint(line)]
    reached = {f"{GRAPH}{ASKER}"}
    while grown := {peer for line in lines if not reached.isdisjoint(line) for peer in line} - reached:
        reached |= grown
    return len(reached)


def draw_bought(seed: int) -> list[int]:
    """Three peers that somebody pays for their silence: neither who has the song nor who looks for it."""
    others = [number for number in range(PEERS) if number not in {HAS_IT, ASKER}]
    return CounterRandom(get_key(seed, "bought")).sample(others, 3)


# -- a hot key -----------------------------------------------------------------------------------------------


def ask_all(seed: int) -> dict[str, int]:
    """All peers of the left half look for the song, one after another; how often each was asked."""
    return dict(_ask_all(seed)[0])


@cache
def _ask_all(seed: int) -> tuple[dict[str, int], dict[str, int]]:
    lab = Lab(STORY, seed=seed)
    lab.run()
    first, names = len(lab.trace), [f"{TABLE}{number}" for number in range(PEERS)]
    for place, name in enumerate(names, 1):
        lab.do(FindProviders(name, SONG))
        lab.run(until=lab.scenario.until + place * SECOND)
    asked, answered = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for record in lab.trace.of_kind(Kind.SEND):
        if record.id >= first and record.detail.wire_name == "ask-provider":
            asked[lab.names[record.other]] += 1
        if record.id >= first and record.detail.wire_name == "providers":
            answered[lab.names[record.peer]] += 1
    return asked, answered


def measure_hot_key(seed: int) -> float:
    """The busiest peer's questions over the mean."""
    return round(compute_imbalance(_ask_all(seed)[0].values()), 2)


def count_hot_key(seed: int) -> float:
    """The same by the answers that each gave."""
    answers = sorted(_ask_all(seed)[1].values())
    return round(answers[-1] / (sum(answers) / PEERS), 2)


def get_busiest(seed: int) -> int:
    """How often the busiest peer was asked."""
    return max(_ask_all(seed)[0].values())


def get_hot_of_asked(seed: int) -> float:
    """Largest over mean when only those count who were asked at all."""
    asked = [count for count in _ask_all(seed)[0].values() if count]
    return round(max(asked) / mean(asked), 2)
