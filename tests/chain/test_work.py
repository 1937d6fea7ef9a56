"""Targets and work: Bitcoin Core's own vectors, and the laws behind them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.retargets import RETARGET_VECTORS

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.chain.work import (
    MAINNET_LIMIT,
    REGTEST_LIMIT,
    RETARGET_INTERVAL,
    TARGET_SPACING,
    TARGET_TIMESPAN,
    bits_to_target,
    is_negative,
    is_overflow,
    next_bits,
    target_to_bits,
    work,
)

# bits, target, the same target in its normal form. Source: Core arith_uint256_tests.cpp, bignum_SetCompact.
COMPACT_VECTORS = [
    (0x00000000, 0, 0),
    (0x00123456, 0, 0),
    (0x01003456, 0, 0),
    (0x02000056, 0, 0),
    (0x03000000, 0, 0),
    (0x04000000, 0, 0),
    (0x00923456, 0, 0),
    (0x01803456, 0, 0),
    (0x02800056, 0, 0),
    (0x03800000, 0, 0),
    (0x04800000, 0, 0),
    (0x01123456, 0x12, 0x01120000),
    (0x02123456, 0x1234, 0x02123400),
    (0x03123456, 0x123456, 0x03123456),
    (0x04123456, 0x12345600, 0x04123456),
    (0x05009234, 0x92340000, 0x05009234),
    (0x20123456, 0x123456 << 8 * 29, 0x20123456),
    (MAINNET_LIMIT, 0xFFFF << 8 * 26, MAINNET_LIMIT),
    (REGTEST_LIMIT, 0x7FFFFF << 8 * 29, REGTEST_LIMIT),
]


@pytest.mark.parametrize(("bits", "target", "normal"), COMPACT_VECTORS, ids=hex)
def test_bits_and_target_as_in_core(bits: int, target: int, normal: int) -> None:
    """Small sizes cut digits off; zero has many spellings and one normal form."""
    assert target == bits_to_target(bits)
    assert normal == target_to_bits(target)


@pytest.mark.parametrize("bits", [0x01FEDCBA, 0x04923456, 0x1D80FFFF])
def test_negative_bits_are_no_target(bits: int) -> None:
    """The format has a sign, targets have none: the bits are refused and are worth no work."""
    assert is_negative(bits)
    assert 0 == work(bits)
    with pytest.raises(DecodeError, match=r"is negative"):
        bits_to_target(bits)


@pytest.mark.parametrize(
    ("bits", "too_large"),
    [
        (0xFF123456, True),
        (0x23000001, True),
        (0x22000001, False),
        (0x22000100, True),
        (0x21000100, False),
        (0x21010000, True),
        (0x20010000, False),
        (0xFF000000, False),
    ],
)
def test_targets_of_more_than_256_bits_overflow(bits: int, too_large: bool) -> None:
    """How much room a size leaves depends on how many digits the mantissa has."""
    assert too_large == is_overflow(bits)
    if too_large:
        assert 0 == work(bits)
        with pytest.raises(DecodeError, match="more than 256 bits"):
            bits_to_target(bits)
    else:
        assert bits_to_target(bits) < 1 << 256


def test_numbers_out_of_range_are_refused() -> None:
    """33 bits are no compact bits, 257 bits no target."""
    with pytest.raises(DecodeError, match="wanted 32 bits"):
        bits_to_target(1 << 32)
    with pytest.raises(ValueError, match="wanted 0"):
        target_to_bits(1 << 256)
    with pytest.raises(ValueError, match="wanted 0"):
        target_to_bits(-1)


@given(target=st.integers(0, (1 << 256) - 1))
def test_the_round_trip_rounds_down_and_keeps_two_bytes(target: int) -> None:
    """The compact form loses digits, never grows, and is stable once it is compact."""
    bits = target_to_bits(target)
    compact = bits_to_target(bits)

    assert 0 <= target - compact <= target >> 15
    assert bits == target_to_bits(compact)


@given(low=st.integers(1, (1 << 256) - 1), high=st.integers(1, (1 << 256) - 1))
def test_a_smaller_target_is_never_less_work(low: int, high: int) -> None:
    """Work falls when the target rises: the best chain is the one with most work."""
    low, high = sorted((low, high))

    assert work(target_to_bits(low)) >= work(target_to_bits(high))


def test_work_of_the_easiest_and_the_hardest_blocks() -> None:
    """Difficulty 1 costs a little more than 2**32 hashes; on regtest every second hash is good."""
    assert 0x100010001 == work(MAINNET_LIMIT)
    assert 2 == work(REGTEST_LIMIT)
    assert 1 << 255 == work(target_to_bits(1)), "two hashes meet the target 1: 0 and 1"
    assert 0 == work(0)


@pytest.mark.parametrize("name", RETARGET_VECTORS)
def test_retargets_of_the_main_network(name: str) -> None:
    """Real headers, and the two clamps."""
    first_time, last_time, bits, expected = RETARGET_VECTORS[name]

    assert expected == next_bits(first_time, last_time, bits)


def test_blocks_on_schedule_still_make_it_a_little_harder() -> None:
    """2,016 blocks have 2,015 intervals: Satoshi's off-by-one."""
    on_schedule = (RETARGET_INTERVAL - 1) * TARGET_SPACING
    target = bits_to_target(0x1C05A3F4)

    assert target_to_bits(target * 2015 // 2016) == next_bits(0, on_schedule, 0x1C05A3F4)
    assert 0x1C05A3F4 == next_bits(0, TARGET_TIMESPAN, 0x1C05A3F4)


@given(taken=st.integers(-(10**9), 10**9))
def test_one_retarget_changes_the_target_at_most_fourfold(taken: int) -> None:
    """Whatever the clocks say, even when the last block is older than the first."""
    before = bits_to_target(0x1B0404CB)
    after = bits_to_target(next_bits(10**9, 10**9 + taken, 0x1B0404CB))

    assert before // 4 - (before >> 15) <= after <= before * 4


def test_networks_have_their_own_limit_and_timespan() -> None:
    """The same rule with other numbers, for lessons with short periods."""
    assert REGTEST_LIMIT == next_bits(0, 10**7, REGTEST_LIMIT, limit=REGTEST_LIMIT)
    assert 0x201FFFFF == next_bits(0, 1, REGTEST_LIMIT, limit=REGTEST_LIMIT, timespan=1000)
