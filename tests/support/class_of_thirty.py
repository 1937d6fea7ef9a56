"""A class of thirty: a lesson of five kinds of question, quickly marked, and what each learner hands in.

The lesson is a lecturer's own, so that no change of ours moves a mark.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from blockchain_lab.course.hand_in import SUFFIX
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.registry import Lesson
from support.submissions import pack

CLASS = Lesson(90, "class", "Five questions of five kinds", minutes=5)
EXTRA = '''
from blockchain_lab.course.doing import Demand, Do
from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Choice, Mistake, Number, Order
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill


def words(number):
    return dict(
        id=f"L90.x{number}", title="A question", prompt="What is it?", passes="the right answer",
        hints=("one", "two", "three"), because="It is so.", solution="It is {answer}.",
    )


def double(numbers):
    return [2 * number for number in numbers]


def double_first(numbers):
    return [2 * number for number in numbers[:1]]


def kill_bob(lab):
    """What to do."""
    lab.goto(event=5)
    lab.do(Kill("bob"))


def kill(name, seed):
    lab = Lab("ping", seed=seed)
    lab.goto(event=5)
    lab.do(Kill(name))
    return lab


def is_bob_off(lab):
    return any(getattr(action, "peer", "") == "bob" for _, action in lab.timeline.branch.actions)


QUESTIONS = [
    Number(
        **words(1), unit="", answer=lambda seed: 100 + seed, again=lambda seed: seed + 100,
        mistakes=(Mistake(100, "You left the seed out."),), varies=True,
    ),
    Choice(
        **words(2), answer=lambda seed: "b", again=lambda seed: "b", options={"a": "before", "b": "after"},
        mistakes=(Mistake("a", "That is too early."),),
    ),
    Order(
        **words(3), answer=lambda seed: ["one", "two"], again=lambda seed: ["one", "two"],
        items=("one", "three", "two"), mistakes=(Mistake(["two", "one"], "The other way round."),),
    ),
    Function(
        **words(4), answer=lambda seed: double, again=lambda seed: double, name="double",
        cases=(([1, 2],), ([],)), mistakes=(Mistake(double_first, "It stops after the first."),),
    ),
    Do(
        **words(5), answer=lambda seed: kill("bob", seed), again=lambda seed: kill("bob", seed),
        scenario="ping", acts=kill_bob, mistakes=(),
        demands=(Demand(is_bob_off, "Bob is still there.", lambda seed: kill("ann", seed)),),
    ),
]
'''
OPEN = """from blockchain_lab import Lab
from blockchain_lab.course import check, find_seed
from blockchain_lab.sim.actions import Kill
lab = Lab("ping", seed=find_seed())"""
BLANKS = {"x1": "None", "x2": "None", "x3": "[]", "x4": "None", "x5": "lab"}
DOUBLE = "def double(numbers):\n    return [2 * each for each in numbers]\n"
KEYS = ("x1", "x2", "x3", "x4", "x5")
RIGHT, WRONG, UNCLEAR, OPEN_YET = "right", "wrong", "not understood", "not answered"
ALL_RIGHT, NOTHING = (RIGHT,) * 5, (OPEN_YET,) * 5


@dataclass(frozen=True)
class Pupil:
    """One learner: what the notebook's cells say, what progress says, and the marks that are due."""

    who: str
    due: Sequence[str]  # by question
    cells: Sequence[tuple[str, str]] | None = None  # name and source; None: no notebook
    entries: Sequence[dict[str, Any]] = ()
    remark: str = ""  # a word of the remarks; "" when there are none
    raw: bytes = field(default=b"")  # the file itself, when it is no archive of ours

    def write(self, folder: Path) -> Path:
        """The file that is handed in."""
        if self.raw:
            path = folder / f"{self.who}{SUFFIX}"
            path.write_bytes(self.raw)
            return path
        notebooks = {} if self.cells is None else {CLASS.name: to_notebook(self.cells)}
        return pack(folder, self.who, notebooks, list(self.entries))


def to_notebook(cells: Sequence[tuple[str, str]]) -> nbformat.NotebookNode:
    """A notebook of these code cells."""
    return new_notebook(cells=[new_code_cell(source, id=name) for name, source in cells])


def ask(key: str, answer: str, before: str = "") -> tuple[str, str]:
    """A cell that answers a question."""
    return key, f'{before}check("L90.{key}", {answer})'


def get_shipped() -> list[tuple[str, str]]:
    """The lesson with its blanks."""
    return [("open", OPEN), *(ask(key, blank) for key, blank in BLANKS.items())]


def solve(who: str, **other: tuple[str, str] | None) -> list[tuple[str, str]]:
    """All cells with right answers; `x3=("x3", source)` puts another in its place, None leaves it out."""
    cells = {
        "open": ("open", OPEN),
        "x1": ask("x1", str(100 + make_learner(who).seed)),
        "x2": ask("x2", '"b"'),
        "x3": ask("x3", '["one", "two"]'),
        "x4": ask("x4", "double", DOUBLE),
        "x5": ask("x5", "lab", 'lab.goto(event=5)\nlab.do(Kill("bob"))\n'),
    } | other
    return [cell for cell in cells.values() if cell is not None]


def attempt(who: str, key: str, answer: Any, verdict: str = "wrong", **more: Any) -> dict[str, Any]:
    """A line of progress."""
    seed = make_learner(who).seed
    line = {"kind": "attempt", "question": f"L90.{key}", "answer": answer, "verdict": verdict, "seed": seed}
    return line | {"at": "", "format": 1} | more


def run_of(who: str, peer: str = "bob", **more: Any) -> dict[str, Any]:
    """A run in which somebody was killed, as progress keeps it."""
    action = {"do": "Kill", "peer": peer}
    seed = make_learner(who).seed
    return {"scenario": "ping", "seed": seed, "actions": [[5, action]], "head": 6} | more


def attempt_all(who: str, **other: Any) -> list[dict[str, Any]]:
    """Right answers of all kinds that progress can answer for: all but the function."""
    answers = {"x1": 100 + make_learner(who).seed, "x2": "b", "x3": ["one", "two"], "x5": run_of(who)}
    return [attempt(who, key, answer) for key, answer in (answers | other).items()]


def get_pupils() -> Iterator[Pupil]:
    """All thirty."""
    four = (RIGHT, RIGHT, RIGHT, OPEN_YET, RIGHT)  # a function is never taken from its source in progress
    # -- who wrote into the notebook
    yield Pupil("Ada", ALL_RIGHT, solve("Ada"))
    yield Pupil("Bob", (RIGHT, RIGHT, OPEN_YET, OPEN_YET, OPEN_YET), solve("Bob", x3=None, x4=None, x5=None))
    yield Pupil("Cleo", NOTHING, get_shipped())
    yield Pupil("Dan", ALL_RIGHT, solve("Dan")[::-1])  # the set-up stands last
    yield Pupil("Eve", ALL_RIGHT, solve("Eve", open=None))  # the set-up was deleted
    yield Pupil("Fay", (WRONG, *ALL_RIGHT[1:]), solve("Fay", x1=ask("x1", "100")))
    yield Pupil(
        "Gus", (WRONG, *ALL_RIGHT[1:]), solve("Gus", x1=ask("x1", str(100 + make_learner("Ada").seed)))
    )
    prints = "def double(numbers):\n    print([2 * each for each in numbers])\n"
    yield Pupil("Hal", (*ALL_RIGHT[:3], WRONG, RIGHT), solve("Hal", x4=ask("x4", "double", prints)))
    loops = "def double(numbers):\n    while True: numbers = list(numbers)\n"
    yield Pupil("Ida", (*ALL_RIGHT[:3], WRONG, RIGHT), solve("Ida", x4=ask("x4", "double", loops)))
    raises = "def double(numbers):\n    return numbers[9]\n"
    yield Pupil("Jon", (*ALL_RIGHT[:3], WRONG, RIGHT), solve("Jon", x4=ask("x4", "double", raises)))
    endless = ask("x2", '"b"', "while True: pass\n")
    yield Pupil("Kim", (RIGHT, OPEN_YET, *ALL_RIGHT[2:]), solve("Kim", x2=endless), remark="stopped after")
    deletes = ask("x2", '"b"', 'import shutil; shutil.rmtree("/")\n')
    yield Pupil("Lea", (RIGHT, OPEN_YET, *ALL_RIGHT[2:]), solve("Lea", x2=deletes), remark="not allowed")
    leaves = ask("x2", '"b"', "import os; os._exit(0)\n")
    yield Pupil("Max", (RIGHT, *NOTHING[1:]), solve("Max", x2=leaves))
    odd = ask("x1", '"a hundred"')
    yield Pupil("Nia", (UNCLEAR, *ALL_RIGHT[1:]), solve("Nia", x1=odd))
    cheats = ask(
        "x1", "1", "import blockchain_lab.course.questions as q\nq.Number.judge = lambda *a: 'right'\n"
    )
    yield Pupil("Oto", (WRONG, *ALL_RIGHT[1:]), solve("Oto", x1=cheats))
    # -- who clicked, or wrote into the progress file
    yield Pupil("Pam", four, entries=attempt_all("Pam"))
    yield Pupil("Quy", NOTHING)
    lie = [attempt("Rex", key, "nonsense", "right") for key in KEYS]
    yield Pupil("Rex", (UNCLEAR, UNCLEAR, UNCLEAR, OPEN_YET, UNCLEAR), entries=lie)
    yield Pupil("Sam", NOTHING, entries=attempt_all("Pam"))  # with Pam's seed
    stolen = attempt_all("Tea", x5=run_of("Pam"))
    yield Pupil("Tea", (*four[:4], UNCLEAR), entries=stolen)
    yield Pupil("Uma", (*four[:4], WRONG), entries=attempt_all("Uma", x5=run_of("Uma", "ann")))
    elsewhere = run_of("Vic", scenario="fork_and_heal")
    yield Pupil("Vic", (*four[:4], UNCLEAR), entries=attempt_all("Vic", x5=elsewhere))
    nonsense = run_of("Wim", actions=[[5, {"do": "Vanish"}]])
    yield Pupil("Wim", (*four[:4], UNCLEAR), entries=attempt_all("Wim", x5=nonsense))
    newer = [attempt("Xia", "x1", 100 + make_learner("Xia").seed, format=99)]
    yield Pupil("Xia", NOTHING, entries=newer)
    changed = [*attempt_all("Yan"), attempt("Yan", "x2", "a")]
    yield Pupil("Yan", (RIGHT, WRONG, RIGHT, OPEN_YET, RIGHT), entries=changed)  # the last one counts
    yield Pupil("Zoe", NOTHING, entries=[{"no": "entry"}], remark="cannot be read")
    yield Pupil("=1+1", four, entries=attempt_all("=1+1"))  # a name that a spreadsheet would compute
    # -- whose file is none
    yield Pupil("broken", NOTHING, raw=b"PK\x03\x04 and so on", remark="cannot be read")
    yield Pupil("text", NOTHING, raw=json.dumps({"marks": 100}).encode(), remark="cannot be read")
    yield Pupil("Ünal Çelik", ALL_RIGHT, solve("Ünal Çelik"))
