"""What Python packs, the page reads: columns, distinct facts, message bytes with their fields."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets import message_table
from blockchain_lab_widgets.facts import get_facts
from blockchain_lab_widgets.head import get_commands, get_head, get_latency_of, get_layout
from blockchain_lab_widgets.packing import Packer
from support.talking_lab import make_talking_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.effects import TimerName
from blockchain_lab.base.messages import Malformed, Unknown
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Address, display_hash
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import (
    COMMANDS,
    MSG_TX,
    MSG_WITNESS_BLOCK,
    GetData,
    Headers,
    Inv,
    InventoryItem,
    Ping,
)
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Partition
from blockchain_lab.sim.hosts import Life
from blockchain_lab.study.peer_table import make_peer_table

NODE = shutil.which("node")
GENESIS: Block = NETWORKS["regtest"].genesis
CODEC = BitcoinCodec(MAGIC["regtest"])
BOB = Address("10.0.0.1", 8333)


def number_of(message: Any) -> int:
    """Every message is number 7 here."""
    return 7


def facts_of(kind: Kind, detail: Any) -> dict[str, Any]:
    """The facts of a record of which only kind and detail matter."""
    return get_facts(Record(0, 1, 0, kind, 0, 1, -1, -1, detail), number_of)


def one_of_each() -> list[Record]:
    """One record of every kind, then messages of every sort: no lab would write them in this order."""
    details = {
        Kind.START: Life(2),
        Kind.CONNECT: (BOB, True),
        Kind.DIAL_FAILED: (BOB, "refused"),
        Kind.DELIVER: Ping(1),
        Kind.DATAGRAM: (BOB, Ping(2)),
        Kind.TIMER: TimerName("headers", 4, "B3"),
        Kind.DISCONNECT: "reset",
        Kind.COMMAND: Mine("ann", 2),
        Kind.KILL: "Kill",
        Kind.SEND: Headers((GENESIS.header,)),
        Kind.DROP: None,
        Kind.DIAL: BOB,
        Kind.HANG_UP: "bored",
        Kind.NOTE: ("tip changed", {"height": 3, "hash": "00ff"}),
        Kind.ACTION: Partition(("ann", "bob")),
    }
    messages = [
        GENESIS,
        Unknown("brandnew", b"\1\2\3"),
        Malformed("ping", "7 bytes", b"1234567", fatal=False),
        Malformed("", "bad magic", b"garbage", fatal=True),
    ]
    happened = [*details.items(), *[(Kind.SEND, message) for message in messages]]
    return [
        Record(row, row // 2, 1000 * row, kind, row % 5, -1, 4 * row, row - 1, detail)
        for row, (kind, detail) in enumerate(happened)
    ]


def read_in_page(records: list[Record]) -> list[dict[str, Any]]:
    """The records as the page reads them, with the bytes and fields of their messages."""
    packer = Packer(CODEC)
    packer.follow(records)
    chunks, start = [], 0
    while start < len(packer.messages):
        count, chunk = packer.messages.pack_chunk(start)
        chunks.append({"from": start, "chunk": base64.b64encode(chunk).decode()})
        start += count
    head = {
        "epoch": 0,
        "cut": 0,
        "from": 0,
        "count": len(packer),
        "factsFrom": 0,
        **get_head(make_talking_lab()),
    }
    packed = {"head": head, "records": base64.b64encode(packer.pack(0, 0)).decode(), "chunks": chunks}
    script = Path(__file__).with_name("read_packed.mjs")
    assert NODE is not None, "node is missing (Debian: nodejs)"
    run = subprocess.run(
        [NODE, str(script)], input=json.dumps(packed), capture_output=True, encoding="utf-8", check=True
    )
    read = json.loads(run.stdout)
    assert len(packer.messages) == read["messages"]
    return read["rows"]


@pytest.mark.skipif(NODE is None, reason="install node (Debian: nodejs) to test the views' modules")
def test_the_page_reads_every_kind_of_record_as_it_was_packed() -> None:
    """One record of each kind crosses over: numbers, facts, bytes, fields."""
    records = one_of_each()

    rows = read_in_page(records)

    assert len(records) == len(rows)
    table = message_table.MessageTable(CODEC)
    names = ("row", "at", "event", "peer", "other", "conn", "cause")
    for record, row in zip(records, rows, strict=True):
        numbers = (record.id, record.at, record.event, record.peer, record.other, record.conn, record.cause)
        assert numbers == tuple(row[name] for name in names)
        assert record.kind.name.lower().replace("_", "-") == row["kind"]
        assert json.loads(json.dumps(get_facts(record, table.number_of))) == row["facts"]


@pytest.mark.skipif(NODE is None, reason="install node (Debian: nodejs) to test the views' modules")
@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
def test_bytes_and_fields_of_messages_arrive_whole_however_they_are_cut(
    chunk_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame is what stands on the wire; its fields begin with the envelope's."""
    monkeypatch.setattr(message_table, "CHUNK_BYTES", chunk_bytes)

    rows = read_in_page(one_of_each())

    assert CODEC.frame(Ping(1)).hex() == rows[Kind.DELIVER]["bytes"]
    places = [(field["name"], field["start"], field["end"]) for field in rows[Kind.DELIVER]["fields"]]
    assert [*message_table.ENVELOPE, ("nonce", 24, 32)] == places
    assert CODEC.frame(GENESIS).hex() == rows[15]["bytes"]
    assert ("merkle_root", 24 + 36, 24 + 68) in [
        (field["name"], field["start"], field["end"]) for field in rows[15]["fields"]
    ]
    assert [("payload", 24, 27)] == [
        (field["name"], field["start"], field["end"]) for field in rows[16]["fields"][4:]
    ]
    assert b"garbage".hex() == rows[18]["bytes"]
    assert rows[Kind.NOTE]["bytes"] is None


def test_equal_facts_are_kept_once() -> None:
    """Ten pings of every talker are ten messages, sent and delivered twenty times each."""
    lab = make_talking_lab()
    lab.look_ahead()
    packer = Packer(CODEC)

    packer.follow(lab.trace)

    assert len(lab.trace) == len(packer)
    assert len(packer.messages) <= 20
    assert packer.fact_count < len(packer) / 5


def test_a_malformed_message_is_not_the_good_one_with_the_same_bytes() -> None:
    """Same command, same payload, but not the same thing."""
    table = message_table.MessageTable(CODEC)

    assert [0, 1, 0] == [
        table.number_of(message)
        for message in (Ping(7), Malformed("ping", "too late", Ping(7).encode(), fatal=False), Ping(7))
    ]


def test_a_message_tells_its_class_and_what_it_is_about() -> None:
    """Views colour by the lecture's class and name blocks, up to three of them."""
    header = GENESIS.header
    genesis = display_hash(header.hash())
    many = Inv(tuple(InventoryItem(MSG_WITNESS_BLOCK, bytes([n]) * 32) for n in range(4)))

    headers = facts_of(Kind.DELIVER, Headers((header,)))
    assert ("headers", "data", "headers 1", [genesis], 7) == tuple(
        headers[name] for name in ("command", "class", "label", "blocks", "message")
    )
    assert 24 + 1 + 81 == headers["size"]
    assert [genesis] == facts_of(Kind.SEND, GENESIS)["blocks"]
    assert ("inv 4", False) == (facts_of(Kind.SEND, many)["label"], "blocks" in facts_of(Kind.SEND, many))
    assert "blocks" not in facts_of(Kind.SEND, GetData((InventoryItem(MSG_TX, b"t" * 32),)))
    assert "7 bytes" == facts_of(Kind.DELIVER, Malformed("headers", "7 bytes", b"", fatal=False))["malformed"]


def test_what_happens_to_a_peer_is_told_in_its_own_words() -> None:
    """Addresses as people write them, timers by their topic, actions with their fields."""
    assert {"remote": "10.0.0.1:8333", "inbound": True} == facts_of(Kind.CONNECT, (BOB, True))
    assert {"remote": "[::1]:8333"} == facts_of(Kind.DIAL, Address("::1", 8333))
    assert {"timer": "headers", "about": "B3"} == facts_of(Kind.TIMER, TimerName("headers", 4, "B3"))
    assert {"timer": "silence"} == facts_of(Kind.TIMER, TimerName("silence", 4))
    assert {"do": "Mine", "peer": "ann", "count": 1} == facts_of(Kind.COMMAND, Mine("ann"))
    assert {"control": True} == facts_of(Kind.DROP, None)
    orphan = {"hash": "ab", "parent": "cd"}
    assert {"topic": "orphan block", **orphan} == facts_of(Kind.NOTE, ("orphan block", orphan))


@pytest.mark.parametrize(
    ("topic", "facts"),
    [
        ("orphan block", {"hash": "ab"}),
        ("block accepted", {"height": 3}),
        ("block accepted", {"hash": b"ab", "parent": "cd", "height": 3}),
        ("headers accepted", {"parent": "ab", "height": 1, "hashes": []}),
        ("chain loaded", {"tip": "ab", "parent": "cd", "height": 2, "hashes": ["ef", None]}),
        ("tip changed", {"topic": "block accepted", "hash": "ab", "height": "3"}),
        ("transaction accepted", {"txid": "ab"}),
        ("transaction accepted", {"txid": "ab", "size": 90, "virtual_size": 90, "fee": -1}),
        ("transaction accepted", {"txid": "ab", "size": 90, "virtual_size": True, "fee": 1}),
        ("transaction accepted", {"txid": "ab", "size": 90, "virtual_size": 90, "fee": 1 << 53}),
        ("address added", {"address": "10.0.0.1:8333", "table": "new", "source": "10.0.0.2"}),
        ("addresses loaded", {"is_bucketed": True, "addresses": 3}),
        ("contact added", {"bucket": "01", "id": 5, "address": "10.0.0.1:8333"}),
        ("lookup started", {"lookup": "1", "purpose": "node", "target": "ab"}),
        ("ring changed", {"successors": 2, "fingers": []}),
        ("mapping opened", {"inside": "10.0.0.1:8333", "outside": ["203.0.113.1", 1024], "remote": []}),
        ("port leased", {"inside": ["10.0.0.1", 8333], "outside": ["203.0.113.1", 1024], "remote": []}),
        ("transactions removed", {"txids": [], "reason": "confirmed"}),
        ("transactions removed", {"txids": ["ab", 3], "reason": "confirmed"}),
        ("transactions removed", {"txids": "ab", "reason": "confirmed"}),
        ("transaction refused", {"txid": "ab"}),
        ("transaction orphaned", {}),
        ("checkpoint finalised", {"block": "ab", "epoch": "3", "by": "cd"}),
        ("deposits changed", {"epoch": 1, "leak": False, "deposits": {"ann": -1}, "by": "ab"}),
        ("lottery", {"shares": {"ann": 0.5}, "by": "ab"}),
        ("vote counted", {"validator": "ann", "target": "ab", "target_epoch": 1, "by": "cd"}),
    ],
)
def test_a_note_that_only_sounds_like_ours_is_none(topic: str, facts: dict[str, Any]) -> None:
    """A learner's node says "block accepted" and no hash: the page must not look for one in every draw."""
    assert f"{topic} (fields unknown)" == facts_of(Kind.NOTE, (topic, facts))["topic"]


@pytest.mark.parametrize("topic", ["transactions removed", "transaction accepted"])
def test_a_note_with_our_fields_is_ours(topic: str) -> None:
    """A learner's node that notes what ours does is drawn as ours is; more fields do no harm."""
    facts = {
        "txid": "ab",
        "size": 90,
        "virtual_size": 90,
        "fee": 0,
        "txids": ("ab",),
        "reason": "bored",
        "own": 1,
    }

    assert topic == facts_of(Kind.NOTE, (topic, facts))["topic"]


def test_the_page_is_told_the_words_of_the_language() -> None:
    """Of Bitcoin all commands; of a codec that describes none, and of no codec, none."""
    lab = Lab("headers_first")

    assert lab.codec is not None
    assert COMMANDS.keys() == {word["command"] for word in get_head(lab)["commands"]}
    assert [] == get_commands(None) == get_commands(object())


@pytest.mark.parametrize("value", [float("nan"), object(), {1: float("inf")}, [[b"\x01"], {3, "a"}]])
def test_a_note_may_hold_what_json_does_not_know(value: Any) -> None:
    """It is shown as Python shows it; the records around it stay in step with their facts."""
    packer = Packer(CODEC)
    notes = [
        Record(row, row, 0, Kind.NOTE, 0, -1, -1, -1, ("told", {"it": it}))
        for row, it in enumerate([1, value, 2])
    ]
    packer.follow(notes)

    told = [facts["it"] for _, _, facts in packer.read({Kind.NOTE}, 3)]
    json.loads(packer.pack(3, 0), parse_constant=pytest.fail)  # NaN is no JSON for a page
    assert [1, 2] == [told[0], told[2]]


def test_an_interrupted_record_is_packed_again() -> None:
    """The learner stops the kernel between two columns: none gets a row that the others lack."""
    notes = [Record(row, row, 0, Kind.NOTE, 0, -1, -1, -1, ("told", {"it": row})) for row in range(3)]
    packer = Packer(CODEC)
    packer.follow(notes[:1])
    packer._columns["event"].append(99)  # as far as the interrupted one came

    packer.follow(notes)

    assert 3 == len(packer)
    assert {3} == {len(column) for column in packer._columns.values()}
    assert [0, 1, 2] == list(packer._columns["event"])


def test_peers_without_a_place_stand_on_a_ring() -> None:
    """A scenario may place some of them; nobody stands on anybody."""
    places = get_layout(["ann", "bob", "cat", "dan"], {"bob": (7, 8)})

    assert [[-200, 0], [7, 8], [200, 0], [0, 150]] == places


def test_the_page_knows_how_long_each_link_takes() -> None:
    """A menu says "10 × slower: 1.5 s", so the head tells what the network itself draws, either way."""
    lab = Lab("continents")
    transport = lab.timeline.world().transport
    number = {name: index for index, name in enumerate(lab.names)}
    edges = [(number[a], number[b]) for a, b in lab.scenario.topology.edges]

    told = get_head(lab)["latencies"]

    assert [transport.link(a, b).latency for a, b in edges] == told
    assert [transport.link(b, a).latency for a, b in edges] == told
    assert len(set(told)) > 1


def test_a_connection_tells_how_long_its_link_takes() -> None:
    """Who will dial whom is not known at the start: the record of the connection says what the link is."""
    lab = Lab("eclipse_2010")
    lab.run()
    packer = Packer(lab.codec, get_latency_of(lab))
    packer.follow(lab.trace)
    links = lab.timeline.world().transport.links
    connects = [record for record in lab.trace if record.kind is Kind.CONNECT]

    told = [facts["latency"] for _, _, facts in packer.read({Kind.CONNECT}, len(packer))]

    assert [links[record.peer, record.other].latency for record in connects] == told
    assert len(set(told)) > 10


def test_who_stands_behind_the_same_box_is_near() -> None:
    """A link's latency at the start is what the network itself takes, of every pair, boxes among them."""
    lab = Lab("hole_punching")
    transport, latency_of = lab.timeline.world().transport, get_latency_of(lab)
    pairs = [(a, b) for a in range(len(lab.names)) for b in range(len(lab.names)) if a != b]

    latencies = [latency_of(a, b) for a, b in pairs]

    assert [transport.link(a, b).latency for a, b in pairs] == latencies
    assert lab.scenario.links.local in latencies


@pytest.mark.parametrize("story", ["eclipse_2010", "seed_dns", "alert", "happy_finality"])
def test_eras_are_those_of_the_table_of_peers(story: str) -> None:
    """Of Bitcoin nodes at the start, a name server among them; of all others none."""
    lab = Lab(story)

    assert [row.era for row in make_peer_table(lab)] == get_head(lab)["eras"]
