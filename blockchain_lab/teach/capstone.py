"""Marks a repair of the capstone: in how many of the two hundred worlds the invariants hold.

    mark_repair(text)          -> Marked(right=200, of=200, reason="")

The text runs in a process of its own, with limits of time, memory and files (`teach.fences`), and only what
the six rules need is in its reach (`course.l18_submission`). So whatever a learner's notebook did to the
checker, to the table of questions or to the clock has no effect here; a loop without end is stopped; and
whoever asks for more than the rules is refused. The reason is always said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from blockchain_lab.course.l18_checking import WORLDS
from blockchain_lab.teach.marking import run_fenced

SECONDS: Final = 300  # of processor time; two hundred worlds took 45 on one busy core


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of it. `reason` is empty only if everything holds in all worlds."""

    right: int
    of: int
    reason: str

    @property
    def is_right(self) -> bool:
        """Did it pass?"""
        return self.right == self.of and not self.reason


def mark_repair(text: str, seeds: Sequence[int] = range(WORLDS), *, seconds: int = SECONDS) -> Marked:
    """Play all worlds with the repairs in a text (`l18_submission.write_source`). Never raises for it."""
    work = {"text": text, "seeds": list(seeds), "seconds": seconds}
    with TemporaryDirectory(prefix="blockchain-lab-") as folder:
        lines, problem = run_fenced("capstone_runner", work, Path(folder), seconds)
    return read_lines(lines, problem, len(seeds))


def read_lines(lines: Sequence[dict[str, Any]], problem: str, worlds: int) -> Marked:
    """What the process has told. Worlds of which it says nothing do not hold."""
    if lines and "refused" in lines[0]:
        return Marked(0, worlds, str(lines[0]["refused"]))
    right = sum(line.get("broken") == [] for line in lines)
    failed = next((line for line in lines if line.get("broken")), None)
    if failed is not None:
        reason = f"world {failed['seed']}: {failed['broken'][0]}. {failed['sentence']}"
        return Marked(right, worlds, reason)
    if problem or len(lines) < worlds:
        return Marked(right, worlds, f"stopped after {len(lines)} worlds: {problem or 'it ended early'}")
    return Marked(right, worlds, "")
