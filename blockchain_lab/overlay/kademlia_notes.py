"""The facts that a node of Kademlia states, each made in one place: views fold them, checks read them.

Ids are 40 hexadecimal digits, addresses "ip:port", a bucket is the bits that all its ids begin with.
A table is what the notes of its buckets add up to: contacts added and removed, newcomers who wait and are
forgotten; a split moves no contact out. Whoever speaks to us moves to the end of where it stands, unless it
"misbehaved" by that.
"""

from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_buckets import FULL, SPLIT, Change
from blockchain_lab.overlay.kademlia_contacts import Contact, show_address
from blockchain_lab.overlay.kademlia_ids import NodeId, id_to_hex
from blockchain_lab.overlay.kademlia_lookup import Lookup
from blockchain_lab.overlay.kademlia_policy import KademliaPolicy


def node_started(own: Contact, policy: KademliaPolicy) -> Note:
    """Its place in the space, how many contacts a bucket holds, and how many may wait for a place in it."""
    return Note("node started", {**own.get_facts(), **_limits(policy)})


def limits_changed(policy: KademliaPolicy) -> Note:
    """Buckets may hold more from now on, or fewer."""
    return Note("bucket limits", _limits(policy))


def joined(contacts: int, buckets: int) -> Note:
    """The first lookup, for its own id, is over."""
    return Note("joined", {"contacts": contacts, "buckets": buckets})


def table_changed(change: Change) -> Note:
    """A contact came or went, waits, is asked whether it is there, did not answer; or a bucket became two."""
    if change.what == SPLIT or change.contact is None:
        halves = [f"{change.bucket}0", f"{change.bucket}1"]
        return Note("bucket changed", {"bucket": change.bucket, "into": halves})
    what = "checked" if change.what == FULL else change.what
    return Note(f"contact {what}", {"bucket": change.bucket, **change.contact.get_facts()})


def lookup_started(lookup: Lookup) -> Note:
    """From whom we begin, how many shall answer, and how many are asked at a time."""
    limits = {"k": lookup.k, "alpha": lookup.alpha}
    return Note("lookup started", {**_name(lookup), **limits, "closest": _ids(lookup.shortlist)})


def lookup_asked(lookup: Lookup, contact: Contact) -> Note:
    """One question more is on its way."""
    depth = lookup.depth[contact.id]
    return Note("lookup asked", {**_name(lookup), **contact.get_facts(), "hops": depth})


def lookup_answered(lookup: Lookup, contact: Contact, told: int, new: list[Contact]) -> Note:
    """Somebody has answered, and told us of so many contacts; those in `new` this lookup did not know."""
    facts = {**_name(lookup), **contact.get_facts(), "told": told, "new": _ids(new)}
    return Note("lookup answered", facts)


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
    """We keep it no longer: it is too old."""
    return Note("value expired", {"key": id_to_hex(key)})


def value_dropped(key: NodeId) -> Note:
    """We keep it no longer, though we should: a sybil does so."""
    return Note("value dropped", {"key": id_to_hex(key)})


def provider_stored(key: NodeId, provider: Contact) -> Note:
    """We remember who provides something."""
    return Note("provider stored", {"key": id_to_hex(key), **provider.get_facts()})


def provider_expired(key: NodeId, provider: NodeId) -> Note:
    """We have not heard for too long that it still has it."""
    return Note("provider expired", {"key": id_to_hex(key), "id": id_to_hex(provider)})


def misbehaved(source: Address, reason: str) -> Note:
    """Somebody broke the protocol; nothing comes of it."""
    return Note("peer misbehaved", {"from": show_address(source), "reason": reason})


def _name(lookup: Lookup) -> dict[str, Any]:
    return {"lookup": lookup.number, "purpose": lookup.purpose, "target": id_to_hex(lookup.target)}


def _limits(policy: KademliaPolicy) -> dict[str, int]:
    return {"k": policy.k, "spares": policy.spares}


def _ids(contacts: list[Contact]) -> list[str]:
    return [id_to_hex(contact.id) for contact in contacts]
