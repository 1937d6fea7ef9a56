"""Lines between nodes of one program: no socket, messages are handed over as they are, perhaps after a while.

As on TCP a line keeps its order, and what was sent before a hanging up arrives before it.
"""

import asyncio
from collections.abc import Callable

from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import NOBODY, SECOND, ConnectionId, Microseconds
from blockchain_lab.sockets.far_end import CLOSED
from blockchain_lab.sockets.stream import RESET

Parcel = tuple[float, int, Message | str]  # due (the loop's time), id of its record, a message or why it ends


class MemoryLine:
    """One end. `other` is the number on the tape of who has the twin."""

    twin: "MemoryLine"

    def __init__(self, conn: ConnectionId, other: int, delay: Microseconds) -> None:
        """Made by `make_line`."""
        self.conn, self.other, self.ended_by = conn, other, NOBODY
        self._delay = delay / SECOND
        self._inbox: asyncio.Queue[Parcel] = asyncio.Queue()
        self._has_ended = False

    @property
    def waiting(self) -> int:
        """How many messages the other end has not been told."""
        return self.twin._inbox.qsize()

    def send(self, message: Message, sent: int) -> None:
        """On its way."""
        self._put(sent, message)

    def hang_up(self, cause: int = NOBODY) -> None:
        """Close our end; the twin hears of it behind what was sent before."""
        self._end(cause, CLOSED)

    def abort(self) -> None:
        """Close our end. Harmless when it is closed already."""
        self._end(NOBODY, RESET)

    async def carry(self, deliver: Callable[[Message, int], None]) -> str:
        """Hand over every message when it is due, until the twin has closed: why."""
        while True:
            due, sent, what = await self._inbox.get()
            await sleep_until(due)
            if isinstance(what, str):
                self.ended_by = sent
                return what
            deliver(what, sent)

    def _end(self, cause: int, reason: str) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._put(cause, reason)

    def _put(self, sent: int, what: Message | str) -> None:
        due = asyncio.get_running_loop().time() + self._delay
        self.twin._inbox.put_nowait((due, sent, what))


def make_line(
    conn: ConnectionId, dialler: int, dialled: int, delay: Microseconds
) -> tuple[MemoryLine, MemoryLine]:
    """Both ends, the dialler's first. `delay`: microseconds of real time, one way."""
    near, far = MemoryLine(conn, dialled, delay), MemoryLine(conn ^ 1, dialler, delay)
    near.twin, far.twin = far, near
    return near, far


async def sleep_until(due: float) -> None:
    """Until the loop's clock says so; not at all when it does already."""
    wait = due - asyncio.get_running_loop().time()
    if wait > 0:
        await asyncio.sleep(wait)
