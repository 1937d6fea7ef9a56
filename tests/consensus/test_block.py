"""Blocks, votes and orders on the wire, and whose signature is whose."""

import pytest

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.consensus.block import Block, make_entry, make_genesis
from blockchain_lab.consensus.orders import OPERATIONS, Burn, Deposit, Evidence, Exit, Operation, Withdrawal
from blockchain_lab.consensus.vote import SignedVote, Vote

GENESIS = make_genesis("test")


def make_vote(target: int = 2, source: int = 1) -> SignedVote:
    """Ann's, from epoch 1 to epoch 2."""
    return SignedVote.by(Vote("ann", bytes([source]) * 32, bytes([target]) * 32, source, target))


ONE_OF_EACH: tuple[Operation, ...] = (
    make_vote(),
    Deposit.by("ann", 1_500),
    Exit.by("ann"),
    Withdrawal.by("ann"),
    Burn.by("bob", 7),
    Evidence("bob", make_vote(2), make_vote(3)),
)


def make_block() -> Block:
    """One that carries one of each."""
    return Block(GENESIS.hash, 1, 600_000_000, "ann", 1 << 200, b"proof", ONE_OF_EACH).sign()


def test_a_block_that_carries_one_of_each_is_read_back_as_it_was():
    """Every kind of operation has a number on the wire, and none is forgotten in this test."""
    block = make_block()

    assert OPERATIONS == tuple(map(type, ONE_OF_EACH))
    assert block == Block.decode(block.encoding)


def test_a_signature_covers_all_that_is_before_it():
    """Whoever changes a weight, an order or a vote on the way breaks a signature."""
    block = make_block()
    heavier = Block.decode(
        block.encoding.replace((1 << 200).to_bytes(32, "little"), (1 << 201).to_bytes(32, "little"))
    )

    assert block.is_signed()
    assert heavier.weight == 1 << 201
    assert not heavier.is_signed()


@pytest.mark.parametrize("operation", [each for each in ONE_OF_EACH if not isinstance(each, Evidence)])
def test_nobody_signs_for_somebody_else(operation):
    """Ann's deposit is no exit of hers, and no deposit of Bob's."""
    raw = bytearray(operation.encoding)
    raw[2] ^= 1  # the first letter of the name

    assert operation.is_signed()
    assert not type(operation).decode(bytes(raw)).is_signed()


def test_an_exit_is_not_signed_by_a_deposit():
    """Both have the same fields: the command is signed with them."""
    deposit = Deposit.by("ann", 0)

    assert not Exit(deposit.name, deposit.amount, deposit.signature).is_signed()


def test_an_operation_that_nobody_knows_is_refused():
    """A kind that the table does not have."""
    encoding = Block(GENESIS.hash, 1, 0, "ann", 1, operations=(Exit.by("ann"),)).encoding
    kind = encoding.index(Exit.by("ann").encoding) - 1

    with pytest.raises(DecodeError, match=r"operations\[0\].kind: wanted 0 .. 5, found 9"):
        Block.decode(encoding[:kind] + b"\x09" + encoding[kind + 1 :])


def test_an_entry_adds_its_weight_to_its_branch():
    """Work is what all proposers' weights are called in the tree."""
    block = make_block()

    assert (1, 1 << 200, GENESIS) == (
        (entry := make_entry(block, GENESIS)).height,
        entry.work,
        entry.previous,
    )
