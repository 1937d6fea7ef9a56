"""Questions that are answered with a short function, and the care that running a learner's code needs.

The function runs in the notebook's own process: it is the learner's own code. What it must not do is
hang the notebook, so it runs on a budget of executed lines: the same on every machine and in any thread,
and no clock. Code of others is graded elsewhere, in a process of its own.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from types import FrameType
from typing import Any, ClassVar, Final

from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, Verdict, is_blank
from blockchain_lab.course.questions import GUEST_SEED, Question

LINE_BUDGET: Final = 200_000  # lines of Python that one call may execute
SHOWN: Final = 70  # characters of a result that a message quotes


class OutOfBudgetError(BaseException):
    """The call has used up its lines. Not an `Exception`: a learner's `except Exception` lets it pass."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call came to: a value, or what was raised."""

    value: Any = None
    raised: BaseException | None = None
    printed: str = ""


@dataclass(frozen=True, kw_only=True)
class Function(Question):
    """A function, judged by what it returns for each of the `cases` (tuples of arguments).

    `answer` and `again` give two reference functions, written differently; the answers of the mistakes
    are functions too: a learner's function that returns what they return has made that mistake.
    """

    name: str  # how messages call it
    cases: tuple[tuple[Any, ...], ...]
    kind: ClassVar[str] = "function"

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """Call it for every case and compare."""
        if is_blank(answer):
            return NOT_ANSWERED
        if not callable(answer):
            problem = f"The function itself is wanted: `{self.name}`, without brackets."
            return Judgement(Verdict.UNCLEAR, problem)
        outcomes = [call(answer, case) for case in self.cases]
        if all(is_untouched(outcome) for outcome in outcomes):
            return NOT_ANSWERED
        right = self.get_values(self.answer(seed))
        if all(
            o.raised is None and is_equal(o.value, value) for o, value in zip(outcomes, right, strict=True)
        ):
            return Judgement(Verdict.RIGHT, self.because)
        return Judgement(Verdict.WRONG, self.explain_outcomes(outcomes, right))

    def get_values(self, function: Callable[..., Any]) -> list[Any]:
        """What a function of our own returns for every case."""
        return [function(*deepcopy(case)) for case in self.cases]

    def explain_outcomes(self, outcomes: list[Outcome], right: list[Any]) -> str:
        """Name a listed mistake, else describe the first case that failed."""
        for mistake in self.mistakes:
            wrong = self.get_values(mistake.answer)
            if all(o.raised is None and is_equal(o.value, w) for o, w in zip(outcomes, wrong, strict=True)):
                return mistake.sentence
        case, outcome = next(
            (case, outcome)
            for case, outcome, value in zip(self.cases, outcomes, right, strict=True)
            if outcome.raised is not None or not is_equal(outcome.value, value)
        )
        return describe(f"{self.name}({', '.join(map(repr, case))})", outcome)

    def get_wrong_answers(self, seed: int) -> Iterator[tuple[Any, str]]:
        """The wrong functions themselves."""
        return ((mistake.answer, mistake.sentence) for mistake in self.mistakes)

    def to_plain(self, answer: Any) -> str:
        """The function's source, if Python still has it."""
        with suppress(OSError, TypeError):
            return inspect.getsource(answer)
        return repr(answer)[:SHOWN]

    def show(self, answer: Any) -> str:
        """Its source."""
        return inspect.getsource(answer)

    def write_answer(self, seed: int) -> str:
        """The reference function's source, under the name that the lesson uses."""
        function = self.answer(seed)
        return inspect.getsource(function).replace(f"def {function.__name__}(", f"def {self.name}(")


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    """Call a learner's function with copies of the arguments, on a budget, and catch all it does."""
    printed = StringIO()
    try:
        with redirect_stdout(printed), line_budget(LINE_BUDGET):
            value = function(*deepcopy(arguments))
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        return Outcome(raised=problem, printed=printed.getvalue())
    return Outcome(value=value, printed=printed.getvalue())


@contextmanager
def line_budget(lines: int) -> Iterator[None]:
    """Within this block, code of this thread may execute so many lines; then OutOfBudgetError."""
    left = lines

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise OutOfBudgetError
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        yield
    finally:
        sys.settrace(before)


def is_untouched(outcome: Outcome) -> bool:
    """Does a function that does this still stand as the lesson left it?"""
    if outcome.raised is not None:
        return isinstance(outcome.raised, NotImplementedError)
    return (outcome.value is None or outcome.value is ...) and not outcome.printed


def is_equal(left: Any, right: Any) -> bool:
    """Equal, and of the same type; a comparison that raises, or answers with an array, is no."""
    try:
        return type(left) is type(right) and bool(left == right)
    except Exception:
        return False


def describe(shown_call: str, outcome: Outcome) -> str:
    """A sentence about a case that failed."""
    if isinstance(outcome.raised, OutOfBudgetError):
        return f"`{shown_call}` does not come to an end: stopped after {LINE_BUDGET:,} lines."
    if outcome.raised is not None:
        return f"`{shown_call}` raises {type(outcome.raised).__name__}: {str(outcome.raised)[:SHOWN]}"
    if outcome.value is None and outcome.printed:
        return f"`{shown_call}` prints its result but returns nothing. Did you forget `return`?"
    if outcome.value is None:
        return f"`{shown_call}` returns nothing. Did you forget `return`?"
    shown = repr(outcome.value)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]} …"
    return f"`{shown_call}` gives {shown}, which is not right yet."
