"""One try in each second, and nothing to try again with: what goes into a kernel, and who can steer it."""

from hashlib import sha256

import pytest

from blockchain_lab.consensus.kernel import (
    HASHES,
    MOST_TICKS,
    WINDOW,
    Modifier,
    compute_kernel,
    compute_limit,
    compute_next_modifier,
    find_tick,
)

MODIFIER = Modifier(b"m" * 32, 0b1011)
EVEN, ODD = bytes(32), b"\x01" + bytes(31)  # names of blocks: their bits are 0 and 1


def get_next(kind, name=ODD, proposer="ann", *, is_new=False):
    """The modifier behind a block."""
    return compute_next_modifier(MODIFIER, kind, proposer=proposer, name=name, is_new_interval=is_new)


@pytest.mark.parametrize("tick", [0, 1, WINDOW - 1, WINDOW, 1_000_003])
def test_a_kernel_by_hand(tick):
    """The hash of the modifier, the ticket and the tick; windows are only how it is kept."""
    expected = sha256(MODIFIER.value + b"ann" + tick.to_bytes(8, "little")).digest()

    assert int.from_bytes(expected, "little") == compute_kernel(MODIFIER.value, b"ann", tick)


def test_the_whole_stake_wins_once_in_a_spacing():
    """And a part of it so much more rarely; everything at once always."""
    assert HASHES // 60 == compute_limit(100, 100, 60)
    assert HASHES // 240 == compute_limit(25, 100, 60)
    assert HASHES == compute_limit(1, 1, 1)
    assert 0 == compute_limit(0, 100, 60)


def test_the_first_tick_that_wins_is_found():
    """From any tick before it the same one, and behind it a later one."""
    found = find_tick(MODIFIER.value, b"ann", 0, lambda tick: HASHES // 50)
    later = find_tick(MODIFIER.value, b"ann", found + 1, lambda tick: HASHES // 50)

    assert found == find_tick(MODIFIER.value, b"ann", found, lambda tick: HASHES // 50) < later
    assert all(compute_kernel(MODIFIER.value, b"ann", tick) >= HASHES // 50 for tick in range(found))


def test_nobody_looks_further_than_65_536_ticks():
    """A limit that opens in the last of them is found, one tick later not."""
    last = MOST_TICKS - 1

    assert last == find_tick(MODIFIER.value, b"ann", 0, lambda tick: HASHES * (tick >= last))
    assert find_tick(MODIFIER.value, b"ann", 0, lambda tick: HASHES * (tick > last)) is None


def test_within_an_interval_the_modifier_stays_and_bits_are_collected():
    """One bit of each block, the latest lowest, 64 of them."""
    assert Modifier(MODIFIER.value, 0b10111) == get_next("interval", ODD)
    assert Modifier(MODIFIER.value, 0b10110) == get_next("interval", EVEN)
    full = Modifier(MODIFIER.value, (1 << 64) - 1)
    after = compute_next_modifier(full, "interval", proposer="ann", name=EVEN, is_new_interval=False)
    assert (1 << 64) - 2 == after.bits


def test_the_block_that_opens_an_interval_has_no_say_in_it():
    """Whatever its name and whoever made it: the bits of those before it decide."""
    expected = sha256(MODIFIER.value + (0b1011).to_bytes(8, "little")).digest()

    assert expected == get_next("interval", ODD, is_new=True).value
    assert expected == get_next("interval", EVEN, "bob", is_new=True).value


def test_a_chained_modifier_knows_who_and_nothing_else():
    """Another proposer is another modifier, another block of the same one is not."""
    assert sha256(MODIFIER.value + b"ann").digest() == get_next("chain").value
    assert get_next("chain", ODD).value == get_next("chain", EVEN).value
    assert get_next("chain").value != get_next("chain", proposer="bob").value


def test_a_block_s_hash_as_modifier_is_chosen_by_who_makes_the_block():
    """The fault: it is the name."""
    assert ODD == get_next("block", ODD).value
    assert EVEN == get_next("block", EVEN).value
