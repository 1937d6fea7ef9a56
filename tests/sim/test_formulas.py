"""Formulas beside `uplink`: uplinks that are never busy, and SimBlock's of 2019."""

import math

import pytest

from blockchain_lab.base.draws import draw
from blockchain_lab.sim.formulas import FORMULAS, PacedLink, compute_pareto
from blockchain_lab.sim.link import Link
from blockchain_lab.sim.scenario import Links, Peer, Scenario
from blockchain_lab.sim.scenario_json import scenario_from_json, scenario_to_json

LINK = Link(5, 100_000)


def test_unqueued_messages_wait_for_nobody() -> None:
    """1,000 bytes at 1 MB/s take 1 ms, though the uplink is busy for a second; it stays as busy."""
    busy = 1_000_000
    queued = FORMULAS["uplink"].stream(LINK, 0, busy, 1_000, 1_000_000, 1, 0)
    unqueued = FORMULAS["uplink unqueued"].stream(LINK, 0, busy, 1_000, 1_000_000, 1, 0)

    assert (1_001_000, 1_101_000) == queued
    assert (busy, 101_000) == unqueued


@pytest.mark.parametrize("mean", [11_000, 35_000, 124_000, 300_000])
def test_pareto_in_whole_numbers(mean: int) -> None:
    """As the float formula of SimBlock has it, to one part in 20,000 (and a microsecond)."""
    for number in range(300):
        bits = draw(1, number)
        expected = (mean - 5_000) / math.pow((bits + 1) / 2**64, 5_000 / mean)

        assert abs(compute_pareto(mean, bits) - expected) < 1 + expected / 20_000


def test_pareto_has_its_mean() -> None:
    """Scale m - 5 and shape 0.2 m give a mean of m: that of 20,000 draws is within 1 %."""
    drawn = [compute_pareto(124_000, draw(2, number)) for number in range(20_000)]

    assert abs(sum(drawn) / len(drawn) - 124_000) < 1_240


def test_pareto_has_ends() -> None:
    """The smallest latency is the scale; with no room for the law the mean stands for itself."""
    assert 119_000 == compute_pareto(124_000, (1 << 64) - 1)
    assert 5_000 == compute_pareto(5_000, 12345)
    assert compute_pareto(5_001, 0) < 1 << 62


def test_simblock_uploads_one_after_the_other_has_arrived() -> None:
    """A large message ties the uplink up until it is there; the slower of both ends sets the pace."""
    rule, link = FORMULAS["simblock2019"].stream, PacedLink(5, 100_000, download=500_000)
    latency = compute_pareto(100_000, draw(link.key, 0, 77))
    free, arrive = rule(link, 0, 300, 500_000, 2_000_000, 77, 0)
    small = rule(link, 0, free, 61, 2_000_000, 77, 0)
    without = rule(LINK, 0, 300, 500_000, 2_000_000, 77, 0)

    assert (300 + 1_000_000 + latency,) * 2 == (free, arrive)
    assert (free, latency + 10_000) == small
    assert (300 + 250_000 + latency,) * 2 == without


def test_a_scenario_may_name_any_of_them() -> None:
    """Those that it cannot name would be of no use."""
    for name in FORMULAS:
        scenario = Scenario(peers={"ann": Peer("none")}, links=Links(formula=name))

        assert scenario == scenario_from_json(scenario_to_json(scenario))
