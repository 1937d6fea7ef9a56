"""Inventory: how peers name a transaction or a block without sending it. 36 bytes: a type and a hash.

`inv` announces items, `getdata` asks for them, `notfound` says which ones are not there.
Source: Bitcoin Core `protocol.h` (GetDataMsg, CInv) and `net_processing.cpp` (MAX_INV_SZ).
"""

from typing import Final, NamedTuple, Self

from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.bitcoin.codec import HASH_SIZE, check_hash, compact_size, read_count, unsigned

MSG_TX: Final = 1
MSG_BLOCK: Final = 2
MSG_FILTERED_BLOCK: Final = 3  # BIP 37
MSG_CMPCT_BLOCK: Final = 4  # BIP 152
MSG_WTX: Final = 5  # a transaction named by its wtxid, BIP 339
WITNESS_FLAG: Final = 1 << 30  # in getdata: send it with witnesses, BIP 144
MSG_WITNESS_TX: Final = MSG_TX | WITNESS_FLAG
MSG_WITNESS_BLOCK: Final = MSG_BLOCK | WITNESS_FLAG

ITEM_SIZE: Final = UNSIGNED_32 + HASH_SIZE  # 36 bytes
MAX_ITEMS: Final = 50_000  # in one message: Core's MAX_INV_SZ


class InventoryItem(NamedTuple):
    """The name of one thing."""

    type: int  # 4 bytes, little-endian: one of the MSG_ constants; others are passed on as they are
    hash: bytes  # 32 bytes, internal order: txid, wtxid or block hash

    def encode(self) -> bytes:
        """Its 36 bytes."""
        return unsigned(self.type, UNSIGNED_32) + check_hash("hash", self.hash)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one."""
        start = reader.at
        item_type = reader.unsigned("type", UNSIGNED_32)
        item_hash = reader.take("hash", HASH_SIZE)
        reader.close("item", start)
        return cls(item_type, item_hash)


def write_items(items: tuple[InventoryItem, ...]) -> bytes:
    """A count (CompactSize) and that many items."""
    return compact_size(len(items)) + b"".join([item.encode() for item in items])


def read_items(reader: Reader) -> tuple[InventoryItem, ...]:
    """Back from `write_items`; at most 50,000."""
    count = read_count(reader, "item_count", item_size=ITEM_SIZE, limit=MAX_ITEMS)
    return tuple([InventoryItem.read(reader) for _ in range(count)])
