"""The table of peers says what their hosts, links and nodes hold at the cursor."""

import pytest

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetLink
from blockchain_lab.study.peer_table import make_peer_table


@pytest.mark.parametrize("story", ["fork_and_heal", "continents", "trickle_2014"])
def test_rows_are_what_the_world_holds(story: str) -> None:
    """At four moments: who is on, how many lines, how long they are, how high the chain."""
    lab = Lab(story)
    lab.run()
    for quarter in range(1, 5):
        lab.goto(event=lab.head * quarter // 4)
        world = lab.timeline.world()
        for host, row in zip(world.hosts, make_peer_table(lab), strict=True):
            ends = [end for end in host.ends.values() if end.is_open]
            latencies = [end.link.latency for end in ends]
            node = lab.peer(row.name)
            assert (host.name, host.node is not None, len(ends)) == (row.name, row.is_on, row.connections)
            assert row.mean_latency == (sum(latencies) // len(latencies) if latencies else None)
            assert row.height == (node.chain.tip.height if node else None)
            if node:
                assert row.era == node.policy.era.name


def test_what_was_changed_on_the_way_counts() -> None:
    """A slower link, a turned policy, a killed peer: the table has the cursor's values."""
    lab = Lab("fork_and_heal")
    lab.goto(event=100)
    before = {row.name: row for row in make_peer_table(lab)}
    end = next(end for end in lab.timeline.world().by_name["ann"].ends.values() if end.is_open)
    latency = end.link.latency
    lab.do(SetLink("ann", lab.names[end.other], latency=900 * MILLISECOND))
    lab.do(SetPolicy("ann", "in_transit", 3))
    lab.do(Kill("bob"))
    after = {row.name: row for row in make_peer_table(lab)}

    gained = (900 * MILLISECOND - latency) // before["ann"].connections
    assert before["ann"].mean_latency is not None and after["ann"].mean_latency is not None
    assert after["ann"].mean_latency - before["ann"].mean_latency in (gained, gained + 1)
    assert 3 == after["ann"].policy["in_transit"] and "in_transit" not in before["ann"].policy
    assert (True, False) == (before["bob"].is_on, after["bob"].is_on)
    assert (None, None, 0) == (after["bob"].height, after["bob"].mean_latency, after["bob"].connections)


def test_kinds_eras_and_faults() -> None:
    """The era of a story that names one; none for what is no Bitcoin node; the liar is caught."""
    eras = {row.era for row in make_peer_table(Lab("trickle_2014"))}
    assert {"2014"} == eras
    assert {None} == {row.era for row in make_peer_table(Lab("kademlia_lookup"))}
    lab = Lab("liar")
    lab.run()
    assert [row.kind == "bitcoin-liar" for row in make_peer_table(lab)] == [
        row.faults > 0 for row in make_peer_table(lab)
    ]
