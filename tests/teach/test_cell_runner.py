"""A learner's cells run behind fences: a fault costs only itself, what is forbidden does not happen."""

import json
import socket
from pathlib import Path

import pytest

from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.registry import LESSONS
from blockchain_lab.teach.marking import Exam, Mark, Report, judge_all, run_program

L14 = [lesson for lesson in LESSONS if lesson.id == "L14"]
SECONDS = 60
IMPORTS = "from blockchain_lab.course import check"


@pytest.mark.parametrize(
    ("source", "remark"),
    [
        ("while True: pass", "stopped after"),
        ("raise SystemExit(3)", "SystemExit"),
        ("import os; os._exit(3)", "exit code 3"),
        ("x = []\nwhile True: x.append(bytearray(10**9))", "MemoryError"),
        ("1 / 0", "ZeroDivisionError"),
        ("this is no Python", "SyntaxError"),
        ("import subprocess; subprocess.run(['true'])", "not allowed"),
        ("import os; os.system('true')", "not allowed"),
    ],
)
def test_a_cell_that_goes_wrong_costs_only_itself(source: str, remark: str, tmp_path: Path) -> None:
    """What was answered before it stays; and behind it, unless it has ended the whole process."""
    cells = [IMPORTS, 'check("L14.q3", 162_003)', source, 'check("L14.q4", 425)']
    answers, remarks = run_program(cells, tmp_path, 20)
    expected = ["L14.q3"] if "_exit" in source else ["L14.q3", "L14.q4"]

    assert expected == [question for question, _ in answers]
    assert any(remark in each for each in remarks), remarks


def test_a_cell_that_deletes_files_or_asks_the_network_is_stopped(tmp_path: Path) -> None:
    """The file is still there, nobody was called, and the other answers count."""
    home, treasure = tmp_path / "home", tmp_path / "other" / "treasure.txt"
    home.mkdir()
    treasure.parent.mkdir()
    treasure.write_text("still here")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        evil = [
            f"import os; os.remove({str(treasure)!r})",
            f"import shutil; shutil.rmtree({str(treasure.parent)!r})",
            f"open({str(treasure)!r}, 'w')",
            f"import pathlib; pathlib.Path({str(treasure)!r}).unlink()",
            f"import socket; socket.socket().connect(('127.0.0.1', {server.getsockname()[1]}))",
        ]
        answers, remarks = run_program([IMPORTS, *evil, 'check("L14.q4", 425)'], home, SECONDS)

        assert "still here" == treasure.read_text()
        with pytest.raises(TimeoutError):
            server.accept()
    assert [("L14.q4", {"question": "L14.q4", "plain": 425})] == answers
    assert ["os.remove", "shutil.rmtree", "writing", "socket.connect"] == [
        remark.removeprefix("a cell ended with ForbiddenError: ").split()[0] for remark in remarks
    ]  # the second removal is told in the words of the first


def test_a_learner_may_write_in_the_folder_that_marks_them(tmp_path: Path) -> None:
    """A lesson saves a run and reads it again."""
    save = 'from blockchain_lab import Lab\nLab("headers_first").save("mine.json")\nmine = Lab("mine.json")'
    answers, remarks = run_program([IMPORTS, save, 'check("L14.q4", len(mine.names))'], tmp_path, SECONDS)

    assert ([], 6) == (remarks, answers[0][1]["plain"])


def test_a_lesson_may_draw_curves_where_nobody_looks(tmp_path: Path) -> None:
    """A figure wants the environment and caches, which the fences keep; it is not drawn, and no cell ends."""
    draw = (
        "from blockchain_lab.study.curve_plots import draw_curves, plot_curves\n"
        'draw_curves({"ann": [(0, 0), (1, 1)]}, "blocks")\nplot_curves(None, "heights")'
    )
    answers, remarks = run_program([IMPORTS, draw, 'check("L14.q4", 425)'], tmp_path, SECONDS)

    assert [] == remarks
    assert ["L14.q4"] == [question for question, _ in answers]


def test_verdicts_that_a_submission_writes_itself_count_for_nothing(tmp_path: Path) -> None:
    """It finds the pipe and tells what it likes: answers are judged elsewhere."""
    forged = json.dumps({"question": "L14.q3", "verdict": "right", "plain": 1})
    write = f"try: os.write(n, {(forged + chr(10)).encode()!r})\n    except OSError: pass"
    answers, _ = run_program([f"import os\nfor n in range(20):\n    {write}"], tmp_path, SECONDS)
    report = Report("", marks=[Mark(question) for question in L14[0].questions])
    judge_all(report, "lesson", answers, Exam(L14, SECONDS))

    assert ["L14.q3"] == [question for question, _ in answers]
    assert Verdict.WRONG == next(mark.verdict for mark in report.marks if mark.question.id == "L14.q3")
