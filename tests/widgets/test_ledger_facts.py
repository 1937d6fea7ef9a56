"""What the page is told of a ledger's records: no field is unknown, and messages say what they are about."""

from collections.abc import Iterator
from typing import Any

import pytest
from blockchain_lab_widgets.facts import get_facts
from support.story_runs import read

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import display_hash

STORIES = ("replaced", "sandwich", "re_included", "two_overlays")


def get_told(name: str, kind: Kind) -> Iterator[tuple[Record, dict[str, Any]]]:
    """All records of a kind, each with its facts."""
    for record in read(name).trace:
        if record.kind is kind:
            yield record, get_facts(record, lambda message: 0)


@pytest.mark.parametrize("name", STORIES)
def test_every_note_has_the_fields_that_views_rely_on(name: str) -> None:
    """One without them would get another name and be drawn nowhere."""
    topics = [facts["topic"] for _, facts in get_told(name, Kind.NOTE)]

    assert {"transaction accepted", "transactions removed", "block accepted", "tip changed"} <= {*topics}
    assert [] == [topic for topic in topics if "unknown" in topic]


def test_messages_say_which_transactions_and_blocks_they_are_about() -> None:
    """Whole or by name, in public or in private; a vote is about its block."""
    found: dict[str, dict[str, Any]] = {}
    wanted: dict[str, tuple[str, list[str]]] = {}
    for name in ("sandwich", "two_overlays"):
        for record, facts in get_told(name, Kind.SEND):
            found[facts["command"]], message = facts, record.detail
            about = {
                "tx": lambda m: ("txids", [m.name]),
                "tx-names": lambda m: ("txids", list(m.names)),
                "want-txs": lambda m: ("txids", list(m.names)),
                "private-tx": lambda m: ("txids", [m.transaction.name]),
                "proposal": lambda m: ("blocks", [m.name]),
                "attest": lambda m: ("blocks", [m.block]),
                "aggregate": lambda m: ("blocks", [m.block]),
            }.get(facts["command"])
            if about is not None:
                key, names = about(message)
                wanted[facts["command"]] = key, [display_hash(each) for each in names]

    assert 7 == len(wanted)
    assert wanted == {
        command: (key, found[command][key]) for command, (key, names) in wanted.items() if len(names) < 4
    }
    assert "tx-names 1" == found["tx-names"]["label"]
    assert "aggregate 2" == found["aggregate"]["label"]
