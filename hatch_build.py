"""Puts the lessons into the wheel, so that `pip install` in an empty folder is enough.

An editable install gets none: it reads the checkout's own. (A static `force-include` would copy them
into site-packages there too, where they would go stale.)
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LessonsInTheWheel(BuildHookInterface[Any]):
    """Called by hatchling at each build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "standard" for a wheel and "editable" for `pip install -e`."""
        if version == "standard":
            build_data["force_include"]["lessons"] = "blockchain_lab/_lessons"
