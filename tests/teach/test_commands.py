"""The lecturer's commands, as they are typed."""

from pathlib import Path

from click.testing import CliRunner, Result
from support.submissions import pack

from blockchain_lab.cli import main

ENTRY = {"kind": "attempt", "verdict": "right", "seed": 5, "at": "", "format": 1}


def run(*arguments: str | Path) -> Result:
    """What a command prints."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_a_folder_is_marked(tmp_path: Path) -> None:
    """Two learners: a row for each, and a page that says why."""
    right, wrong = (
        {**ENTRY, "question": "L14.q4", "answer": 425},
        {**ENTRY, "question": "L14.q4", "answer": 426},
    )
    pack(tmp_path, "5", {}, [right])
    pack(tmp_path, "6", {}, [{**wrong, "seed": 6}])
    result = run("grade", tmp_path, "--csv", tmp_path / "marks.csv", "--html", tmp_path / "marks.html")
    rows = (tmp_path / "marks.csv").read_text().splitlines()

    assert 0 == result.exit_code, result.output
    assert ["5,5,5.lab.zip", "6,6,6.lab.zip"] == [row[:13] for row in rows[1:]]
    assert ["right", "wrong"] == [row.split(",")[rows[0].split(",").index("L14.q4")] for row in rows[1:]]
    assert "<details" in (tmp_path / "marks.html").read_text()


def test_an_empty_folder_is_the_callers_fault(tmp_path: Path) -> None:
    """One line that says what was wanted."""
    result = run("grade", tmp_path)

    assert (1, 1) == (result.exit_code, len(result.output.splitlines()))
    assert "NAME.lab.zip" in result.output


def test_the_answer_key_is_computed_for_a_seed() -> None:
    """Every question of a lesson, with its answer and what is often wrong."""
    result = run("answer-key", "--seed", "7", "--lesson", "L14")

    assert 0 == result.exit_code, result.output
    assert "L14.q4" in result.output
    assert "425" in result.output
    assert "often wrong" in result.output


def test_a_lesson_that_there_is_not_is_named() -> None:
    """And which there are."""
    result = run("answer-key", "--seed", "7", "--lesson", "L99")

    assert 1 == result.exit_code
    assert "L14" in result.output
