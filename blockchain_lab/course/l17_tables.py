"""Lesson 17, its tables: rows of words, in a notebook with a line above that says what each column is.

What is in them is counted elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

LOOK = "text-align:left"


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows of equally many cells."""

    name: str  # of its class on the page
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        """Columns of equal width."""
        lines = [self.heads, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.heads))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        """A table with heads."""
        top = "".join(f'<th scope="col" style="{LOOK}">{escape(head)}</th>' for head in self.heads)
        rows = "".join(f"<tr>{write_cells(row)}</tr>" for row in self.rows)
        return f'<table class="blockchain-lab-{self.name}"><tr>{top}</tr>{rows}</table>'


def write_cells(row: Iterable[str]) -> str:
    """One row."""
    return "".join(f'<td style="{LOOK}">{escape(cell)}</td>' for cell in row)


def make_table(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of whatever can be written; numbers with thousands separated."""
    return Table(name, tuple(heads), tuple(tuple(map(write_cell, row)) for row in rows))


def make_columns(name: str, columns: Sequence[tuple[str, Sequence[str]]]) -> Table:
    """A table of columns of unequal length, each with its head."""
    lines = max((len(cells) for _, cells in columns), default=0)
    rows = [[cells[line] if line < len(cells) else "" for _, cells in columns] for line in range(lines)]
    return make_table(name, [head for head, _ in columns], rows)


def write_cell(value: object) -> str:
    """A number, names, or words."""
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
