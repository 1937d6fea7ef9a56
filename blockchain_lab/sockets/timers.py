"""The timers of one node, on the event loop's clock. A name rings once; setting it again puts it off."""

import asyncio
from collections.abc import Callable

from blockchain_lab.base.effects import TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds

Ring = Callable[[TimerName, int], None]


class Timers:
    """Those that run. `ring` is called with the name and the cause that `set` was given."""

    def __init__(self, ring: Ring) -> None:
        """None."""
        self._ring = ring
        self._handles: dict[TimerName, asyncio.TimerHandle] = {}

    def set(self, name: TimerName, after: Microseconds, cause: int) -> None:
        """Start one anew. UsageError."""
        if type(after) is not int or after < 0:
            raise UsageError(f"timer {name} after {after!r}: wanted whole microseconds, 0 or more")
        self.cancel(name)
        loop = asyncio.get_running_loop()
        self._handles[name] = loop.call_later(after / SECOND, self._run_out, name, cause)

    def cancel(self, name: TimerName) -> None:
        """Forget one; a name that is not set is ignored."""
        if (handle := self._handles.pop(name, None)) is not None:
            handle.cancel()

    def cancel_of(self, conn: ConnectionId) -> None:
        """A closed connection's timers die with it."""
        for name in [name for name in self._handles if name.conn == conn]:
            self.cancel(name)

    def cancel_all(self) -> None:
        """The node is off."""
        for name in list(self._handles):
            self.cancel(name)

    def _run_out(self, name: TimerName, cause: int) -> None:
        del self._handles[name]
        self._ring(name, cause)
