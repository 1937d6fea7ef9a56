"""Acting from the page, with a real lab behind it: menus, the view "Act", knobs, and the branches that come of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator
from support.live_page import LivePage
from support.views_page import opened_browser

from blockchain_lab.base.actions import Connect, Disconnect, Mine, Pay
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import (
    Action,
    DelayMessage,
    DropMessage,
    Heal,
    Kill,
    Partition,
    Revive,
    SetKnob,
    SetLink,
)

EARLY = 150  # in fork_and_heal: B1 spreads, messages are in flight, nothing is parted yet
PARTED = 250


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all these tests."""
    with opened_browser() as opened:
        yield opened


def show(
    browser: Browser, event: int, *, story: str = "fork_and_heal", **options: Any
) -> tuple[LivePage, Lab]:
    """The view "Act" of a story whose future was seen, and its lab."""
    lab = Lab(story)
    live = LivePage(browser)
    live.show_live(lab, **({"name": "controls", "height": 900} | options))
    live.do(f"() => store.goto({event})")
    live.settle()
    return live, lab


def press(live: LivePage, *names: str) -> None:
    """A button of the view, and whatever it asks then; until Python has answered and it is drawn."""
    live.page.locator(".bl-acting").get_by_role("button", name=names[0], exact=True).click()
    for name in names[1:]:
        choose(live, name)
    live.settle()


def choose(live: LivePage, name: str) -> None:
    """A line of the open menu."""
    live.page.get_by_role("menuitem", name=name, exact=True).click()


def choose_peer(live: LivePage, name: str) -> Locator:
    """A peer in the list of those one can act on."""
    option = live.page.get_by_role("option", name=name)
    option.click()
    live.wait_for_pictures()
    return option


def get_last(lab: Lab) -> Action:
    """What was done last on the branch we are on."""
    return lab.branches[lab.branch].actions[-1][1]


def read_notice(live: LivePage) -> str:
    """What the reader is told."""
    notice: str = live.do("() => store.notice")
    return notice


def test_a_menu_is_opened_with_the_pointer_and_mines_a_block(browser: Browser) -> None:
    """Right click on ann, "Mine a block": her tip moves, in Python and on the page; the seen future is kept."""
    live, lab = show(browser, EARLY)
    before = lab.peer("ann").chain.tip.hash

    live.page.get_by_role("option", name="ann").click(button="right")
    choose(live, "Mine a block")
    live.settle()

    assert Mine("ann") == get_last(lab)
    assert before != lab.peer("ann").chain.tip.hash
    assert (EARLY + 1, EARLY + 1) == (lab.cursor, live.do("() => store.cursor"))
    assert "ann mined a block. The old future is kept: future 1." == read_notice(live)
    assert 0 == live.page.locator(".bl-menu").count()

    live.do("() => store.switchTo(0)")
    live.settle()
    assert (0, ()) == (lab.branch, tuple(lab.branches[0].actions))
    assert before == lab.peer("ann").chain.tip.hash
    assert [] == live.complaints


def test_a_menu_is_used_with_keys_only(browser: Browser) -> None:
    """Down to bob, the Menu key, End and back, into "Kill ...", out and in again; Left and Right stay off time."""
    live, lab = show(browser, EARLY)
    keys = live.page.keyboard
    focused = "() => document.activeElement.textContent"
    live.page.get_by_role("listbox").focus()
    for key in ("Home", "ArrowDown", "ArrowDown", "ContextMenu"):
        keys.press(key)
    assert "Mine a block" == live.do(focused)

    keys.press("ArrowUp")
    assert live.do(focused).startswith("Why is it on")
    keys.press("Home")
    for _ in range(5):
        keys.press("ArrowDown")
    keys.press("ArrowRight")
    assert "The others see a reset, soon" == live.do(focused)
    keys.press("ArrowLeft")
    assert "Kill …" == live.do(focused)
    keys.press("Enter")
    keys.press("End")
    keys.press("Enter")
    live.settle()

    assert Kill("bob", "silence") == get_last(lab)
    assert lab.peer("bob") is None
    assert "listbox" == live.do("() => document.activeElement.getAttribute('role')")
    assert EARLY + 1 == live.do("() => store.cursor")

    keys.press("Shift+F10")
    assert "bob, off" == live.page.get_by_role("menu").get_attribute("aria-label")
    keys.press("Escape")
    assert 0 == live.page.locator(".bl-menu").count()
    assert "listbox" == live.do("() => document.activeElement.getAttribute('role')")
    assert [] == live.complaints


def test_a_menu_says_why_not_and_does_nothing(browser: Browser) -> None:
    """What cannot be done can be read, with its reason, but not chosen; a click elsewhere closes the menu."""
    live, lab = show(browser, EARLY, views=["events"], name="workbench")
    ask = "new CustomEvent('bl-menu', {bubbles: true, detail: {target: null, x: 930, y: 555}})"
    live.do(f"() => document.querySelector('.bl-stage').dispatchEvent({ask})")
    heal = live.page.get_by_role("menuitem", name="Heal the partition")
    heal.click()

    assert "Heal the partition\nthere is none" == heal.inner_text()
    assert [] == list(lab.branches[lab.branch].actions)
    root, menu = (live.page.locator(name).bounding_box() for name in (".blockchain-lab", ".bl-menu"))
    assert menu["x"] + menu["width"] <= root["x"] + root["width"]
    assert menu["y"] + menu["height"] <= root["y"] + root["height"]

    live.page.mouse.click(20, 20)
    assert 0 == live.page.locator(".bl-menu").count()
    assert [] == live.complaints


@pytest.mark.parametrize(
    ("peer", "buttons", "done", "said"),
    [
        ("cat", ["Mine 3 blocks"], Mine("cat", 3), "cat mined 3 blocks."),
        ("ann", ["Connect to …", "eve"], Connect("ann", "eve"), "ann dials eve."),
        ("ann", ["Disconnect from …", "bob"], Disconnect("ann", "bob"), "ann hung up on bob."),
        ("dan", ["Kill …", "The others see a reset, soon"], Kill("dan"), "Killed dan."),
        ("eve", ["Cut off from all others"], Partition(("eve",)), "Cut off eve."),
        (
            "ann",
            ["Change its link to …", "bob", "Loss …", "10 %"],
            SetLink("ann", "bob", loss=100_000),
            "The link between ann and bob loses 10 % of its messages from now on.",
        ),
    ],
)
def test_every_order_to_a_peer_reaches_python(
    browser: Browser, peer: str, buttons: list[str], done: Action, said: str
) -> None:
    """Choose the peer in the list, press the button, answer what it asks."""
    live, lab = show(browser, EARLY)
    choose_peer(live, peer)

    press(live, *buttons)

    assert done == get_last(lab)
    assert f"{said} The old future is kept: future 1." == read_notice(live)
    assert [0, 1] == [lab.branches[1].parent, lab.branch]
    assert [] == live.complaints


def test_a_peer_is_killed_and_revived(browser: Browser) -> None:
    """Off in the list, in the buttons and in Python; then on again, on the same branch: nobody saw its future."""
    live, lab = show(browser, EARLY)
    option = choose_peer(live, "bob")

    press(live, "Kill …", "The others see silence")
    assert lab.peer("bob") is None
    assert "bob\noff" == option.inner_text()
    assert "true" == live.page.get_by_role("button", name="Mine a block").get_attribute("aria-disabled")

    press(live, "Revive")
    assert Revive("bob") == get_last(lab)
    assert lab.peer("bob") is not None
    assert (1, "Revived bob.") == (lab.branch, read_notice(live))
    assert "bob\nG" == option.inner_text()
    assert [] == live.complaints


def test_the_network_is_parted_by_list_and_healed(browser: Browser) -> None:
    """Check names on two sides; who stands on one cannot stand on the other; what is parted is told."""
    live, lab = show(browser, EARLY)
    sides = live.page.locator(".bl-act-side")
    parting = live.page.locator(".bl-act-parting")
    assert "Nothing is parted now." == parting.locator("p").inner_text()
    assert "true" == parting.get_by_role("button", name="Part").get_attribute("aria-disabled")

    for side, name in ((0, "ann"), (0, "bob"), (1, "bob"), (1, "dan")):
        sides.nth(side).get_by_label(name).check()
    press(live, "Part")

    assert Partition(("ann",), ("bob", "dan")) == get_last(lab)
    assert "Parted now: ann from bob and dan." == parting.locator("p").inner_text()
    assert [True, False] == [sides.nth(side).get_by_label("ann").is_checked() for side in (0, 1)]

    press(live, "Heal")
    assert Heal() == get_last(lab)
    assert "Nothing is parted now." == parting.locator("p").inner_text()
    assert [] == live.complaints


def test_a_partition_of_the_story_is_shown_at_the_cursor(browser: Browser) -> None:
    """The story itself parts the network: the boxes say whom, and say nothing before."""
    live, _ = show(browser, PARTED)
    boxes = live.page.locator(".bl-act-side input")

    assert [True] * 3 + [False] * 6 + [True] * 3 == [box.is_checked() for box in boxes.all()]
    live.do(f"() => store.goto({EARLY})")
    assert not any(box.is_checked() for box in boxes.all())


def test_a_group_is_parted_and_killed_one_after_another(browser: Browser) -> None:
    """A group is selected, as a lasso does: one partition, then two kills in a row, each an event of its own."""
    live, lab = show(browser, EARLY)
    live.do("() => store.select('group:1,2')")

    press(live, "Part these from the rest")
    assert Partition(("bob", "cat")) == get_last(lab)
    press(live, "Kill all")

    assert [Kill("bob"), Kill("cat")] == [action for _, action in lab.branches[1].actions[-2:]]
    assert (EARLY + 3, None, None) == (lab.cursor, lab.peer("bob"), lab.peer("cat"))
    assert "Killed bob and cat." == read_notice(live)
    assert [] == live.complaints


@pytest.mark.parametrize(("button", "kind"), [("Drop it", DropMessage), ("Delay it by 1 s", DelayMessage)])
def test_a_message_in_flight_is_dropped_or_delayed(browser: Browser, button: str, kind: type) -> None:
    """The first in the list: afterwards it is lost, or arrives a second later."""
    live, lab = show(browser, EARLY)
    row = live.page.locator(".bl-flight").first
    words = row.locator(".bl-flight-name span").inner_text()
    before = live.do("() => store.trace.flying(store.trace.timeOf(store.cursor)).map(({sent}) => sent)")

    press(live, f"{button}: {words}")

    done = get_last(lab)
    assert isinstance(done, kind)
    assert done.record in before
    fates = [record for record in lab.trace if record.cause == done.record]
    if kind is DropMessage:
        assert [] == fates
        assert "DROP" in [record.kind.name for record in lab.records]
    else:
        assert 1 == len(fates)
        assert fates[0].at >= lab.now + 900_000
    assert words not in live.page.locator(".bl-flight-name span").first.inner_text()
    assert [] == live.complaints


def test_a_knob_is_turned_by_keys_pointer_and_number(browser: Browser) -> None:
    """Taps add up to one turn, a drag acts when it ends, a number when it is entered; the cursor tells the value."""
    live, lab = show(browser, EARLY)
    page = live.page
    knob = page.get_by_role("group", name="jitter")
    slider, number = knob.get_by_role("slider"), knob.get_by_role("spinbutton")
    assert ("20000", "20 ms") == (slider.input_value(), slider.get_attribute("aria-valuetext"))

    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert [] == list(lab.branches[lab.branch].actions)  # not on the way
    page.wait_for_function("() => store.notice")
    live.settle()
    assert SetKnob("jitter", 50_000) == get_last(lab)
    assert 50_000 == lab.timeline.world().transport.settings.jitter
    assert EARLY + 1 == live.do("() => store.cursor")  # Right was not the time's

    box = slider.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=8)
    assert 1 == len(lab.branches[1].actions)
    page.mouse.up()
    live.settle()
    assert 2 == len(lab.branches[1].actions)
    assert get_last(lab).value > 480_000

    number.fill("7")
    page.keyboard.press("Enter")
    live.settle()
    assert SetKnob("jitter", 7) == get_last(lab)
    live.do("() => store.goto(0)")
    assert "20000" == slider.input_value()
    assert [] == live.complaints


def test_a_number_that_a_knob_does_not_have_is_refused(browser: Browser) -> None:
    """Python says what it wanted, and the old value stands."""
    live, lab = show(browser, EARLY)
    number = live.page.get_by_role("group", name="jitter").get_by_role("spinbutton")

    number.fill("900000")
    live.page.keyboard.press("Enter")
    live.settle()

    assert "wanted 0 to 500000" in read_notice(live)
    assert [] == list(lab.branches[lab.branch].actions)
    live.page.keyboard.press("Tab")
    assert "20000" == number.input_value()
    assert [] == live.complaints


def test_a_payment_is_made(browser: Browser) -> None:
    """Where somebody has a coin, a peer pays; where nobody has, the reason is told."""
    live, lab = show(browser, 463, story="continents")
    choose_peer(live, "ben")
    press(live, "Send a transaction")
    assert Pay("ben") == get_last(lab)
    assert "ben sent a transaction." == read_notice(live).split(" The old")[0]
    assert "transaction accepted" in live.do(
        "() => [...Array(store.trace.length).keys()].map(row => store.trace.record(row))"
        ".filter(({event}) => event === store.cursor).map(({facts}) => facts.topic)"
    )

    poor, lab = show(browser, EARLY)
    choose_peer(poor, "ann")
    press(poor, "Send a transaction")
    assert "no coin to spend" in read_notice(poor)
    assert [] == list(lab.branches[lab.branch].actions)
    assert [] == live.complaints + poor.complaints


def test_acting_where_nothing_was_seen_keeps_no_branch(browser: Browser) -> None:
    """At the opening event nobody has seen what comes: the future is another one, and there is no old one."""
    lab = Lab("fork_and_heal")
    live = LivePage(browser)
    live.show_live(lab, name="controls", height=900)
    choose_peer(live, "ann")

    press(live, "Mine a block")

    assert (1, "ann mined a block.") == (len(lab.branches), read_notice(live))


def test_without_python_everything_is_shown_and_nothing_can_be_done(browser: Browser) -> None:
    """The kernel dies: one line says so, the buttons stay where they are, and come back with it."""
    live, _ = show(browser, EARLY)
    choose_peer(live, "ann")
    view = live.page.locator(".bl-acting")

    live.do("() => setKernel({status: 'dead'})")
    assert view.get_by_text("Python is not connected").is_visible()
    changing = [button for button in view.locator(".bl-offer").all() if "?" not in button.inner_text()]
    looks = "See the blocks through its eyes"
    assert all(
        button.get_attribute("aria-disabled") == "true" for button in changing if button.inner_text() != looks
    )
    assert view.get_by_role("slider").first.is_disabled()

    live.do("() => setKernel({status: 'idle'})")
    assert not view.get_by_text("Python is not connected").is_visible()
    assert view.get_by_role("button", name="Mine a block").get_attribute("aria-disabled") is None
    assert [] == live.complaints


def test_a_view_that_is_wanted_is_opened(browser: Browser) -> None:
    """The workbench has a button for "Act", which becomes a tab; a lone view opens another one below itself."""
    live, _ = show(browser, EARLY, name="workbench", views=["tree"])
    page = live.page
    page.get_by_role("button", name="Act", exact=True).click()
    assert "true" == page.get_by_role("tab", name="Act").get_attribute("aria-selected")
    assert 0 == page.get_by_role("button", name="Act", exact=True).count()
    assert 0 == page.locator("option[value=controls]").count()
    live.do("() => store.open('bytes')")
    assert "true" == page.get_by_role("tab", name="Bytes").get_attribute("aria-selected")

    lone, _ = show(browser, EARLY, name="tree")
    lone.do("() => store.open('controls')")
    assert lone.page.locator(".bl-below .bl-acting").is_visible()
    lone.page.get_by_role("button", name="Close Act").click()
    assert 0 == lone.page.locator(".bl-below").count()
    assert [] == live.complaints + lone.complaints
