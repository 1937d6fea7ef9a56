"""Three executors of one protocol agree to the microsecond, whatever the network, the plan and the luck.

The readable node runs on `sim`, with its scheduler, uplinks, streams and draws; the plain loop and the
kernel know none of that. Blocks come as often as once a second or more, so that there are many forks.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.engines import ENGINES, all_engines, get_columns, need_engine
from support.random_networks import make_random_network

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.readable_run import play_readable
from blockchain_lab.scale.run import simulate

networks = st.builds(
    make_random_network,
    st.integers(2, 40) | st.integers(2, 40) | st.integers(41, 300),
    seed=st.integers(0, 1 << 32),
    outbound=st.integers(1, 4),
    jitter=st.sampled_from((0, 1, 40_000, 3_000_000)),
    loss=st.sampled_from((0, 0, 100_000, 700_000)),
    latency=st.sampled_from(((0, 0), (0, 3), (20_000, 20_000), (1, 200_000))),  # with many ties
)
plans = st.builds(
    Plan,
    relay=st.sampled_from(tuple(Relay)),
    blocks=st.integers(1, 4),
    interval=st.sampled_from((SECOND // 20, SECOND, 600 * SECOND)),
    seed=st.integers(0, (1 << 64) - 1),
    block_size=st.sampled_from((0, 2_000, 535_000)),
    validation=st.sampled_from((0, 2_000, 500_000)),
    is_queued=st.booleans(),
    is_pruned=st.booleans(),
    formula=st.sampled_from(("uplink", "simblock2019")),
)


@settings(max_examples=40)
@given(networks, plans)
def test_all_executors_agree(network, plan) -> None:
    """Arrivals, who delivered, parents, where each peer stands, messages and bytes."""
    need_engine("compiled")
    expected = get_columns(play_readable(network, plan))

    assert expected == get_columns(simulate(network, plan, engine="plain"))
    assert expected == get_columns(simulate(network, plan, engine="compiled"))


@pytest.mark.parametrize("relay", Relay)
def test_all_executors_agree_at_300_peers(relay) -> None:
    """The largest that the readable node is asked for, with forks, jitter and losses."""
    need_engine("compiled")
    network = make_random_network(300, outbound=4, jitter=30_000, loss=20_000)
    plan = Plan(relay=relay, blocks=4, interval=SECOND, seed=7)
    expected = get_columns(play_readable(network, plan))
    forks = plan.blocks - len(set(expected["parent"]))

    for engine in ENGINES:
        assert expected == get_columns(simulate(network, plan, engine=engine))
    assert forks > 0


@all_engines()
def test_a_stream_keeps_its_order(engine) -> None:
    """Where nobody queues, an inv would overtake the large block that went before it on the same stream."""
    need_engine(engine)
    network = make_random_network(40, outbound=3)
    plan = Plan(blocks=8, interval=SECOND // 5, is_queued=False)

    expected = get_columns(play_readable(network, plan))

    assert expected == get_columns(simulate(network, plan, engine=engine))


@all_engines()
@pytest.mark.parametrize("relay", Relay)
@pytest.mark.parametrize("formula", ["uplink", "simblock2019"])
def test_pruning_changes_nothing(relay, formula, engine) -> None:
    """An announcement that comes no sooner than another one needs no place in the queue, but is counted."""
    need_engine(engine)
    network = make_random_network(200, jitter=20_000, loss=50_000)
    plan = Plan(relay=relay, blocks=10, interval=SECOND // 2, seed=3, formula=formula)
    pruned = simulate(network, plan, engine=engine)
    full = simulate(network, replace(plan, is_pruned=False), engine=engine)

    assert get_columns(full) == get_columns(pruned)


def test_the_runs_are_not_trivial() -> None:
    """What the comparisons compare has forks, waiting orphans, losses and compact blocks that lack some."""
    network = make_random_network(100, jitter=400_000)
    run = simulate(network, Plan(relay=Relay.COMPACT, blocks=40, interval=SECOND // 10), engine="plain")
    children = [child for child, parent in enumerate(run.parent.tolist()) if parent >= 0]
    early = [run.arrival[child] < run.arrival[run.parent[child]] for child in children]
    kinds = ["inv", "getdata", "block", "cmpctblock", "getblocktxn", "blocktxn"]

    assert len(set(run.parent.tolist())) < 40
    assert any(peers.any() for peers in early)
    assert kinds == list(run.messages)
