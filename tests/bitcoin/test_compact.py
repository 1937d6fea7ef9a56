"""Compact blocks: what a peer has already is not sent again, and an accident costs a round trip, no more."""

from collections import Counter
from dataclasses import replace

import pytest
from btclib.p2p.compact_blocks import reconstruct as their_reconstruct
from hypothesis import given, settings
from hypothesis import strategies as st
from support.btclib_twins import twin_compact_block, twin_transaction

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin import compact
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.compact import (
    BY_TXID,
    FullBlockWanted,
    Partial,
    compute_keys,
    compute_short_id,
    compute_short_ids,
    fill,
    find_requested,
    make_compact_block,
    reconstruct,
)
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.messages import BlockTransactions, CompactBlock, GetBlockTransactions
from blockchain_lab.bitcoin.messages_compact import Prefilled
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, OutPoint, Transaction, TxInput, TxOutput

NONCE = 7
COINBASE = Transaction(1, (TxInput(NULL_OUT_POINT, b"\x01\x05"),), (TxOutput(50, b"\x51"),))


def make_transaction(number: int) -> Transaction:
    """One that differs from all others, with a witness."""
    spent = TxInput(OutPoint(number.to_bytes(32, "big"), 0), b"")
    return Transaction(2, (spent,), (TxOutput(number, b"\x51"),), ((b"signature", b"key"),))


def make_block(transactions: tuple[Transaction, ...]) -> Block:
    """A block of these; nobody has worked for it."""
    root = merkle_root([transaction.txid() for transaction in transactions])
    return Block(Header(4, ZERO_HASH, root, 1_700_000_000, 0x207FFFFF, 0), transactions)


OURS = tuple(make_transaction(number) for number in range(20))
BLOCK = make_block((COINBASE, *OURS[:9]))
COMPACT = make_compact_block(BLOCK, NONCE)


def test_short_ids_are_those_of_btclib() -> None:
    """The key is a hash of header and nonce, the id 6 bytes of a SipHash of the wtxid."""
    twin = twin_compact_block(COMPACT)

    assert twin.short_id_key == compute_keys(BLOCK.header, NONCE)
    names = [transaction.wtxid() for transaction in BLOCK.transactions[1:]]
    keys = compute_keys(BLOCK.header, NONCE)
    assert COMPACT.short_ids == tuple(twin.short_id(name[::-1]) for name in names)
    assert COMPACT.short_ids == tuple(compute_short_id(keys, name) for name in names)
    assert COMPACT.prefilled == (Prefilled(0, COINBASE),)


def test_a_block_whose_transactions_we_have_needs_no_answer() -> None:
    """The usual case: 9 short ids and a coinbase instead of 10 transactions."""
    assert BLOCK == reconstruct(CompactBlock.decode(COMPACT.encode()), OURS)
    assert len(COMPACT.encode()) < len(BLOCK.encode()) / 3


@pytest.mark.parametrize("nonce", [0, 1, (1 << 64) - 1])
def test_version_1_names_by_txid(nonce: int) -> None:
    """Before witnesses: the same ways, other names. The two versions do not understand each other."""
    old = make_compact_block(BLOCK, nonce, version=BY_TXID)

    assert BLOCK == reconstruct(old, OURS, version=BY_TXID)
    assert BLOCK.transactions[1].txid() != BLOCK.transactions[1].wtxid()
    other = reconstruct(old, OURS)
    assert isinstance(other, Partial)
    assert tuple(range(1, 10)) == other.missing
    with pytest.raises(UsageError, match="version: wanted 1 or 2, found 3"):
        make_compact_block(BLOCK, nonce, version=3)


def test_version_1_sends_no_witnesses() -> None:
    """A coinbase with a witness loses it; the block's rules find that out, its Merkle root cannot."""
    coinbase = replace(COINBASE, witnesses=((bytes(32),),))
    block = make_block((coinbase, OURS[0], OURS[1]))
    old = make_compact_block(block, NONCE, version=BY_TXID)
    partial = reconstruct(old, OURS[1:], version=BY_TXID)
    assert isinstance(partial, Partial)
    answer = find_requested(partial.request, block, version=BY_TXID)

    assert answer == BlockTransactions(block.header.hash(), (replace(OURS[0], witnesses=()),))
    assert COINBASE == old.prefilled[0].transaction == partial.transactions[0]
    assert make_compact_block(block, NONCE).prefilled[0].transaction == coinbase


def test_what_is_missing_is_asked_for_and_put_in() -> None:
    """cmpctblock, getblocktxn, blocktxn, all through their bytes."""
    partial = reconstruct(COMPACT, OURS[4:])
    assert isinstance(partial, Partial)

    request = GetBlockTransactions.decode(partial.request.encode())
    answer = find_requested(request, BLOCK)
    assert answer is not None

    assert (1, 2, 3, 4) == request.places == partial.missing
    assert b"\x04\x01\x00\x00\x00" == request.encode()[32:], "neighbours cost a zero each"
    assert BLOCK == fill(partial, BlockTransactions.decode(answer.encode()))


def test_a_sender_may_send_more_as_it_is() -> None:
    """Who knows that a transaction is new to the other sends it whole: no round trip."""
    eager = make_compact_block(BLOCK, NONCE, whole=(0, 3, 9))

    assert (7, 3) == (len(eager.short_ids), len(eager.prefilled))
    assert BLOCK == reconstruct(CompactBlock.decode(eager.encode()), [*OURS[:2], *OURS[3:8]])
    for places in [(0, 10), (3, 3), (-1,)]:
        with pytest.raises(UsageError, match="place: wanted"):
            make_compact_block(BLOCK, NONCE, whole=places)


@given(known=st.sets(st.integers(0, 19)), whole=st.sets(st.integers(0, 9)), nonce=st.integers(0, 1 << 60))
@settings(max_examples=30)
def test_btclib_finds_the_same_gaps(known: set[int], whole: set[int], nonce: int) -> None:
    """An independent oracle for any pool and any choice of what is sent whole."""
    sent = make_compact_block(BLOCK, nonce, whole=sorted(whole))
    pool = [OURS[number] for number in sorted(known)]
    theirs = their_reconstruct(twin_compact_block(sent), [twin_transaction(tx) for tx in pool])

    ours = reconstruct(sent, pool)

    assert theirs.missing_indexes == ([] if isinstance(ours, Block) else list(ours.missing))
    assert isinstance(ours, Partial) or ours == BLOCK


def test_a_transaction_that_the_pool_has_twice_is_no_collision() -> None:
    """The memory pool and a store of recent ones may overlap."""
    assert BLOCK == reconstruct(COMPACT, OURS + OURS)


def test_ids_that_collide_in_the_block_itself() -> None:
    """Two places want one transaction; no peer is to blame (BIP 152), but only the whole block helps."""
    twice = replace(COMPACT, short_ids=(COMPACT.short_ids[0], *COMPACT.short_ids[:-1]))

    assert FullBlockWanted("two transactions of the block have one short id") == reconstruct(twice, OURS)


def test_with_ids_that_collide_all_the_time_nothing_but_the_block_comes_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six bits instead of 48. Right, missing or "the whole block"; never another block, never a fault."""
    monkeypatch.setattr(compact, "SHORT_ID_MASK", 0x3F)
    seen: Counter[str] = Counter()

    for nonce in range(300):
        result = reconstruct(make_compact_block(BLOCK, nonce), OURS[3:])
        seen[type(result).__name__] += 1
        if isinstance(result, Partial):
            assert result.missing[:1] <= (4,)
            answer = find_requested(result.request, BLOCK)
            assert answer is not None
            result = fill(result, answer)
            seen[f"then {type(result).__name__}"] += 1
        assert result == BLOCK or (isinstance(result, FullBlockWanted) and not result.is_fault)

    assert {"Partial", "FullBlockWanted", "then Block", "then FullBlockWanted"} == set(seen)


def let_two_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Number 12, which is not in the block, gets the short id of number 2, which is."""
    names = {OURS[12].wtxid(): OURS[2].wtxid()}
    monkeypatch.setattr(
        compact,
        "compute_short_ids",
        lambda keys, some: compute_short_ids(keys, [names.get(n, n) for n in some]),
    )


def test_two_of_ours_with_one_id_are_both_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking either would be a guess, and a wrong one costs the whole block. Source: Core InitData."""
    let_two_collide(monkeypatch)

    for pool in (OURS, OURS[::-1], (*OURS, OURS[2])):
        result = reconstruct(COMPACT, pool)
        assert isinstance(result, Partial)
        assert (3,) == result.missing


def test_a_wrong_transaction_under_a_right_id_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Merkle root decides, not the ids."""
    let_two_collide(monkeypatch)

    result = reconstruct(COMPACT, [*OURS[:2], *OURS[3:]])

    assert isinstance(result, FullBlockWanted)
    assert ("Merkle root" in result.reason, result.is_fault) == (True, False)


def test_a_doubled_tail_is_found_out() -> None:
    """The header is honest, the list is not (CVE-2012-2459)."""
    honest = make_block((COINBASE, OURS[0], OURS[1]))
    forged = CompactBlock(
        honest.header, NONCE, (), tuple(map(Prefilled, range(4), (*honest.transactions, OURS[1])))
    )

    assert merkle_root([entry.transaction.txid() for entry in forged.prefilled]) == honest.header.merkle_root
    assert isinstance(reconstruct(forged, []), FullBlockWanted)


@pytest.mark.parametrize(
    "sent",
    [
        CompactBlock(BLOCK.header, NONCE, (), ()),
        CompactBlock(BLOCK.header, NONCE, (1,), (Prefilled(2, COINBASE),)),
        CompactBlock(BLOCK.header, NONCE, (1,), (Prefilled(0, COINBASE), Prefilled(0, COINBASE))),
    ],
    ids=["no transactions", "a place behind the end", "one place twice"],
)
def test_what_no_honest_peer_sends(sent: CompactBlock) -> None:
    """From the wire the last two do not come: reading refuses them. Still nothing is raised."""
    result = reconstruct(sent, OURS)

    assert isinstance(result, FullBlockWanted)
    assert result.is_fault


def test_answers_that_do_not_fit() -> None:
    """Too few, too many, of another block; and in the wrong order, which only the Merkle root tells."""
    partial = reconstruct(COMPACT, OURS[2:])
    assert isinstance(partial, Partial)
    name, (first, second) = BLOCK.header.hash(), OURS[:2]

    for transactions in [(), (first,), (first, second, second)]:
        result = fill(partial, BlockTransactions(name, transactions))
        assert isinstance(result, FullBlockWanted)
        assert result.is_fault
    assert FullBlockWanted("the answer is about another block", is_fault=True) == fill(
        partial, BlockTransactions(ZERO_HASH, (first, second))
    )
    swapped = fill(partial, BlockTransactions(name, (second, first)))
    assert isinstance(swapped, FullBlockWanted)
    assert not swapped.is_fault
    assert BLOCK == fill(partial, BlockTransactions(name, (first, second)))


def test_a_place_that_the_block_does_not_have() -> None:
    """The sender answers no such request."""
    name = BLOCK.header.hash()

    assert find_requested(GetBlockTransactions(name, (0, 10)), BLOCK) is None
    assert BlockTransactions(name, (COINBASE, OURS[8])) == find_requested(
        GetBlockTransactions(name, (0, 9)), BLOCK
    )
