"""The kind of question that lesson 18 asks: a repaired peer, judged by what holds in the checker's worlds.

The answer is a learner's class, or its text: what is judged, kept and marked is the text alone
(`l18_submission`), so that the notebook and the marking say the same. A question is about one of the six
decisions, with the other five as they should be; or about all six, with the faults where nothing is written.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.functions import safe_str
from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, is_blank
from blockchain_lab.course.judgement import Verdict as Mark
from blockchain_lab.course.l18_bar import Bar
from blockchain_lab.course.l18_checking import NodeClass, Verdict, check_world
from blockchain_lab.course.l18_shrinking import Case, shrink
from blockchain_lab.course.l18_submission import read_methods, read_node, write_source
from blockchain_lab.course.questions import GUEST_SEED, Question
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode
from blockchain_lab.layers.toy_repairs import ToyNode

CLASS_LINE: Final = "class Mine(FaultyNode):"  # with which `write_source` begins


@lru_cache(maxsize=64)
def find_written(text: str) -> tuple[str, ...]:
    """Which of the six decisions a text repairs; what still stands as the lesson left it does not count.

    UsageError for what may not be handed in.
    """
    return tuple(method.name for method in read_methods(text) if not all(map(is_idle, method.body)))


def is_idle(part: ast.stmt) -> bool:
    """A docstring, `...` or `pass`."""
    return isinstance(part, ast.Pass) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))


def make_node(text: str, method: str = "") -> NodeClass:
    """The peer with what a text repairs: of one decision, the others right; of all, the others faulty.

    UsageError for what may not be handed in.
    """
    written, node = find_written(text), read_node(text)
    wanted = [name for name in written if method in ("", name)]
    base = ToyNode if method else FaultyNode
    return type("Repaired", (base,), {**{name: vars(node)[name] for name in wanted}, "__module__": "mine"})


@lru_cache(maxsize=2_000)
def play_once(text: str, method: str, seed: int) -> Verdict:
    """What came of one world. A run follows from text and seed, so it is kept: checks are run again."""
    return check_world(seed, make_node(text, method))


@dataclass(frozen=True, slots=True)
class NoCase:
    """There is no world to open: all hold, or what was written may not be played. False, and says why."""

    words: str

    def __bool__(self) -> bool:
        """So that `if case` asks for a case."""
        return False

    def __repr__(self) -> str:
        """Why."""
        return self.words


def find_failing(node: Any, worlds: Iterable[int] = range(5)) -> Case | NoCase:
    """The first of these worlds in which a learner's class fails, made small. Never raises for the class."""
    try:
        return find_failing_text(write_source(node), worlds)
    except UsageError as problem:
        return NoCase(safe_str(problem))


def find_failing_text(text: str, worlds: Iterable[int]) -> Case | NoCase:
    """The same of its text. What a check has played is not played again. UsageError for what is refused."""
    made = make_node(text)
    for seed in worlds:
        verdict = play_once(text, "", seed)
        if not verdict.is_right:
            return shrink(verdict, made)
    return NoCase("These worlds hold.")


@dataclass(frozen=True, kw_only=True)
class Repair(Question):
    """A class of peers of the toy chain. `answer`, `again` and the mistakes are texts of such classes."""

    name: str  # of the class in the lesson's cell
    method: str = ""  # the decision that is asked for; all six when it is empty
    worlds: tuple[int, ...]  # their seeds
    kind: ClassVar[str] = "repair"

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """Play the worlds until one fails."""
        if is_blank(answer):
            return NOT_ANSWERED
        try:
            text = self.read(answer)
            if self.is_untouched(text):
                return NOT_ANSWERED
            failed = self.find_failed(text)
        except ValueError as problem:
            return Judgement(Mark.UNCLEAR, str(problem))
        if failed is None:
            return Judgement(Mark.RIGHT, self.because)
        return Judgement(Mark.WRONG, self.explain_failed(failed))

    def read(self, answer: Any) -> str:
        """The text. ValueError with the reason for what is no class, or may not be handed in."""
        try:
            text = answer if isinstance(answer, str) else write_source(answer)
            read_methods(text)
        except UsageError as problem:
            raise ValueError(safe_str(problem)) from problem
        return text

    def is_untouched(self, text: str) -> bool:
        """Is nothing of what is asked for written yet? ValueError for what may not be handed in."""
        try:
            written = find_written(text)
        except UsageError as problem:
            raise ValueError(safe_str(problem)) from problem
        return not set(written) & set([self.method] if self.method else FAULTS)

    def find_failed(self, text: str) -> Verdict | None:
        """The first of the worlds that does not hold; a bar shows how far it is."""
        with Bar(len(self.worlds)) as bar:
            for seed in self.worlds:
                verdict = play_once(text, self.method, seed)
                bar.step(f"world {seed} {'holds' if verdict.is_right else 'does not hold'}")
                if not verdict.is_right:
                    return verdict
        return None

    def explain_failed(self, failed: Verdict) -> str:
        """A listed mistake does the very same in this world; of another one, what went wrong first."""
        for mistake in self.mistakes:
            if play_once(mistake.answer, self.method, failed.world.seed).violations == failed.violations:
                return mistake.sentence
        return repr(failed)

    def get_wrong_answers(self, seed: int) -> Iterator[tuple[Any, str]]:
        """The wrong texts."""
        return ((mistake.answer, mistake.sentence) for mistake in self.mistakes)

    def show(self, answer: Any) -> str:
        """The text under the name that the lesson uses."""
        return str(answer).replace(CLASS_LINE, f"class {self.name}(FaultyNode):")

    def write_answer(self, seed: int) -> str:
        """The reference repair, to stand behind the lesson's blank."""
        return self.show(self.get_answer(seed))
