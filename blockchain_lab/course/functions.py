"""Questions that are answered with a short function, and the care that running a learner's code needs.

The function runs in the notebook's own process: it is the learner's own code. What it must not do is
hang the notebook, so it runs on a budget of executed lines and steps: no clock, and the same in any
thread. What it returns may be an object of the learner's, whose methods are run with the same care. Code of
others is graded elsewhere, in a process of its own.
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
STEP_BUDGET: Final = 4_000_000  # instructions of Python's machine: `while True: pass` starts no new line
SHOWN: Final = 70  # characters of a result that a message quotes


class OutOfBudgetError(BaseException):
    """The call has used up its budget. Not an `Exception`: a learner's `except Exception` lets it pass."""


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
    numbers: str = "The numbers"  # what messages call the whole numbers that it returns
    kind: ClassVar[str] = "function"

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """Call it for every case and compare."""
        if is_blank(answer):
            return NOT_ANSWERED
        if not callable(answer):
            problem = f"The function itself is wanted: `{self.name}`, without brackets."
            return Judgement(Verdict.UNCLEAR, problem)
        return self.judge_outcomes([call(answer, case) for case in self.cases], seed)

    def judge_outcomes(self, outcomes: list[Outcome], seed: int = GUEST_SEED) -> Judgement:
        """The judgement of what came of all cases, in their order."""
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
        if has_float(outcome.value):
            return f"{self.numbers} are whole numbers: use `//` instead of `/`."
        return describe(f"{self.name}({', '.join(map(repr, case))})", outcome)

    def get_wrong_answers(self, seed: int) -> Iterator[tuple[Any, str]]:
        """The wrong functions themselves."""
        return ((mistake.answer, mistake.sentence) for mistake in self.mistakes)

    def to_plain(self, answer: Any) -> str:
        """The function's source, if Python still has it."""
        with suppress(Exception):
            return inspect.getsource(answer)
        return safe_repr(answer)[:SHOWN]

    def show(self, answer: Any) -> str:
        """Its source."""
        return inspect.getsource(answer)

    def write_answer(self, seed: int) -> str:
        """The reference function's source, under the name that the lesson uses."""
        function = self.answer(seed)
        return inspect.getsource(function).replace(f"def {function.__name__}(", f"def {self.name}(")


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    """Call a learner's function with copies of the arguments, on a budget, and catch all it does."""
    return call_in_place(function, *deepcopy(arguments))


def call_in_place(function: Callable[..., Any], *arguments: Any) -> Outcome:
    """The same with the arguments themselves."""
    printed = StringIO()
    try:
        with redirect_stdout(printed), budget():
            value = function(*arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        return Outcome(raised=problem, printed=printed.getvalue())
    return Outcome(value=value, printed=printed.getvalue())


@contextmanager
def budget(lines: int = LINE_BUDGET, steps: int = STEP_BUDGET) -> Iterator[None]:
    """Within this block, code of this thread may execute so many lines and steps; then OutOfBudgetError."""
    lines_left, steps_left = lines, steps

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal lines_left, steps_left
        frame.f_trace_opcodes = True
        lines_left -= event == "line"
        steps_left -= event == "opcode"
        if lines_left < 0:
            raise OutOfBudgetError(f"{lines:,} lines")
        if steps_left < 0:
            raise OutOfBudgetError(f"{steps:,} steps")
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
    """Equal, and of the same type, and so are all parts; a comparison that raises is no."""
    if type(left) is not type(right):
        return False
    try:
        if isinstance(left, list | tuple):
            return len(left) == len(right) and all(map(is_equal, left, right))
        if isinstance(left, dict):
            same_keys = {(type(key), key) for key in left} == {(type(key), key) for key in right}
            return same_keys and all(is_equal(left[key], right[key]) for key in left)
        return bool(left == right)
    except Exception:
        return False


def has_float(value: Any) -> bool:
    """Is this a number with a decimal point, or a list that holds one?"""
    if isinstance(value, list | tuple):
        return any(isinstance(part, float) for part in value)
    return isinstance(value, float)


def safe_repr(value: Any) -> str:
    """`repr` of a learner's object, which may raise or never end: then only its type."""
    return write_safely(repr, value)


def safe_str(value: Any) -> str:
    """`str` of a learner's object, with the same care."""
    return write_safely(str, value)


def write_safely(write: Callable[[Any], str], value: Any) -> str:
    """What `write` makes of the value, or only the name of the value's type."""
    outcome = call_in_place(write, value)
    return outcome.value if isinstance(outcome.value, str) else f"<{type(value).__name__}>"


def describe(shown_call: str, outcome: Outcome) -> str:
    """A sentence about a case that failed."""
    if isinstance(outcome.raised, OutOfBudgetError):
        return f"`{shown_call}` does not come to an end: stopped after {safe_str(outcome.raised)}."
    if outcome.raised is not None:
        return f"`{shown_call}` raises {type(outcome.raised).__name__}: {safe_str(outcome.raised)[:SHOWN]}"
    if outcome.value is None and outcome.printed:
        return f"`{shown_call}` prints its result but returns nothing. Did you forget `return`?"
    if outcome.value is None:
        return f"`{shown_call}` returns nothing. Did you forget `return`?"
    shown = safe_repr(outcome.value)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]} …"
    return f"`{shown_call}` gives {shown}, which is not right yet."
