"""Which message answers which: what the map says, against what nodes do and what the classes say."""

import json
from collections import Counter

import pytest

from blockchain_lab.base.records import Kind
from blockchain_lab.bitcoin.conversations import ANSWERS, PASSED_ON, describe_commands
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import COMMANDS
from blockchain_lab.lab import Lab

# What a node sends right behind something without answering it: a conversation of its own begins.
OPENINGS = {
    *[("version", "version"), ("verack", "ping"), ("verack", "getheaders"), ("verack", "getblocks")],
    *[("verack", "sendheaders"), ("verack", "sendcmpct"), ("verack", "feefilter"), ("verack", "getaddr")],
    *[("version", "wtxidrelay"), ("version", "sendaddrv2"), ("headers", "sendheaders"), ("block", "getdata")],
    *[("headers", "sendcmpct"), ("block", "inv"), ("block", "getblocks"), ("inv", "getblocks")],
    *[("headers", "getheaders"), ("verack", "addr"), ("version", "getaddr"), ("block", "sendcmpct")],
    *[("blocktxn", "sendcmpct"), ("cmpctblock", "sendcmpct"), ("sendcmpct", "sendcmpct")],
}


def collect_pairs(name: str) -> Counter[tuple[str, str]]:
    """In a story: what was sent because of which message, back to its sender."""
    lab = Lab(name)
    lab.look_ahead()
    pairs: Counter[tuple[str, str]] = Counter()
    for record in lab.trace:
        if record.kind is not Kind.SEND or record.cause < 0:
            continue
        cause = lab.trace[record.cause]
        if cause.kind is Kind.DELIVER and cause.conn == record.conn:
            pairs[cause.detail.wire_name, record.detail.wire_name] += 1
    return pairs


@pytest.mark.parametrize(
    ("story", "arrows"),
    [
        ("headers_first", [("getheaders", "headers"), ("headers", "getdata"), ("getdata", "block")]),
        ("blocks_first", [("getblocks", "inv"), ("inv", "getdata"), ("getdata", "block")]),
        ("continents", [("version", "verack"), ("ping", "pong"), ("getdata", "tx")]),
    ],
)
def test_nodes_answer_as_the_map_says(story: str, arrows: list[tuple[str, str]]) -> None:
    """Whatever a node sends back at once is an arrow of the map, or begins something new."""
    pairs = collect_pairs(story)

    assert {*arrows} <= {*pairs}
    assert set() == {(one, other) for one, other in pairs if other not in ANSWERS.get(one, ())} - OPENINGS
    assert OPENINGS.isdisjoint((one, other) for one, others in ANSWERS.items() for other in others)


def test_the_map_knows_every_command_and_no_other() -> None:
    """Class, releases and source are the message's own, not a second list."""
    told = describe_commands()

    assert [*COMMANDS] == [word["command"] for word in told]
    for word in told:
        message = COMMANDS[word["command"]]
        assert message.lecture_class == word["class"]
        assert message.versions == (word["first"], word["last"], word["protocol"])
        assert message.source == word["source"]
        assert {*word["answers"]} <= {*COMMANDS}
    assert {*ANSWERS, *PASSED_ON} <= {*COMMANDS}
    assert told == json.loads(json.dumps(told)) == BitcoinCodec(MAGIC["regtest"]).describe_commands()


def test_history_answers_history() -> None:
    """What today's program does not know leads to nothing that it knows, and the other way round."""
    is_history = {command: message.versions.last is not None for command, message in COMMANDS.items()}

    assert {"alert", "reject", "checkorder", "submitorder", "reply"} == {
        command for command, is_old in is_history.items() if is_old
    }
    for command, answers in ANSWERS.items():
        assert {is_history[command]} == {is_history[answer] for answer in answers}
