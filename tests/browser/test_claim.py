"""A claim card above its workbench, with Python behind it: read it, choose an era, change the run."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.audit import find_faults, lay_on
from support.live_page import LivePage

from blockchain_lab.study.claims import Claim, Figure, get_claim, show_claims

HACK = "</script><img src=x onerror='window.hacked = 1'>\"'"
PEERS = "() => store.trace.peers.length"


class CardPage:
    """A card on a page."""

    def __init__(self, browser: Browser, card: object, **options: object) -> None:
        """Shown, with the lab's run below it."""
        self.live = LivePage(browser, **options)
        self.card = card
        self.live.show_card(card)
        self.page = self.live.page

    def get_era(self, name: str) -> Locator:
        """The choice of an era, as it is read out."""
        return self.page.get_by_role("radio", name=re.compile(f"^{name} "))

    def see(self) -> list[str]:
        """The eras that are marked as chosen, by look and by state: one, or none."""
        self.live.settle()
        return self.page.evaluate(
            """() => [...document.querySelectorAll(".bl-claim-row")]
              .filter(row => row.querySelector("input:checked") || row.classList.contains("bl-claim-played"))
              .map(row => row.querySelector(".bl-claim-era").textContent)"""
        )


@pytest.fixture
def ping(browser: Browser) -> Iterator[CardPage]:
    """The ping interval, at the lecture's figure. Nothing may go wrong on it."""
    card = CardPage(browser, get_claim("ping interval").show())
    yield card
    assert [] == card.live.complaints


def test_a_card_has_all_eras_with_unit_source_and_place_in_the_code(ping: CardPage) -> None:
    """Drawn to scale: two minutes are a fifteenth of thirty."""
    rows = ping.page.locator(".bl-claim-row:not(.bl-claim-axis)")

    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("lecture")
    expect(rows.nth(0)).to_contain_text("30 min")
    expect(rows.nth(0)).to_contain_text("slides, and the old developer guide")
    expect(rows.nth(3)).to_contain_text("plays keep_alive_today")
    expect(ping.page.locator(".bl-claim-says")).to_contain_text("blockchain_lab.bitcoin.eras: ping_after")
    wide = [bar.bounding_box()["width"] for bar in ping.page.locator(".bl-claim-bar").all()]
    assert 15 == round(wide[0] / wide[3])
    assert ["lecture"] == ping.see()


def test_an_era_is_chosen_with_the_pointer_and_its_run_begins(ping: CardPage) -> None:
    """A click anywhere on the row. The workbench below shows the other run, and no trace of the old one."""
    ping.page.evaluate("() => { store.select('peer:bob'); store.goto(3); }")

    ping.page.locator(".bl-claim-row", has_text="today").click()
    expect(ping.page.get_by_role("status").filter(has_text="plays the figure of today")).to_be_visible()

    assert ["today"] == ping.see()
    assert ("ping interval", "today") == ping.card.lab.figure
    assert [133, None] == ping.page.evaluate("() => [store.cursor, store.selection]")
    expect(ping.page.locator(".bl-workbench .bl-place")).to_contain_text("133 /")


def test_eras_are_chosen_by_keys_as_in_every_radio_group(ping: CardPage) -> None:
    """One tab stop; the arrows choose. The focus stays where it is while the workbench begins anew."""
    ping.get_era("lecture").focus()
    ping.page.keyboard.press("ArrowDown")

    assert ["2010"] == ping.see()
    assert ("ping interval", "2010") == ping.card.lab.figure
    expect(ping.get_era("2010")).to_be_focused()
    ping.page.keyboard.press("ArrowUp")
    assert ["lecture"] == ping.see()


def test_a_run_that_was_acted_on_is_no_more_the_claim_s(ping: CardPage) -> None:
    """The card says so, and begins anew when it is asked to."""
    ping.live.act({"do": "Kill", "peer": "cat", "seen_as": "reset"})
    state = ping.page.locator(".bl-claim-state")

    expect(state).to_contain_text("Changed from the claim’s scenario by 1 action of yours.")
    ping.page.get_by_role("button", name="Begin anew").click()
    ping.live.settle()

    expect(state).not_to_contain_text("Changed")
    expect(ping.page.get_by_role("button", name="Begin anew")).to_be_hidden()
    assert ["lecture"] == ping.see()


def test_without_python_the_card_is_read_and_says_why_nothing_can_be_chosen(ping: CardPage) -> None:
    """The run below still plays."""
    ping.live.do("setKernel({connectionStatus: 'disconnected'})")

    expect(ping.get_era("today")).to_be_disabled()
    expect(ping.page.locator(".bl-claim-state")).to_contain_text("figures can be read, not chosen")
    expect(ping.page.locator(".bl-claim-row", has_text="today")).to_contain_text("2 min")
    ping.live.do("store.goto(20)")
    expect(ping.page.locator(".bl-workbench .bl-place")).to_contain_text("20 /")


def test_all_claims_on_one_card_are_found_by_a_word(browser: Browser) -> None:
    """The chosen claim is read; its run begins only when an era is chosen, with other peers in every view."""
    card = CardPage(browser, show_claims())
    peers = card.page.evaluate(PEERS)

    card.page.get_by_role("searchbox", name="Filter the claims").fill("kademlia")
    expect(card.page.locator(".bl-claim-name")).to_have_text("bucket of Kademlia")
    expect(card.page.locator(".bl-claim-chooser")).to_contain_text("1 of 22 claims")
    assert ([], peers) == (card.see(), card.page.evaluate(PEERS))
    expect(card.page.locator(".bl-claim-state")).to_contain_text("plays ping interval, lecture")

    card.get_era("BitTorrent").check()
    assert (["BitTorrent"], 16) == (card.see(), card.page.evaluate(PEERS))
    tabs = card.page.get_by_role("tab").all_text_contents()
    assert "DHT" in tabs  # the views of that story, not of the first
    card.page.get_by_role("searchbox", name="Filter the claims").fill("propagation")
    expect(card.page.get_by_role("radio").first).to_be_disabled()
    expect(card.page.locator(".bl-claim-row").first).to_contain_text("no scenario plays it")
    assert [] == card.live.complaints


def test_a_claim_that_nobody_plays_is_a_card_alone(browser: Browser) -> None:
    """What a stranger wrote into it is text; there is no workbench, and nothing is announced."""
    own = Claim(HACK, HACK, (Figure("now", 3, "s", HACK), Figure("then", 3_000, "s", HACK)))
    card = CardPage(browser, own.show())

    expect(card.page.locator(".bl-claim-name")).to_have_text(HACK)
    expect(card.page.locator(".bl-workbench")).to_have_count(0)
    expect(card.page.locator(".bl-claim-axis")).to_contain_text("not to scale")
    assert [0, "undefined"] == card.page.evaluate(
        "() => [document.querySelectorAll('img').length, typeof hacked]"
    )
    assert [] == card.live.complaints


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_nothing_keeps_people_out_of_a_card(browser: Browser, paper: str) -> None:
    """On either paper; and a narrow page cuts nothing off."""
    card = CardPage(browser, show_claims("ping interval", "block propagation"), theme=paper, width=310)
    lay_on(card.page, paper)
    card.page.locator(".bl-network").scroll_into_view_if_needed()  # only what is seen is drawn
    card.page.wait_for_selector(".bl-peer[aria-label]", state="attached")

    assert [] == find_faults(card.page)
    assert card.page.evaluate(
        "() => [...document.querySelectorAll('.bl-claim-root *')].every(each => each.scrollWidth <= 310)"
    )
