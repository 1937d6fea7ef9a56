"""Messages that nobody sends any more: payments by IP address, and Bloom filters. By hand, byte for byte."""

import struct

import pytest
from bitcoin.bloom import CBloomFilter
from hypothesis import given, settings
from hypothesis import strategies as st
from support.wire_strategies import MESSAGES

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.merkle import is_proof_valid, merkle_proof, merkle_root
from blockchain_lab.bitcoin.messages import CheckOrder, FilterLoad, Reply, SubmitOrder
from blockchain_lab.bitcoin.messages_orders import (
    ACCEPTED,
    NOT_ALLOWED,
    REFUSED,
    LinkedTransaction,
    WalletTransaction,
)
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

REQUEST = b"\xaa" * 32
NOTHING = Transaction(1, (), ())
EMPTY_ORDER = WalletTransaction(
    LinkedTransaction(NOTHING, ZERO_HASH, (), -1), (), (("to", "10.0.0.1"),), (), 0, 1_231_731_025, 1, 0
)
SCRIPT = b"\x41" + bytes(65) + b"\xac"


def test_a_payment_by_ip_address() -> None:
    """Ask, get a script, pay, be thanked. The first order has no transaction yet."""
    asked = CheckOrder(REQUEST, EMPTY_ORDER)
    allowed = Reply(REQUEST, ACCEPTED, SCRIPT)
    spent = LinkedTransaction(Transaction(1, (), (TxOutput(60, SCRIPT),)), b"\xbb" * 32, (b"\xcc" * 32,), 3)
    paying = Transaction(
        1, (TxInput(OutPoint(spent.transaction.txid(), 0), b"sig"),), (TxOutput(50, SCRIPT),)
    )
    order = EMPTY_ORDER._replace(linked=EMPTY_ORDER.linked._replace(transaction=paying), previous=(spent,))
    submitted = SubmitOrder(asked.request, order)

    for message in (asked, allowed, submitted, Reply(REQUEST, ACCEPTED), Reply(REQUEST, REFUSED)):
        assert message == type(message).decode(message.encode())


def test_a_checkorder_by_hand() -> None:
    """Bitcoin 0.1 `main.h`: CTransaction, CMerkleTx, CWalletTx, each behind the other."""
    transaction = struct.pack("<ibbI", 1, 0, 0, 0)
    linked = transaction + bytes(32) + b"\x00" + struct.pack("<i", -1)
    notes = b"\x00" + b"\x01" + b"\x02to" + b"\x0810.0.0.1" + b"\x00"
    times_and_flags = struct.pack("<IIbb", 0, 1_231_731_025, 1, 0)

    raw = REQUEST + linked + notes + times_and_flags

    assert raw == CheckOrder(REQUEST, EMPTY_ORDER).encode()
    assert CheckOrder(REQUEST, EMPTY_ORDER) == CheckOrder.decode(raw)


def test_no_inputs_and_one_output_are_no_witnesses() -> None:
    """00 01 behind the version: since BIP 144 a marker and a flag, before it two counts."""
    linked = LinkedTransaction(Transaction(1, (), (TxOutput(5, b""),)), ZERO_HASH, (), -1)
    message = SubmitOrder(REQUEST, EMPTY_ORDER._replace(linked=linked))

    assert "0001" == message.encode()[36:38].hex()
    assert message == SubmitOrder.decode(message.encode())


def test_the_proof_in_an_order() -> None:
    """The branch links an earlier transaction to its block: the same proof as today's."""
    transactions = [Transaction(1, (), (TxOutput(value, b""),)) for value in range(5)]
    txids = [transaction.txid() for transaction in transactions]
    linked = LinkedTransaction(transactions[3], b"\xbb" * 32, merkle_proof(txids, 3), 3)

    assert is_proof_valid(linked.transaction.txid(), linked.place, linked.branch, merkle_root(txids))


def test_a_witness_in_an_order_is_the_callers_mistake() -> None:
    """There was no way to write one, and we do not drop it in silence."""
    spent = TxInput(OutPoint(bytes(32), 0), b"")
    linked = LinkedTransaction(Transaction(1, (spent,), (), ((b"x",),)), ZERO_HASH, (), -1)

    with pytest.raises(UsageError, match="witnesses came six years after orders"):
        SubmitOrder(REQUEST, EMPTY_ORDER._replace(linked=linked)).encode()


def test_replies_of_three_kinds() -> None:
    """With a script, without, and with an empty one: so a payee of 0.3.13 says that it is not allowed."""
    for script in (SCRIPT, None, b""):
        assert script == Reply.decode(Reply(REQUEST, NOT_ALLOWED, script).encode()).script
    assert b"\x02\0\0\0\0" == Reply(REQUEST, NOT_ALLOWED, b"").encode()[32:]
    assert b"\x01\0\0\0" == Reply(REQUEST, REFUSED).encode()[32:]


@given(sample=st.data())
@settings(max_examples=40)
def test_filters_are_those_of_python_bitcoinlib(sample: st.DataObject) -> None:
    """An older library; btclib leaves them out."""
    message = sample.draw(MESSAGES["filterload"])
    assert isinstance(message, FilterLoad)
    theirs = CBloomFilter.deserialize(message.encode())

    assert message.encode() == theirs.serialize()
    assert (message.data, message.function_count, message.tweak, message.flags) == (
        bytes(theirs.vData),
        theirs.nHashFuncs,
        theirs.nTweak,
        theirs.nFlags,
    )


def test_a_published_filter() -> None:
    """Three hashes in a filter of 5 functions. Source: Core bloom_tests.cpp."""
    raw = bytes.fromhex("03614e9b050000000000000001")

    assert FilterLoad(bytes.fromhex("614e9b"), 5, 0, 1) == FilterLoad.decode(raw)
