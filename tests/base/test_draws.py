"""Keyed draws: even, exponential, and the same everywhere."""

from math import log
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import CounterRandom, draw, get_key, get_keys, to_below, to_exponential


def test_draws_below_n_are_even() -> None:
    """20,000 draws below 1,000 average 499.5 within the sampling error."""
    luck = CounterRandom(get_key(1, "test"))

    assert mean(luck.below(1000) for _ in range(20_000)) == pytest.approx(499.5, abs=10)


@pytest.mark.parametrize("bits", [0, 1, 12345, 1 << 40, (1 << 63) + 5, (1 << 64) - 1])
def test_whole_number_logarithm_meets_the_formula(bits: int) -> None:
    """-mean * ln(u) to 10 parts per million of the mean, without a float in the engine."""
    expected = -(10**6) * log((bits + 1) / 2**64)

    assert to_exponential(bits, 10**6) == pytest.approx(expected, abs=10)


def test_exponential_waits_have_their_mean() -> None:
    """Block times are exponential: the mean is the parameter."""
    luck = CounterRandom(get_key(1, "test"))

    assert mean(luck.exponential(10**6) for _ in range(20_000)) == pytest.approx(10**6, rel=0.02)


def test_the_order_of_ids_matters_and_golden_values_hold() -> None:
    """A draw is named by what it is for; two machines must agree on it for ever."""
    assert draw(1, 2, 3) != draw(1, 3, 2)
    assert 0x910A2DEC89025CC1 == draw(0, 1)
    assert 0 <= to_below(draw(5, 6), 7) < 7


def test_a_sample_has_no_repeats_and_says_when_it_cannot() -> None:
    """Sampling all gives a permutation; sampling more is the caller's mistake."""
    luck = CounterRandom(9)

    assert sorted(luck.sample(range(10), 10)) == list(range(10))
    with pytest.raises(ValueError, match="wanted 3 items, found 2"):
        luck.sample([1, 2], 3)


@given(
    st.lists(st.integers() | st.text(), min_size=1, max_size=3),
    st.lists(st.integers() | st.text(), max_size=5),
)
def test_many_keys_are_those_of_each(before: list[int | str], last: list[int | str]) -> None:
    """Names may hold quotes, digits and brackets: the keys are those that come one by one."""
    assert [get_key(*before, each) for each in last] == get_keys(before, last)
