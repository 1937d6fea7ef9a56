"""The learner's progress: one line of JSON per attempt, appended to `.blockchain-lab/progress.jsonl`.

Notebooks may write at the same time, a machine may stop in the middle of a line, a disk may be full or
read-only. So: a lock around every change, lines that cannot be read are kept in a file of their own, and
a progress file that cannot be written never stops a lesson: `append` then answers with a sentence.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from filelock import FileLock, Timeout

from blockchain_lab.course.judgement import Verdict

FOLDER: Final = ".blockchain-lab"
FILE: Final = "progress.jsonl"
ASIDE: Final = "progress.unreadable.jsonl"
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

    def append(self, entry: Entry) -> str | None:
        """Add one entry. None, or a sentence for the learner when it could not be written."""
        line = json.dumps(asdict(entry), separators=(",", ":"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked():
                write_line(self.path, line)
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
                    entries = self._set_aside()
        except (OSError, NotImplementedError, Timeout):
            # No file yet, or a folder that we may read but not lock: then what could be read counts.
            return parse(read_if_possible(self.path))[0]
        return entries

    def _set_aside(self) -> list[Entry]:
        """Move broken lines to their own file. Under the lock; reads again, since others may have written."""
        raw = self.path.read_bytes()
        entries, broken = parse(raw)
        with (self.folder / ASIDE).open("ab") as aside:
            aside.writelines(line + b"\n" for line in broken)
            aside.flush()
            os.fsync(aside.fileno())
        kept = [line for line in raw.splitlines() if line.strip() and line not in broken]
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(b"".join(line + b"\n" for line in kept))
        os.replace(fresh, self.path)
        return entries

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


def write_line(path: Path, line: str) -> None:
    """Append one line in one write. A torn line that a crash left before it is closed off first."""
    with path.open("ab") as file:
        torn = file.tell() > 0 and path.read_bytes()[-1:] != b"\n"
        file.write((b"\n" if torn else b"") + line.encode() + b"\n")
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
