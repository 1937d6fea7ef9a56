"""Rules of the protocol that random networks hardly ever meet, put to each of the three executors."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.engines import need_engine
from support.random_networks import make_random_network

from blockchain_lab.scale.network import Network, freeze
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.protocol import get_sizes
from blockchain_lab.scale.readable_run import play_readable
from blockchain_lab.scale.run import simulate

Play = Callable[[Network, Plan], Propagation]
PAIR = replace(make_random_network(2, outbound=4), power=freeze([0, 1]), loss=0)


@pytest.fixture(params=["readable", "plain", "compiled"])
def play(request) -> Play:
    """Each executor in turn."""
    if request.param == "readable":
        return play_readable
    need_engine(request.param)
    return lambda network, plan: simulate(network, plan, engine=request.param)


def test_a_find_comes_before_whatever_else_is_due(play: Play) -> None:
    """p1 finds a block in the very microsecond in which it has checked p0's: it does not stand on it yet."""
    plan = Plan(blocks=2, first_miner=0, validation=0)
    first = play(PAIR, plan)
    wait = int(first.found_at[1] - first.arrival[0, 1])
    tie, sooner = (play(PAIR, replace(plan, validation=validation)) for validation in (wait, wait - 1))

    assert wait > 0
    assert [-1, -1] == tie.parent.tolist()
    assert [-1, 0] == sooner.parent.tolist()


def test_the_first_of_two_equal_branches_stays(play: Play) -> None:
    """p1 stands on its own block when p0's, as high, is checked a moment later; p0 on the one it found."""
    plan = Plan(blocks=2, first_miner=0, validation=0)
    wait = int((first := play(PAIR, plan)).found_at[1] - first.arrival[0, 1])
    run = play(PAIR, replace(plan, validation=wait))

    assert [0, 1] == run.best.tolist()


def test_what_a_block_costs(play: Play) -> None:
    """inv, getdata and block, once each: 61 + 61 bytes, and the block behind its envelope."""
    run = play(PAIR, Plan(blocks=1, block_size=1_000))

    assert {"inv": 1, "getdata": 1, "block": 1} == run.messages
    assert {"inv": 61, "getdata": 61, "block": 1_024} == run.bytes_sent


def test_arrival_by_hand(play: Play) -> None:
    """Three messages, each with its sender's upload and its own latency."""
    plan = Plan(blocks=1, block_size=1_000, first_miner=0, relay=Relay.HEADERS)
    there, back = (int(latency) for latency in PAIR.latency)
    a, b = (int(upload) for upload in PAIR.upload)
    costs = [-(-size * 1_000_000 // speed) for size, speed in ((106, a), (61, b), (1_024, a))]
    run = play(PAIR, plan)

    assert sum(costs) + 2 * there + back == run.arrival[0, 1] - run.found_at[0]


def test_sizes_follow_the_plan() -> None:
    """Envelope of 24 bytes; a header of 80 bytes between two counts; indexes of one byte each."""
    plan = Plan(block_size=7, compact_size=5, missing_size=2_500)

    assert (61, 106, 61, 31, 29, 24 + 33 + 10, 2_524) == get_sizes(plan)
