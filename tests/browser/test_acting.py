"""Orders from the page to a real lab: by menus and buttons, and the branches that come of it."""

import pytest
from playwright.sync_api import Browser
from support.acting_page import ActingPage

from blockchain_lab.base.actions import Connect, Disconnect, Mine, Pay
from blockchain_lab.sim.actions import Action, Kill, Partition, Revive, SetLink

EARLY = 150  # in fork_and_heal: B1 spreads, messages are in flight, nothing is parted yet


def test_a_menu_is_opened_with_the_pointer_and_mines_a_block(browser: Browser) -> None:
    """Right click on ann, "Mine a block": her tip moves; the seen future is kept and found again."""
    live = ActingPage(browser, EARLY)
    before = live.lab.peer("ann").chain.tip.hash

    live.page.get_by_role("option", name="ann").click(button="right")
    live.choose("Mine a block")
    live.settle()

    assert Mine("ann") == live.done[-1]
    assert before != live.lab.peer("ann").chain.tip.hash
    assert (EARLY + 1, EARLY + 1) == (live.lab.cursor, live.do("() => store.cursor"))
    assert "ann mined a block. The old future is kept: future 1." == live.notice
    assert 0 == live.page.locator(".bl-menu").count()

    live.do("() => store.switchTo(0)")
    live.settle()
    assert (0, ()) == (live.lab.branch, tuple(live.lab.branches[0].actions))
    assert before == live.lab.peer("ann").chain.tip.hash
    assert [] == live.complaints


def test_a_menu_is_used_with_keys_only(browser: Browser) -> None:
    """Down to bob, the Menu key, into "Kill ...", out and in again; Left and Right are not the time's."""
    live = ActingPage(browser, EARLY)
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

    assert Kill("bob", "silence") == live.done[-1]
    assert live.lab.peer("bob") is None
    assert "listbox" == live.do("() => document.activeElement.getAttribute('role')")
    assert EARLY + 1 == live.do("() => store.cursor")

    keys.press("Shift+F10")
    assert "bob, off" == live.page.get_by_role("menu").get_attribute("aria-label")
    keys.press("Escape")
    assert 0 == live.page.locator(".bl-menu").count()
    assert "listbox" == live.do("() => document.activeElement.getAttribute('role')")
    assert [] == live.complaints


def test_what_is_drawn_has_a_menu(browser: Browser) -> None:
    """A peer in the network by key and by pointer, the link beside it, a block in the tree, empty space."""
    live = ActingPage(browser, EARLY, name="workbench", views=["tree"])
    page = live.page
    ann, bob = (page.locator(".bl-peer").nth(peer).bounding_box() for peer in (0, 1))
    between = [(ann[side] + bob[side]) / 2 + 20 for side in ("x", "y")]

    page.locator(".bl-peer").first.focus()
    page.keyboard.press("ContextMenu")
    titles = [page.get_by_role("menu").get_attribute("aria-label")]
    page.keyboard.press("Escape")
    assert page.locator(".bl-peer").first.evaluate("peer => peer === document.activeElement")
    for place in ([bob["x"] + 20, bob["y"] + 20], between, [between[0] + 60, between[1]]):
        page.mouse.click(*place, button="right")
        titles.append(page.get_by_role("menu").get_attribute("aria-label"))
        page.keyboard.press("Escape")
    page.locator(".bl-tree g[tabindex]").first.focus()
    page.keyboard.press("ContextMenu")
    titles.append(page.get_by_role("menu").get_attribute("aria-label"))

    assert ["ann", "bob", "ann and bob", live.lab.scenario.title, "Block G"] == titles
    assert [] == live.complaints


def test_a_menu_says_why_not_and_does_nothing(browser: Browser) -> None:
    """What cannot be done can be read, with its reason, but not chosen; a click elsewhere closes the menu."""
    live = ActingPage(browser, EARLY, views=["events"], name="workbench")
    live.ask_for_menu(None, 930, 555)
    heal = live.page.get_by_role("menuitem", name="Heal the partition")
    heal.click(force=True)

    assert "Heal the partition\nthere is none" == heal.inner_text()
    assert () == live.done
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
    live = ActingPage(browser, EARLY)
    live.choose_peer(peer)

    live.press(*buttons)

    assert done == live.done[-1]
    assert f"{said} The old future is kept: future 1." == live.notice
    assert [0, 1] == [live.lab.branches[1].parent, live.lab.branch]
    assert [] == live.complaints


def test_a_peer_is_killed_and_revived(browser: Browser) -> None:
    """Off in the list, in the buttons and in Python; then on again, on the same branch."""
    live = ActingPage(browser, EARLY)
    option = live.choose_peer("bob")

    live.press("Kill …", "The others see silence")
    assert live.lab.peer("bob") is None
    assert "bob\noff" == option.inner_text()
    assert "true" == live.page.get_by_role("button", name="Mine a block").get_attribute("aria-disabled")

    live.press("Revive")
    assert Revive("bob") == live.done[-1]
    assert live.lab.peer("bob") is not None
    assert (1, "Revived bob.") == (live.lab.branch, live.notice)
    assert "bob\nB1" == option.inner_text()  # from his disk
    assert [] == live.complaints


def test_a_group_is_parted_and_killed_one_after_another(browser: Browser) -> None:
    """A group is selected, as a lasso does: one partition, then two kills, each an event of its own."""
    live = ActingPage(browser, EARLY)
    live.do("() => store.select('group:1,2')")

    live.press("Part these from the rest")
    assert Partition(("bob", "cat")) == live.done[-1]
    live.press("Kill all")

    assert [Kill("bob"), Kill("cat")] == [action for _, action in live.lab.branches[1].actions[-2:]]
    assert (EARLY + 3, None, None) == (live.lab.cursor, live.lab.peer("bob"), live.lab.peer("cat"))
    assert "Killed bob and cat." == live.notice
    assert [] == live.complaints


def test_a_payment_is_made(browser: Browser) -> None:
    """Where somebody has a coin, a peer pays; where nobody has, the reason is told."""
    live = ActingPage(browser, 463, story="continents")
    live.choose_peer("ben")
    live.press("Send a transaction")
    assert Pay("ben") == live.done[-1]
    assert "ben sent a transaction." == live.notice.split(" The old")[0]
    assert "transaction accepted" in live.do(
        "() => [...Array(store.trace.length).keys()].map(row => store.trace.record(row))"
        ".filter(({event}) => event === store.cursor).map(({facts}) => facts.topic)"
    )

    poor = ActingPage(browser, EARLY)
    poor.choose_peer("ann")
    poor.press("Send a transaction")
    assert "no coin to spend" in poor.notice
    assert () == poor.done
    assert [] == live.complaints + poor.complaints


def test_acting_where_nothing_was_seen_keeps_no_branch(browser: Browser) -> None:
    """At the opening event nobody has seen what comes: the future is another one, and there is no old one."""
    live = ActingPage(browser)
    live.choose_peer("ann")

    live.press("Mine a block")

    assert (1, "ann mined a block.") == (len(live.lab.branches), live.notice)


def test_a_view_that_is_wanted_is_opened(browser: Browser) -> None:
    """The workbench's button "Act" becomes a tab; a lone view opens another one below itself."""
    live = ActingPage(browser, EARLY, name="workbench", views=["tree"])
    page = live.page
    page.get_by_role("button", name="Act", exact=True).click()
    assert "true" == page.get_by_role("tab", name="Act").get_attribute("aria-selected")
    assert 0 == page.get_by_role("button", name="Act", exact=True).count()
    assert 0 == page.locator("option[value=controls]").count()
    live.do("() => store.open('bytes')")
    assert "true" == page.get_by_role("tab", name="Bytes").get_attribute("aria-selected")

    lone = ActingPage(browser, EARLY, name="tree")
    lone.do("() => store.open('controls')")
    assert lone.page.locator(".bl-below .bl-acting").is_visible()
    lone.page.get_by_role("button", name="Close Act").click()
    assert 0 == lone.page.locator(".bl-below").count()
    assert [] == live.complaints + lone.complaints
