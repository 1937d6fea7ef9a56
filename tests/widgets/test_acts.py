"""What a page may ask of the lab, and what it is told when that cannot be."""

from typing import Any

import pytest
from blockchain_lab_widgets.acts import AFTERMATH
from blockchain_lab_widgets.carrier import Carrier
from support.talking_lab import Stumble, make_talking_lab
from support.widget_page import PageChannel, answer, ask, heads_of, open_page, rest_at, types_of

from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

GRANTED = {"ok": True, "text": ""}
KILL = {"do": "Kill", "peer": "ann", "seen_as": "reset"}
STUMBLE = {"do": "Stumble", "peer": "ann"}


def opened(**values: Any) -> tuple[Lab, Carrier, PageChannel]:
    """A lab that a page shows at event 20, its future computed and not seen."""
    lab = make_talking_lab(**values)
    lab.look_ahead()
    lab.goto(event=20)
    carrier = Carrier(lab)
    return lab, carrier, open_page(carrier)


def troubles(page: PageChannel) -> list[str]:
    """What the views were told to show, one after the other."""
    return [head["text"] for head in heads_of(page) if head["type"] == "error"]


def test_an_act_is_the_next_event_and_all_pages_go_there() -> None:
    """The page stands at 30 and nobody has seen more: the future is replaced, without a branch."""
    lab, carrier, page = opened()

    granted = ask(carrier, "act", action=KILL, cursor=30, furthest=30)

    assert GRANTED == granted
    assert (31, 1, None) == (lab.cursor, len(lab.branches), lab.peer("ann"))
    assert ["records", "messages", "answer"] == types_of(page)
    assert (31, 1) == (heads_of(page)[0]["cursor"], heads_of(page)[0]["epoch"])


def test_acting_in_a_seen_past_begins_a_branch_that_has_a_name() -> None:
    """The reader has played up to 100, went back to 30 and acts: both futures are there to be compared."""
    lab, carrier, page = opened()

    ask(carrier, "act", action=KILL, cursor=30, furthest=100)

    assert (1, 31) == (lab.branch, lab.cursor)
    (told,) = [head["branches"] for head in heads_of(page) if head["type"] == "branches"]
    assert [(None, 0, ""), (0, 30, "Kill ann")] == [
        (branch["parent"], branch["fork"], branch["label"]) for branch in told
    ]


def test_what_an_act_brings_about_is_shown_beyond_the_story_s_end() -> None:
    """At the last event of the story somebody falls silent: the page gets what the others do then."""
    lab, carrier, _ = opened()
    end = lab.head

    ask(carrier, "act", action=KILL, cursor=end, furthest=end)

    assert lab.head > end + 100
    assert lab.scenario.until < lab.trace.time_of(lab.head) <= lab.scenario.until + AFTERMATH


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"do": "Kill", "peer": "zoe"}, "zoe"),
        ({"do": "Fly"}, "action.do: found 'Fly' (text), accepted: Mine, "),
        ({"do": "Kill"}, "action: the key 'peer' is missing"),
        ({}, "action.do"),
        ({"do": "DropMessage", "record": 3}, "in flight"),
        ({"do": "SetKnob", "knob": "speed", "value": 1}, "speed"),
    ],
)
def test_an_impossible_act_is_refused_in_words(action: dict[str, Any], problem: str) -> None:
    """As a cell would refuse it; the lab stays where the reader last rested, and nothing is sent twice."""
    lab, carrier, page = opened()
    digest = lab.digest()

    refused = ask(carrier, "act", action=action, cursor=30, furthest=60)

    assert not refused["ok"]
    assert problem in refused["text"]
    assert (20, 1, digest) == (lab.cursor, len(lab.branches), lab.digest())
    assert ["answer"] == types_of(page)


@pytest.mark.parametrize("seen", [30, 100], ids=["an unseen future", "a seen one"])
def test_a_node_that_raises_undoes_its_event(seen: int) -> None:
    """The reader is told which line failed; the run, its branches and its future are as they were."""
    lab, carrier, page = opened()
    head, digest = lab.head, lab.digest()

    refused = ask(carrier, "act", action=STUMBLE, cursor=30, furthest=seen)

    assert {"ok": False, "text": troubles(page)[0]} == refused
    assert ["Python raised RuntimeError: stumbled. The lab stands at event 20."] == troubles(page)
    assert 'raise RuntimeError("stumbled")' in heads_of(page)[0]["traceback"]
    assert (20, head, 1, digest) == (lab.cursor, lab.head, len(lab.branches), lab.digest())
    assert ["error", "answer"] == types_of(page)


def test_a_lab_whose_node_raised_goes_on() -> None:
    """The very next act is granted, and the trouble goes from the views."""
    lab, carrier, page = opened()
    ask(carrier, "act", action=STUMBLE, cursor=30, furthest=30)

    assert GRANTED == ask(carrier, "act", action=KILL, cursor=30, furthest=30)
    assert "" == troubles(page)[-1]
    assert 31 == lab.cursor


def test_the_same_mistake_twice_is_told_twice() -> None:
    """The reader may have dismissed the first note."""
    _, carrier, page = opened()

    for _ in range(2):
        ask(carrier, "act", action=STUMBLE, cursor=30, furthest=30)

    assert 2 == len([text for text in troubles(page) if "stumbled" in text])


def test_an_act_on_a_run_that_is_no_more_is_refused() -> None:
    """A cell has replaced the future between the reader's look and the click."""
    lab, carrier, _ = opened()
    lab.do(Kill("bob"))

    refused = ask(carrier, "act", action=KILL, cursor=30, furthest=30, epoch=0)

    assert {"ok": False, "text": "the run has changed meanwhile: look again, then act"} == refused
    assert lab.peer("ann") is not None


def test_nobody_acts_in_a_future_that_was_not_computed() -> None:
    """Some networks never come to rest: an event far away would be computed for ever."""
    lab, carrier, _ = opened()

    refused = ask(carrier, "act", action=KILL, cursor=10**9, furthest=0)

    assert f"event 1000000000 has not happened: the run ends at event {lab.head}" == refused["text"]


def test_switching_to_and_fro_keeps_the_moment() -> None:
    """One look at each future at the same time shows what the act has changed."""
    lab, carrier, _ = opened()
    ask(carrier, "act", action=KILL, cursor=30, furthest=100)
    rest_at(carrier, 90, epoch=carrier._epoch)
    moment = lab.now

    assert GRANTED == ask(carrier, "switch", branch=0)
    assert 0 == lab.branch
    assert lab.now <= moment < lab.trace.time_of(lab.cursor + 1)
    ask(carrier, "switch", branch=1)
    assert (1, moment) == (lab.branch, lab.now)


def test_switching_from_the_shared_past_goes_to_where_the_futures_part() -> None:
    """At event 10 both are the same: the first event that differs is shown."""
    lab, carrier, _ = opened()
    ask(carrier, "act", action=KILL, cursor=30, furthest=100)
    ask(carrier, "switch", branch=0)
    ask(carrier, "act", action=KILL | {"peer": "bob"}, cursor=50, furthest=100)
    rest_at(carrier, 10, epoch=carrier._epoch)

    ask(carrier, "switch", branch=1)

    assert (1, 31) == (lab.branch, lab.cursor)


def test_switching_keeps_the_records_before_the_fork() -> None:
    """They are not sent again: the page has them, and a selection among them stays."""
    lab, carrier, page = opened()
    ask(carrier, "act", action=KILL, cursor=30, furthest=100)

    ask(carrier, "switch", branch=0)

    records = [head for head in heads_of(page) if head["type"] == "records"][-1]
    assert records["from"] == records["cut"] == lab.trace.end_of(30)
    assert 0 == records["branch"]


def test_a_branch_that_there_is_not_is_refused() -> None:
    """A page that was asleep may know branches of a run before this one."""
    _, carrier, _ = opened()

    assert "no branch 3 (a whole number); this lab has 0 to 0" == ask(carrier, "switch", branch=3)["text"]


def test_a_reset_opens_as_a_new_lab_opens() -> None:
    """Without the acts, at the poster, with everything the page must know about the new run."""
    lab, carrier, page = opened()
    ask(carrier, "act", action=KILL, cursor=30, furthest=100)
    fresh = make_talking_lab()
    fresh.goto(event=10)

    assert GRANTED == ask(carrier, "reset", seed=None)

    assert (10, 1, fresh.digest()) == (lab.cursor, len(lab.branches), lab.digest())
    told = [head for head in heads_of(page) if head["type"] == "records"][-1]
    assert (10, ["ann", "bob", "cat", "dan", "eve"]) == (told["cursor"], told["peers"])
    assert [] == [head["branches"] for head in heads_of(page) if head["type"] == "branches"][-1]


def test_another_seed_is_told_to_the_page() -> None:
    """64 bits are more than a page's numbers hold, so seeds travel as digits."""
    lab, carrier, page = opened()

    ask(carrier, "reset", seed="18446744073709551615")

    assert 2**64 - 1 == lab.scenario.seed
    told = [head for head in heads_of(page) if head["type"] == "records"][-1]
    assert "18446744073709551615" == told["seed"]


@pytest.mark.parametrize("seed", ["-1", "seven", "1.5", "", "٣", "9" * 5000, "18446744073709551616"])
def test_what_is_no_seed_is_refused(seed: str) -> None:
    """Digits only, and not more than 64 bits; the run stays."""
    lab, carrier, _ = opened()

    refused = ask(carrier, "reset", seed=seed)

    assert refused["text"].startswith("seed: found ")
    assert refused["text"].endswith("wanted a whole number from 0 to 2**64 - 1")
    assert 20 == lab.cursor


def test_a_story_that_cannot_be_told_to_its_end_is_reset_all_the_same() -> None:
    """A node stumbles before the poster: the reader stands before that, and is told."""
    lab = make_talking_lab(story=((20 * MILLISECOND, Stumble("ann")),))
    carrier = Carrier(lab)
    page = open_page(carrier)

    refused = ask(carrier, "reset", seed=None)

    assert not refused["ok"]
    assert "Python raised RuntimeError: stumbled" in troubles(page)[-1]
    assert 0 < lab.cursor == lab.head


def test_two_pages_hear_every_answer_and_know_their_own() -> None:
    """The same lab in two windows: what one does, both see; the request says who asked."""
    lab, carrier, page = opened()

    answer(carrier, act_of("one/0", carrier, cursor=30))
    answer(carrier, act_of("two/0", carrier, cursor=31, epoch=0))

    answers = [(head["request"], head["ok"]) for head in heads_of(page) if head["type"] == "answer"]
    assert [("one/0", True), ("two/0", False)] == answers
    assert 31 == lab.cursor


def act_of(request: str, carrier: Carrier, **place: int) -> dict[str, Any]:
    """A page's wish to kill ann."""
    place = {"cursor": 0, "furthest": 0, "epoch": carrier._epoch} | place
    return {"type": "act", "request": request, "action": KILL, **place}


def test_a_branch_that_one_only_passed_through_is_not_seen_to_its_end() -> None:
    """To the other future and back: what lies behind the cursor may still be replaced without a branch."""
    lab, carrier, _ = opened()
    ask(carrier, "act", action=KILL, cursor=30, furthest=100)

    ask(carrier, "switch", branch=0)
    ask(carrier, "switch", branch=1)
    assert (1, lab.cursor) == (lab.branch, lab.branches[1].seen)
    ask(carrier, "act", action={"do": "Revive", "peer": "ann"}, cursor=lab.cursor, furthest=lab.cursor)

    assert (2, 1) == (len(lab.branches), lab.branch)


def test_an_interrupt_while_the_future_is_computed_is_answered() -> None:
    """What was asked is done when the kernel is stopped; the page hears so, and what stopped."""
    lab, carrier, page = opened()

    def interrupt(**_: Any) -> None:
        raise KeyboardInterrupt

    lab.look_ahead = interrupt  # type: ignore[method-assign]
    granted = ask(carrier, "act", action=KILL, cursor=30, furthest=30)

    assert GRANTED == granted
    assert lab.peer("ann") is None
    assert troubles(page)[-1].startswith("Python raised KeyboardInterrupt.")
