"""The kinds of question that are answered by a value: a number, a choice, an order.

A question holds no answer. It holds the function that computes it, a second function that computes it
another way (tests compare the two), and the wrong answers that people really give, each with the
sentence that names the mistake. Every function takes the learner's seed; constants ignore it.

Questions that are answered by acting are in `doing`, those answered by code in `functions`.
"""

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import Any, ClassVar

from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, Verdict, is_blank

LARGEST = 10**15  # no question has a larger answer; a float still holds every whole number up to here
GUEST_SEED = 7  # who gives no name plays with this seed: its runs have the golden digests

Compute = Callable[[int], Any]  # seed -> value
_compute = lru_cache(maxsize=1_000)(lambda function, seed: function(seed))


def compute_once(function: Compute, seed: int) -> Any:
    """What a question's function gives for this seed: plain data, a copy. Most play a run, so it is kept."""
    return deepcopy(_compute(function, seed))


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer and the sentence that names it. The answer is a value, or computed from the seed."""

    answer: Any
    sentence: str

    def get_answer(self, seed: int) -> Any:
        """The wrong value for this seed."""
        return compute_once(self.answer, seed) if callable(self.answer) else self.answer


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every kind has: words for the learner, and the two ways to compute the answer.

    `passes` states the pass condition, `because` says why the answer is right, `solution` shows the way
    to it (`{answer}` stands for the computed answer). With `predicted` the learner commits to an answer
    before seeing the run, and answers again after it. With `varies` the answer is read off a run of the
    learner's seed; otherwise it is the same for all. `look_at` finds the event that shows a wrong answer to
    be wrong, in the run that the lesson calls `run`.
    """

    id: str  # "L14.q2"
    title: str
    prompt: str
    passes: str
    hints: tuple[str, str, str]
    because: str
    solution: str
    answer: Compute
    again: Compute  # the same, by other means
    mistakes: tuple[Mistake, ...]
    predicted: bool = False
    varies: bool = False
    run: str = "lab"
    look_at: Compute | None = None  # seed -> event
    kind: ClassVar[str] = ""

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """Judge an answer. Never raises for an answer, whatever it is."""
        if is_blank(answer):
            return NOT_ANSWERED
        try:
            read = self.read(answer)
        except ValueError as problem:
            return Judgement(Verdict.UNCLEAR, str(problem))
        if self.is_same(read, self.get_answer(seed)):
            return Judgement(Verdict.RIGHT, self.because)
        event = None if self.look_at is None else compute_once(self.look_at, seed)
        return Judgement(Verdict.WRONG, self.explain(read, seed), event)

    def get_answer(self, seed: int) -> Any:
        """The right answer for this seed, where it is plain data."""
        return compute_once(self.answer, seed)

    def read(self, answer: Any) -> Any:
        """The answer in its normal form. ValueError with a sentence for the learner when it has none."""
        raise NotImplementedError

    def to_plain(self, answer: Any) -> Any:
        """An answer that could be read, as plain data: enough to judge it again from the progress file."""
        return self.read(answer)

    def is_same(self, left: Any, right: Any) -> bool:
        """Do two answers in normal form count as equal?"""
        return bool(left == right)

    def explain(self, answer: Any, seed: int) -> str:
        """The sentence for a wrong answer: a listed mistake's, else a general one."""
        for mistake in self.mistakes:
            if self.is_same(answer, mistake.get_answer(seed)):
                return mistake.sentence
        return self.explain_unlisted(answer, seed)

    def explain_unlisted(self, answer: Any, seed: int) -> str:
        """What can be said about a wrong answer that nobody foresaw."""
        return "Not that. Add .hint() behind the check for a first hint."

    def get_wrong_answers(self, seed: int) -> Iterator[tuple[Any, str]]:
        """Every listed wrong answer with its sentence: what tests try, and what a lecturer reads."""
        return ((mistake.get_answer(seed), mistake.sentence) for mistake in self.mistakes)

    @property
    def sentences(self) -> list[str]:
        """What the listed wrong answers are told; none of them is computed for it."""
        return [mistake.sentence for mistake in self.mistakes]

    def get_solution(self, seed: int) -> str:
        """The way to the answer, with the answer that this seed gives."""
        return self.solution.replace("{answer}", self.show(self.get_answer(seed)))

    def show(self, answer: Any) -> str:
        """An answer as a person would write it."""
        return str(answer)

    def write_answer(self, seed: int) -> str:
        """The right answer as Python code, to stand where the notebook says `# your answer`."""
        return repr(self.get_answer(seed))


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number, right within `tolerance`. Both are in `unit`."""

    unit: str
    tolerance: float = 0
    kind: ClassVar[str] = "number"

    def read(self, answer: Any) -> float:
        """A number up to LARGEST, either way: `True` and "12" are none, numpy's are."""
        if isinstance(answer, str):
            raise ValueError(f"This is a text, {answer[:40]!r}. Write a number, without quotes or unit.")
        if isinstance(answer, bool) or not isinstance(answer, Real):
            raise ValueError(f"A number is wanted here, found {type(answer).__name__}.")
        try:
            number = int(answer) if isinstance(answer, int) else float(answer)
            is_finite = math.isfinite(number)
        except OverflowError:
            number, is_finite = LARGEST + 1, True
        if not is_finite:
            raise ValueError("A finite number is wanted here.")
        if abs(number) > LARGEST:
            raise ValueError(f"A number of {LARGEST:,} at most is wanted here. Look for a slip in the sum.")
        return number

    def is_same(self, left: Any, right: Any) -> bool:
        """Equal within the tolerance."""
        return bool(abs(left - right) <= self.tolerance)

    def explain(self, answer: Any, seed: int) -> str:
        """The listed mistake that lies nearest, within the tolerance; else a general sentence."""
        by_distance = [(abs(answer - wrong), sentence) for wrong, sentence in self.get_wrong_answers(seed)]
        distance, sentence = min(by_distance, default=(math.inf, ""))
        return sentence if distance <= self.tolerance else self.explain_unlisted(answer, seed)

    def explain_unlisted(self, answer: Any, seed: int) -> str:
        """Recognise a slip of the unit, else say on which side the answer lies."""
        right = self.get_answer(seed)
        for factor in (8, 1_000, 1_000_000, 1_024, 1_048_576):
            if answer and (self.is_same(answer, right * factor) or self.is_same(answer * factor, right)):
                return f"Off by a factor of {factor:,}: mind the unit. The answer is in {self.unit}."
        side = "Too large." if answer > right else "Too small."
        return f"{side} The answer is in {self.unit}; add .hint() behind the check for a first hint."

    def show(self, answer: Any) -> str:
        """With thousands separated, and the unit."""
        return f"{answer:,} {self.unit}"


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """One of several options, given by its key: `answer = "b"`."""

    options: dict[str, str]
    kind: ClassVar[str] = "choice"

    def read(self, answer: Any) -> str:
        """One of the keys; capitals and spaces around it do not matter."""
        key = answer.strip().lower() if isinstance(answer, str) else answer
        if not isinstance(key, str) or key not in self.options:
            keys = ", ".join(f'"{option}"' for option in self.options)
            raise ValueError(f"Answer with one of {keys}, in quotes.")
        return key

    def show(self, answer: Any) -> str:
        """The key and what it stands for."""
        return f"{answer} ({self.options[answer]})"


@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """Some of the named `items`, in the right order. Which of them belong is part of the question."""

    items: tuple[str, ...]
    kind: ClassVar[str] = "order"

    def read(self, answer: Any) -> list[str]:
        """A list of item names, each at most once."""
        if not isinstance(answer, list | tuple):
            raise ValueError(f"A list of names is wanted here, found {type(answer).__name__}.")
        unknown = [name for name in answer if name not in self.items]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of {', '.join(self.items)}.")
        if len(set(answer)) < len(answer):
            raise ValueError("Name each of them once: its first time counts.")
        return list(answer)

    def explain_unlisted(self, answer: Any, seed: int) -> str:
        """Name the first place where the order goes wrong."""
        right = self.get_answer(seed)
        same = 0
        while same < min(len(answer), len(right)) and answer[same] == right[same]:
            same += 1
        if same == len(answer):
            return f"Right as far as it goes, but not complete: {len(answer)} of {len(right)}."
        if answer[same] not in right:
            return f"`{answer[same]}`, number {same + 1} in your list, has no place in this exchange."
        if same == len(right):
            return f"All right up to number {same}; nothing more belongs there."
        where = f"Right up to number {same}, then a slip" if same else "The first one is wrong"
        return f"{where}: `{answer[same]}` does not come yet."

    def show(self, answer: Any) -> str:
        """As a chain."""
        return " → ".join(answer)
