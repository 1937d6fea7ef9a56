"""Every view and every action once more in a real JupyterLab, by pointer and by keyboard.

What each does in detail is shown on plain pages; here the way is whole: page, channel, kernel and back. The
tests share one notebook, and each begins with the run as it was.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.lesson_page import LessonPage, get_box, served_lessons
from support.small_notebook import address_of, write_notebook

from blockchain_lab.base.actions import Connect, Disconnect, Mine, Pay
from blockchain_lab.sim.actions import Action, Heal, Kill, Partition, Revive, SetKnob, SetLink

EVENT = 463  # of continents: parted, three tips, messages in flight, coins that can be spent
CELLS = (
    f"from blockchain_lab.lab import Lab\nlab = Lab('continents')\nlab.look_ahead()\nlab.goto(event={EVENT})",
    "lab.show('controls', height=620)",
    "lab.show('tree', 'chart', 'bytes', 'why', 'spread', 'lanes', 'events')",
)
BEGIN = f"[lab.reset(), lab.look_ahead(), lab.saw(lab.head), lab.goto(event={EVENT - 1})]"
DONE = "[action for _, action in lab.branches[lab.branch].actions]"
FOCUSED = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
TABS = ["Block tree", "Space-time", "Bytes", "Why?", "Propagation", "Download", "Events"]


@pytest.fixture(scope="module")
def notebook(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LessonPage]:
    """Two pictures of one lab, below their cells."""
    folder: Path = tmp_path_factory.mktemp("learner")
    with served_lessons(folder) as printed:
        write_notebook(folder, "acting.ipynb", *CELLS)
        page = LessonPage(browser, address_of(printed, "lab/tree/acting.ipynb"))
        page.run_all()
        assert [] == page.cell_errors()
        yield page


def view_of(notebook: LessonPage, source: str) -> Locator:
    """The picture below a cell, with the run as it was at first."""
    view = notebook.cell_with(source).locator(".blockchain-lab").first
    place = view.locator(".bl-place").first
    view.focus()
    place.scroll_into_view_if_needed()  # what is not on the screen is not drawn
    notebook.ask_kernel(BEGIN)
    expect(place).to_contain_text(f"{EVENT - 1} /")  # whatever was shown, from here on it is the new run
    notebook.ask_kernel(f"lab.goto(event={EVENT})")
    expect(place).to_contain_text(f"{EVENT} /")
    return view


@pytest.fixture
def act(notebook: LessonPage) -> Locator:
    """The view "Act"."""
    return view_of(notebook, "'controls'")


@pytest.fixture
def bench(notebook: LessonPage) -> Locator:
    """The network, and seven tabs beside it."""
    return view_of(notebook, "'tree', 'chart'")


def walk_to(view: Locator, key: str, words: str) -> None:
    """Press a key until what has the focus begins with these words."""
    keys = view.page.keyboard
    for _ in range(60):
        if (view.page.evaluate(FOCUSED) or "").startswith(words):
            return
        keys.press(key)
    raise AssertionError(f"no way to {words!r} with {key}; the focus is on {view.page.evaluate(FOCUSED)!r}")


def check_done(notebook: LessonPage, *actions: Action) -> None:
    """Python did just this, and stands behind it."""
    notebook.wait_for_kernel(DONE, repr(list(actions)))
    notebook.wait_for_kernel("lab.cursor", str(EVENT + len(actions)))
    assert [] == notebook.complaints


ORDERS = [
    ("ava", ["Mine a block"], Mine("ava")),
    ("kavi", ["Mine 3 blocks"], Mine("kavi", 3)),
    ("ben", ["Send a transaction"], Pay("ben")),
    ("ava", ["Connect to …", "hawa"], Connect("ava", "hawa")),
    ("ava", ["Disconnect from …", "ben"], Disconnect("ava", "ben")),
    ("dora", ["Kill …", "The others see silence"], Kill("dora", "silence")),
    ("ava", ["Cut off from all others"], Partition(("ava",))),
    ("ava", ["Heal the partition"], Heal()),
    ("ava", ["Change its link to …", "ben", "Loss …", "10 %"], SetLink("ava", "ben", loss=100_000)),
]


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
@pytest.mark.parametrize(("peer", "words", "done"), ORDERS, ids=[" ".join(order[1]) for order in ORDERS])
def test_an_order_to_a_peer_reaches_the_kernel(
    notebook: LessonPage, act: Locator, peer: str, words: list[str], done: Action, by: str
) -> None:
    """Choose the peer in the list, press the button, answer what it asks: the same by hand and by keys."""
    names = act.get_by_role("listbox")
    if by == "pointer":
        names.get_by_role("option", name=peer).click()
        act.get_by_role("button", name=words[0], exact=True).click()
        for word in words[1:]:
            act.get_by_role("menuitem", name=word, exact=True).click()
    else:
        names.focus()
        names.press("Home")
        for _ in range(1 + notebook_peers().index(peer)):
            names.press("ArrowDown")
        names.press("Tab")
        walk_to(act, "ArrowDown", words[0])
        act.page.keyboard.press("Enter")
        for word in words[1:]:
            walk_to(act, "ArrowDown", word)
            act.page.keyboard.press("Enter")

    check_done(notebook, done)
    expect(act.locator(".bl-place").first).to_contain_text(f"{EVENT + 1} /")
    expect(act.locator(".bl-notes")).to_contain_text("The old future is kept")


def notebook_peers() -> list[str]:
    """The names, in the order of the list."""
    return ["ava", "ben", "caio", "dora", "emil", "femke", "goran", "hawa", "ines", "jun", "kavi", "lia"]


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_peer_is_killed_and_revived(notebook: LessonPage, act: Locator, by: str) -> None:
    """Off in the list and in Python; then on again, on the same branch."""
    option = act.get_by_role("listbox").get_by_role("option", name="ben")
    option.click()
    for words in (["Kill …", "The others see a reset, soon"], ["Revive"]):
        button = act.get_by_role("button", name=words[0], exact=True)
        button.click() if by == "pointer" else button.press("Enter")
        for word in words[1:]:
            walk_to(act, "ArrowDown", word)
            act.page.keyboard.press("Enter")
        expect(option).to_contain_text("off" if words[1:] else "B")

    check_done(notebook, Kill("ben"), Revive("ben"))


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_the_network_is_parted_by_list(notebook: LessonPage, act: Locator, by: str) -> None:
    """Other names than those of the story's own partition are checked, and parted."""
    sides = [
        act.get_by_role("group", name=name) for name in ("One side", "Other side (none: everybody else)")
    ]
    checks = [(0, "jun", False), (0, "kavi", False), (0, "lia", False), (0, "ava", True), (1, "ben", True)]
    for side, name, wanted in checks:
        box = sides[side].get_by_label(name)
        box.set_checked(wanted) if by == "pointer" else box.press("Space")
    button = act.locator(".bl-act-parting").get_by_role("button", name="Part", exact=False).first
    button.click() if by == "pointer" else button.press("Enter")

    check_done(notebook, Partition(("ava",), ("ben",)))


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
@pytest.mark.parametrize(("words", "kind"), [("Drop it", "DropMessage"), ("Delay it by 1 s", "DelayMessage")])
def test_a_message_in_flight_is_meddled_with(
    notebook: LessonPage, act: Locator, words: str, kind: str, by: str
) -> None:
    """The first in the list, by its menu."""
    message = act.locator(".bl-flight-name").first
    if by == "pointer":
        message.click()
        act.get_by_role("menuitem", name=words, exact=True).click()
    else:
        message.press("Enter")
        walk_to(act, "ArrowDown", words)
        act.page.keyboard.press("Enter")

    notebook.wait_for_kernel(f"[type(action).__name__ for action in {DONE}]", repr([kind]))
    notebook.wait_for_kernel("lab.cursor", str(EVENT + 1))


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_message_in_flight_is_edited(notebook: LessonPage, act: Locator, by: str) -> None:
    """Its bytes are opened, one is typed over, and it is sent instead; a TCP message cannot be doubled."""
    act.locator(".bl-flight-name").first.press("Enter")
    twice = act.get_by_role("menuitem", name="Duplicate it")
    assert "true" == twice.get_attribute("aria-disabled")
    walk_to(act, "ArrowDown", "Edit its bytes")
    act.page.keyboard.press("Enter")
    expect(act.get_by_role("button", name="Stop editing")).to_be_visible()
    if by == "pointer":
        act.locator(".bl-hex [data-at='25']").click()
    else:
        act.page.keyboard.press("ArrowRight")  # from the first byte behind the envelope
    act.page.keyboard.type("a5")
    send = act.get_by_role("button", name="Send it instead")
    send.click() if by == "pointer" else send.press("Enter")

    notebook.wait_for_kernel(f"[type(action).__name__ for action in {DONE}]", "['EditMessage']")
    notebook.wait_for_kernel(f"[position for position, _ in {DONE}[0].flips]", "[25]")


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_knob_is_turned(notebook: LessonPage, act: Locator, by: str) -> None:
    """To its least value: End of the way by pointer, Home by keys."""
    slider = act.get_by_role("group", name="jitter").get_by_role("slider")
    if by == "pointer":
        box = get_box(slider)
        slider.click(position={"x": 1, "y": box["height"] / 2})
    else:
        slider.focus()
        slider.press("Home")

    check_done(notebook, SetKnob("jitter", 0))
    assert "0" == notebook.ask_kernel("lab.timeline.world().transport.settings.jitter")


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_peer_in_the_network_is_selected_and_has_a_menu(
    notebook: LessonPage, bench: Locator, by: str
) -> None:
    """Python knows what is selected; the menu mines."""
    name = {"pointer": "caio", "keyboard": "dora"}[by]  # what is selected is let go when it is chosen again
    peer = bench.locator(".bl-network").get_by_role("option", name=name)
    if by == "pointer":
        box = get_box(peer)
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        bench.page.mouse.click(*middle)
        notebook.wait_for_kernel("lab.selection", repr(f"peer:{name}"))
        bench.page.mouse.click(*middle, button="right")
        bench.page.get_by_role("menuitem", name="Mine a block").click()
    else:
        peer.press("Enter")
        notebook.wait_for_kernel("lab.selection", repr(f"peer:{name}"))
        peer.press("Shift+F10")
        bench.page.keyboard.press("Enter")

    check_done(notebook, Mine(name))


def test_a_lasso_parts_peers(notebook: LessonPage, bench: Locator) -> None:
    """Drawn round Australia's only peer, then the menu that opens there."""
    lia = get_box(bench.locator(".bl-network").get_by_role("option", name="lia"))
    x, y = lia["x"] + lia["width"] / 2, lia["y"] + lia["height"] / 2
    bench.get_by_role("button", name="Lasso").click()
    mouse = bench.page.mouse
    mouse.move(x - 24, y - 24)
    mouse.down()
    for dx, dy in ((24, -24), (24, 24), (-24, 24), (-24, -24)):
        mouse.move(x + dx, y + dy, steps=3)
    mouse.up()
    bench.page.get_by_role("menuitem", name="Cut off from all others").click()

    check_done(notebook, Partition(("lia",)))


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
@pytest.mark.parametrize(
    ("tab", "mark", "selection"),
    [
        ("Block tree", "g[data-name^='block:']", "block:"),
        ("Space-time", ".bl-chart-head", "peer:"),
        ("Propagation", ".bl-receipt", "record:"),
        ("Events", ".bl-event", "record:"),
    ],
)
def test_what_a_view_shows_can_be_selected(
    notebook: LessonPage, bench: Locator, tab: str, mark: str, selection: str, by: str
) -> None:
    """Each view is opened by its tab; what is chosen in it is selected in Python, too."""
    open_tab(bench, tab, by)
    marks = bench.get_by_role("tabpanel", name=tab).locator(mark)
    marks.nth(1).wait_for(state="attached")
    before = notebook.ask_kernel("lab.selection")
    if by == "pointer":
        marks.nth(0).locator("text").first.click() if "Prop" in tab else marks.nth(0).click()
    else:
        marks.nth(1).focus()
        bench.page.keyboard.press("ArrowDown")
        bench.page.keyboard.press("Enter")

    is_selected = f"str(lab.selection).startswith({selection!r}) and lab.selection != {before}"
    notebook.wait_for_kernel(is_selected, "True")
    assert [] == notebook.complaints


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_why_is_asked_and_a_step_is_gone_to(notebook: LessonPage, bench: Locator, by: str) -> None:
    """Of a peer that is chosen in the network: "?", then the first step of the answer."""
    name = {"pointer": "ben", "keyboard": "emil"}[by]
    bench.locator(".bl-network").get_by_role("option", name=name).press("Enter")
    notebook.wait_for_kernel("lab.selection", repr(f"peer:{name}"))
    if by == "pointer":
        bench.get_by_role("tab", name="Why?").click()
    else:
        bench.page.keyboard.press("?")
    answer = bench.get_by_role("tabpanel", name="Why?")
    expect(answer.get_by_role("heading")).to_contain_text(f"Why is {name} on B")
    step = answer.locator(".bl-step-main").first
    step.click() if by == "pointer" else step.press("Enter")

    notebook.wait_for_kernel(f"lab.cursor < {EVENT}", "True")
    assert [] == notebook.complaints


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_its_view(notebook: LessonPage, bench: Locator, tab: str, by: str) -> None:
    """Only the chosen one is drawn, and it keeps up when Python steps."""
    open_tab(bench, tab, by)
    panel = bench.get_by_role("tabpanel", name=tab)
    expect(panel).to_be_visible()

    notebook.ask_kernel("lab.step()")
    expect(bench.locator(".bl-place").first).to_contain_text(f"{EVENT + 1} /")
    expect(panel.locator("[data-drawn]").first).to_have_attribute("data-drawn", str(EVENT + 1))


def open_tab(bench: Locator, tab: str, by: str) -> None:
    """By a click, or with the arrows from the first tab."""
    tabs = bench.get_by_role("tab")
    if by == "pointer":
        bench.get_by_role("tab", name=tab).click()
    else:
        tabs.first.focus()
        tabs.first.press("Home")
        for _ in range(TABS.index(tab)):
            bench.page.keyboard.press("ArrowRight")
    expect(bench.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
