"""Gossip among peers that are silent, lie, or send what nobody can read: the honest still hear it all."""

import re

import pytest
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import Publish, SetPolicy
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import HangUp, Note, Send, SendTo
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_faulty import LIE, MADE_UP
from blockchain_lab.overlay.gossip_messages import (
    Graft,
    Have,
    IHave,
    Item,
    Prune,
    Pull,
    Rumour,
    Want,
    announce,
)
from blockchain_lab.overlay.reconcile_messages import Differ, Reconcile, Sketch
from blockchain_lab.overlay.sketch import Cell
from blockchain_lab.overlay.theory_gossip import compute_coverage
from blockchain_lab.overlay.topologies import k_out

HERE, BOB, CAT = Address("10.0.0.1", 1), Address("10.0.0.2", 1), Address("10.0.0.3", 1)
LINE, LATE = 3, 5  # odd: they have dialled us


def make_node(protocol: str, **policy: int) -> GossipNode:
    """A node that knows Bob and Cat; on lines Bob has dialled it."""
    contacts = {"ann": HERE, "bob": BOB, "cat": CAT}
    policy_of = {"protocol": protocol, **policy}
    node = GossipNode(Setup("ann", HERE, (), CounterRandom(1), policy=policy_of, contacts=contacts))
    node.on_start(0)
    if protocol in ("flood", "inv", "erlay", "plumtree"):
        node.on_connected(LINE, BOB, True, 0)
    return node


def reasons(effects: list) -> list[str]:
    """Of what a node complains."""
    return [e.facts["reason"] for e in effects if isinstance(e, Note) and e.topic == "peer misbehaved"]


def sent(effects: list) -> list[Message]:
    """What a node says."""
    return [effect.message for effect in effects if isinstance(effect, Send | SendTo)]


def play_with(kind: str, protocol: str, peers: int, *, lines: int = 8, **policy: int) -> Pump:
    """Every second peer is of another kind; the first one, which is honest, publishes."""
    names = make_names(peers)
    edges = tuple(k_out(names, lines, seed=1)) if lines else ()
    kinds = dict.fromkeys(names[1::2], kind)
    pump = Pump(names, {"protocol": protocol, **policy}, edges, kinds=kinds, is_counting=False)
    pump.run(2)
    pump.publish("p0", "the truth")
    return pump


def count_told(pump: Pump) -> float:
    """The share of the honest that has heard of it."""
    name = Item("the truth").name
    return sum(name in pump.nodes[peer].ground.items for peer in pump.honest) / len(pump.honest)


@pytest.mark.parametrize("kind", ["gossip-silent", "gossip-liar"])
@pytest.mark.parametrize("protocol", ["flood", "inv", "erlay", "plumtree"])
def test_half_of_the_peers_cannot_keep_news_from_the_rest(protocol: str, kind: str) -> None:
    """8 lines dialled, 100 peers, every second one silent or lying: what connects the honest is enough.

    Each hop may cost a patience for each liar that was asked first; Erlay waits for comparisons besides.
    """
    pump = play_with(kind, protocol, 100, announce_to=2, patience=500_000)
    pump.run(60)

    assert 1.0 == count_told(pump)
    lied = {LIE in item.item.text for name in pump.honest for item in pump.nodes[name].ground.items.values()}
    assert lied == ({False} if kind == "gossip-silent" or protocol in ("inv", "erlay") else {False, True})


@pytest.mark.parametrize("kind", ["gossip-silent", "gossip-liar"])
def test_half_of_the_peers_halve_the_fanout(kind: str) -> None:
    """Push once, F = 8, 1,000 peers: the honest hear of it as if F were 4. Within 0.02."""
    pump = play_with(kind, "push-once", 1_000, lines=0, fanout=8)
    pump.run(10)

    assert compute_coverage(8, loss=0.5) == pytest.approx(count_told(pump), abs=0.02)


@pytest.mark.parametrize("kind", ["gossip-silent", "gossip-liar"])
@pytest.mark.parametrize("protocol", ["push", "pull", "push-pull"])
def test_half_of_the_peers_double_the_rounds_at_most(protocol: str, kind: str) -> None:
    """400 peers, every second call to no avail: everybody hears in twice the honest rounds, and four."""
    honest = play_with("gossip", protocol, 400, lines=0, hot_rounds=60)
    mixed = play_with(kind, protocol, 400, lines=0, hot_rounds=60)
    rounds = 0
    while rounds < 40 and count_told(honest) < 1:
        honest.run(1)
        rounds += 1
    mixed.run(2 * rounds + 4)

    assert 0 < rounds < 40
    assert 1.0 == count_told(mixed)


def test_an_item_that_nobody_asked_for_is_not_looked_at() -> None:
    """inv: neither before it was announced, nor another one than was asked for; the right one comes late."""
    node, item = make_node("inv"), Item("news")
    node.on_connected(LATE, CAT, True, 0)
    unasked = node.on_message(LINE, item, 1)
    asked = node.on_message(LINE, Have((item.name,)), 2)
    other = node.on_message(LINE, Item("something else"), 3)
    node.on_message(LATE, Have((item.name,)), 4)
    again = node.on_timer(next(e.name for e in asked if hasattr(e, "name")), 5)
    late = node.on_message(LINE, item, 6)
    second = node.on_message(LATE, item, 7)
    third = node.on_message(LATE, item, 8)

    assert ["item: nobody asked for it"] == reasons(unasked) == reasons(other)
    assert [Want((item.name,))] == sent(asked)
    assert [Send(LATE, Want((item.name,)))] == [e for e in again if isinstance(e, Send)]
    assert [] == reasons(late), "it was asked for, though long ago"
    assert [] == reasons(second), "so was the other one, and is no liar for answering"
    assert 1 == node.ground.duplicates
    assert ["item: nobody asked for it"] == reasons(third)
    assert [item.name] == list(node.ground.items)


def test_only_who_was_asked_is_believed_in_a_pull() -> None:
    """An answer from another address than we have called is noted, with that address."""
    node = make_node("pull")
    (question,) = [e for e in node.on_timer(node.on_start(0)[0].name, 1_000_000) if isinstance(e, SendTo)]
    stranger = CAT if question.address == BOB else BOB
    refused = node.on_datagram(stranger, Item("news"), 2)
    taken = node.on_datagram(question.address, Item("news"), 3)

    assert ["item: nobody asked for it"] == reasons(refused)
    assert {"conn": -1, "from": f"{stranger.ip}:1", "reason": refused[0].facts["reason"]} == refused[0].facts
    assert [] == reasons(taken)
    assert 1 == len(node.ground.items)


def test_a_question_costs_at_most_twenty_items() -> None:
    """Whoever asks with nothing gets the newest twenty, not megabytes."""
    node = make_node("pull")
    for number in range(50):
        node.on_command(Publish("ann", f"item {number}"), 0)
    answers = sent(node.on_datagram(BOB, Pull(bytes(8), b"\xff" * 8, ()), 1))

    assert [f"item {number}" for number in range(49, 29, -1)] == [item.text for item in answers]
    names = sorted(node.ground.items)
    only = Pull(names[3][:8], names[6][:8], (names[4][:8],))
    assert {names[3], names[5]} == {item.name for item in sent(node.on_datagram(BOB, only, 2))}


def test_a_rumour_that_has_come_too_far_is_a_lie() -> None:
    """TTL 3: a fourth hop, or none at all, cannot be."""
    node = make_node("push-once", ttl=3, fanout=2)

    assert ["rumour: 4 hops, wanted 1 to 3"] == reasons(node.on_datagram(BOB, Rumour(4, Item("a")), 0))
    assert ["rumour: 0 hops, wanted 1 to 3"] == reasons(node.on_datagram(BOB, Rumour(0, Item("a")), 0))
    assert [] == sent(node.on_datagram(BOB, Rumour(3, Item("a")), 0)), "the last hop is heard, not passed on"
    assert 2 == len(sent(node.on_datagram(BOB, Rumour(2, Item("b")), 0)))


@pytest.mark.parametrize(("protocol", "message"), [("inv", Have), ("erlay", Have), ("plumtree", IHave)])
def test_promises_are_counted(protocol: str, message: type) -> None:
    """A peer that announces without end what it never sends takes no more memory than its share."""
    node = make_node(protocol)
    complaints = []
    for number in range(1_001):
        name = number.to_bytes(32, "big")
        complaints += reasons(node.on_message(LINE, Have((name,)) if message is Have else IHave(1, name), 0))

    assert [f"{message.command}: over 1000 items announced and not sent"] == complaints


def test_words_of_a_comparison_have_their_turn() -> None:
    """The dialled side does not ask, nobody answers what was not asked, and nonsense is only noted."""
    node = make_node("erlay")
    node.on_connected(2, CAT, False, 0)

    assert ["sketch: it is not its turn"] == reasons(node.on_message(LINE, Sketch(()), 0))
    assert ["differ: it is not its turn"] == reasons(node.on_message(LINE, Differ(True), 0))
    assert ["reconcile: it is not its turn"] == reasons(node.on_message(2, Reconcile(1, 0), 0))
    assert ["sketch: it is not its turn"] == reasons(node.on_message(2, Sketch(()), 0))
    node.on_command(Publish("ann", "news"), 1)
    (sketch,) = sent(node.on_message(LINE, Reconcile(7, 0), 2))
    unheard_of = node.on_message(LINE, Differ(True, (1, 2)), 3)
    assert len(sketch.cells) > 0
    assert ["differ: 2 short names that are not ours"] == reasons(unheard_of)
    (timer,) = [e.name for e in node.on_connected(4, BOB, False, 4) if hasattr(e, "name")]
    node.on_timer(timer, 5)
    odd = node.on_message(4, Sketch((Cell(1, 2, 3),) * 4), 6)
    assert ["sketch: 4 cells, wanted a multiple of 3"] == reasons(odd)


@pytest.mark.parametrize(
    ("protocol", "word"),
    [
        ("flood", Have((bytes(32),))),
        ("inv", Rumour(1, Item("a"))),
        ("inv", Prune()),
        ("erlay", Graft()),
        ("plumtree", Want((bytes(32),))),
    ],
)
def test_words_of_another_protocol_are_noted(protocol: str, word: Message) -> None:
    """They change nothing."""
    node = make_node(protocol)

    assert [f"{word.command}: this protocol has no such word"] == reasons(node.on_message(LINE, word, 0))
    assert {} == node.ground.items


@pytest.mark.parametrize("protocol", ["push-once", "push", "pull", "push-pull"])
def test_calls_of_another_protocol_are_noted(protocol: str) -> None:
    """Nobody is hung up on: there is no line."""
    effects = make_node(protocol).on_datagram(BOB, Prune(), 0)

    assert ["prune: this protocol has no such word"] == reasons(effects)
    assert 1 == len(effects)


def test_unreadable_bytes_end_a_line_and_are_noted_of_a_call() -> None:
    """Anybody can send a datagram under any address; a line's end is known. Unknown words are ignored."""
    noise = Malformed("have", "names: no", b"", fatal=False)
    node = make_node("inv")
    node.on_message(LINE, Have((bytes(32),)), 0)
    effects = node.on_message(LINE, noise, 1)

    assert ["names: no"] == reasons(effects)
    assert HangUp(LINE, "names: no") in effects
    assert {} == node.ground.lines
    assert ["names: no"] == reasons(make_node("pull").on_datagram(BOB, noise, 0))
    assert [] == make_node("inv").on_message(LINE, Unknown("hello", b""), 0)
    assert [] == make_node("pull").on_datagram(BOB, Unknown("hello", b""), 0)


def test_a_liar_s_words_are_well_formed_and_not_so() -> None:
    """It announces three names of nothing before each true one, and denies what it passes on."""
    pump = Pump(["ann", "liz"], {"protocol": "inv"}, (("ann", "liz"),), kinds={"liz": "gossip-liar"})
    pump.run(1)
    pump.publish("liz", "fire")
    pump.run(20)
    want = 24 + 2 + 32 * (1 + MADE_UP)  # bytes: envelope, count, names

    assert (1, want) == (pump.count["want"], pump.size["want"]), "all in one question, and never again"
    assert {} == pump.nodes["ann"].ground.items
    assert {"item: nobody asked for it"} == {facts["reason"] for _, _, facts in pump.notes}


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ({"protocol": "shout"}, r"policy.protocol: found 'shout', accepted: push-once, push, pull"),
        ({"fanout": 0}, "policy.fanout: found 0, accepted: a whole number from 1 on"),
        ({"ttl": 255}, "policy.ttl: found 255, accepted: 0 to 254"),
        ({"every": "often"}, "policy.every: found 'often', accepted: a whole number from 1 on"),
        ({"among": "friends"}, "policy.among: found 'friends', accepted: everybody, neighbours"),
        ({"speed": 1}, "policy.speed: unknown key, accepted: protocol, among, fanout"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(policy: dict, problem: str) -> None:
    """With the key and what is accepted."""
    with pytest.raises(UsageError, match=re.escape(problem)):
        GossipNode(Setup("ann", HERE, (), CounterRandom(1), policy=policy))


def test_news_must_be_new_and_fit_into_a_datagram() -> None:
    """Asked before the command is recorded; a disk must hold texts; a knob reaches the policy."""
    node = make_node("push-once")
    node.on_command(Publish("ann", "old"), 0)

    assert "ann has heard of 'old' already" == node.find_problem(Publish("ann", "old"), 0)
    assert "a text of 1001 bytes; wanted at most 1000" == node.find_problem(Publish("ann", "x" * 1_001), 0)
    assert None is node.find_problem(Publish("ann", "new"), 0)
    assert {"items": ["old"]} == node.stored()
    node.setup.policy["fanout"] = 1
    node.on_command(SetPolicy("ann", "fanout", 1), 0)
    assert 1 == len(sent(node.on_command(Publish("ann", "new"), 0)))
    with pytest.raises(UsageError, match=r"disk\.items: found 7, accepted: a list of texts"):
        GossipNode(Setup("ann", HERE, (), CounterRandom(1), disk={"items": 7}))


def test_who_announces_for_ever_is_forgotten_piece_by_piece() -> None:
    """Each patience a thousand new names of nothing: what a node remembers of them does not grow."""
    node = make_node("inv")
    for batch in range(4):
        names = tuple((1_000 * batch + number).to_bytes(32, "big") for number in range(1_000))
        effects = [each for have in announce(names) for each in node.on_message(LINE, have, batch)]
        assert [Want(have.names) for have in announce(names)] == sent(effects)
        for name in [effect.name for effect in effects if hasattr(effect, "name")]:
            node.on_timer(name, batch)

    fetching = node.protocol.names.fetching
    assert [1_000, 0, 0] == [len(fetching.asked[LINE]), len(fetching.promised[LINE]), len(fetching.wanted)]


def test_who_has_failed_once_is_not_asked_before_the_others() -> None:
    """Bob announces again and again what he does not send: Cat and Dan, who come later, get their turns."""
    node, item, dan = make_node("inv"), Item("news"), 7
    for conn in (LATE, dan):
        node.on_connected(conn, CAT, True, 0)
    (timer,) = [e.name for e in node.on_message(LINE, Have((item.name,)), 0) if hasattr(e, "name")]
    asked = []
    for conn in (LATE, dan):
        node.on_message(conn, Have((item.name,)), 1)
    for now in (2, 3, 4):
        asked += [effect.conn for effect in node.on_timer(timer, now) if isinstance(effect, Send)]
        node.on_message(LINE, Have((item.name,)), now)

    assert [LATE, dan, LINE] == asked, "Bob again is better than nobody"
