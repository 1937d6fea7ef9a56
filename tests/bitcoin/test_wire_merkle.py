"""The Merkle tree: a real block's root, proofs of every leaf, and the doubled tail (CVE-2012-2459)."""

import pytest
from btclib.hashes import merkle_root_and_mutated_from_hashes
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.units import internal_hash
from blockchain_lab.bitcoin.codec import ZERO_HASH, hash256
from blockchain_lab.bitcoin.merkle import is_mutated, is_proof_valid, merkle_proof, merkle_root

# Block 100,000 of the main network.
TXIDS = [
    internal_hash(shown)
    for shown in (
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    )
]
ROOT = internal_hash("f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766")

different = st.integers(1, 33).map(lambda count: [bytes([i]) * 32 for i in range(count)])


def test_the_root_of_a_real_block() -> None:
    """Four transactions, three hashes."""
    assert ROOT == merkle_root(TXIDS)


def test_small_trees_by_hand() -> None:
    """None: zeros. One: itself. Three: the last is paired with itself."""
    a, b, c, _ = TXIDS

    assert ZERO_HASH == merkle_root([])
    assert a == merkle_root([a])
    assert hash256(hash256(a + b) + hash256(c + c)) == merkle_root([a, b, c])


@given(
    leaves=st.lists(st.sampled_from("abcd").map(lambda letter: letter.encode() * 32), min_size=1, max_size=12)
)
def test_btclib_finds_the_same_root_and_the_same_mutations(leaves: list[bytes]) -> None:
    """An independent oracle, with lists full of doubles."""
    assert merkle_root_and_mutated_from_hashes(leaves, hash256) == (merkle_root(leaves), is_mutated(leaves))


@given(leaves=different, data=st.data())
def test_a_proof_holds_for_its_own_leaf_and_place_only(leaves: list[bytes], data: st.DataObject) -> None:
    """Log2(n) neighbours prove one leaf; they prove no other leaf, and not another place."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof = merkle_root(leaves), merkle_proof(leaves, index)

    assert (len(leaves) - 1).bit_length() == len(proof)
    assert is_proof_valid(leaves[index], index, proof, root)
    assert not is_proof_valid(b"\xff" * 32, index, proof, root)
    assert not is_proof_valid(leaves[index], index + (1 << len(proof)), proof, root)
    if proof and proof[0] != leaves[index]:
        assert not is_proof_valid(leaves[index], index ^ 1, proof, root)


def test_a_proof_of_nothing_is_a_mistake() -> None:
    """No leaf, no proof; a negative index does not count from the end."""
    for index in (-1, 4):
        with pytest.raises(IndexError):
            merkle_proof(TXIDS, index)


@pytest.mark.parametrize(
    ("honest", "forged"),
    [("abc", "abcc"), ("abcde", "abcdee"), ("abcdef", "abcdefef"), ("abcdefg", "abcdefgg")],
)
def test_a_doubled_tail_has_the_same_root_and_is_found_out(honest: str, forged: str) -> None:
    """CVE-2012-2459: two lists, one root. Nobody may remember the honest block as bad for it."""
    good, bad = ([letter.encode() * 32 for letter in word] for word in (honest, forged))

    assert merkle_root(good) == merkle_root(bad)
    assert not is_mutated(good)
    assert is_mutated(bad)


@given(leaves=different)
def test_honest_lists_are_never_called_mutated(leaves: list[bytes]) -> None:
    """Different leaves, no alarm, whatever the size."""
    assert not is_mutated(leaves)
