"""Messages of the lecture's fourth class: the things themselves. `block` and `tx` have rooms of their own."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.reader import Reader
from blockchain_lab.bitcoin.block import HEADER_SIZE, Header
from blockchain_lab.bitcoin.codec import compact_size, read_compact_size, read_count
from blockchain_lab.bitcoin.message_base import BitcoinMessage, LectureClass, Versions

MAX_HEADERS: Final = 2_000  # in one message: Core's MAX_HEADERS_RESULTS
ENTRY_SIZE: Final = HEADER_SIZE + 1  # bytes: a header and the count of its transactions, always 0


@dataclass(frozen=True)
class Headers(BitcoinMessage):
    """Block headers, each the next one's parent: the answer to `GetHeaders`, or news of a block."""

    command: ClassVar[str] = "headers"
    lecture_class: ClassVar[LectureClass] = "data"
    versions: ClassVar[Versions] = Versions("0.3.18", protocol=31800)
    source: ClassVar[str] = "protocol version 31800 (2010); as announcement: BIP 130"

    headers: tuple[Header, ...]  # CompactSize (at most 2,000) and 81 bytes each

    def encode(self) -> bytes:
        """The count, then each header with a 0 behind it, as if it were a block without transactions."""
        no_transactions = compact_size(0)
        return compact_size(len(self.headers)) + b"".join(
            [header.encode() + no_transactions for header in self.headers]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The count and the entries. (Core ignores the transaction counts; we insist on 0.)"""
        count = read_count(reader, "header_count", item_size=ENTRY_SIZE, limit=MAX_HEADERS)
        headers = []
        for _ in range(count):
            headers.append(Header.read(reader))
            transactions = read_compact_size(reader, "transaction_count")
            if transactions:
                raise DecodeError(f"transaction_count: wanted 0 behind a header, found {transactions}")
        return cls(headers=tuple(headers))
