"""The capstone's worlds: what may go wrong in them, and that a decent peer can pass all of them."""

import pytest

from blockchain_lab.course.l18_worlds import (
    CALM,
    COINS,
    FORGER,
    QUIET,
    SLOT,
    World,
    get_smaller,
    leave_out,
    make_world,
)
from blockchain_lab.sim.scenario_json import scenario_from_json, scenario_to_json

WORLDS = [make_world(seed) for seed in range(200)]


def test_a_world_follows_from_its_seed() -> None:
    """Two hundred different ones, the same each time."""
    assert WORLDS == [make_world(seed) for seed in range(200)]
    assert 200 == len({repr(world.to_scenario().story) for world in WORLDS})


def test_all_that_is_announced_goes_wrong_somewhere() -> None:
    """Cuts, outages, loss, jitter, forgers with and without stake; and worlds without any of them."""
    assert {True, False} == {bool(world.cuts) for world in WORLDS}
    assert {0, 1, 2} == {len(world.outages) for world in WORLDS}
    assert {0, 60_000, 120_000, 180_000} == {world.loss for world in WORLDS}
    assert {True, False} == {bool(world.jitter) for world in WORLDS}
    assert {True, False} == {world.has_forger for world in WORLDS}
    assert {3, 4, 5} == {len([name for name, _ in world.stakes if name != FORGER]) for world in WORLDS}
    with_stake = [FORGER in dict(world.stakes) for world in WORLDS if world.has_forger]
    assert {True, False} == set(with_stake)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: str(world.seed))
def test_a_decent_peer_can_pass(world: World) -> None:
    """The forger has less than a third; all are back before calm; everybody can pay; it is a scenario."""
    check_fair(world)
    spent: dict[str, int] = {}
    for order in world.orders:
        spent[order.sender] = spent.get(order.sender, 0) + order.amount
        assert order.at < CALM * SLOT
    for part in (*world.cuts, *world.outages):
        assert 0 < part.start < part.end < CALM
    scenario = world.to_scenario()

    assert max(spent.values()) <= COINS
    assert CALM + QUIET == world.until
    assert scenario == scenario_from_json(scenario_to_json(scenario))


def check_fair(world: World) -> None:
    """Two thirds of the stake are with those who keep the rules, and all names are peers."""
    stakes = dict(world.stakes)
    assert 3 * stakes.get(FORGER, 0) < sum(stakes.values())
    assert set(world.honest) - {FORGER} == set(world.honest)
    assert set(stakes) <= set(world.peers)
    for order in world.orders:
        assert {order.sender, order.receiver} <= set(world.honest)
    for cut in world.cuts:
        assert set(cut.group) < set(world.peers)
    for outage in world.outages:
        assert outage.peer in stakes


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_a_smaller_world_is_smaller_and_fair(seed: int) -> None:
    """Each step leaves something out, and what remains is a world."""
    smaller = list(get_smaller(make_world(seed)))

    assert len(smaller) > 8
    for world in smaller:
        assert world.size < make_world(seed).size
        check_fair(world)
        world.to_scenario()


def test_two_peers_stay() -> None:
    """Who is alone tells nobody anything, and nothing of it could be read off the wire."""
    world = make_world(0)
    for name in world.peers:
        world = leave_out(world, name)

    assert 2 == len(world.peers)
    assert all(len(smaller.peers) == 2 for smaller in get_smaller(world))


def test_the_last_validator_stays() -> None:
    """And a forger whose share would grow to a third loses its stake."""
    world = make_world(next(w.seed for w in WORLDS if FORGER in dict(w.stakes)))
    for name in ("ann", "bob", "cat", "dan", "eve"):
        world = leave_out(world, name)

    (last,) = dict(world.stakes)
    assert last != FORGER
    assert world == leave_out(world, last)
    assert world.has_forger
