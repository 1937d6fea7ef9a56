"""Lesson 0, the runs: what is read off them, each thing in two ways.

The film is `fork_and_heal`: six peers, a cable that is cut at 10 s and mended at 32 s. The wave is a block in
`relay_headers`: ten peers, the first block at 10 s.
"""

from typing import Any, Final

from blockchain_lab import scenarios
from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, Microseconds, display_hash, internal_hash
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.course.questions import Compute
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Partition
from blockchain_lab.study.curves import find_spread

FILM: Final = "fork_and_heal"
WAVE: Final = "relay_headers"
STILL: Final = 30 * SECOND  # where the lesson's first picture stands: the cable is cut
BEFORE_THE_CUT: Final = 5 * SECOND
AFTER_THE_WAVE: Final = 14 * SECOND  # the second block of this story is found at 20 s
PERCENT: Final = 90
POOL: Final = ("block", "getblocks", "getdata", "getheaders", "headers", "inv", "tx", "version")


def play(scenario: str, seed: int, until: Microseconds | None = None) -> Lab:
    """A run of the scenario, to its end unless a time is given."""
    lab = Lab(scenario, seed=seed)
    lab.run(until=until)
    return lab


# --- Who wins -----------------------------------------------------------------------------------------


def get_halves() -> tuple[frozenset[str], frozenset[str]]:
    """The two sides of the film's cut, ann's first."""
    cut = next(action for _, action in scenarios.load(FILM).story if isinstance(action, Partition))
    return frozenset(cut.group), frozenset(cut.against)


def get_winner(seed: int) -> str:
    """On whose chain all six stand in the end, as the key of an option; from a run."""
    lab = play(FILM, seed)
    tips = {lab.peer(name).chain.tip.hash for name in lab.names}
    if len(tips) > 1:
        return "a"
    tip = display_hash(next(iter(tips)))
    maker = next(note.peer for note, facts in get_notes(lab, "block accepted") if facts["hash"] == tip)
    return "b" if lab.names[maker] in get_halves()[0] else "c"


def reckon_winner(seed: int) -> str:
    """The same without a run: the side that finds more blocks during the cut, for more work counts."""
    left, right = (count_found(half) for half in get_halves())
    return {True: "b", False: "c"}[left > right] if left != right else "a"


def count_found(half: frozenset[str]) -> int:
    """Blocks that the story lets one side find while the cable is cut."""
    story = scenarios.load(FILM).story
    cut = next(at for at, action in story if isinstance(action, Partition))
    healed = next(at for at, action in story if isinstance(action, Heal))
    return sum(isinstance(action, Mine) and action.peer in half and cut < at < healed for at, action in story)


def get_last_change(seed: int) -> int:
    """The event at which the last of the six changes its tip."""
    return max(note.event for note, _ in get_notes(play(FILM, seed), "tip changed"))


# --- The first message --------------------------------------------------------------------------------


def get_first(lab: Lab, kind: Kind) -> Record:
    """The first record of a kind."""
    return next(get_records(lab, kind))


def get_first_arrival(seed: int) -> float:
    """When the first message arrives, in seconds: found by stepping, as the learner does it."""
    lab = Lab(FILM, seed=seed)
    while lab.step():
        if any(record.kind == Kind.DELIVER for record in lab.records):
            return lab.now / SECOND
    raise AssertionError("a run without a message")


def read_first_arrival(seed: int) -> float:
    """The same, from the whole run's records."""
    return get_first(play(FILM, seed, BEFORE_THE_CUT), Kind.DELIVER).at / SECOND


def get_first_arrival_event(seed: int) -> int:
    """Its event."""
    return get_first(play(FILM, seed, BEFORE_THE_CUT), Kind.DELIVER).event


def get_first_sending(seed: int) -> float:
    """When the first message is sent, in seconds."""
    return get_first(play(FILM, seed, BEFORE_THE_CUT), Kind.SEND).at / SECOND


def get_first_connection(seed: int) -> float:
    """When the first request for a connection arrives, in seconds."""
    return get_first(play(FILM, seed, BEFORE_THE_CUT), Kind.CONNECT).at / SECOND


# --- What bob does not know ---------------------------------------------------------------------------


def get_unknown_blocks(seed: int) -> int:
    """Blocks found before the still that bob's own tree does not hold then."""
    lab = play(FILM, seed, STILL)
    found = {facts["hash"] for _, facts in get_notes(lab, "block accepted")}
    tree = lab.peer("bob").chain.tree
    return sum(internal_hash(name) not in tree for name in found)


def reckon_unknown_blocks(seed: int) -> int:
    """The same from the story alone: what the other side has found since the cut."""
    return count_found(get_halves()[1])


# --- Why ----------------------------------------------------------------------------------------------


def get_causes(seed: int) -> list[str]:
    """The kinds of message in the chain of triggers that ends with bob on ann's first block, each once.

    Some learners' bob hears of it from one who has it from ann: then the same five come twice.
    """
    lab = play(FILM, seed, BEFORE_THE_CUT)
    change, _ = next(get_notes(lab, "tip changed", "bob"))
    chain = reversed(lab.why(change))
    return list(dict.fromkeys(record.detail.command for record in chain if record.kind == Kind.DELIVER))


# --- A wave -------------------------------------------------------------------------------------------


def get_wave(percent: int) -> Compute:
    """The question's computation: seconds until so many of the ten have the first new block."""

    def compute(seed: int) -> float:
        lab = play(WAVE, seed, AFTER_THE_WAVE)
        wait = find_spread(lab.trace, lab.names, get_first_block(lab)).percentile(percent)
        assert wait is not None
        return wait / SECOND

    return compute


def get_first_block(lab: Lab) -> str:
    """The hash of the first block that is found in the run, as notes write it."""
    found: str = next(get_notes(lab, "block accepted"))[1]["hash"]
    return found


def time_wave(seed: int) -> float:
    """The same for 90 %, from the messages alone: when each peer is first brought a block."""
    lab = play(WAVE, seed, AFTER_THE_WAVE)
    began = next(record for record in get_records(lab, Kind.COMMAND) if isinstance(record.detail, Mine))
    arrivals = {began.peer: began.at}
    for record in get_records(lab, Kind.DELIVER):
        if record.detail is not None and record.detail.command == "block":
            arrivals.setdefault(record.peer, record.at)
    return (sorted(arrivals.values())[len(lab.names) * PERCENT // 100 - 1] - began.at) / SECOND


def get_wave_on_the_clock(seed: int) -> float:
    """When 90 % have it by the clock of the run, in seconds: the moment, not the time that it took."""
    lab = play(WAVE, seed, AFTER_THE_WAVE)
    wait: float = get_wave(PERCENT)(seed)
    return next(get_notes(lab, "block accepted"))[0].at / SECOND + wait


# --- The same film ------------------------------------------------------------------------------------


def compare_digests(seed: int) -> str:
    """Which of a twin and a run with the next seed has the digest of ours, as the key of an option."""
    return name_same([play(FILM, one, BEFORE_THE_CUT).digest() for one in (seed, seed, seed + 1)])


def compare_records(seed: int) -> str:
    """The same, record by record."""
    return name_same([list(play(FILM, one, BEFORE_THE_CUT).trace) for one in (seed, seed, seed + 1)])


def name_same(three: list[Any]) -> str:
    """The key of the option: which of the second and the third are like the first."""
    ours, twin, other = three
    return {(True, True): "a", (True, False): "b", (False, True): "c", (False, False): "d"}[
        ours == twin, ours == other
    ]


# --- Layers -------------------------------------------------------------------------------------------


def name_layer(seed: int) -> str:
    """On which layer a peer chooses its chain, by the package that holds this rule's state."""
    package = ChainState.__module__.split(".")[1]
    return {"overlay": "a", "sim": "a", "bitcoin": "b", "chain": "b"}[package]
