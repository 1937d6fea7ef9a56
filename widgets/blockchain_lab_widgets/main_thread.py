"""Handlers that always run on the kernel's main thread, and never lose an exception.

JupyterLab may deliver a widget's messages on another thread with another event loop (kernel subshells):
then cells and handlers would change one lab at the same time.
"""

import asyncio
import functools
import threading
from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]


def get_running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs the cells; None in a script or a test."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def on_main(
    loop: asyncio.AbstractEventLoop | None, handler: Handler, report: Callable[[BaseException], None]
) -> Handler:
    """The handler, moved to the main thread. What it raises is reported: no cell would show it."""

    def guarded(*args: Any) -> None:
        try:
            handler(*args)
        except (Exception, KeyboardInterrupt) as error:
            report(error)

    @functools.wraps(handler)
    def moved(*args: Any) -> None:
        if loop is None or threading.current_thread() is threading.main_thread():
            guarded(*args)
        else:
            loop.call_soon_threadsafe(guarded, *args)

    return moved
