"""A notebook's cells as they stand in the file, and what they ask: read by all who need no more than that.

Of a learner's notebook anything may be true: it was edited, saved by an old program, or is none.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

ASKED: Final = re.compile(r"""\bcheck\(\s*["']([A-Z]\d\d\.\w+)["']""")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its name in the notebook ("" in old ones), its source, and "code", "markdown" or "raw"."""

    id: str
    source: str
    kind: str = "code"

    @property
    def asked(self) -> list[str]:
        """The questions that it checks."""
        return ASKED.findall(self.source)


def read_cells(raw: bytes) -> list[Cell]:
    """All cells of a notebook. ValueError for what is none."""
    try:
        return [read_cell(cell) for cell in json.loads(raw)["cells"]]
    except (KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ValueError(f"no notebook: {type(problem).__name__} {problem}") from problem


def read_cell(cell: Any) -> Cell:
    """One of them. A source is one text, or a list of lines."""
    return Cell(str(cell.get("id", "")), "".join(cell["source"]), cell["cell_type"])


def read_code(raw: bytes) -> list[Cell]:
    """Its code cells. ValueError."""
    return [cell for cell in read_cells(raw) if cell.kind == "code"]
