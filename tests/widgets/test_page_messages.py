"""Messages that no page of ours would send: they are refused by name, and the lab stays as it is."""

from typing import Any

import pytest
from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.page_messages import SHAPES, check_message
from support.talking_lab import make_talking_lab
from support.widget_page import PageChannel, answer, heads_of, open_page, types_of

from blockchain_lab.base.errors import UsageError
from blockchain_lab.lab import Lab

RIGHT: dict[str, dict[str, Any]] = {
    "hello": {"modules": False, "libraries": [], "epoch": 0, "have": 0, "facts": 0, "messages": 0},
    "rest": {"cursor": 3, "furthest": 3, "selection": None, "epoch": 0, "moves": 0},
    "act": {"request": "1/1", "action": {"do": "Heal"}, "cursor": 3, "furthest": 3, "epoch": 0},
    "switch": {"request": "1/1", "branch": 0},
    "reset": {"request": "1/1", "seed": None},
    "file": {"request": "1/1", "what": "run", "views": ["tree"], "cursor": 3, "selection": None, "epoch": 0},
    "choose": {"request": "1/1", "claim": "ping interval", "era": "today"},
    "commit": {"request": "1/1", "prediction": "a1", "value": 12.5},
    "ask again": {"request": "1/1", "prediction": "a1"},
}
STRANGE = [None, True, -1, 1.5, "12", [], {}, [1], "x" * 10_000]
WRONG = [
    (kind, name, value)
    for kind, fields in RIGHT.items()
    for name in fields
    for value in STRANGE
    if not SHAPES[kind][name][1](value)
]


def opened() -> tuple[Lab, Carrier, PageChannel]:
    """A lab at event 5, and its page."""
    lab = make_talking_lab()
    lab.goto(event=5)
    carrier = Carrier(lab)
    return lab, carrier, open_page(carrier)


def test_the_right_ones_pass() -> None:
    """One of each type."""
    assert list(SHAPES) == list(RIGHT)
    assert list(RIGHT) == [check_message({"type": kind, **fields}) for kind, fields in RIGHT.items()]


@pytest.mark.parametrize(("kind", "name", "value"), WRONG)
def test_a_wrong_field_is_refused_by_name(kind: str, name: str, value: Any) -> None:
    """What was found, where, and what was wanted; not longer than a line or two."""
    with pytest.raises(UsageError, match=f"{kind}.{name}: found .*, wanted ") as refused:
        check_message({"type": kind, **RIGHT[kind], name: value})

    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    "message", [None, 7, "act", [], {}, {"type": None}, {"type": []}, {"type": "teleport"}]
)
def test_what_is_no_message_is_the_page_s_trouble(message: Any) -> None:
    """Nobody can be answered, so all views say it; the lab stays as it is."""
    lab, carrier, page = opened()

    answer(carrier, message)

    (head,) = heads_of(page)
    assert head["text"].startswith("Python raised UsageError: from the page: found ")
    assert head["text"].endswith(" The lab stands at event 5.")
    assert 5 == lab.cursor


def test_a_request_with_a_field_missing_is_answered() -> None:
    """The one that asked waits for an answer."""
    lab, carrier, page = opened()

    answer(carrier, {"type": "act", "request": "1/7", "cursor": 3, "furthest": 3, "epoch": 0})

    wanted = "from the page: act has no action, wanted an object"
    assert [{"type": "answer", "request": "1/7", "ok": False, "text": wanted}] == heads_of(page)
    assert 5 == lab.cursor


def test_a_reader_who_rests_beyond_the_end_rests_at_the_end() -> None:
    """Such a place is not computed: some networks never come to rest."""
    lab, carrier, page = opened()

    answer(carrier, {"type": "rest", **RIGHT["rest"], "cursor": 10**12, "furthest": 10**12})

    assert (lab.head, []) == (lab.cursor, types_of(page))


def test_a_rest_that_crossed_with_a_move_of_python_s_is_ignored() -> None:
    """A cell went to event 9 while the reader's message was on its way: all stand at 9."""
    lab, carrier, page = opened()
    lab.goto(event=9)

    answer(carrier, {"type": "rest", **RIGHT["rest"]})
    assert 9 == lab.cursor

    moves = heads_of(page)[0]["moves"]
    answer(carrier, {"type": "rest", **RIGHT["rest"], "moves": moves})
    assert 3 == lab.cursor


def test_an_unknown_script_is_not_sent() -> None:
    """Another version's page may want one that we do not have."""
    _, carrier, page = opened()
    holdings = {"have": 10**6, "facts": 0, "messages": 10**6}

    answer(carrier, {"type": "hello", **RIGHT["hello"], **holdings, "libraries": ["d3"]})

    assert [] == types_of(page)
