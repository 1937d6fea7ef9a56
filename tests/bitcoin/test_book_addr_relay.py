"""Gossip about hosts: what is believed, how much is read, who is told, and what `getaddr` gives away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.address_books import DAY, HOUR, NOW, heard, make_book, tell

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import HOUR as HOUR_US
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.bitcoin.addr_relay import (
    AddrState,
    AnswerCache,
    Hearing,
    answer_getaddr,
    choose_targets,
    get_address,
    get_believed_time,
    on_addr,
    on_getaddr_sent,
    push,
    refill,
    remember,
    take_batches,
)
from blockchain_lab.bitcoin.address_groups import Net
from blockchain_lab.bitcoin.eras import ERAS, Era
from blockchain_lab.bitcoin.network_address import TimedAddress
from blockchain_lab.bitcoin.peers import PeerFault

TODAY, OLD = ERAS["today"], ERAS["2010"]
WORLD = [f"{ip % 60 + 20}.{ip // 60}.{ip % 7}.1" for ip in range(6_000)]


def hear(state: AddrState, items: list[TimedAddress], now: int = 0, era: Era = TODAY) -> Hearing:
    """An `addr` comes in."""
    return on_addr(state, items, era, NOW, now, CounterRandom(1))


def full(tokens: int = 1_000) -> AddrState:
    """A peer who may name so many hosts."""
    return AddrState(tokens=tokens * 1_000_000)


@pytest.mark.parametrize(
    ("stated", "believed"),
    [
        (NOW, NOW),
        (NOW + 600, NOW + 600),
        (NOW + 601, NOW - 5 * DAY),
        (100_000_000, NOW - 5 * DAY),
        (100_000_001, 100_000_001),
        (0, NOW - 5 * DAY),
    ],
)
def test_impossible_times_are_five_days_ago(stated: int, believed: int) -> None:
    """More than ten minutes ahead, or before 1973."""
    assert believed == get_believed_time(stated, NOW)


def test_more_than_a_thousand_at_once_are_a_fault() -> None:
    """A thousand are not."""
    items = [heard(ip) for ip in WORLD[:1_001]]

    with pytest.raises(PeerFault, match="1001 addresses, wanted at most 1000"):
        hear(full(), items)
    assert 1_000 == len(hear(full(), items[:1_000]).stored)


def test_a_new_peer_may_name_one_host_and_then_one_every_ten_seconds() -> None:
    """0.1 tokens a second; who asked for an answer may read a thousand more."""
    state = AddrState()
    items = [heard(ip) for ip in WORLD[:5]]

    assert [1, 0, 0, 1, 4] == [
        len(hear(state, items, now).stored) for now in (0, SECOND, 9 * SECOND, 10 * SECOND, 50 * SECOND)
    ]
    on_getaddr_sent(state)
    answer = hear(state, [heard(ip) for ip in WORLD[:1_000]], 50 * SECOND)
    assert (1_000, 0) == (len(answer.stored), answer.dropped)
    assert 5 == hear(state, items, 50 * SECOND).dropped


@given(st.lists(st.integers(0, 10**11), max_size=20))
def test_tokens_are_saved_up_to_a_thousand(waits: list[int]) -> None:
    """However the time passes: what is earned is a tenth of a token a second, at most a thousand."""
    state, now = AddrState(tokens=0), 0
    for wait in waits:
        now += wait
        refill(state, now)

    assert min(1_000_000_000, now // 10 - len(waits)) <= state.tokens <= min(1_000_000_000, now // 10)


def test_tokens_above_a_thousand_stay_and_do_not_grow() -> None:
    """After our getaddr there are up to 2,000."""
    state = full(900)
    on_getaddr_sent(state)
    refill(state, 24 * HOUR_US)

    assert 1_900_000_000 == state.tokens


def test_who_reads_only_some_does_not_let_the_peer_choose_which() -> None:
    """Ten of twenty are read, and not the first ten."""
    items = [heard(ip) for ip in WORLD[:20]]

    read = hear(full(10), items).stored

    assert 10 == len(read)
    assert items[:10] != sorted(read, key=items.index)


def test_in_2010_everything_was_read() -> None:
    """No tokens then."""
    assert 5 == len(hear(AddrState(), [heard(ip) for ip in WORLD[:5]], era=OLD).stored)


def test_news_is_passed_on_and_nothing_else() -> None:
    """Fresh, one of at most ten, not an answer to us, and routable. Stored is all of it."""
    fresh, stale = heard(WORLD[0], time=NOW - 599), heard(WORLD[1], time=NOW - 600)
    nowhere = heard("10.0.0.1")

    assert [fresh] == hear(full(), [fresh, stale, nowhere]).relayed
    assert {fresh, stale, nowhere} == set(hear(full(), [fresh, stale, nowhere]).stored)
    assert 10 == len(hear(full(), [heard(ip) for ip in WORLD[:10]]).relayed)
    assert [] == hear(full(), [heard(ip) for ip in WORLD[:11]]).relayed
    private = on_addr(full(), [nowhere], TODAY, NOW, 0, CounterRandom(1), private_too=True)
    assert [nowhere] == private.relayed


def test_an_answer_to_our_question_is_not_news() -> None:
    """It is over with the first message that is not full; what comes then is news again."""
    state = full()
    on_getaddr_sent(state)

    assert [] == hear(state, [heard(ip) for ip in WORLD[:1_000]]).relayed
    assert [] == hear(state, [heard(WORLD[2_000])]).relayed
    assert 1 == len(hear(state, [heard(WORLD[2_001])]).relayed)


def test_hosts_that_we_cannot_dial_are_passed_on_and_not_stored() -> None:
    """We have no Tor: an onion name is for others."""
    onion = heard("a" * 16 + ".onion")

    hearing = on_addr(full(), [onion], TODAY, NOW, 0, CounterRandom(1), reachable=(Net.IPV4, Net.IPV6))

    assert ([], [onion]) == (hearing.stored, hearing.relayed)


def test_a_line_for_blocks_only_carries_no_word_about_hosts() -> None:
    """Not in, not out."""
    state = AddrState(is_block_only=True)

    assert Hearing([], [], 0) == hear(state, [heard(WORLD[0])])
    push(state, heard(WORLD[0]), CounterRandom(1))
    assert [] == take_batches(state)
    assert not ask(state, make_book(), AnswerCache())


HOST = Address("250.1.1.1", 8333)
KEY = get_key("ann")


def test_two_peers_are_told_and_the_same_two_all_day() -> None:
    """However often the host is named; the next day others are."""
    conns = list(range(0, 40, 2))
    days = [tuple(choose_targets(HOST, conns, KEY, NOW + hour * HOUR)) for hour in range(24 * 10)]

    assert {2} == {len(targets) for targets in days}
    assert 10 <= len(set(days)) <= 11  # ten days and the rest of one
    assert all(day in days[i * 24 : i * 24 + 48] for i in range(9) for day in (days[i * 24 + 24],))
    assert days[0] == tuple(choose_targets(HOST, conns[::-1], KEY, NOW))


def test_each_host_has_its_own_midnight_and_each_node_its_own_choice() -> None:
    """Nobody can know who will be told."""
    conns = list(range(20))
    hosts = [Address(ip, 8333) for ip in WORLD[:200]]
    chosen = [choose_targets(host, conns, KEY, NOW) for host in hosts]
    an_hour_later = [choose_targets(host, conns, KEY, NOW + HOUR) for host in hosts]
    told = [sum(conn in pair for pair in chosen) for conn in conns]

    assert 1 <= sum(a != b for a, b in zip(chosen, an_hour_later, strict=True)) <= 25  # 200 / 24 on average
    assert chosen != [choose_targets(host, conns, get_key("bob"), NOW) for host in hosts]
    assert 5 <= min(told) and max(told) <= 40  # 20 each on average


def test_hosts_out_of_our_reach_go_to_one_or_two() -> None:
    """With few peers, to as many as there are."""
    counts = [
        len(choose_targets(Address(ip, 1), range(9), KEY, NOW, is_reachable=False)) for ip in WORLD[:200]
    ]

    assert {1, 2} == set(counts)
    assert 70 <= counts.count(1) <= 130
    assert [[], [4]] == [choose_targets(HOST, conns, KEY, NOW) for conns in ([], [4])]


def test_a_peer_is_told_once_and_not_what_it_has_told_us() -> None:
    """All that waits goes out together."""
    state = full()
    hear(state, [heard(WORLD[0])])
    for ip in (*WORLD[:3], *WORLD[:3]):
        push(state, heard(ip), CounterRandom(1))

    assert [[heard(ip) for ip in WORLD[1:3]]] == take_batches(state)
    push(state, heard(WORLD[1], time=NOW + 1), CounterRandom(1))
    assert [] == take_batches(state)


def test_who_dialled_us_is_told_only_after_it_has_spoken_of_hosts() -> None:
    """It may be a wallet that does not care."""
    state = AddrState()

    push(state, heard(WORLD[0]), CounterRandom(1))
    assert [] == state.queue
    hear(state, [])
    push(state, heard(WORLD[0]), CounterRandom(1))
    assert [heard(WORLD[0])] == state.queue


def test_memory_has_an_end() -> None:
    """A thousand wait, five thousand are known; the oldest of these is forgotten first."""
    state = AddrState(is_open=True)
    for ip in WORLD[:1_500]:
        push(state, heard(ip), CounterRandom(len(state.queue)))
    assert 1_000 == len(state.queue)
    for ip in WORLD[:5_001]:
        remember(state, heard(ip))
    assert 5_000 == len(state.known)
    assert Address(WORLD[0], 8333) not in state.known


def ask(
    state: AddrState,
    book: object,
    cache: AnswerCache,
    era: Era = TODAY,
    now: int = 0,
    *,
    inbound: bool = True,
) -> list[TimedAddress]:
    """A peer asks whom we know; the answer, in all its messages."""
    random = CounterRandom(get_key("ask", now))
    assert answer_getaddr(state, inbound, book, cache, era, NOW, now, random) is bool(state.queue)
    return [item for batch in take_batches(state) for item in batch]


def test_today_getaddr_is_answered_once_and_only_to_who_dialled_us() -> None:
    """23 % of the book; whoever we dialled could otherwise find out by what we know who we are."""
    book = make_book()
    for number, ip in enumerate(WORLD[:1_000]):
        tell(book, [ip], f"{20 + number % 60}.9.1.1")
    state = AddrState()

    answer = ask(state, book, AnswerCache())

    assert 23 * len(book) // 100 == len(answer) == len({get_address(item) for item in answer})
    assert [] == ask(state, book, AnswerCache())
    assert [] == ask(AddrState(), book, AnswerCache(), inbound=False)
    assert answer != ask(AddrState(), book, AnswerCache(), ERAS["2014"], 1, inbound=False) != []


def test_everybody_gets_the_same_answer_for_about_a_day() -> None:
    """So asking a thousand times shows 23 % of the book and not all of it; then it changes."""
    book = make_book(is_bucketed=False)
    tell(book, WORLD[:1_000])
    cache = AnswerCache()

    answers = [ask(AddrState(), book, cache, now=hour * HOUR_US) for hour in range(28)]

    assert all(answer == answers[0] for answer in answers[:21])
    assert answers[0] != answers[27]
    by_asking_in_2014 = {
        get_address(item)
        for hour in range(28)
        for item in ask(AddrState(), book, AnswerCache(), ERAS["2014"], now=hour)
    }
    assert len(by_asking_in_2014) > 990


def test_in_2010_the_answer_was_all_of_the_last_three_hours_in_several_messages() -> None:
    """Up to about 2,500 of them, a thousand to a message, as often as somebody asked."""
    book = make_book(is_bucketed=False)
    tell(book, WORLD[:1_200])
    tell(book, WORLD[1_200:2_000], time=NOW - 3 * HOUR)
    state = AddrState()

    assert answer_getaddr(state, False, book, AnswerCache(), OLD, NOW, 0, CounterRandom(1))
    batches = take_batches(state)

    assert [1_000, 200] == [len(batch) for batch in batches]
    assert {NOW} == {item.time for batch in batches for item in batch}
    assert answer_getaddr(state, False, book, AnswerCache(), OLD, NOW, 0, CounterRandom(1))
    assert [] == take_batches(state)  # asked again, but it knows them all


def test_an_answer_takes_the_place_of_what_waited() -> None:
    """Nobody shall see from it what news we were about to pass on."""
    book, state = make_book(), AddrState(is_open=True)
    push(state, heard("250.1.1.1"), CounterRandom(1))

    assert answer_getaddr(state, True, book, AnswerCache(), TODAY, NOW, 0, CounterRandom(1))
    assert [] == take_batches(state)
