"""The two questions of proof of work, and a majority that does not always win."""

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.pow_math import attacker_success, chance_of_a_row, selfish_revenue


@pytest.mark.parametrize(
    ("q", "z", "model", "chance", "digits"),
    [
        (0.1, 0, "nakamoto", 1, 7),
        (0.1, 6, "nakamoto", 0.0002428, 7),
        (0.3, 20, "nakamoto", 0.0024804, 7),
        (0.1, 6, "rosenfeld", 0.0005914, 7),
        (0.3, 6, "rosenfeld", 0.1564, 4),
        (0.4, 6, "rosenfeld", 0.493, 3),
        (0.4, 6, "nakamoto", 0.504, 3),
        (0.51, 100, "rosenfeld", 1, 7),
        (0.51, 100, "nakamoto", 1, 7),
    ],
)
def test_attacker_success(q, z, model, chance, digits):
    """Bitcoin paper, section 11; Rosenfeld: Nakamoto is too high for few confirmations, too low for more."""
    assert chance == round(attacker_success(q, z, model), digits)


def test_nakamoto_s_is_the_model_unless_another_is_named():
    """And no third one is known."""
    assert attacker_success(0.2, 5) == attacker_success(0.2, 5, model="nakamoto")
    with pytest.raises(UsageError, match="accepted: nakamoto, rosenfeld"):
        attacker_success(0.1, 6, "satoshi")


@pytest.mark.parametrize(
    ("alpha", "gamma", "share"),
    [(0.1, 0, 0.0356), (1 / 3, 0, 1 / 3), (0.25, 0.5, 0.25), (0.4, 1, 0.5674), (0.5, 0, 1)],
)
def test_selfish_revenue(alpha, gamma, share):
    """Eyal and Sirer: a third is worth it when nobody helps, a quarter when half of the others do."""
    assert share == pytest.approx(selfish_revenue(alpha, gamma), abs=5e-5)


def test_a_majority_does_not_always_win():
    """51 % win one block with 0.51 and six in a row with 1.8 %."""
    assert 0.51 == chance_of_a_row(0.51, 1)
    assert 0.018 == round(chance_of_a_row(0.51, 6), 3)
    with pytest.raises(UsageError):
        chance_of_a_row(1.1, 6)
