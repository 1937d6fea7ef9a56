"""Four ways to pass on a block, weighed: bytes for each command and waits of each peer, off the trace."""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from support.bitcoin_purse import Purse
from support.story_runs import count_bytes, read

from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_TX,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    InventoryItem,
    Ping,
)
from blockchain_lab.bitcoin.relay_costs import BlockCost, compute_block_costs, split

WAYS = ("relay_inv", "relay_headers", "relay_compact", "relay_compact_unasked")
FOUND_AT = [10 * SECOND, 20 * SECOND, 30 * SECOND]
ABOUT_BLOCKS = (
    *("inv", "getheaders", "headers", "getblocks", "getdata", "block"),
    *("cmpctblock", "getblocktxn", "blocktxn"),
)


@cache
def weigh(name: str) -> list[BlockCost]:
    """The three blocks of a story, in order."""
    lab = read(name)
    return list(compute_block_costs(lab.trace, lab.names).values())


@pytest.mark.parametrize("name", WAYS)
def test_the_shares_are_all_that_was_said(name: str) -> None:
    """While a block travels nothing else does: byte by byte, its cost is what the wires carried meanwhile."""
    lab, costs = read(name), weigh(name)

    assert FOUND_AT == [cost.found for cost in costs]
    for cost in costs:
        carried = count_bytes(lab, cost.found, cost.found + 3 * SECOND)
        assert {each: carried[each] for each in ABOUT_BLOCKS} == {
            each: cost.spent[each] for each in ABOUT_BLOCKS
        }


@pytest.mark.parametrize("name", WAYS)
def test_everybody_waits_and_the_miner_does_not(name: str) -> None:
    """Ten peers; two miners found the three blocks."""
    for miner, cost in zip(("ann", "joe", "ann"), weigh(name), strict=True):
        assert sorted(read(name).names) == sorted(cost.waits)
        assert [miner] == [peer for peer, wait in cost.waits.items() if wait == 0]
        assert cost.slowest == max(cost.waits.values()) < 3 * SECOND


def test_what_the_lecture_says_of_the_four_ways() -> None:
    """Names instead of headers cost a question more; short ids half the bytes; unasked ones half the time.

    By the third block all know who is fast. Bytes: all three blocks, the whole network.
    """
    total = {name: sum(cost.total for cost in weigh(name)) for name in WAYS}
    slowest = {name: weigh(name)[-1].slowest for name in WAYS}
    spent = {name: sum((cost.spent for cost in weigh(name)), Counter()) for name in WAYS}

    assert spent["relay_inv"]["block"] == spent["relay_headers"]["block"] > 0.5 * total["relay_headers"]
    assert spent["relay_inv"]["inv"] > 0 == spent["relay_headers"]["inv"]
    assert total["relay_compact_unasked"] < total["relay_compact"] < 0.6 * total["relay_inv"]
    assert spent["relay_compact_unasked"]["getdata"] < spent["relay_compact"]["getdata"]
    assert slowest["relay_compact_unasked"] < 0.5 * min(slowest[name] for name in WAYS[:3])


# --- By hand --------------------------------------------------------------------------------------------

PURSE = Purse()
BLOCKS = [PURSE.mine(PURSE.chain.tip, tag=tag) for tag in (1, 2)]
HASHES = [block.header.hash() for block in BLOCKS]
SHOWN = [display_hash(name) for name in HASHES]


def make_records(*rows: tuple[Kind, int, Any]) -> list[Record]:
    """Records with (kind, cause, detail), a millisecond apart, all of host 0."""
    return [
        Record(at, at, 1_000 * at, kind, 0, 1, 2, cause, detail)
        for at, (kind, cause, detail) in enumerate(rows)
    ]


def accept(shown: str) -> tuple[Kind, int, Any]:
    """A peer takes a block."""
    return Kind.NOTE, -1, ("block accepted", {"hash": shown})


def say(message: Message, cause: int = -1) -> tuple[Kind, int, Any]:
    """A peer sends a message."""
    return Kind.SEND, cause, message


def name_block(name: bytes, kind: int = MSG_BLOCK) -> InventoryItem:
    """In an inv."""
    return InventoryItem(kind, name)


def test_a_question_belongs_to_the_block_that_led_to_it() -> None:
    """An inv of a block, getheaders because of it, headers with nothing: no name, and yet a price."""
    inv, question, answer = Inv((name_block(HASHES[0]),)), GetHeaders(1, (), bytes(32)), Headers(())
    rows = [say(inv), (Kind.DELIVER, 0, inv), say(question, 1), (Kind.DELIVER, 2, question), say(answer, 3)]

    costs = compute_block_costs(make_records(*rows, accept(SHOWN[0])), ["ann"])

    assert {"inv": inv.size, "getheaders": question.size, "headers": answer.size} == costs[SHOWN[0]].spent


def test_a_message_about_several_things_is_shared_out() -> None:
    """Three items, two of them blocks: a third each; two headers: half each. No byte is lost."""
    items = (name_block(HASHES[0]), name_block(HASHES[1]), name_block(bytes(32), MSG_TX))
    headers = Headers(tuple(block.header for block in BLOCKS))
    rows = [*map(accept, SHOWN), say(Inv(items)), say(GetData(items)), say(headers)]

    one, two = compute_block_costs(make_records(*rows), ["ann"]).values()

    parts = split(Inv(items).size, 3)
    assert [parts[0], parts[1]] == [cost.spent["inv"] for cost in (one, two)]
    assert one.spent["inv"] == one.spent["getdata"]
    assert headers.size == one.spent["headers"] + two.spent["headers"]
    assert [4, 3, 3] == split(10, 3)


def test_what_is_not_about_blocks_costs_them_nothing() -> None:
    """A payment, pings, what is broken or lost, blocks that nobody took, what nothing led to."""
    broken = Malformed("block", "short", b"", fatal=False)
    rows = [
        say(Inv((name_block(HASHES[0], MSG_TX),))),
        say(Ping(1)),
        say(broken),
        (Kind.DROP, -1, None),
        say(BLOCKS[1]),
        say(GetHeaders(1, (), bytes(32))),
    ]

    costs = compute_block_costs(make_records(accept(SHOWN[0]), *rows, accept(SHOWN[0])), ["ann"])

    assert [SHOWN[0]] == list(costs)
    assert ({}, 0) == (costs[SHOWN[0]].spent, costs[SHOWN[0]].total)
    assert {"ann": 0} == costs[SHOWN[0]].waits, "only the first time counts"
