"""What went wrong in Python, for a reader who did not run a cell: one plain sentence, and the traceback."""

import traceback
from dataclasses import dataclass
from typing import Final

INNERMOST_FRAMES: Final = -4  # of a traceback: where it happened is what helps
LONGEST: Final = 300  # characters of what an exception says


@dataclass(frozen=True, slots=True)
class Trouble:
    """Shown under every view of a lab; with empty texts: all is well."""

    text: str = ""
    traceback: str = ""


ALL_IS_WELL: Final = Trouble()


def describe_trouble(error: BaseException, where_we_stand: str) -> Trouble:
    """An exception for the reader. `where_we_stand` is the sentence that says what became of the lab.

    What an exception says may be long or, in a learner's class, raise itself: it is cut, and it is caught.
    """
    found = traceback.TracebackException.from_exception(error, limit=INNERMOST_FRAMES)
    said = str(found).strip()
    if len(said) > LONGEST:
        said = f"{said[:LONGEST]}…"
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    stop = "" if what.endswith((".", "!", "?", "…")) else "."
    return Trouble(f"Python raised {what}{stop} {where_we_stand}", "".join(found.format()))


def was_undone(error: BaseException) -> bool:
    """Did a node raise this in the middle of an event, which the lab has then undone (and noted so)?"""
    return bool(getattr(error, "__notes__", ()))
