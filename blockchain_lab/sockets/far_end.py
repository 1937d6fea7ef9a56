"""The other end of a line to a program that writes no tape: what can be said of it, and when.

    it dialled, opened      when our end opens
    it sent a message       right before the message's arrival here: the event before. How long it was under
                            way nobody knows
    a message reached it    when our bytes have gone into the operating system; TCP's receipts stay there
    it hung up              when the end of its stream has come, or a reset; why, it does not say
    it lost the line        when our end was closed

What it thinks, notes and waits for is not known, so of such a peer a tape has no note, timer or command.
"""

from collections.abc import Callable
from typing import Final

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds
from blockchain_lab.sockets.tape import Tape
from blockchain_lab.sockets.waiting import Waiting

NOT_SAID: Final = "it does not say why"
CLOSED: Final = "closed by the other end"


class FarEnd:
    """Writes the half of the other program. `conn` is its end; `waiting` hears of every event."""

    def __init__(
        self,
        tape: Tape,
        waiting: Waiting,
        clock: Callable[[], Microseconds],
        number: int,
        us: int,
        conn: ConnectionId,
    ) -> None:
        """`number` is the program's, `us` ours."""
        self.number = number
        self._tape, self._waiting, self._clock = tape, waiting, clock
        self._us, self._conn = us, conn
        self._is_open = False

    def dialled(self, address: Address) -> int:
        """It has dialled us at this address."""
        return self._write(Kind.DIAL, NOBODY, address)

    def opened(self, cause: int, address: Address, *, inbound: bool) -> int:
        """Its end is open; `inbound`: we have dialled. `address` is ours."""
        self._is_open = True
        return self._write(Kind.CONNECT, cause, (address, inbound))

    def said(self, message: Message) -> int:
        """It has sent what has just come."""
        return self._write(Kind.SEND, NOBODY, message)

    def took(self, sent: int, message: Message) -> None:
        """What we sent by the record `sent` has left us."""
        if self._is_open:
            self._write(Kind.DELIVER, sent, message)
        else:
            self.missed(sent, message)

    def missed(self, sent: int, message: Message) -> None:
        """What we sent will never leave us."""
        self._write(Kind.DROP, sent, message)

    def hung_up(self) -> int:
        """It has closed its end."""
        return self._close(Kind.HANG_UP, NOT_SAID)

    def was_closed(self) -> int:
        """We have closed ours."""
        return self._close(Kind.DISCONNECT, CLOSED)

    def _close(self, kind: Kind, reason: str) -> int:
        if not self._is_open:
            return NOBODY
        self._is_open = False
        return self._write(kind, NOBODY, reason)

    def _write(self, kind: Kind, cause: int, detail: object) -> int:
        self._waiting.wake()
        return self._tape.event(self._clock(), kind, self.number, self._us, self._conn, cause, detail)
