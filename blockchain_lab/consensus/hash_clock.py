"""A clock made of hashes: each tick hashes the last one, so nobody can count faster than he hashes.

    h1 = H(h0)    h2 = H(h1)    h3 = H(h2 + H("ann pays bob"))    h4 = H(h3)    ...

A record in between has a place in the count: after h2, and before h4. To make the clock takes one step after
the other. To check it does not: where each part begins is written down, so as many helpers as there are
parts check one each.

    made       |-----------------------------|  one core
    checked    |------|  |------|  |------|     three

Source: A. Yakovenko, "Solana: a new architecture for a high performance blockchain" (2018), section 4.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any

from blockchain_lab.base.errors import UsageError


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the clock stood when somebody wrote it down."""

    ticks: int  # since the last mark, at least 1; the last of them mixes the event in, if there is one
    value: bytes  # 32 bytes
    event: bytes = b""  # the hash of what was recorded; empty: nothing but time


@dataclass(frozen=True, slots=True)
class Part:
    """Some marks in a row, and the value before them: all that one helper needs."""

    start: bytes
    marks: tuple[Mark, ...]
    number: int  # of its first mark, in the whole


Run = Callable[[Callable[[Part], int | None], Iterable[Part]], Iterable[int | None]]


def tick(value: bytes, ticks: int = 1) -> bytes:
    """The clock so many ticks later. O(ticks), and nobody knows a shorter way."""
    for _ in range(ticks):
        value = sha256(value).digest()
    return value


def compute_mark(value: bytes, ticks: int, event: bytes = b"") -> bytes:
    """The clock `ticks` later, the last of which takes `event` in."""
    value = tick(value, ticks - 1)
    return sha256(value + event).digest()


def record(start: bytes, events: Iterable[tuple[int, bytes]]) -> list[Mark]:
    """What a clock writes down: (ticks since the last one, what happened or b"") each. UsageError below 1."""
    marks, value = [], start
    for ticks, event in events:
        if ticks < 1:
            raise UsageError(f"ticks: found {ticks}, wanted 1 or more")
        mixed = sha256(event).digest() if event else b""
        value = compute_mark(value, ticks, mixed)
        marks.append(Mark(ticks, value, mixed))
    return marks


def find_forged(part: Part) -> int | None:
    """The number of the first mark that the clock would not have shown; None when all are right. O(ticks)"""
    values = [part.start, *(mark.value for mark in part.marks)]
    for place, (mark, (before, after)) in enumerate(zip(part.marks, pairwise(values), strict=True)):
        if mark.ticks < 1 or compute_mark(before, mark.ticks, mark.event) != after:
            return part.number + place
    return None


def split(start: bytes, marks: Sequence[Mark], parts: int) -> list[Part]:
    """As many parts, about as many marks in each; fewer when there are fewer marks. UsageError below 1."""
    if parts < 1:
        raise UsageError(f"parts: found {parts}, wanted 1 or more")
    borders = sorted({len(marks) * number // parts for number in range(parts + 1)})
    starts = [start, *(mark.value for mark in marks)]
    return [Part(starts[low], tuple(marks[low:high]), low) for low, high in pairwise(borders)]


def verify(start: bytes, marks: Sequence[Mark], parts: int = 1, run: Run | Any = map) -> int | None:
    """The number of the first forged mark, None when there is none.

    run: as `map`, or that of a pool of processes or threads, which check the parts at the same time.
    """
    found = [number for number in run(find_forged, split(start, marks, parts)) if number is not None]
    return min(found, default=None)
