"""One row for each peer at the cursor: what it is, how it stands, whom it talks to and what that costs.

for row in make_peer_table(lab): print(row.name, row.height, row.connections, row.mean_latency)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.policy import PLAIN
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import BITCOIN_KINDS
from blockchain_lab.sim.actions import SetKnob, SetLink
from blockchain_lab.sim.knobs import get_target
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.study.curves import get_records
from blockchain_lab.study.standing import Standing, Standings

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One peer at one moment."""

    name: str
    kind: str
    is_on: bool
    height: int | None  # None while it is off, or without a chain of blocks
    tip: str | None
    connections: int
    mean_latency: Microseconds | None  # of its open lines, one way, rounded down; None without one
    era: str | None  # of a Bitcoin node
    policy: dict[str, Any]  # the scenario's values for it, and what was turned since
    faults: int  # of its own, that others have noted
    bytes_sent: int  # envelopes included
    bytes_received: int


def make_peer_table(lab: Lab) -> list[PeerRow]:
    """All peers, by host number. O(records)."""
    scenario, records = lab.scenario, get_records(lab)
    standings = Standings(scenario, lab.genesis)
    for record in records:
        standings.apply(record)
    policies, changed = find_policies(scenario, records), find_latencies(scenario, records)
    return [
        make_row(scenario, standing, standings.peers, policy, changed)
        for standing, policy in zip(standings.peers, policies, strict=True)
    ]


def make_row(
    scenario: Scenario,
    standing: Standing,
    peers: Sequence[Standing],
    policy: dict[str, Any],
    changed: dict[Pair, Microseconds],
) -> PeerRow:
    """One peer's."""
    kind = scenario.peers[standing.name].kind
    names = [peers[host].name for host in standing.lines.values() if host >= 0]
    latencies = [get_latency(scenario, standing.name, other, changed) for other in names]
    return PeerRow(
        name=standing.name,
        kind=kind,
        is_on=standing.is_on,
        height=standing.height,
        tip=standing.tip,
        connections=len(standing.lines),
        mean_latency=sum(latencies) // len(latencies) if latencies else None,
        era=policy.get("era", PLAIN) if kind in BITCOIN_KINDS else None,
        policy=policy,
        faults=standing.faults,
        bytes_sent=standing.bytes_sent,
        bytes_received=standing.bytes_received,
    )


def find_policies(scenario: Scenario, records: Iterable[Record]) -> list[dict[str, Any]]:
    """What each peer goes by after these records."""
    policies = [scenario.get_policy(name) for name in scenario.peers]
    for record in records:
        if record.kind == Kind.START:
            policies[record.peer] |= dict(record.detail.policy)
        elif record.kind == Kind.COMMAND and isinstance(record.detail, SetPolicy):
            policies[record.peer][record.detail.key] = record.detail.value
    return policies


def find_latencies(scenario: Scenario, records: Iterable[Record]) -> dict[Pair, Microseconds]:
    """Links whose latency was changed while the run went on, and what it is now."""
    changed: dict[Pair, Microseconds] = {}
    for record in records:
        match record.detail if record.kind == Kind.ACTION else None:
            case SetLink(a=a, b=b, latency=int(latency)):
                changed[frozenset((a, b))] = latency
            case SetKnob(knob=knob, value=value):
                target = get_target(scenario.knobs[knob].path)
                if target is not None and target.key == "latency" and target.pair is not None:
                    pair = scenario.links.between[target.pair]
                    changed[frozenset((pair.a, pair.b))] = value
    return changed


def get_latency(scenario: Scenario, a: str, b: str, changed: dict[Pair, Microseconds]) -> Microseconds:
    """Of the link between two peers, one way, jitter left out."""
    latency = changed.get(frozenset((a, b)))
    return scenario.get_latency(a, b) if latency is None else latency
