"""What a node hears of others: whom it asks, what it believes, what it passes on, what it answers."""

import json
from dataclasses import replace

import pytest
from support.address_books import find_faults, heard
from support.address_nets import get_home, get_node, make_net
from support.bitcoin_dialogue import facts, hang_ups, make_node, make_peer_version, sent, timers, topics
from support.bitcoin_pump import STARTED_AT

from blockchain_lab.base.effects import Effect, Note, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MINUTE, SECOND, Address
from blockchain_lab.bitcoin.address_v2 import AddressNetwork, AddressV2, host_to_text
from blockchain_lab.bitcoin.messages import Addr, AddrV2, GetAddr, Ping, SendAddrV2, Verack
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import ChangeAddress, Kill, Revive
from blockchain_lab.sim.digest import canonical

ALONE = {"era": "today", "gossip": True, "full_outbound": 0, "block_relay_only": 0, "feeler_every": 0}
ONION = host_to_text(AddressNetwork.TOR_V3, bytes(range(32)))


def make_keeper(**policy: object) -> BitcoinNode:
    """A node that keeps a book and dials nobody by itself."""
    return make_node(policy={**ALONE, **policy}, address=Address("30.1.1.1", 8333))


def greet(
    node: BitcoinNode, conn: int, ip: str = "", *, inbound: bool = False, v2: bool = False
) -> list[Effect]:
    """A peer of today shakes hands with it; what it says at the end."""
    node.on_connected(conn, Address(ip or f"40.{conn}.1.1", 8333), inbound, 0)
    node.on_message(conn, make_peer_version(version=70016), 0)
    if v2:
        node.on_message(conn, SendAddrV2(), 0)
    return node.on_message(conn, Verack(), 0)


def tell(node: BitcoinNode, conn: int, count: int, *, start: int = 0, now: int = 0) -> list[Effect]:
    """A peer names hosts in different groups, all seen just now."""
    time = STARTED_AT + now // SECOND
    named = [heard(get_home(start + number).ip, time=time) for number in range(count)]
    return node.on_message(conn, Addr(tuple(named)), now)


def fire(node: BitcoinNode, conn: int, now: int = 0) -> list[Effect]:
    """It is the peer's turn to be told of hosts."""
    return node.on_timer(TimerName("addresses", conn), now)


def test_who_was_dialled_is_asked_whom_it_knows_and_told_who_we_are() -> None:
    """A getaddr at once; our own address with the first batch; and again about once a day."""
    node = make_keeper()

    effects = greet(node, 2)
    told = sent(fire(node, 2))

    assert GetAddr() in sent(effects)
    assert 0 == timers(effects)[TimerName("addresses", 2)]
    assert TimerName("own address", 2) in timers(effects)
    (addr,) = told
    assert isinstance(addr, Addr)
    assert [("10.0.0.1", 8333)] == [item.address[1:] for item in addr.addresses]  # so the peer calls us


def test_who_has_dialled_us_is_told_nothing_until_it_speaks_of_hosts() -> None:
    """A spy must at least say something himself."""
    node = make_keeper()

    assert GetAddr() not in sent(greet(node, 3, inbound=True))
    effects = tell(node, 3, 1)

    assert TimerName("addresses", 3) in timers(effects)


def test_in_the_plain_era_nobody_speaks_of_hosts() -> None:
    """No getaddr, no answer, no book on the disk."""
    node = make_node()

    assert GetAddr() not in sent(greet(node, 2))
    greet(node, 3, inbound=True)

    assert [] == node.on_message(3, GetAddr(), 0)
    assert [] == tell(node, 3, 5)
    assert "book" not in node.stored()


def test_what_is_heard_stands_in_the_book_and_is_noted() -> None:
    """In the new table, with the bucket and who told us; the own penalty of two hours is kept."""
    node = make_keeper()
    greet(node, 2)

    effects = tell(node, 2, 1)

    noted = facts(effects, "address added")
    assert ["20.0.1.1", 8333] == noted["address"]
    assert ("new", "40.2.1.1") == (noted["table"], noted["source"])
    assert noted["bucket"] in range(1_024)
    entry = node.overlay.contacts.book.entries[get_home(0)]
    assert STARTED_AT - 2 * 3_600 == entry.time


def test_who_was_reached_moves_to_the_tried_table() -> None:
    """Hearsay becomes experience at the end of the handshake."""
    node = make_keeper()
    greet(node, 2)
    tell(node, 2, 1)

    effects = greet(node, 4, ip=get_home(0).ip)

    noted = facts(effects, "address moved")
    assert (["20.0.1.1", 8333], "tried") == (noted["address"], noted["table"])
    assert noted["bucket"] in range(256)


def fold(effects: list[Effect]) -> dict[tuple[str, int], str]:
    """Who stands in which table, told by notes alone; each note must fit what was told before."""
    standing: dict[tuple[str, int], str] = {}
    for effect in effects:
        if not isinstance(effect, Note) or "address" not in effect.facts:
            continue
        address = tuple(effect.facts["address"])
        if effect.topic == "address removed":
            assert effect.facts["table"] == standing.pop(address)
        else:
            assert (effect.topic == "address moved") is (address in standing)
            standing[address] = effect.facts["table"]
    return standing


def test_the_notes_of_a_book_add_up_to_it() -> None:
    """Whoever folds them knows where everybody stands, also who was pushed out of either table."""
    node = make_keeper(addr_is_metered=False)
    greet(node, 2)
    said = [effect for start in range(0, 3_000, 1_000) for effect in tell(node, 2, 1_000, start=start)]
    for number in range(300):
        said += greet(node, 100 + 2 * number, ip=get_home(number).ip)
        node.on_disconnected(100 + 2 * number, "closed", 0)
    book = node.overlay.contacts.book
    for number in range(300, 1_500):
        book.good(get_home(number), STARTED_AT, tests_first=False)
        said += book.take_notes()

    assert [] == find_faults(book)
    tables = {tuple(entry.address): "tried" if entry.is_tried else "new" for entry in book}
    assert tables == fold(said)
    moved = [one for one in said if isinstance(one, Note) and one.topic == "address moved"]
    assert {"new", "tried"} == {note.facts["table"] for note in moved}


def test_who_has_dialled_us_has_proved_nothing() -> None:
    """Only who was reached comes into the tried table: anybody can dial us."""
    node = make_keeper()
    greet(node, 2)
    tell(node, 2, 1)

    assert "address moved" not in topics(greet(node, 3, ip=get_home(0).ip, inbound=True))


@pytest.mark.parametrize(
    ("era", "ip", "table"),
    [("2014", "10.9.9.9", "tried"), ("2014", "40.3.1.1", None), ("today", "10.9.9.9", None)],
    ids=["as it says", "as it does not say", "today"],
)
def test_in_2014_who_dialled_us_was_taken_for_reachable(era: str, ip: str, table: str | None) -> None:
    """If its version named the IP that it came from: so an attacker's hosts only had to dial."""
    node = make_keeper(era=era)

    greet(node, 3, ip=ip, inbound=True)

    entry = node.overlay.contacts.book.entries.get(Address("10.9.9.9", 8333))
    assert table == (None if entry is None else "tried" if entry.is_tried else "new")


def test_a_flood_is_read_in_part_only() -> None:
    """Today: one address at once, then one in ten seconds; the rest of a flood is not even looked at."""
    node = make_keeper()
    greet(node, 3, inbound=True)
    known = len(node.overlay.contacts.book)

    effects = tell(node, 3, 1_000)
    later = tell(node, 3, 1_000, start=1_000, now=100 * SECOND)

    assert {"conn": 3, "count": 999} == facts(effects, "addresses dropped")
    assert {"conn": 3, "count": 990} == facts(later, "addresses dropped")
    assert len(node.overlay.contacts.book) <= known + 11
    assert ["pong"] == [message.wire_name for message in sent(node.on_message(3, Ping(7), 0))]


def test_an_honest_peer_goes_on_beside_a_flood() -> None:
    """Each peer has a bucket of its own: who answers our getaddr may name a thousand."""
    node = make_keeper()
    greet(node, 3, inbound=True)
    tell(node, 3, 1_000)
    greet(node, 2)

    effects = tell(node, 2, 900, start=1_000)

    assert "addresses dropped" not in topics(effects)
    assert 800 < topics(effects).count("address added")


def test_more_than_a_thousand_in_a_message_end_the_line() -> None:
    """No honest peer sends that."""
    node = make_keeper()
    greet(node, 2)
    many = tuple(heard(get_home(number).ip) for number in range(1_001))

    effects = node.on_message(2, Addr(many), 0)

    assert ["addr: 1001 addresses, wanted at most 1000"] == [end.reason for end in hang_ups(effects)]


def test_news_of_one_host_goes_to_two_peers() -> None:
    """Of five who talk of hosts; each is told once, at its turn."""
    node = make_keeper()
    for conn in (2, 4, 6, 8, 10):
        greet(node, conn)
        fire(node, conn)
    greet(node, 3, inbound=True)

    tell(node, 3, 1)
    told = [conn for conn in (2, 4, 6, 8, 10) if sent(fire_if_waiting(node, conn))]

    assert 2 == len(told)


def test_who_has_told_us_is_not_one_of_the_two() -> None:
    """With two others, both hear of every host."""
    node = make_keeper(addr_is_metered=False)
    for conn in (2, 4):
        greet(node, conn)
        fire(node, conn)
    greet(node, 3, inbound=True)

    for number in range(8):
        tell(node, 3, 1, start=number)

        assert [1, 1] == [len(sent(fire_if_waiting(node, conn))) for conn in (2, 4)], number


def test_a_turn_that_nobody_needed_makes_the_next_one_no_earlier() -> None:
    """After an hour without news, news wait for 30 seconds on average: turns come by chance.

    The mean of 80 waits has a standard deviation of 3.4 s.
    """
    node = make_keeper(addr_is_metered=False)
    for conn in (2, 4):
        greet(node, conn)
        fire(node, conn)
    greet(node, 3, inbound=True)
    waits = []
    for number in range(1, 41):
        told = timers(tell(node, 3, 1, start=number, now=number * HOUR))
        waits += [told[TimerName("addresses", conn)] for conn in (2, 4)]
        for conn in (2, 4):
            fire(node, conn, number * HOUR + told[TimerName("addresses", conn)])

    assert 20 * SECOND < sum(waits) // len(waits) < 40 * SECOND


def fire_if_waiting(node: BitcoinNode, conn: int) -> list[Effect]:
    """The timer of a peer for whom something waits."""
    return fire(node, conn) if conn in node.overlay.contacts.waiting else []


@pytest.mark.parametrize(
    ("era", "size"), [("today", 230), ("2014", 230), ("2010", 1_000)], ids=["today", "2014", "2010"]
)
def test_how_much_of_a_book_is_told(era: str, size: int) -> None:
    """Of 1,000 hosts: 23 %, or in 2010 all of the last three hours."""
    node = make_keeper(era=era, addr_is_metered=False, book_is_bucketed=False, addr_time_penalty=0)
    greet(node, 2)
    tell(node, 2, 1_000)
    greet(node, 3, inbound=True)

    node.on_message(3, GetAddr(), 0)
    (answer,) = sent(fire(node, 3))

    assert isinstance(answer, Addr)
    assert size == len(answer.addresses) - (era != "2010")  # and ourselves; in 2010 there is no room for us


def test_a_second_getaddr_is_not_answered_today() -> None:
    """Nor one from somebody whom we have dialled."""
    node = make_keeper()
    greet(node, 2)
    fire(node, 2)
    tell(node, 2, 500)
    greet(node, 3, inbound=True)

    node.on_message(3, GetAddr(), 0)
    first = sent(fire(node, 3))

    assert 1 == len(first)
    assert [] == node.on_message(3, GetAddr(), 0)
    assert [] == node.on_message(2, GetAddr(), 0)


def test_an_onion_name_is_told_only_to_who_understands_it() -> None:
    """It has no form in `addr`; `addrv2` goes to who has said `sendaddrv2` (BIP 155)."""
    node = make_keeper(getaddr_percent=100, addr_is_metered=False)
    greet(node, 2)
    fire(node, 2)
    onion = AddressV2(STARTED_AT, 9, AddressNetwork.TOR_V3, bytes(range(32)), 8333)
    node.on_message(2, AddrV2((onion,)), 0)
    greet(node, 3, inbound=True)
    greet(node, 5, inbound=True, v2=True)
    for conn in (3, 5):
        node.on_message(conn, GetAddr(), 0)

    (old,), (new,) = sent(fire(node, 3)), sent(fire(node, 5))

    assert Address(ONION, 8333) in node.overlay.contacts.book
    assert isinstance(old, Addr) and isinstance(new, AddrV2)
    assert ONION not in [item.address.ip for item in old.addresses]
    assert ONION in [item.host for item in new.addresses]


def test_a_disk_with_a_broken_book_is_refused() -> None:
    """With the place, before the node has begun."""
    node = make_keeper()
    greet(node, 2)
    tell(node, 2, 3)
    disk = json.loads(json.dumps(node.stored()))
    disk["book"]["addresses"][1][1] = 70_000

    with pytest.raises(UsageError, match=r"book.addresses\[1\].port: wanted a whole number 0 .. 65535"):
        make_node(policy=ALONE, disk=disk)


def test_a_book_survives_a_restart() -> None:
    """The same hosts at the same places under the same key, though the new life has other luck."""
    lab = Lab(make_net(12, dns_seeds=["seed"]))
    lab.run(until=2 * MINUTE)
    before = get_node(lab, "n3").overlay.contacts.book

    lab.do(Kill("n3"))
    lab.do(Revive("n3"))
    lab.run(until=lab.now + 1)

    after = get_node(lab, "n3").overlay.contacts.book
    assert before.key == after.key
    assert {entry.address for entry in before} == {entry.address for entry in after}


def test_a_host_that_moves_tells_its_new_address() -> None:
    """Nobody is told by the network: it learns it from those whom it dials, and they pass it on."""
    lab = Lab(make_net(12, dns_seeds=["seed"]))
    lab.run(until=5 * MINUTE)
    new = Address("77.7.7.7", 8333)

    lab.do(ChangeAddress("n3", new))
    lab.run(until=lab.now + HOUR // 6)

    knowing = [
        f"n{number}" for number in range(12) if new in get_node(lab, f"n{number}").overlay.contacts.book
    ]
    assert 6 <= len(knowing)


def test_a_node_with_a_book_is_rebuilt_from_its_inbox() -> None:
    """Book, talks, plan: the state of a peer is what it was told, and nothing else."""
    lab = Lab(replace(make_net(8, dns_seeds=["seed"]), seed=5))
    lab.run(until=2 * MINUTE)
    for host in lab.timeline.world().hosts:
        assert canonical(lab.peer(host.name)) == canonical(host.node)
    digest = lab.state_digest()

    world, _ = lab.timeline.rebuild(lab.cursor)

    assert digest == world.state_digest()
