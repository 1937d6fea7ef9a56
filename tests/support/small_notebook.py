"""Small notebooks for the browser tests: written beside the lessons, opened in whatever shows notebooks."""

from pathlib import Path
from urllib.parse import urlsplit

import nbformat

LESSONS_HERE = "blockchain-lab-lessons"  # where `served_lessons` serves


def write_notebook(folder: Path, name: str, *sources: str) -> None:
    """A notebook without outputs; its cells are called one, two, three, ..."""
    words = ("one", "two", "three", "four", "five")
    cells = [nbformat.v4.new_code_cell(source, id=word) for source, word in zip(sources, words, strict=False)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, folder / LESSONS_HERE / name)


def address_of(address: str, path: str) -> str:
    """Another page of the server that printed `address`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/{path}?{parts.query}"
