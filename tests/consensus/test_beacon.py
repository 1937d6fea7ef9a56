"""The beacon chain beside the paper: four rules of finality, and an order of proposers from a seed."""

from collections import Counter
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.beacon import (
    FULL_BALANCE,
    BeaconState,
    end_epoch,
    find_proposer,
    get_proposer,
    get_proposers,
    shuffle_index,
)

TOTAL = 3
ENOUGH, FEW = 2, 1


def run(*epochs):
    """States after epochs 2, 3, ...: "on time", "late" (now the epoch before has enough), "both", "none"."""
    states = [BeaconState()]
    for number, word in enumerate(epochs, start=2):
        previous = ENOUGH if word in ("late", "both") else FEW
        current = ENOUGH if word in ("on time", "both") else FEW
        states.append(end_epoch(states[-1], number, previous, current, TOTAL))
    return states[1:]


@pytest.mark.parametrize(
    ("epochs", "rule", "final"),
    [
        (("on time", "both"), "12", 2),  # 2 -> 3
        (("on time", "none", "late"), "23", 2),  # 2 -> 3, counted in epoch 4
        (("none", "late", "both"), "123", 2),  # 2 -> 4, and 3 is justified, too
        (("late", "late", "late"), "234", 1),  # 1 -> 3, counted in epoch 4, and 2 is justified, too
    ],
)
def test_four_rules(epochs, rule, final):
    """Each one alone: which epochs have two thirds when, and what is final then."""
    *before, last = run(*epochs)

    assert all("" == state.rule for state in before)
    assert (rule, final) == (last.rule, last.finalised)


def test_on_time_an_epoch_is_final_one_epoch_later():
    """As in the paper: only rule 12 is ever needed."""
    states = run(*["both"] * 10)

    assert [0, *range(2, 11)] == [state.finalised for state in states]
    assert {"", "12"} == {state.rule for state in states}


def test_always_late_epochs_are_final_three_epochs_later():
    """A chain of the paper would finalise nothing: each source is two epochs back. Rule 234 does."""
    states = run(*["late"] * 10)

    assert [0, 0, *range(1, 9)] == [state.finalised for state in states]
    assert "234" == states[-1].rule


def test_a_gap_is_not_bridged():
    """Every other epoch justified: no rule fits, nothing is final."""
    states = run(*["on time", "none"] * 5)

    assert {0} == {state.finalised for state in states}
    assert 10 == states[-1].justified


@settings(deadline=None)
@given(st.lists(st.sampled_from(["on time", "late", "both", "none"]), max_size=40))
def test_finality_never_goes_back_and_stays_behind_justification(epochs):
    """Whatever comes when."""
    for before, after in pairwise([BeaconState(), *run(*epochs)]):
        assert before.finalised <= after.finalised <= after.justified


def test_nothing_is_justified_before_epoch_2():
    """The specification returns early."""
    with pytest.raises(UsageError):
        end_epoch(BeaconState(), 1, ENOUGH, ENOUGH, TOTAL)


@pytest.mark.parametrize(
    ("first", "shuffled"),
    [
        (1, [0, 7, 8, 6, 3, 9, 4, 5, 2, 1]),  # Prysm, shuffle_test.go, TestShuffleList_OK
        (2, [0, 5, 2, 1, 6, 8, 7, 3, 4, 9]),
    ],
)
def test_swap_or_not_as_other_clients_shuffle(first, shuffled):
    """Ten places and a seed that begins with 1 or 2, 128, 12."""
    seed = bytes([first, 128, 12]) + bytes(29)

    assert list(range(10)) == [shuffle_index(place, 10, seed) for place in shuffled]


@settings(deadline=None)
@given(st.integers(1, 600), st.binary(min_size=32, max_size=32))
def test_shuffling_loses_nobody(size, seed):
    """A permutation, whatever the seed; few rounds are enough to say so."""
    assert list(range(size)) == sorted(shuffle_index(place, size, seed, rounds=3) for place in range(size))


def test_an_index_outside_of_the_list():
    """The caller's mistake."""
    with pytest.raises(UsageError, match=r"0 \.\. 9"):
        shuffle_index(10, 10, bytes(32))


@pytest.mark.parametrize(
    ("slot", "proposer"), [(1, "2039"), (5, "1895"), (19, "1947"), (30, "369"), (43, "464")]
)
def test_proposers_as_another_client_finds_them(slot, proposer):
    """Erigon, TestGetBeaconProposerIndex: 2,048 validators with next to nothing, and no randomness yet.

    Next to nothing passes with a byte of 0 only, so it takes some 256 places until one is found.
    """
    epoch = slot // 32
    seed = sha256(bytes(4) + epoch.to_bytes(8, "little") + bytes(32)).digest()  # get_seed, proposer's domain

    assert proposer == get_proposer({str(number): 1 for number in range(2_048)}, seed, slot)


def test_one_proposer_as_another_client_finds_it():
    """Erigon, TestComputeProposerIndex: five validators, full balances."""
    seed = b"seed".ljust(32, b"\0")

    for first, proposer in ((0, "2"), (5, "7")):
        balances = {str(number): FULL_BALANCE for number in range(first, first + 5)}
        assert proposer == find_proposer(balances, seed)


def test_proposers_come_with_their_balance():
    """Half the balance, half the slots, within 3 sigma; the order is known as soon as the seed is."""
    balances = {"ann": FULL_BALANCE, "bob": FULL_BALANCE, "cat": FULL_BALANCE // 2, "dan": 0}
    slots = 640
    seed = sha256(b"a seed").digest()
    found = Counter(
        name for epoch in range(slots // 32) for name in get_proposers(balances, seed, epoch, slots=32)
    )
    share = 0.2 * slots

    assert get_proposers(balances, seed, 3) == get_proposers(balances, seed, 3)
    assert abs(found["cat"] - share) < 3 * (share * 0.8) ** 0.5
    assert abs(found["ann"] - 2 * share) < 3 * (2 * share * 0.6) ** 0.5
    assert found["dan"] <= 1 + 3 * (slots / 256) ** 0.5, "a byte of 0 lets even an empty balance pass"
    with pytest.raises(UsageError):
        find_proposer({"ann": 0}, seed)
