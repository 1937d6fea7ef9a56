"""Who has to go when all inbound places are taken: Core's own cases, and what an attacker cannot do."""

import pytest

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.bitcoin.address_groups import Net
from blockchain_lab.bitcoin.eviction import Candidate, choose_to_evict, spare_by_ratio


def make_candidate(conn: int, **values: object) -> Candidate:
    """One of many: connected in the order of their numbers, each of a group of its own."""
    return Candidate(conn, **{"connected_at": (conn + 1) * SECOND, "group": conn, **values})  # type: ignore[arg-type]


def make_any(count: int, seed: int) -> list[Candidate]:
    """Peers of every kind, by chance."""
    random = CounterRandom(get_key("peers", seed))
    return [
        Candidate(
            conn,
            connected_at=random.below(1_000),
            group=random.below(100),
            min_ping=random.below(1_000),
            last_block=random.below(100),
            last_transaction=random.below(100),
            has_services=random.below(2) == 0,
            relays_transactions=random.below(2) == 0,
            has_filter=random.below(2) == 0,
            is_local=random.below(2) == 0,
            net=random.choice(list(Net)),
        )
        for conn in range(count)
    ]


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


@pytest.mark.parametrize(
    ("count", "merit"),
    [
        (4, {"group": 10_000}),
        (8, {"min_ping": MILLISECOND}),
        (4, {"last_transaction": SECOND}),
        (8, {"last_block": SECOND, "relays_transactions": False, "has_services": True}),
        (4, {"last_block": SECOND}),
    ],
)
def test_each_merit_saves_so_many(count: int, merit: dict[str, object]) -> None:
    """The youngest of 100 peers are the first to go, but not with this merit; one more than that is too many.

    They are discouraged, too: whoever of them is not safe goes before all others.
    """

    def make_peers(worthy: int) -> list[Candidate]:
        young = [
            make_candidate(100 + i, connected_at=200 * SECOND, goes_first=True, **merit)
            for i in range(worthy)
        ]
        return [make_candidate(conn, has_services=True) for conn in range(100)] + young

    assert choose_to_evict(make_peers(count)) < 100
    # others of the same merit are saved for other reasons: so many more that not all can be
    assert choose_to_evict(make_peers(count + 24)) >= 100


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
