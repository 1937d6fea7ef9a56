"""Named cases: what they promise holds whatever the seed; and who is there when peers come and go."""

import networkx as nx
import numpy as np
import pytest

from blockchain_lab.base.draws import to_exponential
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR
from blockchain_lab.scale.cases import CASES, get_case
from blockchain_lab.scale.checks import check_network
from blockchain_lab.scale.churn import compute_presence, keep_peers, thin_out
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.presets import get_network


def get_shortest(network: Network, source: int, target: int) -> int:
    """Microseconds of the shortest way: less than any block needs, which is asked for and sent."""
    graph = nx.Graph()
    owner = np.repeat(np.arange(network.size), network.get_degrees())
    graph.add_weighted_edges_from(
        zip(owner.tolist(), network.others.tolist(), network.latency.tolist(), strict=True)
    )
    return int(nx.dijkstra_path_length(graph, source, target))


@pytest.mark.parametrize("peers", [9, 10, 11, 12, 200])
@pytest.mark.parametrize("seed", range(3))
def test_two_blocks_within_one_propagation_time(seed: int, peers: int) -> None:
    """The longest wait for block 1 that can be drawn is shorter than the way from one miner to the other."""
    network, plan = get_case("two blocks at once", seed=seed, peers=peers)
    (second,) = np.flatnonzero(network.power).tolist()
    assert plan.first_miner is not None

    assert 2 == plan.blocks
    assert second != plan.first_miner
    assert to_exponential(0, plan.interval) < get_shortest(network, plan.first_miner, second)


def test_ten_equal_pools() -> None:
    """At ten peers; the plan is that of the era, but for what was changed."""
    network, plan = get_case("equal pools", blocks=7)

    assert [1] * 10 == network.power[network.power > 0].tolist()
    assert 7 == plan.blocks


def test_cases_are_possible_networks() -> None:
    """All of them, checked without a remark."""
    assert [[]] * len(CASES) == [check_network(get_case(name).network) for name in CASES]


def test_cases_that_cannot_be() -> None:
    """Refused by name, by change, or because there are too few peers for eight dials."""
    with pytest.raises(
        UsageError, match=r"^case: found 'three', wanted one of equal pools, two blocks at once$"
    ):
        get_case("three")
    with pytest.raises(UsageError, match=r"^change of a plan: found 'power', wanted one of relay, "):
        get_case("equal pools", power=1)
    with pytest.raises(UsageError, match=r"^outbound: found 8 for peer 0, wanted 1 to 7"):
        get_case("two blocks at once", peers=8)


def test_who_is_there_keeps_his_lines_to_the_others() -> None:
    """Peer by peer against the network before."""
    before = get_network("lecture 2024", peers=300)
    here = np.arange(300) % 3 != 0
    here[before.power > 0] = True
    after, old = keep_peers(before, here), np.flatnonzero(here)

    assert [] == check_network(after)
    for peer, was in enumerate(old):
        stays = here[before.get_neighbours(was)]
        there, then = slice(*after.offsets[peer : peer + 2]), slice(*before.offsets[was : was + 2])
        assert before.latency[then][stays].tolist() == after.latency[there].tolist()
        assert [other for other in before.get_neighbours(was) if here[other]] == old[
            after.get_neighbours(peer)
        ].tolist()
    assert before.upload[old].tolist() == after.upload.tolist()
    assert before.speaks_compact[old].tolist() == after.speaks_compact.tolist()
    assert after.country is not None
    assert len(old) == len(after.country) == after.size


def test_sessions_and_pauses_say_how_many_are_there() -> None:
    """Three hours on, one hour off: three quarters of the peers, exactly."""
    presence = compute_presence(3 * HOUR, HOUR)

    assert 750_000 == presence
    assert 300 == thin_out(get_network("simblock 2019", peers=400), presence, 1).size


def test_churn_that_cannot_be() -> None:
    """No time at all, nobody there, or nobody who mines."""
    network = get_network("bitcoin 2019", peers=60)
    with pytest.raises(UsageError, match=r"^churn: found sessions of 0 and pauses of 0, wanted some time$"):
        compute_presence(0, 0)
    with pytest.raises(UsageError, match=r"^presence: found 0, wanted 1 to 1000000 parts per million$"):
        thin_out(network, 0, 1)
    with pytest.raises(UsageError, match=r"^power: found 0 at all of \d+ peers, wanted somebody who mines$"):
        keep_peers(network, network.power == 0)
