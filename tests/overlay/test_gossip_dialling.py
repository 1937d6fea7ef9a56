"""How many lines a gossiping node opens by itself, to whom, and what it does about lost ones."""

import pytest
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Dial, Effect, HangUp, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_dialling import ENOUGH, FULL, REDIAL, TWICE
from blockchain_lab.overlay.theory_gossip import count_flood_messages

NAMES = [f"n{number}" for number in range(9)]
HOSTS = {name: Address(f"10.0.0.{number}", 1) for number, name in enumerate(NAMES)}
OWN = HOSTS["n4"]


def open_lines(peers: int, outbound: int, seed: int = 1, **policy: int) -> Pump:
    """A network of peers that dial whom they draw, a minute old."""
    pump = Pump(make_names(peers), {"protocol": "flood", "outbound": outbound, **policy}, seed=seed)
    pump.run(60)
    return pump


def count_lines(pump: Pump) -> tuple[list[int], list[int]]:
    """Of each peer: lines that it opened, lines in all."""
    lines = [list(node.ground.lines.values()) for node in pump.nodes.values()]
    return [sum(not line.inbound for line in own) for own in lines], [len(own) for own in lines]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("outbound", [1, 3, 8, 20])
def test_everybody_opens_as_many_as_it_wants_and_has_twice_as_many(outbound: int, seed: int) -> None:
    """As many come in on average, by chance; two peers share one line, whoever dialled."""
    pump = open_lines(50, outbound, seed)
    opened, lines = count_lines(pump)
    remotes = [[line.remote for line in node.ground.lines.values()] for node in pump.nodes.values()]

    assert [outbound] * 50 == opened
    assert 2 * outbound * 50 == sum(lines)
    assert all(len(own) == len(set(own)) for own in remotes)
    assert outbound == 1 or len(set(lines)) > 2


def test_a_flood_over_drawn_lines_costs_what_theory_says() -> None:
    """2m - (n - 1), with m = k n."""
    pump = open_lines(50, 4)
    pump.publish("p0", "a dog")
    pump.run(10)

    assert {"rumour": count_flood_messages(50, 200)} == pump.count


def test_whoever_loses_a_friend_finds_another_one() -> None:
    """Half of the peers die; those who are left have as many open lines as before, to living ones only."""
    pump = open_lines(50, 4)
    for number in range(25):
        pump.kill(f"p{2 * number}")
    pump.run(1)
    after_a_second, _ = count_lines(pump)
    pump.run(200)
    opened, lines = count_lines(pump)

    assert min(after_a_second) < 4
    assert [4] * 25 == opened
    assert 200 == sum(lines)


def test_no_more_lines_than_places() -> None:
    """20 wanted, 30 places: who is full is left alone, so nobody gets all 20; it comes close to 15."""
    pump = open_lines(60, 20, most_lines=30, redial_after=1_000_000)
    pump.run(50)
    opened, lines = count_lines(pump)

    assert max(lines) <= 30
    assert 13.5 < sum(opened) / 60 <= 15
    assert 28 < sum(lines) / 60


def test_a_small_world_has_only_so_many_others() -> None:
    """Five peers that want eight friends each know all four others, on one line each, and ask no more."""
    pump = open_lines(5, 8)

    assert [4] * 5 == count_lines(pump)[1]
    assert [] == pump._queue


def make_node(**policy: int) -> tuple[GossipNode, list[Effect]]:
    """A node in the middle of nine addresses, and what it does at its start."""
    setup = Setup("n4", OWN, (), CounterRandom(1), policy={"protocol": "flood", **policy}, contacts=HOSTS)
    node = GossipNode(setup)
    return node, node.on_start(0)


def get_dialled(effects: list[Effect]) -> list[Address]:
    """Whom it calls."""
    return [effect.address for effect in effects if isinstance(effect, Dial)]


def connect(node: GossipNode, remotes: list[Address]) -> None:
    """All calls are answered: connections 0, 2, 4, ..."""
    for number, remote in enumerate(remotes):
        assert [] == node.on_connected(2 * number, remote, False, 0)


def turn(node: GossipNode, outbound: int) -> list[Effect]:
    """Another number of friends is wanted from now on."""
    node.setup.policy["outbound"] = outbound
    return node.on_command(SetPolicy("n4", "outbound", outbound), 0)


def test_a_knob_opens_and_closes_lines() -> None:
    """From 3 to 5: two more calls. Back to 2: the youngest line is closed, calls under way are forgotten."""
    node, start = make_node(outbound=3)
    connect(node, get_dialled(start))
    more = get_dialled(turn(node, 5))
    fewer = turn(node, 2)

    assert 3 == len(get_dialled(start))
    assert 2 == len(more)
    assert not set(more) & set(get_dialled(start))
    assert [HangUp(4, ENOUGH)] == fewer
    assert [HangUp(8, ENOUGH)] == node.on_connected(8, more[0], False, 1), "it comes too late"
    assert [0, 2] == list(node.ground.lines)


@pytest.mark.parametrize("decides", [True, False])
def test_of_two_calls_that_cross_one_line_is_kept(decides: bool) -> None:
    """The smaller address keeps its own and refuses the other's; the larger takes what comes."""
    node, start = make_node(outbound=6)
    remote = next(address for address in get_dialled(start) if (OWN < address) == decides)

    assert ([HangUp(3, TWICE)] if decides else []) == node.on_connected(3, remote, True, 0)


def test_who_was_refused_for_that_reason_calls_another_one_at_once() -> None:
    """And whoever lost a line for another reason waits."""
    node, start = make_node(outbound=3)
    first, second, _ = get_dialled(start)
    connect(node, get_dialled(start))
    at_once = node.on_disconnected(0, TWICE, 0)
    later = node.on_disconnected(2, FULL, 0)

    assert 1 == len(get_dialled(at_once))
    assert {first, second}.isdisjoint(get_dialled(at_once))
    assert [REDIAL] == [effect.name.topic for effect in later if isinstance(effect, SetTimer)]
    assert [] == get_dialled(later)


def test_who_does_not_answer_is_asked_again_last() -> None:
    """All others come first."""
    node, start = make_node(outbound=1)
    called = [get_dialled(start)[0]]
    for _ in range(8):
        waiting = node.on_dial_failed(called[-1], "nobody is there", 0)
        called += get_dialled(node.on_timer(waiting[0].name, 0))

    assert 8 == len(set(called[:8]))
    assert called[0] == called[8]


def test_who_talks_nonsense_is_never_called_again() -> None:
    """Its line is closed; another peer takes its place after a while."""
    node, start = make_node(outbound=1)
    connect(node, get_dialled(start))
    effects = node.on_message(0, Malformed("rumour", "cut off", b"", True), 0)
    waiting = next(effect for effect in effects if isinstance(effect, SetTimer))
    called = get_dialled(node.on_timer(waiting.name, 0))

    assert HangUp(0, "cut off") in effects
    assert 1 == len(called)
    assert get_dialled(start)[0] not in node.dialling.order


def test_who_is_full_itself_calls_nobody() -> None:
    """One place, taken by somebody who called: no call is made, and one under way is given up."""
    node, start = make_node(outbound=2, most_lines=1)
    called = get_dialled(start)
    stranger = next(address for address in HOSTS.values() if address not in (OWN, *called))

    assert 1 == len(called)
    assert [] == node.on_connected(3, stranger, True, 0)
    assert [HangUp(0, FULL)] == node.on_connected(0, called[0], False, 0)
    assert [] == get_dialled(node.on_timer(TimerName(REDIAL), 0))


def test_a_number_that_cannot_be_is_refused() -> None:
    """With the key and what is accepted."""
    with pytest.raises(UsageError, match=r"policy\.outbound: found -1, accepted: a whole number from 0 on"):
        make_node(outbound=-1)
