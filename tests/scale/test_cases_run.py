"""Named cases, played: what they promise is seen in the run."""

import numpy as np
import pytest

from blockchain_lab.scale.cases import get_case
from blockchain_lab.scale.run import simulate


@pytest.mark.parametrize("seed", range(3))
def test_two_blocks_at_once(seed: int) -> None:
    """Both on the same parent, the second found before the first arrives there; each keeps followers."""
    network, plan = get_case("two blocks at once", seed=seed)
    run = simulate(network, plan, engine="plain")

    assert [-1, -1] == run.parent.tolist()
    assert plan.first_miner == run.miner[0] != run.miner[1]
    assert run.found_at[0] < run.found_at[1] < run.arrival[0, run.miner[1]]
    assert (np.bincount(run.best, minlength=2) > 0).all()
    assert (run.arrival > 0).all()


def test_ten_equal_pools() -> None:
    """Nobody else finds a block, and of 300 blocks each pool finds its tenth (30, give or take 4 sigma)."""
    network, plan = get_case("equal pools", peers=100, blocks=300)
    found = np.bincount(simulate(network, plan, engine="plain").miner, minlength=network.size)

    assert 0 == found[network.power == 0].sum()
    assert np.abs(found[network.power > 0] - 30).max() < 4 * (300 * 0.1 * 0.9) ** 0.5
