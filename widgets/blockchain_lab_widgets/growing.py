"""A run in a cell whose curve grows while it plays: progress, time left, and a button that stops it.

What is played is handed over as anything with these names:

    title                               the heading
    play() -> iterator                  of steps with `found`, `blocks`, `seconds`, `percents`

It is played in slices on the kernel's own loop, as `seals` does: between two of them the kernel does whatever
else is asked, another cell, or the press on Stop. No thread, so nothing changes behind a cell's back.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Final

import anywidget
import traitlets

from blockchain_lab_widgets import assets
from blockchain_lab_widgets.cells import call_when_rerun
from blockchain_lab_widgets.main_thread import get_running_loop, on_main

ENTRY: Final = "growing.js"
PAUSE: Final = 0.005  # seconds in which the kernel looks at what else there is to do, after each slice
SHOWN_EVERY: Final = 0.15  # seconds between two pictures


class Growing(anywidget.AnyWidget):
    """A curve that grows, and the one run behind it."""

    _esm = assets.get_boot("growing-boot.js")
    digest = traitlets.Unicode().tag(sync=True)
    modules = traitlets.Bytes().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, run: Any) -> None:
        """Begin at once: the cell was run to see it."""
        self.run = run
        self._loop = get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._clear()
        digest, modules = assets.pack_modules(ENTRY)
        super().__init__(digest=digest, modules=modules, state=self._describe())
        self.on_msg(on_main(self._loop, self._hear, self._report))
        call_when_rerun(self.close)
        self.begin()

    def close(self) -> None:
        """Nothing goes on behind a picture that has left the page."""
        self.stop()
        super().close()

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

    def tell(self) -> None:
        """Send how far it is to the page."""
        self.state = self._describe()

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
            self._report(error)
            return
        self._task, self.phase = None, "over"
        self.tell()

    def _hear(self, _widget: Any, wish: dict[str, Any], _buffers: Any) -> None:
        """What the reader does. A page may be older than we are: what is no wish is left alone."""
        match wish:
            case {"do": "begin"}:
                self.begin()
            case {"do": "stop"}:
                self.stop()
        self.tell()

    def _report(self, error: BaseException) -> None:
        """What went wrong, where the reader looks."""
        self._task, self.phase = None, "stopped"
        self.state = {**self._describe(), "trouble": f"Python raised {type(error).__name__}: {error}"}

    def _clear(self) -> None:
        self.phase, self.passed, self.step = "stopped", 0.0, None

    def _describe(self) -> dict[str, Any]:
        step = self.step
        found, blocks = (step.found, step.blocks) if step else (0, 0)
        left = self.passed / found * (blocks - found) if found and self.phase == "playing" else None
        return {
            "title": self.run.title,
            "phase": self.phase,
            "found": found,
            "blocks": blocks,
            "passed": self.passed,
            "left": left,
            "seconds": step.seconds if step else [],
            "percents": step.percents if step else [],
            "trouble": "",
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The picture; and, where no widget runs, words."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": repr(self.run)}, metadata
