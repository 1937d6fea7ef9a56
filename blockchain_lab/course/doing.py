"""Questions that are answered by acting: a run is judged on its trace, never on a tick in a box.

The answer is a lab in which the learner has acted, or a run saved by one: the scenario, the seed and the
actions. Only the line of descent under the cursor counts, all of it, wherever the cursor stands.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Any, ClassVar

from blockchain_lab import scenarios
from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, Verdict, is_blank
from blockchain_lab.course.questions import GUEST_SEED, Question
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, action_from_json, action_to_json

NOT_ACTED = Judgement(Verdict.OPEN, "You have not acted in this run yet.")


def point_nowhere(lab: Lab) -> int | None:
    """No event of the run shows the fault."""
    return None


def get_actions(lab: Lab) -> list[tuple[int, Action]]:
    """What the learner did on this line of descent: (after which event, what)."""
    return list(lab.timeline.branch.actions)


def run_to_plain(lab: Lab) -> dict[str, Any]:
    """Scenario, seed and actions: all that this run depends on."""
    return {
        "scenario": lab.scenario.name,
        "seed": lab.scenario.seed,
        "actions": [[after, action_to_json(action)] for after, action in get_actions(lab)],
        "head": lab.head,
    }


def run_from_plain(plain: dict[str, Any]) -> Lab:
    """Make the run again. UsageError when it cannot be made."""
    try:
        lab = Lab(plain["scenario"], seed=plain["seed"])
        for after, action in plain["actions"]:
            lab.goto(event=after)
            lab.do(action_from_json(action, "actions"))
        lab.goto(event=plain["head"])
    except (KeyError, TypeError, ValueError) as problem:
        raise UsageError(f"not a run: {problem}") from problem
    return lab


def open_run(answer: Any) -> Lab:
    """The run that an answer stands for: a lab, a saved file, or a line of the progress file."""
    if isinstance(answer, Lab):
        return answer
    if isinstance(answer, str | Path):
        return Lab(Path(answer))
    if isinstance(answer, dict):
        return run_from_plain(answer)
    raise UsageError(f"the lab itself is wanted here, found {type(answer).__name__}")


def get_body(function: Callable[..., Any]) -> str:
    """The lines of a function below its docstring, as they would stand in a cell."""
    lines = inspect.getsource(function).splitlines()
    below = next(number for number, line in enumerate(lines) if line.rstrip().endswith('"""')) + 1
    return dedent("\n".join(lines[below:]))


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that the run must show, and the sentence for a run that does not.

    `broken_by` makes a run that meets all demands before this one, and not this one. `where` finds the
    event to look at.
    """

    is_met: Callable[[Lab], bool]
    sentence: str
    broken_by: Callable[[int], Lab]
    where: Callable[[Lab], int | None] = point_nowhere


@dataclass(frozen=True, kw_only=True)
class Do(Question):
    """A task in the simulator. `acts` does it; `answer` and `again` make two different runs that pass."""

    scenario: str
    acts: Callable[[Lab], None]
    demands: tuple[Demand, ...]
    kind: ClassVar[str] = "do"

    def judge(self, answer: Any, seed: int = GUEST_SEED) -> Judgement:
        """The first demand that the run does not meet decides."""
        if is_blank(answer):
            return NOT_ANSWERED
        try:
            lab = self.read(answer)
        except ValueError as problem:
            return Judgement(Verdict.UNCLEAR, str(problem))
        if lab.scenario.seed != seed:
            text = f"This run has the seed {lab.scenario.seed}, yours is {seed}. Act in your own run."
            return Judgement(Verdict.UNCLEAR, text)
        if not get_actions(lab):
            return NOT_ACTED
        for demand in self.demands:
            if not demand.is_met(lab):
                return Judgement(Verdict.WRONG, demand.sentence, demand.where(lab))
        return Judgement(Verdict.RIGHT, self.because)

    def read(self, answer: Any) -> Lab:
        """The run. ValueError with a sentence when there is none, or one of another scenario."""
        try:
            lab = open_run(answer)
        except (OSError, UsageError) as problem:
            raise ValueError(f"This run cannot be opened: {problem}") from problem
        if lab.is_read_only:
            raise ValueError(f"This run is not the one that was saved: {lab.read_only}")
        if lab.scenario.name != self.scenario:
            raise ValueError(f"This is a run of `{lab.scenario.name}`; the task is in `{self.scenario}`.")
        if lab.scenario != replace(scenarios.load(self.scenario), seed=lab.scenario.seed):
            raise ValueError("The scenario of this run was changed. Act in the one that the lesson loads.")
        if lab.trace.level != "full":
            raise ValueError(f"This lab keeps only {lab.trace.level} of its records; all are wanted.")
        return lab

    def get_wrong_answers(self, seed: int) -> Iterator[tuple[Any, str]]:
        """A run for every demand that breaks it."""
        return ((demand.broken_by(seed), demand.sentence) for demand in self.demands)

    @property
    def sentences(self) -> list[str]:
        """One for every demand."""
        return [demand.sentence for demand in self.demands]

    def to_plain(self, answer: Any) -> Any:
        """The run in a few lines: it can be made, and judged, again."""
        return run_to_plain(self.read(answer))

    def get_solution(self, seed: int) -> str:
        """What to do, as code; no run is played for it."""
        return self.solution.replace("{answer}", get_body(self.acts))

    def write_answer(self, seed: int) -> str:
        """The lines that act."""
        return get_body(self.acts)
