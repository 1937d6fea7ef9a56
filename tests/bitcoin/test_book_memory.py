"""What the address book remembers: hearsay, experience, draws, and what it gives away."""

import pytest
from support.address_books import DAY, HOUR, NOW, SOURCE, find_faults, heard, make_book, tell, try_all

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.address_entry import AddressEntry, get_chance, is_terrible

ANN = Address("250.1.1.1", 8333)
WORLD = [f"{ip % 60 + 20}.{ip // 60}.{ip % 7}.1" for ip in range(600)]


def only(book: AddressBook) -> AddressEntry:
    """The only entry."""
    (entry,) = book
    return entry


def test_hearsay_is_two_hours_older_than_it_claims_to_be() -> None:
    """Unless the host speaks of itself."""
    book, random = make_book(), CounterRandom(1)

    book.add([heard("250.1.1.1")], SOURCE, NOW, random, penalty=2 * HOUR)
    book.add([heard("250.2.1.1")], "250.2.1.1", NOW, random, penalty=2 * HOUR)
    book.add([heard("250.3.1.1", time=5)], SOURCE, NOW, random, penalty=2 * HOUR)

    assert [NOW - 2 * HOUR, NOW, 0] == [entry.time for entry in book]


def test_nobody_is_told_of_who_cannot_be_reached() -> None:
    """Private, local and misspelt addresses are not stored; with the simulator's switch private ones are."""
    names = ["10.0.0.1", "127.0.0.1", "fe80::1", "ann", "250.1.1.1"]

    assert 1 == tell(make_book(), names)
    assert 2 == tell(make_book(private_too=True), names)


@pytest.mark.parametrize(
    ("age", "newer_by", "penalty", "learns"),
    [
        (0, HOUR + 1, 0, True),  # online: an hour newer is news
        (0, HOUR, 0, False),
        (0, 2 * HOUR, 2 * HOUR, False),  # not after the penalty
        (DAY - 1, HOUR + 1, 0, True),
        (DAY, HOUR + 1, 0, False),  # offline: only a day newer is
        (2 * DAY, DAY + 1, 0, True),
        (2 * DAY, DAY, 0, False),
    ],
)
def test_times_move_in_steps(age: int, newer_by: int, penalty: int, learns: bool) -> None:
    """So that nobody can read from them when exactly a host was seen."""
    book, random = make_book(), CounterRandom(1)
    book.add([heard(ANN.ip, time=NOW - age - newer_by)], SOURCE, NOW, random)

    book.add([heard(ANN.ip, time=NOW - age, services=8)], SOURCE, NOW, random, penalty)

    assert (NOW - age - newer_by, NOW - age - penalty)[learns] == only(book).time
    assert 1 | 8 == only(book).services


def test_each_further_place_is_half_as_likely_and_eight_are_the_most() -> None:
    """Told of by 3,000 sources with ever newer times, an address is all over the new table, but not more."""
    book, random, told = make_book(), CounterRandom(3), []

    for number in range(3_000):
        source = f"{1 + number % 9}.{number // 9 % 256}.1.1"
        book.add([heard(ANN.ip, time=NOW + number)], source, NOW + number, random)
        told.append(len(only(book).new_places))

    assert 8 == told[-1]
    assert sorted(told) == told
    assert 2 <= told.index(4) <= 80  # 2 + 4 + 8 = 14 tries on average from one place to four
    assert told.index(8) >= 60  # 254 tries on average
    assert [] == find_faults(book)


def test_the_second_place_comes_with_every_other_telling() -> None:
    """Half of 400 nodes that hear of a host again put it at a second place."""
    second = 0
    for seed in range(400):
        book, random = make_book(), CounterRandom(get_key("second", seed))
        for number in range(2):
            book.add([heard(ANN.ip, time=NOW + number)], f"25{number}.7.1.1", NOW, random)
        second += len(only(book).new_places) == 2

    assert 160 <= second <= 240  # four standard deviations of 10


def test_who_is_tried_is_no_hearsay_any_more() -> None:
    """However often and however freshly it is named."""
    book, random = make_book(), CounterRandom(1)
    tell(book, [ANN.ip])

    assert book.good(ANN, NOW)
    assert not book.good(ANN, NOW + 1)
    assert 0 == book.add([heard(ANN.ip, time=NOW + 60)], "251.1.1.1", NOW + 60, random)
    assert [] == only(book).new_places == list(book.new)


def test_a_plain_list_takes_everybody_and_has_no_tables() -> None:
    """The book of 2010: each counts once, and to have been connected changes no place."""
    book = make_book(is_bucketed=False)

    assert 600 == tell(book, WORLD) == len(book)
    assert 0 == tell(book, WORLD, time=NOW + DAY)
    assert not book.good(Address(WORLD[0], 8333), NOW)
    assert [] == list(book.new) == list(book.tried)


def test_who_has_nothing_new_to_say_gives_no_place() -> None:
    """The same time again: no second place, from however many sources."""
    book = make_book()

    placed = [tell(book, [ANN.ip], f"{1 + i % 9}.{i}.1.1", seed=i) for i in range(100)]

    assert [1] + 99 * [0] == placed


def test_a_newcomer_takes_a_place_only_from_the_terrible_and_from_the_spare() -> None:
    """Two addresses of one /16 that fall on one place; the first keeps it, and the second is forgotten."""
    book = make_book()
    place = book.get_new_place(ANN, SOURCE)
    rivals = [Address(f"250.1.{i}.{j}", 8333) for i in range(2, 8) for j in range(256)]
    bob = next(rival for rival in rivals if book.get_new_place(rival, SOURCE) == place)

    assert (1, 0) == (tell(book, [ANN.ip]), tell(book, [bob.ip]))
    assert [ANN] == list(book.entries)
    book.entries[ANN].time = NOW - 31 * DAY
    assert 1 == tell(book, [bob.ip])
    assert [bob] == list(book.entries)
    for number in range(200):  # until bob stands at two places
        book.add([heard(bob.ip, time=NOW + number)], f"251.{number}.1.1", NOW, CounterRandom(number))
        if len(book.entries[bob].new_places) == 2:
            break
    assert 1 == tell(book, [ANN.ip])
    assert [bob, ANN] == list(book.entries)
    assert [] == find_faults(book)


def make_entry(**values: int) -> AddressEntry:
    """An entry heard of an hour ago, but for `values`."""
    return AddressEntry(ANN, 1, **{"time": NOW - HOUR, "source": SOURCE, **values})


@pytest.mark.parametrize(
    ("values", "terrible"),
    [
        ({}, False),
        ({"time": NOW - 30 * DAY}, False),
        ({"time": NOW - 30 * DAY - 1}, True),
        ({"time": NOW + 600}, False),
        ({"time": NOW + 601}, True),
        ({"time": 0, "last_try": NOW - 60}, False),  # perhaps it answers in this minute
        ({"time": 0, "last_try": NOW - 61}, True),
        ({"failures": 2}, False),
        ({"failures": 3}, True),
        ({"failures": 9, "last_success": NOW - 8 * DAY}, False),
        ({"failures": 10, "last_success": NOW - 7 * DAY}, False),
        ({"failures": 10, "last_success": NOW - 7 * DAY - 1}, True),
    ],
)
def test_when_an_address_is_terrible(values: dict[str, int], terrible: bool) -> None:
    """Not heard of for 30 days; dated in the future; three first failures; ten failures in a week."""
    assert terrible is is_terrible(make_entry(**values), NOW)


def test_failures_make_an_address_less_likely() -> None:
    """0.66 for each, at most eight of them, and a hundredth for ten minutes after a try."""
    chances = [get_chance(make_entry(failures=n), NOW) for n in range(10)]

    assert [1_000_000, 660_000, 435_600] == chances[:3]
    assert [int(1_000_000 * 0.66**8)] * 2 == chances[8:]
    assert 10_000 == get_chance(make_entry(last_try=NOW - 599), NOW)
    assert 1_000_000 == get_chance(make_entry(last_try=NOW - 600), NOW)


def test_half_of_the_draws_go_to_tried_however_few_they_are() -> None:
    """Ten tried against hundreds of new ones; a feeler asks for new ones only."""
    book = make_book()
    tried = try_all(book, WORLD[:10])
    tell(book, WORLD[10:])
    random = CounterRandom(4)

    drawn = [book.select(NOW + DAY, random) for _ in range(1_000)]
    feelers = [book.select(NOW + DAY, random, new_only=True) for _ in range(200)]

    assert 10 == len(tried)
    assert 430 <= sum(entry is not None and entry.is_tried for entry in drawn) <= 570  # 4.4 deviations
    assert all(entry is not None and not entry.is_tried for entry in feelers)
    assert book.select(NOW, CounterRandom(9)) is book.select(NOW, CounterRandom(9))


def test_the_last_hope_is_taken_after_some_thirty_draws() -> None:
    """Eight failures and a try just now leave 360 in a million; each draw in vain gives 1.2 times more.

    Half of all searches have ended when 0.00036 (1 + 1.2 + 1.2^2 + ...) passes ln 2: after about 32 draws.
    """
    book, draws = make_book(), []
    tell(book, [ANN.ip])
    only(book).failures, only(book).last_try = 8, NOW
    for seed in range(200):
        random = CounterRandom(get_key("hope", seed))
        assert only(book) is book.select(NOW, random)
        draws.append(random.drawn // 3)  # a bucket, a position, a chance

    assert 28 <= sorted(draws)[100] <= 34


def test_there_is_nobody_in_an_empty_book() -> None:
    """Not with tables, not without; and nobody new when all are tried."""
    book = make_book()
    try_all(book, WORLD[:1])

    assert None is make_book().select(NOW, CounterRandom(1))
    assert None is make_book(is_bucketed=False).select(NOW, CounterRandom(1))
    assert None is book.select(NOW, CounterRandom(1), new_only=True)
    assert None is not book.select(NOW, CounterRandom(1))


def test_a_failure_counts_only_while_others_can_be_reached() -> None:
    """Ann is tried three times and never answers; only once a connection has worked in between it counts."""
    book = make_book()
    tell(book, [ANN.ip])

    for minute in range(3):
        book.attempt(ANN, NOW + 60 * minute, counts=True)
    assert (1, NOW + 120) == (only(book).failures, only(book).last_try)
    book.good(Address("250.9.9.9", 8333), NOW + 200)  # not even known
    book.attempt(ANN, NOW + 300, counts=False)
    assert 1 == only(book).failures
    book.attempt(ANN, NOW + 360, counts=True)
    assert 2 == only(book).failures
    book.good(ANN, NOW + 400)
    assert (0, NOW + 400, True) == (only(book).failures, only(book).last_success, only(book).is_tried)


def test_a_connection_gives_itself_away_only_in_steps_of_20_minutes() -> None:
    """`good` leaves the time alone; `connected` moves it when it is old enough."""
    book = make_book()
    tell(book, [ANN.ip])

    book.good(ANN, NOW + HOUR)
    assert NOW == only(book).time
    book.connected(ANN, NOW + 1_200)
    assert NOW == only(book).time
    book.connected(ANN, NOW + 1_201)
    assert NOW + 1_201 == only(book).time
    book.set_services(ANN, 1033)
    assert 1033 == only(book).services


def test_getaddr_today_is_a_share_without_the_terrible() -> None:
    """23 % of all, at most so many; who is terrible is passed over, not counted."""
    book = make_book()
    tell(book, WORLD)
    for entry in list(book)[::2]:
        entry.time = NOW - 40 * DAY

    answer = book.sample(23, 1_000, NOW, CounterRandom(5))

    assert 23 * len(book) // 100 == len(answer) == len({entry.address for entry in answer})
    assert all(entry.time == NOW for entry in answer)
    assert 7 == len(book.sample(23, 7, NOW, CounterRandom(5)))
    assert answer != book.sample(23, 1_000, NOW, CounterRandom(6))
    assert [] == make_book().sample(23, 1_000, NOW, CounterRandom(5))


def test_getaddr_in_2010_was_everybody_of_the_last_three_hours() -> None:
    """Thinned out to about the wanted number: each with the same chance."""
    book = make_book(is_bucketed=False)
    tell(book, WORLD[:300])
    tell(book, WORLD[300:], time=NOW - 3 * HOUR)

    assert 300 == len(book.get_recent(NOW - 3 * HOUR, 2_500, CounterRandom(1)))
    assert 70 <= len(book.get_recent(NOW - 3 * HOUR, 100, CounterRandom(1))) <= 130


def test_two_anchors_are_remembered_and_asked_for_once() -> None:
    """A third one is not; a restart that fails does not try the same ones for ever."""
    book = make_book()
    book.set_anchors([Address(ip, 8333) for ip in WORLD[:3]])

    assert [Address(ip, 8333) for ip in WORLD[:2]] == book.take_anchors()
    assert [] == book.take_anchors()
