"""Every named scenario is the same run in every process: its digest is written down.

A change of behaviour shows here first. If it was meant: `python tests/support/golden_digests.py --write`.
"""

import json
import os
import subprocess
import sys

from support.golden_digests import GOLDEN
from support.repository import ROOT

from blockchain_lab import scenarios


def test_each_scenario_has_its_digest_written_down() -> None:
    """No more and no fewer than there are scenarios."""
    assert sorted(scenarios.names()) == sorted(json.loads(GOLDEN.read_text()))


def test_another_process_with_another_hash_seed_plays_the_same_runs() -> None:
    """Sets and strings hash differently there; no record does."""
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    script = ROOT / "tests" / "support" / "golden_digests.py"
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(GOLDEN.read_text()) == json.loads(done.stdout)
