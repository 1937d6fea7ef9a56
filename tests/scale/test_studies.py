"""What lessons sweep, at a small size: what a grid may name, and what each dial does."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.graph import find_parts
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.run import simulate
from blockchain_lab.scale.studies import cut, make_run, study_partition, study_relay
from blockchain_lab.scale.sweep import sweep
from blockchain_lab.scale.sweep_result import SweepResult

SMALL = {"network": ["bitcoin 2019"], "peers": [60], "blocks": [20]}


def ask(function: Any, **grid: list[Any]) -> SweepResult:
    """A sweep of three seeds over a small network."""
    with ThreadPoolExecutor(1) as thread:
        result = sweep(function, {**SMALL, **grid}, [1, 2, 3], executor=thread, retries=0)
    assert () == result.failed
    return result


def test_a_point_is_the_run_that_its_names_say() -> None:
    """The same numbers as from the parts by hand."""
    network = get_network("bitcoin 2019", peers=60, outbound=4, seed=7)
    ran = simulate(network, get_plan("bitcoin 2019", blocks=5, block_size=9_000, seed=7))
    params = {"network": "bitcoin 2019", "peers": 60, "outbound": 4, "blocks": 5, "block_size": 9_000}
    answer = study_relay(params, 7)

    assert (ran.get_percentile(50), ran.get_percentile(90)) == (answer["median"], answer["p90"])
    assert sum(ran.bytes_sent.values()) / (5 * 60) == pytest.approx(answer["bytes"])
    assert sum(ran.messages.values()) / (5 * 60) == answer["messages"]


def test_larger_blocks_are_slower() -> None:
    """In every seed: the links are the same."""
    result = ask(study_relay, block_size=[10_000, 2_000_000])
    fast, slow = result.get_column("median").reshape(2, 3)

    assert (fast < slow).all()


def test_shorter_intervals_lose_more_blocks() -> None:
    """Ten minutes or one second: is the next block found before the last one is told?"""
    rare, often = ask(study_relay, interval=[600_000_000, 1_000_000]).get_spreads("stale")

    assert rare.mean < 0.05 < often.mean


def test_every_line_costs_announcements() -> None:
    """Twice the connections, nearly twice the messages; push sends whole blocks by them."""
    few, many = ask(study_relay, outbound=[4, 8]).get_spreads("messages")
    assert 1.5 < many.mean / few.mean < 2.2


def test_a_network_in_two_loses_what_the_smaller_side_mines() -> None:
    """As much as its hash power, within what 200 blocks can tell; uncut, as good as nothing."""
    rows = ask(study_partition, blocks=[200], cut=[0, 400_000]).rows

    for row in rows[:3]:
        assert row["reached"] == 1.0
        assert row["lost"] < 0.05
    for row in rows[3:]:
        smaller = min(row["power"], 1 - row["power"])
        assert smaller == pytest.approx(row["lost"], abs=4 * (0.25 / 200) ** 0.5)
        assert row["reached"] < 1.0


def test_a_cut_takes_the_lines_between_and_no_other() -> None:
    """Both directions; who stays keeps his order and his latencies."""
    network = get_network("bitcoin 2019", peers=60, seed=1)
    is_apart = np.arange(60) < 20
    parted = cut(network, is_apart)

    assert [40, 20] == find_parts(parted)
    for peer in range(60):
        expected = get_lines(network, peer)
        assert [line for line in expected if is_apart[line[0]] == is_apart[peer]] == get_lines(parted, peer)


def get_lines(network: Network, peer: int) -> list[tuple[int, int]]:
    """To whom, and how far."""
    here = slice(network.offsets[peer], network.offsets[peer + 1])
    return list(zip(network.others[here].tolist(), network.latency[here].tolist(), strict=True))


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({}, "found None"),
        ({"network": "bitcoin 1999"}, "found 'bitcoin 1999'"),
        ({"network": "bitcoin 2019", "relay": "pigeon"}, "found 'pigeon', wanted one of inventory"),
        ({"network": "bitcoin 2019", "speed": 3}, "found 'speed'"),
        ({"network": "bitcoin 2019", "seed": 3}, "wanted among the seeds"),
    ],
)
def test_what_no_run_knows_is_refused(params: dict[str, Any], why: str) -> None:
    """In a sweep this is the sentence of each failed point."""
    with pytest.raises(UsageError, match=why):
        make_run(params, 1)
    with pytest.raises(UsageError, match="cut: found None, wanted parts per million"):
        study_partition(params, 1)
