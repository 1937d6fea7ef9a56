"""One end of one TCP connection: bytes become messages, messages become bytes, and neither piles up.

It knows asyncio and a codec, but no node: what arrives is handed to a callback, what the other program does
is told to its `far` end. Memory stays bounded on
both sides. A peer that sends faster than we handle is held back by TCP itself, as we read no further; one
that asks for much and reads slowly gets no ear before it has taken most of its answers, as in Bitcoin
Core (`fPauseSend` in net.h).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from blockchain_lab.base.messages import Codec, Malformed, Message
from blockchain_lab.base.units import NOBODY, ConnectionId
from blockchain_lab.sockets.far_end import CLOSED, FarEnd

CHUNK: Final = 1 << 16  # bytes read at once
MAX_UNREAD: Final = 8 << 20  # bytes of a message that is not whole yet; Bitcoin's longest has 4,000,024
PAUSE_AT: Final = 64  # messages waiting to be sent; above it we do not listen to this peer
RESET: Final = "reset"
THEIR_DOING: Final = (CLOSED, RESET)  # reasons for an end that we have not made
LINGER: Final = 5.0  # seconds that a peer gets to take what we sent before we hung up


class Stream:
    """One open connection. `carry` moves messages both ways until it ends."""

    def __init__(
        self,
        conn: ConnectionId,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        codec: Codec,
        far: FarEnd,
    ) -> None:
        """Nothing moves before `carry`. Needs a running event loop."""
        self.conn = conn
        self.other = far.number
        self.is_open = True  # False as soon as either side has hung up
        self.ended_by = NOBODY  # id of the record of the other side's hanging up
        self._far = far
        self._reader = reader
        self._writer = writer
        self._codec = codec
        self._outbox: deque[tuple[int, Message]] = deque()  # messages are shared, so waiting ones cost little
        self._something_to_do = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    @property
    def waiting(self) -> int:
        """How many messages have not been handed to the operating system."""
        return len(self._outbox)

    def send(self, message: Message, sent: int) -> None:
        """Queue a message, sent by that record. It leaves in order, as fast as the other side reads."""
        self._outbox.append((sent, message))
        if len(self._outbox) > PAUSE_AT:
            self._has_room.clear()
        self._something_to_do.set()

    def hang_up(self, cause: int = NOBODY) -> None:
        """Close our end: what was sent before still leaves, what arrives from now on is thrown away."""
        self.is_open = False
        self._has_room.set()
        self._something_to_do.set()
        asyncio.get_running_loop().call_later(LINGER, self.abort)

    def abort(self) -> None:
        """Close at once; what has not left is lost. Harmless when it is closed already."""
        self.is_open = False
        self._writer.transport.abort()

    async def carry(self, deliver: Callable[[Message, int], None]) -> str:
        """Hand over every message that arrives, and the id of its sending, until the connection ends: why."""
        writing = asyncio.create_task(self._write())
        try:
            reason = await self._read(deliver)
        except OSError as fault:
            reason = get_reason(fault)
        finally:
            writing.cancel()
            was_open = self.is_open
            self.abort()
        self._end(was_open and reason in THEIR_DOING)
        (fault_of_ours,) = await asyncio.gather(writing, return_exceptions=True)
        if isinstance(fault_of_ours, Exception):  # a message that cannot be encoded, say
            raise fault_of_ours
        return reason

    def _end(self, is_their_doing: bool) -> None:
        """Both ends are closed now."""
        while self._outbox:
            self._far.missed(*self._outbox.popleft())
        if is_their_doing:
            self.ended_by = self._far.hung_up()
        else:
            self._far.was_closed()

    async def _read(self, deliver: Callable[[Message, int], None]) -> str:
        rest = b""
        while chunk := await self._reader.read(CHUNK):
            if not self.is_open:
                continue  # unread bytes at closing time would make a reset of what we sent before
            messages, rest = self._codec.split(rest + chunk)
            for message in messages:
                await self._has_room.wait()
                if not self.is_open:
                    break
                deliver(message, self._far.said(message))
                if self.is_open and isinstance(message, Malformed) and message.fatal:
                    return f"unreadable: {message.reason}"
            if len(rest) > MAX_UNREAD:
                return f"unreadable: {len(rest)} bytes and no whole message"
        return CLOSED

    async def _write(self) -> None:
        try:
            while True:
                while self._outbox:
                    sent, message = self._outbox[0]
                    self._writer.write(self._codec.frame(message))
                    await self._writer.drain()
                    self._outbox.popleft()
                    self._far.took(sent, message)
                    if len(self._outbox) <= PAUSE_AT:
                        self._has_room.set()
                if not self.is_open:
                    self._writer.write_eof()
                    return
                self._something_to_do.clear()
                await self._something_to_do.wait()
        except OSError:
            return  # the reading side sees the same end, and says why
        except Exception:
            self.abort()
            raise


def get_reason(fault: OSError) -> str:
    """A network's fault in the words that nodes are told: refused, reset, timed out, or the system's own."""
    if isinstance(fault, ConnectionRefusedError):
        return "refused"
    if isinstance(fault, ConnectionError):
        return RESET
    if isinstance(fault, TimeoutError):
        return "timed out"
    return fault.strerror or str(fault)
