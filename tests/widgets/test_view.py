"""What `lab.show()` puts into a cell: one carrier for all views, what they need, and words for elsewhere."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from blockchain_lab_widgets import assets, show
from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.view import LAYOUTS, VIEWS, WORKBENCH
from IPython.core.events import EventManager
from support.talking_lab import make_talking_lab
from support.widget_page import PageChannel, types_of

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios import load, names
from blockchain_lab.sim.scenario import Moment


def test_a_new_lab_opens_at_its_poster_with_its_future_computed() -> None:
    """Never an empty t = 0: the scenario says at which event a first look is worth while."""
    lab = make_talking_lab(poster=10)

    lab.show()

    assert 10 == lab.cursor
    assert lab.head > 200


def test_a_lab_that_stands_somewhere_opens_there() -> None:
    """The learner has stepped already: the view shows where they are."""
    lab = make_talking_lab(poster=10)
    lab.step(3)

    lab.show("bar")

    assert 3 == lab.cursor


def test_views_in_all_cells_share_one_carrier() -> None:
    """So they share one store in the page, and one cursor."""
    lab, other = make_talking_lab(), make_talking_lab()

    first, second, third = lab.show("network"), lab.show("tree"), other.show("tree")

    assert first.carrier is second.carrier
    assert first.carrier is not third.carrier


def test_a_fork_is_a_lab_of_its_own() -> None:
    """Two futures are compared side by side: their cursors are two."""
    lab = make_talking_lab()
    first = lab.show("bar")

    second = lab.fork().show("bar")

    assert first.carrier is not second.carrier


def test_vis_travels_once_and_only_for_those_who_draw_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It weighs more than all of our modules together."""
    pages: list[PageChannel] = []
    monkeypatch.setattr(
        Carrier, "open", lambda self: pages.append(PageChannel()) or setattr(self, "comm", pages[-1])
    )
    lab = make_talking_lab()

    lab.show("tree")
    before = types_of(pages[0]).count("library")
    lab.show("network")
    lab.show()

    assert (0, 1) == (before, types_of(pages[0]).count("library"))


def test_several_names_are_a_workbench_with_these() -> None:
    """One name is that view; none is the usual workbench; options go to the page as they are."""
    lab = make_talking_lab()

    assert (WORKBENCH, {}) == (show(lab).name, show(lab).options)
    assert ("tree", {"height": 300}) == (
        show(lab, "tree", height=300).name,
        show(lab, "tree", height=300).options,
    )
    assert {"views": ["tree", "bytes"]} == show(lab, "tree", "bytes").options


def test_an_unknown_view_is_refused_by_name() -> None:
    """A typing mistake fails in the cell, not in the browser's console."""
    with pytest.raises(UsageError, match="no view is called 'trees'; there are address book, bar"):
        make_talking_lab().show("trees")


def test_an_unknown_layout_is_refused_by_name() -> None:
    """Before anything is shown."""
    with pytest.raises(UsageError, match="no layout is called 'star'; there are story, ring"):
        Lab("ping").show("network", layout="star")


@pytest.mark.parametrize("name", ["dan", 3, ["ann"]])
def test_a_lens_of_nobody_is_refused_by_name(name: object) -> None:
    """Who is not in the run has no eyes; the page would silently show everything."""
    with pytest.raises(UsageError, match=r"no peer is called .*; there are ann"):
        Lab("ping").show("network", lens=name)

    assert {"lens": "ann"} == Lab("ping").show("network", lens="ann").options


def test_python_and_the_page_know_the_same_layouts() -> None:
    """A layout that only one of them knows could not be asked for, or would not be there."""
    table = re.search(r"const LAYOUTS = \{(.*?)\n\};", assets.read_module("layouts.js"), re.S)
    assert table is not None

    assert list(LAYOUTS) == re.findall(r"(\w+):", table[1])


def test_python_and_the_page_know_the_same_views() -> None:
    """`views.js` is the list; this one only makes for better errors."""
    text = assets.read_module("views.js")
    table = re.search(r"const VIEWS = \{(.*?)\n\};", text, re.S)
    assert table is not None

    assert sorted([*re.findall(r'^  "?([\w ]+)"?:', table[1], re.M), "bar"]) == sorted(VIEWS)


@pytest.mark.parametrize("options", [{"level": "notes"}, {"keep": 100}])
def test_a_lab_that_forgets_cannot_be_shown(options: dict) -> None:
    """The page needs every record; a large run says so instead of showing half of it."""
    lab = Lab(make_talking_lab().scenario, kinds=make_talking_lab()._own_kinds, **options)

    with pytest.raises(UsageError, match="views need every record"):
        lab.show()


def test_where_no_widget_runs_there_are_a_sentence_and_a_picture() -> None:
    """GitHub, nbviewer and a terminal show them in place of the view."""
    data, metadata = make_talking_lab(title="Five <b>talkers</b>").show("tree")._repr_mimebundle_()

    assert data["text/plain"].startswith(
        "Blockchain Lab, tree of “Five <b>talkers</b>”: 5 peers at event 10 of"
    )
    assert {"application/vnd.jupyter.widget-view+json", "text/plain", "image/png"} == set(data)
    assert metadata["image/png"]["alt"] in data["text/plain"]


class Shell:
    """Stands where IPython's shell stands: which cell runs, and who wants to know of the next one."""

    def __init__(self) -> None:
        self.events = EventManager(self, {"pre_run_cell": lambda info: None})
        self.cell: str | None = None

    def get_parent(self) -> dict[str, Any]:
        """The message by which the front end let a cell run."""
        return {"metadata": {} if self.cell is None else {"cellId": self.cell}}

    def run(self, cell: str | None) -> None:
        """A cell begins."""
        self.cell = cell
        self.events.trigger("pre_run_cell", SimpleNamespace(cell_id=cell))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A notebook."""
    made = Shell()
    monkeypatch.setattr("blockchain_lab_widgets.cells.get_ipython", lambda: made)
    return made


def test_a_cell_that_runs_again_lets_go_of_what_it_showed(shell: Shell) -> None:
    """A learner runs `lab = Lab(...); lab.show()` fifty times: one lab is kept, not fifty."""
    shell.run("one")
    first = make_talking_lab()
    view, carrier = first.show(), first.carrier

    shell.run("one")

    assert [None, None] == [view.comm, carrier.comm]
    assert first.carrier is None
    assert first._subscribers == []


def test_a_lab_that_another_cell_shows_stays(shell: Shell) -> None:
    """Two views, two cells: the carrier goes with the last one, and comes back with the next."""
    lab = make_talking_lab()
    shell.run("one")
    lab.show()
    shell.run("two")
    second = lab.show("tree")

    shell.run("one")
    assert second.carrier is lab.carrier is not None
    assert second.carrier.comm is not None

    shell.run("two")
    assert lab.carrier is None
    assert lab.show("tree").carrier is lab.carrier is not None


def test_a_view_that_no_cell_made_stays(shell: Shell) -> None:
    """Made by a button or a script: nothing runs again that could replace it."""
    shell.run(None)
    view = make_talking_lab().show()

    shell.run(None)
    shell.run("one")

    assert view.comm is not None


def test_closing_twice_is_closing_once() -> None:
    """By hand, and by the cell that runs again."""
    lab = make_talking_lab()
    first, second = lab.show(), lab.show("tree")

    first.close()
    first.close()

    assert (lab.carrier, 1) == (second.carrier, second.carrier.views)


def test_a_story_opens_with_its_own_views() -> None:
    """Those that it names, and all of them exist; a lesson that names others gets those."""
    lab = Lab("kademlia_lookup")
    assert ("network", "dht", "chart", "events") == lab.scenario.views

    assert ["network", "dht", "chart", "events"] == lab.show().options["views"]
    assert ["network", "tree"] == lab.show("network", "tree").options["views"]
    for name in names():
        unknown = set(load(name).views) - set(VIEWS)
        assert not unknown, f"{name} names views that nobody has made"


def test_moments_are_prepared_where_the_lab_is_shown() -> None:
    """They go into the lab, not into one view of it: whoever presents it, in whatever cell, has them."""
    lab = Lab("fork_and_heal")
    moments = [Moment(at=15 * SECOND, caption="The cut"), Moment(event=266, caption="It heals")]

    view = lab.present("tree", "chart", moments=moments)

    assert {"views": ["tree", "chart"], "present": True} == view.options
    assert tuple(moments) == lab.moments
    with pytest.raises(UsageError, match="moment 0: event 9999: the run ends at event"):
        lab.show(moments=[Moment(event=9999, caption="Never")])
