"""BitTorrent: a file in pieces, each checked; the rarest first; tit for tat; a tracker that may leave."""

from collections import Counter
from dataclasses import replace
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import FindProviders, Publish
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Note
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.evolution_files import make_content
from blockchain_lab.overlay.evolution_pieces import choose_piece, cut
from blockchain_lab.overlay.evolution_torrent_messages import (
    Announce,
    Bitfield,
    Choke,
    GetPiece,
    GotPiece,
    Interested,
    Swarm,
    TakePiece,
    Torrent,
)
from blockchain_lab.overlay.measures_evolution import count_notes, find_questions
from blockchain_lab.overlay.topologies import star
from blockchain_lab.overlay.wire import OverlayCodec, decode
from blockchain_lab.scenarios.networks import make_network
from blockchain_lab.sim.actions import Kill
from blockchain_lab.sim.scenario import Links

NAMES = make_names(12)  # p0 is the tracker, p1 publishes
POLICY = {"size": 40_000, "piece": 1_000, "every": 2 * SECOND, "best": 3}
IDS = st.binary(min_size=16, max_size=16)
NUMBERS = st.integers(0, 65_535)
TORRENTS = st.builds(
    lambda file, content, size: cut(file, content, size).torrent,
    st.text(max_size=10),
    st.binary(max_size=50),
    st.integers(1, 20),
)
ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), NUMBERS)
MESSAGES = st.one_of(
    TORRENTS,
    st.builds(Announce, IDS, st.text(max_size=10)),
    st.builds(Swarm, IDS, TORRENTS, st.lists(ADDRESSES, max_size=3).map(tuple)),
    st.builds(Bitfield, st.text(max_size=10), st.binary(max_size=20)),
    *(st.builds(kind, st.booleans()) for kind in (Interested, Choke)),
    *(st.builds(kind, NUMBERS) for kind in (GetPiece, GotPiece)),
    st.builds(TakePiece, NUMBERS, st.binary(max_size=50)),
)


@given(message=MESSAGES)
def test_what_is_framed_is_split_again(message: Message) -> None:
    """Every word, through the envelope and back; and one that is cut short is data."""
    codec = OverlayCodec()

    assert ([message], b"") == codec.split(codec.frame(message))
    assert isinstance(decode(message.command, message.encoding[:-1]), Malformed)


def test_a_torrent_has_one_hash_for_each_piece() -> None:
    """SHA-1 of each thousand bytes; a torrent with one too many is no message."""
    content = make_content("song", 2_500)
    torrent = cut("song", content, 1_000).torrent

    assert tuple(sha1(content[at : at + 1_000]).digest() for at in (0, 1_000, 2_000)) == torrent.hashes
    bad = Torrent("song", 2_500, 1_000, (*torrent.hashes, bytes(20)))
    assert isinstance(decode("torrent", bad.encoding), Malformed)


def test_the_rarest_piece_is_asked_for() -> None:
    """Piece 2 is at one peer, 0 and 1 at three. The first piece of all is any."""
    others = [0b011, 0b111, 0b011]
    random = CounterRandom(1)

    assert {2} == {choose_piece([0, 1, 2], others, False, random) for _ in range(30)}
    assert {0, 1} == {choose_piece([0, 1], others, False, random) for _ in range(30)}
    assert {0, 1, 2} == {choose_piece([0, 1, 2], others, True, random) for _ in range(60)}
    with pytest.raises(IndexError):
        choose_piece([], others, False, random)


def play(*commands: object) -> Lab:
    """p1 publishes 40 pieces; all others want them at the same time, on lines of 5,000 bytes a second."""
    scenario = make_network(NAMES, "bittorrent", star(NAMES), POLICY)
    peers = {**scenario.peers, "p0": replace(scenario.peers["p0"], policy={"serves": True})}
    lab = Lab(replace(scenario, peers=peers, links=Links(latency=(10_000, 50_000), bandwidth=5_000)))
    lab.run(until=SECOND)
    lab.do(Publish("p1", "song"))
    lab.run(until=3 * SECOND)
    for name in NAMES[2:]:
        lab.do(FindProviders(name, "song"))
    for command in commands:
        lab.run(until=lab.now + 5 * SECOND)
        lab.do(command)
    lab.run(until=lab.now + 60 * SECOND)
    return lab


def get_finished(lab: Lab) -> dict[str, int]:
    """When each had the whole file."""
    return {
        lab.names[record.peer]: record.at
        for record in lab.trace
        if record.kind == Kind.NOTE and record.detail[0] == "file received"
    }


def test_a_swarm_feeds_itself() -> None:
    """All ten have the file, byte for byte; p1 has sent it not ten times but less than four."""
    lab = play()
    senders = Counter(
        lab.names[r.peer] for r in lab.trace if r.kind == Kind.SEND and r.detail.wire_name == "take-piece"
    )
    seen = count_notes(lab.trace)

    assert set(NAMES[2:]) == set(get_finished(lab))
    content = make_content("song", 40_000)
    assert all(content == lab.peer(name).files["song"] for name in NAMES[1:])
    assert 10 * 40 <= senders.total() < 1.05 * 10 * 40, "hardly a piece comes twice"
    assert senders["p1"] < 4 * 40
    assert len(senders) > 8, "those who fetch it serve it, too"
    assert 0 == seen["peer misbehaved"] == senders["p0"]
    last = max(record.at for record in lab.trace if record.kind == Kind.TIMER)
    assert last < max(get_finished(lab).values()) + 2 * POLICY["every"], (
        "no rounds when nobody wants anything"
    )


def test_without_its_tracker_a_swarm_goes_on() -> None:
    """Killed after 5 s, while nobody has the whole file: all ten get it. A newcomer finds no swarm."""
    lab = play(Kill("p0"))
    killed = next(record.at for record in lab.trace if record.kind == Kind.KILL)
    finished = get_finished(lab)
    lab.do(FindProviders("p5", "another song"))
    lab.run(until=lab.now + 20 * SECOND)

    assert set(NAMES[2:]) == set(finished)
    assert killed < min(finished.values())
    assert not find_questions(lab.trace)[-1].holders


def test_without_its_seed_a_swarm_has_what_it_has() -> None:
    """Killed early, p1 takes pieces along that nobody else has: all end with the same ones, and no file."""
    lab = play(Kill("p1"))
    having = {lab.peer(name).pieces["song"].get_bits() for name in NAMES[2:]}

    assert {} == get_finished(lab)
    assert 1 == len(having)
    assert 0 < having.pop().bit_count() < 40


def test_a_piece_with_another_hash_ends_the_line() -> None:
    """It is noted, thrown away, and asked for elsewhere; a genuine one is kept, even when nobody asked."""
    names = make_names(2)
    pump = Pump(names, {}, (("p0", "p1"),), kinds=dict.fromkeys(names, "bittorrent"))
    node, content = pump.nodes["p1"], make_content("song", 2_500)
    source = cut("song", content, 1_000)
    node.pieces["song"] = replace(source, have={})
    for conn in (101, 103):
        node.on_connected(conn, Address("192.0.2.1", conn), True, 5)
        node.on_message(conn, Bitfield("song", b"\x07"), 5)
        node.on_message(conn, Choke(False), 5)
    asked = next(iter(node.partners[101].asked))
    effects = node.on_message(101, TakePiece(asked, b"poison"), 5)

    assert [f"piece {asked} has another SHA-1 than the torrent says"] == [
        e.facts["reason"] for e in effects if isinstance(e, Note)
    ]
    assert [103] == list(node.partners)
    assert {} == node.pieces["song"].have
    for piece, part in source.have.items():
        node.on_message(103, TakePiece(piece, part), 5)
    assert content == node.files["song"]


def test_a_piece_that_comes_twice_holds_nothing_up() -> None:
    """It was asked for here and came from elsewhere: when it comes here too, the next one is asked for."""
    names = make_names(2)
    pump = Pump(names, {}, (("p0", "p1"),), kinds=dict.fromkeys(names, "bittorrent"))
    node, source = pump.nodes["p1"], cut("song", make_content("song", 2_500), 1_000)
    node.pieces["song"] = replace(source, have={})
    for conn in (101, 103):
        node.on_connected(conn, Address("192.0.2.1", conn), True, 5)
        node.on_message(conn, Bitfield("song", b"\x07"), 5)
    node.on_message(101, Choke(False), 5)
    (asked,) = node.partners[101].asked
    node.on_message(103, TakePiece(asked, source.have[asked]), 5)
    (effect,) = node.on_message(101, TakePiece(asked, source.have[asked]), 5)

    assert GetPiece(next(iter(node.partners[101].asked))) == effect.message
    assert [asked] == list(node.pieces["song"].have)


def test_an_answer_of_the_tracker_that_comes_too_late_is_no_fault() -> None:
    """The question is over, and nobody is blamed."""
    names = make_names(2)
    pump = Pump(names, {}, (("p0", "p1"),), kinds=dict.fromkeys(names, "bittorrent"))
    pump.run(1)
    (conn,) = pump.nodes["p0"].lines

    assert [] == pump.nodes["p0"].on_message(conn, Swarm(bytes(16), Torrent("x", 0, 1, ()), ()), 5)


@pytest.mark.parametrize("bits", [b"\x08", b"\xff\xff"])
def test_pieces_that_do_not_exist_end_the_line(bits: bytes) -> None:
    """A file of three pieces has no fourth."""
    pump = Pump(["p0"], {}, kinds={"p0": "bittorrent"})
    node = pump.nodes["p0"]
    node.on_command(Publish("p0", "song"), 5)
    node.pieces["song"] = cut("song", make_content("song", 2_500), 1_000)
    node.on_connected(101, Address("192.0.2.1", 1), True, 5)
    node.on_message(101, Bitfield("song", bits), 5)

    assert {} == node.partners == node.open


@given(said=st.lists(MESSAGES, max_size=8))
def test_no_order_of_words_raises(said: list[Message]) -> None:
    """A stranger who says anything, to a tracker that has a file itself."""
    pump = Pump(["p0"], {"serves": True}, kinds={"p0": "bittorrent"})
    node = pump.nodes["p0"]
    node.on_command(Publish("p0", "song"), 5)
    node.on_connected(101, Address("192.0.2.1", 1), True, 5)
    node.on_message(101, Bitfield("song", b""), 5)
    for message in said:
        if 101 in node.open:
            node.on_message(101, message, 5)
    assert all(conn in node.open for conn in node.partners)
