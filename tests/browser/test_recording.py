"""A real network's recording in a browser: the views of a simulation draw it, and say what nobody knows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.mixed_story import FAR, make_recording
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind
from blockchain_lab.recording import Recording


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Three of ours and a program; see `support.mixed_story`."""
    return make_recording()


@pytest.fixture(scope="module")
def page_of_recording(browser: Browser, recording: Recording) -> ViewsPage:
    """One page for all tests: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(recording, event=recording.head, views=["tree", "bytes"])
    return view


@pytest.fixture
def view(page_of_recording: ViewsPage) -> Iterator[ViewsPage]:
    """Its workbench at the end. Nothing may go wrong on it."""
    yield page_of_recording
    assert [] == page_of_recording.complaints


def find_message(recording: Recording, command: str) -> int:
    """The event in which the program's first message of this kind has come."""
    far = recording.names.index(FAR)
    return next(
        each.event
        for each in recording.trace
        if each.kind is Kind.SEND and each.peer == far and each.detail.wire_name == command
    )


def test_the_workbench_draws_ours_on_their_tip_and_the_program_on_none(view: ViewsPage) -> None:
    """Four peers in the network, three of them on a block; what the program holds is not known."""
    peers = view.page.locator(".bl-peer").evaluate_all("all => all.map(peer => peer.ariaLabel)")
    words = view.page.locator("body").inner_text()

    assert "gate, peer, tip B105, height 105, connected to 3 peers" == peers[0]
    assert f"{FAR}, real program, what it holds is not known, connected to 1 peer" == peers[3]
    assert "4 peers: 3 on B105, 1 not known. 0 messages on the way." in words
    assert "tip B105, height 105, work 212; gate, ann and bob stand on it." in words


def test_chart_and_bytes_show_what_came_over_tcp(view: ViewsPage, recording: Recording) -> None:
    """The program's `version`: among the messages between four lanes, and as the bytes that came."""
    event = find_message(recording, "version")
    view.show_again(event=event + 1, name="chart", height=480)
    chart = view.page.locator("body").inner_text()
    view.show_again(event=event + 1, name="bytes", height=480)
    shown = view.page.locator("body").inner_text()

    assert all(name in chart for name in recording.names)
    assert "version" in chart
    assert f"version, {FAR} → gate" in shown
    assert "as the payload hashes" in shown
    assert "/BlockchainLab:" in shown


def test_of_the_program_no_view_says_more_than_is_known(view: ViewsPage, recording: Recording) -> None:
    """Not that it never heard of its own block, and not that nothing waits there."""
    view.show_again(event=recording.head, name="spread", height=480)
    spread = view.page.locator("body").inner_text()
    view.show_again(event=recording.head, name="mempool", height=480, seen_by=["bob", FAR])
    pools = view.page.locator("body").inner_text()

    assert f"Not known: {FAR}." in spread
    assert "all 3 after" in spread
    assert "never" not in spread.lower()
    assert f"{FAR} is no node of ours: what waits there is not known." in pools
    assert "Nothing waits here now." in pools
