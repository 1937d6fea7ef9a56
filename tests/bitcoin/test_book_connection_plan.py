"""Which connection a node opens next: eight and two, never two to one group, and a feeler now and then."""

import pytest
from support.address_books import DAY, NOW, heard, make_book, tell, try_all

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import HOUR, MINUTE, SECOND, Address
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.connection_plan import (
    LOOK_EVERY,
    Choice,
    ConnectionPlan,
    Kind,
    Line,
    choose,
    choose_extra_blocks_line,
    get_next_kind,
    get_next_look,
    make_plan,
)
from blockchain_lab.bitcoin.eras import ERAS, Era

OWN = Address("8.8.8.8", 8333)
WORLD = [f"{ip % 60 + 20}.{ip // 60}.{ip % 7}.1" for ip in range(300)]
TODAY = ERAS["today"]


def make_world(**values: bool) -> AddressBook:
    """A book of 300 hosts, each of a group of its own, named by many."""
    book = make_book(**values)
    for number, ip in enumerate(WORLD):
        tell(book, [ip], f"{20 + number % 60}.9.1.1")
    return book


def plan_for(book: AddressBook, era: Era = TODAY, seed: int = 1) -> tuple[ConnectionPlan, CounterRandom]:
    """A node starts."""
    random = CounterRandom(get_key("plan", seed))
    return make_plan(era, OWN, book, 0, random), random


def fill(
    plan: ConnectionPlan, book: AddressBook, random: CounterRandom, lines: list[Line], now: int = 0
) -> list[Kind]:
    """Open one connection after the other until nothing is missing, all of them work; what they were for."""
    opened = []
    while (choice := choose(plan, lines, book, NOW + DAY, now, random)) is not None:
        lines.append(Line(choice.address, choice.kind, 2 * len(lines), now))
        opened.append(choice.kind)
    return opened


def lines_of(kinds: dict[Kind, int]) -> list[Line]:
    """So many of each, somewhere in the world."""
    flat = [kind for kind, count in kinds.items() for _ in range(count)]
    return [Line(Address(WORLD[i], 8333), kind, 2 * i) for i, kind in enumerate(flat)]


def test_eight_and_two_and_no_group_twice() -> None:
    """Full relay first, then those for blocks only."""
    book, lines = make_world(), []
    plan, random = plan_for(book)
    moments = plan.next_extra, plan.next_feeler

    assert 8 * [Kind.FULL] + 2 * [Kind.BLOCKS] == fill(plan, book, random, lines)
    assert moments == (plan.next_extra, plan.next_feeler)
    assert 0 < min(moments) and max(moments) < HOUR
    assert 10 == len({line.address.ip.rsplit(".", 2)[0] for line in lines})


@pytest.mark.parametrize(("era", "count"), [("2010", 8), ("2014", 8), ("lecture", 8), ("today", 10)])
def test_each_era_has_its_number(era: str, count: int) -> None:
    """Lines for blocks only came in 2019; without feelers nothing is ever missing then."""
    book, lines = make_world(), []
    plan, random = plan_for(book, ERAS[era])

    fill(plan, book, random, lines)

    assert count == len(lines)
    assert (era == "today") is (get_next_kind(plan, lines, plan.next_feeler) is Kind.FEELER)
    assert (era == "today") is (get_next_look(plan, lines, 0) is not None)


def test_anchors_come_first_and_are_tried_once() -> None:
    """After a restart the last two for blocks only are dialled before anybody else."""
    book = make_world()
    anchors = [Address(ip, 8333) for ip in WORLD[:2]]
    book.set_anchors(anchors)
    plan, random = plan_for(book)
    lines: list[Line] = []

    first, second, *rest = fill(plan, book, random, lines)

    assert (Kind.BLOCKS, Kind.BLOCKS) == (first, second)
    assert set(anchors) == {line.address for line in lines[:2]}
    assert 8 * [Kind.FULL] == rest
    assert [] == book.anchors == plan.anchors


def test_an_anchor_in_a_group_that_we_have_is_passed_over() -> None:
    """Two anchors of one /16: the second one is not dialled."""
    book = make_world()
    book.set_anchors([Address("250.1.1.1", 8333), Address("250.1.2.2", 8333)])
    plan, random = plan_for(book)
    lines: list[Line] = []

    fill(plan, book, random, lines)

    assert ["250.1.2.2"] == [line.address.ip for line in lines if line.address.ip.startswith("250.")]


def test_only_one_line_to_an_attacker_with_a_thousand_hosts_of_one_group() -> None:
    """His /16 is one group; with the switch for small worlds, or by Tor names, it is not."""
    crowd = [f"250.1.{i >> 8}.{i & 255}" for i in range(600)]
    book = make_book(is_bucketed=False)
    tell(book, crowd)
    plan, random = plan_for(book)
    lines: list[Line] = []

    assert [Kind.FULL] == fill(plan, book, random, lines)
    assert None is choose(plan, lines, book, NOW, 0, random)
    plan.one_per_group = False
    assert 7 * [Kind.FULL] + 2 * [Kind.BLOCKS] == fill(plan, book, random, lines)

    onions = make_book(is_bucketed=False)
    tell(onions, [f"a{letter}{'a' * 54}.onion" for letter in "bcdefghijklmnopq"])
    plan, random = plan_for(onions)
    assert 10 == len(fill(plan, onions, random, []))


def test_feelers_every_two_minutes_and_extra_lines_every_five() -> None:
    """Counted over ten hours: means of 300 and 120, give or take four deviations."""
    book, lines = make_world(), lines_of({Kind.FULL: 8, Kind.BLOCKS: 2})
    plan, random = plan_for(book)
    plan.looks_around = True
    counts = dict.fromkeys(Kind, 0)
    now = 0
    while now < 10 * HOUR:
        look = get_next_look(plan, lines, now)
        assert look is not None and look >= LOOK_EVERY
        now += look
        choice = choose(plan, lines, book, NOW + DAY, now, random)
        if choice is not None:
            counts[choice.kind] += 1
            assert 0 <= choice.after < SECOND * (choice.kind is Kind.FEELER) + 1

    assert 230 <= counts[Kind.FEELER] <= 370
    assert 76 <= counts[Kind.BLOCKS] <= 164
    assert 0 == counts[Kind.FULL]


def test_extra_lines_only_after_the_first_sync_and_more_when_the_tip_is_stale() -> None:
    """A stale tip asks for a ninth full one."""
    book, lines = make_world(), lines_of({Kind.FULL: 8, Kind.BLOCKS: 2})
    plan, _ = plan_for(book)
    plan.next_feeler = 24 * HOUR

    assert None is get_next_kind(plan, lines, 10 * HOUR)
    assert 14 * HOUR == get_next_look(plan, lines, 10 * HOUR)
    plan.looks_around = True
    assert Kind.BLOCKS is get_next_kind(plan, lines, 10 * HOUR)
    assert Kind.BLOCKS is get_next_kind(plan, lines, plan.next_extra)
    assert None is get_next_kind(plan, lines, plan.next_extra - 1)
    plan.is_tip_stale = True
    assert Kind.FULL is get_next_kind(plan, lines, 10 * HOUR)


def feel(book: AddressBook, lines: list[Line]) -> Choice | None:
    """It is time for a feeler."""
    plan, random = plan_for(book)
    plan.next_feeler = 0
    return choose(plan, lines, book, NOW + DAY, MINUTE, random)


def test_a_feeler_goes_to_hearsay_also_of_a_group_that_we_have() -> None:
    """It is gone in a moment."""
    lines = lines_of({Kind.FULL: 8, Kind.BLOCKS: 2})
    book = make_book()
    try_all(book, [WORLD[20]])
    tell(book, [f"{WORLD[0].rsplit('.', 2)[0]}.77.77"])

    choice = feel(book, lines)

    assert choice is not None
    assert (Kind.FEELER, WORLD[0].rsplit(".", 2)[0] + ".77.77") == (choice.kind, choice.address.ip)


def test_a_feeler_tests_first_whose_place_another_one_wants() -> None:
    """If we are connected to him anyway, he is known to be alive, and hearsay is felt."""
    book = make_world()
    try_all(book, ["250.1.1.1"])
    old = Address("250.1.1.1", 8333)
    rival = next(
        f"250.1.{i >> 8}.{i & 255}"
        for i in range(2, 1 << 14)
        if book.get_tried_place(Address(f"250.1.{i >> 8}.{i & 255}", 8333)) == book.entries[old].tried_place
        and f"250.1.{i >> 8}.{i & 255}" != old.ip
    )
    tell(book, [rival], "33.1.1.1")
    book.good(Address(rival, 8333), NOW + DAY)
    lines = lines_of({Kind.FULL: 8, Kind.BLOCKS: 2})

    tested = feel(book, lines)
    assert tested is not None and old == tested.address
    instead = feel(book, [*lines[1:], Line(old, Kind.FULL, 99)])
    assert instead is not None and old != instead.address
    assert NOW + DAY == book.entries[old].last_success


def test_who_does_not_serve_what_we_want_is_not_dialled() -> None:
    """For a feeler it is enough that it has an address book: blocks, or the last few of them."""
    limited, nothing = (make_book(is_bucketed=False) for _ in range(2))
    limited.add([heard("250.1.1.1", services=1 << 10)], "250.1.1.1", NOW, CounterRandom(1))
    nothing.add([heard("250.1.1.1", services=0)], "250.1.1.1", NOW, CounterRandom(1))
    lines = lines_of({Kind.FULL: 8, Kind.BLOCKS: 2})

    assert None is choose(plan_for(limited)[0], [], limited, NOW, 0, CounterRandom(1))
    assert None is not feel(limited, lines)
    assert None is feel(nothing, lines)


def test_nobody_is_dialled_twice_nor_ourselves() -> None:
    """A book of ourselves and of one whom we already have a line to."""
    book = make_book(is_bucketed=False)
    tell(book, [OWN.ip, WORLD[0]])
    plan, random = plan_for(book)
    plan.one_per_group = False

    assert None is choose(plan, [Line(Address(WORLD[0], 8333), Kind.FEELER)], book, NOW, 0, random)


def test_nothing_is_drawn_when_nobody_in_the_book_fits() -> None:
    """In a small world we are soon connected to all of it; a hundred draws would be in vain."""
    book = make_book()
    try_all(book, WORLD[:3])
    lines = lines_of({Kind.FULL: 3})
    plan, random = plan_for(book)
    drawn = random.drawn

    assert choose(plan, lines, book, NOW + DAY, MINUTE, random) is None
    assert drawn == random.drawn
    assert choose(plan, lines[1:], book, NOW + DAY, MINUTE, random) is not None


def test_who_was_tried_lately_is_dialled_only_when_nobody_else_is_found() -> None:
    """Thirty draws in vain, then he will do."""
    book = make_book(is_bucketed=False)
    tell(book, WORLD[:2])
    tried = Address(WORLD[0], 8333)
    book.attempt(tried, NOW, counts=False)
    plan, random = plan_for(book)

    choice = choose(plan, [], book, NOW + 599, 0, random)
    assert choice is not None and Address(WORLD[1], 8333) == choice.address

    del book.entries[choice.address]
    for later, draws in ((599, 31), (600, 1)):
        before = random.drawn
        again = choose(plan, [], book, NOW + later, 0, random)
        assert again is not None and tried == again.address
        assert before + draws == random.drawn


def test_failures_count_from_two_lasting_lines_on() -> None:
    """With one group only we may be cut off ourselves; feelers and inbound lines prove nothing."""
    book = make_world()

    def counts(*lines: Line) -> bool:
        plan, random = plan_for(book)
        choice = choose(plan, lines, book, NOW + DAY, 0, random)
        assert choice is not None
        return choice.counts

    one, same, other = (Address(ip, 8333) for ip in ("250.1.1.1", "250.1.2.2", "250.2.1.1"))
    assert not counts(Line(one, Kind.FULL), Line(same, Kind.MANUAL))
    assert not counts(Line(one, Kind.FULL), Line(other, Kind.FEELER))
    assert counts(Line(one, Kind.FULL), Line(other, Kind.BLOCKS))
    assert counts(Line(one, Kind.FULL), Line(Address("a" * 56 + ".onion", 1), Kind.FULL))


def test_the_extra_line_stays_only_if_it_brings_news() -> None:
    """Of the two youngest for blocks only, one goes, but not when busy or in its first 30 seconds."""
    old, elder, young = (Line(OWN, Kind.BLOCKS, 2 * i, i * MINUTE) for i in range(3))
    later = 2 * MINUTE + 30 * SECOND

    assert None is choose_extra_blocks_line([old, elder], 2, later)
    assert elder.conn == choose_extra_blocks_line([old, elder], 1, later)
    assert None is choose_extra_blocks_line([old], 0, later)
    assert young.conn == choose_extra_blocks_line([old, elder, young], 2, later)
    assert None is choose_extra_blocks_line([old, elder, young], 2, later - 1)
    assert None is choose_extra_blocks_line([old, elder, young._replace(is_busy=True)], 2, later)
    assert elder.conn == choose_extra_blocks_line([old, elder, young._replace(last_block=1)], 2, later)
    assert None is choose_extra_blocks_line([old._replace(kind=Kind.FULL), elder, young], 2, later)
