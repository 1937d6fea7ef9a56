"""Builders vote on what a source builds to: two thirds, liars, lost words, and what counting is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.datagram_pump import Pump

from blockchain_lab.base.actions import Publish
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.overlay.build_messages import BuildAsk, BuildVote, get_build
from blockchain_lab.overlay.build_verifier import BuildVerifier, make_artifact
from blockchain_lab.overlay.build_vote import ACCEPTED, OPEN, REJECTED, Verdict, count_votes, is_enough
from blockchain_lab.overlay.wire import OverlayCodec

SOURCE = "left-pad 1.3"
TRUE, FALSE = make_artifact(SOURCE, ""), make_artifact(SOURCE, "tampered")


def vote(builds: list[str], loss: int = 0, until: int = MINUTE, seed: int = 1) -> Pump:
    """Builders b0, b1, ... of these sorts; somebody who is none asks them."""
    pump = Pump(seed)
    pump.loss = loss
    names = [f"b{number}" for number in range(len(builds))]
    for name in ("asker", *names):
        pump.reserve(name)
    pump.add("asker", BuildVerifier, {"builders": names}, listen=True)
    for name, build in zip(names, builds, strict=True):
        pump.add(name, BuildVerifier, {"builders": names, "build": build}, listen=True)
    pump.order(Publish("asker", SOURCE))
    pump.run(until)
    return pump


def read(pump: Pump, name: str) -> tuple[str, bytes]:
    """What a node has decided."""
    found = [
        (topic, facts) for topic, facts in pump.notes[name] if topic in ("build accepted", "build rejected")
    ]
    (decision,) = found or [("open", {"artifact": ""})]
    return decision[0].removeprefix("build "), bytes.fromhex(decision[1]["artifact"])


@pytest.mark.parametrize(
    ("votes", "voters", "verdict"),
    [
        ("", 3, (OPEN, 0)),
        ("a", 1, (ACCEPTED, 1)),
        ("aa", 3, (ACCEPTED, 2)),  # exactly two thirds
        ("ab", 3, (OPEN, 1)),
        ("abc", 3, (REJECTED, 1)),
        ("ab", 2, (REJECTED, 1)),
        ("aab", 4, (OPEN, 2)),  # 3 of 4 are needed
        ("aabb", 4, (REJECTED, 2)),
        ("aaab", 4, (ACCEPTED, 3)),
        ("aaaa", 7, (OPEN, 4)),  # 5 of 7
        ("aaaabbb", 7, (REJECTED, 4)),
        ("bbaa", 6, (OPEN, 2)),
        ("bbaaab", 6, (REJECTED, 3)),
    ],
)
def test_two_thirds_of_all_who_may_vote(votes: str, voters: int, verdict: tuple[str, int]) -> None:
    """Who has not voted counts, too."""
    found = count_votes({f"b{place}": each.encode() for place, each in enumerate(votes)}, voters)

    assert verdict == (found.state, found.votes)
    assert (b"a" if votes else b"") == found.hash


@given(st.lists(st.sampled_from([b"a", b"b", b"c"]), min_size=1, max_size=12), st.integers(0, 12))
def test_a_verdict_never_changes(cast: list[bytes], later: int) -> None:
    """Whatever votes come after it. And of two hashes only one can win."""
    some = {f"b{place}": each for place, each in enumerate(cast[:later])}
    every = {f"b{place}": each for place, each in enumerate(cast)}
    early, late = count_votes(some, len(cast)), count_votes(every, len(cast))

    assert late.state != OPEN
    assert early.state in (OPEN, late.state)
    assert 1 >= sum(is_enough(cast.count(each), len(cast)) for each in (b"a", b"b", b"c"))
    assert early.state != ACCEPTED or early.hash == late.hash


def test_four_of_six_who_agree_decide() -> None:
    """One has tampered with it, one has a clock in it: all accept the true one, and see who differed."""
    pump = vote(["honest"] * 4 + ["tampered", "clock"])

    for name in pump.nodes:
        assert ("accepted", TRUE) == read(pump, name)
    votes = pump.nodes["asker"].builds[get_build(SOURCE)].votes
    assert ["b4", "b5"] == [name for name, artifact in votes.items() if artifact != TRUE]


def test_one_more_who_differs_and_nothing_is_accepted() -> None:
    """Three of six: everybody rejects it, the honest too."""
    pump = vote(["honest"] * 3 + ["tampered"] * 2 + ["clock"])

    assert {"rejected"} == {read(pump, name)[0] for name in pump.nodes}


def test_two_thirds_of_liars_decide() -> None:
    """A vote says what most have made, and not what is true."""
    pump = vote(["tampered"] * 4 + ["honest"] * 2)

    assert {("accepted", FALSE)} == {read(pump, name) for name in pump.nodes}


def test_sources_that_do_not_build_the_same_twice_cannot_be_verified() -> None:
    """All are honest, and each build has the hour in it: first of all, builds must be reproducible.

    Here they all begin at moments of their own.
    """
    pump = vote(["clock"] * 4)

    assert {"rejected"} == {read(pump, name)[0] for name in pump.nodes}


def test_counting_is_not_agreeing() -> None:
    """Two of seven tell every second builder something else: some accept, some reject."""
    pump = vote(["honest"] * 4 + ["clock", "two-faced", "two-faced"])
    found = {name: read(pump, name) for name in pump.nodes}

    assert {"accepted", "rejected"} == {state for state, _ in found.values()}
    assert {TRUE} == {artifact for state, artifact in found.values() if state == "accepted"}


def test_the_silent_are_asked_again_and_then_given_up() -> None:
    """Two of five say nothing, and three are less than two thirds: four questions each, and it stays open."""
    pump = vote(["honest"] * 3 + ["silent"] * 2)

    assert ("open", b"") == read(pump, "asker")
    (undecided,) = [facts for topic, facts in pump.notes["asker"] if topic == "build undecided"]
    assert ["b3", "b4"] == undecided["missing"]
    assert 5 + 3 * 2 == pump.sent["build-ask"]


def test_lost_words_are_asked_for_again() -> None:
    """Three of ten datagrams are lost; the asker knows in the end."""
    pump = vote(["honest"] * 6, loss=30)

    assert ("accepted", TRUE) == read(pump, "asker")
    assert pump.sent["build-ask"] > 6


def make(**policy: Any) -> BuildVerifier:
    """Ann, who may vote with Bob and Cat."""
    contacts = {name: Address("10.0.0.1", place) for place, name in enumerate(("ann", "bob", "cat", "eve"))}
    setup = Setup("ann", contacts["ann"], (), CounterRandom(1), policy=policy, contacts=contacts)
    return BuildVerifier(setup)


def test_who_may_not_vote_is_not_counted_and_nobody_votes_twice() -> None:
    """Votes that come before the question count; the first word of each."""
    ann, name = make(builders=["ann", "bob", "cat"]), get_build(SOURCE)
    bob, eve = Address("10.0.0.1", 1), Address("10.0.0.1", 3)

    (note,) = ann.on_datagram(eve, BuildVote(name, FALSE), 0)
    assert "votes, and is no builder" == note.facts["reason"]
    assert [] == ann.on_datagram(bob, BuildVote(name, TRUE), 0)
    (note,) = ann.on_datagram(bob, BuildVote(name, FALSE), 0)
    assert "builder contradicts itself" == note.topic
    assert Verdict(OPEN, TRUE, 1) == count_votes(ann.builds[name].votes, 3)
    (timer,) = ann.on_datagram(eve, BuildAsk(SOURCE), 0)
    assert "build accepted" == ann.on_timer(timer.name, SECOND)[-1].topic


def test_messages_policies_and_orders_that_cannot_be() -> None:
    """Each with its reason."""
    codec, messages = OverlayCodec(), [BuildAsk("ü"), BuildVote(bytes(32), TRUE)]
    long = OverlayCodec.decode("build-ask", BuildAsk("x" * 1_001).encode())

    assert (messages, b"") == codec.split(b"".join(map(codec.frame, messages)))
    assert isinstance(long, Malformed) and "over the limit of 1000" in long.reason
    with pytest.raises(UsageError, match="builders: found none"):
        make()
    with pytest.raises(UsageError, match="accepted: honest, clock, tampered, two-faced, silent"):
        make(builders=["bob"], build="good")
    ann = make(builders=["bob"])
    assert "is over 1000" in str(ann.find_problem(Publish("ann", "x" * 1_001), 0))
    ann.on_command(Publish("ann", SOURCE), 0)
    assert "already" in str(ann.find_problem(Publish("ann", SOURCE), 0))
