"""What a learner hands in: one file with the notebooks, the saved runs, the progress and the name."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.cards import Card
from blockchain_lab.course.learner import FILE as LEARNER
from blockchain_lab.course.learner import GUEST, find_learner
from blockchain_lab.course.progress import FILE as PROGRESS
from blockchain_lab.course.progress import FOLDER, find_progress

SUFFIX: Final = ".lab.zip"
PATTERNS: Final = ("*.ipynb", "*.json", f"{FOLDER}/{PROGRESS}", f"{FOLDER}/{LEARNER}")
LARGEST_FILE: Final = 5_000_000  # bytes; what is larger is no lesson and no saved run
LARGEST: Final = 40_000_000  # bytes of all files together
MOST_FILES: Final = 200
NO_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive


@dataclass(frozen=True, slots=True)
class Handed:
    """The files of one submission, by their names in it."""

    file: str
    files: dict[str, bytes]


def hand_in(folder: str | Path | None = None) -> Card:
    """Write `NAME.lab.zip` beside the lessons, for the lecturer. Save the notebooks first. UsageError."""
    home = find_progress().folder.parent if folder is None else Path(folder)
    learner = find_learner(home)
    files = [path for pattern in PATTERNS for path in sorted(home.glob(pattern)) if path.is_file()]
    target = home / f"{get_file_name(learner.name)}{SUFFIX}"
    left_out = [path.name for path in files if path.stat().st_size > LARGEST_FILE]
    try:
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            for path in files:
                if path.name not in left_out:
                    archive.writestr(
                        ZipInfo(path.relative_to(home).as_posix(), NO_DATE), path.read_bytes(), ZIP_DEFLATED
                    )
    except OSError as problem:
        raise UsageError(f"{target} was not written: {problem.strerror or problem}") from problem
    texts = [f"`{target.name}` holds {len(files) - len(left_out)} files. Send it to your lecturer."]
    if left_out:
        texts.append(f"Too large, and left out: {', '.join(left_out)}.")
    if learner == GUEST:
        texts.append(
            'You are a guest here: say who you are with `i_am("your name")` in a cell, and hand in again.'
        )
    return Card("noted", "●", "Packed", learner.name or "guest", tuple(texts))


def get_file_name(name: str) -> str:
    """A learner's name as a file's: letters and digits of any script, dashes between words."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name).split()) or "guest"


def read_handed(path: Path) -> Handed:
    """A submission's files, unpacked in memory: nothing of it touches the disk. UsageError.

    What is too large or too much is not read, whatever the archive says of itself.
    """
    try:
        if path.suffix == ".ipynb":
            return Handed(path.name, {path.name: path.read_bytes()})
        with ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise UsageError(f"{path.name}: {len(members)} files, wanted {MOST_FILES} at most")
            files: dict[str, bytes] = {}
            for member in members:
                with archive.open(member) as file:
                    files[member.filename] = file.read(LARGEST_FILE + 1)
                if len(files[member.filename]) > LARGEST_FILE or sum(map(len, files.values())) > LARGEST:
                    raise UsageError(f"{path.name}: {member.filename[:80]!r} is too large")
    except (
        OSError,
        BadZipFile,
        RuntimeError,
        NotImplementedError,
        ValueError,
        EOFError,
        zlib.error,
    ) as problem:
        raise UsageError(
            f"{path.name} cannot be read: {problem}"
        ) from problem  # a password, an unknown packing, ...
    return Handed(path.name, files)
