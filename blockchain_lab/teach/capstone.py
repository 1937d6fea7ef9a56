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

from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, Verdict
from blockchain_lab.course.l18_checking import WORLDS
from blockchain_lab.course.l18_repair import Repair
from blockchain_lab.teach.answers import judge_packed
from blockchain_lab.teach.fenced import run_fenced

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


def judge_repair(question: Repair, packed: Any, seed: int) -> Judgement:
    """What a learner's process has told of a repair: its text is played, and nothing else believed."""
    text = packed.get("plain") if isinstance(packed, dict) else None
    if not isinstance(text, str):
        return judge_packed(question, packed, seed)
    try:
        if question.is_untouched(text):
            return NOT_ANSWERED
    except ValueError as problem:
        return Judgement(Verdict.UNCLEAR, str(problem))
    marked = mark_repair(text, question.worlds, method=question.method)
    if marked.is_right:
        return Judgement(Verdict.RIGHT, question.because)
    return Judgement(Verdict.WRONG, f"{marked.right} of {marked.of} worlds hold; {marked.reason}")


def mark_repair(
    text: str, seeds: Sequence[int] = range(WORLDS), *, method: str = "", seconds: int | None = None
) -> Marked:
    """Play worlds with the repairs in a text (`l18_submission.write_source`). Never raises for it.

    method: the one decision that counts, the others being right; all six, if it is empty. seconds: of
    processor time; `SECONDS` if none are given.
    """
    seconds = seconds or SECONDS
    work = {"text": text, "seeds": list(seeds), "method": method, "seconds": seconds}
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
