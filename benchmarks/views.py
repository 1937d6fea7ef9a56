"""Measure the views in a real Chromium: frames, scrubbing, idleness, bytes, kernel to paint, memory.

    python benchmarks/views.py                         all parts; 10 minutes for `memory` alone
    python benchmarks/views.py frames scrub            these only: frames scrub idle memory comm player
                                                       compare kernel
    python benchmarks/views.py memory --minutes 2      a shorter look

`frames`, `scrub`, `idle` and `memory` show toy stories on a plain page; `comm` counts what a lab sends;
`player` writes runs to files, and opens them; `compare` draws two labs of 200 peers together; `kernel` opens
lesson 14 in a real JupyterLab. Chromium draws without a graphics card here, as it does in tests. What else
the machine is busy with is in the figures: its load is printed with the date.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

import page_parts
from engine import get_processor
from jupyter_parts import measure_kernel
from pair_parts import measure_comparing
from playwright.sync_api import Browser
from support.views_page import opened_browser

Row = tuple[str, str, str]  # what was measured, what came out, what we aim at
Part = Callable[[Browser], Iterator[Row]]


def get_parts(minutes: float) -> dict[str, Part]:
    """The parts by name, in the order in which they run."""
    return {
        "frames": page_parts.measure_frames,
        "scrub": page_parts.measure_scrubbing,
        "idle": page_parts.measure_idleness,
        "comm": page_parts.measure_comm,
        "player": page_parts.measure_player,
        "compare": measure_comparing,
        "kernel": measure_kernel,
        "memory": lambda browser: page_parts.measure_memory(browser, minutes),
    }


def describe_machine(browser: Browser) -> str:
    """Where and when this is measured."""
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"{when}, {get_processor()}, {load}, Chromium {browser.version}, Python {platform.python_version()}"
    )


WIDTHS: Final = (52, 40, 24)


def print_row(*cells: str) -> None:
    """One line of the table, at once: the next one may take a while."""
    print(
        "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip(), flush=True
    )


def main() -> None:
    """Print the parts that were asked for."""
    names = list(get_parts(0))
    parser = argparse.ArgumentParser(description="Measure the views in a real Chromium.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"some of: {' '.join(names)} (all when none)"
    )
    parser.add_argument("--minutes", type=float, default=10, help="how long `memory` plays (10)")
    wanted = parser.parse_args()
    if unknown := set(wanted.parts) - set(names):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    with opened_browser() as browser:
        print(describe_machine(browser))
        print_row("what", "measured", "aim")
        for name, measure in get_parts(wanted.minutes).items():
            if not wanted.parts or name in wanted.parts:
                for row in measure(browser):
                    print_row(*row)


if __name__ == "__main__":
    main()
