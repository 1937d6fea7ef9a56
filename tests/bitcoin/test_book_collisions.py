"""Test before evict: a tried place is left to who has it, until he did not answer once more."""

from support.address_books import DAY, HOUR, NOW, find_faults, make_book, tell

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_book import AddressBook

OLD = Address("250.1.1.1", 8333)


def find_rivals(book: AddressBook, count: int) -> list[Address]:
    """Others who want the tried place of `OLD`."""
    place, found = book.get_tried_place(OLD), []
    for number in range(1, 1 << 16):
        rival = Address(f"250.1.{number >> 8}.{number & 255}", 8333)
        if rival != OLD and book.get_tried_place(rival) == place:
            found.append(rival)
        if len(found) == count:
            break
    return found


def make_quarrel(rivals: int = 1) -> tuple[AddressBook, list[Address]]:
    """`OLD` stands in tried, and some others have just answered who want its place."""
    book = make_book()
    tell(book, [OLD.ip])
    book.good(OLD, NOW)
    wanting = find_rivals(book, rivals)
    for number, rival in enumerate(wanting):
        tell(book, [rival.ip], f"{1 + number}.7.1.1", time=NOW + DAY)
        assert not book.good(rival, NOW + DAY)
    return book, wanting


def test_the_newcomer_waits_and_a_feeler_tests_the_old_one() -> None:
    """Nothing moves yet; whom a feeler should dial is the one whose place is wanted."""
    book, (new,) = make_quarrel()

    tested = book.select_collision(CounterRandom(1))

    assert tested is book.entries[OLD]
    assert (True, False) == (book.entries[OLD].is_tried, book.entries[new].is_tried)


def test_the_old_one_answers_and_stays() -> None:
    """Within four hours of an answer his place is safe."""
    book, (new,) = make_quarrel()
    book.good(OLD, NOW + DAY + 60)

    book.resolve_collisions(NOW + DAY + 60 + 4 * HOUR - 1)

    assert {} == book.collisions
    assert (True, False) == (book.entries[OLD].is_tried, book.entries[new].is_tried)
    book.collisions[new] = None
    book.resolve_collisions(NOW + DAY + 60 + 4 * HOUR)
    assert book.entries[new].is_tried


def test_the_old_one_does_not_answer_in_a_minute_and_goes_back_to_new() -> None:
    """Before that minute nothing is decided."""
    book, (new,) = make_quarrel()
    book.attempt(OLD, NOW + DAY + 10, counts=True)

    book.resolve_collisions(NOW + DAY + 70)
    assert book.entries[OLD].is_tried
    book.resolve_collisions(NOW + DAY + 71)

    assert {} == book.collisions
    assert (False, True) == (book.entries[OLD].is_tried, book.entries[new].is_tried)
    assert 1 == len(book.entries[OLD].new_places)
    assert [] == find_faults(book)


def test_a_test_that_nobody_made_in_40_minutes_is_lost() -> None:
    """We could not even dial the old one: the newcomer gets the place."""
    book, (new,) = make_quarrel()

    book.resolve_collisions(NOW + DAY + 2_400)
    assert not book.entries[new].is_tried
    book.resolve_collisions(NOW + DAY + 2_401)

    assert book.entries[new].is_tried


def test_who_comes_back_to_new_pushes_out_who_stands_there() -> None:
    """And who had only that place is forgotten: the book never grows by a quarrel."""
    book, (new,) = make_quarrel()
    place = book.get_new_place(OLD, book.entries[OLD].source)
    name = next(
        name
        for name in (f"250.1.{i >> 8}.{i & 255}" for i in range(1 << 14))
        if book.get_new_place(Address(name, 8333), book.entries[OLD].source) == place and name != OLD.ip
    )
    tell(book, [name])
    before = len(book)

    book.resolve_collisions(NOW + DAY + 2_401)

    assert book.entries[new].is_tried
    assert OLD == book.new.get(place)
    assert Address(name, 8333) not in book
    assert before - 1 == len(book)
    assert [] == find_faults(book)


def test_ten_quarrels_at_once_are_the_most() -> None:
    """The eleventh is not even noted."""
    book, rivals = make_quarrel(rivals=11)

    assert rivals[:10] == list(book.collisions)


def test_quarrels_over_nothing_end() -> None:
    """The newcomer was forgotten, or the place has become free meanwhile."""
    book, (gone,) = make_quarrel()
    forget(book, gone)
    assert None is book.select_collision(CounterRandom(1))
    assert {} == book.collisions

    book, (gone,) = make_quarrel()
    forget(book, gone)
    book.resolve_collisions(NOW + DAY)
    assert {} == book.collisions

    book, (new,) = make_quarrel()
    book.tried.clear(book.entries[OLD].tried_place)
    book.entries.pop(OLD)
    book.resolve_collisions(NOW + DAY)
    assert book.entries[new].is_tried
    assert None is make_book().select_collision(CounterRandom(1))


def forget(book: AddressBook, address: Address) -> None:
    """As when others have taken all its places."""
    for place in book.entries.pop(address).new_places:
        book.new.clear(place)
