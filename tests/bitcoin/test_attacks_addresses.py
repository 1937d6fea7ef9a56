"""One person behind many hosts: whom these name, what they keep back, and what a node makes of it."""

from typing import Any

import pytest
from support.bitcoin_dialogue import make_node, make_peer_version, sent
from support.bitcoin_pump import STARTED_AT, Pump, make_setup

from blockchain_lab.base.actions import Mine, Pay, SetPolicy
from blockchain_lab.base.effects import Effect, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.bitcoin.address_groups import get_group, is_routable
from blockchain_lab.bitcoin.attacks_addresses import TIMER, EclipseNode, SybilNode
from blockchain_lab.bitcoin.messages import Addr, GetAddr, Verack

FELLOWS = {"mallory": Address("66.6.6.6", 8333), "malvin": Address("67.7.7.7", 8333)}
HONEST = Address("20.1.1.1", 8333)


def make_sybil(**policy: Any) -> SybilNode:
    """One of two fellows, who knows an honest host too."""
    contacts = {**FELLOWS, "ann": HONEST}
    own = {"era": "today", "gossip": True, "fellows": list(FELLOWS), **policy}
    return SybilNode(make_setup("mallory", address=FELLOWS["mallory"], contacts=contacts, policy=own))


def greet(node: SybilNode, conn: int, remote: Address) -> list[Effect]:
    """Somebody dials it and shakes hands; what it thinks of the dial."""
    first = node.on_connected(conn, remote, True, 0)
    node.on_message(conn, make_peer_version(version=70016), 0)
    node.on_message(conn, Verack(), 0)
    return first


def get_named(effects: list[Effect]) -> list[Address]:
    """Which hosts the one addr among some effects names."""
    (addr,) = sent(effects)
    assert isinstance(addr, Addr)
    assert {STARTED_AT} == {item.time for item in addr.addresses}
    return [Address(item.address.ip, item.address.port) for item in addr.addresses]


@pytest.mark.parametrize("is_asked", [True, False], ids=["asked", "unasked"])
def test_it_names_its_fellows_and_invented_hosts_and_nobody_else(is_asked: bool) -> None:
    """All as just seen; the invented ones could be dialled, and lie in as many groups as the policy says."""
    node = make_sybil(trash=30, trash_groups=12)
    greet(node, 3, HONEST)

    named = get_named(node.on_message(3, GetAddr(), 0) if is_asked else node.on_timer(TIMER, 0))

    assert list(FELLOWS.values()) == named[:2]
    invented = named[2:]
    assert 30 == len(set(invented))
    assert 12 == len({get_group(address.ip) for address in invented})
    assert all(is_routable(address.ip) for address in invented)
    assert HONEST not in named


def test_what_it_invents_is_always_new_and_never_too_much() -> None:
    """A thousand in a message, as anybody may; more would end the line."""
    node = make_sybil(trash=5_000, trash_groups=6_000)
    greet(node, 3, HONEST)

    first, second = (get_named(node.on_timer(TIMER, 0)) for _ in range(2))

    assert [1_000, 1_000] == [len(first), len(second)]
    assert set(FELLOWS.values()) == set(first) & set(second)
    assert all(is_routable(address.ip) for address in [*first, *second])


def test_its_fellows_are_told_nothing_unasked() -> None:
    """Only victims are; and who does not shake hands gets no answer."""
    node = make_sybil()
    thoughts = greet(node, 3, FELLOWS["malvin"])
    node.on_connected(5, HONEST, True, 0)

    assert [] == sent(node.on_timer(TIMER, 0))
    assert [] == sent(node.on_message(5, GetAddr(), 0))
    assert "is dialled" not in [getattr(effect, "facts", {}).get("what") for effect in thoughts]


def test_its_knobs_turn_while_it_runs() -> None:
    """How much, how often; 0 microseconds: only when asked. An honest knob reaches the node inside."""
    node = make_sybil(trash=10)
    greet(node, 3, HONEST)

    again = node.on_command(SetPolicy("mallory", "tell_every", 2 * SECOND), 0)
    silent = node.on_command(SetPolicy("mallory", "tell_every", 0), 0)
    node.on_command(SetPolicy("mallory", "trash", 0), 0)
    node.setup.policy["in_transit"] = 3
    node.on_command(SetPolicy("mallory", "in_transit", 3), 0)

    assert ([SetTimer(TIMER, 2 * SECOND)], []) == (again, silent)
    assert list(FELLOWS.values()) == get_named(node.on_timer(TIMER, 0))
    assert (3, False) == (node.inner.policy.in_transit, node.inner.policy.gossip)
    problem = node.find_problem(SetPolicy("mallory", "trash", -1), 0)
    assert "policy.trash: found -1, accepted: a whole number from 0 on" == problem
    assert node.find_problem(SetPolicy("mallory", "trash", 7), 0) is None


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            {"fellows": ["malory"]},
            r"policy.fellows: found \['malory'\], accepted: names of mallory, malvin, ann",
        ),
        ({"fellows": "malvin"}, "policy.fellows: found 'malvin', accepted: names of"),
        ({"trash": -1}, "policy.trash: found -1, accepted: a whole number from 0 on"),
        ({"trahs": 1}, "policy.trahs: unknown key"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(policy: dict[str, Any], message: str) -> None:
    """With the key, what was found, what is accepted."""
    with pytest.raises(UsageError, match=message):
        make_sybil(**policy)


def make_street(kind: type[SybilNode]) -> Pump:
    """Ann and Bob are connected only through the attacker, whose fellow is connected to him alone."""
    pump = Pump()
    old_coins = {"mined": 101}
    for name in ("ann", "bob"):
        pump.add(name, disk=old_coins)
    policy = {"fellows": []}
    pump.add("malvin", (), kind, disk=old_coins, policy=policy)
    pump.add("mallory", ("ann", "bob", "malvin"), kind, disk=old_coins, policy={"fellows": ["malvin"]})
    pump.run(until=5 * SECOND)
    return pump


@pytest.mark.parametrize(("kind", "passes"), [(SybilNode, True), (EclipseNode, False)])
def test_an_eclipse_passes_nothing_on_but_its_own_blocks(kind: type[SybilNode], passes: bool) -> None:
    """Ann's payment and block reach Bob through a sybil, and end at an eclipse; a fellow's block does not."""
    pump = make_street(kind)
    pump.do("ann", Pay("ann"))
    pump.run(until=30 * SECOND)
    waiting = len(pump.nodes["bob"].pool)
    pump.do("ann", Mine("ann"))
    pump.run(until=60 * SECOND)
    height = pump.nodes["bob"].chain.height
    pump.do("malvin", Mine("malvin", 2))
    pump.run(until=90 * SECOND)

    assert (1 if passes else 0, 102 if passes else 101) == (waiting, height)
    assert pump.nodes["malvin"].chain.tip == pump.nodes["bob"].chain.tip
    assert [] == pump.hang_ups


def test_an_honest_node_of_today_reads_little_of_it() -> None:
    """The unasked names of a flood stop at its token bucket; asked, it may say a thousand."""
    node = make_node(policy={"era": "today", "gossip": True, "full_outbound": 0, "feeler_every": 0})
    sybil = make_sybil(trash=998)
    greet(sybil, 3, HONEST)
    node.on_connected(3, FELLOWS["mallory"], True, 0)
    node.on_message(3, make_peer_version(version=70016), 0)
    node.on_message(3, Verack(), 0)
    (addr,) = sent(sybil.on_timer(TIMER, 0))

    node.on_message(3, addr, 0)

    assert 1 == len(node.overlay.contacts.book)
    assert TimerName("addresses", 3) not in node.overlay.contacts.waiting
