"""A card above a workbench: until the prediction is locked no page gets a record from behind the seal."""

import json
from typing import Any

import pytest
from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.desk import get_desk
from blockchain_lab_widgets.prediction import PredictionCard
from support.widget_page import PageChannel, ask, heads_of, open_page, say_hello

from blockchain_lab.base.errors import UsageError
from blockchain_lab.lab import Lab
from blockchain_lab.study.outcomes import coverage_time
from blockchain_lab.study.predictions import Prediction, number, predict

SEAL = 118  # of fork_and_heal: the next event is the first block's


def ask_reader(lab: Lab | None = None) -> Prediction:
    """How long until five peers have block 1? 1.829 s, at event 151."""
    lab = lab or Lab("fork_and_heal")
    lab.goto(event=SEAL)
    return predict(lab, number("How long?", coverage_time(1, 5), unit="s", least=0, most=5, tolerance=0.5))


def show(said: Prediction, **options: Any) -> tuple[PredictionCard, Carrier, PageChannel]:
    """The card, the lab's carrier, and a page that has just been opened."""
    card = said.show(**options)
    page = open_page(card.carrier)
    say_hello(card.carrier)
    return card, card.carrier, page


def get_told(page: PageChannel) -> list[dict[str, Any]]:
    """The predictions, as the page was told last."""
    found: list[dict[str, Any]] = [
        head["predictions"] for head in heads_of(page) if head["type"] == "predictions"
    ][-1]
    return found


def count_records(page: PageChannel) -> int:
    """How many records the page holds in the end."""
    last = [head for head in heads_of(page) if head["type"] == "records"][-1]
    return int(last["from"] + last["count"])


def test_no_record_from_behind_the_seal_leaves_python() -> None:
    """Whatever a view draws, and whoever reads along in the browser; with the commit the rest follows."""
    said = ask_reader()
    lab = said.lab
    _, carrier, page = show(said)

    assert lab.trace.end_of(SEAL) == count_records(page) < len(lab.trace)
    (told,) = get_told(page)
    assert [None, None] == [told["outcome"], told["verdict"]]

    assert {"ok": True, "text": ""} == ask(carrier, "commit", prediction=told["key"], value=1.5)
    assert (1.5, len(lab.trace)) == (said.guess, count_records(page))
    assert "You said 1.5 s; it was 1.829 s." == get_told(page)[0]["verdict"]["words"]


def test_a_page_that_had_all_of_it_gives_it_back() -> None:
    """The lab was shown before it was asked: the page forgets what lies behind the seal."""
    lab = Lab("fork_and_heal")
    lab.show("tree")
    page = open_page(lab.carrier)
    say_hello(lab.carrier)
    assert len(lab.trace) == count_records(page)

    card = ask_reader(lab).show("bytes")

    last = [head for head in heads_of(page) if head["type"] == "records"][-1]
    assert (lab.trace.end_of(SEAL), 1) == (count_records(page), last["epoch"])
    card.close()
    assert len(lab.trace) == count_records(page)
    assert [] == get_told(page)


def test_outside_the_range_the_page_hears_what_a_cell_would() -> None:
    """By the same words, and nothing is locked."""
    said = ask_reader()
    _, carrier, page = show(said)
    (told,) = get_told(page)
    for value in (45, "soon", [1]):
        with pytest.raises(UsageError) as refused:
            said.commit(value)
        answer = ask(carrier, "commit", prediction=told["key"], value=value)
        assert {"ok": False, "text": str(refused.value)} == answer

    assert not said.is_locked
    said.commit(2)
    again = ask(carrier, "commit", prediction=told["key"], value=1)
    assert "the prediction is locked: found 1, wanted nothing more; again() asks anew" == again["text"]
    gone = ask(carrier, "commit", prediction="nobody", value=1)
    assert "this card is of another run of its cell: it can be read, not answered" == gone["text"]


def test_a_commit_in_a_cell_reaches_the_page() -> None:
    """And what is done to the lab after it: then it was another run."""
    said = ask_reader()
    _, _, page = show(said)
    said.commit(1.5)
    assert (1.5, True) == ((told := get_told(page)[0])["guess"], told["is_same_run"])

    said.lab.reset(seed=8)

    assert not get_told(page)[0]["is_same_run"]


def test_who_acts_predicts_first() -> None:
    """Else the question would be of another run; after the commit it may become one."""
    said = ask_reader()
    lab = said.lab
    _, carrier, page = show(said)
    action = {"do": "Kill", "peer": "cat"}

    refused = ask(carrier, "act", action=action, cursor=SEAL, furthest=SEAL)
    assert "predict first, then act: the run is sealed behind event 118" == refused["text"]
    assert SEAL == lab.cursor
    said.commit(1.5)
    assert ask(carrier, "act", action=action, cursor=SEAL, furthest=SEAL)["ok"]

    assert not get_told(page)[0]["is_same_run"]
    (key,) = [each["key"] for each in get_told(page)]
    assert ask(carrier, "ask again", prediction=key)["ok"]
    (told,) = get_told(page)
    assert (None, True, 1) == (told["guess"], told["is_same_run"], len(told["earlier"]))
    assert (SEAL, lab.trace.end_of(SEAL)) == (lab.cursor, count_records(page))


def test_of_two_open_questions_the_first_seals() -> None:
    """And when it is answered, the second one."""
    first = ask_reader()
    lab = first.lab
    lab.goto(event=SEAL + 20)
    second = predict(lab, number("How long?", lambda _: 1, unit="s", least=0, most=5, tolerance=0))

    first.show()
    second.show(alone=True)
    desk = get_desk(lab)
    assert SEAL == desk.seal
    first.commit(1)
    assert SEAL + 20 == desk.seal
    second.commit(1)
    assert desk.seal is None


def test_showing_an_open_question_goes_to_where_it_is_asked() -> None:
    """A cell has run the lab on; a locked one is shown where the reader stands."""
    said = ask_reader()
    said.lab.run()
    said.show()
    assert SEAL == said.lab.cursor

    said.commit(1)
    said.lab.run()
    end = said.lab.cursor
    said.show()
    assert end == said.lab.cursor


def test_the_card_stands_above_a_workbench_or_alone() -> None:
    """With the named views, or those of the story; an unknown one is refused before anything is shown."""
    said = ask_reader()

    card, alone = said.show("tree", "chart"), said.show(alone=True)

    assert (False, ["tree", "chart"]) == (card.options["alone"], card.options["views"])
    assert alone.options["alone"]
    assert alone.carrier is card.carrier
    with pytest.raises(UsageError, match="no view is called 'trees'"):
        said.show("trees")
    assert 2 == len(get_desk(said.lab)._open)
    for each in (card, alone):
        each.close()
    assert get_desk(said.lab).seal is None


def test_where_no_widget_runs_the_question_is_read() -> None:
    """A saved notebook on the web holds no outcome while nothing is predicted."""
    said = ask_reader()
    card = said.show()

    data, _ = card._repr_mimebundle_()

    assert data["text/plain"].startswith("How long? Not answered yet. Blockchain Lab, prediction of “")
    assert "event 118" in data["text/plain"]
    assert "1.829" not in json.dumps(card.get_state(["options", "name"]))
