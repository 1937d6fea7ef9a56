"""The learner's progress: one line of JSON per attempt, appended to `.blockchain-lab/progress.jsonl`.

Notebooks may write at the same time, a machine may stop in the middle of a line, a disk may be full or
read-only. So: a lock around every change, lines that cannot be read are kept in a file of their own, and
a progress file that cannot be written never stops a lesson: `append` then answers with a sentence.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from filelock import FileLock, Timeout

from blockchain_lab.course.judgement import Verdict

FOLDER: Final = ".blockchain-lab"
FILE: Final = "progress.jsonl"
UNREADABLE: Final = "progress.unreadable.jsonl"
PUT_ASIDE: Final = "progress.before-reset.jsonl"
LOCK: Final = "progress.lock"
LOCK_PATIENCE: Final = 10  # seconds
FORMAT: Final = 1  # lines of a higher format belong to a newer version: kept, not read


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `kind`: attempt, prediction or hint; `answer`: plain data, enough to judge again."""

    kind: str
    question: str
    answer: Any
    verdict: str
    seed: int
    at: str = ""  # UTC, ISO 8601
    format: int = FORMAT

    @classmethod
    def now(cls, kind: str, question: str, answer: Any, verdict: Verdict, seed: int) -> Self:
        """An entry that is made at this moment."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(kind, question, answer, str(verdict), seed, moment)


class Progress:
    """The progress file of one folder of lessons. Holds no entries: other notebooks write too."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the `.blockchain-lab` folder; it is made at the first entry."""
        self.folder = folder
        self.path = folder / FILE

    def append(self, *entries: Entry) -> str | None:
        """Add entries. None, or a sentence for the learner when they could not be written."""
        lines = [json.dumps(asdict(entry), separators=(",", ":")) for entry in entries]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked():
                write_lines(self.path, lines)
        except Timeout:
            return self._complain("another notebook holds it")
        except (OSError, NotImplementedError) as problem:  # the latter: a file system without locks
            return self._complain(getattr(problem, "strerror", None) or str(problem))
        return None

    def read(self) -> list[Entry]:
        """All entries, oldest first; [] if there are none. Lines that cannot be read are moved aside."""
        try:
            entries, broken = parse(self.path.read_bytes())
            if broken:
                with self._locked():
                    self._move(lambda line: bool(parse(line)[1]), UNREADABLE)
                    entries = parse(self.path.read_bytes())[0]
        except (OSError, NotImplementedError, Timeout):
            # No file yet, or a folder that we may read but not lock: then what could be read counts.
            return parse(read_if_possible(self.path))[0]
        return entries

    def put_aside(self, is_unwanted: Callable[[Entry], bool]) -> int:
        """Take entries out of the file, into one of their own. How many there were. OSError, Timeout."""
        if not self.path.exists():
            return 0
        with self._locked():
            return self._move(lambda line: any(map(is_unwanted, parse(line)[0])), PUT_ASIDE)

    def _move(self, is_unwanted: Callable[[bytes], bool], name: str) -> int:
        """Move lines to another file. Under the lock; reads again, since others may have written."""
        lines = [line for line in self.path.read_bytes().splitlines() if line.strip()]
        unwanted = [line for line in lines if is_unwanted(line)]
        with (self.folder / name).open("ab") as other:
            other.writelines(line + b"\n" for line in unwanted)
            other.flush()
            os.fsync(other.fileno())
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(b"".join(line + b"\n" for line in lines if line not in unwanted))
        os.replace(fresh, self.path)
        return len(unwanted)

    def _complain(self, reason: str) -> str:
        return f"Progress was not saved: {reason} ({self.path}). The lesson goes on without it."

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder's lock. Timeout after some seconds, OSError where no lock can be made."""
        with FileLock(self.folder / LOCK, timeout=LOCK_PATIENCE):
            yield


def find_progress(start: Path | None = None) -> Progress:
    """The progress kept nearest above `start` (the notebook's folder unless given), else beside it."""
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir():
            return Progress(folder / FOLDER)
    return Progress(here / FOLDER)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Append lines in one write. A torn line that a crash left before them is closed off first."""
    with path.open("ab") as file:
        torn = file.tell() > 0 and path.read_bytes()[-1:] != b"\n"
        file.write((b"\n" if torn else b"") + "".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())


def parse(raw: bytes) -> tuple[list[Entry], list[bytes]]:
    """The entries in a file, and the lines that are none. Lines of a newer format are neither."""
    entries, broken = [], []
    for line in raw.splitlines():
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            if not is_newer(fields):
                entries.append(check_entry(Entry(**fields)))
        except (ValueError, TypeError, RecursionError):
            broken.append(line)
    return entries, broken


def is_newer(fields: Any) -> bool:
    """Was this line written by a newer version of the course?"""
    return isinstance(fields, dict) and isinstance(fields.get("format"), int) and fields["format"] > FORMAT


def check_entry(entry: Entry) -> Entry:
    """ValueError unless the fields have the right types."""
    texts = (entry.kind, entry.question, entry.verdict, entry.at)
    if not all(isinstance(text, str) for text in texts) or entry.verdict not in set(Verdict):
        raise ValueError(f"not a progress entry: {entry}")
    if not isinstance(entry.seed, int) or entry.format != FORMAT:
        raise ValueError(f"not a progress entry: {entry}")
    return entry


def read_if_possible(path: Path) -> bytes:
    """A file's bytes, or nothing."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
