"""The facts that a node of Kademlia states, each made in one place: views fold them, checks read them.

Ids are 40 hexadecimal digits, addresses "ip:port", a bucket is the bits that all its ids begin with.
A table is what the notes of its bucket add up to: contacts added and removed; a split moves no contact out.
"""

from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_buckets import ADDED, REMOVED, Change
from blockchain_lab.overlay.kademlia_contacts import Contact, show_address
from blockchain_lab.overlay.kademlia_ids import NodeId, id_to_hex
from blockchain_lab.overlay.kademlia_lookup import Lookup


def node_started(own: Contact) -> Note:
    """Its place in the space."""
    return Note("node started", dict(own.get_facts()))


def joined(contacts: int, buckets: int) -> Note:
    """The first lookup, for its own id, is over."""
    return Note("joined", {"contacts": contacts, "buckets": buckets})


def table_changed(change: Change) -> Note:
    """A contact came or went, or a bucket became two."""
    if change.what in (ADDED, REMOVED) and change.contact is not None:
        return Note(f"contact {change.what}", {"bucket": change.bucket, **change.contact.get_facts()})
    halves = [f"{change.bucket}0", f"{change.bucket}1"]
    return Note("bucket changed", {"bucket": change.bucket, "into": halves})


def lookup_started(lookup: Lookup) -> Note:
    """From whom we begin."""
    return Note("lookup started", {**_name(lookup), "closest": _ids(lookup.closest)})


def lookup_asked(lookup: Lookup, contact: Contact) -> Note:
    """One question more is on its way."""
    depth = lookup.depth[contact.id]
    return Note("lookup asked", {**_name(lookup), **contact.get_facts(), "hops": depth})


def lookup_answered(lookup: Lookup, contact: Contact, told: int) -> Note:
    """Somebody has answered, and told us of so many contacts."""
    return Note("lookup answered", {**_name(lookup), **contact.get_facts(), "told": told})


def lookup_silent(lookup: Lookup, contact: Contact) -> Note:
    """Somebody has not answered in time."""
    return Note("lookup silent", {**_name(lookup), **contact.get_facts()})


def lookup_finished(lookup: Lookup) -> Note:
    """What came of it. `value`: as text, None when none was found."""
    found = lookup.value if lookup.holder is not None else None
    facts: dict[str, Any] = {
        **_name(lookup),
        "closest": _ids(lookup.closest),
        "hops": lookup.hops,
        "asked": len(lookup.asked),
        "silent": len(lookup.silent),
        "value": None if found is None else found.decode(errors="replace"),
        "holder": None if lookup.holder is None else id_to_hex(lookup.holder),
        "providers": [contact.get_facts() for contact in lookup.providers.values()],
    }
    return Note("lookup finished", facts)


def value_stored(key: NodeId, value: bytes, source: str, until: int) -> Note:
    """We keep a value. `until`: microseconds; `from`: who gave it, "" for ourselves."""
    facts = {"key": id_to_hex(key), "size": len(value), "from": source, "until": until}
    return Note("value stored", facts)


def value_expired(key: NodeId) -> Note:
    """We keep it no longer."""
    return Note("value expired", {"key": id_to_hex(key)})


def provider_stored(key: NodeId, provider: Contact) -> Note:
    """We remember who provides something."""
    return Note("provider stored", {"key": id_to_hex(key), **provider.get_facts()})


def misbehaved(source: Address, reason: str) -> Note:
    """Somebody broke the protocol; nothing comes of it."""
    return Note("peer misbehaved", {"from": show_address(source), "reason": reason})


def _name(lookup: Lookup) -> dict[str, Any]:
    return {"lookup": lookup.number, "purpose": lookup.purpose, "target": id_to_hex(lookup.target)}


def _ids(contacts: list[Contact]) -> list[str]:
    return [id_to_hex(contact.id) for contact in contacts]
