"""A part of a Merkle tree: enough of it to prove that some transactions are in a block (BIP 37).

    flags, depth first:  1 = an ancestor of a wanted leaf, or that leaf: go on below it
                         0 = nothing wanted below: its hash is given instead

          root 1            wanted: c
         /      \\           flags   1 0 1 1 0
      ab 0      cd 1        hashes  ab, c, d
               /    \\
             c 1    d 0

Who builds it can leave out what it likes, but not prove what is not there. One hole is left, and nobody
closes it here: an inner node hashes 64 bytes, so a miner may put in a transaction of just 64 bytes whose
halves pass for two txids one level further down (CVE-2017-12842). Source: Core `merkleblock.cpp`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.bitcoin.codec import (
    HASH_SIZE,
    check_hash,
    compact_size,
    hash256,
    read_bytes,
    read_count,
    unsigned,
    variable_bytes,
)
from blockchain_lab.bitcoin.merkle import get_next_level

MAX_LEAVES: Final = 4_000_000 // (4 * 60)  # of a block: Core's MAX_BLOCK_WEIGHT / MIN_TRANSACTION_WEIGHT
BITS_PER_BYTE: Final = 8


class PartialTree(NamedTuple):
    """As it stands on the wire, behind the header of a `merkleblock`."""

    leaf_count: int  # 4 bytes: transactions in the block; they give the tree its shape
    hashes: tuple[bytes, ...]  # CompactSize and 32 bytes each, internal order, depth first
    flags: bytes  # CompactSize and bytes: flags, depth first, lowest bit of a byte first, filled up with 0

    def encode(self) -> bytes:
        """The fields in order."""
        return b"".join(
            [
                unsigned(self.leaf_count, UNSIGNED_32),
                compact_size(len(self.hashes)),
                *[check_hash("hash", known) for known in self.hashes],
                variable_bytes(self.flags),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order. Whether they make a tree is not asked here."""
        start = reader.at
        leaf_count = reader.unsigned("leaf_count", UNSIGNED_32)
        count = read_count(reader, "hash_count", item_size=HASH_SIZE)
        hashes = tuple([reader.take("hash", HASH_SIZE) for _ in range(count)])
        tree = cls(leaf_count, hashes, read_bytes(reader, "flags"))
        reader.close("partial_tree", start)
        return tree


class Proven(NamedTuple):
    """What a partial tree proves, if `root` is that of a header with proof of work."""

    root: bytes  # 32 bytes
    leaves: tuple[tuple[int, bytes], ...]  # place in the block and txid of each wanted transaction


def get_width(leaf_count: int, height: int) -> int:
    """How many hashes stand `height` levels above the leaves."""
    return (leaf_count + (1 << height) - 1) >> height


def get_height(leaf_count: int) -> int:
    """How many levels the root stands above the leaves."""
    return (leaf_count - 1).bit_length()


def build_partial_tree(txids: Sequence[bytes], wanted: Sequence[bool]) -> PartialTree:
    """The part that proves the wanted ones. UsageError unless each txid has its answer. O(n) hashes."""
    if not txids or len(txids) != len(wanted):
        raise UsageError(f"{len(wanted)} answers for {len(txids)} txids; wanted as many, at least one")
    levels, is_above = [list(txids)], [list(wanted)]  # leaves first
    while len(levels[-1]) > 1:
        levels.append(get_next_level(levels[-1]))
        below = is_above[-1]
        is_above.append([any(below[place : place + 2]) for place in range(0, len(below), 2)])
    flags: list[bool] = []
    hashes: list[bytes] = []

    def descend(height: int, place: int) -> None:
        flags.append(is_above[height][place])
        if height == 0 or not is_above[height][place]:
            hashes.append(levels[height][place])
            return
        for child in (2 * place, 2 * place + 1):
            if child < len(levels[height - 1]):
                descend(height - 1, child)

    descend(len(levels) - 1, 0)
    return PartialTree(len(txids), tuple(hashes), pack_flags(flags))


def prove(tree: PartialTree) -> Proven:
    """Walk the tree and compute its root. DecodeError when flags and hashes do not make exactly one tree."""
    flag_count = len(tree.flags) * BITS_PER_BYTE
    if not 0 < tree.leaf_count <= MAX_LEAVES:
        raise DecodeError(f"leaf_count: wanted 1 .. {MAX_LEAVES}, found {tree.leaf_count}")
    if not len(tree.hashes) <= min(tree.leaf_count, flag_count):
        raise DecodeError(f"{len(tree.hashes)} hashes for {tree.leaf_count} leaves and {flag_count} flags")
    walk = Walk(tree)
    root = walk.descend(get_height(tree.leaf_count), 0)
    if walk.hashes_used != len(tree.hashes):
        raise DecodeError(f"{len(tree.hashes)} hashes, but only {walk.hashes_used} have a place in the tree")
    if -(-walk.flags_used // BITS_PER_BYTE) != len(tree.flags):
        raise DecodeError(f"{len(tree.flags)} bytes of flags, but only {walk.flags_used} flags are used")
    return Proven(root, tuple(walk.leaves))


@dataclass
class Walk:
    """How far we have come through a partial tree."""

    tree: PartialTree
    flags_used: int = 0
    hashes_used: int = 0
    leaves: list[tuple[int, bytes]] = field(default_factory=list)

    def descend(self, height: int, place: int) -> bytes:
        """The hash of a node, from below if it is opened. DecodeError when flags or hashes run out."""
        is_open = self.take_flag()
        if height == 0 or not is_open:
            found = self.take_hash()
            if is_open:
                self.leaves.append((place, found))
            return found
        left = self.descend(height - 1, 2 * place)
        if 2 * place + 1 == get_width(self.tree.leaf_count, height - 1):
            return hash256(left + left)
        right = self.descend(height - 1, 2 * place + 1)
        if left == right:
            raise DecodeError("two different nodes with one hash: a doubled tail (CVE-2012-2459)")
        return hash256(left + right)

    def take_flag(self) -> bool:
        """The next flag."""
        if self.flags_used == len(self.tree.flags) * BITS_PER_BYTE:
            raise DecodeError(f"flags: all {self.flags_used} are used, and the tree goes on")
        byte, bit = divmod(self.flags_used, BITS_PER_BYTE)
        self.flags_used += 1
        return bool(self.tree.flags[byte] >> bit & 1)

    def take_hash(self) -> bytes:
        """The next hash."""
        if self.hashes_used == len(self.tree.hashes):
            raise DecodeError(f"hashes: all {self.hashes_used} are used, and the tree goes on")
        self.hashes_used += 1
        return self.tree.hashes[self.hashes_used - 1]


def pack_flags(flags: Sequence[bool]) -> bytes:
    """Eight to a byte, the first one lowest."""
    number = sum(flag << place for place, flag in enumerate(flags))
    return number.to_bytes(-(-len(flags) // BITS_PER_BYTE), "little")
