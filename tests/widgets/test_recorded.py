"""A page that shows a recording moves in it freely, and is told why it cannot act."""

import pytest
from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.elsewhere import get_bundle
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.moment import get_moment
from support.mixed_story import FAR, OURS, make_recording
from support.widget_page import ask, open_page, rest_at

from blockchain_lab.recording import Recording
from blockchain_lab.sim.recorded import REFUSAL

REFUSED = {"ok": False, "text": REFUSAL}


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Three of ours and a program; see `support.mixed_story`."""
    return make_recording()


def test_whatever_a_page_asks_for_changes_nothing(recording: Recording) -> None:
    """Mine, kill, begin anew: the same sentence; the cursor stays where the reader put it."""
    carrier = Carrier(recording)
    open_page(carrier)
    rest_at(carrier, 50)
    before = recording.head, recording.cursor
    kill = {"do": "Kill", "peer": "ann", "seen_as": "reset"}

    assert REFUSED == ask(carrier, "act", action={"do": "Mine", "peer": "ann", "count": 1}, cursor=30)
    assert REFUSED == ask(carrier, "act", action=kill, cursor=recording.head)
    assert REFUSED == ask(carrier, "reset", seed=None)
    assert (before[0], 50) == before == (recording.head, recording.cursor)


def test_the_page_is_told_who_is_a_program(recording: Recording) -> None:
    """Its role is its kind, nobody obeys, and the lines are those that were dialled."""
    head = get_head(recording)

    assert ["peer", "peer", "peer", "real program"] == head["roles"]
    assert [[], [], [], []] == head["obeys"]
    assert [[0, 3], [1, 0], [2, 0], [2, 1]] == head["links"]
    assert [0, 2_000, 2_000, 2_000] == head["latencies"]
    assert head["genesis"] is not None


def test_without_a_page_the_picture_stands_ours_on_their_tip(recording: Recording) -> None:
    """The program is on and stands on nothing; the sentence names the three that do."""
    carrier = Carrier(recording)
    packer = carrier.get_packer()
    moment = get_moment(packer, get_head(recording), len(recording.trace))
    recording.goto(event=recording.head)
    data, _ = get_bundle(recording, "network", packer)

    assert {*OURS, FAR} == {*recording.names}
    assert (None, True) == (moment.tips[3], moment.is_on[3])
    assert {recording.peer("ann").chain.tip.hash[::-1].hex()} == {*moment.tips[:3]}
    assert "Tip: B105 (gate, ann, bob)" in data["text/plain"]
    assert "image/png" in data
