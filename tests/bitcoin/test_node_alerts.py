"""Alerts between nodes: believed, passed on, cancelled, forgotten, and who is blamed for a bad one."""

from dataclasses import replace
from typing import Any

import pytest
from support.alerts import CHAIN, KEY, SENT, make_alert, make_notice
from support.bitcoin_dialogue import (
    THERE,
    facts,
    hang_ups,
    make_node,
    make_peer_version,
    meet,
    sent,
    state_of,
    timers,
    topics,
)
from support.bitcoin_pump import STARTED_AT, Pump

from blockchain_lab.base.actions import SendAlert
from blockchain_lab.base.effects import CancelTimer, Effect, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin import alert_relay
from blockchain_lab.bitcoin.alert import FINAL_ALERT, MAXIMUM, get_name, sign_notice
from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.messages import Alert, Inv, Verack
from blockchain_lab.bitcoin.node import BitcoinNode

HOUR = 3_600 * SECOND


def make_old_node(era: str = "2014", peers: int = 3, **values: Any) -> BitcoinNode:
    """A node that believes what our key has signed, and peers 2, 4, 6, ... who say nothing."""
    node = make_node(**{"policy": {"era": era}, "chain": CHAIN, **values})
    for number in range(1, peers + 1):
        meet(node, 2 * number)
    return node


def hear(node: BitcoinNode, alert: Alert, conn: int = 2, now: int = 0) -> list[Effect]:
    """A peer sends an alert."""
    return node.on_message(conn, alert, now)


def told(effects: list[Effect]) -> list[int]:
    """To whom an alert was sent."""
    return [effect.conn for effect in effects if isinstance(getattr(effect, "message", None), Alert)]


def get_ids(node: BitcoinNode) -> list[int]:
    """Numbers of the alerts that count."""
    return [
        notice.id for notice in (alert.notice for alert in node.side_talks.alerts.alerts.values()) if notice
    ]


def get_warning(node: BitcoinNode, now: int = 0) -> str:
    """What its user reads."""
    return node.side_talks.alerts.get_warning(node._get_moment(now))


def test_an_alert_is_believed_and_passed_on_to_all_others_once() -> None:
    """Not back to its sender; and when they send it, too, nothing happens any more."""
    node, alert = make_old_node(), make_alert(7, status_bar="upgrade")

    effects = hear(node, alert)

    assert {
        "id": 7,
        "text": "upgrade",
        "priority": 100,
        "expiration": STARTED_AT + 7_200,
        "applies": True,
    } == facts(effects, "alert accepted")
    assert [4, 6] == told(effects)
    assert [alert, alert] == sent(effects)
    before = state_of(node)
    assert [[], [], []] == [hear(node, alert, conn) for conn in (2, 4, 6)]
    assert before == state_of(node)


BAD = {
    "forged": (replace(make_alert(), signature=make_alert(8).signature), "signature: not by the holder"),
    "of another key": (sign_notice(make_notice(), PrivateKey(8)), "signature: not by the holder"),
    "expired": (make_alert(expiration=STARTED_AT), "expiration: it expired at 1300000000"),
    "the last but another one": (make_alert(MAXIMUM), "kept for the last alert"),
    "no notice": (Alert(b"?", KEY.sign(bytes.fromhex("8b" * 32))), "signature"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_alert_costs_its_sender_ten_points(kind: str) -> None:
    """It changes nothing else, and goes no further. The tenth is the end."""
    (alert, reason), node = BAD[kind], make_old_node()

    effects = hear(node, alert)

    assert ["alert refused", "peer misbehaved"] == topics(effects)
    assert reason in facts(effects, "alert refused")["reason"]
    assert ([], []) == (told(effects), hang_ups(effects))
    assert 10 == node.peers[2].score
    for _ in range(8):
        assert [] == hang_ups(hear(node, alert))
    assert [2] == [effect.conn for effect in hang_ups(hear(node, alert))]
    assert [] == get_ids(node)


@pytest.mark.parametrize("kind", BAD)
def test_in_2010_a_bad_alert_was_dropped_and_its_sender_was_not(kind: str) -> None:
    """There were no points yet."""
    node = make_old_node("2010")

    for _ in range(20):
        assert [] == hang_ups(hear(node, BAD[kind][0]))


@pytest.mark.parametrize("changes", [{"cancel": 7}, {"cancelled": (3, 7)}], ids=["up to", "by number"])
def test_a_later_alert_cancels_an_earlier_one_in_either_order(changes: dict[str, Any]) -> None:
    """First 7, then 8, which cancels it; or 8 first: then 7 is refused, and its sender loses points."""
    seven, eight = make_alert(7), make_alert(8, **changes)
    one, other = make_old_node(), make_old_node()

    hear(one, seven)
    cancelling = hear(one, eight)
    hear(other, eight)
    late = hear(other, seven, 4)

    assert {"id": 7, "text": "alert 7", "by": 8} == facts(cancelling, "alert cancelled")
    assert CancelTimer(alert_relay.get_timer(get_name(seven))) in cancelling
    assert [8] == get_ids(one) == get_ids(other)
    assert "id: alert 7 is cancelled by alert 8" == facts(late, "alert refused")["reason"]
    assert ([], 10) == (told(late), other.peers[4].score)


def test_what_an_expired_alert_has_cancelled_may_come_back() -> None:
    """8 counts for an hour only. Then 7, which is still good, is believed by who has never seen it."""
    node = make_old_node()
    hear(node, make_alert(8, cancel=7, expiration=STARTED_AT + 3_600))

    refused = hear(node, make_alert(7), 4)
    effects = hear(node, make_alert(7), 4, now=HOUR)

    assert ["alert refused", "peer misbehaved"] == topics(refused)
    assert ["alert dropped", "alert accepted"] == topics(effects)
    assert [7] == get_ids(node)


def test_two_alerts_of_one_number_are_two() -> None:
    """They conflict only if one says so."""
    node = make_old_node()
    hear(node, make_alert(7, status_bar="all is well"))
    hear(node, make_alert(7, status_bar="upgrade", priority=200))

    assert [7, 7] == get_ids(node)
    assert "upgrade" == get_warning(node)


def test_of_two_that_cancel_each_other_the_last_one_counts() -> None:
    """And neither is sent again to who has had it: so it ends."""
    node = make_old_node()
    one, other = make_alert(7, cancel=7), make_alert(7, cancel=7, status_bar="the contrary")
    hear(node, one)

    effects = hear(node, other, 4)

    assert ["alert cancelled", "alert accepted"] == topics(effects)
    assert [2, 6] == told(effects)
    assert [] == hear(node, one, 2) == hear(node, one, 6)
    again = meet_late(node, 8)
    assert [other] == [message for message in sent(again) if isinstance(message, Alert)]
    assert [] == told(hear(node, one, 8)), "who has had the first is not told of it again"
    assert "alert 7" == get_warning(node)


def meet_late(node: BitcoinNode, conn: int, now: int = 0, **version: Any) -> list[Effect]:
    """One more peer."""
    node.on_connected(conn, THERE, False, now)
    node.on_message(conn, make_peer_version(**version), now)
    return node.on_message(conn, Verack(), now)


def test_a_refused_alert_has_cancelled_others_all_the_same() -> None:
    """As in ProcessAlert: first those go that it cancels, then it is asked whether it is cancelled itself."""
    node = make_old_node()
    hear(node, make_alert(5))
    hear(node, make_alert(9, cancelled=(7,)))

    effects = hear(node, make_alert(7, cancel=6))

    assert ["alert cancelled", "alert refused", "peer misbehaved"] == topics(effects)
    assert [9] == get_ids(node)


@pytest.mark.parametrize(
    ("changes", "applies", "told_at_once", "told_later"),
    [
        ({}, True, [4, 6], [4, 6]),
        ({"maximum_version": 60_000}, False, [4, 6], [6]),
        ({"user_agents": ("/old:1/",)}, False, [4, 6], [6]),
        ({"user_agents": ("/Satoshi:0.9.2/",)}, True, [4, 6], [4, 6]),
        ({"minimum_version": 80_000}, False, [4, 6], []),
    ],
)
def test_whom_an_alert_concerns(
    changes: dict[str, Any], applies: bool, told_at_once: list[int], told_later: list[int]
) -> None:
    """Until `relay_until` all are told; then only those whom it concerns, or all if it concerns us."""
    notes, passed_on = [], []
    for now in (0, HOUR):
        node = make_old_node(peers=2)
        meet_late(node, 6, version=60_000, user_agent="/old:1/")
        effects = hear(node, make_alert(7, **changes), now=now)
        notes.append(facts(effects, "alert accepted")["applies"])
        passed_on.append(told(effects))

    assert [applies, applies] == notes
    assert [told_at_once, told_later] == passed_on
    assert ("alert 7" if applies else "") == get_warning(node)


def test_who_connects_is_told_of_all_that_count() -> None:
    """Not of a cancelled one, nor of one that has expired."""
    node = make_old_node()
    good = make_alert(9, cancelled=(7,))
    for alert in (make_alert(7), make_alert(8, expiration=STARTED_AT + 60), good):
        hear(node, alert)

    assert [good] == [
        message for message in sent(meet_late(node, 8, 60 * SECOND)) if isinstance(message, Alert)
    ]


def test_an_alert_is_shown_until_it_expires() -> None:
    """The most urgent one that concerns the program; a timer ends it to the second."""
    node = make_old_node()
    hear(node, make_alert(7))
    effects = hear(node, make_alert(8, priority=5_000, expiration=STARTED_AT + 60), now=SECOND // 2)
    timer = TimerName(
        "alert", about=get_name(make_alert(8, priority=5_000, expiration=STARTED_AT + 60)).hex()
    )

    assert 60 * SECOND - SECOND // 2 == timers(effects)[timer]
    assert "alert 8" == get_warning(node)
    ended = node.on_timer(timer, 60 * SECOND)
    assert {"id": 8, "text": "alert 8", "reason": "expired"} == facts(ended, "alert dropped")
    assert "alert 7" == get_warning(node)


def test_the_last_alert_overrides_all_others() -> None:
    """On the main network, with the real key: Heartbleed is cancelled, nothing is believed after it."""
    heartbleed = Alert.decode(bytes.fromhex(SENT[1041]))
    node = make_old_node(chain={"network": "mainnet"}, started_at=1_397_300_000)

    hear(node, heartbleed)
    effects = hear(node, FINAL_ALERT)

    assert 1041 == facts(effects, "alert cancelled")["id"]
    assert {} == timers(effects), "it never expires"
    assert [MAXIMUM] == get_ids(node)
    assert "URGENT: Alert key compromised, upgrade required" == get_warning(node)
    meet_late(node, 8)
    assert f"cancelled by alert {MAXIMUM}" in facts(hear(node, heartbleed, 8), "alert refused")["reason"]


@pytest.mark.parametrize(
    ("era", "theirs", "expected"),
    [
        ("today", 70_012, [FINAL_ALERT]),
        ("plain", 60_002, [FINAL_ALERT]),
        ("today", 70_013, []),
        ("2014", 70_002, []),
    ],
)
def test_today_old_peers_are_sent_the_last_alert(era: str, theirs: int, expected: list[Alert]) -> None:
    """And nobody is listened to: an alert is an unknown word."""
    node = make_node(policy={"era": era}, chain=CHAIN)

    assert expected == [each for each in sent(meet_late(node, 2, version=theirs)) if isinstance(each, Alert)]
    if era != "2014":
        assert [] == hear(node, make_alert())


def test_nobody_can_fill_a_node_with_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest one makes room; who has which is forgotten even later."""
    monkeypatch.setattr(alert_relay, "MOST_ALERTS", 3)
    monkeypatch.setattr(alert_relay, "MOST_REMEMBERED", 5)
    node = make_old_node()

    effects = [hear(node, make_alert(number)) for number in range(1, 8)]

    assert [5, 6, 7] == get_ids(node)
    assert {"id": 4, "text": "alert 4", "reason": "made room"} == facts(effects[-1], "alert dropped")
    assert 5 == len(node.side_talks.alerts.known_to)


def test_who_is_gone_is_forgotten() -> None:
    """A number of a connection is never used again, but memory is."""
    node = make_old_node()
    hear(node, make_alert())

    node.on_disconnected(4, "reset", 0)

    assert [[2, 6]] == [list(known) for known in node.side_talks.alerts.known_to.values()]


# --- A network of them ----------------------------------------------------------------------------------


def make_row(*eras: str) -> Pump:
    """Nodes in a row, each connected to the one before."""
    pump = Pump()
    for number, era in enumerate(eras):
        pump.add(f"n{number}", (f"n{number - 1}",) if number else (), policy={"era": era}, chain=CHAIN)
    pump.run(until=SECOND)
    return pump


def test_an_alert_goes_through_a_network_of_its_time() -> None:
    """One message to each; the eras that do not know it are the end of its way."""
    pump = make_row("2014", "2010", "lecture", "today", "2014")

    pump.do("n0", SendAlert("n0", make_alert().encode().hex()))
    pump.run(until=2 * SECOND)

    ours = [(a, b) for a, b, what in pump.sent if what == make_alert()]
    assert [("n0", "n1"), ("n1", "n2"), ("n2", "n3")] == ours
    assert ["n0", "n1", "n2"] == [who for who, topic, _ in pump.notes if topic == "alert accepted"]
    assert [] == pump.hang_ups


def test_what_is_known_is_not_published_again() -> None:
    """Not even by whom it would cancel itself."""
    node, command = make_old_node(), SendAlert("ann", make_alert(7, cancel=7).encode().hex())

    assert [2, 4, 6] == told(node.on_command(command, 0))
    assert [] == node.on_command(command, 0)


def test_a_learner_may_send_what_nobody_believes() -> None:
    """How else could a forged alert be seen? It goes one step, and is refused there."""
    pump = make_row("2014", "2014", "2014")
    forged, _ = BAD["forged"]

    pump.do("n1", SendAlert("n1", forged.encode().hex()))
    pump.run(until=2 * SECOND)

    refused = [who for who, topic, _ in pump.notes if topic == "alert refused"]
    assert ["n1", "n0", "n2"] == refused
    assert 2 == sum(what == forged for _, _, what in pump.sent)


def test_a_newcomer_of_today_is_no_place_for_alerts_but_may_send_one() -> None:
    """It sends what the learner hands it, and believes nothing itself."""
    node = make_old_node("today")

    effects = node.on_command(SendAlert("ann", make_alert().encode().hex()), 0)

    assert [2, 4, 6] == told(effects)
    assert [] == topics(effects)


@pytest.mark.parametrize("raw", ["xyz", "00", Inv(()).encode().hex(), make_alert().encode().hex() + "00"])
def test_what_is_no_alert_cannot_be_sent(raw: str) -> None:
    """The command is refused before anything happens."""
    node = make_old_node()
    before = state_of(node)

    assert "SendAlert.raw_hex: " in str(node.find_problem(SendAlert("ann", raw), 0))
    with pytest.raises(UsageError, match="SendAlert"):
        node.on_command(SendAlert("ann", raw), 0)
    assert before == state_of(node)
