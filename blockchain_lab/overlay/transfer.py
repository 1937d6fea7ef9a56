"""A large thing goes from one peer to another in pieces: as datagrams, or over a connection.

    datagrams      all pieces at once; each may be lost or overtake another one, and nobody notices
    ... repeated   after a silence the receiver asks again for those that are missing
    stream         first a connection is made, then the pieces come: all of them, in order

The connection is the simulator's: a loss is sent again after `links.retransmit`, and all that is behind it
waits. Real TCP also begins slowly, and slows down when something is lost (RFC 5681); this one does not.
"""

from collections.abc import Iterable
from typing import Final

from blockchain_lab.base.choices import check_keys, read_flag, read_number, read_word
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, Note, Send, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import MILLISECOND, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.transfer_messages import LEAST_PIECE, MOST_MISSING, Missing, Piece

DATAGRAMS: Final = "datagrams"
STREAM: Final = "stream"
WAYS: Final = (DATAGRAMS, STREAM)
KEYS: Final = ("over", "size", "piece", "repeats", "patience")
MEGABYTE: Final = 1_000_000  # bytes
ETHERNET_PIECE: Final = 1_472  # bytes: Ethernet's 1,500 less the headers of IPv4 and UDP, 20 and 8
MOST_TRIES: Final = 20  # in a row without an answer; ours
QUIET: Final = TimerName("quiet")


class TransferNode(Node):
    """Kind "transfer". Who has neighbours sends to them. `got`: numbers of pieces, as they came."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        policy, self.setup = setup.policy, setup
        check_keys(policy, KEYS)
        self.over = read_word(policy, "over", WAYS, DATAGRAMS)
        self.size = read_number(policy, "size", MEGABYTE, least=LEAST_PIECE)
        self.piece = read_number(policy, "piece", ETHERNET_PIECE, least=LEAST_PIECE + 1)
        self.repeats = read_flag(policy, "repeats", default=False)
        self.patience = read_number(policy, "patience", 300 * MILLISECOND, least=1)
        self.got: dict[int, None] = {}
        self.of = 0  # pieces in all; 0 while nothing has come
        self.tries = 0  # in a row
        self.sender: Address | None = None  # of datagrams

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Send everything at once, or make a connection first."""
        near = self.setup.neighbours
        if self.over == STREAM:
            return [Dial(address) for address in near]
        return [SendTo(address, piece) for address in near for piece in make_pieces(self.size, self.piece)]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Who has dialled sends everything."""
        return [] if inbound else [Send(conn, piece) for piece in make_pieces(self.size, self.piece)]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Take a piece; a connection repeats by itself what is lost."""
        return self._take(message) if isinstance(message, Piece) else []

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Take a piece, and wait for the next one; send again what a neighbour misses."""
        match message:
            case Piece():
                self.sender, self.tries = source, 0
                effects = self._take(message)
                if self.repeats:
                    is_whole = len(self.got) == self.of
                    effects.append(CancelTimer(QUIET) if is_whole else SetTimer(QUIET, self.patience))
                return effects
            case Missing(numbers=numbers) if source in self.setup.neighbours:
                pieces = make_pieces(self.size, self.piece)
                return [SendTo(source, pieces[number]) for number in numbers if number < len(pieces)]
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """It has become quiet: ask for what is missing, and give up after many tries in vain."""
        self.tries += 1
        missing = [number for number in self.choose_missing() if 0 <= number < self.of][:MOST_MISSING]
        if self.sender is None or self.tries > MOST_TRIES or not missing:
            return []
        return [SendTo(self.sender, Missing(missing)), SetTimer(QUIET, self.patience)]

    def choose_missing(self) -> list[int]:
        """Which pieces to ask for again."""
        return find_missing(list(self.got), self.of)

    def _take(self, piece: Piece) -> list[Effect]:
        """Keep one piece; twice is once. A note when it was the last one that was missing."""
        is_new = piece.number not in self.got
        self.of = piece.of
        self.got[piece.number] = None
        is_last = is_new and len(self.got) == self.of
        return [Note("file complete", {"pieces": self.of})] if is_last else []


def make_pieces(size: int, piece: int) -> list[Piece]:
    """`size` bytes on the line in pieces of `piece` bytes, the last one with what is left. O(size)"""
    count = count_pieces(size, piece)
    sizes = [piece] * (count - 1) + [max(size - piece * (count - 1), LEAST_PIECE)]
    return [Piece(number, count, each - LEAST_PIECE) for number, each in enumerate(sizes)]


def count_pieces(size: int, piece: int) -> int:
    """How many pieces of `piece` bytes hold `size` bytes."""
    return -(-size // piece)


def find_missing(got: Iterable[int], of: int) -> list[int]:
    """The numbers from 0 to `of` - 1 that have not come, in order."""
    here = dict.fromkeys(got)
    return [number for number in range(of) if number not in here]
