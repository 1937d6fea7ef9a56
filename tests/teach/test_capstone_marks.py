"""A class that a learner repairs is handed in as text, and marked in a process of its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l18_others import write_reference
from blockchain_lab.course.l18_tasks import LEADER, SETTLE, WHOLE
from blockchain_lab.course.registry import LESSONS
from blockchain_lab.teach.capstone import judge_repair
from blockchain_lab.teach.edition import fill_in
from blockchain_lab.teach.marking import Exam, Mark, Report, judge_all, run_program

L18 = [lesson for lesson in LESSONS if lesson.id == "L18"]
SECONDS = 60
QUICK = replace(SETTLE, worlds=(0,))
IMPORTS = """from blockchain_lab.course import check
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.layers.toy_messages import Block"""
STUB = """class Settled(FaultyNode):
    def settle(self, block: Block) -> None:
        ...  # your answer


check("L18.q5", Settled)"""
PATCHED = """from blockchain_lab.course import l18_checking
l18_checking.find_violations = lambda *a, **b: []
l18_checking.WORLDS = 0"""


def mark(*cells: str, folder: Path) -> Mark:
    """What a submission of these cells gets for its first repair."""
    answers, remarks = run_program([IMPORTS, *cells], folder, SECONDS)
    report = Report("ann", marks=[Mark(QUICK)])
    judge_all(report, "lesson", answers, Exam(L18, SECONDS))
    assert [] == remarks
    return report.marks[0]


def test_a_repair_in_a_cell_is_marked_by_its_text(tmp_path: Path) -> None:
    """Written behind the blank, as the teacher's edition has it; the blank itself is no answer."""
    assert Verdict.RIGHT == mark(fill_in(STUB, SETTLE, 7), folder=tmp_path).verdict
    assert Verdict.OPEN == mark(STUB, folder=tmp_path).verdict


def test_a_cell_that_changes_the_checker_gains_nothing(tmp_path: Path) -> None:
    """There nothing fails any more; where it is marked nothing has changed."""
    wrong = STUB.replace("...", "del self.pending[block.name]")
    marked = mark(PATCHED, wrong, folder=tmp_path)

    assert Verdict.WRONG == marked.verdict
    assert "0 of 1 worlds hold; world 0: stands" in marked.message


@pytest.mark.parametrize(
    ("body", "verdict", "words"),
    [
        ("return sum(range(10**14))", Verdict.WRONG, "used up its processor time"),
        ("return print(open('key'))", Verdict.UNCLEAR, "`open` is not known here"),
        ("import os", Verdict.UNCLEAR, "no imports"),
        ("...", Verdict.OPEN, ""),
    ],
    ids=["loop in C", "key", "import", "blank"],
)
def test_what_is_told_of_a_repair_is_only_text(
    body: str, verdict: Verdict, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused or stopped with the reason; never played in this process."""
    text = f"class Mine(FaultyNode):\n    def get_leader(self, slot):\n        {body}\n"
    monkeypatch.setattr("blockchain_lab.teach.capstone.SECONDS", 5)
    judgement = judge_repair(replace(LEADER, worlds=(0,)), {"plain": text}, 7)

    assert verdict == judgement.verdict
    assert words in judgement.message


@pytest.mark.parametrize("packed", [None, 7, {}, {"plain": None}, {"verdict": "right"}, {"unclear": "no"}])
def test_what_is_no_text_is_never_right(packed: Any) -> None:
    """Whatever the process says."""
    assert judge_repair(WHOLE, packed, 7).verdict in (Verdict.OPEN, Verdict.UNCLEAR)


def test_only_the_asked_method_counts() -> None:
    """The repair of one decision, with the others right, in the marking process too."""
    one = {"plain": write_reference("get_leader")}

    assert judge_repair(replace(LEADER, worlds=(0,)), one, 7).is_right
    assert "world 0: " in judge_repair(replace(WHOLE, worlds=(0,)), one, 7).message
