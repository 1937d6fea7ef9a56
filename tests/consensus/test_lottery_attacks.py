"""What stake changes about attacks: majorities, two branches at once, old keys, blocks made to suit."""

from math import exp, prod, sqrt

import pytest

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, SECOND
from blockchain_lab.chain.races import compute_catch_up
from blockchain_lab.consensus.lottery_attacks import (
    compute_compounded,
    compute_effective_share,
    compute_grinding_share,
    compute_mean_gap,
    compute_strictly_first,
    grind,
    is_overtaking,
    walk_long_range,
    walk_two_branches,
)
from blockchain_lab.consensus.shares import count_blocks, run_lottery
from blockchain_lab.consensus.stake import Stake

TICK = 3 * SECOND  # 20 a block
ONE_MODIFIER = {"tick": TICK, "interval": 10_000 * HOUR}  # the same for the whole test, on all branches


def get_rows(branch):
    """(time, proposer) of each block."""
    return [(entry.header.time, entry.header.proposer) for entry, _ in branch[1:]]


def test_a_majority_of_stake_does_not_always_win():
    """51 % find a block with 0.51, and six in a row with 1.8 %: 3,000 blocks, 3 standard errors."""
    branch = run_lottery(Stake({"ann": 51, "bob": 49}, tick=TICK), ["ann", "bob"], 3_000)
    winners = [name for _, name in get_rows(branch)]
    sixes = [winners[place : place + 6] for place in range(0, len(winners), 6)]
    runs, chance = sum(six == ["ann"] * 6 for six in sixes), 0.51**6

    assert 0.018 == round(chance, 3)
    assert 0.51 == pytest.approx(winners.count("ann") / 3_000, abs=3 * sqrt(0.51 * 0.49 / 3_000))
    assert chance * 500 == pytest.approx(runs, abs=3 * sqrt(500 * chance * (1 - chance)))


@pytest.mark.parametrize(("behind", "chance"), [(6, 1), (100, 1)])
def test_a_majority_wins_long_races_in_the_end(behind, chance):
    """However far behind it begins; a minority of 49 % does not."""
    assert chance == compute_catch_up(0.51, behind)
    assert compute_catch_up(0.49, behind) < 0.8


def test_nothing_at_stake_the_greedy_cancel_out():
    """Attacker 10 %, honest 10 %, 80 % sign both branches: the attacker has half of what decides."""
    assert 0.5 == compute_effective_share(0.1, 0.1)
    assert 1 == compute_catch_up(compute_effective_share(0.1, 0.1), 6)


def test_slashing_leaves_the_attacker_with_its_own_share():
    """Nobody signs both any more: h = 90 %, and six blocks are made up for with (1/9)**6 = 1.9e-6."""
    q = compute_effective_share(0.1, 0.9)

    assert 0.1 == pytest.approx(q)
    assert compute_catch_up(q, 6) == pytest.approx((1 / 9) ** 6)
    assert 1.9e-6 == pytest.approx(compute_catch_up(q, 6), rel=0.01)


@pytest.mark.parametrize(("attacker", "honest"), [(100_000, 100_000), (100_000, 300_000), (300_000, 0)])
def test_two_branches_part_by_the_effective_share(attacker, honest):
    """20,000 turns: of those that make but one branch longer, a / (a + h) are the attacker's."""
    *_, (public, secret) = walk_two_branches(attacker, honest, 20_000, CounterRandom(get_key("two", honest)))
    both = public + secret - 20_000
    alone = 20_000 - both
    q = compute_effective_share(attacker, honest)

    assert q == pytest.approx((secret - both) / alone, abs=3 * sqrt(q * (1 - q) / alone))
    assert 1 - (attacker + honest) / 1e6 == pytest.approx(both / 20_000, abs=0.012)


def test_the_same_second_wins_on_two_branches_under_the_real_kernel():
    """Two branches from one block, one modifier from before they parted.

    Greta's turns are the same on both, but for the ticks in which somebody else was faster by luck; what is
    left is the race of the attacker against the honest, one to three.
    """
    lottery = Stake({"eve": 10, "ann": 30, "greta": 60}, **ONE_MODIFIER)
    fork = run_lottery(lottery, ["ann", "greta"], 20)[-1]
    public = get_rows(run_lottery(lottery, ["ann", "greta"], 1_500, 1, fork))
    secret = get_rows(run_lottery(lottery, ["eve", "greta"], 1_170, 1, fork))
    end = min(public[-1][0], secret[-1][0])
    on_public, on_secret = ({time: name for time, name in rows if time <= end} for rows in (public, secret))
    greedy = [time for time, name in on_public.items() if name == "greta"]
    same = [time for time in greedy if on_secret.get(time) == "greta"]
    lost = [time for time in greedy if on_secret.get(time) == "eve"]
    honest, attacker = len(on_public) - len(greedy), list(on_secret.values()).count("eve")
    q = compute_effective_share(0.1, 0.3)

    assert len(greedy) == len(same) + len(lost), "her second is right on both, whoever was faster"
    assert len(same) > 0.98 * len(greedy)
    assert q == pytest.approx(attacker / (attacker + honest), abs=3 * sqrt(q * (1 - q) / (attacker + honest)))


@pytest.mark.parametrize(("old", "participation"), [(0.6, 0.4), (0.4, 0.6)])
def test_long_range_old_keys_overtake_those_who_take_part(old, participation):
    """Under the real kernel, and in the abstract race. Both histories cover the same 10 hours."""
    lottery = Stake({"old": int(10 * old), "now": int(10 * participation)}, **ONE_MODIFIER)
    second, real = (get_rows(run_lottery(lottery, [name], 450)) for name in ("old", "now"))
    lengths = [sum(time <= 10 * HOUR for time, _ in rows) for rows in (second, real)]
    *_, (there, here) = walk_long_range(int(1e5 * old), int(1e5 * participation), 20_000, CounterRandom(7))

    assert second[-1][0] > 10 * HOUR < real[-1][0], "both are long enough to be compared"
    assert is_overtaking(old, participation) == (lengths[0] > lengths[1]) == (here > there)
    for share, length in zip((old, participation), lengths, strict=True):
        assert 600 * share == pytest.approx(length, abs=3 * sqrt(600 * share))


def test_old_keys_that_earn_on_their_own_branch_own_it_in_the_end():
    """A tenth of the stake, and each block pays a thousandth: half of it after 800 blocks."""
    assert 0.1 == compute_compounded(0.1, 0.001, 0)
    assert 0.5 == pytest.approx(compute_compounded(0.1, 0.001, 800))
    assert compute_compounded(0.1, 0.001, 10**6) > 0.99
    assert not is_overtaking(0.5, 0.5)


@pytest.mark.parametrize(
    ("modifier", "variants"), [("block", 1), ("block", 8), ("chain", 8), ("interval", 8)]
)
def test_grinding_pays_only_where_the_block_s_hash_enters_the_kernel(modifier, variants):
    """20 % of the stake and 8 variants of each block make 54 % of the blocks; elsewhere they make 20 %."""
    lottery = Stake({"eve": 20, "ann": 50, "bob": 30}, tick=TICK, modifier=modifier)
    tries = variants if modifier == "block" else 1
    expected = compute_grinding_share(0.2, tries)
    grown = (1 - 0.2) ** tries  # the chance that a run of hers ends with a block
    error = sqrt(expected * (1 - expected) / 600 * (1 + 0.8 - grown) / (1 - 0.8 + grown))

    branch = grind(lottery, ["eve", "ann", "bob"], "eve", variants, 600)
    share = count_blocks(branch[0][0], branch[-1][0])["eve"] / 600

    assert (0.2, 0.54) == (compute_grinding_share(0.2, 1), round(compute_grinding_share(0.2, 8), 2))
    assert expected == pytest.approx(share, abs=3 * error)


@pytest.mark.parametrize("chances", [(0.1, 0.2, 0.3), (0.5, 0.5), (0.001, 0.002, 0.01)])
def test_alone_in_the_first_tick_of_all(chances):
    """The formula against the sum over ticks; small chances make it the share."""
    idle = prod(1 - chance for chance in chances)
    summed = [sum(idle**tick * idle / (1 - chance) * chance for tick in range(20_000)) for chance in chances]

    assert summed == pytest.approx(compute_strictly_first(chances))
    if max(chances) < 0.02:
        shares = [chance / sum(chances) for chance in chances]
        assert shares == pytest.approx(compute_strictly_first(chances), rel=0.02)


@pytest.mark.parametrize("hazard", [1e-2, 1e-3, 1e-4])
def test_the_gap_after_a_coin_has_lost_its_age(hazard):
    """The closed form against the integral, added up day by hundredth of a day."""

    def survive(x):
        return exp(-hazard * x * x / 2) if x <= 60 else exp(-1_800 * hazard - 60 * hazard * (x - 60))

    summed = 30 + sum(survive((step + 0.5) / 100) / 100 for step in range(1_000_000))

    assert summed == pytest.approx(compute_mean_gap(hazard), rel=1e-5)


def test_shares_that_cannot_be_are_refused():
    """Each function says what it wanted."""
    for wrong in (
        lambda: compute_effective_share(-0.1, 0.5),
        lambda: compute_effective_share(0, 0),
        lambda: compute_grinding_share(0.5, 0),
        lambda: compute_grinding_share(1.5, 1),
        lambda: compute_mean_gap(0),
        lambda: next(walk_two_branches(600_000, 600_000, 1, CounterRandom(1))),
        lambda: next(walk_long_range(-1, 0, 1, CounterRandom(1))),
    ):
        with pytest.raises(UsageError, match="wanted"):
            wrong()
