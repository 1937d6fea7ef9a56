"""What the page says of causes and of propagation is what Python says: chains, receivers, senders, hashes."""

import hashlib
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.packing import Packer
from support.required import require

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.messages import Headers, Inv
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import get_codec
from blockchain_lab.sim.actions import Kill, Revive

NODE = shutil.which("node")
EXPLAIN = Path(__file__).with_name("explain.mjs")
CHECKSUM = EXPLAIN.parents[2] / "widgets/blockchain_lab_widgets/js/checksum.js"
HASH = f"""
const {{ checksumOf, hash256, toHex }} = await import({json.dumps(CHECKSUM.as_uri())});
const given = JSON.parse(process.argv[1]).map(hex => Uint8Array.from(Buffer.from(hex, "hex")));
console.log(JSON.stringify(given.map(bytes => [toHex(hash256(bytes)), toHex(checksumOf(bytes))])));
"""


def ask_page(lab: Lab, rows: list[int], names: list[str], folder: Path) -> dict[str, Any]:
    """What the page's modules say about some records and some blocks or transactions of a lab."""
    require(NODE, "install node (Debian: nodejs) to test the views' modules")
    packer = Packer(get_codec(lab.scenario))
    packer.follow(lab.trace)
    (folder / "columns.bin").write_bytes(packer.pack(0, 0))
    batch = {"epoch": 0, "cut": 0, "from": 0, "count": len(packer), "factsFrom": 0}
    questions = {"head": batch | get_head(lab), "rows": rows, "names": names}
    (folder / "questions.json").write_text(json.dumps(questions), "utf-8")
    command = [str(NODE), str(EXPLAIN), str(folder / "questions.json"), str(folder / "columns.bin")]
    answers: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
    )
    return answers


def run_eventful_lab() -> Lab:
    """A cut, two branches, a killed peer that misses a block and is revived."""
    lab = Lab("fork_and_heal")
    lab.run(until=9 * SECOND)
    lab.do(Kill("bob"))
    lab.run(until=12 * SECOND)
    lab.do(Mine("cat"))
    lab.do(Revive("bob"))
    lab.run(until=lab.scenario.until)
    return lab


def find_notes(lab: Lab, topic: str) -> list[Record]:
    """All notes of a topic, in order."""
    return [r for r in lab.trace if r.kind is Kind.NOTE and r.detail[0] == topic]


def get_name(message: Any) -> str:
    """What a message brings, as the page names it; "" for nothing."""
    if isinstance(message, Block):
        return f"block:{display_hash(message.header.hash())}"
    return f"tx:{display_hash(message.txid())}" if isinstance(message, Transaction) else ""


def find_accepted(lab: Lab) -> list[tuple[str, Record]]:
    """Every block and transaction that a peer accepted, by name, with the note that says so."""
    blocks = [(f"block:{note.detail[1]['hash']}", note) for note in find_notes(lab, "block accepted")]
    return blocks + [
        (f"tx:{note.detail[1]['txid']}", note) for note in find_notes(lab, "transaction accepted")
    ]


def find_receipts(lab: Lab, name: str) -> dict[int, tuple[int, int]]:
    """Host -> (when it first had a thing, whom from; -1 for its maker): by the messages themselves."""
    had: dict[int, tuple[int, int]] = {}
    for accepted, note in find_accepted(lab):
        if accepted != name or note.peer in had:
            continue
        brought = [
            record
            for record in lab.trace
            if record.kind is Kind.DELIVER and record.peer == note.peer and record.id < note.id
            if get_name(record.detail) == name
        ]
        had[note.peer] = (note.at, brought[0].other if brought else -1)
    return had


def count_unused(lab: Lab, name: str) -> tuple[int, int]:
    """How many announcements of a block arrived, and how many led to nobody's having it or its header."""
    wanted = []
    for topic in ("block accepted", "headers accepted"):
        seen: set[int] = set()
        for note in find_notes(lab, topic):
            facts = note.detail[1]
            if note.peer not in seen and name in facts.get("hashes", [facts.get("hash")]):
                seen.add(note.peer)
                wanted.append(note)
    used = {cause.id for note in wanted for cause in lab.why(note)}
    words = [r for r in lab.trace if r.kind is Kind.DELIVER and is_word(r.detail, name)]
    return len(words), sum(word.id not in used for word in words)


def is_word(message: Any, name: str) -> bool:
    """Does a message name the block without bringing it?"""
    if isinstance(message, Inv):
        return name in [display_hash(item.hash) for item in message.items]
    return isinstance(message, Headers) and name in [display_hash(each.hash()) for each in message.headers]


@pytest.mark.parametrize("scenario", ["fork_and_heal", "headers_first", "blocks_first"])
def test_the_page_tells_the_same_causes_as_python(scenario: str, tmp_path: Path) -> None:
    """`lab.why`, turned round, at two hundred random records; and what came of forty of them."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)
    rows = [0, len(lab.trace) - 1, *random.Random(3).choices(range(len(lab.trace)), k=200)]
    chains = [[cause.id for cause in lab.why(row)] for row in range(len(lab.trace))]
    answers = ask_page(lab, rows, [], tmp_path)

    assert [chains[row][::-1] for row in rows] == answers["causes"]
    for row, effects in zip(rows[:40], answers["effects"][:40], strict=True):
        assert [each for each, chain in enumerate(chains) if row in chain] == effects


def test_who_got_a_transaction_from_whom_is_read_from_the_trace(tmp_path: Path) -> None:
    """Payments around the world: receivers, moments and senders as the slow reference finds them."""
    lab = Lab("continents")
    lab.run(until=lab.scenario.until)
    names = list(dict.fromkeys(name for name, _ in find_accepted(lab)))
    spreads = ask_page(lab, [], names, tmp_path)["spreads"]
    assert any(name.startswith("tx:") for name in names)

    for name in names:
        shown = {each["host"]: (each["at"], each["from"]) for each in spreads[name]["receipts"]}
        assert find_receipts(lab, name) == shown


def test_who_got_a_block_from_whom_is_read_from_the_trace(tmp_path: Path) -> None:
    """Every block of an eventful run: receivers, moments and senders as the slow reference finds them."""
    lab = run_eventful_lab()
    names = list(dict.fromkeys(note.detail[1]["hash"] for note in find_notes(lab, "block accepted")))
    spreads = ask_page(lab, [], [f"block:{name}" for name in names], tmp_path)["spreads"]
    assert len(names) >= 8

    for name in names:
        spread = spreads[f"block:{name}"]
        shown = {each["host"]: (each["at"], each["from"]) for each in spread["receipts"]}
        assert find_receipts(lab, f"block:{name}") == shown
        assert sorted(each["at"] for each in spread["receipts"]) == [
            each["at"] for each in spread["receipts"]
        ]
        unused = sum(not word["isUsed"] for word in spread["words"])
        assert count_unused(lab, name) == (len(spread["words"]), unused)


def test_who_has_a_block_at_a_moment_is_what_the_nodes_hold(tmp_path: Path) -> None:
    """At thirty random events: peers with a receipt up to then are those whose node has the block stored."""
    lab = Lab("fork_and_heal")
    lab.run(until=lab.scenario.until)
    names = list(dict.fromkeys(note.detail[1]["hash"] for note in find_notes(lab, "block accepted")))
    spreads = ask_page(lab, [], [f"block:{name}" for name in names], tmp_path)["spreads"]
    assert len(names) >= 7

    for event in random.Random(8).choices(range(1, lab.head), k=30):
        lab.goto(event=event)
        rows = lab.trace.end_of(event)
        nodes = {name: lab.peer(name) for name in lab.names}
        assert all(isinstance(node, BitcoinNode) for node in nodes.values() if node is not None)
        stored = {
            name: {display_hash(block) for block in (*node.chain.base.blocks, *node.chain.stored)}
            for name, node in nodes.items()
            if node is not None
        }
        for block in names:
            shown = {
                lab.names[each["host"]]
                for each in spreads[f"block:{block}"]["receipts"]
                if each["accepted"] < rows
            }
            assert {name for name, blocks in stored.items() if block in blocks} == shown


def test_what_peers_had_from_before_is_no_receipt(tmp_path: Path) -> None:
    """The server has the chain on disk; the others get it, from the server or from one another."""
    lab = Lab("headers_first")
    lab.run(until=lab.scenario.until)
    [loaded] = [note for note in find_notes(lab, "chain loaded") if note.detail[1]["full"]]
    block = loaded.detail[1]["hashes"][20]
    spread = ask_page(lab, [], [f"block:{block}"], tmp_path)["spreads"][f"block:{block}"]
    receivers = sorted(each["host"] for each in spread["receipts"])

    assert [loaded.peer] == spread["before"]
    assert sorted(set(range(len(lab.names))) - {loaded.peer}) == sorted([*receivers, *spread["never"]])
    assert 0 < len(receivers)
    assert all(each["from"] in {loaded.peer, *receivers} for each in spread["receipts"])


def test_hashes_on_the_page_are_those_of_hashlib() -> None:
    """Double SHA-256 and checksum of frames of all lengths, those around a block of 64 bytes among them."""
    require(NODE, "install node (Debian: nodejs) to test the views' modules")
    luck = random.Random(5)
    given = [luck.randbytes(length) for length in (*range(130), 1000, 4097)]
    command = [
        str(NODE),
        "--input-type=module",
        "-e",
        HASH,
        json.dumps([each.hex() for each in given]),
    ]
    answered = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)

    expected = [hashlib.sha256(hashlib.sha256(each).digest()).hexdigest() for each in given]
    assert [[each, each[:8]] for each in expected] == answered
