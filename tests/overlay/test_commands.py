"""All messages of the overlays share one wire: what a message is called says which one it is."""

from collections import Counter

from blockchain_lab.overlay.wire import COMMANDS, MESSAGES


def test_no_two_messages_bear_the_same_name() -> None:
    """Else the later one would be read where the earlier one was sent."""
    assert [] == [
        name for name, count in Counter(message.command for message in MESSAGES).items() if count > 1
    ]
    assert len(COMMANDS) == len(MESSAGES) > 60
