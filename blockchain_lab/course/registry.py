"""The table of contents: every lesson of the course, which of them are written, and where a question is.

A lesson's questions stand in one module named after it: lesson 14 in `course.l14`, as `QUESTIONS`.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.questions import Question


@dataclass(frozen=True, slots=True)
class Lesson:
    """One notebook of the course."""

    number: int
    slug: str
    title: str
    minutes: int  # for who reads, plays and answers all of it for the first time

    @property
    def id(self) -> str:
        """As questions name it: L14."""
        return f"L{self.number:02}"

    @property
    def name(self) -> str:
        """The notebook's name without its ending: 14-joining-late."""
        return f"{self.number:02}-{self.slug}"

    @property
    def module(self) -> str:
        """Where its questions stand."""
        return f"{__package__}.l{self.number:02}"

    @property
    def is_written(self) -> bool:
        """Does this lesson exist yet?"""
        return find_spec(self.module) is not None

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions in the order of the text; none while it is not written."""
        if not self.is_written:
            return ()
        questions: tuple[Question, ...] = import_module(self.module).QUESTIONS
        return questions


LESSONS: Final = (
    Lesson(0, "tour", "A tour of the workbench", 30),
    Lesson(1, "peers-and-state", "From client and server to peers: local and global state", 45),
    Lesson(2, "bootstrap", "Bootstrap: who is online?", 30),
    Lesson(3, "nat", "Behind the NAT", 35),
    Lesson(4, "how-many-friends", "How many friends? Connection policies", 35),
    Lesson(5, "keeping-the-line", "Keeping the line: UDP, TCP, keep-alive, churn", 35),
    Lesson(6, "what-is-a-message", "What is a message? Bytes on the wire", 45),
    Lesson(7, "epidemics", "Epidemics: push and pull", 45),
    Lesson(8, "overlays", "Overlays: random graph or hash table?", 40),
    Lesson(9, "choosing-a-peer", "Choosing a peer to download from", 40),
    Lesson(10, "transactions", "A transaction's life and the mempool", 35),
    Lesson(11, "proof-of-work", "Proof of work", 40),
    Lesson(12, "spreading-a-block", "Spreading a block: push or announce?", 45),
    Lesson(13, "forks", "Forks: stale, orphan, strongest", 40),
    Lesson(14, "joining-late", "Joining late: blocks first or headers first?", 45),
    Lesson(15, "stake", "Proof of stake and its relatives", 45),
    Lesson(16, "finality", "Finality: Casper FFG", 45),
    Lesson(17, "layers", "Layers, and a longer road for transactions", 45),
    Lesson(18, "capstone", "Capstone: repair a blockchain", 45),
)


@cache
def get_questions() -> dict[str, Question]:
    """All questions of the written lessons, by name."""
    return {question.id: question for lesson in LESSONS for question in lesson.questions}


def find_lesson(name: str) -> Lesson:
    """A written lesson by "L14", "14" or "14-joining-late". UsageError."""
    written = [lesson for lesson in LESSONS if lesson.is_written]
    for lesson in written:
        if str(name) in {lesson.id, lesson.name, str(lesson.number), f"{lesson.number:02}"}:
            return lesson
    raise UsageError(f"no lesson {name!r}; there are {', '.join(lesson.id for lesson in written)}")
