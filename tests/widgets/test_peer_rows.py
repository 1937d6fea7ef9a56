"""The table of peers on a page has the values of Python's, which has those of nodes, hosts and links."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.page_folds import fold_at
from support.repository import ROOT

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive, SetKnob, SetLink
from blockchain_lab.sim.scenario import Knob
from blockchain_lab.study.peer_table import PeerRow, make_peer_table
from blockchain_lab.study.standing import Standing, stand_at

STATES = ROOT / "tests" / "widgets" / "peers_states.mjs"


def tell(row: PeerRow, standing: Standing, top: int) -> dict[str, Any]:
    """One row in the page's words, what only the page says left out."""
    return {
        "name": row.name,
        "hash": row.tip,
        "height": row.height,
        "behind": None if row.height is None else top - row.height,
        "out": sum(conn % 2 == 0 for conn in standing.lines),
        "in": sum(conn % 2 for conn in standing.lines),
        "latency": row.mean_latency,
        "era": row.era,
        "waiting": len(standing.pool),
        "items": len(standing.items),
        "justified": standing.justified,
        "final": standing.finalised,
        "sent": standing.messages_sent,
        "received": standing.messages_received,
        "bytes-sent": row.bytes_sent,
        "bytes-received": row.bytes_received,
        "faults": row.faults,
    }


def check_rows(lab: Lab, count: int, folder: Path) -> list[dict[str, Any]]:
    """Page and Python agree at `count` random events, at the first and at the last; what the page said."""
    events = [0, lab.head, *random.Random(4).choices(range(1, lab.head), k=count)]
    seen = fold_at(lab, events, folder, program=STATES)
    for event, shown in zip(events, seen, strict=True):
        lab.goto(event=event)
        rows, standings = make_peer_table(lab), stand_at(lab)
        top = max(row.height or 0 for row in rows)
        links = lab.timeline.world().transport
        for host, (row, standing, told) in enumerate(zip(rows, standings, shown["rows"], strict=True)):
            expected = tell(row, standing, top)
            assert expected == {key: told[key] for key in expected}, f"{row.name} at event {event}"
            assert told["state"].startswith("on" if row.is_on else "off")
            assert told["turned"].items() <= row.policy.items()
            assert sum((expected["out"], expected["in"])) == row.connections
            if host and (latency := shown["to_first"][host]) is not None:
                assert links.link(host, 0).latency == latency
    return list(seen)


@pytest.mark.parametrize(
    ("story", "columns"),
    [
        ("fork_and_heal", {"tip", "behind", "latency"}),
        ("partition_payments", {"waiting"}),
        ("liar", {"role", "faults"}),
        ("eclipse_2010", {"role", "tip"}),
        ("happy_finality", {"justified", "final"}),
        ("rumours", {"items", "sent"}),
        ("kademlia_lookup", {"sent", "bytes-received"}),
    ],
)
def test_rows_are_those_of_pythons_table(story: str, columns: set[str], tmp_path: Path) -> None:
    """Every column, of every peer, to and fro in a story; only those are shown that hold anything in it."""
    lab = Lab(story)
    lab.run()

    seen = check_rows(lab, 5, tmp_path)

    shown = set(seen[0]["columns"])
    assert columns | {"name", "state"} <= shown
    notes = {record.detail[0] for record in lab.trace if record.kind is Kind.NOTE}
    needs = {"waiting": "transaction accepted", "final": "finality loaded", "faults": "peer misbehaved"}
    assert {column for column, topic in needs.items() if topic in notes} == shown & needs.keys()


def test_rows_follow_what_is_turned_on_the_way(tmp_path: Path) -> None:
    """A slower link, a knob of one pair, one of all policies; a peer that is off meanwhile and comes back."""
    scenario = Lab("four_servers").scenario
    knobs = {**scenario.knobs, "how far tom is": Knob("links.between.1.latency", 1_000, 900_000, "µs")}
    lab = Lab(replace(scenario, knobs=knobs))
    lab.run(until=3 * SECOND)
    lab.do(SetLink("ann", "liz", latency=90 * MILLISECOND))
    lab.do(SetPolicy("ann", "in_transit", 3))
    lab.run(until=4 * SECOND)
    lab.do(Kill("tom"))
    lab.do(SetKnob("window", 32))
    lab.do(SetKnob("how far tom is", 400_000))
    lab.run(until=5 * SECOND)
    lab.do(Revive("tom"))
    lab.run(until=8 * SECOND)

    seen = check_rows(lab, 25, tmp_path)

    ann, _, tom = seen[1]["rows"][:3]
    assert ({"in_transit": 3, "window": 32}, {"window": 32}) == (ann["turned"], tom["turned"])
    assert [None, 90 * MILLISECOND, 400 * MILLISECOND] == seen[1]["to_first"][:3]
    assert "turned" in seen[0]["columns"]
