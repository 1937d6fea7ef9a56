"""All messages of the layers share one wire: what a message is called says which one it is."""

from collections import Counter

from blockchain_lab.layers.kinds import KINDS
from blockchain_lab.layers.wire import COMMANDS, MAGIC, MESSAGES
from blockchain_lab.overlay.wire import MAGIC as OVERLAYS
from blockchain_lab.scenarios.kinds import KINDS as ALL_KINDS


def test_no_two_messages_bear_the_same_name() -> None:
    """Else the later one would be read where the earlier one was sent."""
    assert [] == [name for name, count in Counter(each.command for each in MESSAGES).items() if count > 1]
    assert len(COMMANDS) == len(MESSAGES)


def test_no_kind_hides_another_room_s_kind() -> None:
    """A scenario names a kind by one word, whichever room it comes from."""
    assert KINDS == {name: ALL_KINDS[name] for name in KINDS}
    assert MAGIC != OVERLAYS
