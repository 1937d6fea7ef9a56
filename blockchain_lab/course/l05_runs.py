"""Lesson 5, the runs: ghosts under three rules, a megabyte in three ways, how long the dead are believed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from blockchain_lab import scenarios
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MINUTE, SECOND, Address, Microseconds
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.churn import compute_ghosts
from blockchain_lab.overlay.liveness import LivenessRule
from blockchain_lab.overlay.sessions import OPENING
from blockchain_lab.sim.link import IP_HEADER, UDP_HEADER
from blockchain_lab.study.twin import make_twin

GHOSTS: Final = "ghosts"
LINE: Final = "silent_line"
MEGABYTE: Final = "megabyte"
OBSERVER: Final = "ann"
STAY: Final = 6 * MINUTE  # on average, in the story of the ghosts
AWAY: Final = 9 * MINUTE
CHURN_ENDS: Final = 40 * MINUTE  # of the story; the lesson's own runs end before
SETTLED: Final = 20 * MINUTE  # by then nothing is left of the beginning, when all were there
FEW: Final = 0.2  # of all entries
MANY: Final = 0.4

# Bitcoin keeps a timer for each connection: no sampling, so everybody is looked at every five seconds here.
EVERYBODY: Final = {"tick": 5 * SECOND, "sample": 30}
RULES: Final[Mapping[str, Mapping[str, int]]] = {
    "IPv8": {},
    "Bitcoin today": {  # a ping every 2 minutes; 20 for its pong: Core net_processing.cpp, since 0.9
        **EVERYBODY,
        "idle_after": 2 * MINUTE,
        "ask_every": 2 * MINUTE,
        "drop_after": 22 * MINUTE,
    },
    "Bitcoin, slides": {  # Bitcoin before 0.9
        **EVERYBODY,
        "idle_after": 30 * MINUTE,
        "ask_every": 30 * MINUTE,
        "drop_after": 90 * MINUTE,
    },
}


# -- ghosts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ghosts:
    """What an observer believed, and what it cost."""

    curve: list[tuple[Microseconds, int, int]]  # from when on, ghosts, all in whom it believed
    until: Microseconds
    living_dropped: int
    size: int  # bytes of all datagrams, headers of IPv4 and UDP included

    def get_share(self, since: Microseconds = 0) -> float:
        """The part of all entries that were ghosts, over time; 0 when it believed in nobody."""
        believed = haunted = 0
        ends = [at for at, _, _ in self.curve[1:]] + [self.until]
        for (at, ghosts, entries), end in zip(self.curve, ends, strict=True):
            lasted = max(0, end - max(at, since))
            believed, haunted = believed + lasted * entries, haunted + lasted * ghosts
        return haunted / believed if believed else 0.0

    @property
    def bytes_per_second(self) -> float:
        """In both directions."""
        return self.size * SECOND / self.until if self.until else 0.0

    def __repr__(self) -> str:
        """One line."""
        return (
            f"{100 * self.get_share():.1f} % ghosts, {self.bytes_per_second:.0f} bytes a second, "
            f"{self.living_dropped} living peers dropped"
        )


def count_ghosts(lab: Lab) -> Ghosts:
    """Ann's entries over the whole run, held against who really was there. O(records)"""
    names = {address: name for name, address in lab.scenario.get_addresses().items()}
    observer = lab.names.index(OBSERVER)
    is_on = {name: False for name in names.values()}
    believed = {lab.names[number]: True for number in range(len(lab.names)) if number != observer}
    curve, living_dropped, size, at = [], 0, 0, 0
    for record in lab.trace:
        at = record.at
        if record.kind == Kind.SEND:
            size += record.detail.size + IP_HEADER + UDP_HEADER
            continue
        if record.kind in (Kind.START, Kind.KILL):
            is_on[lab.names[record.peer]] = record.kind == Kind.START
        elif record.kind == Kind.NOTE and record.peer == observer:
            topic, facts = record.detail
            name = names[Address(*facts["address"])]
            living_dropped += topic == "peer dropped" and is_on[name]
            believed[name] = topic == "peer appeared"
        else:
            continue
        entries = [name for name, is_believed in believed.items() if is_believed]
        curve.append((at, sum(not is_on[name] for name in entries), len(entries)))
    return Ghosts(curve, at, living_dropped, size)


@cache
def play_rule(rule: str, seed: int) -> Lab:
    """Forty minutes of coming and going, watched by one of the rules."""
    story = replace(scenarios.load(GHOSTS), knobs={}, until=CHURN_ENDS)
    for key, value in RULES[rule].items():
        story = story.with_value("policy", {**story.policy, key: value})
    lab = Lab(story, seed=seed)
    lab.run()
    return lab


def find_who_has_ghosts(seed: int) -> str:
    """IPv8's rule and that of the slides, as the key of an option; from two runs."""
    shares = [count_ghosts(play_rule(rule, seed)).get_share(SETTLED) for rule in ("IPv8", "Bitcoin, slides")]
    return name_shares(*shares)


def reckon_who_has_ghosts(seed: int) -> str:
    """The same by a formula: how long each rule takes, and how long people stay away."""
    return name_shares(*(reckon_ghosts(rule, STAY, AWAY) for rule in ("IPv8", "Bitcoin, slides")))


def reckon_ghosts(rule: str, stay: Microseconds, away: Microseconds) -> float:
    """The part of a rule's entries that are ghosts, when people stay and stay away for so long on average.

    When it dies a peer has been silent for half of the time between two asks, on average.
    """
    policy = LivenessRule(**RULES[rule])
    return compute_ghosts(policy.drop_after - min(policy.idle_after, stay) // 2, stay, away)


def name_shares(ipv8: float, bitcoin: float) -> str:
    """The option for two shares. ValueError for shares that lie between few and many."""
    sizes = ["few" if share < FEW else "many" if share > MANY else "between" for share in (ipv8, bitcoin)]
    return {"few few": "a", "few many": "b", "many few": "c", "many many": "d"}[" ".join(sizes)]


# -- a megabyte ----------------------------------------------------------------------------------------------


def send_megabyte(seed: int, **policy: Any) -> Lab:
    """The story of the megabyte to its end, sent in another way."""
    lab = make_twin(Lab(MEGABYTE, seed=seed), {f"policy.{key}": value for key, value in policy.items()})
    lab.run()
    return lab


@cache
def count_datagrams(seed: int) -> int:
    """How many pieces a megabyte takes, from a run."""
    return sum(1 for _ in get_records(send_megabyte(seed), Kind.SEND))


def find_arrivals(lab: Lab) -> list[tuple[Microseconds, int]]:
    """When each piece came first, and its number, in the order of coming."""
    first: dict[int, Microseconds] = {}
    for record in lab.trace:
        if record.kind in (Kind.DATAGRAM, Kind.DELIVER):
            message = record.detail[1] if record.kind == Kind.DATAGRAM else record.detail
            if message.wire_name == "file-piece":
                first.setdefault(message.number, record.at)
    return sorted((at, number) for number, at in first.items())


@cache
def measure_round_trips(seed: int) -> int:
    """Round trips from the dial to the first piece that leaves."""
    lab = send_megabyte(seed, over="stream")
    dialled = next(get_records(lab, Kind.DIAL)).at
    sent = next(get_records(lab, Kind.SEND)).at
    return round((sent - dialled) / (2 * lab.scenario.get_latency("ann", "bob")))


def reckon_round_trips(seed: int) -> int:
    """The same by the packets: the last one that opens a connection travels with the first useful byte."""
    return (OPENING - 1) // 2


# -- how long a dead peer is believed ------------------------------------------------------------------------


@cache
def measure_patience(seed: int) -> float:
    """Seconds of silence until Ann drops Bob, to the tick before."""
    lab = Lab(LINE, seed=seed)
    lab.run()
    _, facts = next(get_notes(lab, "peer dropped", OBSERVER))
    tick = LivenessRule().tick
    return int(facts["silent"]) // tick * tick / SECOND


@cache
def find_giving_up(seed: int) -> int:
    """The event at which Ann drops Bob."""
    lab = Lab(LINE, seed=seed)
    lab.run()
    note, _ = next(get_notes(lab, "peer dropped", OBSERVER))
    return note.event


@cache
def measure_bitcoin_patience(seed: int, era: str = "lecture") -> float:
    """Seconds from Bob's last word until Ann hangs up."""
    lab = Lab(f"keep_alive_{era}", seed=seed)
    lab.run()
    ended = next(get_records(lab, Kind.HANG_UP, "ann")).at
    bob = lab.names.index("bob")
    heard = [r.at for r in get_records(lab, Kind.DELIVER, "ann") if r.other == bob and r.at < ended]
    return (ended - heard[-1]) / SECOND


def get_times_as_long(seed: int) -> float:
    """Ninety minutes over IPv8's patience, from the rules."""
    return round(RULES["Bitcoin, slides"]["drop_after"] / LivenessRule().drop_after, 1)


def measure_times_as_long(seed: int) -> float:
    """The same from two runs in which Bob dies."""
    return round(measure_bitcoin_patience(seed) / measure_patience(seed), 1)
