"""Lesson 8, distance: XOR of small ids, and whom a key belongs to."""

from math import ceil, log2
from typing import Final

from blockchain_lab.base.draws import CounterRandom, get_key

ID_BITS: Final = 4  # of the ids on paper; real ones have 160
WANTED: Final = 3  # copies of everything
PEERS: Final = {"ann": 1, "bob": 3, "cat": 4, "dan": 6, "eve": 9, "fay": 11, "gus": 12, "hal": 14}


def get_xor(seed: int) -> int:
    """11 xor 6."""
    return 11 ^ 6


def add_differing_bits(seed: int) -> int:
    """The same bit by bit: what counts is where the two differ."""
    return sum(1 << bit for bit in range(ID_BITS) if 11 >> bit & 1 != 6 >> bit & 1)


def get_key_of(seed: int) -> int:
    """A learner's own key: one for which closest by XOR and closest by subtraction are not the same."""
    luck = CounterRandom(get_key(seed, "lesson 8"))
    keys = [key for key in range(1 << ID_BITS) if key not in PEERS.values()]
    telling = [key for key in keys if len({tuple(rank(key)), tuple(rank_by_difference(key))}) == 2]
    return luck.choice(telling)


def rank(key: int) -> list[str]:
    """All peers, the closest first."""
    return sorted(PEERS, key=lambda name: PEERS[name] ^ key)


def rank_by_difference(key: int) -> list[str]:
    """The same as if distance were on a ruler; of two as far, the lower id first."""
    return sorted(PEERS, key=lambda name: (abs(PEERS[name] - key), PEERS[name]))


def find_closest(seed: int) -> list[str]:
    """The three closest to the learner's key, the closest first."""
    return rank(get_key_of(seed))[:WANTED]


def walk_down(seed: int) -> list[str]:
    """The same down the tree of bits: into the half where the key is, until few enough are left."""
    key, found = get_key_of(seed), list[str]()
    for distance in range(1 << ID_BITS):  # exactly one id has each distance
        found += [name for name, own in PEERS.items() if own == key ^ distance]
    return found[:WANTED]


def find_by_difference(seed: int) -> list[str]:
    """What subtraction would give."""
    return rank_by_difference(get_key_of(seed))[:WANTED]


def find_farthest(seed: int) -> list[str]:
    """The other end."""
    return rank(get_key_of(seed))[::-1][:WANTED]


def find_closest_backwards(seed: int) -> list[str]:
    """The right ones, the farthest of them first."""
    return find_closest(seed)[::-1]


def show_ids(seed: int) -> str:
    """The peers and the learner's key, in bits."""
    rows = [f"{name}  {own:2}  {own:0{ID_BITS}b}" for name, own in PEERS.items()]
    key = get_key_of(seed)
    return "\n".join([*rows, f"key  {key:2}  {key:0{ID_BITS}b}"])


def get_hops_at_most(seed: int) -> int:
    """Steps to one in a million: each step settles at least one more bit."""
    return ceil(log2(1_000_000))


def halve_until_one(seed: int) -> int:
    """The same by halving."""
    left, steps = 1_000_000, 0
    while left > 1:
        left, steps = -(-left // 2), steps + 1
    return steps
