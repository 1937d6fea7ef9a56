"""Lessons as notebooks: read, run in a fresh kernel, and fill in with the reference answers."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

from blockchain_lab.course.questions import GUEST_SEED, Question

ROOT = Path(__file__).parent.parent.parent
LESSONS = ROOT / "lessons"
NOTEBOOKS = sorted(LESSONS.glob("*.ipynb"))
BLANK = "# your answer"
CELL_PATIENCE = 120  # seconds


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """A notebook, checked against the format."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def run_notebook(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run every cell in a fresh kernel whose folder is `folder`. CellExecutionError when one raises."""
    client = NotebookClient(notebook, timeout=CELL_PATIENCE, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def get_code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Its code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def get_text(cell: nbformat.NotebookNode) -> str:
    """What a cell printed or showed, as plain text."""
    parts = []
    for output in cell.outputs:
        parts.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def fill_in(source: str, question: Question, seed: int = GUEST_SEED) -> str:
    """A cell's source with the question's blank filled: `answer = None  # your answer`, a stub, or `...`."""
    lines = source.splitlines()
    place = next(number for number, line in enumerate(lines) if line.rstrip().endswith(BLANK))
    answer = question.write_answer(seed)
    if question.kind == "function":  # the blank stands in the body of a stub: put the reference behind it
        return "\n".join([*lines[: place + 1], "", answer, *lines[place + 1 :]])
    name, assigned, _ = lines[place].partition(" = ")
    lines[place] = f"{name} = {answer}" if assigned else answer
    return "\n".join(lines)
