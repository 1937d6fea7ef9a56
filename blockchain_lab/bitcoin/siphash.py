"""SipHash-2-4: a short hash with a key. Who does not know the key cannot prepare collisions.

Not for proofs: 64 bits are few, and who knows the key can collide as he likes. Four words of 64 bits are
stirred, two rounds for each 8 bytes of data, four at the end. Source: Aumasson and Bernstein, "SipHash: a
fast short-input PRF" (2012); Bitcoin Core `crypto/siphash.h`.

Python's whole numbers have no end, so the same steps can stir many hashes at once: each has a lane of 128
bits in one huge number, the upper half zero, where carries and rotated bits fall and are masked away.
"""

from collections.abc import Sequence
from typing import Final

MASK: Final = (1 << 64) - 1
START: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
WORD_SIZE: Final = 8  # bytes
LANE_SIZE: Final = 16  # bytes
LAST_ROUNDS_MARK: Final = 0xFF

Keys = tuple[int, int]  # 64 bits each


def siphash(keys: Keys, data: bytes) -> int:
    """64 bits of hash. O(size): 32 bytes take 23 µs in CPython 3.11 (2026)."""
    whole = len(data) - len(data) % WORD_SIZE
    words = [
        int.from_bytes(data[start : start + WORD_SIZE], "little") for start in range(0, whole, WORD_SIZE)
    ]
    return stir_words(keys, [*words, make_last_word(data[whole:], len(data))])


def siphash_all(keys: Keys, items: Sequence[bytes], size: int) -> list[int]:
    """As `siphash` of each item; all have `size` bytes, whole words. 5,000 of 32 bytes take 12 ms."""
    ones = int.from_bytes((b"\x01" + bytes(LANE_SIZE - 1)) * len(items), "little")
    gap = bytes(LANE_SIZE - WORD_SIZE)
    words = [
        int.from_bytes(b"".join([item[start : start + WORD_SIZE] + gap for item in items]), "little")
        for start in range(0, size, WORD_SIZE)
    ]
    hashes = stir_words(keys, [*words, make_last_word(b"", size) * ones], ones)
    raw = hashes.to_bytes(LANE_SIZE * len(items), "little")
    return [
        int.from_bytes(raw[start : start + WORD_SIZE], "little") for start in range(0, len(raw), LANE_SIZE)
    ]


def make_last_word(rest: bytes, size: int) -> int:
    """What is left over at the end, and in the top byte the length modulo 256."""
    return int.from_bytes(rest, "little") | (size & 0xFF) << 56


def stir_words(keys: Keys, words: Sequence[int], ones: int = 1) -> int:
    """The hash. ones: a 1 in each lane."""
    mask = MASK * ones
    a, b, c, d = ((start ^ key) * ones for start, key in zip(START, (*keys, *keys), strict=True))
    for word in words:
        a, b, c, d = stir(a, b, c, d ^ word, mask, rounds=2)
        a ^= word
    a, b, c, d = stir(a, b, c ^ LAST_ROUNDS_MARK * ones, d, mask, rounds=4)
    return a ^ b ^ c ^ d


def stir(a: int, b: int, c: int, d: int, mask: int, *, rounds: int) -> tuple[int, int, int, int]:
    """Add, rotate left, exclusive or; nothing is ever multiplied."""
    for _ in range(rounds):
        a = (a + b) & mask
        c = (c + d) & mask
        b = ((b << 13 | b >> 51) & mask) ^ a
        d = ((d << 16 | d >> 48) & mask) ^ c
        a = (a << 32 | a >> 32) & mask
        c = (c + b) & mask
        a = (a + d) & mask
        b = ((b << 17 | b >> 47) & mask) ^ c
        d = ((d << 21 | d >> 43) & mask) ^ a
        c = (c << 32 | c >> 32) & mask
    return a, b, c, d
