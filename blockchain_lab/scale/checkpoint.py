"""The file in which a sweep keeps what it has, so that a kill costs only the points that were under way.

JSON lines. The first is the head: what was asked, with a digest. Each further line is one finished point:

    {"checkpoint": 1, "digest": "…", "points": 64, "function": "…", "version": "…", "grid": {…}, "seeds": […]}
    {"point": 17, "answer": {"median": 974, "curve": {"dtype": "<i8", "shape": [3], "values": [1, 2, 3]}}}

Lines are flushed to the disk before they count as written. A kill may tear the last line; then it has no
end, is dropped, and its point is run again. Failed points are not written: a resumed sweep tries them again.
One process at a time: a lock lies beside the file while it is open.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from filelock import FileLock, Timeout

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.sweep_answers import Answer, from_plain, to_plain
from blockchain_lab.scale.sweep_points import Question

FORMAT: Final = 1
LOCK_SUFFIX: Final = ".lock"


class Checkpoint:
    """An open file of one sweep. `answers` holds what it held when it was opened, by point's number.

    A disk that is full later on stops no sweep: what could not be written waits in memory, `trouble` says
    so, and every further `add` tries again.
    """

    def __init__(self, path: str | os.PathLike[str], question: Question, points: int) -> None:
        """Open or begin it. UsageError: another sweep's file, no file of a sweep, not writable, in use."""
        self.path = Path(path)
        self.points = points
        self.answers: dict[int, Answer] = {}
        self.trouble = ""
        self._head = make_line({"checkpoint": FORMAT, "digest": question.get_digest(), "points": points}
                               | question.to_dict())  # fmt: skip
        self._waiting: list[bytes] = []
        self._written = 0  # bytes that are on the disk, whole lines only
        self._lines = 0  # of them
        self._lock = FileLock(f"{self.path}{LOCK_SUFFIX}", timeout=0)
        self._file: BinaryIO | None = None
        try:
            self._open(question)
        except BaseException:
            self.close()
            raise

    def add(self, answers: Mapping[int, Answer]) -> None:
        """Write finished points, and wait until the disk has them. A fault is in `trouble`, not raised."""
        self._waiting += [make_line({"point": point, "answer": to_plain(answer)})
                          for point, answer in answers.items()]  # fmt: skip
        try:
            self._write()
            self.trouble = ""
        except OSError as error:
            self.trouble = (
                f"checkpoint {self.path}: {error.strerror}; it holds {self._lines - 1} finished "
                f"points, {len(self._waiting)} more are in memory only"
            )

    def close(self) -> None:
        """Let go of the file; it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.release()

    def _open(self, question: Question) -> None:
        """Lock, read what is there, cut off a torn line, write the head of a new file."""
        if self.path.exists() and not self.path.is_file():
            raise UsageError(f"checkpoint {self.path}: found something that is no plain file")
        if not self.path.parent.is_dir():
            raise UsageError(f"checkpoint {self.path}: the folder {self.path.parent} does not exist")
        try:
            self._lock.acquire()
            # Unbuffered: a buffer would keep what a full disk has refused, and fail again when it is closed.
            self._file = open(self.path, "r+b" if self.path.exists() else "w+b", buffering=0)  # noqa: SIM115
            content = Path(self.path).read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            if whole:
                self._read(whole.splitlines(), question)
                self._written, self._lines = len(whole), whole.count(b"\n")
            elif not self._head.startswith(content):
                raise UsageError(f"checkpoint {self.path}: found a file that is no checkpoint of a sweep")
            else:
                self._waiting.append(self._head)
            self._write()
        except Timeout:
            raise UsageError(f"checkpoint {self.path}: another sweep is writing it now") from None
        except OSError as error:
            raise UsageError(f"checkpoint {self.path}: cannot be written: {error.strerror}") from None

    def _read(self, lines: list[bytes], question: Question) -> None:
        """Take over the finished points of an earlier run."""
        check_head(self.path, lines[0], question)
        for number, line in enumerate(lines[1:], 2):
            try:
                match json.loads(line):
                    case {"point": int(point), "answer": dict(plain)} if 0 <= point < self.points:
                        self.answers[point] = from_plain(plain)
                    case other:
                        raise ValueError(f"found {str(other)[:60]!r}")
            except (ValueError, TypeError, KeyError) as error:
                raise UsageError(
                    f"checkpoint {self.path}, line {number}: no finished point ({error}); remove the line to "
                    "have its point run again"
                ) from None

    def _write(self) -> None:
        """Put what waits behind what is written. OSError leaves it waiting."""
        assert self._file is not None
        self._file.truncate(self._written)
        self._file.seek(self._written)
        text = memoryview(b"".join(self._waiting))
        done = 0
        while done < len(text):  # a nearly full disk takes a part first
            done += self._file.write(text[done:])
        os.fsync(self._file.fileno())
        self._written += done
        self._lines += len(self._waiting)
        self._waiting.clear()


def make_line(entry: Mapping[str, Any]) -> bytes:
    """One line of the file."""
    return json.dumps(entry, allow_nan=False).encode() + b"\n"


def check_head(path: Path, line: bytes, question: Question) -> None:
    """Does the file answer this question? UsageError says what differs."""
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or "checkpoint" not in head:
        raise UsageError(f"checkpoint {path}: found a file that is no checkpoint of a sweep")
    if head["checkpoint"] != FORMAT:
        raise UsageError(f"checkpoint {path}: found format {head['checkpoint']!r}, wanted {FORMAT}")
    if differences := question.find_differences(head):
        raise UsageError(f"checkpoint {path}: found another sweep's; {'; '.join(differences)}")
    if head.get("digest") != question.get_digest():
        raise UsageError(f"checkpoint {path}: the head's digest does not fit its own words; it was edited")
