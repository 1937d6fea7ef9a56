"""The digest of every named scenario's run, and how to write them down anew.

    python tests/support/golden_digests.py            prints them as JSON
    python tests/support/golden_digests.py --write    writes them to tests/data/golden_digests.json

A digest is a hash of all records of the run. When one has changed, look at what has moved in the trace
before writing it down: a scenario is part of a lesson.
"""

import json
import sys

from blockchain_lab import scenarios
from blockchain_lab.lab import Lab

if __name__ == "__main__":  # run as a file, its folder's parent is not on the path
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.repository import ROOT

GOLDEN = ROOT / "tests" / "data" / "golden_digests.json"


def compute_digest(name: str) -> str:
    """Play one scenario to its end, in this process."""
    lab = Lab(name)
    lab.run()
    return lab.digest()


def main() -> None:
    """Print or write all of them."""
    text = json.dumps({name: compute_digest(name) for name in scenarios.names()}, indent=2) + "\n"
    if "--write" in sys.argv[1:]:
        GOLDEN.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
