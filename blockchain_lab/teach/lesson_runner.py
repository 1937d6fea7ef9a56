"""Tries one lesson in this process: one of the many of a self-test.

    python -m blockchain_lab.teach.lesson_runner < work      JSON lines out: what is tried, then how it stands

The work (JSON): `lesson`, such as L14; `seed`. What questions print goes nowhere. Asked to end, it ends what
it has started, too.
"""

import json
import os
import signal
import sys
from types import FrameType
from typing import Any

from blockchain_lab.course.registry import find_lesson
from blockchain_lab.teach.selftest import try_lesson


def main() -> None:
    """Read, try, tell."""
    signal.signal(signal.SIGTERM, on_end)
    work = json.load(sys.stdin)
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(line: dict[str, Any]) -> None:
        results.write(json.dumps(line) + "\n")
        results.flush()

    lesson = find_lesson(work["lesson"])
    health = try_lesson(lesson, work["seed"], lambda what: tell({"trying": what}))
    tell(health.to_plain())


def on_end(number: int, frame: FrameType | None) -> None:
    """As if somebody had pressed Ctrl-C: whoever waits for a process of ours ends it on the way out.

    One that has not been told its work yet ends by itself, for its input ends.
    """
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
