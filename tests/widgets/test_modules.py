"""The page's own modules, tested in plain node: they know no Jupyter, so they need no browser."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

STORIES = sorted(Path(__file__).parent.glob("*.test.mjs"))
NODE = shutil.which("node")
REQUIRED = os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") == "1"


@pytest.mark.skipif(
    NODE is None and not REQUIRED, reason="install node (Debian: nodejs) to test the views' modules"
)
@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.name)
def test_a_story_in_node_passes(story: Path) -> None:
    """Every `*.test.mjs` beside this file is a set of stories; its report is shown when one fails."""
    assert NODE is not None, "node is missing (Debian: nodejs)"

    run = subprocess.run(
        [NODE, "--test", str(story)], capture_output=True, encoding="utf-8", check=False, timeout=120
    )

    assert 0 == run.returncode, run.stdout + run.stderr
