"""Sealed blocks in a cell: written into, mined with progress and cancelled there, and broken in sight.

What is shown is handed over by a lesson, as anything with these names, and is changed by the reader:

    title, zeros, choices, is_fixed     the heading; the seal that is asked for, None when there is no choice,
                                        and what can be chosen; whether texts stay as they are
    get_rows() -> [dict]                what a card shows of each block
    write(number, text), set_zeros(n)
    mine(number) -> iterator            of steps with `tried`, `expected`, and `nonce` when it is found

A search runs in slices on the kernel's own loop. Between two of them the kernel does whatever else is asked:
another cell, or the press on Cancel. No thread, so nothing changes behind a cell's back.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import anywidget
import traitlets

from blockchain_lab_widgets import assets
from blockchain_lab_widgets.cells import call_when_rerun
from blockchain_lab_widgets.main_thread import get_running_loop, on_main

ENTRY: Final = "seals.js"
PAUSE: Final = 0.005  # seconds in which the kernel looks at what else there is to do, after each slice
SHOWN_EVERY: Final = 0.1  # seconds between two words of progress


class Seals(anywidget.AnyWidget):
    """A picture of some blocks, and the one search that may run in it."""

    _esm = assets.get_boot("seals-boot.js")
    digest = traitlets.Unicode().tag(sync=True)
    modules = traitlets.Bytes().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, blocks: Any) -> None:
        """Show them as they are."""
        self.blocks = blocks
        self.search: dict[str, Any] | None = None
        self._loop = get_running_loop()
        self._task: asyncio.Task[None] | None = None
        digest, modules = assets.pack_modules(ENTRY)
        super().__init__(digest=digest, modules=modules, state=self._describe())
        self.on_msg(on_main(self._loop, self._hear, self._report))
        call_when_rerun(self.close)

    def close(self) -> None:
        """No search goes on behind a picture that has left the page."""
        self.cancel()
        super().close()

    def tell(self) -> None:
        """Send the blocks, and how far a search is, to the page."""
        self.state = self._describe()

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

    def cancel(self) -> None:
        """Stop the search, if one runs: the block keeps its nonce."""
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
                self._report(error)
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

    def _hear(self, _widget: Any, wish: dict[str, Any], _buffers: Any) -> None:
        """What the reader does. A page may be older than we are: what is no wish is left alone."""
        match wish:
            case {"do": "write", "number": int(number), "text": str(text)} if not self.blocks.is_fixed:
                self.cancel()
                self.search = None
                self.blocks.write(number, text)
            case {"do": "zeros", "zeros": int(zeros)} if zeros in self.blocks.choices:
                self.cancel()
                self.search = None
                self.blocks.set_zeros(zeros)
            case {"do": "mine", "number": int(number)}:
                self.mine(number)
            case {"do": "cancel"}:
                self.cancel()
        self.tell()

    def _report(self, error: BaseException) -> None:
        """What went wrong, where the reader looks."""
        self.search = None
        self.state = {**self._describe(), "trouble": f"Python raised {type(error).__name__}: {error}"}

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

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The picture; and, where no widget runs, a table."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": repr(self.blocks)}, metadata
