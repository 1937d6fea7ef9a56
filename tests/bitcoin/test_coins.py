"""The set of unspent coins: blocks are connected, taken back, and nothing is left behind or lost."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_chains import get_root

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin import coins as room
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.coins import Coin, CoinSet, Shelves, connect, disconnect
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND, make_coinbase
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

LOST = b"\x6a\x04gone"  # OP_RETURN: nobody can ever spend it


def make_block(coins: CoinSet, height: int, luck: CounterRandom) -> Block:
    """A block with three transactions of up to three inputs each, which may spend each other's outputs."""
    purse = list(coins)
    body = [make_coinbase(height, 50, luck.bits().to_bytes(8, "little"))]
    for _ in range(3):
        taken = [purse.pop(luck.below(len(purse))) for _ in range(min(len(purse), 1 + luck.below(3)))]
        if taken:
            outputs = [
                TxOutput(luck.below(9), script) for script in (ANYONE_CAN_SPEND, LOST, ANYONE_CAN_SPEND)
            ]
            body.append(Transaction(2, tuple(TxInput(place, b"") for place in taken), tuple(outputs)))
            purse.append(OutPoint(body[-1].txid(), 0))
    return Block(get_root().header, tuple(body))


@given(st.integers(0, 2**32), st.integers(1, 12))
@settings(max_examples=60)
def test_what_was_connected_can_be_taken_back_to_the_last_coin(seed: int, length: int) -> None:
    """Up a chain and down again: at every height the same coins, of the same age, as on the way up."""
    luck = CounterRandom(get_key("coins", seed))
    coins, way = CoinSet({}), []

    for height in range(1, length + 1):
        before = dict(coins)
        block = make_block(coins, height, luck)
        way.append((before, block, height, connect(coins, block, height)))
        assert len(dict(coins)) == len(coins)

    for before, block, height, undo in reversed(way):
        disconnect(coins, block, height, undo)
        assert before == dict(coins)


@given(st.integers(0, 2**32))
@settings(max_examples=30)
def test_a_shelf_changes_nothing_but_where_the_coins_stand(seed: int) -> None:
    """Two peers connect the same blocks; one moves to shelves on its way; both hold the same."""
    luck = CounterRandom(get_key("shelves", seed))
    plain, moved, shelves = CoinSet({}), CoinSet({}), Shelves()

    for height in range(1, 10):
        block = make_block(plain, height, luck)
        connect(plain, block, height)
        connect(moved, block, height)
        if height % 3 == 0:
            moved.shelf, moved.changes = shelves.get(bytes([height]), moved), {}
        assert dict(plain) == dict(moved)
        assert len(plain) == len(moved)


def test_peers_at_one_tip_stand_on_one_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten changes are enough here: then both peers hold the very same shelf and nothing of their own."""
    monkeypatch.setattr(room, "MOST_CHANGES", 10)
    shelves, ann, bob = Shelves(), CoinSet({}), CoinSet({})
    for number in range(11):
        for peer in (ann, bob):
            peer.add(OutPoint(bytes(32), number), Coin(TxOutput(number, b""), 1, False))
            peer.settle(bytes([number]), shelves)

    assert ann.shelf is bob.shelf
    assert ({}, 11) == (ann.changes, len(ann))


def test_a_copy_goes_its_own_way() -> None:
    """The world is copied to be run on: what happens there is not felt here."""
    place, coin = OutPoint(bytes(32), 0), Coin(TxOutput(5, b""), 1, False)
    coins = CoinSet({place: coin})
    twin = deepcopy(coins)

    assert coin == twin.take(place)
    assert [True, False] == [place in coins, place in twin]
    with pytest.raises(KeyError):
        twin.take(place)


def test_an_output_that_nobody_can_spend_is_no_coin() -> None:
    """OP_RETURN, or a script too long to be run: kept in the block, not in the set."""
    outputs = (TxOutput(1, LOST), TxOutput(1, bytes(10_001)), TxOutput(1, bytes(10_000)))
    tx = Transaction(2, (TxInput(OutPoint(bytes(32), 0), b""),), outputs)

    assert [2] == [place.index for place, _ in room.get_new_coins(tx, 1)]
