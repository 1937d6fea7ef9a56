"""What a node says of its address book when it opens it, so that whoever folds its notes begins right."""

import json

from support.address_books import DAY, KEY_1, NOW, find_faults, heard
from support.address_nets import get_home
from support.bitcoin_dialogue import facts, make_node, topics

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_book_plain import read_book, write_book
from blockchain_lab.bitcoin.noted_book import NotedBook

GOSSIP = {"era": "today", "gossip": True}


def make_full_book(**values: bool) -> NotedBook:
    """Forty hosts that four others have named; every third has been reached."""
    book, random = NotedBook(KEY_1, **values), CounterRandom(1)
    for number in range(40):
        home = get_home(number)
        book.add([heard(home.ip)], f"50.{number % 4}.1.1", NOW, random)
        if number % 3 == 0:
            book.good(home, NOW)
    return book


def get_rows(book: NotedBook) -> list[list[object]]:
    """Address, table, bucket and source of everybody in it."""
    rows = [(entry, book.get_standing(entry.address)) for entry in book]
    return [[*entry.address, *standing, entry.source] for entry, standing in rows if standing is not None]


def test_a_node_begins_with_what_is_on_its_disk() -> None:
    """Everybody in the loaded book, where he stands and who told of him; the same that was written."""
    book = make_full_book()
    node = make_node(policy=GOSSIP, disk={"book": json.loads(json.dumps(write_book(book)))})

    told = facts(node.on_start(0), "addresses loaded")

    assert told["is_bucketed"] is True
    assert get_rows(book) == told["addresses"]
    assert {"new", "tried"} == {table for _, _, table, _, _ in told["addresses"]}


def test_a_list_without_tables_says_so() -> None:
    """The book of 2010: no buckets."""
    book = make_full_book(is_bucketed=False)
    node = make_node(policy={**GOSSIP, "era": "2010"}, disk={"book": write_book(book)})

    told = facts(node.on_start(0), "addresses loaded")

    assert told["is_bucketed"] is False
    assert {("new", None)} == {(table, bucket) for _, _, table, bucket, _ in told["addresses"]}


def test_an_empty_book_is_told_too_and_no_book_is_not() -> None:
    """So whoever looks on knows whether a node keeps one."""
    assert [] == facts(make_node(policy=GOSSIP).on_start(0), "addresses loaded")["addresses"]
    assert "addresses loaded" not in topics(make_node().on_start(0))


def test_how_many_lines_there_may_be_is_told_and_told_again_when_the_policy_changes() -> None:
    """Today 8 + 2 + a feeler, which leaves 114 of 125; setting the same once more is no news."""
    node = make_node(policy=GOSSIP)
    slots = {"full_relay": 8, "blocks_only": 2, "feeler": 1, "inbound": 114}
    assert slots == facts(node.on_start(0), "connection slots")

    assert [] == node.on_command(SetPolicy("ann", "gossip", True), 0)
    node.setup.policy["full_outbound"] = 10
    effects = node.on_command(SetPolicy("ann", "full_outbound", 10), 0)

    assert {**slots, "full_relay": 10, "inbound": 112} == facts(effects, "connection slots")


def test_who_loses_the_first_of_two_places_is_said_to_have_moved() -> None:
    """Within the new table, to the bucket of the place that it keeps."""
    book, random = NotedBook(KEY_1), CounterRandom(2)
    host = Address("250.1.1.1", 8333)
    for number in range(200):
        book.add([heard(host.ip, time=NOW + number)], f"60.{number}.1.1", NOW + number, random)
    places = list(book.entries[host].new_places)
    book.take_notes()
    assert len(places) > 1
    rivals = (Address(f"250.1.{number >> 8}.{number & 255}", 8333) for number in range(512, 60_000))
    rival = next(one for one in rivals if book.get_new_place(one, "60.0.1.1") == places[0])

    book.entries[host].time = NOW - 31 * DAY  # terrible: whoever wants its place gets it
    book.add([heard(rival.ip)], "60.0.1.1", NOW, random)
    added, moved = (note for note in book.take_notes() if isinstance(note, Note))

    assert {"address": [*host], "table": "new", "bucket": places[1] // 64} == moved.facts
    assert ("address added", [*rival]) == (added.topic, added.facts["address"])
    assert [] == find_faults(read_book(write_book(book)))
