"""Lesson 2, the runs: the way in without a seed, the handshake, an hour of moving, who is refused.

The film is `seed_dns`: ann has just been installed and knows no address but that of one seed.
"""

from functools import cache
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.seeds import Task, get_next_look, get_next_steps, make_bootstrap
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import ChangeAddress, DropMessage

FILM: Final = "seed_dns"
NO_SEEDS: Final = "seed_fallback"  # both seeds are off from the start; two addresses come with the program
HOUR: Final = "stale_book"
NEWCOMER: Final = "ann"
SEED: Final = "seed"
OLD_ERA: Final = "lecture"
SOON: Final = 10 * SECOND  # by then the newcomer has an answer, or never gets it
POOL: Final = (
    "addr from seed",
    "getaddr from ann",
    "getaddr from seed",
    "inv from seed",
    "ping from ann",
    "verack from ann",
    "verack from seed",
    "version from ann",
    "version from seed",
)


def play(story: str, seed: int, era: str | None = None) -> Lab:
    """A run of the story to its end, in another era if one is named."""
    scenario = scenarios.load(story)
    lab = Lab(scenario if era is None else scenario.with_value("policy.era", era), seed=seed)
    lab.run()
    return lab


# --- Both seeds are down ------------------------------------------------------------------------------


@cache
def find_way_in(seed: int) -> str:
    """Where the newcomer's first addresses come from, as the key of an option; from a run."""
    lab = play(NO_SEEDS, seed)
    first = next((note for note, _ in get_notes(lab, "address added", NEWCOMER)), None)
    if first is None:
        return "a"
    if first.at < MINUTE:
        return "d"
    here = [facts for note, facts in get_notes(lab, "address added", NEWCOMER) if note.event == first.event]
    listed = {lab.scenario.get_addresses()[name] for name in read_list(lab)}
    return "c" if {Address(*facts["address"]) for facts in here} == listed else "b"


def read_list(lab: Lab) -> list[str]:
    """Whose addresses come with the newcomer's program."""
    names: list[str] = lab.scenario.peers[NEWCOMER].policy["fixed_seeds"]
    return names


def reckon_way_in(seed: int) -> str:
    """The same without a run: the plan of a start, if nobody ever answers."""
    here = [Address(f"192.0.2.{number}", 8333) for number in range(4)]
    boot = make_bootstrap([], here[:2], here[2:], 0, 0, CounterRandom(seed))
    now, tasks = 0, [step.task for step in get_next_steps(boot, 0, 0, 0)]
    while (wait := get_next_look(boot, now)) is not None:
        now += wait
        tasks += [step.task for step in get_next_steps(boot, 0, 0, now)]
    return "c" if tasks[-1] is Task.ADD_FIXED_SEEDS and now == MINUTE else "a"


def find_list_opened(seed: int) -> int:
    """The event at which the newcomer without seeds has its first address."""
    return next(note.event for note, _ in get_notes(play(NO_SEEDS, seed), "address added", NEWCOMER))


# --- The handshake ------------------------------------------------------------------------------------


def get_talk(lab: Lab) -> list[Record]:
    """What newcomer and seed send each other until the newcomer has its first address."""
    first = next(note for note, _ in get_notes(lab, "address added", NEWCOMER))
    ends = {lab.names.index(name) for name in (NEWCOMER, SEED)}
    sent = (record for record in get_records(lab, Kind.SEND) if record.id < first.id)
    return [record for record in sent if {record.peer, record.other} == ends]


def name_message(lab: Lab, record: Record) -> str:
    """As the lesson names it: "version from ann"."""
    return f"{record.detail.command} from {lab.names[record.peer]}"


@cache
def get_order(seed: int) -> tuple[str, ...]:
    """The messages of the greeting, the question and its answer, in the order in which they are sent."""
    lab = play(FILM, seed, OLD_ERA)
    return tuple(name for record in get_talk(lab) if (name := name_message(lab, record)) in POOL)


@cache
def find_needed(seed: int) -> tuple[str, ...]:
    """Those without which nothing comes: each one is lost once, in a run of its own."""
    lab = play(FILM, seed, OLD_ERA)
    return tuple(name_message(lab, record) for record in get_talk(lab) if not can_lose(seed, record))


def can_lose(seed: int, record: Record) -> bool:
    """Does the newcomer hear of somebody all the same if this message is lost?"""
    lab = Lab(scenarios.load(FILM).with_value("policy.era", OLD_ERA), seed=seed)
    lab.goto(event=record.event)
    lab.do(DropMessage(record.id))
    lab.run(until=SOON)
    return any(get_notes(lab, "address added", NEWCOMER))


def list_messages(lab: Lab, one: str, other: str) -> list[str]:
    """What two peers say to each other, one line for each message, in the order in which it is sent."""
    ends = {lab.names.index(one), lab.names.index(other)}
    sent = [record for record in get_records(lab, Kind.SEND) if {record.peer, record.other} == ends]
    return [
        f"{record.at / SECOND:7.3f} s  {lab.names[record.peer]:5} {record.detail.command}" for record in sent
    ]


# --- An hour of moving --------------------------------------------------------------------------------


def get_book(lab: Lab, name: str) -> list[Address]:
    """All addresses in a peer's book, at the cursor."""
    return [entry.address for entry in lab.peer(name).overlay.contacts.book]


def get_homes(lab: Lab) -> dict[str, Address]:
    """Where everybody lives now: at the cursor."""
    moves = [record for record in get_records(lab, Kind.ACTION) if record.event <= lab.cursor]
    changes = [record.detail for record in moves if isinstance(record.detail, ChangeAddress)]
    return {**lab.scenario.get_addresses(), **{change.peer: change.address for change in changes}}


@cache
def play_hour(seed: int) -> Lab:
    """The hour of moving, to its end. Nobody acts in this run."""
    return play(HOUR, seed)


def get_stale_share(seed: int) -> float:
    """Per cent of the entries in the newcomer's book at which nobody lives after an hour; from its state."""
    lab = play_hour(seed)
    book, homes = get_book(lab, NEWCOMER), get_homes(lab).values()
    return 100 * sum(address not in homes for address in book) / len(book)


def reckon_stale_share(seed: int) -> float:
    """The same from the records: what was added and not removed, against the story's moves."""
    lab = play_hour(seed)
    noted = [Address(*facts["address"]) for _, facts in get_notes(lab, "address added", NEWCOMER)]
    for _, facts in get_notes(lab, "address removed", NEWCOMER):
        noted.remove(Address(*facts["address"]))
    homes, stale = dict(lab.scenario.get_addresses()), 0
    for _, move in lab.scenario.story:
        assert isinstance(move, ChangeAddress)
        stale += noted.count(homes[move.peer])
        homes[move.peer] = move.address
    return 100 * stale / len(noted)


def get_stale_count(seed: int) -> int:
    """How many entries are stale, for the mistake of giving a count."""
    return round(get_stale_share(seed) * len(get_book(play_hour(seed), NEWCOMER)) / 100)


def get_stale_by_host(seed: int) -> float:
    """Stale entries in per cent of the hosts, for the mistake of dividing by those."""
    return 100 * get_stale_count(seed) / (len(play_hour(seed).names) - 1)
