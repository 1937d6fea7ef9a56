"""Rumours by whole columns: as a loop over peers would have it, and within the bounds of the papers."""

import pytest

from blockchain_lab.base.draws import draw, get_key, to_below
from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.theory_gossip import compute_push_pull_rounds, compute_push_rounds
from blockchain_lab.scale.rumours import count_push_pull_rounds, count_push_rounds

RUNS = 100


def count_slowly(peers: int, seed: int, way: str) -> int:
    """The same story, one call after the other, with sets and plain numbers."""
    key, knows, rounds = get_key(seed, "rumour", way), {0}, 0
    while len(knows) < peers:
        rounds += 1
        new = set()
        for caller in range(peers):
            other = to_below(draw(key, rounds, caller), peers - 1)
            other += other >= caller
            if caller in knows:
                new.add(other)
            elif way == "push-pull" and other in knows:
                new.add(caller)
        knows |= new
    return rounds


@pytest.mark.parametrize("peers", [2, 3, 17, 64])
def test_columns_equal_a_loop(peers: int) -> None:
    """Same calls, same rounds."""
    seeds = range(20)

    assert [count_slowly(peers, seed, "push") for seed in seeds] == [
        count_push_rounds(peers, seed) for seed in seeds
    ]
    assert [count_slowly(peers, seed, "push-pull") for seed in seeds] == [
        count_push_pull_rounds(peers, seed) for seed in seeds
    ]


@pytest.mark.parametrize("peers", [200, 2_000])
def test_push_takes_one_round_more_than_the_formula(peers: int) -> None:
    """log2 n + ln n + O(1): the mean of a hundred rumours is 0.7 to 1.5 above."""
    mean = sum(count_push_rounds(peers, seed) for seed in range(RUNS)) / RUNS

    assert 0.7 < mean - compute_push_rounds(peers) < 1.5


@pytest.mark.parametrize("peers", [200, 2_000])
def test_push_pull_is_quicker_and_near_its_bound(peers: int) -> None:
    """log3 n + O(log log n): within one round of log3 n + log2 ln n, and far below push."""
    mean = sum(count_push_pull_rounds(peers, seed) for seed in range(RUNS)) / RUNS

    assert abs(mean - compute_push_pull_rounds(peers)) < 1
    assert mean < 0.6 * compute_push_rounds(peers)


def test_nobody_to_call() -> None:
    """A rumour needs two."""
    for count in (count_push_rounds, count_push_pull_rounds):
        with pytest.raises(UsageError, match="found 1, wanted 2 or more"):
            count(1, 0)
