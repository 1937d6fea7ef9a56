"""Chord's ring: points 0 .. 2**m - 1, clockwise; a point is owned by its successor. No message here.

The successor of a point is the first node that stands at it or behind it.

Source: Stoica, Morris, Karger, Kaashoek, Balakrishnan, "Chord: A Scalable Peer-to-peer Lookup Service for
Internet Applications" (SIGCOMM 2001), §4.
"""

from collections.abc import Sequence
from typing import Final

from blockchain_lab.overlay.kademlia_ids import ID_BITS, hash_to_id

MOST_BITS: Final = ID_BITS


def hash_to_point(name: str, m: int) -> int:
    """The point of a name: the first m bits of its SHA-1."""
    return hash_to_id(name) >> ID_BITS - m


def read_point(text: str, m: int) -> int:
    """As many hexadecimal digits as a point has are a point, any other text is a name that is hashed."""
    if len(text) == -(-m // 4):
        try:
            return int(text, 16) % (1 << m)
        except ValueError:
            pass
    return hash_to_point(text, m)


def get_way(a: int, b: int, m: int) -> int:
    """How far it is from a clockwise to b, 0 .. 2**m - 1. The way back is another one."""
    return (b - a) % (1 << m)


def is_between(point: int, a: int, b: int) -> bool:
    """Does a point lie on the open way from a clockwise to b? From a to a it is the whole ring but a."""
    if a == b:
        return point != a
    return a < point < b if a < b else point > a or point < b


def is_owned(point: int, before: int, owner: int) -> bool:
    """Does a point belong to `owner`, whose predecessor is `before`: does it lie in (before, owner]?"""
    return point == owner or is_between(point, before, owner)


def get_finger_start(own: int, index: int, m: int) -> int:
    """Where finger 0 .. m - 1 begins: own + 2**index; the finger is this point's successor (table 1)."""
    return (own + (1 << index)) % (1 << m)


def find_successor(point: int, ring: Sequence[int]) -> int:
    """The owner of a point, from all nodes' points in order: what no node can know."""
    return next((node for node in ring if node >= point), ring[0])
