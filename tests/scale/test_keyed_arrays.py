"""Draws for whole columns are those of `base.draws`, one by one; and what is made of them follows its law."""

from math import exp
from statistics import NormalDist

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import draw, to_below
from blockchain_lab.scale.keyed_arrays import (
    LOGNORMAL,
    draw_all,
    get_quotas,
    share_out,
    shuffle_all,
    to_below_all,
    to_lognormal_all,
    to_normal_all,
)

BITS = st.integers(0, 2**64 - 1)


@given(key=BITS, ids=st.lists(st.integers(0, 2**62), min_size=1, max_size=5), last=st.integers(0, 2**62))
def test_a_column_of_draws_is_the_draws_one_by_one(key: int, ids: list[int], last: int) -> None:
    """So what is drawn here could be drawn again by a node that knows no numpy."""
    assert [draw(key, one, last) for one in ids] == draw_all(key, np.array(ids), last).tolist()


@given(bits=BITS, n=st.integers(1, 2**32))
def test_a_column_below_n_is_the_same_product_in_two_halves(bits: int, n: int) -> None:
    """128 bits are needed for the product, and numpy has 64."""
    assert [to_below(bits, n)] == to_below_all(np.array([bits], dtype=np.uint64), n).tolist()


def test_the_table_of_the_lognormal_law_is_the_law() -> None:
    """Written down in whole numbers, because every machine has its own `exp`; here compared with it."""
    chances = [1 / 512, *(place / 64 for place in range(1, 64)), 511 / 512]
    law = [1_000_000 * exp(0.2 * NormalDist().inv_cdf(chance)) for chance in chances]

    assert np.abs(LOGNORMAL - law).max() < 1
    assert 1_000_000 == LOGNORMAL[32]


def test_factors_have_the_median_and_the_spread_of_the_law() -> None:
    """100,000 factors: half are below one, two thirds within one sigma, none beyond the table."""
    factors = to_lognormal_all(draw_all(5, np.arange(100_000)))
    within = (factors > 1e6 * exp(-0.2)) & (factors < 1e6 * exp(0.2))

    assert abs(np.median(factors) - 1_000_000) < 2_000
    assert abs(within.mean() - 0.6827) < 0.005
    assert LOGNORMAL[0] <= factors.min() < factors.max() <= LOGNORMAL[-1]


def test_twelve_even_draws_are_nearly_normal() -> None:
    """Mean, deviation, and the share within one deviation."""
    values = to_normal_all(3, 50_000, 400_000, 100_000)

    assert abs(values.mean() - 400_000) < 2_000
    assert abs(values.std() - 100_000) < 1_500
    assert abs((np.abs(values - 400_000) < 100_000).mean() - 0.6827) < 0.01


@given(weights=st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any), count=st.integers(0, 500))
def test_quotas_sum_up_and_are_off_by_less_than_one(weights: list[int], count: int) -> None:
    """Nobody gets a whole one more or less than his share."""
    quotas = get_quotas(weights, count)

    assert count == sum(quotas)
    for quota, weight in zip(quotas, weights, strict=True):
        assert abs(quota - count * weight / sum(weights)) < 1


def test_dealing_out_keeps_the_quotas_and_mixes_the_places() -> None:
    """A third and two thirds of 30; another key, another order."""
    dealt = share_out(1, (1, 2), 30)

    assert [10, 20] == np.bincount(dealt).tolist()
    assert dealt.tolist() != share_out(2, (1, 2), 30).tolist()
    assert list(range(30)) == sorted(shuffle_all(1, 30).tolist())
