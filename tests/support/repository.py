"""The repository as git sees it: what is tracked, and a copy of just that."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def get_tracked_files() -> list[Path]:
    """All tracked files that exist, in order. In an unpacked archive without git: all files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        return sorted(path for path in ROOT.rglob("*") if path.is_file())
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def copy_tracked(target: Path) -> Path:
    """A copy of the tracked files, as a fresh clone would have them."""
    for file in get_tracked_files():
        place = target / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)
    return target
