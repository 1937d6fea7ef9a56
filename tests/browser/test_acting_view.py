"""The view "Act": a partition by list, messages in flight, knobs, and what is left of it without Python."""

import pytest
from playwright.sync_api import Browser, expect
from support.acting_page import ActingPage
from support.held_timers import held_timers

from blockchain_lab.sim.actions import DelayMessage, DropMessage, Heal, Partition, SetKnob

EARLY = 150  # in fork_and_heal: B1 spreads, messages are in flight, nothing is parted yet
PARTED = 250  # the story's own partition stands
COUNT = """() => {  // from now on, how many more listen for the pointer anywhere on the page
  const {addEventListener: add, removeEventListener: remove} = document;
  window.listening = new Set();
  document.addEventListener = (type, listener, ...rest) => {
    if (type === 'pointerdown') listening.add(listener);
    add.call(document, type, listener, ...rest);
  };
  document.removeEventListener = (type, listener, ...rest) => {
    listening.delete(listener);
    remove.call(document, type, listener, ...rest);
  };
}"""


def test_the_network_is_parted_by_list_and_healed(browser: Browser) -> None:
    """Check names on two sides; who stands on one cannot stand on the other; what is parted is told."""
    live = ActingPage(browser, EARLY)
    sides = live.page.locator(".bl-act-side")
    parting = live.page.locator(".bl-act-parting")
    assert "Nothing is parted now." == parting.locator("p").inner_text()
    assert "true" == parting.get_by_role("button", name="Part check").get_attribute("aria-disabled")

    for side, name in ((0, "ann"), (0, "bob"), (1, "bob"), (1, "dan")):
        sides.nth(side).get_by_label(name).check()
    live.press("Part")

    assert Partition(("ann",), ("bob", "dan")) == live.done[-1]
    assert "Parted now: ann from bob and dan." == parting.locator("p").inner_text()
    assert [True, False] == [sides.nth(side).get_by_label("ann").is_checked() for side in (0, 1)]

    live.press("Heal")
    assert Heal() == live.done[-1]
    assert "Nothing is parted now." == parting.locator("p").inner_text()
    assert [] == live.complaints


def test_a_partition_of_the_story_is_shown_at_the_cursor(browser: Browser) -> None:
    """The story itself parts the network: the boxes say whom, and say nothing before."""
    live = ActingPage(browser, PARTED)
    boxes = live.page.locator(".bl-act-side input")

    assert [True] * 3 + [False] * 6 + [True] * 3 == [box.is_checked() for box in boxes.all()]
    live.do(f"() => store.goto({EARLY})")
    assert not any(box.is_checked() for box in boxes.all())


@pytest.mark.parametrize(("button", "kind"), [("Drop it", DropMessage), ("Delay it by 1 s", DelayMessage)])
def test_a_message_in_flight_is_dropped_or_delayed(browser: Browser, button: str, kind: type) -> None:
    """The first in the list: afterwards it is lost, or arrives a second later."""
    live = ActingPage(browser, EARLY)
    row = live.page.locator(".bl-flight").first
    words = row.locator(".bl-flight-name span").inner_text()
    before = live.do("() => store.trace.flying(store.trace.timeOf(store.cursor)).map(({sent}) => sent)")

    live.press(f"{button}: {words}")

    done = live.done[-1]
    assert isinstance(done, kind)
    assert done.record in before
    fates = [record for record in live.lab.trace if record.cause == done.record]
    if kind is DropMessage:
        assert [] == fates
        assert "DROP" in [record.kind.name for record in live.lab.records]
    else:
        assert 1 == len(fates)
        assert fates[0].at >= live.lab.now + 900_000
    assert words not in live.page.locator(".bl-flight-name span").first.inner_text()
    assert [] == live.complaints


def test_a_menu_under_a_button_goes_when_its_view_goes(browser: Browser) -> None:
    """Another tab is opened by a key or a link: no menu, and nobody who still listens for the pointer."""
    live = ActingPage(browser, name="workbench", views=["controls", "events"])
    menu = live.page.locator(".bl-menu")
    ask = live.page.locator(".bl-acting").get_by_role("button", name="Mine a block at …")
    live.do(COUNT)
    ask.click()
    expect(menu).to_have_count(1)
    assert 1 == live.do("() => listening.size")

    live.do("() => store.open('events')")
    expect(menu).to_have_count(0)
    assert 0 == live.do("() => listening.size")

    live.do("() => store.open('controls')")
    ask.click()
    live.do("() => document.querySelector('.bl-menu').remove()")  # as when a cell's output is cleared
    live.page.mouse.click(5, 5)
    assert 0 == live.do("() => listening.size")
    assert [] == live.complaints


def test_a_knob_is_turned_by_keys_pointer_and_number(browser: Browser) -> None:
    """Taps add up to one turn, a drag acts when it ends, a number when it is entered."""
    live = ActingPage(browser, EARLY)
    page = live.page
    knob = page.get_by_role("group", name="jitter")
    slider, number = knob.get_by_role("slider"), knob.get_by_role("spinbutton")
    assert ("20000", "20 ms") == (slider.input_value(), slider.get_attribute("aria-valuetext"))

    slider.focus()
    with held_timers(page):
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        assert () == live.done  # not on the way
    page.wait_for_function("() => store.notice")
    live.settle()
    assert SetKnob("jitter", 50_000) == live.done[-1]
    assert 50_000 == live.lab.timeline.world().transport.settings.jitter
    assert EARLY + 1 == live.do("() => store.cursor")  # Right was not the time's

    box = slider.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=8)
    assert 1 == len(live.lab.branches[1].actions)
    page.mouse.up()
    live.settle()
    assert 2 == len(live.lab.branches[1].actions)
    assert live.done[-1].value > 480_000

    number.fill("7")
    page.keyboard.press("Enter")
    live.settle()
    assert SetKnob("jitter", 7) == live.done[-1]
    live.do("() => store.goto(0)")
    assert "20000" == slider.input_value()
    assert [] == live.complaints


def test_a_number_that_a_knob_does_not_have_is_refused(browser: Browser) -> None:
    """Python says what it wanted, and the old value stands."""
    live = ActingPage(browser, EARLY)
    number = live.page.get_by_role("group", name="jitter").get_by_role("spinbutton")

    number.fill("900000")
    live.page.keyboard.press("Enter")
    live.settle()

    assert "wanted 0 to 500000" in live.notice
    assert () == live.done
    live.page.keyboard.press("Tab")
    assert "20000" == number.input_value()
    assert [] == live.complaints


def test_without_python_everything_is_shown_and_nothing_can_be_done(browser: Browser) -> None:
    """The kernel dies: one line says so, the buttons stay where they are, and come back with it."""
    live = ActingPage(browser, EARLY)
    live.choose_peer("ann")
    view = live.page.locator(".bl-acting")

    live.do("() => setKernel({status: 'dead'})")
    assert view.get_by_text("Python is not connected").is_visible()
    changing = [button for button in view.locator(".bl-offer").all() if "?" not in button.inner_text()]
    looks = ("See the run as ann", "See the blocks through its eyes")
    assert all(
        button.get_attribute("aria-disabled") == "true"
        for button in changing
        if button.inner_text() not in looks
    )
    assert view.get_by_role("slider").first.is_disabled()

    live.do("() => setKernel({status: 'idle'})")
    assert not view.get_by_text("Python is not connected").is_visible()
    assert view.get_by_role("button", name="Mine a block").get_attribute("aria-disabled") is None
    assert [] == live.complaints
