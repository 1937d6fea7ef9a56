"""Parts of Merkle trees (BIP 37): what a light client may believe, and the many ways to be lied to."""

from dataclasses import replace

import pytest
from btclib.block.partial_merkle_tree import PartialMerkleTree
from btclib.exceptions import BTClibValueError
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.codec import ZERO_HASH, hash256
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.messages import MerkleBlock
from blockchain_lab.bitcoin.partial_merkle import PartialTree, build_partial_tree, prove

A, B, C, D, E = (letter.encode() * 32 for letter in "abcde")
CHOICES = st.lists(st.booleans(), min_size=1, max_size=33)


def name_leaves(count: int) -> list[bytes]:
    """So many different txids."""
    return [bytes([number]) * 32 for number in range(count)]


def test_the_picture_in_the_room() -> None:
    """Four leaves, c wanted: flags 1 0 1 1 0, and three hashes."""
    tree = build_partial_tree([A, B, C, D], [False, False, True, False])

    assert PartialTree(4, (hash256(A + B), C, D), bytes([0b01101])) == tree
    assert (merkle_root([A, B, C, D]), ((2, C),)) == prove(tree)


def test_small_trees() -> None:
    """One leaf is its own root. With nothing wanted the root is all there is."""
    assert PartialTree(1, (A,), b"\x01") == build_partial_tree([A], [True])
    assert (A, ()) == prove(build_partial_tree([A], [False]))
    assert PartialTree(3, (merkle_root([A, B, C]),), b"\x00") == build_partial_tree([A, B, C], [False] * 3)
    for txids, wanted in [([], []), ([A], []), ([A], [True, True])]:
        with pytest.raises(UsageError, match=f"{len(wanted)} answers for {len(txids)} txids"):
            build_partial_tree(txids, wanted)


@given(wanted=CHOICES)
def test_exactly_what_was_wanted_is_proven(wanted: list[bool]) -> None:
    """Any choice of any number of leaves, and btclib builds and reads the same bytes."""
    txids = name_leaves(len(wanted))
    tree = build_partial_tree(txids, wanted)
    theirs = PartialMerkleTree.from_txids(txids, wanted)

    assert PartialTree(len(txids), tuple(known[::-1] for known in theirs.hashes), theirs.flags) == tree
    proven = prove(tree)
    assert merkle_root(txids) == proven.root
    assert [(place, txids[place]) for place, chosen in enumerate(wanted) if chosen] == list(proven.leaves)


@given(
    leaf_count=st.integers(0, 20),
    hashes=st.lists(st.sampled_from([A, B, C, D, E]), max_size=8).map(tuple),
    flags=st.binary(max_size=3),
)
def test_btclib_believes_the_same_trees(leaf_count: int, hashes: tuple[bytes, ...], flags: bytes) -> None:
    """Any hashes under any flags: refused by both, or the same root and leaves."""
    tree = PartialTree(leaf_count, hashes, flags)
    try:
        theirs = PartialMerkleTree(leaf_count, [known[::-1] for known in hashes], flags)
    except BTClibValueError:
        with pytest.raises(DecodeError):
            prove(tree)
        return

    root, leaves = prove(tree)

    assert (theirs.merkle_root[::-1], [name[::-1] for _, name in theirs.matches]) == (
        root,
        [name for _, name in leaves],
    )


TREE = build_partial_tree([A, B, C, D, E], [False, True, False, False, True])


@pytest.mark.parametrize(
    ("tree", "complaint"),
    [
        (TREE._replace(leaf_count=0), "leaf_count: wanted 1 .. 16666, found 0"),
        (TREE._replace(leaf_count=16_667), "leaf_count: wanted 1 .. 16666, found 16667"),
        (TREE._replace(hashes=(A,) * 6), "6 hashes for 5 leaves and 16 flags"),
        (TREE._replace(leaf_count=20, hashes=(A,) * 17), "17 hashes for 20 leaves and 16 flags"),
        (TREE._replace(hashes=TREE.hashes[:-1]), "hashes: all 3 are used, and the tree goes on"),
        (TREE._replace(hashes=(*TREE.hashes, A)), "5 hashes, but only 4 have a place in the tree"),
        (TREE._replace(flags=TREE.flags[:1]), "flags: all 8 are used, and the tree goes on"),
        (TREE._replace(flags=TREE.flags + b"\x00"), "3 bytes of flags, but only 9 flags are used"),
        (PartialTree(2, (A, A), b"\x07"), "a doubled tail"),
    ],
)
def test_trees_that_are_none(tree: PartialTree, complaint: str) -> None:
    """Too little, too much, or two nodes alike. Source: Core `ExtractMatches`."""
    with pytest.raises(DecodeError, match=complaint):
        prove(tree)


def test_a_block_of_more_leaves_than_the_limit_is_not_walked_at_all() -> None:
    """4 bytes promise four thousand million leaves."""
    with pytest.raises(DecodeError, match="found 4294967295"):
        prove(PartialTree((1 << 32) - 1, (A,), b"\x01"))


def test_a_merkleblock_must_fit_its_header() -> None:
    """A tree proves its own root; only the header's work makes that root worth something."""
    header = Header(1, ZERO_HASH, merkle_root([A, B, C, D, E]), 0, 0, 0)
    message = MerkleBlock(header, TREE)

    assert ((1, B), (4, E)) == message.prove().leaves
    with pytest.raises(DecodeError, match="root: wanted 0000"):
        replace(message, header=replace(header, merkle_root=ZERO_HASH)).prove()
