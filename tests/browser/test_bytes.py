"""Bytes are looked at, changed and sent: by pointer, by keyboard, and in the real lab behind the page."""

import pytest
from playwright.sync_api import Browser, Page, expect
from support.live_page import LivePage
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import display_hash
from blockchain_lab.lab import Lab

NONCE = 100  # where it stands in the frame of a block: behind 24 bytes of envelope and 76 of header


@pytest.fixture(scope="module")
def finished() -> Lab:
    """A story with payments, run to its end."""
    lab = Lab("continents")
    lab.run(until=lab.scenario.until)
    return lab


def find_send(lab: Lab, command: str) -> Record:
    """The first message of a command that anybody sends."""
    return next(r for r in lab.trace if r.kind is Kind.SEND and r.detail.wire_name == command)


def open_bytes(browser: Browser, lab: Lab, command: str) -> tuple[LivePage, Record]:
    """A page on a live lab that shows the first message of a command."""
    live = LivePage(browser)
    live.show_live(lab, event=lab.scenario.poster, views=["bytes"])
    send = find_send(lab, command)
    live.do(f"() => store.select('record:0:{send.id}')")
    return live, send


def edit_byte(page: Page, at: int, digits: str) -> None:
    """Switch editing on, click a byte, type."""
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator(f".bl-hex b[data-at='{at}']").click()
    page.keyboard.type(digits)


def get_check(page: Page, name: str) -> str:
    """What stands beside the name of a check."""
    names = page.locator(".bl-checks dt").all_inner_texts()
    return page.locator(".bl-checks dd").nth(names.index(name)).inner_text()


def get_notes(lab: Lab, peer: str, topic: str) -> list[dict]:
    """What a peer noted about a topic, on the lab's branch."""
    host = lab.names.index(peer)
    return [r.detail[1] for r in lab.trace if r.kind is Kind.NOTE and r.peer == host and r.detail[0] == topic]


def test_a_selected_block_is_shown_whole_or_in_parts(browser: Browser, finished: Lab) -> None:
    """Some message carries it: its hash comes from the bytes; header and transactions stand alone, too."""
    block = next(r.detail for r in finished.trace if r.kind is Kind.SEND and r.detail.wire_name == "block")
    name = display_hash(block.header.hash())
    view = ViewsPage(browser)
    view.show_lab(finished, event=finished.head, views=["bytes"])
    view.do(f"() => store.select('block:{name}')")
    page = view.page
    assert get_check(page, "block hash").startswith(name)
    assert get_check(page, "Merkle root").startswith(display_hash(block.header.merkle_root))

    page.get_by_label("Part", exact=True).select_option("header")
    view.wait_for_pictures()
    assert 80 == page.locator(".bl-hex b").count()
    assert "24" == page.locator(".bl-hex b").first.get_attribute("data-at")
    assert ["block hash", "target"] == page.locator(".bl-checks dt").all_inner_texts()

    page.get_by_label("Part", exact=True).select_option(index=2)
    view.wait_for_pictures()
    assert get_check(page, "txid").startswith(display_hash(block.transactions[0].txid()))
    assert [] == view.complaints


def test_a_selected_transaction_is_found_in_the_message_that_carries_it(
    browser: Browser, finished: Lab
) -> None:
    """Its own message goes before a block with it in; one that nobody ever sent has no bytes."""
    sent = next(r.detail for r in finished.trace if r.kind is Kind.SEND and r.detail.wire_name == "tx")
    txid = display_hash(sent.txid())
    view = ViewsPage(browser)
    view.show_lab(finished, event=finished.head, views=["bytes"])
    view.do(f"() => store.select('tx:{txid}')")
    assert get_check(view.page, "txid").startswith(txid)
    assert f"tx {txid[:4]}" in view.page.locator(".bl-title").inner_text()

    view.do(f"() => store.select('tx:{'0' * 64}')")
    assert "No message has carried tx 0000" in view.page.locator(".bl-bytes .bl-empty").inner_text()
    assert [] == view.complaints


def test_bytes_are_changed_by_keyboard_and_time_stands_still(browser: Browser) -> None:
    """Arrows walk the bytes, two digits set one, Backspace takes back; behind Escape, Left is the time's."""
    live, _ = open_bytes(browser, Lab("fork_and_heal"), "ping")
    page = live.page
    cursor = live.do("() => store.cursor")
    page.get_by_role("button", name="Edit", exact=True).focus()
    page.keyboard.press("Enter")
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft", "f", "f"):
        page.keyboard.press(key)
    live.wait_for_pictures()

    changed = page.locator(".bl-hex b.bl-changed")
    assert ["24"] == changed.evaluate_all("all => all.map(e => e.dataset.at)")
    assert "ff" == changed.inner_text()
    assert changed.get_attribute("title").startswith("was ")
    assert "the receiver will refuse it" in get_check(page, "checksum")
    assert page.locator(".bl-field.bl-changed", has_text="nonce").count()

    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert 0 == changed.count()
    assert "as the payload hashes" in get_check(page, "checksum")
    page.keyboard.press(" ")  # plays everywhere else
    assert [cursor, False] == live.do("() => [store.cursor, store.playing]")

    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    assert cursor - 1 == live.do("() => store.cursor")
    assert [] == live.complaints


def test_single_bits_are_flipped_by_pointer_and_the_checksum_repaired(browser: Browser) -> None:
    """Bit 0 of the nonce's first byte; then four bytes of the envelope, which Undo takes back at once."""
    live, send = open_bytes(browser, Lab("fork_and_heal"), "ping")
    page = live.page
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator(".bl-hex b[data-at='24']").click()
    page.locator(".bl-bit[data-bit='0']").click()
    before = send.detail.encoding[0]
    assert f"{before ^ 1:02x}" == page.locator(".bl-hex b[data-at='24']").inner_text()

    page.get_by_role("button", name="Repair checksum").click()
    assert get_check(page, "checksum").endswith("✓ as the payload hashes")
    assert 2 <= page.locator(".bl-hex b.bl-changed").count() <= 5

    page.get_by_role("button", name="Undo").click()
    assert 1 == page.locator(".bl-hex b.bl-changed").count()
    assert [] == live.complaints


def test_an_unfinished_edit_is_there_again_when_the_view_is(browser: Browser) -> None:
    """Another tab, and back: nobody's work is lost."""
    live, _ = open_bytes(browser, Lab("fork_and_heal"), "ping")
    edit_byte(live.page, 30, "a5")
    live.do("() => store.open('events')")
    assert 0 == live.page.locator(".bl-hex").count()

    live.do("() => store.open('bytes')")
    assert "a5" == live.page.locator(".bl-hex b.bl-changed").inner_text()
    assert [] == live.complaints


def test_a_spoilt_block_is_refused_and_both_futures_stand_side_by_side(browser: Browser) -> None:
    """A byte of a block flips in flight. Python and page agree: noted, and the receiver goes without."""
    lab = Lab("fork_and_heal")
    live, send = open_bytes(browser, lab, "block")
    page = live.page
    receiver = lab.names[send.other]
    name = send.detail.header.hash()
    edit_byte(page, NONCE, "ff")
    assert "the receiver will refuse it" in get_check(page, "checksum")
    page.get_by_role("button", name="Send it instead").click()
    live.settle()

    assert (2, 1) == (len(lab.branches), lab.branch)
    assert send.event + 1 == lab.cursor == live.do("() => store.cursor")
    [noted] = get_notes(lab, receiver, "peer misbehaved")
    assert noted["reason"].startswith("block: checksum")
    arrival = next(r for r in lab.trace if r.kind is Kind.DELIVER and r.cause == send.id)
    lab.goto(event=arrival.event)
    assert name not in lab.peer(receiver).chain.stored
    shown = page.locator(".bl-outcome").inner_text()
    assert f"{receiver} notes that {lab.names[send.peer]} broke the protocol: {noted['reason']}" in shown
    assert f"{receiver} accepts block B1" in shown  # as it was sent
    assert "edited on its way" in page.locator(".bl-title").inner_text()
    assert [str(NONCE)] == page.locator(".bl-hex b.bl-changed").evaluate_all(
        "all => all.map(e => e.dataset.at)"
    )

    page.locator(".bl-outcome li button").nth(1).click()
    assert arrival.event == live.do("() => store.cursor")
    page.get_by_role("button", name="Go to that future").click()
    live.settle()
    assert (0, 0) == (lab.branch, live.do("() => store.branch"))
    assert [] == get_notes(lab, receiver, "peer misbehaved")
    assert [] == live.complaints


def test_a_block_without_enough_work_is_refused_although_its_checksum_fits(browser: Browser) -> None:
    """The same flip with a repaired checksum is read; its hash is above the target: hang up."""
    lab = Lab("fork_and_heal")
    live, send = open_bytes(browser, lab, "block")
    page = live.page
    receiver = lab.names[send.other]
    edit_byte(page, NONCE, "ff")
    assert "above the target" in get_check(page, "target")
    page.get_by_role("button", name="Repair checksum").click()
    page.get_by_role("button", name="Send it instead").click()
    live.settle()

    [invalid] = get_notes(lab, receiver, "block invalid")
    assert "high-hash" == invalid["reason"]
    shown = page.locator(".bl-outcome").inner_text()
    assert "high-hash" in shown
    assert f"{receiver} hangs up on {lab.names[send.peer]}" in shown
    assert get_check(page, "block hash").startswith(invalid["hash"])
    assert [] == live.complaints


def test_a_changed_nonce_of_a_ping_comes_back_in_the_pong(browser: Browser) -> None:
    """With a fitting checksum nobody can tell: the receiver answers what it was asked."""
    lab = Lab("fork_and_heal")
    live, send = open_bytes(browser, lab, "ping")
    edit_byte(live.page, 24, "5a")
    live.page.get_by_role("button", name="Repair checksum").click()
    live.page.get_by_role("button", name="Send it instead").click()
    live.settle()

    arrival = next(r for r in lab.trace if r.kind is Kind.DELIVER and r.cause == send.id)
    pong = next(r for r in lab.trace if r.kind is Kind.SEND and r.cause == arrival.id)
    assert 0x5A == pong.detail.nonce & 0xFF
    assert "sends pong to" in live.page.locator(".bl-outcome").inner_text()
    assert [] == live.complaints


def test_a_longer_length_swallows_what_follows(browser: Browser) -> None:
    """The receiver waits for bytes that the sender never meant: the page says so before and after."""
    lab = Lab("fork_and_heal")
    live, send = open_bytes(browser, lab, "ping")
    page = live.page
    edit_byte(page, 17, "01")  # 264 bytes of payload instead of 8
    assert "takes the rest from what comes next" in get_check(page, "length")
    page.get_by_role("button", name="Send it instead").click()
    live.settle()

    whole = [r for r in lab.trace if r.kind is Kind.DELIVER and r.cause == send.id]
    shown = page.locator(".bl-outcome").inner_text()
    assert [] == [r for r in whole if r.detail is not None and r.detail.wire_name == "ping"]
    assert f"ping to {lab.names[send.other]} is lost" in shown
    assert [] == live.complaints


def test_without_python_bytes_can_be_changed_but_not_sent(browser: Browser, finished: Lab) -> None:
    """The checks are the page's own; sending says why it cannot."""
    view = ViewsPage(browser)
    view.show_lab(finished, event=finished.head, views=["bytes"])
    view.do(f"() => store.select('record:0:{find_send(finished, 'block').id}')")
    edit_byte(view.page, 30, "a5")

    button = view.page.get_by_role("button", name="Send it instead")
    expect(button).to_be_disabled()
    assert "Python is not connected" in button.get_attribute("title")
    assert "the receiver will refuse it" in get_check(view.page, "checksum")
    assert [] == view.complaints


def test_the_focus_stays_in_the_view_when_a_button_has_done_its_work(browser: Browser) -> None:
    """Repairing, taking back and sending take their own buttons away: the keys must not go with them."""
    live, _ = open_bytes(browser, Lab("fork_and_heal"), "ping")
    page = live.page
    edit_byte(page, 17, "01")
    page.get_by_role("button", name="Repair length").press("Enter")
    expect(page.locator(".bl-hex")).to_be_focused()

    undo = page.get_by_role("button", name="Undo")
    undo.press("Enter")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(undo).to_be_disabled()
    expect(page.locator(".bl-hex")).to_be_focused()

    page.locator(".bl-bit[data-bit='0']").press("Enter")
    page.get_by_role("button", name="Send it instead").press("Enter")
    live.settle()
    expect(page.get_by_role("button", name="Edit", exact=True)).to_be_focused()
    assert [] == live.complaints


def test_a_payload_without_an_envelope_has_none_to_check_or_repair(
    browser: Browser, finished: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a lab without a codec: the caret begins at the payload, and nobody hangs up over a length."""
    monkeypatch.setattr("support.views_page.get_codec", lambda _scenario: None)
    view = ViewsPage(browser)
    view.show_lab(finished, event=finished.head, views=["bytes"])
    view.do(f"() => store.select('record:0:{find_send(finished, 'headers').id}')")
    page = view.page
    page.get_by_role("button", name="Edit", exact=True).click()
    page.keyboard.type("ff")
    view.wait_for_pictures()

    assert "0" == page.locator(".bl-hex b.bl-changed").get_attribute("data-at")
    assert "checksum" not in page.locator(".bl-bytes").inner_text()
    assert "length" not in page.locator(".bl-bytes").inner_text()
    assert not page.get_by_role("button", name="Repair").count()
    assert [] == view.complaints
