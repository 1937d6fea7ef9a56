"""Stories of stake that lesson 15 is made of: a small majority, a large coin, leaders who are known."""

from collections import Counter
from itertools import pairwise

import pytest
from support.story_runs import notes, play, read

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.lab import Lab


def get_blocks(lab: Lab, peer: str) -> list[tuple[int, str]]:
    """(time, maker) of each block of a peer's branch, microseconds, the first one first."""
    entry, blocks = lab.peer(peer).head, []
    while entry.previous is not None:
        blocks.append((entry.header.time, entry.header.proposer))
        entry = entry.previous
    return blocks[::-1]


@pytest.mark.parametrize("seed", [1, 7, 100])
def test_fifty_one_per_cent_are_about_half_of_the_blocks(seed: int) -> None:
    """Nobody is left without blocks, and no six in a row are needed for that."""
    lab = play("just_over_half", seed=seed)
    makers = Counter(maker for _, maker in get_blocks(lab, "bob"))
    (shares,) = (fact["shares"] for fact in notes(lab, "bob", "lottery"))

    assert 51 == 100 * shares["ann"] / sum(shares.values())
    assert 0.3 < makers["ann"] / makers.total() < 0.7
    assert set(lab.names) == set(makers)


@pytest.mark.parametrize("seed", [1, 7, 100])
def test_a_large_coin_rests_for_thirty_days_after_each_block(seed: int) -> None:
    """60 % of all coins, far fewer of the blocks; between two of hers more than 30 seconds go by."""
    lab = play("one_large_coin", seed=seed)
    blocks = get_blocks(lab, "bob")
    hers = [time for time, maker in blocks if maker == "ann"]
    gaps = [(later - time) // SECOND for time, later in pairwise(hers)]

    assert 0.15 < len(hers) / len(blocks) < 0.45
    assert min(gaps) > 30


def test_every_slot_has_the_leader_that_was_known_before() -> None:
    """Four slots in a row for each draw, and all five of them lead some."""
    lab = read("known_leaders")
    schedule = read_proposer(lab.scenario.chain["consensus"]["proposer"], seed=lab.scenario.seed)
    blocks = get_blocks(lab, "ann")

    assert list(range(len(blocks))) == [time // (2 * SECOND) for time, _ in blocks]
    assert [schedule.get_leader(slot) for slot in range(len(blocks))] == [maker for _, maker in blocks]
    assert set(lab.names) == {maker for _, maker in blocks}
    assert 1 == len({lab.peer(peer).head.hash for peer in lab.names})
