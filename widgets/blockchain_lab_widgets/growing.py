"""A run in a cell whose curve grows while it plays: progress, time left, and a button that stops it.

What is played is handed over as anything with these names:

    title                               the heading
    thing                               what goes round: `many` ("blocks"), `since` ("a block was found")
    play() -> iterator                  of steps with `found`, `blocks`, `seconds`, `percents`

It is played in slices, as `lone` says.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Final

from blockchain_lab_widgets.lone import PAUSE, LonePicture

ENTRY: Final = "growing.js"
SHOWN_EVERY: Final = 0.15  # seconds between two pictures


class Growing(LonePicture):
    """A curve that grows, and the one run behind it."""

    def __init__(self, run: Any) -> None:
        """Begin at once: the cell was run to see it."""
        self.run = run
        self._clear()
        super().__init__(ENTRY, run)
        self.begin()

    def begin(self) -> None:
        """Play from the beginning, unless it plays already; without a loop (a script) to the end."""
        if self._task is not None:
            return
        self._clear()
        self.phase = "playing"
        steps = self.run.play()
        if self._loop is None:
            for step in steps:
                self.step = step
            self.phase = "over"
            self.tell()
        else:
            self._task = self._loop.create_task(self._play(steps))

    def stop(self) -> None:
        """Leave it where it is; it can begin anew."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.phase = "stopped"

    async def _play(self, steps: Iterator[Any]) -> None:
        """Slice by slice. Whoever cancels has said already that it was stopped."""
        begun, shown = time.perf_counter(), 0.0
        try:
            for step in steps:
                self.step, self.passed = step, time.perf_counter() - begun
                if not shown or self.passed - shown > SHOWN_EVERY:
                    shown = self.passed
                    self.tell()
                await asyncio.sleep(PAUSE)
        except Exception as error:  # no cell would show it
            self._task, self.phase = None, "stopped"
            self._report(error)
            return
        self._task, self.phase = None, "over"
        self.tell()

    def _hear_wish(self, wish: dict[str, Any]) -> None:
        match wish:
            case {"do": "begin"}:
                self.begin()
            case {"do": "stop"}:
                self.stop()

    def _clear(self) -> None:
        self.phase, self.passed, self.step = "stopped", 0.0, None

    def _describe(self) -> dict[str, Any]:
        step = self.step
        found, blocks = (step.found, step.blocks) if step else (0, 0)
        left = self.passed / found * (blocks - found) if found and self.phase == "playing" else None
        return {
            "title": self.run.title,
            "many": self.run.thing.many,
            "since": self.run.thing.since,
            "phase": self.phase,
            "found": found,
            "blocks": blocks,
            "passed": self.passed,
            "left": left,
            "seconds": step.seconds if step else [],
            "percents": step.percents if step else [],
            "trouble": "",
        }
