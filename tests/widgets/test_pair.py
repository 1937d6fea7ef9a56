"""What `compare(a, b).show()` puts into a cell: both labs, and how they differ, as they are now."""

from typing import Any

import pytest
from blockchain_lab_widgets.pair import PairView

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.study.compare import compare
from blockchain_lab.study.twin import make_twin


@pytest.fixture
def labs() -> tuple[Lab, Lab]:
    """A story, and the same without jitter."""
    lab = Lab("fork_and_heal")
    lab.run()
    return lab, make_twin(lab, {"jitter": 0})


def show(labs: tuple[Lab, Lab], **options: Any) -> PairView:
    """Both in a cell."""
    view = compare(*labs).show(**options)
    assert isinstance(view, PairView)
    return view


def count_records(labs: tuple[Lab, Lab]) -> list[int]:
    """Of each lab."""
    return [len(lab.trace) for lab in labs]


def test_both_labs_and_their_difference_go_to_the_page(labs: tuple[Lab, Lab]) -> None:
    """The comparison names the records of which it is true."""
    view = show(labs, layout="ring")

    a, b = labs
    assert (a.carrier, b.carrier) == (view.carrier, view.other)
    assert ["vis"] == view.libraries
    assert {"layout": "ring"} == view.options
    assert [{"path": "links.jitter", "a": 20_000, "b": 0}] == view.comparison["setUp"]
    assert count_records(labs) == [length for _, length in view.comparison["of"]]


def test_new_labs_open_at_their_poster() -> None:
    """Never an empty t = 0."""
    a, b = Lab("fork_and_heal"), Lab("fork_and_heal")

    view = show((a, b))

    assert a.scenario.poster == a.cursor == b.cursor > 0
    assert [] == view.comparison["divergences"]
    assert view.comparison["until"] > 0


def test_a_lab_that_changes_is_compared_again(labs: tuple[Lab, Lab]) -> None:
    """A learner mines in one of them: what comes of it is in the comparison; both reach as far."""
    a, b = labs
    view = show(labs)
    a.goto(event=10)
    before = view.comparison
    b.goto(event=10)
    assert before is view.comparison

    b.do(Mine("ann"))

    paths = [each["path"] for each in view.comparison["setUp"]]
    assert ["links.jitter", "action"] == paths
    assert count_records(labs) == [length for _, length in view.comparison["of"]]
    assert [a.carrier._epoch, b.carrier._epoch] == [epoch for epoch, _ in view.comparison["of"]]


def test_comparing_does_not_begin_to_compare(labs: tuple[Lab, Lab], monkeypatch: Any) -> None:
    """The shorter run is computed on for it: that is our own doing, and no reason to compare."""
    a, b = labs
    view = show(labs)
    compare_both = view._compare
    steps: list[str] = []

    def compare_once(*pair: Lab) -> Any:
        steps.append("begun")
        result = compare_both(*pair)
        steps.append("done")
        return result

    monkeypatch.setattr(view, "_compare", compare_once)
    before = a.head
    b.run(until=a.trace.time_of(a.head) + 200 * SECOND)

    assert a.head > before
    assert ["begun", "done"] == steps
    assert count_records(labs) == [length for _, length in view.comparison["of"]]


def test_labs_that_cannot_be_compared_any_more_say_why(labs: tuple[Lab, Lab]) -> None:
    """Another seed is another story; with the old one they are compared again."""
    a, _ = labs
    view = show(labs)

    a.reset(9)
    assert ["fault"] == list(view.comparison)
    assert "they differ in seed (9 and 7)" in view.comparison["fault"]

    a.reset(7)
    assert "fault" not in view.comparison


def test_what_a_learners_node_raises_is_told_in_the_page(labs: tuple[Lab, Lab], monkeypatch: Any) -> None:
    """No cell runs when a click brings it about."""
    view = show(labs)

    def fail(*_: Any) -> None:
        raise KeyError("my own node")

    monkeypatch.setattr(view, "_compare", fail)
    labs[1].do(Mine("ann"))

    assert "KeyError" in view.comparison["fault"]
    assert "could not be compared" in view.comparison["fault"]


def test_closing_lets_go_of_both(labs: tuple[Lab, Lab]) -> None:
    """What another cell shows stays; twice is once."""
    a, b = labs
    view = show(labs)
    other = b.show("tree")

    view.close()
    view.close()

    assert (None, 1) == (a.carrier, b.carrier.views)
    assert other.carrier is b.carrier
    assert [] == a._subscribers


def test_a_lab_beside_itself_is_one(labs: tuple[Lab, Lab]) -> None:
    """A typing mistake, or a demonstration: nothing differs, and it closes as well."""
    a, _ = labs
    view = show((a, a))

    assert view.carrier is view.other
    assert [] == view.comparison["divergences"]
    view.close()
    assert a.carrier is None


def test_where_no_widget_runs_there_are_words(labs: tuple[Lab, Lab]) -> None:
    """GitHub and a terminal show what differs and whom it reached."""
    words = show(labs)._repr_mimebundle_()[0]["text/plain"]

    assert words.startswith("Blockchain Lab, two runs of “A cut network mines two chains")
    assert "links.jitter: A 20000, B 0. First divergence at 0.101 s, eve" in words
    assert words.endswith("This is a live view: run the notebook in JupyterLab to play it.")


def test_an_unknown_layout_is_refused_before_anything_is_shown(labs: tuple[Lab, Lab]) -> None:
    """By name, in the cell."""
    with pytest.raises(UsageError, match="no layout is called 'star'"):
        show(labs, layout="star")
    assert getattr(labs[0], "carrier", None) is None
