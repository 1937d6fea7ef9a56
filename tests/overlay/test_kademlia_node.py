"""One node by hand: what it answers, whom it believes, what it does about silence, what it keeps."""

from typing import Any

import pytest

from blockchain_lab.base.actions import FindProviders, GetValue, LookUp, PutValue, SetPolicy
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Unknown
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import HOUR, SECOND, Address
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import address_to_id, hash_to_id, id_to_hex
from blockchain_lab.overlay.kademlia_messages import (
    AddProvider,
    AskProviders,
    FindNode,
    FindValue,
    FoundNodes,
    FoundValue,
    NodePing,
    NodePong,
    Providers,
    Store,
    Stored,
)
from blockchain_lab.overlay.kademlia_node import KEEPING_TIMER, KademliaNode

BOB, CAT, EVE = (Address("10.0.0.2", 1), Address("10.0.0.3", 1), Address("10.0.0.66", 1))
ANN = hash_to_id("ann")
DAY = 24 * HOUR


def make(disk: dict[str, Any] | None = None, **policy: Any) -> KademliaNode:
    """Ann, who knows Bob's and Cat's addresses."""
    contacts = {"ann": Address("10.0.0.1", 1), "bob": BOB, "cat": CAT}
    return KademliaNode(
        Setup("ann", contacts["ann"], (), CounterRandom(7), policy=policy, disk=disk or {}, contacts=contacts)
    )


def sent(effects: list[Effect]) -> list[tuple[Address, Any]]:
    """What goes out."""
    return [(effect.address, effect.message) for effect in effects if isinstance(effect, SendTo)]


def topics(effects: list[Effect]) -> list[str]:
    """What is noted."""
    return [effect.topic for effect in effects if isinstance(effect, Note)]


def get_reason(effects: list[Effect]) -> str:
    """What somebody did wrong, and nothing else comes of it."""
    (note,) = [effect for effect in effects if not isinstance(effect, CancelTimer)]
    assert isinstance(note, Note) and note.topic == "peer misbehaved"
    return str(note.facts["reason"])


def introduce(node: KademliaNode, name: str, address: Address) -> Contact:
    """Somebody pings the node and is learned."""
    node.on_datagram(address, NodePing(1, hash_to_id(name)), 0)
    return Contact(hash_to_id(name), address)


def test_who_asks_is_answered_and_learned() -> None:
    """Ping, and the closest contacts without the one who asks."""
    ann = make()
    bob = introduce(ann, "bob", BOB)

    effects = ann.on_datagram(CAT, FindNode(5, hash_to_id("cat"), bob.id), 0)
    assert [(CAT, FoundNodes(5, ANN, (bob,)))] == sent(effects)
    assert ["contact added"] == topics(effects)
    assert [(BOB, NodePong(6, ANN))] == sent(ann.on_datagram(BOB, NodePing(6, bob.id), 0))
    ((_, answer),) = sent(ann.on_datagram(BOB, FindNode(7, bob.id, ANN), 0))
    assert [hash_to_id("cat")] == [contact.id for contact in answer.contacts]


def test_joining_is_a_ping_then_a_lookup_of_our_own_id_then_the_far_buckets() -> None:
    """Of the bootstrap only the address is known."""
    ann = make(bootstrap=["bob"])
    ((to, ping),) = sent(ann.on_start(0))
    assert (BOB, NodePing) == (to, type(ping))

    effects = ann.on_datagram(BOB, NodePong(ping.nonce, hash_to_id("bob")), 9)
    ((to, question),) = sent(effects)
    assert (BOB, FindNode(question.nonce, ANN, ANN)) == (to, question)
    assert ["contact added", "lookup started", "lookup asked"] == topics(effects)

    done = ann.on_datagram(BOB, FoundNodes(question.nonce, hash_to_id("bob"), ()), 19)
    assert ["lookup answered", "lookup finished", "joined"] == topics(done)[:3]


def test_a_bootstrap_that_is_silent_is_asked_again() -> None:
    """Ten seconds later."""
    ann = make(bootstrap=["bob"])
    (timer,) = [effect.name for effect in ann.on_start(0) if isinstance(effect, SetTimer)]

    (again,) = ann.on_timer(timer, SECOND)
    assert isinstance(again, SetTimer) and 10 * SECOND == again.after
    assert [BOB] == [to for to, _ in sent(ann.on_timer(again.name, 11 * SECOND))]


def test_a_node_remembers_its_contacts_when_it_is_switched_on_again() -> None:
    """So it needs no bootstrap; and what it publishes it publishes anew."""
    ann = make()
    introduce(ann, "bob", BOB)
    ann.on_command(PutValue("ann", "song", "la"), 0)
    again = make(disk=ann.stored())

    effects = again.on_start(0)
    ((to, question),) = sent(effects)
    assert (BOB, ANN) == (to, question.target)
    done = again.on_datagram(BOB, FoundNodes(question.nonce, hash_to_id("bob"), ()), 19)
    assert hash_to_id("song") in [message.target for _, message in sent(done)]


def test_who_remembers_only_dead_contacts_asks_its_bootstrap() -> None:
    """And does not forget them: it may be its own line that is down."""
    disk = {"contacts": [[id_to_hex(hash_to_id("cat")), *CAT]]}
    ann = make(disk=disk, bootstrap=["bob"])
    (timer,) = [effect.name for effect in ann.on_start(0) if isinstance(effect, SetTimer)]

    effects = ann.on_timer(timer, SECOND)
    assert [BOB] == [to for to, _ in sent(effects)]
    assert disk["contacts"] == ann.stored()["contacts"]


def test_two_bootstraps_make_one_join() -> None:
    """Cat answers after the lookup through Bob is over: she is learned, and nothing begins anew."""
    ann = make(bootstrap=["bob", "cat"])
    (_, to_bob), (_, to_cat) = sent(ann.on_start(0))
    ((_, question),) = sent(ann.on_datagram(BOB, NodePong(to_bob.nonce, hash_to_id("bob")), 1))
    ann.on_datagram(BOB, FoundNodes(question.nonce, hash_to_id("bob"), ()), 2)

    effects = ann.on_datagram(CAT, NodePong(to_cat.nonce, hash_to_id("cat")), 3)
    assert [["contact added"], []] == [topics(effects), sent(effects)]


def test_answers_that_nobody_asked_for_are_ignored() -> None:
    """A nonce of one's own, a right one from elsewhere, a right one twice: they teach us nothing."""
    ann = make(bootstrap=["bob"])
    ((_, ping),) = sent(ann.on_start(0))
    pong = NodePong(ping.nonce, hash_to_id("bob"))

    assert "nobody asked for its node-pong" == get_reason(ann.on_datagram(BOB, NodePong(1, pong.sender), 1))
    assert "nobody asked for its node-pong" == get_reason(ann.on_datagram(EVE, pong, 1))
    assert [0, 1] == [len(ann.table), len(ann.search.requests.waiting)]
    ann.on_datagram(BOB, pong, 1)
    assert "nobody asked for its node-pong" == get_reason(ann.on_datagram(BOB, pong, 2))


def test_an_answer_must_fit_its_question_and_come_from_whom_it_was_asked() -> None:
    """Another id, another kind of answer: as good as silence."""
    for answer, reason in [
        (lambda nonce: FoundNodes(nonce, hash_to_id("eve"), ()), "answers with another id"),
        (lambda nonce: NodePong(nonce, hash_to_id("bob")), "node-pong is no answer to find-node"),
        (lambda nonce: FoundValue(nonce, hash_to_id("bob"), 0, b""), "found-value is no answer to find-node"),
    ]:
        ann = make()
        introduce(ann, "bob", BOB)
        ((_, question),) = sent(ann.on_command(LookUp("ann", "x"), 0))
        effects = ann.on_datagram(BOB, answer(question.nonce), 1)
        notes = {effect.topic: effect.facts for effect in effects if isinstance(effect, Note)}

        assert notes["peer misbehaved"]["reason"].startswith(reason)
        assert [1, []] == [notes["lookup finished"]["silent"], notes["lookup finished"]["closest"]]


def test_nonsense_is_noted_and_strangers_words_are_not() -> None:
    """Nothing raises, nobody is learned; a word of another protocol is none of our business."""
    ann = make(checks_ids=True)
    cut = Malformed("find-node", "target: wanted 20 bytes at 26, found 3", b"", fatal=False)

    assert "malformed find-node: target" in get_reason(ann.on_datagram(EVE, cut, 0))
    assert "claims to have our id" == get_reason(ann.on_datagram(EVE, NodePing(1, ann.own.id), 0))
    assert "its id does not belong to its address" == get_reason(ann.on_datagram(EVE, NodePing(1, 5), 0))
    assert [] == ann.on_datagram(EVE, Unknown("salute", b""), 0)
    assert 0 == len(ann.table)
    ann.on_datagram(EVE, NodePing(1, address_to_id(EVE)), 0)
    assert 1 == len(ann.table)


def test_contacts_that_are_only_told_of_do_not_enter_the_table() -> None:
    """They are asked; who answers is learned. Where ids are checked, made-up ones are not even asked."""
    ann = make(alpha=1)
    bob = introduce(ann, "bob", BOB)
    made_up = Contact(ANN ^ 1, EVE)
    ((_, question),) = sent(ann.on_command(LookUp("ann", id_to_hex(ANN ^ 1)), 0))
    effects = ann.on_datagram(BOB, FoundNodes(question.nonce, bob.id, (made_up,)), 1)

    assert [EVE] == [to for to, _ in sent(effects)]
    assert [bob] == list(ann.table)


def test_a_full_bucket_is_settled_by_a_ping() -> None:
    """K = 1: Cat stands in the far bucket; when she is silent the newcomer takes her place."""
    ann = make(k=1, keeps_neighbours=False)
    far = [ANN ^ (1 << 159) ^ number for number in range(2)]
    ann.on_datagram(EVE, NodePing(1, ANN ^ 1), 0)
    ann.on_datagram(CAT, NodePing(1, far[0]), 0)

    effects = ann.on_datagram(BOB, NodePing(1, far[1]), 0)
    (timer,) = [effect.name for effect in effects if isinstance(effect, SetTimer)]
    assert [CAT] == [to for to, message in sent(effects) if isinstance(message, NodePing)]
    assert ["contact waits", "contact checked"] == topics(effects)
    assert ["contact silent", "contact removed", "contact added"] == topics(ann.on_timer(timer, SECOND))
    assert far[1] in ann.table


def test_a_stored_value_is_given_to_who_asks_with_its_age() -> None:
    """Stored as two hours old; asked an hour later it is three hours old."""
    ann, key = make(), hash_to_id("song")
    effects = ann.on_datagram(BOB, Store(1, hash_to_id("bob"), key, 7_200, b"la"), 0)
    assert [(BOB, Stored(1, ANN))] == sent(effects)
    assert "value stored" in topics(effects)

    (_, answer), *_ = sent(ann.on_datagram(CAT, FindValue(2, hash_to_id("cat"), key), HOUR))
    assert FoundValue(2, ANN, 10_800, b"la") == answer
    ((_, other),) = sent(ann.on_datagram(CAT, FindNode(3, hash_to_id("cat"), key), HOUR))
    assert isinstance(other, FoundNodes)


def test_an_older_value_does_not_replace_a_newer_one_and_a_full_disk_takes_no_more() -> None:
    """Whoever published last is right; there is room for two."""
    ann = make(most_values=2)
    bob = hash_to_id("bob")
    for key, age, value in [
        (1, 10, b"new"),
        (1, 500, b"old"),
        (2, 0, b"x"),
        (3, 0, b"y"),
        (2, 500, b"old"),
        (1, 5, b"newer"),
    ]:
        ann.on_datagram(BOB, Store(1, bob, key, age, value), 1_000 * SECOND)

    assert {1: b"newer", 2: b"x"} == {key: kept.value for key, kept in ann.keeping.storage.values.items()}


def test_a_value_is_forgotten_a_day_after_it_was_published() -> None:
    """However often it was copied: its age travels with it."""
    ann = make()
    effects = ann.on_datagram(BOB, Store(1, hash_to_id("bob"), 9, 86_000, b"la"), 0)
    (until,) = [e.facts["until"] for e in effects if isinstance(e, Note) and e.topic == "value stored"]

    assert 400 * SECOND == until
    (timer,) = [e for e in effects if isinstance(e, SetTimer) and e.name.topic == "keeping"]
    assert 400 * SECOND == timer.after
    assert "value expired" in topics(ann.on_timer(timer.name, until))
    assert {} == ann.keeping.storage.values


def test_a_provider_speaks_for_itself_only_and_is_forgotten_after_a_day() -> None:
    """What is remembered is where the message came from."""
    ann, key, bob = make(), hash_to_id("file"), hash_to_id("bob")
    ann.on_datagram(BOB, AddProvider(1, bob, key), 0)

    ((_, answer),) = sent(ann.on_datagram(CAT, AskProviders(2, hash_to_id("cat"), key), HOUR))
    assert Providers(2, ANN, (Contact(bob, BOB),), (Contact(bob, BOB),)) == answer
    ((_, late),) = sent(ann.on_datagram(CAT, AskProviders(2, hash_to_id("cat"), key), DAY))
    assert () == late.providers
    assert ["provider expired"] == topics(ann.on_timer(KEEPING_TIMER, DAY))


def test_choices_that_cannot_be_are_refused() -> None:
    """The key and what is accepted; a knob, too."""
    for policy, problem in [
        ({"k": 0}, "policy.k: found 0"),
        ({"colour": 1}, "policy.colour: unknown key"),
        ({"id": "xyz"}, "policy.id: found 'xyz', accepted: 40 hexadecimal digits"),
        ({"bootstrap": ["nobody"]}, "policy.bootstrap: no peer"),
        ({"caches": 1}, "policy.caches: found 1"),
    ]:
        with pytest.raises(UsageError, match=problem):
            make(**policy)
    assert "policy.alpha: found 99" in str(make().find_problem(SetPolicy("ann", "alpha", 99), 0))
    assert "is over 1000" in str(make().find_problem(PutValue("ann", "x", "y" * 1_001), 0))


def test_what_a_node_keeps_itself_it_asks_nobody_for() -> None:
    """A value, and who provides something: the lookup of providers goes on, there may be more."""
    ann, bob, key = make(), hash_to_id("bob"), hash_to_id("song")
    for message in (Store(1, bob, key, 0, b"la"), AddProvider(2, bob, key)):
        ann.on_datagram(BOB, message, 0)

    effects = ann.on_command(GetValue("ann", "song"), 1)
    assert [] == sent(effects)
    (facts,) = [e.facts for e in effects if isinstance(e, Note) and e.topic == "lookup finished"]
    assert ["la", 0, 0] == [facts["value"], facts["hops"], facts["asked"]]
    ((to, _),) = sent(ann.on_command(FindProviders("ann", "song"), 1))
    (lookup,) = ann.search.lookups.values()
    assert [BOB, [bob]] == [to, list(lookup.providers)]
