"""Who finds blocks and when: the law is checked by its mean and by the shares, with the seed fixed."""

from dataclasses import replace

import numpy as np
from support.random_networks import make_random_network

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.mining import get_finds
from blockchain_lab.scale.network import freeze
from blockchain_lab.scale.plan import Plan

PLAN = Plan(blocks=20_000, interval=600 * SECOND)
NETWORK = replace(make_random_network(4), power=freeze([10, 0, 30, 60]))


def test_gaps_are_exponential() -> None:
    """Mean and spread are the interval, and 1 - 1/e of all gaps are shorter than it (within 3 sigma)."""
    gaps = np.diff(get_finds(NETWORK, PLAN).at, prepend=0) / PLAN.interval

    assert abs(gaps.mean() - 1) < 3 / 20_000**0.5
    assert abs(gaps.std() - 1) < 0.03
    assert abs((gaps < 1).mean() - (1 - np.exp(-1))) < 0.0105


def test_miners_win_by_their_power() -> None:
    """Within 3 sigma of their shares; who has no power never does."""
    wins = np.bincount(get_finds(NETWORK, PLAN).by, minlength=4) / PLAN.blocks

    assert wins[1] == 0
    assert np.allclose([0.1, 0, 0.3, 0.6], wins, atol=0.0104)


def test_another_plan_has_the_same_luck() -> None:
    """A longer run finds the same first blocks; another relay too."""
    short, long = get_finds(NETWORK, replace(PLAN, blocks=10)), get_finds(NETWORK, PLAN)

    assert short.at.tolist() == long.at[:10].tolist()
    assert short.by.tolist() == long.by[:10].tolist()
