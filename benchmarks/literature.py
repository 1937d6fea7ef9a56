"""Write docs/literature.md: what papers and measurements say, what comes out here, and the difference.

python benchmarks/literature.py            all of it, some minutes
python benchmarks/literature.py --quick    print the rows that take seconds
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [*(place for place in sys.path if place != str(HERE)), str(HERE)]  # behind `bitcoin`

from literature_rows import Row, Status, measure_quick
from literature_runs import measure_long

PAGE = HERE.parent / "docs" / "literature.md"
HEAD = (
    "what",
    "measured here",
    "published",
    "difference",
    "seeds",
    "source; how sure the published figure is",
)
OPENING = """# What the literature says, and what comes out here

Made by `python benchmarks/literature.py`; nothing is filled in by hand. Each measured figure is a pure
function of its seeds. A difference is no mark: a preset is built from what was published of a network, which
is less than what the network is, and the column on the right says how sure the other figure is.

"""
WORDS = {
    Status.SEEN: "the figure was read where it was published, or in a copy",
    Status.RUN: "the program is public; it was run, with its own seeds, on another day",
    Status.RECOMPUTED: "the formula is the paper's, its printed table was not at hand",
    Status.TOLD: "others quote it; the paper itself was not at hand",
    Status.MEMORY: "to be looked up before anybody relies on it",
    Status.NOT_FOUND: "looked for, and left open",
}


def format_tables(tables: dict[str, list[Row]]) -> str:
    """The page."""
    parts = [OPENING]
    for title, rows in tables.items():
        parts.append(f"## {title}\n\n{format_line(HEAD)}{format_line(['---'] * len(HEAD))}")
        parts += [format_line(row.to_cells()) for row in rows]
        parts.append("\n")
    parts.append("## How sure\n\n")
    parts += [f"- **{status}**: {words}.\n" for status, words in WORDS.items()]
    return "".join(parts)


def format_line(cells: list[str] | tuple[str, ...]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    """Write it, or print a part."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="print the rows that take seconds")
    tables = measure_quick()
    if parser.parse_args().quick:
        print(format_tables(tables))
    else:
        PAGE.write_text(format_tables({**tables, **measure_long()}), encoding="utf-8")


if __name__ == "__main__":
    main()
