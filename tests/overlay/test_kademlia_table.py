"""Buckets and the table: who gets in, who waits, who must go. Ids are given by their first bits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_buckets import (
    ADDED,
    FORGOTTEN,
    FULL,
    REMOVED,
    SILENT,
    SPLIT,
    WAITS,
)
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import ID_BITS
from blockchain_lab.overlay.kademlia_table import RoutingTable

HERE = Address("10.0.0.1", 1)


def at(bits: str) -> int:
    """The id that begins with these bits and goes on with zeros."""
    return int(bits.ljust(ID_BITS, "0"), 2)


def contact(bits: str, port: int = 1) -> Contact:
    """A contact with such an id."""
    return Contact(at(bits), Address("10.0.0.2", port))


def fill(table: RoutingTable, *names: str) -> list[tuple[str, str]]:
    """Hear of contacts; what became of the table, in short."""
    return [(change.what, change.bucket) for name in names for change in table.observe(contact(name))]


def shape(table: RoutingTable) -> dict[str, int]:
    """Each bucket's prefix, and how many it holds."""
    return {bucket.prefix: len(bucket.contacts) for bucket in table.buckets}


def test_only_the_bucket_of_our_own_id_is_split() -> None:
    """We are 00..., k = 2: two of the far half fill it for good; near us there is always room."""
    table = RoutingTable(at("0000"), k=2)

    assert [(ADDED, ""), (ADDED, "")] == fill(table, "1", "11")
    assert [(SPLIT, ""), (ADDED, "0")] == fill(table, "01")
    assert [(WAITS, "1"), (FULL, "1")] == fill(table, "101")
    assert [(ADDED, "0"), (SPLIT, "0"), (ADDED, "01")] == fill(table, "001", "011")
    assert {"00": 1, "01": 2, "1": 2} == shape(table)


def test_the_oldest_contact_is_asked_and_stays_when_it_answers() -> None:
    """Who has been up for long will probably be up for longer; nobody floods us out of our contacts."""
    table = RoutingTable(at("0"), k=2)
    fill(table, "1", "11", "01", "001")
    first, newcomer = contact("1"), contact("101")

    waits, full = table.observe(newcomer)
    assert [(WAITS, newcomer), (FULL, first)] == [(each.what, each.contact) for each in (waits, full)]
    assert [WAITS] == [each.what for each in table.observe(contact("111"))], "one check at a time"
    assert [] == table.observe(newcomer), "it waits already"
    table.on_alive(first.id)
    table.observe(first)

    assert [first.id in table, newcomer.id in table] == [True, False]
    assert [at("11"), at("1")] == list(table.find_bucket(at("1")).contacts), "it has answered"


def test_who_does_not_answer_is_replaced_by_who_waits_newest_first() -> None:
    """The replacement cache, §4.1."""
    table = RoutingTable(at("0"), k=2)
    fill(table, "1", "11", "01", "001", "101", "111")

    changes = table.on_silent(at("1"))

    told = [(change.what, change.contact.id) for change in changes if change.contact]
    assert [(SILENT, at("1")), (REMOVED, at("1")), (ADDED, at("111"))] == told
    assert [at("101")] == list(table.find_bucket(at("1")).spares)


def test_who_waits_is_forgotten_when_too_many_do_or_when_it_is_silent() -> None:
    """One place among those who wait: the newest has it; a silent one is asked no more."""
    table = RoutingTable(at("0"), k=1, most_spares=1)
    fill(table, "1", "01", "11")

    assert [(WAITS, "1"), (FORGOTTEN, "1")] == fill(table, "111")
    assert [at("111")] == list(table.find_bucket(at("1")).spares)
    assert [FORGOTTEN] == [change.what for change in table.on_silent(at("111"))]
    assert [] == table.on_silent(at("111"))


def test_a_contact_is_flagged_and_kept_while_nobody_waits_for_its_place() -> None:
    """If it is our own line that is down, the table survives it; but we tell nobody of it any more."""
    table = RoutingTable(at("0"), k=3, stale_after=2)
    fill(table, "1", "11")

    assert [SILENT] * 2 == [each.what for each in table.on_silent(at("1")) + table.on_silent(at("1"))]
    assert at("1") in table
    assert [contact("11")] == table.find_closest(at("1"), 3)
    table.observe(contact("1"))
    assert [contact("1"), contact("11")] == table.find_closest(at("1"), 3), "it has spoken again"


def test_a_flagged_contact_makes_room_at_once() -> None:
    """Its bucket is full and somebody comes: nobody needs to be asked."""
    table = RoutingTable(at("0"), k=2, stale_after=1)
    fill(table, "1", "11", "01", "001")
    table.on_silent(at("11"))

    assert [(WAITS, "1"), (REMOVED, "1"), (ADDED, "1")] == fill(table, "101")
    assert {at("1"), at("101")} == set(table.find_bucket(at("1")).contacts)


def test_a_contact_that_we_have_just_heard_from_is_not_asked() -> None:
    """BEP 5: good for 15 minutes."""
    table = RoutingTable(at("0"), k=1, check_after=900)
    table.observe(contact("01"), 0)
    table.observe(contact("1"), 100)

    assert [WAITS] == [change.what for change in table.observe(contact("11"), 999)]
    assert [WAITS, FULL] == [change.what for change in table.observe(contact("111"), 1_000)]


def test_nobody_takes_the_place_of_a_known_id_by_speaking_from_elsewhere() -> None:
    """The old address stays, and is not held for alive because of it."""
    table = RoutingTable(at("0"), k=2)
    fill(table, "1", "11")
    table.on_silent(at("1"))

    assert [] == table.observe(contact("1", port=666))
    assert [contact("1"), contact("11")] == list(table)
    assert {at("1"): 1} == table.find_bucket(at("1")).failures


def test_we_are_no_contact_of_ours() -> None:
    """Somebody may tell us of us."""
    table = RoutingTable(at("0"), k=2)

    assert [] == table.observe(Contact(at("0"), HERE))
    assert 0 == len(table)


def test_relaxed_splitting_goes_b_bits_deep_everywhere() -> None:
    """B = 2: buckets far from us are split once more (§4.2), not a second time."""
    table = RoutingTable(at("00"), k=1, b=2, keeps_neighbours=False)
    fill(table, "01", "10", "11", "111")

    assert {"0": 1, "10": 1, "11": 1} == shape(table)


def test_the_nearest_k_are_known_even_if_a_foreign_bucket_must_be_split() -> None:
    """The paper's own case: we are alone in 000, and more than k begin with 001."""
    names = ["1", "0010", "0011", "00101", "00111"]
    with_rule, without = RoutingTable(at("000"), k=2), RoutingTable(at("000"), k=2, keeps_neighbours=False)
    fill(with_rule, *names)
    fill(without, *names)

    assert [contact("0010"), contact("00101")] == with_rule.find_closest(at("000"), 2)
    assert [contact("0010"), contact("0011")] == without.find_closest(at("000"), 2)


IDS = st.integers(0, (1 << 10) - 1).map(lambda bits: bits << ID_BITS - 10)  # few bits: collisions matter
SOME = st.lists(st.tuples(IDS, st.sampled_from(["hear", "hear", "hear", "silent", "alive"])), max_size=150)


@given(own=IDS, k=st.integers(1, 4), b=st.integers(1, 3), events=SOME, neighbours=st.booleans(), target=IDS)
def test_a_table_stays_a_table(own: int, k: int, b: int, events: list, neighbours: bool, target: int) -> None:
    """Buckets cover the space without a gap, each holds at most k of its range, the closest are closest."""
    table = RoutingTable(own, k, b, most_spares=2, stale_after=2, keeps_neighbours=neighbours)
    for node, what in events:
        match what:
            case "hear":
                table.observe(Contact(node, HERE))
            case "silent":
                table.on_silent(node)
            case "alive":
                table.on_alive(node)

    assert 0 == table.buckets[0].low
    assert all(a.low + (1 << a.bits) == b.low for a, b in pairwise(table.buckets))
    assert 1 << ID_BITS == table.buckets[-1].low + (1 << table.buckets[-1].bits)
    for bucket in table.buckets:
        assert len(bucket.contacts) <= k
        assert len(bucket.spares) <= 2
        assert list(bucket.contacts) == [each.id for each in bucket.contacts.values()]
        assert all(bucket.covers(node) for node in (*bucket.contacts, *bucket.spares, *bucket.failures))
        assert set(bucket.heard_at) == set(bucket.contacts) >= set(bucket.failures)
        assert not set(bucket.contacts) & set(bucket.spares)
        assert bucket.checked is None or bucket.covers(bucket.checked)
    assert own not in table
    failures = {node: count for bucket in table.buckets for node, count in bucket.failures.items()}
    good = sorted((each.id for each in table if failures.get(each.id, 0) < 2), key=lambda node: node ^ target)
    assert good[:k] == [each.id for each in table.find_closest(target, k)]


@given(own=IDS, ids=st.lists(IDS, unique=True, max_size=120), k=st.integers(1, 5))
def test_with_the_rule_for_neighbours_all_of_the_k_nearest_are_known(own: int, ids: list, k: int) -> None:
    """In whatever order they came."""
    table = RoutingTable(own, k)
    for node in ids:
        table.observe(Contact(node, HERE))
    nearest = sorted((node for node in ids if node != own), key=lambda node: node ^ own)[:k]

    assert nearest == [each.id for each in table.find_closest(own, k)]
