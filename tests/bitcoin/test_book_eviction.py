"""Who has to go when all inbound places are taken: Core's own cases, and what an attacker cannot do."""

from collections.abc import Callable
from functools import cmp_to_key

import pytest

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.address_groups import Net
from blockchain_lab.bitcoin.eviction import Candidate, choose_to_evict, spare_by_ratio


def make_candidate(conn: int, **values: object) -> Candidate:
    """One of many: connected in the order of their numbers, each of a group of its own."""
    return Candidate(conn, **{"connected_at": (conn + 1) * SECOND, "group": conn, **values})  # type: ignore[arg-type]


def make_any(count: int, seed: int, spread: int = 100) -> list[Candidate]:
    """Peers of every kind, by chance; `spread`: how many different values there are of each number."""
    random = CounterRandom(get_key("peers", seed))
    return [
        Candidate(
            conn,
            connected_at=conn * 7919 % 1_009,
            group=random.below(spread),
            min_ping=random.below(spread),
            last_block=random.below(spread),
            last_transaction=random.below(spread),
            has_services=random.below(2) == 0,
            relays_transactions=random.below(2) == 0,
            has_filter=random.below(2) == 0,
            is_local=random.below(2) == 0,
            net=random.choice(list(Net)),
        )
        for conn in range(count)
    ]


Less = Callable[[Candidate, Candidate], bool]


def erase_last(peers: list[Candidate], less: Less, k: int, test: Callable[[Candidate], bool]) -> None:
    """Core's EraseLastKElements; ties by age, as we have settled them."""
    peers.sort(key=lambda one: (-one.connected_at, -one.conn))
    peers.sort(key=cmp_to_key(lambda a, b: -1 if less(a, b) else int(less(b, a))))
    last = peers[-k:] if k else []
    peers[:] = [one for one in peers if one not in last or not test(one)]


def evict_as_core_does(peers: list[Candidate]) -> int | None:
    """SelectNodeToEvict, written down a second time, by comparing two peers at a time."""

    def anybody(_: Candidate) -> bool:
        return True

    def less_transactions(a: Candidate, b: Candidate) -> bool:
        if a.last_transaction != b.last_transaction:
            return a.last_transaction < b.last_transaction
        if a.relays_transactions != b.relays_transactions:
            return b.relays_transactions
        if a.has_filter != b.has_filter:
            return a.has_filter
        return a.connected_at > b.connected_at

    def less_blocks(a: Candidate, b: Candidate) -> bool:
        if a.last_block != b.last_block:
            return a.last_block < b.last_block
        if a.has_services != b.has_services:
            return b.has_services
        return a.connected_at > b.connected_at

    def less_blocks_only(a: Candidate, b: Candidate) -> bool:
        if a.relays_transactions != b.relays_transactions:
            return a.relays_transactions
        return less_blocks(a, b)

    peers = list(peers)
    erase_last(peers, lambda a, b: a.group < b.group, 4, anybody)
    erase_last(peers, lambda a, b: a.min_ping > b.min_ping, 8, anybody)
    erase_last(peers, less_transactions, 4, anybody)
    erase_last(peers, less_blocks_only, 8, lambda one: not one.relays_transactions and one.has_services)
    erase_last(peers, less_blocks, 4, anybody)
    erase_by_ratio(peers)
    if not peers:
        return None
    sizes = {one.group: [other for other in peers if other.group == one.group] for one in peers}
    youngest = {group: max(one.connected_at for one in members) for group, members in sizes.items()}
    group = max(sizes, key=lambda group: (len(sizes[group]), youngest[group]))
    return max(sizes[group], key=lambda one: (one.connected_at, one.conn)).conn


def erase_by_ratio(peers: list[Candidate]) -> None:
    """ProtectEvictionCandidatesByRatio; the networks' counts go down as places are given."""
    tests: list[Callable[[Candidate], bool]] = [
        lambda one: one.net == Net.I2P,
        lambda one: one.is_local,
        lambda one: one.net == Net.ONION,
    ]
    total, given = len(peers) // 2, 0
    tests.sort(key=lambda test: sum(map(test, peers)))
    while given < total // 2 and any(test(one) for test in tests for one in peers):
        networks = sum(any(map(test, peers)) for test in tests)
        each = max((total // 2 - given) // networks, 1)
        for test in tests:
            before = len(peers)
            erase_last(
                peers,
                lambda a, b, test=test: (test(a), -a.connected_at) < (test(b), -b.connected_at),
                each,
                test,
            )
            given += before - len(peers)
            if given >= total // 2:
                break
    erase_last(peers, lambda a, b: a.connected_at > b.connected_at, total - given, lambda _: True)


@pytest.mark.parametrize("seed", range(40))
def test_the_same_one_goes_as_by_cores_own_steps(seed: int) -> None:
    """Few different values, so that every rule for ties has its turn."""
    for count in (21, 24, 27, 30, 40, 60):
        few = make_any(count, seed * 100 + count, spread=1 + seed % 4 * 6)

        assert evict_as_core_does(few) == choose_to_evict(few)


@pytest.mark.parametrize("seed", range(60))
def test_up_to_twenty_nobody_goes_and_from_29_on_somebody_does(seed: int) -> None:
    """Core's test counts the same: 4 + 8 + 4 + 4 are always safe, and at most 28 before the half."""
    assert None is choose_to_evict(make_any(seed % 21, seed))
    gone = choose_to_evict(make_any(29 + seed, seed))
    assert gone in range(29 + seed)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_in_which_peers_are_listed_does_not_matter(seed: int) -> None:
    """The same one goes."""
    peers = make_any(60, seed)

    assert choose_to_evict(peers) == choose_to_evict(peers[::-1])


def test_peers_without_any_merit_go_youngest_first() -> None:
    """Of 68, four are safe by group and sixteen by ties; the younger half of the rest pays."""
    gone, peers = [], [make_candidate(conn) for conn in range(68)]
    while (conn := choose_to_evict(peers)) is not None:
        gone.append(conn)
        peers = [peer for peer in peers if peer.conn != conn]

    assert list(range(63, 15, -1)) == gone
    assert {*range(16), *range(64, 68)} == ids(peers)


def ids(peers: list[Candidate]) -> set[int]:
    """Who they are."""
    return {peer.conn for peer in peers}


@pytest.mark.parametrize(
    ("onions", "locals_", "safe"),
    [
        ([], [], {0, 1, 2, 3, 4, 5}),
        ([3, 8, 9], [], {0, 1, 2, 3, 8, 9}),
        ([3, 8, 9, 10, 11], [], {0, 1, 2, 3, 8, 9}),
        ([], [1, 9, 11], {0, 1, 2, 3, 9, 11}),
        ([], [7], {0, 1, 2, 3, 4, 7}),
        ([0, 1, 2, 3], [], {0, 1, 2, 3, 4, 5}),
        ([9, 10], [6], {0, 1, 2, 6, 9, 10}),
        ([5, 6, 7, 8], [9], {0, 1, 2, 5, 6, 9}),
    ],
)
def test_half_of_the_safe_places_is_for_the_disadvantaged(
    onions: list[int], locals_: list[int], safe: set[int]
) -> None:
    """Twelve peers in the order of their uptime: six are safe, up to three for Tor or this machine."""
    peers = [
        make_candidate(i, net=Net.ONION if i in onions else Net.IPV4, is_local=i in locals_)
        for i in range(12)
    ]

    assert set(range(12)) - safe == ids(spare_by_ratio(peers))


def test_the_fewer_come_first_and_leave_what_they_do_not_need() -> None:
    """One of I2P, two local ones, many of Tor among 20: five places, which is 1, 2 and 2."""
    nets = {19: Net.I2P, **dict.fromkeys(range(8, 16), Net.ONION)}
    peers = [make_candidate(i, net=nets.get(i, Net.IPV4), is_local=i in {17, 18}) for i in range(20)]

    assert {0, 1, 2, 3, 4} | {19, 17, 18, 8, 9} == set(range(20)) - ids(spare_by_ratio(peers))


def test_the_largest_group_loses_its_youngest() -> None:
    """An attacker fills 60 places from one /16: each newcomer pushes out one of his own, the youngest."""
    honest = [make_candidate(conn, group=1_000 + conn) for conn in range(40)]
    crowd = [make_candidate(conn, group=500) for conn in range(40, 100)]

    assert 99 == choose_to_evict(honest + crowd)
    assert 98 == choose_to_evict(honest + crowd[:-1])


def test_of_two_groups_of_one_size_that_with_the_younger_head_pays() -> None:
    """All else being equal."""
    old = [make_candidate(conn, min_ping=1, last_transaction=1, last_block=1) for conn in range(40)]
    young = [make_candidate(100 + i, group=-1 - i % 2) for i in range(20)]

    assert 119 == choose_to_evict(old + young)


def test_the_discouraged_go_first_and_our_own_people_never() -> None:
    """Whatever their age."""
    peers = [make_candidate(conn) for conn in range(80)]
    marked = [make_candidate(conn, goes_first=conn in {50, 51}) for conn in range(80)]
    protected = [make_candidate(conn, may_not_go=conn > 20) for conn in range(80)]

    assert choose_to_evict(peers) not in {50, 51}
    assert 51 == choose_to_evict(marked)
    assert None is choose_to_evict(protected[1:])
