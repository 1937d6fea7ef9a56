"""A story of hosts that find each other: a seed, an attacker with five hosts, a crowd of one provider."""

from typing import Any

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.address_book_plain import write_book
from blockchain_lab.bitcoin.address_v2 import AddressNetwork, host_to_text
from blockchain_lab.bitcoin.noted_book import NotedBook
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, ChangeAddress, Kill, Revive
from blockchain_lab.sim.scenario import Peer, Scenario, Topology
from support.address_books import KEY_1, heard

STARTED_AT = 1_700_000_000  # Unix seconds
HONEST = ("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "ida", "jon", "kim", "leo", "mia", "ned")
CROWD = tuple(f"vm{number}" for number in range(1, 7))  # six hosts that one provider rents out
FELLOWS = tuple(f"sybil{number}" for number in range(1, 6))
SEED = "seed"


def make_address_lab(era: str = "today") -> Lab:
    """Twenty honest nodes, five that are one person's, and their seed. Run it to its end."""
    return Lab(make_scenario(era))


def make_scenario(era: str) -> Scenario:
    """Who takes part, who dials whom, and what happens."""
    honest = {name: Peer(kind="bitcoin", address=get_home(name)) for name in (*HONEST, *CROWD)}
    honest["ann"] = Peer(
        kind="bitcoin", address=get_home("ann"), disk={"book": make_old_book(is_bucketed=era != "2010")}
    )
    policy = {"fellows": list(FELLOWS), "trash": 12, "trash_groups": 4, "tell_every": 8 * SECOND}
    fellows = {name: Peer(kind="bitcoin-sybil", address=get_home(name), policy=policy) for name in FELLOWS}
    seed = Peer(kind="dns-seed", address=get_home(SEED), policy={"hosts": [*HONEST, *CROWD, "sybil1"]})
    return Scenario(
        name="hosts",
        title="Whom one hears of, and from whom",
        seed=5,
        started_at=STARTED_AT,
        chain={"network": "regtest"},
        policy={"era": era, "gossip": True, "dns_seeds": [SEED], "redial_after": 4 * SECOND},
        peers={**honest, **fellows, SEED: seed},
        topology=Topology(edges=tuple((name, "ann") for name in FELLOWS)),
        story=tell_story(),
        until=3 * MINUTE,
        poster=1,
    )


def tell_story() -> tuple[tuple[int, Action], ...]:
    """When what happens: ann loses her connections, not her book; bob gets another address."""
    return (
        (80 * SECOND, Kill("ann", "reset")),
        (90 * SECOND, Revive("ann")),
        (120 * SECOND, ChangeAddress("bob", Address("61.1.1.1", 8333))),
    )


def get_home(name: str) -> Address:
    """Where a peer lives: the crowd in one /16, everybody else alone in his."""
    if name in CROWD:
        return Address(f"77.7.{CROWD.index(name)}.1", 8333)
    number = (*HONEST, *FELLOWS, SEED).index(name)
    return Address(f"{20 + number}.{7 * number}.1.1", 8333)


def make_old_book(*, is_bucketed: bool) -> dict[str, Any]:
    """What ann's disk holds from earlier days: a few hosts that are not there any more."""
    book, random = NotedBook(KEY_1, is_bucketed=is_bucketed, private_too=True), CounterRandom(3)
    onions = [host_to_text(AddressNetwork.TOR_V3, bytes([16 * number + 5] * 32)) for number in range(3)]
    names = [*onions, "2a01:4f8:1::2", "2a02:908:5::1", "88.1.1.1", "88.1.2.1", "88.1.3.1"]
    for number, ip in enumerate(names):
        book.add([heard(ip, time=STARTED_AT - 3_600)], f"{90 + number % 3}.1.1.1", STARTED_AT, random)
    book.good(Address("88.1.1.1", 8333), STARTED_AT - 60)
    return write_book(book)
