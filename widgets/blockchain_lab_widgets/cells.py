"""Cells that run again: what they showed before has left the page, so it may leave the memory, too."""

from collections.abc import Callable
from typing import Any

from IPython import get_ipython


def call_when_rerun(callback: Callable[[], None]) -> None:
    """Call back, once, when the cell that runs now runs again. Never outside of a notebook's cell."""
    shell = get_ipython()
    cell = get_cell_id(shell)
    if cell is None:
        return

    def before_a_cell(info: Any) -> None:
        if info.cell_id == cell:
            shell.events.unregister("pre_run_cell", before_a_cell)
            callback()

    shell.events.register("pre_run_cell", before_a_cell)


def get_cell_id(shell: Any) -> str | None:
    """The front end's name for the cell that runs now; None where there is none (a script, a callback)."""
    get_parent = getattr(shell, "get_parent", None)
    metadata = get_parent().get("metadata", {}) if get_parent else {}
    return metadata.get("cellId")
