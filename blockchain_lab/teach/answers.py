"""Answers on their way out of the process in which a learner's code ran: plain data, judged elsewhere.

What such a process says of itself is not believed. It tells answers, not verdicts; a function is told by what
it returned for each case.
"""

import ast
import json
from typing import Any

from blockchain_lab.course.functions import Function, Outcome, OutOfBudgetError, call, safe_repr, safe_str
from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, Verdict, is_blank
from blockchain_lab.course.questions import Question

LONGEST = 10_000  # letters of a value that is passed on


def pack_answer(question: Question, answer: Any) -> dict[str, Any]:
    """An answer as JSON values. Runs the learner's function, and what it returns, on a budget."""
    if isinstance(question, Function) and callable(answer):
        return {"outcomes": [pack_outcome(call(answer, case)) for case in question.cases]}
    try:
        if is_blank(answer):
            return {"blank": True}
        plain = question.to_plain(answer)
        json.dumps(plain, allow_nan=False)
    except KeyboardInterrupt:
        raise
    except BaseException as problem:  # an object of the learner's may raise at any touch
        return {"unclear": safe_str(problem)[:LONGEST]}
    return {"plain": plain}


def pack_outcome(outcome: Outcome) -> dict[str, Any]:
    """What one call came to."""
    if outcome.raised is not None:
        name, text = type(outcome.raised).__name__, safe_str(outcome.raised)
        return {"raised": name, "text": text[:LONGEST], "printed": bool(outcome.printed)}
    return {"value": safe_repr(outcome.value)[:LONGEST], "printed": bool(outcome.printed)}


def judge_packed(question: Question, packed: Any, seed: int) -> Judgement:
    """The judgement of what another process has told. Never raises for what it has told."""
    match packed:
        case {"outcomes": [*outcomes]} if isinstance(question, Function):
            told = [unpack_outcome(outcome) for outcome in outcomes[: len(question.cases)]]
            told += [Outcome()] * (len(question.cases) - len(told))
            return question.judge_outcomes(told, seed)
        case {"plain": plain} if not isinstance(question, Function):
            return question.judge(plain, seed)
        case {"unclear": str(text)}:
            return Judgement(Verdict.UNCLEAR, text)
    return NOT_ANSWERED


def unpack_outcome(packed: Any) -> Outcome:
    """The same outcome, as far as it was plain data; a value that was not is only like itself."""
    printed = "…" if isinstance(packed, dict) and packed.get("printed") is True else ""
    match packed:
        case {"raised": str(name), "text": str(text)}:
            return Outcome(raised=make_error(name, text), printed=printed)
        case {"value": str(text)}:
            try:
                return Outcome(value=ast.literal_eval(text), printed=printed)
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                return Outcome(value=Strange(text), printed=printed)
    return Outcome()


def make_error(name: str, text: str) -> BaseException:
    """An error of that name: only its name and its text are asked for."""
    known = {"OutOfBudgetError": OutOfBudgetError, "NotImplementedError": NotImplementedError}
    return known[name](text) if name in known else type(name, (Exception,), {})(text)


class Strange:
    """A value that is no plain data, shown as it was shown there."""

    def __init__(self, text: str) -> None:
        """`text` is its `repr`."""
        self._text = text

    def __repr__(self) -> str:
        """The same."""
        return self._text
