"""A lab that begins another scenario while it is shown: the page gets that one and forgets the old."""

import json

from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.packing import Packer, new_columns
from support.widget_page import buffer_of, heads_of, open_page, rest_at, say_hello, types_of

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab

WIDTH = sum(column.itemsize for column in new_columns().values())  # bytes of a record


def take_home(lab: Lab, buffer: bytes, count: int, table: list) -> list:
    """What a page makes of a batch: each record's kind and facts."""
    table += json.loads(buffer[count * WIDTH :])
    columns, offset = new_columns(), 0
    for column in columns.values():
        column.frombytes(buffer[offset : offset + count * column.itemsize])
        offset += count * column.itemsize
    return [(columns["kind"][row], table[columns["facts"][row]]) for row in range(count)]


def without_numbers(records: list) -> list:
    """A message's number counts those of both scenarios."""
    return [
        (kind, {key: value for key, value in facts.items() if key != "message"}) for kind, facts in records
    ]


def test_the_page_gets_the_other_scenario_whole() -> None:
    """Head, records and facts are those of a lab of its own; a play later, so the page begins anew."""
    lab = Lab("keep_alive_today")
    lab.look_ahead()
    carrier = Carrier(lab)
    page = open_page(carrier)
    say_hello(carrier)
    (first,) = [place for place, kind in enumerate(types_of(page)) if kind == "records"]
    table: list = []
    take_home(lab, buffer_of(page, first), heads_of(page)[first]["count"], table)

    lab.begin("kademlia_lookup")

    place = [place for place, kind in enumerate(types_of(page)) if kind == "records"][1]
    head = heads_of(page)[place]
    fresh = Lab("kademlia_lookup")
    fresh.look_ahead()
    packer = Packer(fresh.codec)
    packer.follow(fresh.trace)
    alone = take_home(fresh, packer.pack(0, 1), len(packer), [{}])
    found = take_home(lab, buffer_of(page, place), head["count"], table)
    assert (fresh.names, 1, 1, 0, 0) == tuple(head[key] for key in ("peers", "epoch", "play", "cut", "from"))
    assert without_numbers(alone) == without_numbers(found)


def test_messages_of_two_languages_are_framed_by_their_own() -> None:
    """Each has a magic number of its own, also for those who ask for all messages later."""
    lab = Lab("ping")
    lab.run()
    carrier = Carrier(lab)
    page = open_page(carrier)

    lab.begin("kademlia_lookup")
    lab.run(until=20 * SECOND)
    carrier._flush()
    before = len(page.sent)
    say_hello(carrier)

    frames = b"".join(bytes(buffers[0]) for data, buffers in page.sent[before:] if buffers)
    assert frames.count(Lab("ping").codec.magic) > 0 < frames.count(lab.codec.magic)


def test_a_page_that_missed_it_gets_it_by_its_hello() -> None:
    """It tells an epoch of the old scenario; the answer has the head, with the play, and all records."""
    lab = Lab("keep_alive_today")
    lab.look_ahead()
    carrier = Carrier(lab)
    lab.begin("kademlia_lookup")
    page = open_page(carrier)

    say_hello(carrier, epoch=0, have=100, facts=40, messages=3)

    head = heads_of(page)[0]
    assert ("records", 0, 1, lab.names) == (head["type"], head["from"], head["play"], head["peers"])


def test_where_the_reader_of_the_old_one_rests_moves_nobody() -> None:
    """His cursor was on its way when the other scenario began."""
    lab = Lab("keep_alive_today")
    lab.look_ahead()
    carrier = Carrier(lab)
    open_page(carrier)
    lab.begin("kademlia_lookup")

    rest_at(carrier, 50, epoch=0)

    assert 0 == lab.cursor


def test_the_same_scenario_again_is_no_other() -> None:
    """Another seed, or none: readers stay where they are, as after every reset."""
    lab = Lab("keep_alive_today")
    carrier = Carrier(lab)
    page = open_page(carrier)

    lab.reset(5)
    lab.begin(lab.scenario)

    assert {0} == {head["play"] for head in heads_of(page) if "play" in head}
