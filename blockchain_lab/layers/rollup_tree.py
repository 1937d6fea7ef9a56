"""One hash for all accounts of a rollup, and short proofs of what stands in one of them.

                root                      a branch for ann: hash of bob's leaf, hash of (cat, dan).
              /      \\                    Whoever has the root, ann's account and her branch can check
         (a, b)      (c, d)               that the three belong together, and knows what the root would
        /     \\     /     \\              be with another account in ann's place. O(depth) hashes.
      ann    bob  cat    dan

Merkle's tree with the two prefixes of RFC 6962 §2.1, so that no inner node can pass for a leaf. Everybody's
place is fixed, so an account can be changed without moving the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Self

from blockchain_lab.base.fields import read_list, write_list, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader

HASH_SIZE: Final = 32  # bytes
MOST_DEPTH: Final = 16  # 65,536 accounts; ours
LEAF, INNER = b"\0", b"\1"
EMPTY: Final = sha256(LEAF).digest()  # of a place that nobody has


@dataclass(frozen=True, slots=True)
class Account:
    """What a rollup knows of one name."""

    name: str
    coins: int = 0
    nonce: int = 0  # payments carried

    def get_hash(self) -> bytes:
        """Its leaf."""
        plain = write_text("name", self.name) + write_unsigned("coins", self.coins, UNSIGNED_64)
        return sha256(LEAF + plain + write_unsigned("nonce", self.nonce, UNSIGNED_32)).digest()

    def change(self, coins: int, calls: int = 0) -> Self:
        """The account with so many coins more, or fewer, and payments carried."""
        return replace(self, coins=self.coins + coins, nonce=self.nonce + calls)


@dataclass(frozen=True)
class Witness(Message):
    """What stands in an account, and its branch. Wire: coins 8, nonce 4, hashes of 32 from the leaf up."""

    command = "witness"
    coins: int
    nonce: int
    branch: tuple[bytes, ...]

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_unsigned("coins", self.coins, UNSIGNED_64)
        return head + write_unsigned("nonce", self.nonce, UNSIGNED_32) + write_list("branch", self.branch)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        coins, nonce = reader.unsigned("coins", UNSIGNED_64), reader.unsigned("nonce", UNSIGNED_32)
        return cls(coins, nonce, read_list(reader, "branch", read_hash, most=MOST_DEPTH))


def read_hash(reader: Reader, name: str) -> bytes:
    """One of a branch's. DecodeError."""
    return reader.take(name, HASH_SIZE)


def get_depth(count: int) -> int:
    """How many hashes lead from a leaf to the root, for so many accounts."""
    return max(1, (count - 1).bit_length())


def get_rows(accounts: Sequence[Account]) -> list[list[bytes]]:
    """All hashes, row by row, leaves first. O(accounts)."""
    depth = get_depth(len(accounts))
    leaves = [account.get_hash() for account in accounts]
    rows = [leaves + [EMPTY] * ((1 << depth) - len(leaves))]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([hash_pair(row[at], row[at + 1]) for at in range(0, len(row), 2)])
    return rows


def get_root(accounts: Sequence[Account]) -> bytes:
    """32 bytes that commit to all accounts."""
    return get_rows(accounts)[-1][0]


def make_witness(accounts: Sequence[Account], place: int) -> Witness:
    """The account at a place, with its branch."""
    branch, at = [], place
    for row in get_rows(accounts)[:-1]:
        branch.append(row[at ^ 1])
        at //= 2
    return Witness(accounts[place].coins, accounts[place].nonce, tuple(branch))


def fold(account: Account, place: int, branch: Sequence[bytes]) -> bytes:
    """The root over this account at this place beside this branch."""
    name = account.get_hash()
    for beside in branch:
        name = hash_pair(beside, name) if place % 2 else hash_pair(name, beside)
        place //= 2
    return name


def hash_pair(left: bytes, right: bytes) -> bytes:
    """An inner node."""
    return sha256(INNER + left + right).digest()
