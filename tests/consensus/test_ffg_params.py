"""Presets against their sources' tables, and what a scenario may set."""

from dataclasses import replace

import pytest
from support.ffg_branch import FOUR

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.ffg import get_start, run_epochs
from blockchain_lab.consensus.ffg_misreadings import (
    MISREADINGS,
    draw_committee,
    get_growing_borders,
    get_growing_epoch,
    get_hasty_height,
    get_hasty_withdrawal,
    get_vague_checkpoints,
)
from blockchain_lab.consensus.ffg_params import GWEI, LAB, PRESETS, Params, read_params
from blockchain_lab.consensus.rewards import RewardRules


@pytest.mark.parametrize(
    ("preset", "length", "second", "minimum", "delays", "withdrawal"),
    [
        ("paper", 100, 200, 1, (2, 2), 7_500),
        ("eip1011", 50, 99, 1_500 * GWEI, (2, 700), 15_000),
        ("contract-tests", 10, 19, 1_000 * GWEI, (2, 5), 8),
        ("lab", 5, 10, 1, (2, 2), 8),
    ],
)
def test_presets_have_their_sources_numbers(preset, length, second, minimum, delays, withdrawal):
    """Epoch length, the block that is checkpoint 2, minimum deposit, join and leave, withdrawal."""
    params = PRESETS[preset]

    assert (length, second) == (params.epoch_length, params.get_checkpoint_height(2))
    assert (minimum, delays) == (params.minimum_deposit, (params.join_delay, params.exit_delay))
    assert (preset, withdrawal) == (params.name, params.withdrawal_delay)
    assert params == read_params({"preset": preset})


def test_four_months_are_four_months():
    """The paper says about four months, EIP-1011 15,000 epochs: both 121.5 days of blocks every 14 s."""
    for preset in ("paper", "eip1011"):
        seconds = PRESETS[preset].withdrawal_delay * PRESETS[preset].epoch_length * 14

        assert 121.5 == pytest.approx(seconds / 86_400, abs=0.1)


def test_a_scenario_may_change_single_numbers():
    """A preset, and what departs from it."""
    params = read_params({"preset": "paper", "epoch_length": 8, "stitching": False, "leak": "constant"})

    assert params == replace(
        PRESETS["paper"], epoch_length=8, stitching=False, rewards=RewardRules(0, 0, leak="constant")
    )
    assert LAB == read_params({})


@pytest.mark.parametrize(
    ("plain", "complaint"),
    [
        ({"epochs": 5}, "policy.epochs: unknown key, accepted: preset"),
        ({"preset": "casper"}, "accepted: paper, eip1011, contract-tests, lab, as-the-blog-words-it"),
        ({"epoch_length": 1}, "accepted: a whole number from 2 on"),
        ({"join_delay": 1}, "policy.join_delay: found 1, accepted: a whole number from 2 on"),
        (
            {"checkpoint_offset": 1},
            "policy.checkpoint_offset: found 1, accepted: a whole number from -1 to 0",
        ),
        ({"slashing": "half"}, "found 'half', accepted: full, proportional3"),
        ({"stitching": "no"}, "policy.stitching: found 'no', accepted: true, false"),
        ({"leak": "fast"}, "policy.leak: found 'fast', accepted: none, constant, quadratic"),
    ],
)
def test_what_a_scenario_may_not_set(plain, complaint):
    """With the key, and what would be accepted."""
    with pytest.raises(UsageError, match=complaint):
        read_params(plain)


def test_params_that_make_no_chain():
    """Made by hand, past the reader."""
    with pytest.raises(UsageError, match=r"found \(5, 1, 0\), wanted 2 or more, 0 or -1, 0 or 1"):
        Params(name="odd", epoch_length=5, checkpoint_offset=1)


def test_epochs_have_one_length():
    """The blog says that each is one block longer. Epoch 7 has as many blocks as epoch 1."""
    starts = [next(height for height in range(60) if LAB.get_epoch(height) == epoch) for epoch in range(9)]

    assert [0, 5, 10, 15, 20, 25, 30, 35, 40] == starts
    assert [0, 5, 11, 18, 26] == get_growing_borders(4, 5)


def test_the_blog_is_drawn_and_never_run():
    """The preset exists so that the words can be shown beside the rule."""
    with pytest.raises(UsageError, match="drawing only"):
        get_start(PRESETS["as-the-blog-words-it"], FOUR)
    assert all(each.says != each.holds and each.source for each in MISREADINGS)
    assert {"epoch", "dynasty", "finality", "withdrawal"} <= {each.about for each in MISREADINGS}


def test_a_growing_epoch_is_the_one_between_its_borders():
    """Epochs of 5, 6, 7 and 8 blocks: each block is in the last one that has begun."""
    borders = get_growing_borders(4, 5)

    for height in range(26):
        assert sum(border <= height for border in borders) - 1 == get_growing_epoch(height, 5)


def test_what_popular_sentences_would_mean_for_a_branch():
    """Epochs of 5 blocks, a head at 23, block 10 final, epoch 3 justified, an exit asked for in epoch 4."""
    assert list(range(11, 24)) == list(get_vague_checkpoints(10, 23))
    assert [] == list(get_vague_checkpoints(23, 23))
    assert 19 == get_hasty_height(3, 5, 23)  # the last block of epoch 3
    assert 16 == get_hasty_height(3, 5, 16)  # or the last one that there is
    assert 0 == get_hasty_height(0, 5, 23)
    assert 12 == get_hasty_withdrawal(4, 8)


def test_a_drawn_committee_is_half_of_the_validators_and_another_one_in_each_epoch():
    """Whatever the order of the names; over many epochs everybody is drawn about as often."""
    names = ["ann", "bob", "cat", "dan", "eve"]

    drawn = [draw_committee(names, epoch) for epoch in range(400)]

    assert draw_committee(reversed(names), 7) == drawn[7]
    assert {3} == {len(each) for each in drawn}
    assert 1 < len({frozenset(each) for each in drawn})
    for name in names:  # 400 draws with 3/5: 240, and 3 standard errors are 29.4
        assert abs(sum(name in each for each in drawn) - 240) <= 29


def test_deposits_grow_as_eip1011_says_when_everybody_votes():
    """D(n) = (sqrt D0 + BIF n / 4)^2 in ETH, within 0.1 %: four times 250,000 ETH.

    The state machine rounds down whole gwei and settles epoch by epoch; the formula is its limit.
    """
    params = replace(PRESETS["eip1011"], warm_up=0)
    founders = dict.fromkeys(FOUR, 250_000 * GWEI)
    epochs = 2_000

    votes = {epoch: list(FOUR) for epoch in range(1, epochs + 1)}
    result = run_epochs(founders, votes, epochs, params=params)[-1]
    formula = (1_000_000**0.5 + 7e-3 * (epochs - 1) / 4) ** 2  # the last epoch is not settled yet

    total = sum(result.deposits.values()) / GWEI
    assert formula == pytest.approx(total, rel=1e-3)
    assert formula - 1_000_000 == pytest.approx(total - 1_000_000, rel=1e-3)


def test_who_is_silent_while_finality_is_late_leaks_and_who_votes_stands_still():
    """Two of four are offline: nothing is justified, their share shrinks, the others' deposits do not."""
    founders = dict.fromkeys(FOUR, 10**9)

    result = run_epochs(founders, {epoch: ["ann", "bob"] for epoch in range(1, 31)}, 30)[-1]

    assert 0 == result.finalised
    assert result.deposits["cat"] == result.deposits["dan"] < 10**9
    assert 10**9 <= result.deposits["ann"] < 10**9 * 1.001  # the first two epochs still paid something
