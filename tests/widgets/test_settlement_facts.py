"""What the page is told of channels, rollups and bridges: every topic has words, blocks have their names."""

from itertools import chain

import pytest
from blockchain_lab_widgets.facts import get_facts
from support.repository import ROOT
from support.story_runs import read

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import display_hash

STORIES = (
    *("old_state", "sleeping_victim", "fraud_window"),
    *("nobody_checks", "hasty_bridge", "patient_bridge"),
)
WORDS = ROOT / "widgets" / "blockchain_lab_widgets" / "js"
PLAIN = {"block proposed", "side block proposed"}  # shown as they are, like everybody else's


def test_every_topic_has_words_on_the_page() -> None:
    """Else "why?" would show a bare word."""
    told = "".join((WORDS / name).read_text() for name in ("settlement-notes.js", "why-words.js"))
    records = chain.from_iterable(read(name).trace for name in STORIES)
    topics = {record.detail[0] for record in records if record.kind is Kind.NOTE} - PLAIN

    assert {"channel punished", "batch reverted", "bridge unbacked", "call failed"} <= topics
    assert [] == sorted(topic for topic in topics if f'"{topic}"' not in told)


@pytest.mark.parametrize("name", STORIES)
def test_every_note_has_the_fields_that_views_rely_on(name: str) -> None:
    """One without them would get another name and be drawn nowhere."""
    facts = [get_facts(each, lambda message: 0) for each in read(name).trace if each.kind is Kind.NOTE]

    assert {"block accepted", "tip changed"} <= {each["topic"] for each in facts}
    assert [] == [each["topic"] for each in facts if "unknown" in each["topic"]]


def test_a_message_is_about_a_block_of_the_main_chain_or_none() -> None:
    """The tree has no place for those of the side chain."""
    sent = [record for record in read("hasty_bridge").trace if record.kind is Kind.SEND]
    blocks = [record for record in sent if record.detail.command == "settle-block"]
    about = [get_facts(record, lambda message: 0).get("blocks") for record in blocks]
    wanted = [[display_hash(b.detail.name)] if b.detail.chain == "main" else None for b in blocks]

    assert wanted == [each or None for each in about]
    assert 2 <= len({b.detail.chain for b in blocks})
