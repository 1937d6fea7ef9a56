"""The facts that a node of Chord states, each made in one place: views fold them, checks read them.

Points are hexadecimal digits, addresses "ip:port". A node's ring is what it has noted of it last.
"""

from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.overlay.chord_fingers import Fingers
from blockchain_lab.overlay.chord_lookup import RingLookup
from blockchain_lab.overlay.kademlia_contacts import Contact, show_address


def node_started(own: Contact, m: int, r: int) -> Note:
    """Its place on a ring of 2**m points, and how many successors it wants to know."""
    return Note("node started", {**show(own), "m": m, "successors": r})


def joined(owner: Contact) -> Note:
    """It has found who is behind it."""
    return Note("joined", {"successor": show_address(owner.address)})


def successor_changed(contact: Contact) -> Note:
    """Somebody else is the next one now."""
    return Note("successor changed", show(contact))


def predecessor_changed(contact: Contact) -> Note:
    """Somebody else is the one before it now."""
    return Note("predecessor changed", show(contact))


def contact_removed(contact: Contact) -> Note:
    """Somebody has not answered, and is forgotten."""
    return Note("contact removed", show(contact))


def ring_changed(ring: Fingers) -> Note:
    """All that it knows: who is before it, who are behind it, and [index, point] of its fingers."""
    return Note("ring changed", get_ring(ring))


def get_ring(ring: Fingers) -> dict[str, Any]:
    """The same as plain facts."""
    before = ring.predecessor
    return {
        "predecessor": None if before is None else f"{before.id:x}",
        "successors": [f"{each.id:x}" for each in ring.successors],
        "fingers": [[index, f"{each.id:x}"] for index, each in sorted(ring.fingers.items())],
    }


def lookup_started(lookup: RingLookup) -> Note:
    """Whom we know before the target is asked first."""
    return Note("lookup started", _name(lookup))


def lookup_asked(lookup: RingLookup, contact: Contact) -> Note:
    """One question more is on its way; the hop from who asks to it counts."""
    return Note("lookup asked", {**_name(lookup), **show(contact), "hops": len(lookup.asked)})


def lookup_silent(lookup: RingLookup, contact: Contact) -> Note:
    """Somebody has not answered in time."""
    return Note("lookup silent", {**_name(lookup), **show(contact)})


def lookup_finished(lookup: RingLookup) -> Note:
    """What came of it: the owner and those behind it; nobody when nobody was left to ask."""
    facts = {
        **_name(lookup),
        "closest": [f"{each.id:x}" for each in lookup.owners],
        "hops": lookup.hops,
        "asked": len(lookup.asked),
        "silent": len(lookup.silent),
    }
    return Note("lookup finished", facts)


def show(contact: Contact) -> dict[str, str]:
    """A contact as notes write it."""
    return {"id": f"{contact.id:x}", "address": show_address(contact.address)}


def _name(lookup: RingLookup) -> dict[str, int | str]:
    return {"lookup": lookup.number, "purpose": lookup.purpose, "target": f"{lookup.target:x}"}
