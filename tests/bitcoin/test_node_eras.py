"""A node behaves as its era did: how it introduces itself, what it offers, how it keeps a line alive."""

import pytest
from support.bitcoin_dialogue import THERE, hang_ups, make_node, make_peer_version, meet, sent, timers
from support.bitcoin_pump import Pump

from blockchain_lab.base.effects import SetTimer, TimerName
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.bitcoin.messages import FeeFilter, Ping, Pong, SendAddrV2, Verack, Version, WtxidRelay

NEW = 70016  # a peer that knows all that is said between version and verack


@pytest.mark.parametrize(
    ("era", "version", "services", "agent"),
    [
        ("2010", 31900, 1, ""),
        ("2014", 70002, 1, "/Satoshi:0.9.2/"),
        ("today", 70016, 9, "/BlockchainLab:0.1/"),
        ("plain", 70015, 9, "/BlockchainLab:0.1/"),
    ],
)
def test_a_node_introduces_itself_as_the_program_of_its_era(
    era: str, version: int, services: int, agent: str
) -> None:
    """Protocol version, services (witnesses came in 2016) and user agent."""
    node = make_node(policy={"era": era})

    (ours,) = sent(node.on_connected(2, THERE, False, 0))

    assert isinstance(ours, Version)
    assert (version, services, agent) == (ours.version, ours.services, ours.user_agent)
    assert (services, True) == (ours.sender.services, ours.relay)


@pytest.mark.parametrize(
    ("era", "theirs", "offered"),
    [
        ("today", NEW, ["wtxidrelay", "sendaddrv2", "verack"]),
        ("today", NEW - 1, ["verack"]),
        ("plain", NEW, ["verack"]),
        ("2014", NEW, ["verack"]),
    ],
)
def test_features_are_offered_before_the_verack(era: str, theirs: int, offered: list[str]) -> None:
    """Only when both sides are new enough to know them (BIP 339, BIP 155)."""
    node = make_node(policy={"era": era})
    node.on_connected(2, THERE, False, 0)

    effects = node.on_message(2, make_peer_version(version=theirs), 0)

    assert offered == [message.wire_name for message in sent(effects)]


def test_features_count_only_between_version_and_verack() -> None:
    """Too early or too late, they are as if nobody had said them."""
    node = make_node(policy={"era": "today"})
    for conn in (2, 4, 6):
        node.on_connected(conn, THERE, False, 0)
    features = (WtxidRelay(), SendAddrV2())

    for feature in features:
        node.on_message(2, feature, 0)
    for conn in (2, 4, 6):
        node.on_message(conn, make_peer_version(version=NEW), 0)
    for feature in features:
        node.on_message(4, feature, 0)
    for conn in (2, 4, 6):
        node.on_message(conn, Verack(), 0)
    for feature in features:
        node.on_message(6, feature, 0)

    agreed = [(peer.names_by_wtxid, peer.wants_addrv2) for peer in node.peers]
    assert [(False, False), (True, True), (False, False)] == agreed


@pytest.mark.parametrize(
    ("era", "theirs", "rates"),
    [("today", 70016, [100]), ("today", 70012, []), ("2014", 70016, []), ("plain", 70016, [])],
)
def test_a_node_says_which_fees_are_too_small(era: str, theirs: int, rates: list[int]) -> None:
    """BIP 133, after the handshake: its pool takes 0.1 satoshi a byte and more, Core's rule since 2025."""
    node = make_node(policy={"era": era})
    node.on_connected(2, THERE, False, 0)
    node.on_message(2, make_peer_version(version=theirs), 0)

    effects = node.on_message(2, Verack(), 0)

    assert rates == [message.rate for message in sent(effects) if isinstance(message, FeeFilter)]


def make_couple(era: str) -> Pump:
    """Two nodes of an era, connected and silent from the first seconds on."""
    pump = Pump()
    pump.add("ann", policy={"era": era})
    pump.add("bob", dials=("ann",), policy={"era": era})
    pump.run(until=2 * SECOND)
    return pump


@pytest.mark.parametrize(
    ("era", "after", "pongs"), [("2010", 30 * MINUTE, 0), ("today", 2 * MINUTE, 14), ("2014", 2 * MINUTE, 14)]
)
def test_how_often_two_silent_nodes_ping(era: str, after: int, pongs: int) -> None:
    """In half an hour: once, and no answer, in 2010; every two minutes, each answered, since 2013."""
    pump = make_couple(era)
    pump.sent.clear()

    pump.run(until=after - 2 * SECOND)
    assert [] == [what for _, _, what in pump.sent if isinstance(what, Ping)]
    pump.run(until=30 * MINUTE - 2 * SECOND)
    assert 2 * pongs == sum(isinstance(what, Pong) for _, _, what in pump.sent)
    pump.run(until=30 * MINUTE + 2 * SECOND)

    assert 2 <= sum(isinstance(what, Ping) for _, _, what in pump.sent)
    assert [] == pump.hang_ups


@pytest.mark.parametrize(
    ("era", "minutes", "reason"),
    [("2010", 90, "receive timeout"), ("lecture", 90, "receive timeout"), ("today", 20, "ping timeout")],
)
def test_when_a_silent_peer_is_given_up(era: str, minutes: int, reason: str) -> None:
    """A peer shakes hands and says nothing more: 90 minutes in 2010, 20 today."""
    node = make_node(policy={"era": era})
    waits = timers(meet(node))
    due = {name: after for name, after in waits.items() if name.topic in ("ping", "pong")}

    ended = []
    while not ended:
        name = min(due, key=lambda one: due[one])
        now = due.pop(name)
        assert now < 3 * HOUR
        effects = node.on_timer(name, now)
        ended = [(now, effect.reason) for effect in hang_ups(effects)]
        for effect in effects:
            if isinstance(effect, SetTimer) and effect.name.topic in ("ping", "pong"):
                due[effect.name] = now + effect.after

    assert [(minutes * MINUTE, reason)] == ended


def test_in_2010_a_word_of_ours_puts_off_the_next_ping() -> None:
    """Pings are for lines on which we have said nothing for 30 minutes."""
    node = make_node(policy={"era": "2010"})
    meet(node)
    ping = TimerName("ping", 2)

    node.on_message(2, Ping(5), 10 * MINUTE)  # BIP 31's, which we answer all the same
    early = node.on_timer(ping, 30 * MINUTE)
    due = node.on_timer(ping, 40 * MINUTE)

    assert ([], {ping: 10 * MINUTE}) == (sent(early), timers(early))
    assert [Ping(None)] == sent(due)
