"""A repair is marked in a process of its own: loops end, the key stays shut, the checker stays as it is."""

import pytest
from support.toy_worlds import write_repairs

from blockchain_lab.layers.toy_faulty import FAULTS
from blockchain_lab.teach.capstone import Marked, mark_repair, read_lines


def method(*lines: str) -> str:
    """A class that repairs one thing in this way."""
    body = "".join(f"        {line}\n" for line in lines)
    return f"class Mine(FaultyNode):\n    def get_leader(self, slot):\n{body}"


def test_six_repairs_pass_and_five_do_not() -> None:
    """In the first worlds."""
    five = mark_repair(write_repairs(*FAULTS[1:]), range(3))

    assert Marked(3, 3, "") == mark_repair(write_repairs(), range(3))
    assert not five.is_right
    assert five.reason.startswith("world 0: ")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["while True: pass"], "does not come to an end: stopped after"),
        (
            ["return sum(range(10**14))"],
            "stopped after 0 worlds: ended early (it used up its processor time)",
        ),
        (["return [0] * 10**11"], "raises MemoryError"),
        (["return print(get_private_key('ann'))"], "refused, line 3: `get_private_key` is not known here"),
        (["import blockchain_lab.course.l18_checking"], "refused, line 3: no imports"),
        (["return slot.__class__"], "refused, line 3: `.__class__`"),
    ],
    ids=["loop", "loop in C", "memory", "key", "checker", "around"],
)
def test_harm_is_stopped_or_refused_with_the_reason(lines: list[str], reason: str) -> None:
    """Nothing hangs, nothing is printed, nothing passes."""
    marked = mark_repair(method(*lines), range(2), seconds=10)

    assert (0, 2) == (marked.right, marked.of)
    assert reason in marked.reason


def test_what_a_notebook_did_to_the_checker_has_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process every world holds and nothing is refused; in the one that marks nothing has changed."""
    monkeypatch.setattr("blockchain_lab.course.l18_checking.find_violations", lambda *a, **b: [])
    monkeypatch.setattr("blockchain_lab.course.l18_submission.check_method", lambda method: None)
    monkeypatch.setattr("blockchain_lab.course.l18_checking.WORLDS", 0)

    assert mark_repair("class Mine(FaultyNode): pass", range(1)).reason.startswith("world 0: ")
    assert "refused" in mark_repair(method("import os"), range(1)).reason


@pytest.mark.parametrize(
    ("lines", "problem", "marked"),
    [
        ([{"refused": "why"}], "", Marked(0, 2, "why")),
        ([{"seed": 0, "broken": []}], "", Marked(1, 2, "stopped after 1 worlds: it ended early")),
        ([{"seed": 0, "broken": []}] * 2, "signal 9", Marked(2, 2, "stopped after 2 worlds: signal 9")),
        (
            [{"seed": 0, "broken": ["turns"], "sentence": "ann leads."}, {"seed": 1, "broken": []}],
            "",
            Marked(1, 2, "world 0: turns. ann leads."),
        ),
        ([], "", Marked(0, 2, "stopped after 0 worlds: it ended early")),
    ],
)
def test_silence_is_no_success(lines: list, problem: str, marked: Marked) -> None:
    """Of what the process does not tell, nothing is believed."""
    assert marked == read_lines(lines, problem, 2)
    assert not marked.is_right
