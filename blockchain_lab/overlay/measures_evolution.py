"""What can be read off a run of the early systems: what was found, how far it was asked for, at what price.

Pure functions over records; a lab's trace is an iterable of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds

JOINING: Final = "joining"
PINGING: Final = "pinging"
PUBLISHING: Final = "publishing"
ASKING: Final = "asking"
FETCHING: Final = "fetching"
PHASES: Final[Mapping[str, str]] = MappingProxyType(  # what each message is for, by command
    {
        "join": JOINING,
        "servent-ping": PINGING,
        "servent-pong": PINGING,
        "share": PUBLISHING,
        "upload": PUBLISHING,
        "article": PUBLISHING,
        "torrent": PUBLISHING,
        "seek": ASKING,
        "hit": ASKING,
        "announce": ASKING,
        "swarm": ASKING,
        "fetch": FETCHING,
        "file": FETCHING,
        "bitfield": FETCHING,
        "interested": FETCHING,
        "choke": FETCHING,
        "get-piece": FETCHING,
        "take-piece": FETCHING,
        "got-piece": FETCHING,
    }
)


@dataclass(slots=True)
class Question:
    """One question and what came of it."""

    asker: int  # host number
    file: str
    asked_at: Microseconds
    reach: int = 1  # peers that have seen it, the asker included
    holders: tuple[str, ...] = ()  # of the first answer; none: not found
    answered_at: Microseconds | None = None


@dataclass(slots=True)
class Cost:
    """What was sent for one purpose."""

    messages: int = 0
    bytes: int = 0  # envelopes included


def find_questions(records: Iterable[Record]) -> list[Question]:
    """All questions, in the order in which they were asked."""
    questions: dict[str, Question] = {}
    for record in records:
        if record.kind != Kind.NOTE:
            continue
        topic, facts = record.detail
        if topic == "query sent":
            questions[facts["query"]] = Question(record.peer, facts["file"], record.at)
        elif topic == "query reached" and facts["query"] in questions:
            questions[facts["query"]].reach += 1
        elif topic == "query answered":
            question = questions[facts["query"]]
            question.holders, question.answered_at = tuple(facts["holders"]), record.at
    return list(questions.values())


def compute_found_share(questions: Iterable[Question]) -> float:
    """The share of the questions that were answered; 0 of none."""
    found = [bool(question.holders) for question in questions]
    return sum(found) / len(found) if found else 0.0


def count_costs(records: Iterable[Record]) -> dict[str, Cost]:
    """What was sent, by purpose. Messages of other systems are left out."""
    costs = {phase: Cost() for phase in (JOINING, PINGING, PUBLISHING, ASKING, FETCHING)}
    for record in records:
        if record.kind == Kind.SEND and (phase := PHASES.get(record.detail.wire_name)):
            costs[phase].messages += 1
            costs[phase].bytes += record.detail.size
    return costs


def count_notes(records: Iterable[Record]) -> Counter[str]:
    """How often each thing happened, by topic."""
    return Counter(record.detail[0] for record in records if record.kind == Kind.NOTE)


def compute_busiest_share(records: Iterable[Record]) -> float:
    """The share of all bytes sent that one peer sends or receives, the one for which it is largest.

    1 is a server through which everything goes; 2/n is n peers with equal work. 0 when nothing was sent.
    """
    loads: Counter[int] = Counter()
    total = 0
    for record in records:
        if record.kind == Kind.SEND:
            size = record.detail.size
            total += size
            loads[record.peer] += size
            loads[record.other] += size
    return max(loads.values()) / total if total else 0.0
