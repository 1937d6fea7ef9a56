"""Gossip by calls to anybody against what theory says: how many hear of it, and in how many rounds.

Real nodes on the lightest network (`support.gossip_pump`), fixed seeds. Beside each test stands how far a run
may be from the formula.
"""

from math import log

import pytest
from support.gossip_pump import Pump, make_names

from blockchain_lab.overlay.gossip_messages import Item
from blockchain_lab.overlay.theory_gossip import (
    compute_coverage,
    compute_coverage_by_hop,
    compute_duplicates,
    compute_everybody,
    compute_pull_rounds,
    compute_push_pull_rounds,
    compute_push_rounds,
)
from blockchain_lab.overlay.topologies import ring

THEORY = {2: 0.7968, 3: 0.9405, 4: 0.9802, 5: 0.9930, 6: 0.9975, 8: 0.99966}  # s = 1 - exp(-F s)
ROUNDS = {"push": compute_push_rounds, "pull": compute_pull_rounds, "push-pull": compute_push_pull_rounds}


def spread(
    peers: int, items: int, *, loss: int = 0, is_counting: bool = False, **policy: int
) -> tuple[Pump, list[float]]:
    """Items pushed once, each from another peer; the share that has heard of each."""
    pump = Pump(make_names(peers), {"protocol": "push-once", **policy}, loss=loss, is_counting=is_counting)
    for number in range(items):
        pump.publish(f"p{number}", f"item {number}")
    pump.run()
    return pump, [count_informed(pump, f"item {number}") / peers for number in range(items)]


def count_informed(pump: Pump, text: str) -> int:
    """How many have heard of it."""
    name = Item(text).name
    return sum(name in node.ground.items for node in pump.nodes.values())


@pytest.mark.parametrize("fanout", list(THEORY))
def test_the_share_that_hears_follows_from_the_fanout(fanout: int) -> None:
    """Of 1,000 peers F = 2 reaches four in five, F = 8 all but one in three thousand. Within 0.02."""
    pump, shares = spread(1_000, 3, fanout=fanout, is_counting=True)

    assert THEORY[fanout] == pytest.approx(compute_coverage(fanout), abs=5e-5)
    assert THEORY[fanout] == pytest.approx(sum(shares) / 3, abs=0.02)
    assert pump.count["rumour"] == fanout * round(1_000 * sum(shares)), "whoever hears it sends F"
    copies = sum(node.ground.duplicates for node in pump.nodes.values()) / 3_000
    assert compute_duplicates(fanout) == pytest.approx(copies, rel=0.05)


def test_one_call_each_is_too_few() -> None:
    """F = 1 dies: each rumour meets somebody who knows it before a tenth of the peers do."""
    _, shares = spread(1_000, 5, fanout=1)

    assert 0 == compute_coverage(1)
    assert max(shares) < 0.1


@pytest.mark.parametrize(
    ("fanout", "table"), [(4, {3: 0.08, 5: 0.67, 7: 0.976, 10: 0.980}), (2, {7: 0.20, 10: 0.62, 15: 0.79})]
)
def test_a_time_to_live_ends_it_sooner(fanout: int, table: dict[int, float]) -> None:
    """Of 1,000 peers, mean of ten items. Within 0.05: while it grows, luck counts."""
    expected = compute_coverage_by_hop(1_000, fanout, 15)
    for ttl, share in table.items():
        _, shares = spread(1_000, 10, fanout=fanout, ttl=ttl)

        assert share == pytest.approx(expected[ttl], abs=0.005)
        assert share == pytest.approx(sum(shares) / 10, abs=0.05)


@pytest.mark.parametrize("loss", [0.25, 0.5])
def test_losing_datagrams_is_like_calling_fewer(loss: float) -> None:
    """F = 4: a quarter lost is F = 3, half lost is F = 2. n = 1,000, four items that did not die at once."""
    _, shares = spread(1_000, 8, fanout=4, loss=round(loss * 1_000_000))
    lived = [share for share in shares if share > 0.1]

    assert compute_coverage(4, loss) == pytest.approx(compute_coverage(4 * (1 - loss)))
    assert compute_coverage(4, loss) == pytest.approx(sum(lived) / len(lived), abs=0.02)
    assert len(lived) >= 4


@pytest.mark.parametrize(("fanout", "chance"), [(4, 0.16), (5, 0.51), (6, 0.78), (7, 0.91)])
def test_reaching_everybody_takes_the_logarithm_and_a_bit(fanout: int, chance: float) -> None:
    """For 100 peers F = 4.6 + c. Of 100 items; within 0.12, two standard deviations and a half."""
    _, shares = spread(100, 100, fanout=fanout)

    assert chance == pytest.approx(compute_everybody(100, fanout), abs=0.005)
    assert chance == pytest.approx(sum(share == 1 for share in shares) / 100, abs=0.12)
    assert compute_everybody(1_000, log(1_000) + 1) == pytest.approx(0.69, abs=0.005)


@pytest.mark.parametrize("peers", [1_000, 10_000])
@pytest.mark.parametrize("protocol", list(ROUNDS))
def test_rounds_until_everybody_knows(protocol: str, peers: int) -> None:
    """Push is slow at the end, pull at the beginning, both in one call win. Within 2 rounds of theory."""
    pump = Pump(make_names(peers), {"protocol": protocol, "hot_rounds": 40}, is_counting=False)
    pump.run(0.5)
    pump.publish("p0", "news")
    rounds = 0
    while rounds < 40 and count_informed(pump, "news") < peers:
        pump.run(1)
        rounds += 1

    assert rounds == pytest.approx(ROUNDS[protocol](peers), abs=2)


def test_theory_says_what_the_tables_say() -> None:
    """16.9, 12.8 and 9.1 rounds for 1,000 peers; 22.5, 16.5 and 11.6 for 10,000."""
    tables = {1_000: [16.9, 12.8, 9.1], 10_000: [22.5, 16.5, 11.6]}
    for peers, table in tables.items():
        assert table == pytest.approx([rounds(peers) for rounds in ROUNDS.values()], abs=0.05)


def test_push_ends_by_itself_and_pull_goes_on() -> None:
    """Nothing is hot any more: no timer runs. But asking never ends: it cannot know that there is nothing."""
    push = Pump(make_names(30), {"protocol": "push", "hot_rounds": 10})
    push.publish("p0", "news")
    push.run(60)
    push.forget_counts()
    push.run(60)
    pull = Pump(make_names(30), {"protocol": "pull"})
    pull.run(10.5)

    assert 0 == push.count.total()
    assert 30 * 10 == pull.count["pull"]
    assert 30 == count_informed(push, "news")


def test_a_peer_with_many_items_asks_about_a_part_at_a_time() -> None:
    """300 items do not fit into one question: two peers still end with all of them, 20 for each question."""
    pump = Pump(make_names(2), {"protocol": "pull"})
    for number in range(300):
        pump.publish(f"p{number % 2}", f"item {number}")
    pump.run(60)

    assert [300, 300] == [len(node.ground.items) for node in pump.nodes.values()]
    assert 300 == pump.count["item"]


def test_calls_may_be_kept_to_neighbours() -> None:
    """Everybody knows only the next one on a ring: a rumour told to one goes once round."""
    names = make_names(20)
    policy = {"protocol": "push-once", "fanout": 1, "among": "neighbours"}
    pump = Pump(names, policy, tuple(ring(names)))
    pump.publish("p3", "news")
    pump.run(10)
    hops = [node.ground.items[Item("news").name].hops for node in pump.nodes.values()]

    assert [17, 18, 19, *range(17)] == hops
    assert {"rumour": 20} == pump.count


@pytest.mark.parametrize("count", [1, 2, 9, 12, 50])
def test_nobody_calls_itself_or_the_same_peer_twice(count: int) -> None:
    """Of 20 contacts, itself among them, so many; never more than there are others."""
    ground = Pump(make_names(20), {"protocol": "push-once"}).nodes["p7"].ground
    for _ in range(30):
        chosen = ground.choose_contacts(count)

        assert min(count, 19) == len(set(chosen)) == len(chosen)
        assert ground.address not in chosen
