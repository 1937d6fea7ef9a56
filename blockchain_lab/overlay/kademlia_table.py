"""Kademlia's routing table: a binary tree of k-buckets, fine around our own id and coarse far away from it.

It begins as one bucket for all ids. A full bucket is split when it covers our own id, so in a network of n
nodes about log2(n / k) buckets besides the last one hold k contacts each, whatever n is.

relaxed, b > 1   other buckets are split too, unless their depth is a multiple of b: b bits a hop (§4.2)
neighbours       so are those around us, where the k nodes closest to us must all be known (§2.4, end)

A table does no I/O: it says whom to ping, the node does so. Source: the paper, §2.2, §2.4, §4.1, §4.2.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.kademlia_buckets import (
    ADDED,
    FORGOTTEN,
    FULL,
    REMOVED,
    SILENT,
    SPLIT,
    Bucket,
    Change,
)
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import ID_BITS, NodeId


@dataclass(slots=True)
class RoutingTable:
    """All buckets of one node, in the order of their ranges."""

    own: NodeId
    k: int  # contacts in a bucket
    b: int = 1  # 1: only the bucket of our own id is split
    most_spares: int = 20  # newcomers that wait for a place in one bucket
    stale_after: int = 5  # unanswered questions in a row; §4.1
    keeps_neighbours: bool = True
    check_after: Microseconds = 0  # a contact that we have heard from since is not asked whether it is there
    buckets: list[Bucket] = field(default_factory=lambda: [Bucket(0, ID_BITS)])

    def __len__(self) -> int:
        """How many contacts there are."""
        return sum(len(bucket.contacts) for bucket in self.buckets)

    def __iter__(self) -> Iterator[Contact]:
        """All contacts, bucket by bucket."""
        for bucket in self.buckets:
            yield from bucket.contacts.values()

    def __contains__(self, node: NodeId) -> bool:
        """Is this id a contact's?"""
        return node in self.find_bucket(node).contacts

    def find_bucket(self, node: NodeId) -> Bucket:
        """The bucket that an id belongs to, its own id too. O(log buckets)."""
        return self.buckets[bisect_right(self.buckets, node, key=_get_low) - 1]

    def find_closest(self, target: NodeId, count: int) -> list[Contact]:
        """The contacts closest to an id, closest first, without those that seem to be gone.

        Buckets are disjoint in their distances, too: the nearest come first, and each is sorted by itself.
        """
        found: list[Contact] = []
        for bucket in sorted(self.buckets, key=lambda each: (each.low ^ target) >> each.bits << each.bits):
            near = list(bucket.contacts.values())
            if bucket.failures:
                near = [each for each in near if bucket.failures.get(each.id, 0) < self.stale_after]
            found += sorted(near, key=lambda contact: contact.id ^ target)
            if len(found) >= count:
                break
        return found[:count]

    def observe(self, contact: Contact, now: Microseconds = 0) -> list[Change]:
        """We have heard from somebody: what becomes of it.

        A known id that speaks from another address is not believed, or anybody could take anybody's place.
        """
        if contact.id == self.own:
            return []
        bucket = self.find_bucket(contact.id)
        known = bucket.contacts.get(contact.id)
        if known is not None:
            if known.address == contact.address:
                bucket.put(known, now)
            return []
        changes: list[Change] = []
        while len(bucket.contacts) >= self.k and self.may_split(bucket, contact.id):
            changes.append(Change(SPLIT, bucket.prefix))
            self._split(bucket)
            bucket = self.find_bucket(contact.id)
        if len(bucket.contacts) < self.k:
            return [*changes, self._add(bucket, contact, now)]
        changes += bucket.add_spare(contact, self.most_spares)
        for node, count in bucket.failures.items():
            if count >= self.stale_after:
                return [*changes, *self._replace(bucket, node)]
        if bucket.checked is None and bucket.heard_at[bucket.first.id] <= now - self.check_after:
            bucket.checked = bucket.first.id
            changes.append(Change(FULL, bucket.prefix, bucket.first))
        return changes

    def on_alive(self, node: NodeId) -> None:
        """A contact has answered: a check of it is over."""
        bucket = self.find_bucket(node)
        if bucket.checked == node:
            bucket.checked = None

    def on_silent(self, node: NodeId) -> list[Change]:
        """A contact did not answer in time. Who stood first in a full bucket goes at once (§2.2).

        Others go after so many times, and only when somebody waits for the place; until then they are just
        not told to others: if it is our own line that is down, the table stays as it is (§4.1).
        """
        bucket = self.find_bucket(node)
        was_checked = bucket.checked == node
        if was_checked:
            bucket.checked = None
        if node not in bucket.contacts:
            gone = bucket.spares.pop(node, None)
            return [] if gone is None else [Change(FORGOTTEN, bucket.prefix, gone)]
        bucket.failures[node] = bucket.failures.get(node, 0) + 1
        changes = [Change(SILENT, bucket.prefix, bucket.contacts[node])]
        if was_checked or (bucket.spares and bucket.failures[node] >= self.stale_after):
            changes += self._replace(bucket, node)
        return changes

    def may_split(self, bucket: Bucket, newcomer: NodeId) -> bool:
        """May this full bucket be split to make room?"""
        if bucket.covers(self.own):
            return True
        if bucket.depth % self.b:
            return bucket.bits > 0
        return self.keeps_neighbours and self._is_neighbour(bucket, newcomer)

    def get_idle(self, before: Microseconds) -> list[Bucket]:
        """The buckets in whose ranges nothing was looked up since a moment."""
        return [bucket for bucket in self.buckets if bucket.touched_at <= before]

    def get_farther(self, node: NodeId) -> list[Bucket]:
        """The buckets farther from us than this id is: who joins looks something up in each (§2.3)."""
        reach = node ^ self.own
        return [
            bucket
            for bucket in self.buckets
            if not bucket.covers(self.own) and (bucket.low ^ self.own) >> bucket.bits << bucket.bits > reach
        ]

    def _is_neighbour(self, bucket: Bucket, newcomer: NodeId) -> bool:
        """Would the newcomer to this full bucket be one of the k contacts closest to us?"""
        bits, own = bucket.bits, self.own
        reach = (bucket.low ^ own) >> bits
        nearer = [each for each in self.buckets if (each.low ^ own) >> bits < reach]
        if sum(len(each.contacts) for each in nearer) >= self.k:
            return False  # as almost always
        nearest = sorted(contact.id ^ own for contact in self)[self.k - 1]
        return newcomer ^ own < nearest

    def _split(self, bucket: Bucket) -> None:
        place = bisect_right(self.buckets, bucket.low, key=_get_low) - 1
        self.buckets[place : place + 1] = bucket.split()

    def _add(self, bucket: Bucket, contact: Contact, now: Microseconds) -> Change:
        bucket.spares.pop(contact.id, None)
        bucket.put(contact, now)
        return Change(ADDED, bucket.prefix, contact)

    def _replace(self, bucket: Bucket, node: NodeId) -> list[Change]:
        gone, spare = bucket.replace(node)
        if bucket.checked == node:
            bucket.checked = None
        changes = [Change(REMOVED, bucket.prefix, gone)]
        return changes if spare is None else [*changes, Change(ADDED, bucket.prefix, spare)]


def _get_low(bucket: Bucket) -> NodeId:
    return bucket.low
