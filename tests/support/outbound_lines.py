"""Whom the peers of a story have dialled and what for, and how much of it is an attacker's."""

from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_entry import AddressEntry
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.lab import Lab
from support.address_nets import get_node
from support.story_runs import timed_notes

ATTACKERS = ("bitcoin-sybil", "bitcoin-eclipse")


def get_home_of(lab: Lab, name: str) -> Address:
    """Where the scenario lets a peer begin."""
    return lab.scenario.get_addresses()[name]


def find_name(lab: Lab, address: Address) -> str:
    """Who lives there at the beginning; nobody: "?"."""
    return next((name for name, home in lab.scenario.get_addresses().items() if home == address), "?")


def get_chosen(lab: Lab, peer: str, since: int = 0) -> list[tuple[str, str]]:
    """Whom a peer dialled by its own choice from a moment (µs) on, and what for."""
    found = [facts for at, facts in timed_notes(lab, peer, "connection chosen") if at >= since]
    return [(find_name(lab, Address(*facts["address"])), facts["kind"]) for facts in found]


def get_lines(lab: Lab, peer: str) -> dict[str, Kind]:
    """Whom it has dialled and shaken hands with, and what for; those named by hand too."""
    ready = [other for other in get_node(lab, peer).peers.ready if other.kind is not None]
    return {find_name(lab, other.remote): other.kind for other in ready if other.kind is not None}


def get_entry(lab: Lab, keeper: str, address: Address) -> AddressEntry | None:
    """What a peer's book says of a host."""
    return get_node(lab, keeper).overlay.contacts.book.entries.get(address)


def get_known(lab: Lab, keeper: str) -> set[str]:
    """Who stands in a peer's book, by name."""
    return {find_name(lab, entry.address) for entry in get_node(lab, keeper).overlay.contacts.book}


def is_attacker(lab: Lab, name: str) -> bool:
    """Is it one of those who name only their fellows?"""
    return name != "?" and lab.scenario.peers[name].kind in ATTACKERS


def count_lines(lab: Lab, victim: str) -> tuple[int, int]:
    """How many of its full relay lines go to the attacker, and how many it has."""
    full = [name for name, kind in get_lines(lab, victim).items() if kind is Kind.FULL]
    return sum(is_attacker(lab, name) for name in full), len(full)


def get_share_of_book(lab: Lab, victim: str) -> float:
    """The attacker's share of the hosts in its book."""
    known = sorted(get_known(lab, victim))
    return sum(is_attacker(lab, name) for name in known) / len(known)
