"""The small parts that all Bitcoin messages are made of: double hashes, CompactSize, strings, fixed numbers.

Everything is little-endian unless a field says otherwise. Readers take a `Reader`, note each field's
place, and raise `DecodeError`; writers return `bytes`, and a value that does not fit is the caller's
mistake (`UsageError`). No message and no network here.

Source: Bitcoin Core `serialize.h`; CompactSize is `ReadCompactSize` there.
"""

from hashlib import sha256
from typing import Final

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, UNSIGNED_32, UNSIGNED_64, Reader

HASH_SIZE: Final = 32  # bytes
ZERO_HASH: Final = bytes(HASH_SIZE)  # "none": no previous block, no stop hash
MAX_COMPACT_SIZE: Final = 0x02000000  # 32 MiB, Core's MAX_SIZE: no count or length may exceed it

# A CompactSize is its value in one byte, or one of these markers and the value in 2, 4 or 8 bytes.
MARKER_16: Final = 0xFD
MARKER_32: Final = 0xFE
MARKER_64: Final = 0xFF
WIDTH_AFTER: Final = {MARKER_16: UNSIGNED_16, MARKER_32: UNSIGNED_32, MARKER_64: UNSIGNED_64}
SMALLEST_AFTER: Final = {MARKER_16: MARKER_16, MARKER_32: 1 << 16, MARKER_64: 1 << 32}


def hash256(data: bytes) -> bytes:
    """SHA-256 twice, 32 bytes in the order in which SHA-256 gives them."""
    return sha256(sha256(data).digest()).digest()


def get_compact_size(source: bytes, at: int, name: str, limit: int = MAX_COMPACT_SIZE) -> tuple[int, int]:
    """The CompactSize at `source[at:]` and where it ends: 1, 3, 5 or 9 bytes further on.

    DecodeError unless it is all there, the shortest way to write its value, and no more than `limit`.
    """
    marker = source[at] if at < len(source) else None
    if marker is not None and marker < MARKER_16:
        return marker, at + 1
    end = at + 1 + (WIDTH_AFTER[marker] if marker is not None else 0)
    if marker is None or end > len(source):
        raise DecodeError(f"{name}: the bytes end inside the CompactSize at {at}")
    value = int.from_bytes(source[at + 1 : end], "little")
    if value < SMALLEST_AFTER[marker]:
        raise DecodeError(f"{name}: {value} at {at} is not written in the shortest way")
    if value > limit:
        raise DecodeError(f"{name}: {value} at {at} is over the limit of {limit}")
    return value, end


def read_compact_size(reader: Reader, name: str, limit: int = MAX_COMPACT_SIZE) -> int:
    """A CompactSize, as one field. DecodeError as above."""
    start = reader.at
    value, reader.at = get_compact_size(reader.source, start, name, limit)
    reader.close(name, start)
    return value


def compact_size(value: int) -> bytes:
    """A CompactSize, written in the shortest way."""
    if value < MARKER_16:
        return unsigned(value, UNSIGNED_8)
    for marker, width in WIDTH_AFTER.items():
        if value < 1 << 8 * width:
            return bytes([marker]) + unsigned(value, width)
    raise UsageError(f"a CompactSize holds 64 bits, {value} has more")


def read_count(reader: Reader, name: str, *, item_size: int, limit: int = MAX_COMPACT_SIZE) -> int:
    """How many items follow. `item_size`: bytes that an item takes at least.

    DecodeError when there are more than `limit`, or more than the bytes left can hold: nobody makes us
    reserve memory by a number alone.
    """
    count = read_compact_size(reader, name)
    if count > limit:
        raise DecodeError(f"{name}: {count} is over the limit of {limit}")
    if count * item_size > reader.left:
        raise DecodeError(f"{name}: {count} items need {count * item_size} bytes, found {reader.left}")
    return count


def read_bytes(reader: Reader, name: str, *, limit: int = MAX_COMPACT_SIZE) -> bytes:
    """Bytes behind their length (a CompactSize), at most `limit` of them."""
    return reader.take(name, read_count(reader, f"{name}_length", item_size=1, limit=limit))


def variable_bytes(data: bytes) -> bytes:
    """Bytes behind their length."""
    return compact_size(len(data)) + data


def read_text(reader: Reader, name: str, *, limit: int) -> str:
    """Text behind its length, at most `limit` bytes. A byte is a character (ISO 8859-1): nothing is lost.

    The text is a peer's: whoever shows it must not trust it.
    """
    return read_bytes(reader, name, limit=limit).decode("latin-1")


def variable_text(text: str) -> bytes:
    """Text behind its length. UsageError when a character has no byte in ISO 8859-1."""
    try:
        return variable_bytes(text.encode("latin-1"))
    except UnicodeEncodeError:
        raise UsageError(f"text: {text!r} has characters that need more than one byte") from None


def read_flag(reader: Reader, name: str) -> bool:
    """One byte, 0 or 1. (Core takes any other value for 1; we would not write the same byte again.)"""
    value = reader.unsigned(name, UNSIGNED_8)
    if value > 1:
        raise DecodeError(f"{name}: wanted 0 or 1, found {value}")
    return value == 1


def unsigned(value: int, width: int) -> bytes:
    """An unsigned little-endian integer of `width` bytes."""
    try:
        return value.to_bytes(width, "little")
    except OverflowError:
        raise UsageError(f"{value} does not fit {width} unsigned bytes") from None


def signed(value: int, width: int) -> bytes:
    """A two's complement little-endian integer of `width` bytes."""
    try:
        return value.to_bytes(width, "little", signed=True)
    except OverflowError:
        raise UsageError(f"{value} does not fit {width} signed bytes") from None


def check_hash(name: str, value: bytes) -> bytes:
    """The hash itself. UsageError unless it has 32 bytes: a wrong length would shift all that follows."""
    if len(value) != HASH_SIZE:
        raise UsageError(f"{name}: wanted a hash of {HASH_SIZE} bytes, found {len(value)}")
    return value
