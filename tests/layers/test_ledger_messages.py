"""The ledger's messages and their bytes: there and back, and what is none of them."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.consensus.sync_messages import WantBranch
from blockchain_lab.layers.ledger_block import Block, Branch
from blockchain_lab.layers.ledger_messages import (
    MESSAGES,
    Aggregate,
    Attestation,
    PrivateTx,
    Status,
    TxNames,
    WantTxs,
)
from blockchain_lab.layers.ledger_transaction import Transaction
from blockchain_lab.layers.wire import COMMANDS, LayersCodec, decode

NAME = st.binary(min_size=32, max_size=32)
WORD = st.text(max_size=12)
RAW = st.binary(max_size=80)


def unsigned(width: int) -> st.SearchStrategy[int]:
    """Any unsigned number of `width` bytes."""
    return st.integers(0, 256**width - 1)


TRANSACTIONS = st.builds(
    Transaction,
    *(unsigned(4), WORD, unsigned(8), unsigned(8), unsigned(8), WORD, unsigned(8), WORD),
    st.lists(unsigned(8), max_size=4).map(tuple),
    *(RAW, RAW),
)
BLOCKS = st.builds(
    Block,
    *(NAME, unsigned(4), unsigned(4), unsigned(8), WORD, NAME),
    st.lists(TRANSACTIONS, max_size=3).map(tuple),
    RAW,
)
NAMES = st.lists(NAME, max_size=4).map(tuple)
STRATEGIES: dict[type[Message], st.SearchStrategy[Message]] = {
    Status: st.builds(
        Status, st.integers(0, 2), NAME, unsigned(4), st.lists(unsigned(2), max_size=4).map(tuple)
    ),
    Transaction: TRANSACTIONS,
    TxNames: st.builds(TxNames, NAMES),
    WantTxs: st.builds(WantTxs, NAMES),
    PrivateTx: st.builds(PrivateTx, TRANSACTIONS),
    Block: BLOCKS,
    WantBranch: st.builds(WantBranch, NAME, NAMES),
    Branch: st.builds(Branch, NAME, st.booleans(), st.lists(BLOCKS, max_size=2).map(tuple)),
    Attestation: st.builds(Attestation, unsigned(4), NAME, unsigned(2), WORD, RAW),
    Aggregate: st.builds(
        Aggregate,
        *(unsigned(4), NAME, unsigned(2), WORD),
        st.lists(st.tuples(WORD, RAW), max_size=3).map(tuple),
    ),
}


def test_every_message_has_a_strategy() -> None:
    """Or the next test would say less than it seems to; and the wire knows each of them."""
    assert {*MESSAGES} == {*STRATEGIES}
    assert all(COMMANDS[kind.command] is kind for kind in MESSAGES)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.command)
@given(st.data())
def test_bytes_and_back(kind: type[Message], data: st.DataObject) -> None:
    """Framed, cut out of the stream, read: the same message, and nothing is left over."""
    message = data.draw(STRATEGIES[kind])
    codec = LayersCodec()

    assert ([message], b"") == codec.split(codec.frame(message))
    assert message.encoding == kind.decode(message.encoding).encoding


@given(TRANSACTIONS, st.data())
def test_a_cut_transaction_is_malformed(transaction: Transaction, data: st.DataObject) -> None:
    """Never an exception: what a peer got wrong is data."""
    cut = data.draw(st.integers(0, len(transaction.encoding) - 1))

    assert isinstance(decode("tx", transaction.encoding[:cut]), Malformed)
    assert isinstance(decode("tx", transaction.encoding + b"\0"), Malformed)


@given(st.sampled_from(sorted(COMMANDS)), st.binary(max_size=300))
def test_any_bytes_are_some_message(command: str, payload: bytes) -> None:
    """Malformed, or a message that has exactly these bytes."""
    message = decode(command, payload)

    assert isinstance(message, Malformed) or message.encoding == payload


def test_numbers_that_mean_nothing_are_refused() -> None:
    """There are three overlays, and a flag is 0 or 1."""
    with pytest.raises(DecodeError, match="overlay: wanted 0 to 2, found 3"):
        Status.decode(b"\x03" + bytes(32 + 4 + 2))
    with pytest.raises(DecodeError, match="is_cut: wanted 0 or 1, found 2"):
        Branch.decode(bytes(32) + b"\x02" + bytes(2))


def test_a_name_is_the_hash_of_all_bytes_signature_included() -> None:
    """So another signature makes another transaction; and the signature is bound to every field."""
    bare = Transaction(1, "ann", 0, 20, 21_000, "bob", 5)
    signed = bare.sign()

    assert sha256(signed.encoding).digest() == signed.name == signed.txid()
    assert bare.name != signed.name
    assert (True, False) == (signed.is_signed, bare.is_signed)


def test_an_attestation_is_signed_for_its_slot_block_and_subnet() -> None:
    """Nothing of it can be taken for something else; nor can a committee's aggregate name one who has not."""
    said = Attestation.by(3, bytes(32), 1, "ann")
    aggregate = Aggregate(3, bytes(32), 1, "bob", ((said.validator, said.signature),))

    assert said.is_signed and aggregate.is_signed
    assert not Attestation(4, bytes(32), 1, "ann", said.signature).is_signed
    assert not Aggregate(3, bytes(32), 1, "bob", (("cat", said.signature),)).is_signed
