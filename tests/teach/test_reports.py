"""Marks on paper: a spreadsheet takes them as they are, a page says why, and no name is markup."""

import csv
import io

from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.learner import Learner
from blockchain_lab.course.registry import get_questions
from blockchain_lab.teach.marking import Mark, Report
from blockchain_lab.teach.reports import write_csv, write_html

QUESTIONS = [get_questions()["L14.q3"], get_questions()["L14.q4"]]
RIGHT, WRONG = Verdict.RIGHT, Verdict.WRONG


def make_report(name: str, seed: int, *verdicts: Verdict) -> Report:
    """A learner who was judged so."""
    marks = [
        Mark(question, verdict, f"because `{verdict}`")
        for question, verdict in zip(QUESTIONS, verdicts, strict=True)
    ]
    return Report(f"{name}.lab.zip", Learner(name, seed), marks)


def test_a_row_for_each_learner() -> None:
    """As a lecturer's spreadsheet reads it."""
    reports = [make_report("Ada", 5, RIGHT, RIGHT), make_report("Bob", 6, WRONG, RIGHT)]
    rows = list(csv.DictReader(io.StringIO(write_csv(reports))))

    assert ["Ada", "Bob"] == [row["learner"] for row in rows]
    assert ["100", "50"] == [row["percent"] for row in rows]
    assert ["right", "wrong"] == [row["L14.q3"] for row in rows]


def test_who_shares_a_seed_is_remarked_on() -> None:
    """Two learners of one name, or one who handed in another's folder."""
    rows = list(
        csv.DictReader(
            io.StringIO(write_csv([make_report("Ada", 5, RIGHT, RIGHT), make_report("Bob", 5, WRONG, WRONG)]))
        )
    )

    assert ["the same seed as Bob.lab.zip", "the same seed as Ada.lab.zip"] == [
        row["remarks"] for row in rows
    ]


def test_a_name_is_neither_a_formula_nor_markup() -> None:
    """Whatever learners call themselves."""
    report = make_report("=cmd|' /C calc'!A0<script>alert(1)</script>", 5, RIGHT, WRONG)

    assert list(csv.reader(io.StringIO(write_csv([report]))))[1][0].startswith("'=")
    assert "<script>" not in write_html([report])
    assert "&lt;script&gt;" in write_html([report])


def test_the_page_says_why_and_what_went_wrong_most() -> None:
    """The sentence of the mistake, and how many made it."""
    page = write_html([make_report("Ada", 5, WRONG, RIGHT), make_report("Bob", 6, WRONG, RIGHT)])

    assert "2 times: because <code>wrong</code>" in page
    assert "0 of 2" in page
    assert "✗ wrong" in page


def test_a_class_without_anybody_is_an_empty_table() -> None:
    """A head and no rows."""
    assert 1 == len(write_csv([]).splitlines())
    assert "<tbody>" in write_html([])
