"""All questions on one page: lesson, kind, how the answer is computed, how again, how many slips are named.

    python -m blockchain_lab.teach.question_table > docs/questions.md

A test writes it anew and compares, and finds empty cells.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from blockchain_lab.course.questions import Question
from blockchain_lab.course.registry import LESSONS

HEAD: Final = (
    "lesson",
    "question",
    "kind",
    "computed by",
    "and again by",
    "for each learner",
    "wrong answers",
)
LEAD: Final = """# All questions

Written by `python -m blockchain_lab.teach.question_table`; a test keeps it true. Each answer is computed
twice, by other means. A prediction, of whatever kind, is asked before the run is seen and again after it.
"Own" means that the learner's seed decides. Each wrong answer has its own sentence.
"""


def write_table() -> str:
    """The page, in Markdown. Counting wrong answers plays no run."""
    lines = [LEAD, to_line(HEAD), to_line("---" for _ in HEAD)]
    lines += [to_line(get_row(question)) for lesson in LESSONS for question in lesson.questions]
    return "\n".join(lines) + "\n"


def to_line(cells: Any) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def get_row(question: Question) -> tuple[str, ...]:
    """What there is to say of a question."""
    return (
        question.id.partition(".")[0],
        f"{question.id.partition('.')[2]} {question.title}".replace("|", "\\|"),
        f"prediction ({question.kind})" if question.predicted else question.kind,
        name(question.answer),
        name(question.again),
        "own" if question.varies else "the same",
        str(len(question.sentences)),
    )


def name(compute: Callable[..., Any]) -> str:
    """Which function it is: file and name; of one without a name, the file where it is written out."""
    function = compute.func if isinstance(compute, partial) else compute
    room = function.__module__.rpartition(".")[2]
    own = function.__qualname__.partition(".<locals>")[0]
    return f"written out in `{room}`" if "<lambda>" in own else f"`{room}.{own}`"


if __name__ == "__main__":
    print(write_table(), end="")
