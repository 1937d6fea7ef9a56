"""What a lesson calls: `check("L14.q2", answer)` and, before a run is seen, `predict("L14.q1", answer)`.

Both judge, write one line of progress, and answer with a `Result` that shows itself as a card. They do
not raise for an answer, whatever it is; a question that does not exist is a misuse, and raises.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.cards import Card, get_sign
from blockchain_lab.course.extras import find_question
from blockchain_lab.course.judgement import Judgement, Verdict
from blockchain_lab.course.learner import find_seed
from blockchain_lab.course.progress import Entry, Progress, find_progress
from blockchain_lab.course.questions import Question

TRIES_BEFORE_SOLUTION: Final = 3

PREDICT_FIRST = Judgement(
    Verdict.OPEN, "First commit to a prediction, in the cell above the run. A wrong one costs nothing."
)
UNREADABLE = Judgement(
    Verdict.UNCLEAR, "This answer cannot be read. Build it from plain values: numbers, texts, lists."
)
NOT_PREDICTED = Judgement(Verdict.OPEN, "Put your prediction in the cell and run it again. Any will do.")


@dataclass(frozen=True)
class Result:
    """What came of an answer. Its last line in a cell is a card; `.hint()` and `.solution()` help on."""

    question: Question
    judgement: Judgement
    progress: Progress
    seed: int
    tries: int  # different wrong answers so far
    remarks: tuple[str, ...] = ()  # a prediction to compare with; progress that could not be saved
    is_prediction: bool = False  # then there is nothing to pass
    is_kept: bool = True  # False: tries cannot be counted, since progress cannot be saved

    @property
    def is_right(self) -> bool:
        """Did the answer pass?"""
        return self.judgement.is_right

    @property
    def card(self) -> Card:
        """The verdict as a card."""
        verdict = self.judgement.verdict
        paragraphs = [self.judgement.message, *self.remarks]
        if self.judgement.event is not None:
            paragraphs.append(f"Look at it: `{self.question.run}.goto(event={self.judgement.event})`.")
        small = [] if self.is_right or self.is_prediction else [f"To pass: {self.question.passes}"]
        if verdict is Verdict.WRONG:
            small.append(self._say_what_helps())
        sign, word = get_sign(verdict)
        title = f"{self.question.id} · {self.question.title}"
        return Card(verdict.value, sign, word, title, tuple(paragraphs), small=tuple(small))

    def __repr__(self) -> str:
        """The card as plain text."""
        return repr(self.card)

    def _repr_html_(self) -> str:
        """The card."""
        return self.card._repr_html_()

    def hint(self, level: int | None = None) -> Card:
        """The next hint of three, with those already given; or all up to `level`."""
        hints = self.question.hints
        entries = get_entries(self.question, self.progress, self.seed)
        levels = [entry.answer for entry in entries if entry.kind == "hint" and isinstance(entry.answer, int)]
        given = max(levels, default=0)
        shown = max(1, min(level or given + 1, len(hints)))
        entry = Entry.now("hint", self.question.id, shown, Verdict.OPEN, self.seed)
        if shown > given and self.progress.append(entry) is not None:
            shown = len(hints)  # which were given cannot be remembered: give all
        numbered = tuple(f"{number}. {text}" for number, text in enumerate(hints[:shown], start=1))
        last = "That was the last hint." if shown == len(hints) else "Run the cell again for the next one."
        return Card(
            "plain", "?", f"Hint {shown} of {len(hints)}", self.question.title, numbered, small=(last,)
        )

    def solution(self) -> Card:
        """The way to the answer, after three different tries or once it is right."""
        title = f"{self.question.id} · {self.question.title}"
        if self.is_kept and not self.is_right and self.tries < TRIES_BEFORE_SOLUTION:
            left = TRIES_BEFORE_SOLUTION - self.tries
            wait = f"The solution opens after {TRIES_BEFORE_SOLUTION} different tries: {left} to go."
            return Card("plain", "?", "Solution", title, (wait, "Until then, .hint() helps."))
        text, _, code = self.question.get_solution(self.seed).partition("\n\n")
        return Card("plain", "✓", "Solution", title, (text,), code=code)

    def _say_what_helps(self) -> str:
        if self.tries >= TRIES_BEFORE_SOLUTION:
            return f"{self.tries} tries. Add `.hint()` or `.solution()` behind the check."
        return f"Try {self.tries} of {TRIES_BEFORE_SOLUTION} before the solution. Add `.hint()` for a hint."


def check(
    question_id: str, answer: Any = None, *, seed: int | None = None, progress: Progress | None = None
) -> Result:
    """Judge an answer, and keep the attempt in the progress file unless nothing was answered.

    `seed` is the learner's own (`i_am`) unless it is given.
    """
    question, kept = find_question(question_id), progress or find_progress()
    seed = find_seed() if seed is None else seed
    entries = get_entries(question, kept, seed)
    (judgement, plain), remarks = judge_safely(question, answer, seed), []
    if judgement.verdict not in {Verdict.RIGHT, Verdict.WRONG}:
        return Result(question, judgement, kept, seed, count_tries(entries))
    if question.predicted:
        prediction = find_prediction(question, entries)
        if prediction is None:
            return Result(question, PREDICT_FIRST, kept, seed, count_tries(entries))
        remarks = compare(question, prediction, judgement, seed)
    attempt = Entry.now("attempt", question_id, plain, judgement.verdict, seed)
    problem = kept.append(attempt)
    remarks += [problem] if problem else []
    tries = count_tries([*entries, attempt])
    return Result(question, judgement, kept, seed, tries, tuple(remarks), is_kept=problem is None)


def predict(
    question_id: str, answer: Any = None, *, seed: int | None = None, progress: Progress | None = None
) -> Result:
    """Commit to a prediction before the run is seen. The first one stays; it is compared, never marked."""
    question, kept = find_question(question_id), progress or find_progress()
    seed = find_seed() if seed is None else seed
    if not question.predicted:
        raise UsageError(f"{question_id} is not predicted; answer it with check({question_id!r}, answer)")
    entries = get_entries(question, kept, seed)
    earlier = find_prediction(question, entries)
    (judgement, plain), problem = judge_safely(question, answer, seed), None
    if judgement.verdict is Verdict.OPEN:
        judgement = NOT_PREDICTED
    if earlier is not None:
        judgement = note(question, earlier, "Your prediction stands")
    elif judgement.verdict in {Verdict.RIGHT, Verdict.WRONG}:
        problem = kept.append(Entry.now("prediction", question_id, plain, Verdict.NOTED, seed))
        judgement = note(question, plain, "Your prediction is locked in")
    remarks = (problem,) if problem else ()
    return Result(question, judgement, kept, seed, count_tries(entries), remarks, is_prediction=True)


def judge_safely(question: Question, answer: Any, seed: int) -> tuple[Judgement, Any]:
    """The judgement, and the answer as the progress file keeps it. An object may raise at any touch."""
    try:
        judgement = question.judge(answer, seed)
        if judgement.verdict not in {Verdict.RIGHT, Verdict.WRONG}:
            return judgement, None
        plain = question.to_plain(answer)
        json.dumps(plain)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return UNREADABLE, None
    return judgement, plain


def get_entries(question: Question, progress: Progress, seed: int) -> list[Entry]:
    """What the progress file holds about a question, with this seed."""
    return [entry for entry in progress.read() if entry.question == question.id and entry.seed == seed]


def find_prediction(question: Question, entries: list[Entry]) -> Any:
    """The first prediction that can be read, or None: later ones cannot replace it."""
    for entry in entries:
        if entry.kind == "prediction":
            with suppress(ValueError):
                return question.read(entry.answer)
    return None


def note(question: Question, prediction: Any, beginning: str) -> Judgement:
    """A prediction is kept: say which, and what to do now."""
    shown = question.show(prediction)
    return Judgement(Verdict.NOTED, f"{beginning}: {shown}. Now watch the run, then say what happened.")


def compare(question: Question, prediction: Any, judgement: Judgement, seed: int) -> list[str]:
    """Set the prediction beside the run, once the learner has read the run rightly."""
    if not judgement.is_right:
        return []
    if question.judge(prediction, seed).is_right:
        return ["You had predicted just that."]
    return [f"You had predicted {question.show(prediction)}. Where did your picture differ?"]


def count_tries(entries: list[Entry]) -> int:
    """Different wrong answers: running a cell again is no new try."""
    wrong = [entry.answer for entry in entries if entry.kind == "attempt" and entry.verdict == Verdict.WRONG]
    return len({json.dumps(answer, sort_keys=True) for answer in wrong})
