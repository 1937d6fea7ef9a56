"""Our end of a line over IPv8, and the outbox through which messages leave: one packet a turn of the loop.

UDP knows no flow control: asyncio reads one datagram a turn, so who sends fifty in one fills the other side's
buffer, and the system throws most of them away. Paced, none was lost on loopback; none is promised. A line is
no stream: what is sent arrives soon, late or not at all.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from ipv8.peer import Peer

from blockchain_lab.base.envelope import command_to_bytes
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import NOBODY, ConnectionId
from blockchain_lab.sockets.far_end import CLOSED, FarEnd
from blockchain_lab.sockets.ipv8_community import Bye, LabCommunity, Raw
from blockchain_lab.sockets.stream import RESET

MOST_BYTES: Final = 1_200  # of a payload: 1,377 with prefix, command, key and signature; Ethernet has 1,500
HUNG_UP: Final = "hung up"


class Outbox:
    """What one host has to send, in order."""

    def __init__(self) -> None:
        """Empty. `run` empties it."""
        self._waiting: deque[Callable[[], None]] = deque()
        self._something_to_do = asyncio.Event()
        self._is_closing = False

    def put(self, send: Callable[[], None]) -> None:
        """To be called in its turn."""
        self._waiting.append(send)
        self._something_to_do.set()

    async def run(self) -> None:
        """Send one packet a turn, until the box is closed and empty."""
        while self._waiting or not self._is_closing:
            if self._waiting:
                self._waiting.popleft()()
                await asyncio.sleep(0)
            else:
                self._something_to_do.clear()
                await self._something_to_do.wait()

    def close(self) -> None:
        """Nothing more will come."""
        self._is_closing = True
        self._something_to_do.set()


class Ipv8Line:
    """One open line. A peer has one line at most, so its key names it."""

    def __init__(
        self, conn: ConnectionId, peer: Peer, community: LabCommunity, outbox: Outbox, far: FarEnd
    ) -> None:
        """Nothing is handed over before `carry`."""
        self.conn, self.peer, self.other, self.ended_by = conn, peer, far.number, NOBODY
        self.waiting = 0  # messages that have not left us
        self._community, self._outbox, self._far = community, outbox, far
        self._is_open, self._is_lost = True, False
        self._inbox: asyncio.Queue[Message | str] = asyncio.Queue()
        peer.address_frozen = True  # else whoever repeats a packet of this peer's would get what we send it

    def send(self, message: Message, sent: int) -> None:
        """One signed packet; `is_too_long` has said that it fits."""
        payload = Raw(*pack(message))
        self.waiting += 1
        self._outbox.put(lambda: self._leave(payload, message, sent))

    def hang_up(self, cause: int = NOBODY) -> None:
        """Close our end; the other side hears of it behind what was sent before."""
        if self._is_open:
            self._outbox.put(self._say_bye)
            self._close(HUNG_UP)

    def abort(self) -> None:
        """Close at once; what has not left is lost. Harmless when it is closed already."""
        self.end(RESET)

    def end(self, reason: str) -> None:
        """The other end is gone."""
        if self._is_open:
            self._is_lost = True
            self._close(reason)

    def hear(self, message: Message) -> None:
        """Something has come."""
        self._inbox.put_nowait(message)

    async def carry(self, deliver: Callable[[Message, int], None]) -> str:
        """Hand over what comes, until the line ends: why."""
        while not isinstance(what := await self._inbox.get(), str):
            deliver(what, self._far.said(what))
        if what == CLOSED:
            self.ended_by = self._far.hung_up()
        elif what != HUNG_UP:
            self._far.was_closed()
        return what

    def _close(self, reason: str) -> None:
        self._is_open = False
        self._community.forget(self.peer)
        self._inbox.put_nowait(reason)

    def _say_bye(self) -> None:
        self._community.ez_send(self.peer, Bye())
        self._far.was_closed()

    def _leave(self, payload: Raw, message: Message, sent: int) -> None:
        self.waiting -= 1
        if self._is_lost:
            self._far.missed(sent, message)
        else:
            self._community.ez_send(self.peer, payload)
            self._far.took(sent, message)


def is_too_long(message: Message) -> bool:
    """Does it not fit into one packet? None is cut into pieces."""
    return len(message.encoding) > MOST_BYTES


def pack(message: Message) -> tuple[bytes, bytes]:
    """Command and payload."""
    return command_to_bytes(message.wire_name).rstrip(b"\0"), message.encoding
