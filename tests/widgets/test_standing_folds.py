"""How peers stand on a page is how they stand in Python: two folds of the same records, held together."""

import random
from pathlib import Path
from typing import Any

import pytest
from support.mixed_story import make_recording
from support.page_folds import fold_at
from support.repository import ROOT
from support.revived_validator import play_revived_validator

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive
from blockchain_lab.study.standing import Standing, count_local_states, stand_at

STATES = ROOT / "tests" / "widgets" / "standing_states.mjs"

CHAINS = ("fork_and_heal", "partition_payments", "keep_alive_today", "moving_host", "liar", "continents")
FINALITY = ("happy_finality", "third_offline", "twin_validator", "surround_vote")
OTHERS = ("flood_or_names", "rumours", "kademlia_lookup", "hole_punching")


def tell(standing: Standing) -> dict[str, Any]:
    """One peer, in the page's words."""
    return {
        "name": standing.name,
        "isOn": standing.is_on,
        "isKnown": standing.is_known,
        "tip": standing.tip,
        "height": standing.height,
        "lines": [list(line) for line in standing.lines.items()],
        "pool": list(standing.pool),
        "items": list(standing.items),
        "justified": standing.justified,
        "finalised": standing.finalised,
        "sent": standing.messages_sent,
        "received": standing.messages_received,
        "bytesSent": standing.bytes_sent,
        "bytesReceived": standing.bytes_received,
        "faults": standing.faults,
    }


def check_standings(lab: Any, count: int, folder: Path) -> list[list[dict[str, Any]]]:
    """Both folds agree at `count` random events, at the first and at the last; what they said."""
    events = [0, lab.head, *random.Random(7).choices(range(1, lab.head), k=count)]
    seen = fold_at(lab, events, folder, program=STATES)
    for event, shown in zip(events, seen, strict=True):
        standings = stand_at(lab, event)
        assert list(map(tell, standings)) == shown["peers"], f"event {event}"
        assert count_local_states(standings) == shown["states"], f"event {event}"
    return [shown["peers"] for shown in seen]


@pytest.mark.parametrize("story", [*CHAINS, *FINALITY, *OTHERS])
def test_standings_equal_pythons(story: str, tmp_path: Path) -> None:
    """Tips, lines, pools, items, epochs, traffic, faults, how many local states: to and fro in a story."""
    lab = Lab(story)
    lab.run()

    seen = check_standings(lab, 8, tmp_path)

    assert any(peer["sent"] for peers in seen for peer in peers)


def test_a_second_life_begins_with_the_disk(tmp_path: Path) -> None:
    """A revived validator has its blocks and epochs again, an empty pool, new lines, its old counters."""
    seen = check_standings(play_revived_validator(), 30, tmp_path)

    bob = [next(peer for peer in peers if peer["name"] == "bob") for peers in seen]
    assert {True, False} == {peer["isOn"] for peer in bob}
    assert (bob[1]["justified"] or 0) > 1


def test_a_killed_miner_keeps_nothing_but_its_disk(tmp_path: Path) -> None:
    """The same of a Bitcoin peer, which reads a chain that somebody has made longer meanwhile."""
    lab = Lab("fork_and_heal")
    lab.run(until=9 * SECOND)
    lab.do(Kill("bob", "silence"))
    lab.run(until=12 * SECOND)
    lab.do(Mine("cat"))
    lab.do(Revive("bob"))
    lab.run(until=30 * SECOND)

    check_standings(lab, 40, tmp_path)


def test_a_recorded_program_is_on_and_nobody_knows_what_it_holds(tmp_path: Path) -> None:
    """A real network's records: the program that is no node of ours is counted in no local state."""
    seen = check_standings(make_recording(), 20, tmp_path)

    assert {True, False} == {peer["isKnown"] for peer in seen[1]}
