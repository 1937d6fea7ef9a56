"""Selfish mining: the formula, the state machine behind it, and the machine at work."""

from itertools import product

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.selfish_mining import (
    TIE,
    Earnings,
    Finder,
    Step,
    compute_revenue,
    compute_step,
    compute_threshold,
    simulate,
    walk,
)

ALPHAS = (0.1, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.45, 0.5)
REVENUES = {  # by gamma, for these alphas; computed from the paper's formula, 4 decimals
    0.0: (0.0356, 0.1297, 0.1951, 0.2731, 0.3333, 0.4837, 0.6518, 1),
    0.5: (0.0724, 0.1824, 0.2500, 0.3269, 0.3846, 0.5256, 0.6806, 1),
    1.0: (0.1092, 0.2352, 0.3049, 0.3806, 0.4359, 0.5674, 0.7094, 1),
}
BLOCKS = 60_000
PAIRS = list(product(ALPHAS[:-1], REVENUES))


@pytest.mark.parametrize("gamma", REVENUES)
def test_the_table_of_revenues(gamma: float) -> None:
    """Of shares from a tenth to a half, when none, half or all of the others help in a tie."""
    assert REVENUES[gamma] == tuple(round(compute_revenue(alpha, gamma), 4) for alpha in ALPHAS)
    assert 1 == compute_revenue(0.7, gamma)


@pytest.mark.parametrize(("gamma", "expected"), [(0, 1 / 3), (0.5, 1 / 4), (1, 0)])
def test_selfish_mining_pays_above_the_threshold(gamma: float, expected: float) -> None:
    """A third when nobody helps; a quarter when half of the others do; any share when all do."""
    threshold = compute_threshold(gamma)

    assert expected == pytest.approx(threshold)
    assert threshold == pytest.approx(compute_revenue(threshold, gamma))
    for percent in range(1, 50):
        alpha = percent / 100
        assert (alpha > threshold) == (compute_revenue(alpha, gamma) > alpha), f"{percent} %"


@pytest.mark.parametrize(
    ("lead", "finder", "step"),
    [
        (0, "pool", Step(1)),
        (1, "pool", Step(2)),
        (2, "pool", Step(3)),
        (7, "pool", Step(8)),
        (TIE, "pool", Step(0, pool=2)),
        (0, "others", Step(0, others=1)),
        (1, "others", Step(TIE)),
        (TIE, "others", Step(0, others=2)),
        (TIE, "others on the pool's", Step(0, pool=1, others=1)),
        (2, "others", Step(0, pool=2)),
        (3, "others", Step(2, pool=1)),
        (8, "others", Step(7, pool=1)),
    ],
)
def test_the_state_machine(lead: int, finder: Finder, step: Step) -> None:
    """The paper's, one arrow a line."""
    assert step == compute_step(lead, finder)


@pytest.mark.parametrize(
    ("alpha", "gamma"), [(0.1, 0.0), (0.25, 0.5), (1 / 3, 0.5), (1 / 3, 1.0), (0.4, 0.0)]
)
def test_the_machine_in_the_long_run_is_the_formula(alpha: float, gamma: float) -> None:
    """How often the machine is in which state, found by following all arrows until nothing changes.

    No luck enters, so it agrees to 6 decimals.
    """
    often = {0: 1.0}
    for _ in range(800):
        pool = others = 0.0
        after: dict[int, float] = {}
        for lead, share in often.items():
            helped = (1 - alpha) * gamma if lead == TIE else 0
            for finder, chance in (("pool", alpha), ("others on the pool's", helped)):
                step = compute_step(lead, finder)  # type: ignore[arg-type]
                after[step.lead] = after.get(step.lead, 0) + share * chance
                pool, others = pool + share * chance * step.pool, others + share * chance * step.others
            step = compute_step(lead, "others")
            left = 1 - alpha - helped
            after[step.lead] = after.get(step.lead, 0) + share * left
            pool, others = pool + share * left * step.pool, others + share * left * step.others
        often = {lead: share for lead, share in after.items() if share > 1e-14}

    assert compute_revenue(alpha, gamma) == pytest.approx(pool / (pool + others), abs=1e-6)


@pytest.mark.parametrize(("alpha", "gamma"), PAIRS)
def test_the_machine_at_work_earns_what_the_formula_says(alpha: float, gamma: float) -> None:
    """60,000 blocks, within 0.01."""
    earned = simulate(round(alpha * 1_000_000), int(gamma * 1_000_000), BLOCKS)

    assert earned.revenue == pytest.approx(compute_revenue(alpha, gamma), abs=0.01)


def test_at_first_the_pool_only_loses() -> None:
    """A share of 40 %: more of the chain, and yet fewer rewards than honest until the difficulty falls.

    What the others lose is work in vain: blocks that go stale. Honest mining has none.
    """
    earned = simulate(400_000, 0, BLOCKS)

    assert earned.revenue > 0.45
    assert earned.income < 0.36
    assert earned.stale == pytest.approx(1 - earned.income / earned.revenue)
    assert earned.stale > 0.25


def test_every_block_is_somebody_s_or_stale_or_still_secret() -> None:
    """The walk step by step: never more blocks on the chain than were found, and leads grow one by one."""
    steps = list(walk(300_000, 500_000, 5_000))
    earned = simulate(300_000, 500_000, 5_000)

    assert 5_000 == len(steps) == earned.found
    assert (sum(step.pool for step in steps), sum(step.others for step in steps)) == (
        earned.pool,
        earned.others,
    )
    assert TIE in {step.lead for step in steps}
    assert max(step.lead for step in steps) > 4
    assert earned == simulate(300_000, 500_000, 5_000)
    assert earned != simulate(300_000, 500_000, 5_000, seed=2)
    assert Earnings(0, 1_000, 1_000) == simulate(0, 0, 1_000), "without a pool nothing is stale"
    assert 0 == simulate(0, 0, 0).revenue == simulate(0, 0, 0).income


@pytest.mark.parametrize(
    ("alpha", "gamma", "problem"),
    [(1.5, 0, "alpha: found 1.5, wanted 0 to 1"), (0.3, -1, "gamma: found -1, wanted 0 to 1")],
)
def test_what_is_no_share_is_refused(alpha: float, gamma: float, problem: str) -> None:
    """By the formula and by the machine."""
    with pytest.raises(UsageError, match=problem):
        compute_revenue(alpha, gamma)
    with pytest.raises(UsageError, match=problem[:7]):
        simulate(int(alpha * 1_000_000), int(gamma * 1_000_000), 1)
