"""Runs a learner's cells in this process, behind the fences, and tells every answer as soon as it is given.

    python -m blockchain_lab.teach.cell_runner < program     one JSON line out for each `check` called

The program (JSON): `cells`, a list of sources; `cell_seconds`, `seconds`. The folder is the current one. A
cell that raises, or takes too long, ends; the next one runs.
"""

import ast
import asyncio
import inspect
import json
import linecache
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from IPython.core.inputtransformer2 import TransformerManager

import blockchain_lab.course
from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.extras import find_question
from blockchain_lab.course.registry import get_questions
from blockchain_lab.lab import Lab
from blockchain_lab.study import curve_plots
from blockchain_lab.teach.answers import pack_answer
from blockchain_lab.teach.fences import limited, set_limits, watch

LONGEST: Final = 300  # letters of an error that is passed on

Tell = Callable[[dict[str, Any]], None]


class Silent:
    """Stands for anything that would be shown: it can be called, and asked for anything."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Nothing is shown here."""
        return self

    def __getattr__(self, name: str) -> Any:
        """Nothing is there, and nobody minds."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class Recorder:
    """Takes the place of the course's own functions: it keeps answers and gives no verdicts."""

    def __init__(self, tell: Tell) -> None:
        """`tell` gets each answer."""
        self._tell = tell

    def check(self, question_id: Any, answer: Any = None, **options: Any) -> Silent:
        """Instead of `check`: the answer is told, packed. UsageError for a question that there is not."""
        question = find_question(question_id)
        self._tell({"question": question.id, **pack_answer(question, answer)})
        return Silent()

    def ignore(self, *arguments: Any, **options: Any) -> Silent:
        """Instead of what keeps progress or names the learner."""
        return Silent()


def main() -> None:
    """Read the program, run it, and leave."""
    program = json.load(sys.stdin)
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence()

    def tell(line: dict[str, Any]) -> None:
        results.write(json.dumps(line) + "\n")
        results.flush()

    recorder = Recorder(tell)
    setattr(blockchain_lab.course, "check", recorder.check)  # noqa: B010  (cells import it from there)
    for name in ("predict", "i_am", "hand_in", "reset_lesson", "restore_progress", "download_progress"):
        setattr(blockchain_lab.course, name, recorder.ignore)
    draw_nothing()
    get_questions()  # all lessons are imported before the fences stand
    set_limits(program["seconds"])
    watch(Path.cwd())
    run_cells(program["cells"], program["cell_seconds"], tell)
    results.flush()
    os._exit(0)  # what the learner's threads still do does not matter


def draw_nothing() -> None:
    """No view and no figure is drawn where nobody looks. A lab that is shown has its future computed."""
    import blockchain_lab_widgets  # noqa: PLC0415  (the engine runs without Jupyter)
    from blockchain_lab_widgets.acts import get_horizon  # noqa: PLC0415

    def show(lab: Lab, *views: str, **options: Any) -> Silent:
        def follow(change: str) -> None:
            if lab.trace.time_of(lab.head) < (horizon := get_horizon(lab)):
                lab.look_ahead(until=horizon)

        follow("run")
        lab.subscribe(follow)
        return Silent()

    setattr(blockchain_lab_widgets, "show", show)  # noqa: B010  (`Lab.show` imports it from there)
    for name in ("draw_curves", "plot_curves"):  # what draws them wants more than the fences let through
        setattr(curve_plots, name, Silent())


def silence() -> None:
    """Whatever cells print goes nowhere; the results have a file of their own."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)


def run_cells(sources: Sequence[str], seconds: float, tell: Tell) -> None:
    """One after another, in one namespace. What a cell raises is told."""
    namespace: dict[str, Any] = {"__name__": "__main__", "get_ipython": Silent()}
    for number, source in enumerate(sources):
        try:
            with limited(seconds):
                run_cell(source, namespace, f"<cell {number}>")
        except BaseException as problem:  # SystemExit and whatever else a cell may raise
            tell({"cell": number, "raised": describe(problem)})


def run_cell(source: str, namespace: dict[str, Any], name: str) -> None:
    """As IPython runs it: magics do nothing, `await` may stand outside of a function, sources are kept."""
    text = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    code = compile(text, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))
    else:
        exec(code, namespace)


def describe(problem: BaseException) -> str:
    """An error in a line; one of the learner's own may raise when it is written."""
    try:
        text = str(problem)
    except BaseException:
        text = ""
    kind = "" if isinstance(problem, UsageError) else f"{type(problem).__name__}: "
    return f"{kind}{text}"[:LONGEST]


if __name__ == "__main__":
    main()
