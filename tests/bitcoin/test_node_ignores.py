"""A node is not disturbed by what it can read and has no use for: Bitcoin grows, and forgets, in this way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_dialogue import THERE, make_node, make_peer_version, meet, state_of
from support.wire_strategies import MESSAGES

UNUSED = (
    *("wtxidrelay", "sendaddrv2", "alert", "addrv2", "merkleblock"),
    *("checkorder", "submitorder", "reply"),
)


@pytest.mark.parametrize("command", UNUSED)
@given(sample=st.data())
@settings(max_examples=5)
def test_a_message_without_use_changes_nothing(command: str, sample: st.DataObject) -> None:
    """In the middle of the handshake, where two of them have their place, and when the line is open."""
    message = sample.draw(MESSAGES[command])
    node = make_node()
    node.on_connected(3, THERE, True, 0)
    node.on_message(3, make_peer_version(), 0)
    meet(node)
    before = state_of(node)

    assert [] == node.on_message(3, message, 0)
    assert [] == node.on_message(2, message, 0)
    assert before == state_of(node)
