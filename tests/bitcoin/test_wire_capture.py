"""A real node's words: every message of two recorded sessions with bcoin, both ways, on regtest."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from support.btclib_twins import check_against_btclib

from blockchain_lab.base.messages import Malformed, Unknown
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.merkle import is_mutated, merkle_root
from blockchain_lab.bitcoin.messages import Headers, Version, decode
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.pow import is_proof_of_work_valid

REGTEST = NETWORKS["regtest"]
CODEC = BitcoinCodec(MAGIC["regtest"])
LINES = (
    (Path(__file__).parent.parent / "data" / "bcoin_capture.jsonl").read_text(encoding="utf-8").splitlines()
)
RECORDS = [json.loads(line) for line in LINES]


def name_of(record: dict) -> str:
    """Which message of which session."""
    return f"{record['session']}-{record['seq']}-{record['command']}"


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_recorded_message_is_read_and_written_again(record: dict) -> None:
    """Framed bytes -> message -> the same framed bytes, and btclib sees the same fields in them."""
    framed, payload = bytes.fromhex(record["message"]), bytes.fromhex(record["payload"])

    (message,), rest = CODEC.split(framed)

    assert b"" == rest
    assert record["command"] == message.wire_name
    assert not isinstance(message, Unknown | Malformed)
    assert payload == message.encode()
    assert framed == CODEC.frame(message)
    assert message == decode(record["command"], payload)
    check_against_btclib(message, payload)


def test_the_recording_holds_what_we_think() -> None:
    """Every command but addr, reject and the rest that bcoin had no reason to send."""
    seen = {record["command"] for record in RECORDS}

    assert 40 == len(RECORDS)
    assert seen == {
        *("version", "verack", "ping", "pong", "getaddr", "mempool", "sendheaders", "sendcmpct"),
        *("getheaders", "headers", "getblocks", "inv", "getdata", "notfound", "block", "tx"),
    }


def test_a_whole_session_is_one_stream() -> None:
    """What bcoin said in the headers-first session, glued together, comes apart into the same messages."""
    said = [
        record
        for record in RECORDS
        if (record["session"], record["direction"]) == ("headers_first", "from_bcoin")
    ]
    stream = b"".join(bytes.fromhex(record["message"]) for record in said)

    messages, rest = CODEC.split(stream)

    assert b"" == rest
    assert [record["command"] for record in said] == [message.wire_name for message in messages]


def test_bcoin_introduces_itself() -> None:
    """The version message in words."""
    version = decode("version", bytes.fromhex(RECORDS[1]["payload"]))

    assert isinstance(version, Version)
    assert ("/bcoin:v1.0.2/", 70015, 151) == (version.user_agent, version.version, version.start_height)
    assert "127.0.0.1" == version.receiver.ip


def test_the_recorded_headers_are_a_chain_with_proof_of_work() -> None:
    """151 headers from the genesis on, each the parent of the next, each under the target."""
    record = next(record for record in RECORDS if record["command"] == "headers")
    message = decode("headers", bytes.fromhex(record["payload"]))
    assert isinstance(message, Headers)
    chain = [REGTEST.genesis.header, *message.headers]

    assert 152 == len(chain)
    for parent, child in pairwise(chain):
        assert parent.hash() == child.previous
        assert is_proof_of_work_valid(child.hash(), child.bits, REGTEST.proof_of_work_limit)


def test_the_recorded_blocks_commit_to_their_transactions() -> None:
    """Each block's Merkle root is that of its txids."""
    blocks = [
        decode("block", bytes.fromhex(record["payload"]))
        for record in RECORDS
        if record["command"] == "block"
    ]

    assert 7 == len(blocks)
    for block in blocks:
        assert isinstance(block, Block)
        txids = [transaction.txid() for transaction in block.transactions]
        assert block.header.merkle_root == merkle_root(txids)
        assert not is_mutated(txids)
