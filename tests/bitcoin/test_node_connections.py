"""Whom a node dials by itself and whom it lets in: from a seed, after a restart, when full, under attack."""

from typing import Any

import pytest
from support.address_books import heard
from support.address_nets import SEED, count_kinds, get_home, get_node, make_net
from support.bitcoin_dialogue import facts, hang_ups, make_node, make_peer_version, topics

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Dial, Effect, SetTimer, TimerName
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.records import Kind as RecordKind
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.address_book_plain import write_book
from blockchain_lab.bitcoin.address_groups import get_group
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.bitcoin.messages import Verack
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive

COUNT = 24
NAMES = [f"n{number}" for number in range(COUNT)]


@pytest.fixture(scope="module")
def grown() -> Lab:
    """24 nodes that know nobody but one seed, three minutes later."""
    lab = Lab(make_net(COUNT, dns_seeds=["seed"]))
    lab.run(until=3 * MINUTE)
    return lab


def test_from_one_seed_everybody_finds_eight_and_two(grown: Lab) -> None:
    """Eight full relay connections and two for blocks only each, and no line to the seed is left."""
    for name in NAMES:
        kinds = count_kinds(get_node(grown, name))
        assert (8, 2) == (kinds["full relay"], kinds["blocks only"]), name
        assert "addresses" not in kinds


def test_no_two_of_them_are_of_one_group(grown: Lab) -> None:
    """Nobody dials one provider twice, or itself."""
    for name in NAMES:
        node = get_node(grown, name)
        lasting = [peer.remote for peer in node.peers.ready if peer.kind in (Kind.FULL, Kind.BLOCKS)]
        groups = [get_group(address.ip) for address in lasting]
        assert len(set(groups)) == len(groups)
        assert node.setup.address not in lasting


def test_each_choice_is_noted(grown: Lab) -> None:
    """Who was dialled, and what for: the seed first, for the addresses it knows."""
    chosen = [
        record.detail[1]
        for record in grown.trace
        if record.kind == RecordKind.NOTE and record.detail[0] == "connection chosen" and record.peer == 0
    ]

    assert {"address": list(SEED), "kind": "addresses"} == chosen[0]
    assert {"addresses", "full relay", "blocks only"} <= {choice["kind"] for choice in chosen}


def test_on_lines_for_blocks_only_no_transactions_are_wanted(grown: Lab) -> None:
    """`relay` is false in the version, and the other side does not talk of hosts there either."""
    node = get_node(grown, "n0")
    for peer in node.peers.ready:
        if peer.kind is Kind.BLOCKS:
            other = get_node(grown, next(n for n in NAMES if get_node(grown, n).setup.address == peer.remote))
            (twin,) = [end for end in other.peers if end.conn == peer.conn ^ 1]
            assert twin.version is not None
            assert twin.version.relay is False
            assert not other.overlay.contacts.talks[twin.conn].is_open


def test_after_a_restart_nobody_needs_the_seed(grown: Lab) -> None:
    """The book is on the disk; anchors are dialled first. The seed has been switched off meanwhile."""
    lab = Lab(make_net(COUNT, dns_seeds=["seed"]))
    lab.run(until=3 * MINUTE)
    anchors = [list(peer.remote) for peer in get_node(lab, "n7").peers.ready if peer.kind is Kind.BLOCKS]
    lab.do(Kill("seed"))
    lab.do(Kill("n7"))
    lab.do(Revive("n7"))
    start = lab.head
    lab.run(until=lab.now + MINUTE)

    chosen = [
        record.detail[1]
        for record in lab.trace
        if record.kind == RecordKind.NOTE
        and record.detail[0] == "connection chosen"
        and lab.names[record.peer] == "n7"
        and record.event > start
    ]
    assert sorted(anchors) == sorted(choice["address"] for choice in chosen[:2])
    assert "addresses" not in [choice["kind"] for choice in chosen]
    assert {"blocks only": 2, "full relay": 8} == {
        kind: count for kind, count in count_kinds(get_node(lab, "n7")).items() if kind != "feeler"
    }


def test_who_has_no_seed_and_no_book_asks_the_list_inside_the_program() -> None:
    """Fixed seeds are the last resort: at once when there is nobody else to ask."""
    lab = Lab(make_net(4, fixed_seeds=["n0"]))
    lab.run(until=2 * MINUTE)

    assert all(get_home(0) in get_node(lab, name).overlay.contacts.book for name in ("n1", "n2", "n3"))
    assert 3 == count_kinds(get_node(lab, "n1"))["full relay"]


def test_a_seed_that_nobody_is_called_is_refused() -> None:
    """When the scenario is read, with what exists."""
    with pytest.raises(ScenarioError, match="found a seed 'sead', accepted: n0, n1, seed"):
        Lab(make_net(2, dns_seeds=["sead"]))


def test_gossip_can_be_switched_on_later() -> None:
    """A policy that is set while the node runs: from then on it looks for connections; once is enough."""
    node = make_node(neighbours=(get_home(0),))
    assert [] == [effect for effect in node.on_start(0) if isinstance(effect, SetTimer)]
    node.setup.policy["gossip"] = True

    effects = node.on_command(SetPolicy("ann", "gossip", True), 0)

    assert [SetTimer(TimerName("look"), 0)] == [one for one in effects if isinstance(one, SetTimer)]
    assert list(get_home(0)) == facts(effects, "address added")["address"]
    assert [] == node.on_command(SetPolicy("ann", "gossip", True), 0)


# --- Full, and misbehaviour -----------------------------------------------------------------------------


def make_host(inbound: int, **policy: Any) -> BitcoinNode:
    """A node that lets so many in, and dials nobody."""
    own = {"full_outbound": 0, "block_relay_only": 0, "feeler_every": 0, "total_connections": inbound}
    return make_node(policy={"era": "today", "gossip": True, **own, **policy})


def knock(node: BitcoinNode, number: int, now: int = 0, ip: str = "") -> list[Effect]:
    """Somebody dials and shakes hands, if he is let in; the first effects."""
    conn = 2 * number + 1
    first = node.on_connected(conn, Address(ip or get_home(number).ip, 8333), True, now)
    if conn in node.peers:
        node.on_message(conn, make_peer_version(), now)
        node.on_message(conn, Verack(), now)
    return first


def test_when_all_places_are_taken_one_of_the_largest_group_makes_room() -> None:
    """Forty places; thirty peers of one provider. The youngest of them goes for a newcomer."""
    node = make_host(40)
    for number in range(10):
        knock(node, number, number * SECOND)
    for number in range(10, 40):
        knock(node, number, number * SECOND, ip=f"66.6.{number}.1")

    effects = knock(node, 40, 100 * SECOND)

    (gone,) = hang_ups(effects)
    assert "evicted" == gone.reason
    assert {"conn": gone.conn} == facts(effects, "peer evicted")
    assert gone.conn > 2 * 10
    assert 40 == len(node.peers)
    assert 81 in node.peers


@pytest.mark.parametrize(("era", "places"), [("2014", 40), ("today", 12)])
def test_a_newcomer_is_refused_when_nobody_can_go(era: str, places: int) -> None:
    """In 2014 always; today while there are so few that each of them is protected."""
    node = make_host(places, era=era)
    for number in range(places):
        knock(node, number)

    effects = knock(node, places)

    assert ["full"] == [end.reason for end in hang_ups(effects)]
    assert places == len(node.peers)


TOO_MANY = Malformed("addr", "address_count: 1001 is over the limit 1000", b"", fatal=False)


@pytest.mark.parametrize(
    ("era", "messages"), [("2010", None), ("2014", 5), ("today", 1)], ids=["2010", "2014", "today"]
)
def test_how_much_an_era_puts_up_with(era: str, messages: int | None) -> None:
    """The same fault: nothing in 2010, 20 of 100 points in 2014, the end at once today."""
    node = make_host(40, era=era)
    knock(node, 0)

    ended = None
    for number in range(1, 11):
        effects = node.on_message(1, TOO_MANY, 0)
        assert "peer misbehaved" in topics(effects)
        if hang_ups(effects):
            assert {"ip": get_home(0).ip} == facts(effects, "peer discouraged")
            ended = number
            break

    assert messages == ended


@pytest.mark.parametrize(("era", "is_back"), [("2014", False), ("today", True)])
def test_who_was_hung_up_on_may_come_back_today(era: str, is_back: bool) -> None:
    """While there is room; in 2014 it was banned for a day. Nobody dials it any more."""
    node = make_host(40, era=era)
    knock(node, 0)
    for _ in range(5):
        if 1 in node.peers:
            node.on_message(1, TOO_MANY, 0)

    assert is_back is (knock(node, 0, 10 * SECOND) != [] and 1 in node.peers)
    assert node.overlay.connections.discouraged.keys() == {get_home(0).ip}


# --- Eclipse --------------------------------------------------------------------------------------------

HONEST = 60
VICTIMS = 30
ATTACKERS = 600  # addresses, all of four providers


def make_victim_book(*, is_bucketed: bool, seed: int) -> dict[str, Any]:
    """A disk with the book of one who knew 60 honest hosts, and was told of 600 by an attacker."""
    key = b"".join(get_key(seed, "book", part).to_bytes(8, "little") for part in range(4))
    book = AddressBook(key, is_bucketed=is_bucketed)
    random, time = CounterRandom(seed), 1_700_000_000
    for number in range(HONEST):
        ip = get_home(number).ip
        book.add([heard(ip, time=time)], get_home(number + 1).ip, time, random)
        book.good(Address(ip, 8333), time)
    for number in range(ATTACKERS):
        ip = get_bad(number)
        book.add([heard(ip, time=time)], ip, time, random)
    return write_book(book)


def get_bad(number: int) -> str:
    """One of the attacker's addresses."""
    return f"66.{number % 4}.{number // 200}.{number % 200}"


def restart(*, is_bucketed: bool, seed: int, one_per_group: bool) -> tuple[int, int]:
    """How many of the eight lines of a restarted victim go to the attacker; and how many it has in all.

    The test plays the network: whoever is dialled answers.
    """
    policy = {"block_relay_only": 0, "feeler_every": 0, "one_per_group": one_per_group}
    node = make_node(
        policy={"era": "today", "gossip": True, **policy},
        random=CounterRandom(get_key(seed, "victim")),
        disk={"book": make_victim_book(is_bucketed=is_bucketed, seed=seed)},
        started_at=1_700_000_000 + 3_600,
    )
    node.on_start(0)
    lines: list[Address] = []
    for number in range(100):
        effects = node.on_timer(TimerName("look"), number * SECOND)
        for effect in effects:
            if isinstance(effect, Dial):
                conn = 2 * len(lines) + 2
                lines.append(effect.address)
                node.on_connected(conn, effect.address, False, number * SECOND)
                node.on_message(conn, make_peer_version(), number * SECOND)
                node.on_message(conn, Verack(), number * SECOND)
    return sum(address.ip.startswith("66.") for address in lines), len(lines)


def attack(**how: bool) -> tuple[float, float]:
    """The attacker's share of all lines, and the share of victims who have no other line."""
    rounds = [restart(seed=seed, **how) for seed in range(VICTIMS)]
    assert all(count == 8 for _, count in rounds)
    return sum(bad for bad, _ in rounds) / (8 * VICTIMS), sum(bad == 8 for bad, _ in rounds) / VICTIMS


def test_in_a_plain_list_the_share_of_addresses_is_the_share_of_lines() -> None:
    """600 of 660 addresses: f = 91 % of the lines, and f^8 = 47 % of the victims have no other line."""
    lines, eclipsed = attack(is_bucketed=False, one_per_group=False)
    share = ATTACKERS / (ATTACKERS + HONEST)

    assert abs(lines - share) < 0.06  # three standard deviations, as below
    assert abs(eclipsed - share**8) < 0.28


def test_buckets_and_groups_leave_the_attacker_a_minority() -> None:
    """Half of the draws come from tried, which he has not reached; and of four providers come four lines."""
    bucketed, _ = attack(is_bucketed=True, one_per_group=False)
    grouped, eclipsed = attack(is_bucketed=True, one_per_group=True)

    assert abs(bucketed - 0.5) < 0.1
    assert 0 == eclipsed
    assert grouped < min(bucketed, 4 / 8)
