"""A picture that stands alone: no lab, no carrier, one state from Python, and wishes from the page.

    class Seals(LonePicture):
        def __init__(self, blocks):
            self.blocks = blocks
            super().__init__("seals.js", blocks)    # the page's entry; what is shown

        def _describe(self): ...                    # the state; the page draws it
        def _hear_wish(self, wish): ...             # what the reader does
        def stop(self): ...                         # end what runs behind the picture

What takes long runs in slices on the kernel's own loop. Between two of them the kernel does whatever else is
asked: another cell, or a press on a button. No thread, so nothing changes behind a cell's back.
"""

import asyncio
from typing import Any, Final

import anywidget
import traitlets

from blockchain_lab_widgets import assets
from blockchain_lab_widgets.cells import call_when_rerun
from blockchain_lab_widgets.main_thread import get_running_loop, on_main

PAUSE: Final = 0.005  # seconds in which the kernel looks at what else there is to do, after each slice


class LonePicture(anywidget.AnyWidget):
    """What all of them share: how they get into the page, hear it, and leave it."""

    _esm = assets.get_boot("lone-boot.js")
    entry = traitlets.Unicode().tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)
    modules = traitlets.Bytes().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, entry: str, shown: Any) -> None:
        """Show it as it is; its `repr` where no widget runs. What `_describe` needs must be there before."""
        self._shown = shown
        self._loop = get_running_loop()
        self._task: asyncio.Task[None] | None = None
        digest, modules = assets.pack_modules(entry)
        super().__init__(entry=entry, digest=digest, modules=modules, state=self._describe())
        self.on_msg(on_main(self._loop, self._hear, self._report))
        call_when_rerun(self.close)

    def close(self) -> None:
        """Nothing goes on behind a picture that has left the page."""
        self.stop()
        super().close()

    def stop(self) -> None:
        """End what runs behind the picture, if anything does."""
        raise NotImplementedError

    def tell(self) -> None:
        """Send the state to the page."""
        self.state = self._describe()

    def _hear(self, _widget: Any, wish: dict[str, Any], _buffers: Any) -> None:
        self._hear_wish(wish)
        self.tell()

    def _report(self, error: BaseException) -> None:
        """What went wrong, where the reader looks."""
        self.stop()
        self.state = {**self._describe(), "trouble": f"Python raised {type(error).__name__}: {error}"}

    def _describe(self) -> dict[str, Any]:
        """The state; with an empty `trouble`."""
        raise NotImplementedError

    def _hear_wish(self, wish: dict[str, Any]) -> None:
        """What the reader does. A page may be older than we are: what is no wish is left alone."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The picture; and, where no widget runs, words."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": repr(self._shown)}, metadata
