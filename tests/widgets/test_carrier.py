"""The carrier's talk with a page: push first, hello second, batches that may come twice, no echo."""

import asyncio
import json
import threading

import pytest
from blockchain_lab_widgets.carrier import Carrier
from support.paper_lab import PaperLab
from support.widget_page import (
    PageChannel,
    answer,
    buffer_of,
    heads_of,
    open_page,
    rest_at,
    say_hello,
    types_of,
)


class PushedCarrier(Carrier):
    """A carrier whose page is there from the very first message."""

    def open(self) -> None:
        """Called by ipywidgets when the widget is made."""
        self.comm = PageChannel()


def talking_lab(messages: int = 10) -> PaperLab:
    """A lab in which somebody has said something."""
    lab = PaperLab()
    lab.write_talk(messages)
    return lab


def make_carrier(lab: PaperLab) -> tuple[Carrier, PageChannel]:
    """A carrier that has pushed its opening, and a page that hears what comes next."""
    carrier = Carrier(lab)
    return carrier, open_page(carrier)


def facts_in(page: PageChannel, index: int) -> list[dict]:
    """The new facts of a batch of records: the JSON behind the columns."""
    head, buffer = heads_of(page)[index], buffer_of(page, index)
    return json.loads(buffer[head["count"] * (8 + 8 + 4 * 5 + 1) :])


def test_all_is_pushed_before_anybody_asks() -> None:
    """Modules, records, bytes; and the last word, `eager` is false, tells a page that missed them to ask."""
    carrier = PushedCarrier(talking_lab(10))
    page = carrier.comm

    assert ["modules", "records", "messages"] == types_of(page)
    assert {"method": "update", "state": {"eager": False}, "buffer_paths": []} == page.sent[-1][0]
    head = heads_of(page)[1]
    assert (0, 30, 0, 0) == (head["from"], head["count"], head["epoch"], head["opening"])
    assert ["ann", "bob", "cat", "dan", "eve"] == head["peers"]


def test_one_step_sends_only_what_is_new() -> None:
    """The page holds the past already: records, facts and message bytes continue where they ended."""
    lab = talking_lab(10)
    _, page = make_carrier(lab)

    lab.write_talk(1, topic="news")
    lab.tell("records")

    assert ["records"] == types_of(page)  # the ping is an old one: no new bytes
    head = heads_of(page)[0]
    assert (30, 3) == (head["from"], head["count"])
    assert [{"topic": "news", "number": 0}] == facts_in(page, 0)
    assert "peers" not in head


def test_a_loop_of_steps_is_not_a_flood() -> None:
    """Jupyter drops messages beyond a thousand a second, so the steps of one cell come in few batches."""
    lab = talking_lab(1)

    async def cell() -> PageChannel:
        _, page = make_carrier(lab)
        for _ in range(500):
            lab.write_talk(1)
            lab.tell("records")
        await asyncio.sleep(0.1)
        return page

    page = asyncio.run(cell())

    batches = [head for head in heads_of(page) if head["type"] == "records"]
    assert len(batches) < 50
    assert 1503 == batches[-1]["from"] + batches[-1]["count"]


def test_python_moves_the_page_and_hears_no_echo() -> None:
    """`lab.back()` moves every view; where the reader rests moves the lab, which is not told back."""
    lab = talking_lab(10)
    carrier, page = make_carrier(lab)

    lab.goto(event=7)
    rest_at(carrier, 12, selection="peer:bob")

    assert [{"type": "cursor", "cursor": 7}] == heads_of(page)
    assert (12, "peer:bob") == (lab.cursor, carrier.selection)


def test_a_replaced_future_begins_a_new_epoch_where_the_old_one_ends_to_be_true() -> None:
    """Acting in the past changes what follows: the page keeps what both futures share."""
    lab = talking_lab(10)
    _, page = make_carrier(lab)
    lab.replace_future(20)
    lab.write_talk(2, topic="other")
    lab.tell("branch")

    head = heads_of(page)[0]
    assert (1, 20, 20, 6, 20) == (head["epoch"], head["cut"], head["from"], head["count"], head["cursor"])
    assert [{"topic": "other", "number": 0}, {"topic": "other", "number": 1}] == facts_in(page, 0)


def test_the_same_future_again_is_no_new_one() -> None:
    """Going to a branch with the very same records sends nothing."""
    lab = talking_lab(10)
    _, page = make_carrier(lab)

    lab.tell("branch")

    assert [] == heads_of(page)


def test_a_future_that_is_only_cut_is_told_too() -> None:
    """A node that raises undoes its event: the page must forget it."""
    lab = talking_lab(10)
    _, page = make_carrier(lab)
    lab.replace_future(29)

    lab.tell("branch")

    head = heads_of(page)[0]
    assert (1, 29, 29, 0) == (head["epoch"], head["cut"], head["from"], head["count"])


def test_where_a_reader_rested_in_a_future_that_is_no_more_is_ignored() -> None:
    """The message was under way while Python replaced the future."""
    lab = talking_lab(10)
    carrier, _ = make_carrier(lab)
    lab.replace_future(20)
    lab.tell("branch")

    rest_at(carrier, 5, epoch=0)

    assert 20 == lab.cursor


@pytest.mark.parametrize(
    ("epoch", "have", "expected"),
    [(0, 0, (0, 30)), (0, 12, (12, 18)), (0, 30, None), (3, 30, (0, 30))],
    ids=["a reload", "a gap", "nothing missing", "another kernel's epoch"],
)
def test_hello_is_answered_with_what_is_missing(
    epoch: int, have: int, expected: tuple[int, int] | None
) -> None:
    """A page tells what it has and gets the rest, once or twice: asking changes nothing."""
    carrier, page = make_carrier(talking_lab(10))

    say_hello(carrier, epoch=epoch, have=have, facts=1, messages=10)
    say_hello(carrier, epoch=epoch, have=have, facts=1, messages=10)

    found = [(head["from"], head["count"]) for head in heads_of(page)]
    assert [expected, expected] * (expected is not None) == found


def test_hello_brings_modules_scripts_and_bytes_when_asked() -> None:
    """A second page has nothing at all."""
    carrier, page = make_carrier(talking_lab(10))

    nothing = {"epoch": 0, "have": 0, "facts": 0, "messages": 0}
    answer(carrier, {"type": "hello", "modules": True, "libraries": ["vis"], **nothing})

    assert ["modules", "library", "records", "messages"] == types_of(page)


def test_a_long_trace_travels_compressed() -> None:
    """Twenty thousand records as columns are 740 kB; the wire carries a fraction."""
    lab = PaperLab()
    lab.write_talk(7000)
    page = PushedCarrier(lab).comm

    assert heads_of(page)[1]["gzip"]
    assert len(page.sent[1][1][0]) < 7000 * 3 * 37 / 4
    assert {"command", "class", "size", "message", "label"} <= set(facts_in(page, 1)[1])


def test_a_message_delivered_on_another_thread_is_handled_on_the_main_one() -> None:
    """Kernel subshells deliver on their own thread; the lab is touched on the main thread only."""
    lab = talking_lab(10)
    threads = []
    lab.subscribe(lambda change: threads.append(threading.current_thread()))

    async def cell() -> None:
        carrier = Carrier(lab)
        subshell = threading.Thread(target=rest_at, args=(carrier, 12))
        subshell.start()
        subshell.join()
        await asyncio.sleep(0)

    asyncio.run(cell())

    assert [threading.main_thread()] == threads
    assert 12 == lab.cursor


def test_what_goes_wrong_in_a_handler_is_shown_in_the_page() -> None:
    """No cell is running, so the traceback would be seen nowhere."""
    carrier, page = make_carrier(talking_lab(1))

    answer(carrier, {"type": "teleport"})

    (head,) = heads_of(page)
    assert "error" == head["type"]
    assert "KeyError: 'teleport'" in head["text"]
