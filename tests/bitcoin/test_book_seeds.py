"""The first minute of a newcomer: whom it asks, when, and what the answer is worth."""

from typing import Any

import pytest
from support.address_books import DAY, NOW, heard, make_book
from support.bitcoin_dialogue import HERE, THERE, hang_ups, make_peer_version, sent
from support.bitcoin_pump import STARTED_AT, make_setup

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import HangUp, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.connection_plan import Line, choose, make_plan
from blockchain_lab.bitcoin.dns_seed import DnsSeedNode
from blockchain_lab.bitcoin.eras import ERAS
from blockchain_lab.bitcoin.messages import Addr, GetAddr, Inv, Ping, Pong, Verack, Version
from blockchain_lab.bitcoin.seeds import (
    DNS_SEED_NAMES,
    Bootstrap,
    Step,
    Task,
    age_answer,
    date_fixed_seeds,
    get_next_look,
    get_next_steps,
    make_bootstrap,
)

DNS = [Address(f"20.{i}.1.1", 53) for i in range(8)]
NODES = [Address(f"30.{i}.1.1", 8333) for i in range(2)]
FIXED = [Address("40.1.1.1", 8333)]


def start(book_size: int, nodes: int = 0, dns: int = 8, fixed: int = 1, seed: int = 1) -> Bootstrap:
    """A node starts with a book of this size."""
    random = CounterRandom(get_key("boot", seed))
    return make_bootstrap(NODES[:nodes], DNS[:dns], FIXED[:fixed], book_size, 0, random)


def watch(boot: Bootstrap, book_size: int, lines: int = 0, until: int = 10 * MINUTE) -> list[tuple[int, str]]:
    """Call it whenever it wants; what it did, and at which second."""
    now, done = 0, []
    while True:
        done += [(now // SECOND, step.task.value) for step in get_next_steps(boot, lines, book_size, now)]
        wait = get_next_look(boot, now)
        if wait is None or now + wait > until:
            return done
        assert wait > 0
        now += wait


def test_a_newcomer_asks_all_dns_seeds_at_once() -> None:
    """Its book is empty; it has nothing to lose. The fixed seeds come after a minute in vain."""
    assert 8 * [(0, "ask a DNS seed")] + [(60, "add the fixed seeds")] == watch(start(0), 0)


def test_who_has_a_book_asks_three_at_a_time_and_waits_before() -> None:
    """After 11, 22 and 33 seconds; never the fixed ones."""
    asked = watch(start(1), 1)

    assert 3 * [11] + 3 * [22] + 2 * [33] == [second for second, _ in asked]
    assert {"ask a DNS seed"} == {task for _, task in asked}


def test_who_has_a_large_book_waits_five_minutes() -> None:
    """From a thousand addresses on."""
    assert [300] * 3 == [second for second, _ in watch(start(1_000), 1_000)][:3]
    assert [11] * 3 == [second for second, _ in watch(start(999), 999)][:3]


def test_two_connections_end_it() -> None:
    """With one, the search goes on."""
    boot = start(200, nodes=2)

    assert [] == watch(boot, 200, lines=2)
    assert [] == boot.dns_seeds == boot.seed_nodes
    assert [] != watch(start(200), 200, lines=1)


def test_seed_nodes_come_before_dns() -> None:
    """One at once when the book is empty, the next 10 s later; the DNS seeds after 30 s."""
    asked = watch(start(0, nodes=2), 0)

    assert [(0, "ask a seed node"), (10, "ask a seed node"), *[(30, "ask a DNS seed")] * 8] == asked[:10]
    with_a_book = watch(start(200, nodes=2), 200)
    assert [(10, "ask a seed node"), (20, "ask a seed node"), (41, "ask a DNS seed")] == with_a_book[:3]


def test_without_anybody_to_ask_the_fixed_seeds_come_at_once() -> None:
    """And only once; with a book they are not needed, and come when it has become empty."""
    boot = start(0, dns=0)

    assert [Step(Task.ADD_FIXED_SEEDS)] == get_next_steps(boot, 0, 0, 0)
    assert boot.is_over
    assert None is get_next_look(boot, 0)
    assert [] == get_next_steps(boot, 0, 0, 2 * MINUTE)
    boot = start(1, dns=0)
    assert [] == get_next_steps(boot, 0, 1, 2 * MINUTE)
    assert [Step(Task.ADD_FIXED_SEEDS)] == get_next_steps(boot, 0, 0, 2 * MINUTE)


def test_every_seed_is_asked_once_in_an_order_of_the_nodes_own() -> None:
    """So no seed is everybody's first."""
    orders = []
    for seed in range(6):
        boot = start(0, seed=seed)
        orders.append([step.address for step in get_next_steps(boot, 0, 0, 0)])

    assert all(sorted(DNS) == sorted(filter(None, order)) for order in orders)
    assert len({tuple(order) for order in orders}) > 3


def test_an_answer_is_cut_at_32_and_three_to_seven_days_old() -> None:
    """What peers say later is newer. Fixed seeds are one to two weeks old."""
    answer = age_answer([heard(f"50.{i}.1.1") for i in range(50)], NOW, CounterRandom(1))
    fixed = date_fixed_seeds([Address(f"50.{i}.1.1", 8333) for i in range(50)], NOW, CounterRandom(2))

    assert [f"50.{i}.1.1" for i in range(32)] == [item.address.ip for item in answer]
    assert all(3 * DAY <= NOW - item.time <= 7 * DAY for item in answer)
    assert len({item.time for item in answer}) > 25
    assert all(7 * DAY <= NOW - item.time <= 14 * DAY for item in fixed)
    assert 50 == len(fixed)
    assert min(NOW - item.time for item in answer) < 4 * DAY
    assert min(NOW - item.time for item in fixed) < 8 * DAY
    assert [0] == [item.time for item in date_fixed_seeds(FIXED, 5, CounterRandom(1))]
    assert [False, False, False, True] == [
        start(0, *left).is_over for left in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0))
    ]


def test_the_names_are_names() -> None:
    """Eight people run them; nobody here asks them anything."""
    assert 8 == len(set(DNS_SEED_NAMES))
    assert all(name.count(".") >= 2 and name == name.lower() for name in DNS_SEED_NAMES)


CONTACTS = {"seed": HERE, **{f"peer{i}": Address(f"10.0.1.{i}", 8333) for i in range(50)}}


def make_seed(**policy: Any) -> DnsSeedNode:
    """A seed that knows fifty hosts."""
    return DnsSeedNode(make_setup("seed", address=HERE, contacts=CONTACTS, policy=policy))


def ask(node: DnsSeedNode, conn: int = 3) -> Addr:
    """Dial, shake hands, ask, hang up."""
    assert [] == sent(node.on_connected(conn, THERE, True, SECOND))
    version, verack = sent(node.on_message(conn, make_peer_version(), SECOND))
    assert isinstance(version, Version) and isinstance(verack, Verack)
    assert (STARTED_AT + 1, 0) == (version.timestamp, version.start_height)
    node.on_message(conn, Verack(), SECOND)
    (answer,) = sent(node.on_message(conn, GetAddr(), SECOND))
    node.on_disconnected(conn, "done", SECOND)
    assert isinstance(answer, Addr)
    return answer


def test_a_seed_names_32_of_its_hosts_and_others_each_time() -> None:
    """Not itself; all as seen just now."""
    node = make_seed()

    one, other = ask(node, 3), ask(node, 5)

    hosts = [item.address.ip for item in one.addresses]
    assert 32 == len(set(hosts))
    assert HERE.ip not in hosts
    assert {STARTED_AT + 1} == {item.time for item in one.addresses}
    assert one != other
    assert 0 == len(node.peers)


def test_from_an_empty_book_to_ten_connections() -> None:
    """All rooms together: ask the seeds, file what they say, dial whom the plan chooses.

    Two seeds of three lie: they name an attacker's sixty hosts of one /16, so one line goes there at most.
    """
    random = CounterRandom(get_key("newcomer"))
    contacts = {f"peer{i}": Address(f"{60 + i}.1.1.1", 8333) for i in range(60)}
    contacts |= {f"eve{i}": Address(f"250.1.1.{i}", 8333) for i in range(60)}
    honest = make_seed_of([name for name in contacts if name.startswith("peer")], contacts)
    liar = make_seed_of([name for name in contacts if name.startswith("eve")], contacts)
    seeds = dict(zip(DNS[:3], (honest, liar, liar), strict=True))
    book = make_book()

    for step in get_next_steps(make_bootstrap([], list(seeds), [], 0, 0, random), 0, 0, 0):
        assert step.address is not None
        heard_of = age_answer(ask(seeds[step.address]).addresses, NOW, random)
        book.add(heard_of, step.address.ip, NOW, random)
    plan = make_plan(ERAS["today"], HERE, book, 0, random)
    lines: list[Line] = []
    while (choice := choose(plan, lines, book, NOW, 0, random)) is not None:
        lines.append(Line(choice.address, choice.kind))

    assert 60 < len(book) <= 32 + 60
    assert 10 == len(lines)
    assert sum(line.address.ip.startswith("250.") for line in lines) <= 1


def make_seed_of(names: list[str], contacts: dict[str, Address]) -> DnsSeedNode:
    """A seed that names these."""
    return DnsSeedNode(make_setup("seed", address=HERE, contacts=contacts, policy={"hosts": names}))


def test_a_seed_may_be_told_whom_to_name() -> None:
    """An attacker's seed names the attacker's hosts."""
    answer = ask(make_seed(hosts=["peer1", "peer2", "peer3"], most=2))

    assert 2 == len(answer.addresses)
    assert [1, 50] == [len(ask(make_seed(most=most)).addresses) for most in (1, 1_000)]
    assert {item.address.ip for item in answer.addresses} < {"10.0.1.1", "10.0.1.2", "10.0.1.3"}


def test_a_seed_has_nothing_else_to_say() -> None:
    """It answers pings; who does not shake hands in a minute, or is too old, is hung up on."""
    node = make_seed()
    node.on_connected(3, THERE, True, 0)
    node.on_message(3, make_peer_version(), 0)
    node.on_message(3, Verack(), 0)

    assert [Pong(7)] == sent(node.on_message(3, Ping(7), 0))
    assert [] == node.on_message(3, Inv(()), 0)
    node.on_connected(5, THERE, True, 0)
    assert [HangUp(5, "handshake timeout")] == node.on_timer(TimerName("handshake", 5), MINUTE)
    node.on_connected(7, THERE, True, 0)
    old = node.on_message(7, make_peer_version(version=209), 0)
    assert [HangUp(7, "obsolete version 209")] == hang_ups(old)
    assert 1 == len(node.peers)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"hosts": ["eve"]}, "policy.hosts: found ['eve'], accepted: names of seed, peer0,"),
        ({"hosts": "peer1"}, "policy.hosts: found 'peer1', accepted: names of seed, peer0,"),
        ({"hosts": [["peer1"]]}, "policy.hosts: found [['peer1']], accepted: names of seed,"),
        ({"host": ["peer1"]}, "policy.host: unknown key, accepted: "),
        ({"most": 0}, "policy.most: found 0, accepted: 1 .. 1000"),
        ({"most": True}, "policy.most: found True, accepted: 1 .. 1000"),
    ],
)
def test_a_seed_that_cannot_be_is_refused(policy: dict[str, Any], message: str) -> None:
    """By the key and what is accepted."""
    with pytest.raises(UsageError) as caught:
        make_seed(**policy)

    assert str(caught.value).startswith(message)
