"""Plays the capstone's worlds with a repair that was handed in: in this process, behind the fences.

    python -m blockchain_lab.teach.capstone_runner < work      one JSON line out for each world

The work (JSON): `text`, of one class; `method`, the one decision that counts, or "" for all six; `seeds`;
`seconds` of processor time for all. The first line may say why the text is refused. Nothing of a learner's
ran in this process before the text was read, and what it prints goes nowhere.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.l18_checking import Verdict, check_world
from blockchain_lab.course.l18_repair import make_node
from blockchain_lab.teach.cell_runner import silence
from blockchain_lab.teach.fences import set_limits, watch


def main() -> None:
    """Read, play, tell, and leave."""
    work = json.load(sys.stdin)
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence()

    def tell(line: dict[str, Any]) -> None:
        results.write(json.dumps(line) + "\n")
        results.flush()

    set_limits(work["seconds"])
    watch(Path.cwd())
    try:
        node = make_node(work["text"], work["method"])
    except UsageError as problem:
        tell({"refused": str(problem)})
    else:
        for seed in work["seeds"]:
            tell(describe(check_world(seed, node)))
    os._exit(0)  # nothing of a learner's is asked to tidy up


def describe(verdict: Verdict) -> dict[str, Any]:
    """What is told of a world."""
    first = verdict.first
    return {
        "seed": verdict.world.seed,
        "broken": list(verdict.broken),
        "event": -1 if first is None else first.event,
        "sentence": "" if first is None else first.sentence,
    }


if __name__ == "__main__":
    main()
