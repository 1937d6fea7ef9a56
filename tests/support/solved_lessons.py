"""Lessons as notebooks: read, run in a fresh kernel, and fill in with the reference answers."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent.parent
LESSONS = ROOT / "lessons"
NOTEBOOKS = sorted(LESSONS.glob("*.ipynb"))
CELL_PATIENCE = 400  # seconds: the capstone plays two hundred worlds in a cell


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
