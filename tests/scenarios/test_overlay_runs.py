"""Every story of the overlays: as bytes it is the same run, and its world can be rebuilt."""

import pytest
from support.story_runs import play, read

from blockchain_lab.overlay.wire import OverlayCodec
from blockchain_lab.scenarios import load, names
from blockchain_lab.scenarios.kinds import get_codec

STORIES = [name for name in names() if isinstance(get_codec(load(name)), OverlayCodec)]


def test_there_are_such_stories() -> None:
    """Ten or more: from a rumour to a hole in a NAT."""
    assert 10 <= len(STORIES)


@pytest.mark.parametrize("name", STORIES)
def test_messages_as_bytes_make_the_same_run(name: str) -> None:
    """Every hop through the codec: what the page shows as bytes is what was said."""
    assert read(name).digest() == play(name, wire=True).digest()


@pytest.mark.parametrize("name", STORIES)
def test_a_rebuilt_world_equals_the_live_one(name: str) -> None:
    """Nodes depend on what they were told, and on nothing else."""
    lab = play(name)

    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()
