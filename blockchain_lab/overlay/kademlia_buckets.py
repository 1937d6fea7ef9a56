"""A k-bucket: at most k contacts of one range of ids, and newcomers who wait for a place.

The contact that was silent longest stands first. It is not the one to go: who has been up for long will
probably be up for longer (the paper's figure 1), and nobody gets rid of old contacts by flooding us with new
ones. It goes when it does not answer. Source: the paper, §2.2; newcomers who wait, and contacts that are only
flagged: §4.1.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import ID_BITS, NodeId

# What can become of a bucket; of its contacts, of one question without an answer, and of who waits.
ADDED, REMOVED, SPLIT, FULL, SILENT = "added", "removed", "split", "full", "silent"
WAITS, FORGOTTEN = "waits", "forgotten"


@dataclass(slots=True)
class Bucket:
    """The contacts whose ids are `low` .. `low + 2**bits - 1`."""

    low: NodeId
    bits: int
    touched_at: Microseconds = 0  # when an id of this range was looked up last
    contacts: dict[NodeId, Contact] = field(default_factory=dict)  # least recently heard of first
    spares: dict[NodeId, Contact] = field(default_factory=dict)  # the replacement cache, newest last
    heard_at: dict[NodeId, Microseconds] = field(default_factory=dict)  # of each contact
    failures: dict[NodeId, int] = field(default_factory=dict)  # questions in a row without an answer
    checked: NodeId | None = None  # the first contact, while we wait for its pong

    @property
    def depth(self) -> int:
        """How many bits all ids of the range begin with: the bucket's level in the tree of §2.4."""
        return ID_BITS - self.bits

    @property
    def prefix(self) -> str:
        """Those bits as text: the bucket's name in notes; "" for the one that covers all."""
        return f"{self.low >> self.bits:0{self.depth}b}" if self.depth else ""

    @property
    def first(self) -> Contact:
        """The contact of which we have not heard for longest. StopIteration when there is none."""
        return next(iter(self.contacts.values()))

    def covers(self, node: NodeId) -> bool:
        """Does an id belong here?"""
        return node >> self.bits == self.low >> self.bits

    def put(self, contact: Contact, now: Microseconds) -> None:
        """We have heard from a contact: to the tail, all is forgiven."""
        self.contacts.pop(contact.id, None)
        self.contacts[contact.id] = contact
        self.heard_at[contact.id] = now
        self.failures.pop(contact.id, None)

    def add_spare(self, contact: Contact, most: int) -> list["Change"]:
        """A newcomer waits; when too many do, the oldest is forgotten. What has changed by that."""
        is_new = self.spares.pop(contact.id, None) is None
        self.spares[contact.id] = contact
        changes = [Change(WAITS, self.prefix, contact)] if is_new else []
        while len(self.spares) > most:
            gone = self.spares.pop(next(iter(self.spares)))
            changes.append(Change(FORGOTTEN, self.prefix, gone))
        return changes

    def replace(self, node: NodeId) -> tuple[Contact, Contact | None]:
        """Take a contact out; the newest who waits takes its place, if anybody does."""
        gone = self.contacts.pop(node)
        heard_at = self.heard_at.pop(node)
        self.failures.pop(node, None)
        spare = self.spares.popitem()[1] if self.spares else None
        if spare is not None:
            self.put(spare, heard_at)
        return gone, spare

    def split(self) -> tuple["Bucket", "Bucket"]:
        """Two buckets of half the range each, in order. Who waits goes where it belongs."""
        bits = self.bits - 1
        halves = (
            Bucket(self.low, bits, self.touched_at),
            Bucket(self.low | 1 << bits, bits, self.touched_at),
        )
        for half in halves:
            half.contacts = {node: each for node, each in self.contacts.items() if half.covers(node)}
            half.heard_at = {node: at for node, at in self.heard_at.items() if half.covers(node)}
            half.spares = {node: each for node, each in self.spares.items() if half.covers(node)}
            half.failures = {node: count for node, count in self.failures.items() if half.covers(node)}
            if self.checked is not None and half.covers(self.checked):
                half.checked = self.checked
        return halves


class Change(NamedTuple):
    """Something that became of a bucket."""

    what: str  # as above; FULL: `contact` stands first and should be asked whether it is there
    bucket: str  # its prefix
    contact: Contact | None = None
