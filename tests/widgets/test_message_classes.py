"""What the page is told of each message of Bitcoin: one of the four classes it knows, and which block."""

import json
import re

import pytest
from blockchain_lab_widgets.facts import get_message_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repository import ROOT
from support.wire_strategies import MESSAGES

from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.messages import COMMANDS

PALETTE = ROOT / "widgets" / "blockchain_lab_widgets" / "js" / "palette.js"
(LISTED,) = re.findall(r"export const CLASSES = (\[.*?\]);", PALETTE.read_text(encoding="utf-8"))
CLASSES = json.loads(LISTED)


@pytest.mark.parametrize("command", MESSAGES)
@given(sample=st.data())
@settings(max_examples=5)
def test_a_message_comes_in_a_class_that_filters_and_legends_know(
    command: str, sample: st.DataObject
) -> None:
    """The fifth class of the engine, payments by IP address, is drawn as data; the others as they are."""
    message = sample.draw(MESSAGES[command])
    facts = get_message_facts(message, 0)

    assert facts["class"] in CLASSES
    assert facts["class"] == ("data" if message.lecture_class == "payment" else message.lecture_class)
    json.dumps(facts)


def test_there_is_a_class_that_the_page_does_not_know() -> None:
    """Else the test above would tell nothing."""
    assert {"payment"} == {message.lecture_class for message in COMMANDS.values()} - {*CLASSES}


@given(sample=st.data())
@settings(max_examples=20)
def test_the_messages_of_compact_blocks_say_which_block_they_are_about(sample: st.DataObject) -> None:
    """Who selects a block sees them too; a list says how many, not what."""
    compact, asked, answered, proof = (
        sample.draw(MESSAGES[command]) for command in ("cmpctblock", "getblocktxn", "blocktxn", "merkleblock")
    )

    for message, name in [
        (compact, compact.header.hash()),
        (asked, asked.block),
        (answered, answered.block),
        (proof, proof.header.hash()),
    ]:
        assert [display_hash(name)] == get_message_facts(message, 0)["blocks"]
    assert f"getblocktxn {len(asked.places)}" == get_message_facts(asked, 0)["label"]
    assert f"blocktxn {len(answered.transactions)}" == get_message_facts(answered, 0)["label"]
