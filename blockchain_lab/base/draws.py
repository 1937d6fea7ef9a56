"""Keyed randomness: a draw is an integer hash of what it is for, not the next number of a shared stream.

So one dropped message shifts nobody else's luck, and two runs differ only where they should. Whole
numbers only, no `libm`: the same result on every machine.

The mixer is splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Final, TypeVar

Item = TypeVar("Item")

MASK_64: Final = (1 << 64) - 1
LN_2: Final = 2_977_044_472  # ln 2 in units of 2**-32
MILLION: Final = 1_000_000  # chances are given in parts per million


def mix(x: int) -> int:
    """Scatter 64 bits: one step of splitmix64."""
    x = (x + 0x9E3779B97F4A7C15) & MASK_64
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK_64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK_64
    return x ^ (x >> 31)


def get_key(*parts: int | str) -> int:
    """A 64-bit key for named things: `get_key(seed, "link", "ann", "bob")`. Make it once, then `draw`."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "little")


def get_keys(before: Sequence[int | str], last: Iterable[int | str]) -> list[int]:
    """`get_key(*before, each)` for each of `last`, in half the time. Something must come before."""
    head = repr((*before, 0)).removesuffix("0)")
    texts = [f"{head}{each!r})".encode() for each in last]
    return [int.from_bytes(blake2b(text, digest_size=8).digest(), "little") for text in texts]


def draw(key: int, *ids: int) -> int:
    """64 random bits for these ids, each 0 .. 2**64 - 1."""
    for part in ids:
        key = mix(key ^ part)
    return key


def to_below(bits: int, n: int) -> int:
    """Map 64 random bits to 0 .. n - 1, evenly (bias under n / 2**64)."""
    return (bits * n) >> 64


def is_hit(bits: int, chance_ppm: int) -> bool:
    """Does an event of this chance (parts per million) happen?"""
    return to_below(bits, MILLION) < chance_ppm


def to_exponential(bits: int, mean: int) -> int:
    """Map 64 random bits to a whole exponential waiting time: -mean * ln(u), u in (0, 1]."""
    u = bits + 1  # 1 .. 2**64 stands for (0, 1]
    whole = u.bit_length() - 1
    fraction = ((u << 64) >> whole) & MASK_64  # u = 2**whole * (1 + fraction / 2**64)
    row, rest = fraction >> 56, fraction & ((1 << 56) - 1)
    table = get_log2_table()
    log2 = (whole << 32) + table[row] + ((table[row + 1] - table[row]) * rest >> 56)
    return (((64 << 32) - log2) * LN_2 * mean) >> 64


@cache
def get_log2_table() -> tuple[int, ...]:
    """log2(1 + i/256) for i = 0 .. 256 in units of 2**-32, found bit by bit through squaring."""
    table = []
    for i in range(256):
        x, bits = (256 + i) << 54, 0  # 2**62 stands for 1
        for _ in range(32):
            x, bits = x * x >> 62, bits << 1
            if x >> 63:
                x, bits = x >> 1, bits | 1
        table.append(bits)
    return (*table, 1 << 32)


@dataclass(slots=True)
class CounterRandom:
    """A node's own randomness. Its whole state is a key and how many draws it has made."""

    key: int
    drawn: int = 0

    def bits(self) -> int:
        """64 random bits."""
        self.drawn += 1
        return draw(self.key, self.drawn)

    def below(self, n: int) -> int:
        """0 .. n - 1."""
        return to_below(self.bits(), n)

    def exponential(self, mean: int) -> int:
        """A whole waiting time with this mean."""
        return to_exponential(self.bits(), mean)

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items. IndexError when there are none."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[Item], k: int) -> list[Item]:
        """`k` different items in random order. ValueError when there are fewer."""
        left = list(items)
        if k > len(left):
            raise ValueError(f"sample: wanted {k} items, found {len(left)}")
        return [left.pop(self.below(len(left))) for _ in range(k)]
