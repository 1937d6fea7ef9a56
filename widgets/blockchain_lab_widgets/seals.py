"""Sealed blocks in a cell: written into, mined with progress and cancelled there, and broken in sight.

What is shown is handed over by a lesson, as anything with these names, and is changed by the reader:

    title, zeros, choices, is_fixed     the heading; the seal that is asked for, None when there is no choice,
                                        and what can be chosen; whether texts stay as they are
    get_rows() -> [dict]                what a card shows of each block
    write(number, text), set_zeros(n)
    mine(number) -> iterator            of steps with `tried`, `expected`, and `nonce` when it is found

A search runs in slices, as `lone` says.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from blockchain_lab_widgets.lone import PAUSE, LonePicture

ENTRY: Final = "seals.js"
SHOWN_EVERY: Final = 0.1  # seconds between two words of progress


class Seals(LonePicture):
    """A picture of some blocks, and the one search that may run in it."""

    def __init__(self, blocks: Any) -> None:
        """Show them as they are."""
        self.blocks = blocks
        self.search: dict[str, Any] | None = None
        super().__init__(ENTRY, blocks)

    def mine(self, number: int) -> None:
        """Seek a nonce for this block, unless a search runs already; without a loop (a script) to its end."""
        if self._task is not None:
            return
        steps = self.blocks.mine(number)
        if self._loop is None:
            for step in steps:
                self._note(number, step, 0)
            self.tell()
        else:
            self._task = self._loop.create_task(self._seek(number, steps))

    def stop(self) -> None:
        """Cancel the search, if one runs: the block keeps its nonce."""
        if self._task is None:
            return
        self._task.cancel()
        self._task = None
        if self.search is not None:
            self.search = {**self.search, "isRunning": False}

    async def _seek(self, number: int, steps: Iterator[Any]) -> None:
        """Slice by slice."""
        begun, shown = time.perf_counter(), 0.0
        with suppress(asyncio.CancelledError):
            try:
                for step in steps:
                    passed = time.perf_counter() - begun
                    self._note(number, step, passed)
                    if passed - shown > SHOWN_EVERY:
                        self.tell()
                        shown = passed
                    await asyncio.sleep(PAUSE)
            except Exception as error:  # no cell would show it
                self._task = None
                self._report(error)
                return
            self._task = None
            self.tell()

    def _note(self, number: int, step: Any, passed: float) -> None:
        is_found = step.nonce is not None
        self.search = {
            "number": number,
            "tried": step.tried,
            "expected": step.expected,
            "rate": step.tried / passed if passed else 0,
            "isRunning": not is_found,
            "isFound": is_found,
        }

    def _hear_wish(self, wish: dict[str, Any]) -> None:
        match wish:
            case {"do": "write", "number": int(number), "text": str(text)} if not self.blocks.is_fixed:
                self.stop()
                self.search = None
                self.blocks.write(number, text)
            case {"do": "zeros", "zeros": int(zeros)} if zeros in self.blocks.choices:
                self.stop()
                self.search = None
                self.blocks.set_zeros(zeros)
            case {"do": "mine", "number": int(number)}:
                self.mine(number)
            case {"do": "cancel"}:
                self.stop()

    def _report(self, error: BaseException) -> None:
        self.stop()
        self.search = None
        super()._report(error)

    def _describe(self) -> dict[str, Any]:
        return {
            "title": self.blocks.title,
            "rows": self.blocks.get_rows(),
            "zeros": self.blocks.zeros,
            "choices": list(self.blocks.choices),
            "isFixed": self.blocks.is_fixed,
            "search": self.search,
            "trouble": "",
        }
