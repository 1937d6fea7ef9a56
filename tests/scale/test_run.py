"""What a caller of `simulate` may count on: progress, cancelling, and refusals that say what to change."""

import gc
from dataclasses import replace

import numpy as np
import pytest
from support.engines import all_engines, need_engine
from support.random_networks import make_random_network

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.network import freeze
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.propagation import NEVER
from blockchain_lab.scale.run import simulate

NETWORK = make_random_network(30)


class Enough(Exception):
    """The learner has pressed "cancel"."""


@all_engines()
def test_progress_grows_to_the_end(engine) -> None:
    """The last call says that all is done."""
    need_engine(engine)
    seen: list[tuple[int, int]] = []
    simulate(
        make_random_network(400), Plan(blocks=100), engine=engine, progress=lambda *now: seen.append(now)
    )

    assert sorted(seen) == seen
    assert (100, 100) == seen[-1]
    assert len(seen) > 1


@all_engines()
def test_a_run_can_be_cancelled(engine) -> None:
    """What `progress` raises comes out, and the garbage collector is as it was."""
    need_engine(engine)

    def cancel(done: int, blocks: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        simulate(NETWORK, Plan(), engine=engine, progress=cancel)

    assert gc.isenabled()


@all_engines()
def test_the_first_miner_can_be_chosen(engine) -> None:
    """He has the block when it is found, delivered by himself; a peer without connections never has."""
    need_engine(engine)
    alone = make_random_network(30, outbound=0)
    run = simulate(alone, Plan(blocks=1, first_miner=7), engine=engine)

    assert [7] == run.miner.tolist()
    assert [NEVER] * 7 + run.found_at.tolist() + [NEVER] * 22 == run.arrival[0].tolist()
    assert 7 == run.deliverer[0, 7]
    assert {} == run.messages


@pytest.mark.parametrize(
    ("network", "plan", "said"),
    [
        ({"upload": freeze([0] * 30)}, {}, "network.upload[0]: found 0, wanted at least 1"),
        ({"latency": freeze(NETWORK.latency - 10**9)}, {}, "network.latency[0]: found -99"),
        ({"jitter": freeze(NETWORK.latency + (1 << 30))}, {}, "wanted at least 0, at most 1073741824"),
        ({"loss": 1_000_000}, {}, "network.loss: found 1000000, wanted 0 .. 999999"),
        ({"power": freeze([0] * 30)}, {}, "network.power: found 0 in all"),
        ({"others": freeze(np.zeros(NETWORK.slots))}, {}, "wanted a slot of the other direction"),
        ({}, {"formula": "smoke"}, "plan.formula: found 'smoke', wanted one of uplink, simblock2019"),
        ({}, {"first_miner": 30}, "plan.first_miner: found 30, wanted a peer, 0 .. 29"),
        ({}, {"blocks": 0}, "plan.blocks: found 0, wanted at least 1"),
        ({}, {"interval": 0}, "plan.interval: found 0, wanted at least 1"),
        ({}, {"validation": -1}, "plan.validation: found -1, wanted at least 0"),
    ],
)
def test_what_cannot_be_played_is_refused(network, plan, said) -> None:
    """By the column and the place, before anything runs."""
    with pytest.raises(UsageError) as refusal:
        simulate(replace(NETWORK, **network), replace(Plan(), **plan), engine="plain")

    assert said in str(refusal.value)
