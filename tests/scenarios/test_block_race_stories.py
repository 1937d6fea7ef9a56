"""Two stories of blocks on narrow lines: four ways that race, and a block behind a crowd of payments."""

from collections import Counter
from functools import cache

import pytest
from support.story_runs import get_blocks, get_tips, hang_ups, messages, play, read

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.relay_costs import BlockCost, compute_block_costs
from blockchain_lab.lab import Lab

WAYS = ("push", "inv", "ask", "fast")
RACE = 22 * SECOND
FOUND = 70 * SECOND


@cache
def weigh() -> dict[str, BlockCost]:
    """What the block of the race has cost each network, by the name of its way."""
    lab = read("four_ways")
    costs = [c for c in compute_block_costs(lab.trace, lab.names).values() if c.found == RACE]
    return {next(iter(cost.waits))[:-1]: cost for cost in costs}


def get_waits(lab: Lab) -> dict[str, int]:
    """How long each peer of the row has waited for the block of second 70."""
    costs = compute_block_costs(lab.trace, lab.names).values()
    return next(cost.waits for cost in costs if cost.found >= FOUND)


def test_all_run_the_same_distance() -> None:
    """Four networks of six, each with a block of 24 payments of its own; nobody is hung up on."""
    lab = read("four_ways")

    assert 4 == len(get_tips(lab))
    assert [] == hang_ups(lab)
    for way in WAYS:
        assert 24 == len(get_blocks(lab, f"{way}6", 153)[0].transactions) - 1
        assert {f"{way}{number}" for number in range(1, 7)} == set(weigh()[way].waits)


def test_each_network_speaks_its_own_language() -> None:
    """Whole or short, asked for or not."""
    spent = {way: weigh()[way].spent for way in WAYS}

    assert ["block"] == list(spent["push"])
    assert {"inv", "getdata", "block"} == set(spent["inv"])
    assert {"headers", "getdata", "cmpctblock"} == set(spent["ask"])
    assert spent["fast"]["cmpctblock"] > 0.6 * weigh()["fast"].total
    assert 0 == spent["fast"]["block"]


def test_unasked_short_ids_alone_are_quick_and_cheap() -> None:
    """Push costs five times as much and takes twice as long; who asks is slower than who does not."""
    cost = weigh()

    assert cost["push"].total > 5 * cost["fast"].total
    assert cost["push"].slowest > 2 * cost["fast"].slowest
    assert cost["inv"].slowest > cost["push"].slowest
    assert cost["ask"].slowest > 2 * cost["fast"].slowest
    assert cost["ask"].total < 0.4 * cost["inv"].total


def test_no_payment_is_missing_when_the_race_begins() -> None:
    """So no short id has to be asked about, and all payments were told of by name."""
    lab = read("four_ways")
    said = Counter(
        message.wire_name
        for name in lab.names
        for other in lab.names
        if name[:-1] == other[:-1]
        for message in messages(lab, name, other)
    )

    assert 0 == said["getblocktxn"]
    assert 4 * 24 * 5 == said["tx"], "each of five peers gets each payment once"


def test_in_the_row_a_block_is_short_and_quick() -> None:
    """260 bytes from each to the next, everybody within a second."""
    lab = read("crowded_line")
    cost = next(c for c in compute_block_costs(lab.trace, lab.names).values() if c.found == FOUND)

    assert {"cmpctblock": 5 * 260} == cost.spent
    assert list(lab.names) == list(cost.waits)
    assert cost.slowest < SECOND


@pytest.mark.parametrize(("payer", "late"), [("bob", "cat"), ("cat", "dan")])
def test_a_block_waits_for_what_stands_in_front_of_it(payer: str, late: str) -> None:
    """Up to the payer it is on time; behind him everybody has it a second later, twice as late in all."""
    untouched = get_waits(read("crowded_line"))
    crowded = play("crowded_line")
    crowded.goto(at=FOUND)
    for _ in range(40):
        crowded.do(Pay(payer))
    crowded.run()
    waits = get_waits(crowded)

    assert waits[payer] < untouched[payer] + SECOND // 50
    assert waits[late] > untouched[late] + 9 * SECOND // 10
    assert waits["fay"] > 2 * untouched["fay"]
    assert 1 == len(get_tips(crowded))
