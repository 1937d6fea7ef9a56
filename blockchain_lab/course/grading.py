"""How far a learner is: scores of lessons out of the progress file, and the next step.

This reads verdicts that were stored when the answers were given: right for a learner's own table. Marks
are another matter: who grades judges every answer again, and trusts no stored verdict.
"""

from dataclasses import dataclass
from html import escape

from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.learner import find_seed
from blockchain_lab.course.progress import Entry, find_progress
from blockchain_lab.course.questions import GUEST_SEED, Question
from blockchain_lab.course.registry import LESSONS, Lesson

STYLE = """<style>
.blockchain-lab-progress{border-collapse:collapse;font-size:14px;color:var(--jp-content-font-color1,#212121)}
.jp-RenderedHTMLCommon .blockchain-lab-progress td,.jp-RenderedHTMLCommon .blockchain-lab-progress th
{text-align:left;padding:3px 14px 3px 0}
.blockchain-lab-progress td.count{font-variant-numeric:tabular-nums;white-space:nowrap}
.blockchain-lab-progress progress{width:90px;
accent-color:var(--jp-brand-color1,#1976d2);vertical-align:middle}
</style>"""


@dataclass(frozen=True, slots=True)
class Score:
    """How a lesson stands."""

    lesson: Lesson
    solved: int
    total: int
    next: Question | None  # the first question not solved yet

    @property
    def percent(self) -> int:
        """0 .. 100, whole; a lesson without questions has 0."""
        return 100 * self.solved // self.total if self.total else 0

    @property
    def step(self) -> str:
        """What to do next in this lesson, in a few words."""
        return "done" if self.next is None else f"{self.next.id}: {self.next.title}"


def get_score(lesson: Lesson, entries: list[Entry], seed: int = GUEST_SEED) -> Score:
    """A question is solved once one of its attempts was right."""
    solved = {
        entry.question
        for entry in entries
        if entry.kind == "attempt" and entry.verdict == Verdict.RIGHT and entry.seed == seed
    }
    left = [question for question in lesson.questions if question.id not in solved]
    total = len(lesson.questions)
    return Score(lesson, total - len(left), total, left[0] if left else None)


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """The written lessons and how they stand: a table in the notebook, plain text elsewhere."""

    scores: tuple[Score, ...]

    @property
    def next_step(self) -> str:
        """One sentence: where to go on. What has been begun comes first."""
        left = [score for score in self.scores if score.next is not None]
        for score in sorted(left, key=lambda score: score.solved == 0):
            verb = "Go on" if score.solved else "Start"
            return f"{verb} with {score.lesson.name}: {score.step}."
        return "You have answered every question that is written so far."

    def __repr__(self) -> str:
        """As plain text."""
        rows = [
            f"{score.lesson.name:24} {score.solved:3} of {score.total:2} {score.percent:4} %"
            f" {score.lesson.minutes:4} min   {score.step}"
            for score in self.scores
        ]
        return "\n".join([f"Next: {self.next_step}", *rows])

    def _repr_html_(self) -> str:
        """As a table whose lessons are links."""
        rows = "".join(map(show_row, self.scores))
        head = "<tr><th>Lesson</th><th>Time</th><th>Solved</th><th>Score</th><th>Next question</th></tr>"
        table = f'<table class="blockchain-lab-progress"><thead>{head}</thead><tbody>{rows}</tbody></table>'
        return f"{STYLE}<p><strong>Next:</strong> {escape(self.next_step)}</p>{table}"


def show_row(score: Score) -> str:
    """One row of the table."""
    lesson, count = score.lesson, f"{score.solved} of {score.total}"
    bar = f'<progress max="{score.total}" value="{score.solved}" aria-label="{count} solved"></progress>'
    link = f'<a href="{lesson.name}.ipynb">{lesson.number:02} {escape(lesson.title)}</a>'
    time = f'<td class="count">{lesson.minutes} min</td>'
    points = f'<td class="count">{count}</td><td class="count">{bar} {score.percent} %</td>'
    return f"<tr><td>{link}</td>{time}{points}<td>{escape(score.step)}</td></tr>"


def get_progress_table() -> ProgressTable:
    """How the written lessons stand, from the progress file nearest to the notebook."""
    entries, seed = find_progress().read(), find_seed()
    return ProgressTable(tuple(get_score(lesson, entries, seed) for lesson in LESSONS if lesson.is_written))
