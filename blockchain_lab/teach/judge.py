"""Judges answers in a process of its own: runs are played again here, and a forged one may never end.

    python -m blockchain_lab.teach.judge < answers        one JSON line out for each answer

The answers (JSON): `seed`, `seconds`, and `answers`, a list of `[question, packed answer]`. No learner's code
runs here.
"""

import json
import sys

from blockchain_lab.course.extras import find_question
from blockchain_lab.teach.answers import judge_packed
from blockchain_lab.teach.fences import set_limits


def main() -> None:
    """Read, judge, tell."""
    work = json.load(sys.stdin)
    set_limits(work["seconds"])
    for name, packed in work["answers"]:
        judgement = judge_packed(find_question(name), packed, work["seed"])
        line = {"verdict": judgement.verdict.value, "message": judgement.message}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
