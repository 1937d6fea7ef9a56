"""The Merkle tree: one hash for a list of hashes, and a short proof that one of them is in it.

Pairs are hashed level by level; on a level of odd length the last hash is paired with itself:

    root = h( h(a, b), h(c, c) )        [a, b, c] and [a, b, c, c] have the same root!

That is CVE-2012-2459: who sees such a list must refuse it, but must not remember the root as bad, for
the honest block has the same one. Source: Bitcoin Core `consensus/merkle.cpp`.
"""

from collections.abc import Sequence

from blockchain_lab.bitcoin.codec import ZERO_HASH, hash256


def get_next_level(hashes: Sequence[bytes]) -> list[bytes]:
    """The level above: the hash of each pair, the last hash paired with itself if alone."""
    paired = [*hashes, hashes[-1]] if len(hashes) % 2 else hashes
    return [hash256(paired[i] + paired[i + 1]) for i in range(0, len(paired), 2)]


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    """The root over these 32-byte hashes; zeros for none, the hash itself for one. O(n) hashes."""
    if not hashes:
        return ZERO_HASH
    level = hashes
    while len(level) > 1:
        level = get_next_level(level)
    return level[0]


def merkle_proof(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The neighbours on the way from `hashes[index]` to the root, lowest first. IndexError. O(n) hashes."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"merkle_proof: index {index} of {len(hashes)} hashes")
    proof = []
    level = hashes
    while len(level) > 1:
        neighbour = min(index ^ 1, len(level) - 1)  # the last of an odd level is its own neighbour
        proof.append(level[neighbour])
        level = get_next_level(level)
        index //= 2
    return tuple(proof)


def root_from_proof(leaf: bytes, index: int, proof: Sequence[bytes]) -> bytes:
    """The root that a proof leads to. Bit k of `index` says on which side of level k the neighbour stands."""
    current = leaf
    for neighbour in proof:
        current = hash256(neighbour + current if index & 1 else current + neighbour)
        index >>= 1
    return current


def is_proof_valid(leaf: bytes, index: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Is `leaf` the hash at `index` of the tree with this root? O(log n) hashes.

    An index that has more bits than the proof has levels names no place in the tree.
    """
    return index >> len(proof) == 0 and root_from_proof(leaf, index, proof) == root


def is_mutated(hashes: Sequence[bytes]) -> bool:
    """Could this list be an honest one with its tail doubled (CVE-2012-2459)?

    As Core does: on some level two hashes of a pair are equal, before the last one is doubled. O(n) hashes.
    """
    level = hashes
    while len(level) > 1:
        if any(level[i] == level[i + 1] for i in range(0, len(level) - 1, 2)):
            return True
        level = get_next_level(level)
    return False
