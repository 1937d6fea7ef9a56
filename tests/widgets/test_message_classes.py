"""The page knows four classes of message: every message of Bitcoin must come to it as one of them."""

import json
import re

import pytest
from blockchain_lab_widgets.facts import get_message_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repository import ROOT
from support.wire_strategies import MESSAGES

from blockchain_lab.bitcoin.messages import COMMANDS

PALETTE = ROOT / "widgets" / "blockchain_lab_widgets" / "js" / "palette.js"
(LISTED,) = re.findall(r"export const CLASSES = (\[.*?\]);", PALETTE.read_text(encoding="utf-8"))
CLASSES = json.loads(LISTED)


@pytest.mark.parametrize("command", MESSAGES)
@given(sample=st.data())
@settings(max_examples=5, deadline=None)
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
