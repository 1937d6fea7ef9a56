"""What a check says of an answer. Plain data, shared by every kind of question; nothing is judged here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How an answer stands. Only WRONG costs a try."""

    OPEN = "open"  # nothing has been answered
    UNCLEAR = "unclear"  # not an answer of the asked form: a text where a number is wanted
    WRONG = "wrong"
    RIGHT = "right"
    NOTED = "noted"  # a prediction: kept, and not judged before the run has been seen


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sentence that explains it. `event` is a place in the run worth replaying."""

    verdict: Verdict
    message: str
    event: int | None = None

    @property
    def is_right(self) -> bool:
        """Did the answer pass?"""
        return self.verdict is Verdict.RIGHT


NOT_ANSWERED = Judgement(Verdict.OPEN, "Put your answer in the cell and run it again.")


def is_blank(answer: Any) -> bool:
    """Is this what an untouched cell holds? `None`, `...`, and an empty text or list are no answer."""
    if isinstance(answer, str):
        return not answer.strip()
    if isinstance(answer, list | tuple | dict | set):
        return not answer
    return answer is None or answer is ...
