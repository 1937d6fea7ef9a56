"""Puts the lessons into the wheel, so that `pip install` in an empty folder is enough.

An editable install gets none: it reads the checkout's own. (A static `force-include` would copy them
into site-packages there too, where they would go stale.) The scripts that make their figures stay behind.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LessonsInTheWheel(BuildHookInterface[Any]):
    """Called by hatchling at each build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "standard" for a wheel and "editable" for `pip install -e`."""
        if version != "standard":
            return
        lessons = Path(self.root) / "lessons"
        for file in sorted(lessons.rglob("*")):
            parts = file.relative_to(lessons).parts
            if (
                file.is_file()
                and file.suffix != ".py"
                and not any(part.startswith((".", "__")) for part in parts)
            ):
                build_data["force_include"][str(file)] = "/".join(("blockchain_lab", "_lessons", *parts))
