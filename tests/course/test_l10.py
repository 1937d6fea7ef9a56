"""Lesson 10: its figures, its stories over seeds, its tasks; what `sign` makes, judged by Core's kernel."""

from pathlib import Path

import pytest
from support.kernel import Kernel

from blockchain_lab.base.actions import Mine, SubmitTx
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.keys import is_signature_valid
from blockchain_lab.bitcoin.script import Form, classify, pay_to_public_key_hash
from blockchain_lab.bitcoin.sighash import ALL, WitnessHasher
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.course import l10_runs as runs
from blockchain_lab.course import l10_sums as sums
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l10 import QUESTIONS
from blockchain_lab.course.l10_checks import FAULTS, find_refusals, on_tx
from blockchain_lab.course.l10_tasks import (
    BITCOIN,
    SPLIT,
    VANISH,
    count_holders,
    make_split,
    make_vanish,
)
from blockchain_lab.lab import Lab

SEED = 7


def test_the_constants_are_those_of_the_protocol() -> None:
    """61 bytes for an announcement, 795 in all, 1,968 by pushing; what a miner takes fills 990 of 1,000."""
    assert 795 == sums.measure_announcing(0)
    assert 1_968 == sums.NEIGHBOURS * (sums.HEADER + sums.PAYMENT)
    taken = [sums.OFFERS[name] for name, where in sums.choose_by_template(0).items() if where == "block"]
    assert (990, 18_260) == (sum(offer.size for offer in taken), sum(offer.fee for offer in taken))


@pytest.mark.parametrize("seed", range(30))
def test_the_fee_rate_is_in_what_is_shown(seed: int) -> None:
    """Wallet and sum agree; each slip is far enough away to be named."""
    right = sums.get_fee_rate(seed)

    assert sums.reckon_fee_rate(seed) == pytest.approx(right, abs=0.3)
    for slip in (sums.get_fee, sums.rate_by_bytes, sums.rate_without_signatures, sums.rate_of_change):
        assert abs(right - slip(seed)) > 0.6


@pytest.mark.parametrize("seed", range(100, 106))
def test_a_payment_has_the_same_stations_for_everybody(seed: int) -> None:
    """And a block decides for both halves."""
    assert ["sign", "inv", "getdata", "tx", "wait", "block"] == runs.order_first_payment(seed)
    assert runs.order_first_payment(seed) == runs.order_eves_coin(seed)
    assert "b" == runs.find_fate(seed) == runs.compare_pools_with_chain(seed)


@pytest.mark.parametrize("seed", range(200, 204))
def test_both_rivals_are_held_by_somebody(seed: int) -> None:
    """Nobody holds both, and both ways to count agree."""
    anns, others = runs.count_anns_holders(seed), runs.count_rivals_holders(seed)

    assert anns == runs.look_into_pools(seed)
    assert 1 <= anns
    assert 1 <= others
    assert anns + others <= 12


def test_in_the_first_picture_both_halves_are_sure() -> None:
    """Six peers in a row, and each holds one of the two before the block comes."""
    holders = runs.find_holders(runs.play(runs.RIVALS, SEED), 10 * SECOND)

    assert {"ann", "bob", "cat", "dan", "eve", "fay"} == {name for who in holders.values() for name in who}
    assert 6 == sum(len(who) for who in holders.values())
    assert all(len(who) >= 2 for who in holders.values())


@pytest.mark.parametrize("seed", range(300, 304))
def test_the_tasks_can_be_done_by_everybody(seed: int) -> None:
    """Three against four, and seven against none."""
    split, vanish = make_split(seed), make_vanish(seed)

    assert SPLIT.judge(split, seed).is_right
    assert [3, 4] == sorted(count_holders(split))
    assert VANISH.judge(vanish, seed).is_right
    assert [0, 7] == count_holders(vanish)


def test_one_half_is_not_enough() -> None:
    """Whoever tells both to the same half is told so, and led to what he did."""
    lab = Lab(runs.HALVES, seed=SEED)
    lab.goto(at=7 * SECOND)
    for at, to in (("ann", "ann"), ("cat", "eve")):
        lab.do(SubmitTx(at, runs.sign(lab, "eve", to, BITCOIN)))
    lab.run()
    judgement = SPLIT.judge(lab, SEED)

    assert Verdict.WRONG == judgement.verdict
    assert "fewer than three peers" in judgement.message
    assert judgement.event is not None


def test_signing_is_no_act() -> None:
    """No key of eve's wallet counts as given out; who has no coin is told so."""
    lab = Lab(runs.HALVES, seed=SEED)
    lab.goto(at=7 * SECOND)
    eve = lab.peer("eve")
    before = eve.cashier.stored()
    runs.sign_as(eve, "bob", BITCOIN)

    assert before == eve.cashier.stored()
    with pytest.raises(UsageError, match="our ripe coins hold"):
        runs.sign(lab, "gus", "bob", BITCOIN)


def test_the_signature_is_one_of_eves_key() -> None:
    """It is valid for the coin's own value, and for no other."""
    lab = Lab(runs.HALVES, seed=SEED)
    lab.goto(at=7 * SECOND)
    tx = Transaction.decode(bytes.fromhex(runs.sign(lab, "eve", "bob", BITCOIN)))
    coin = lab.peer("eve").chain.ledger.coins.get(tx.inputs[0].previous).output
    ((signature, key),) = tx.witnesses

    assert Form.WITNESS_KEY_HASH is classify(coin.script).form
    assert 25 * BITCOIN == coin.value
    for value, is_good in ((coin.value, True), (coin.value + 1, False)):
        code = pay_to_public_key_hash(coin.script[2:])
        digest = WitnessHasher(tx).signature_hash(0, code, value, ALL)
        assert is_good == is_signature_valid(key, signature[:-1], digest)


def test_what_the_learner_signs_is_mined_and_taken_by_the_kernel(tmp_path: Path) -> None:
    """All blocks of the learner's run, the last one with one of eve's two payments, go into Core's kernel."""
    lab = make_split(SEED)
    lab.do(Mine("ann"))
    chain = lab.peer("ann").chain
    kernel = Kernel(tmp_path)

    for entry in chain.active.get_slice(1, chain.height + 1):
        assert kernel.takes(chain.get_block(entry.hash))
    assert chain.tip.hash == kernel.tip
    mined = chain.get_block(chain.tip.hash).transactions[1:]
    assert [tx.has_witness for tx in mined] == [True]


def test_the_block_empties_the_other_half_too() -> None:
    """Dan's half held the rival: no block can hold it any more."""
    lab = make_split(SEED)
    lab.do(Mine("ann"))
    lab.run(until=lab.now + 5 * SECOND)

    assert [0, 0] == count_holders(lab)


def test_a_node_has_the_words_of_core_for_each_fault() -> None:
    """And none for what it cannot know."""
    for item, reason in find_refusals(SEED).items():
        assert reason.startswith(FAULTS[item][1])
        assert bool(reason) == bool(FAULTS[item][1])


def test_the_learners_rule_is_the_nodes() -> None:
    """The function decides as the node does, in three cases that both know."""
    coins = {"c": 5}

    assert "keep" == on_tx(coins, [], {"takes": ["c"], "pays": 5})
    assert "missing" == on_tx({}, [], {"takes": ["c"], "pays": 5})
    assert "rival" == on_tx(coins, ["c"], {"takes": ["c"], "pays": 9})
    assert 12 == len(QUESTIONS)


def test_the_chain_is_shown_in_rows_that_fit_a_cell() -> None:
    """Each block repeats the hash of the row above; a cell of a small screen has room for 110 letters."""
    head, *rows = sums.show_chain().splitlines()
    own, before = zip(*(row.split()[2:4] for row in rows), strict=True)

    assert ["block 1", "block 2", "block 3"] == [row[:7] for row in rows]
    assert own[:-1] == before[1:]
    assert 3 == sum(row.endswith(" 50 bitcoins") for row in rows)
    assert max(len(row) for row in (head, *rows)) <= 110
