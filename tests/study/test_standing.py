"""How peers stand, folded from records alone, equals what their nodes and hosts hold at the same moment."""

from collections import Counter

import pytest

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.study.standing import Standing, stand_at

CHAINS = (
    "fork_and_heal",
    "conflict",
    "partition_payments",
    "four_servers",
    "keep_alive_today",
    "moving_host",
)
FINALITY = ("happy_finality", "third_offline", "twin_validator")
GOSSIP = ("flood_or_names", "rumours")


def stops(lab: Lab, count: int = 6) -> list[int]:
    """Some events of a whole run, its end among them."""
    lab.run()
    return [lab.head * (place + 1) // count for place in range(count)]


def check_lines(lab: Lab, standings: list[Standing]) -> None:
    """Who is on, and which ends are open, as the hosts of the rebuilt world have it."""
    for host, standing in zip(lab.timeline.world().hosts, standings, strict=True):
        assert (host.node is not None) == standing.is_on
        open_ends = {conn: end.other for conn, end in host.ends.items() if end.is_open}
        assert open_ends == standing.lines, host.name


@pytest.mark.parametrize("story", CHAINS)
def test_chain_pool_and_lines_are_the_nodes(story: str) -> None:
    """At six moments of each story, for every Bitcoin peer."""
    lab = Lab(story)
    for event in stops(lab):
        lab.goto(event=event)
        standings = stand_at(lab)
        check_lines(lab, standings)
        for standing in standings:
            node = lab.peer(standing.name)
            if node is None:
                assert (None, None, {}) == (standing.tip, standing.height, standing.pool)
            elif hasattr(node, "chain"):
                tip = node.chain.tip
                assert (display_hash(tip.hash), tip.height) == (standing.tip, standing.height)
                if hasattr(node, "pool"):  # a liar has none
                    assert [display_hash(txid) for txid in node.pool.waiting] == list(standing.pool)


@pytest.mark.parametrize("story", FINALITY)
def test_finality_is_that_of_the_branch_to_the_nodes_head(story: str) -> None:
    """Epochs justified and final are true of a branch; every peer is asked for its own."""
    lab = Lab(story)
    best = 0
    for event in stops(lab):
        lab.goto(event=event)
        standings = stand_at(lab)
        check_lines(lab, standings)
        for standing in standings:
            node = lab.peer(standing.name)
            if node is None:
                assert (None, None) == (standing.justified, standing.finalised)
                continue
            state = node.branches.get_state(node.head).finality
            wanted = (state.last_justified.epoch, state.last_finalised.epoch)
            assert wanted == (standing.justified, standing.finalised)
            assert (display_hash(node.head.hash), node.head.height) == (standing.tip, standing.height)
            best = max(best, wanted[1] or 0)
    assert best >= 1


@pytest.mark.parametrize("story", GOSSIP)
def test_items_are_those_on_the_nodes_ground(story: str) -> None:
    """Names of items, in the order of learning."""
    lab = Lab(story)
    for event in stops(lab):
        lab.goto(event=event)
        for standing in stand_at(lab):
            node = lab.peer(standing.name)
            assert [name.hex() for name in node.ground.items] == list(standing.items)
    assert any(standing.items for standing in stand_at(lab))


def test_what_is_sent_arrives_is_lost_or_on_its_way() -> None:
    """Messages and bytes are counted on both sides; a kind of record for every one that did not arrive."""
    lab = Lab("partition_payments")
    lab.run()
    standings = stand_at(lab)
    kinds = Counter(record.kind for record in lab.trace)

    assert kinds[Kind.SEND] == sum(each.messages_sent for each in standings)
    assert kinds[Kind.DELIVER] == sum(each.messages_received for each in standings)
    assert 0 < sum(each.bytes_received for each in standings) <= sum(each.bytes_sent for each in standings)


def test_faults_are_counted_against_who_is_blamed() -> None:
    """The liar is named by a connection; a reader sees it without knowing which node lies."""
    lab = Lab("liar")
    lab.run()

    blamed = {each.name: each.faults for each in stand_at(lab) if each.faults}

    liars = [name for name, peer in lab.scenario.peers.items() if peer.kind == "bitcoin-liar"]
    assert liars == list(blamed)
