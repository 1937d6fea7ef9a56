"""Lesson 8, what need not be believed, what an attack on a key lives on, and which systems use what."""

from functools import cache
from hashlib import sha1
from typing import Final, NamedTuple

from blockchain_lab.course.l08_runs import SONG
from blockchain_lab.course.l08_tasks import BUDGET, hire, is_song_lost
from blockchain_lab.overlay.kademlia_ids import hash_to_id
from blockchain_lab.overlay.kademlia_liars import FORGERY
from blockchain_lab.overlay.theory_dht import compute_addresses_for_sybils

TRUE: Final = b"la la la"
HONEST: Final = 16  # peers of the story


# -- what proves itself --------------------------------------------------------------------------------------


def find_what_proves_itself(seed: int) -> str:
    """Of a value under a name, one under its own hash, a list of contacts: where is a forgery found out?"""
    under_name, under_hash = hash_to_id(SONG), int.from_bytes(sha1(TRUE).digest(), "big")
    found_out = {
        "a": is_proof(under_name, TRUE) and not is_proof(under_name, FORGERY),
        "b": is_proof(under_hash, TRUE) and not is_proof(under_hash, FORGERY),
        "c": False,  # a list of contacts has no hash that anybody knows beforehand
    }
    return next((key for key, is_found in found_out.items() if is_found), "d")


def is_proof(key: int, value: bytes) -> bool:
    """Does the key prove this value?"""
    return sha1(value).digest() == key.to_bytes(20, "big")


def forge_each(seed: int) -> str:
    """The same by trying: of thousand forgeries under either kind of key, how many would be believed?"""
    forgeries = [b"forged %d" % number for number in range(1_000)]
    kinds = {"a": None, "b": sha1(TRUE).digest()}  # a name says nothing about its value
    believed = {
        key: sum(proof is None or sha1(forgery).digest() == proof for forgery in forgeries)
        for key, proof in kinds.items()
    }
    return next((key for key, count in believed.items() if count == 0), "d")


# -- what the attack needs -----------------------------------------------------------------------------------


@cache
def find_what_attack_needs(seed: int) -> str:
    """Three with chosen ids against three with others, in the learner's runs."""
    chosen, any_three = (
        is_song_lost(hire(names, seed)) for names in (("x2", "x4", "x9"), ("x1", "x5", "x8"))
    )
    return "b" if chosen and not any_three else "a"


def reckon_what_attack_needs(seed: int) -> str:
    """The same by counting: with ids by luck, the addresses that it takes are many times the budget."""
    return "b" if compute_addresses_for_sybils(HONEST, BUDGET) > 10 * BUDGET else "a"


# -- which systems use which ---------------------------------------------------------------------------------


class System(NamedTuple):
    """A real system: what it is like, in words and in one, and where that stands."""

    kind: str
    how: str
    source: str


SYSTEMS: Final[dict[str, System]] = {
    "Napster": System("centre", "a server has the list of all files", "lesson 1"),
    "Gnutella 0.4": System(
        "graph", "a question goes from neighbour to neighbour", "its protocol, v0.4, 2000"
    ),
    "BitTorrent's DHT": System("table", "Kademlia, k = 8", "BEP 5, 2008"),
    "Bitcoin": System("graph", "all nodes hear of all blocks and transactions", "the white paper, §5, 2008"),
    "Ethereum, finding peers": System("table", "k-buckets of Kademlia, k = 16", "devp2p, discv4"),
    "IPFS": System("table", "Kademlia of libp2p, k = 20", "libp2p, kad-dht"),
    "IPv8, finding peers": System("graph", "a random walk from peer to peer", "py-ipv8, RandomWalk"),
    "Usenet": System("graph", "every article goes to every server", "RFC 1036, 1987"),
}


def get_systems(seed: int) -> dict[str, str]:
    """System -> what it is."""
    return {name: system.kind for name, system in SYSTEMS.items()}


def read_systems(seed: int) -> dict[str, str]:
    """The same from how each works, in words."""
    found: dict[str, str] = {}
    for name, system in SYSTEMS.items():
        if "Kademlia" in system.how:
            found[name] = "table"
        else:
            found[name] = "centre" if "list of all" in system.how else "graph"
    return found
