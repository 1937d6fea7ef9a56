"""The progress file survives several writers, torn lines, newer versions, and disks that refuse."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from blockchain_lab.course import progress as progress_room
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.progress import FOLDER, UNREADABLE, Entry, Progress, find_progress

WRITER = """
import sys
from pathlib import Path
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.progress import Entry, Progress
who = sys.argv[2]
for number in range(40):
    problem = Progress(Path(sys.argv[1])).append(Entry.now("attempt", f"L99.{who}", number, Verdict.WRONG, 7))
    assert problem is None, problem
"""


def attempt(answer: object) -> Entry:
    """A wrong answer to some question."""
    return Entry.now("attempt", "L99.q1", answer, Verdict.WRONG, 7)


def test_one_line_per_attempt(tmp_path: Path) -> None:
    """The folder is made at the first entry; what was written is read back in order."""
    progress = Progress(tmp_path / FOLDER)

    assert [] == progress.read()
    assert not progress.folder.exists()
    assert progress.append(attempt(12)) is None
    assert progress.append(attempt(["a", "ü\n\u2028\ud800"])) is None
    assert [12, ["a", "ü\n\u2028\ud800"]] == [entry.answer for entry in progress.read()]
    assert 2 == len(progress.path.read_text(encoding="utf-8").splitlines())


def test_it_stands_in_the_nearest_parent_that_has_one(tmp_path: Path) -> None:
    """Lessons in sub-folders share their parent.s progress; without one it lies beside the notebook."""
    deep = tmp_path / "lessons" / "week1"
    deep.mkdir(parents=True)

    assert deep / FOLDER == find_progress(deep).folder
    (tmp_path / FOLDER).mkdir()
    assert tmp_path / FOLDER == find_progress(deep).folder
    (tmp_path / "lessons" / FOLDER).mkdir()
    assert tmp_path / "lessons" / FOLDER == find_progress(deep).folder


def test_four_processes_write_at_once(tmp_path: Path) -> None:
    """Two notebooks, and more: no line is lost, torn or mixed with another."""
    folder = tmp_path / FOLDER
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(folder), who], stderr=subprocess.PIPE)
        for who in "abcd"
    ]

    assert [b""] * 4 == [writer.communicate(timeout=60)[1] for writer in writers]
    entries = Progress(folder).read()
    assert 160 == len(entries)
    for who in "abcd":
        assert list(range(40)) == [entry.answer for entry in entries if entry.question == f"L99.{who}"]
    assert not (folder / UNREADABLE).exists()


@pytest.mark.parametrize(
    "broken",
    [
        b'{"kind":"attempt","question":"L99.q1","ans',
        b"\xff\xfe",
        b"[]",
        b'"a text"',
        b'{"format":1}',
        b'{"kind":"attempt","question":7,"answer":1,"verdict":"wrong","seed":7,"at":"","format":1}',
        b'{"kind":"attempt","question":"q","answer":1,"verdict":"excellent","seed":7,"at":"","format":1}',
        b'{"kind":"attempt","question":"q","answer":1,"verdict":["wrong"],"seed":7,"at":"","format":1}',
        b'{"kind":"attempt","question":"q","answer":1,"verdict":"wrong","seed":null,"at":"","format":1}',
        b"[" * 100_000,
    ],
)
def test_a_broken_line_is_kept_aside(tmp_path: Path, broken: bytes) -> None:
    """It hides no other line, it is not lost, and it is moved only once."""
    progress = Progress(tmp_path / FOLDER)
    progress.append(attempt(1))
    with progress.path.open("ab") as file:
        file.write(broken + b"\n")
    progress.append(attempt(2))

    assert [1, 2] == [entry.answer for entry in progress.read()]
    assert [1, 2] == [entry.answer for entry in progress.read()]
    assert broken + b"\n" == (progress.folder / UNREADABLE).read_bytes()
    assert 2 == len(progress.path.read_bytes().splitlines())


def test_a_torn_last_line_does_not_spoil_the_next(tmp_path: Path) -> None:
    """The machine stopped in the middle of a line: the next attempt starts a line of its own."""
    progress = Progress(tmp_path / FOLDER)
    progress.append(attempt(1))
    with progress.path.open("ab") as file:
        file.write(b'{"kind":"att')
    progress.append(attempt(2))

    assert [1, 2] == [entry.answer for entry in progress.read()]


def test_lines_of_a_newer_version_stay_untouched(tmp_path: Path) -> None:
    """Who goes back to an older course does not lose what a newer one wrote."""
    progress = Progress(tmp_path / FOLDER)
    progress.append(attempt(1))
    newer = json.dumps({"format": 2, "anything": "else"}).encode() + b"\n"
    with progress.path.open("ab") as file:
        file.write(newer + b"broken\n")

    assert [1] == [entry.answer for entry in progress.read()]
    assert newer in progress.path.read_bytes()
    assert b"broken\n" == (progress.folder / UNREADABLE).read_bytes()


def test_a_file_in_the_folders_place_is_a_sentence(tmp_path: Path) -> None:
    """Nothing is raised, nothing is overwritten; the sentence says what and where."""
    (tmp_path / FOLDER).write_text("mine", encoding="utf-8")

    problem = Progress(tmp_path / FOLDER).append(attempt(1))

    assert problem is not None
    assert "was not saved: File exists" in problem
    assert str(tmp_path / FOLDER) in problem
    assert "mine" == (tmp_path / FOLDER).read_text(encoding="utf-8")
    assert [] == Progress(tmp_path / FOLDER).read()


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_disk_that_refuses_is_a_sentence(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full, read-only or forbidden: what was there can still be read, broken lines included."""
    progress = Progress(tmp_path / FOLDER)
    progress.append(attempt(1))
    with progress.path.open("ab") as file:
        file.write(b"broken\n")

    def refuse(*arguments: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(progress_room, "FileLock", refuse)
    problem = progress.append(attempt(2))

    assert problem is not None
    assert os.strerror(number) in problem
    assert [1] == [entry.answer for entry in progress.read()]


def test_a_lock_that_is_never_freed_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another notebook hangs while it writes: the lesson waits a moment and goes on."""
    monkeypatch.setattr(progress_room, "LOCK_PATIENCE", 0)
    progress = Progress(tmp_path / FOLDER)
    progress.append(attempt(1))

    with progress_room.FileLock(progress.folder / progress_room.LOCK):
        problem = progress.append(attempt(2))

    assert problem is not None
    assert "another notebook holds it" in problem
