"""The evolution of peer-to-peer systems, side by side: where the index is, what it costs, when it fails.

    compare({"napster": Lab("napster").trace, "gnutella": other.trace})

What fails is reasoned; every number is counted in the runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Record
from blockchain_lab.overlay.evolution_bittorrent import BitTorrentNode
from blockchain_lab.overlay.evolution_central import CentralNode
from blockchain_lab.overlay.evolution_gnutella import GnutellaNode
from blockchain_lab.overlay.evolution_napster import NapsterNode
from blockchain_lab.overlay.evolution_node import EvolutionNode
from blockchain_lab.overlay.evolution_ultrapeers import UltrapeerNode
from blockchain_lab.overlay.evolution_usenet import UsenetNode
from blockchain_lab.overlay.measures_evolution import (
    ASKING,
    PUBLISHING,
    compute_busiest_share,
    compute_found_share,
    count_costs,
    count_notes,
    find_questions,
)


@dataclass(frozen=True, slots=True)
class System:
    """One way to find files."""

    node: type[EvolutionNode]
    since: str
    fails: str  # what makes it fail


SYSTEMS: Final[Mapping[str, System]] = MappingProxyType(  # by kind of node
    {
        "central": System(CentralNode, "before", "the server is off: nothing is found, and nothing is left"),
        "usenet": System(UsenetNode, "1979", "who is off the air misses articles; every host keeps all"),
        "napster": System(NapsterNode, "1999", "the server is off: nothing is found"),
        "gnutella": System(GnutellaNode, "2000", "rare files beyond the questions' reach are missed"),
        "ultrapeer": System(UltrapeerNode, "2001", "a hub is off: its leaves are neither heard nor found"),
        "bittorrent": System(
            BitTorrentNode, "2001", "the tracker is off: newcomers find no swarm; swarms go on"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One system in one run. None where the run has none of what is counted."""

    system: str
    since: str
    where_is_index: str
    fails: str
    publish_messages: float | None  # for each file that is published
    publish_bytes: float | None
    query_messages: float | None  # for each question
    query_bytes: float | None
    reach: float | None  # peers that see a question, the asker included
    found: float | None  # share of the questions that are answered
    busiest: float  # share of all bytes in which one peer has a part


def compare(runs: Mapping[str, Iterable[Record]]) -> list[Row]:
    """A row for each run, in their order. runs: kind of node -> records. UsageError for other kinds."""
    unknown = [kind for kind in runs if kind not in SYSTEMS]
    if unknown:
        raise UsageError(f"runs: found {', '.join(unknown)}, accepted: {', '.join(SYSTEMS)}")
    return [_measure(kind, list(records)) for kind, records in runs.items()]


def _measure(kind: str, records: list[Record]) -> Row:
    system, costs, questions = SYSTEMS[kind], count_costs(records), find_questions(records)
    published, asked = count_notes(records)["file published"], len(questions)
    return Row(
        system=kind,
        since=system.since,
        where_is_index=system.node.where_is_index,
        fails=system.fails,
        publish_messages=_divide(costs[PUBLISHING].messages, published),
        publish_bytes=_divide(costs[PUBLISHING].bytes, published),
        query_messages=_divide(costs[ASKING].messages, asked),
        query_bytes=_divide(costs[ASKING].bytes, asked),
        reach=_divide(sum(question.reach for question in questions), asked),
        found=compute_found_share(questions) if asked else None,
        busiest=compute_busiest_share(records),
    )


def _divide(total: int, count: int) -> float | None:
    return total / count if count else None
