"""How sure is a payment? Two papers' tables, their formulas in exact numbers, and races that are run."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import comb, exp, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.races import (
    HOPELESS,
    compute_catch_up,
    compute_confirmations,
    compute_eclipse_chance,
    compute_stale_rate,
    compute_success,
    compute_success_as_nakamoto,
    count_successes,
    has_won,
    walk_race,
)

# Source: S. Nakamoto, "Bitcoin" (2008), section 11: share, confirmations, chance.
NAKAMOTO = [
    (0.1, 0, 1),
    (0.1, 1, 0.2045873),
    (0.1, 2, 0.0509779),
    (0.1, 3, 0.0131722),
    (0.1, 4, 0.0034552),
    (0.1, 5, 0.0009137),
    (0.1, 6, 0.0002428),
    (0.1, 10, 0.0000012),
    (0.3, 5, 0.1773523),
    (0.3, 10, 0.0416605),
    (0.3, 20, 0.0024804),
    (0.3, 50, 0.0000006),
]
# Source: M. Rosenfeld, "Analysis of hashrate-based double-spending" (2012): percent, some digits more.
ROSENFELD = [
    (0.1, 1, 20, 0),
    (0.1, 2, 5.6, 1),
    (0.1, 3, 1.712, 3),
    (0.1, 4, 0.5456, 4),
    (0.1, 5, 0.1782, 4),
    (0.1, 6, 0.05914, 5),
    (0.1, 10, 0.000786, 6),
    (0.3, 6, 15.64, 2),
]  # the last number: decimals that are given
SHARES = (0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45)
LESS_THAN_A_THOUSANDTH = {  # confirmations for each of these shares
    compute_success_as_nakamoto: (5, 8, 11, 15, 24, 41, 89, 340),
    compute_success: (6, 9, 13, 20, 32, 58, 133, 539),
}
RACES = 6_000


@pytest.mark.parametrize(("share", "confirmations", "chance"), NAKAMOTO)
def test_nakamoto_s_table(share: float, confirmations: int, chance: float) -> None:
    """As printed in the Bitcoin paper, 7 decimals."""
    assert chance == round(compute_success_as_nakamoto(share, confirmations), 7)


@pytest.mark.parametrize(("share", "confirmations", "percent", "decimals"), ROSENFELD)
def test_rosenfeld_s_table(share: float, confirmations: int, percent: float, decimals: int) -> None:
    """The last decimal that is given may be cut off instead of rounded."""
    assert percent == pytest.approx(100 * compute_success(share, confirmations), abs=10**-decimals)


@pytest.mark.parametrize("success", LESS_THAN_A_THOUSANDTH)
def test_how_many_confirmations_are_enough(success: Any) -> None:
    """For a risk below 0.1 %; the number before it is not enough."""
    for share, expected in zip(SHARES, LESS_THAN_A_THOUSANDTH[success], strict=True):
        assert expected == compute_confirmations(share, 0.001, success)
        assert success(share, expected) < 0.001 <= success(share, expected - 1)
    assert 4 == compute_confirmations(0.1, success(0.1, 3), success), "as likely is not less likely"


@given(percent=st.integers(1, 49), confirmations=st.integers(1, 60))
def test_three_ways_to_count_the_same_race(percent: int, confirmations: int) -> None:
    """In exact fractions: Rosenfeld's own sum, and I_4pq(z, 1/2) in its closed form.

    The closed form follows from I_x(1, 1/2) = 1 - sqrt(1 - x), with sqrt(1 - 4pq) = p - q, and from the step
    from z to z + 1, which takes off comb(2z, z) * (pq)**z * (p - q).
    """
    q, z = Fraction(percent, 100), confirmations
    p = 1 - q
    rosenfeld = 1 - sum(comb(m + z - 1, m) * (p**z * q**m - p**m * q**z) for m in range(z + 1))
    beta = 1 - (p - q) * sum(comb(2 * k, k) * (p * q) ** k for k in range(z))

    assert rosenfeld == beta
    assert compute_success(percent / 100, z) == pytest.approx(float(beta), rel=1e-9, abs=0)


@pytest.mark.parametrize(("share", "confirmations"), [("0.1", 6), ("0.1", 60), ("0.3", 100), ("0.45", 200)])
def test_nakamoto_s_own_loop_with_sixty_digits(share: str, confirmations: int) -> None:
    """The program in section 11 takes a sum away from 1: floats would leave nothing of a small chance."""
    with localcontext() as context:
        context.prec = 60
        q = Decimal(share)
        mean = confirmations * (q / (1 - q))
        left, poisson = Decimal(1), (-mean).exp()
        for k in range(confirmations + 1):
            left -= poisson * (1 - (q / (1 - q)) ** (confirmations - k))
            poisson = poisson * mean / (k + 1)

    assert compute_success_as_nakamoto(float(share), confirmations) == pytest.approx(
        float(left), rel=1e-9, abs=0
    )


@pytest.mark.parametrize(("share", "first"), [(0.05, 2), (0.1, 2), (0.2, 2), (0.3, 3), (0.4, 8), (0.45, 25)])
def test_nakamoto_says_too_much_for_few_confirmations_and_too_little_for_more(
    share: float, first: int
) -> None:
    """It is not "always too low": with 40 % and 6 confirmations it says 50.4 %, and 49.3 % are right."""
    too_low = [
        compute_success_as_nakamoto(share, z) < compute_success(share, z) for z in range(1, first + 20)
    ]

    assert [False] * (first - 1) + [True] * 20 == too_low


@pytest.mark.parametrize(
    ("share", "confirmations"), [(0.1, 1), (0.1, 2), (0.3, 2), (0.3, 6), (0.3, 10), (0.4, 6)]
)
def test_races_that_are_run_end_as_rosenfeld_counts(share: float, confirmations: int) -> None:
    """6,000 races: within 4 standard errors of 0.3 to 0.7 percent each."""
    chance = compute_success(share, confirmations)
    error = sqrt(chance * (1 - chance) / RACES)

    won = count_successes(int(share * 1_000_000), confirmations, RACES)

    assert chance == pytest.approx(won / RACES, abs=4 * error)


def test_races_that_are_run_tell_the_two_formulas_apart() -> None:
    """30 % and 10 confirmations: 6.5 % win, and Nakamoto says 4.2 %, which is 7 standard errors less."""
    won = count_successes(300_000, 10, RACES) / RACES

    assert won == pytest.approx(compute_success(0.3, 10), abs=0.01)
    assert won - compute_success_as_nakamoto(0.3, 10) > 0.02


def test_a_race_block_by_block() -> None:
    """One block at a time; it ends confirmed and decided, never before."""
    ends = set()
    for number in range(200):
        race = list(walk_race(350_000, 3, CounterRandom(get_key("race", number))))
        assert all(sum(later) - sum(sooner) == 1 for sooner, later in pairwise([(0, 0), *race]))
        for others, own in race[:-1]:
            assert others < 3 or 0 < others - own < HOPELESS
        others, own = race[-1]
        assert others >= 3
        ends.add(others - own == HOPELESS)
        assert has_won(iter(race)) == (own >= others)
        assert has_won(iter(race)) != (others - own == HOPELESS)
    assert {True, False} == ends
    assert has_won(walk_race(350_000, 0, CounterRandom(1))), "what nobody confirms is not safe at all"
    assert count_successes(350_000, 3, 50) == count_successes(350_000, 3, 50)
    assert count_successes(350_000, 3, 50) != count_successes(350_000, 3, 50, seed=2)


def test_catching_up_is_a_gamble_that_half_of_the_power_cannot_lose() -> None:
    """(q/p)**z; from one half on it is a matter of patience only, whatever the number of confirmations."""
    assert (1 / 9) ** 6 == pytest.approx(compute_catch_up(0.1, 6), rel=1e-12, abs=0)
    for success in (compute_catch_up, compute_success, compute_success_as_nakamoto):
        assert [1, 1, 1] == [success(share, 100) for share in (0.5, 0.51, 1)]
        assert (1, 0) == (success(0, 0), success(0, 1))
        assert 1 == success(0.2, 0)
        falling = [success(0.45, z) for z in range(50)]
        assert falling == sorted(set(falling), reverse=True)


def test_hardly_any_risk_is_no_problem_for_the_floats() -> None:
    """Chances far below what is left when 1 - 0.999... is computed."""
    assert 1e-70 < compute_success(0.1, 150) < 1e-65
    assert (0, 1, 1) == tuple(compute_confirmations(0.1, risk) for risk in (1.1, 1, 0.21))
    assert 0.83 < compute_success(0.499, 5_000) < 0.85


def test_stale_blocks_are_those_found_before_the_news_arrives() -> None:
    """Half a minute is 4.9 % of blocks that come every 10 minutes, and 39 % of one a minute."""
    assert [1 - exp(-0.05), 1 - exp(-0.5)] == pytest.approx(
        [compute_stale_rate(30, 600), compute_stale_rate(30, 60)], rel=1e-12
    )
    assert 0 == compute_stale_rate(0, 600)
    assert compute_stale_rate(1e-9, 1) == pytest.approx(1e-9, rel=1e-8, abs=0)
    waits = CounterRandom(get_key("stale"))
    sooner = sum(waits.exponential(600_000) < 60_000 for _ in range(20_000)) / 20_000
    assert sooner == pytest.approx(compute_stale_rate(60, 600), abs=0.01)


def test_an_eclipse_needs_all_connections_at_once() -> None:
    """Half of the addresses give 1 in 256 with 8 connections, nine tenths 43 %."""
    assert 1 / 256 == compute_eclipse_chance(0.5)
    assert pytest.approx(0.43046721, rel=1e-12) == compute_eclipse_chance(0.9)
    assert (0.25, 1) == (compute_eclipse_chance(0.5, 2), compute_eclipse_chance(0.5, 0))


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: compute_success(1.1, 6), "share: found 1.1, wanted 0 to 1"),
        (lambda: compute_success_as_nakamoto(-0.1, 6), "share: found -0.1, wanted 0 to 1"),
        (lambda: compute_success(0.1, -1), "count: found -1, wanted a whole number, 0 or more"),
        (lambda: compute_catch_up(0.1, 1.5), "count: found 1.5, wanted a whole number"),  # type: ignore[arg-type]
        (lambda: compute_confirmations(0.5, 0.001), "share 0.5, risk 0.001: wanted a share below 0.5"),
        (lambda: compute_confirmations(0.1, 0), "wanted a share below 0.5 and a risk above 0"),
        (lambda: count_successes(2_000_000, 1, 1), "share: found 2.0"),
        (lambda: compute_stale_rate(-1, 600), "found delay -1 and spacing 600, wanted 0 or more"),
        (lambda: compute_stale_rate(1, 0), "found delay 1 and spacing 0"),
        (lambda: compute_eclipse_chance(7), "share: found 7, wanted 0 to 1"),
    ],
)
def test_what_is_no_share_and_no_count_is_refused(call: Any, problem: str) -> None:
    """With what was found and what is wanted."""
    with pytest.raises(UsageError, match=problem):
        call()
