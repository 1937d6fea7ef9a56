"""What one node of Chord knows of the ring: who is before it, who are behind it, and fingers across.

successors    the next r nodes: with the first one right, every lookup ends right, however slowly; with r of
them the ring holds as long as one of r is alive (§5.2)
fingers       the successors of own + 1, 2, 4, ... : each hop halves the way (§4.3)
"""

from dataclasses import dataclass, field

from blockchain_lab.overlay.chord_ring import get_finger_start, get_way, is_between, is_owned
from blockchain_lab.overlay.kademlia_contacts import Contact


@dataclass(slots=True)
class Fingers:
    """Changed by what others tell; asks nobody itself."""

    own: Contact
    m: int  # bits of a point
    r: int  # successors
    predecessor: Contact | None = None
    successors: list[Contact] = field(default_factory=list)  # without ourselves, nearest first
    fingers: dict[int, Contact] = field(default_factory=dict)  # index -> node; those that are known

    @property
    def successor(self) -> Contact:
        """The next node; ourselves while we know nobody."""
        return self.successors[0] if self.successors else self.own

    def get_known(self) -> list[Contact]:
        """All whom we know behind us, each once."""
        known = {contact.id: contact for contact in (*self.successors, *self.fingers.values())}
        return list(known.values())

    def get_nearest(self) -> list[Contact]:
        """The same, the next one behind us first."""
        return sorted(self.get_known(), key=lambda each: get_way(self.own.id, each.id, self.m))

    def find_before(self, target: int, most: int) -> list[Contact]:
        """Whom we know between us and a point, the nearest to the point first; figure 4's last function."""
        before = [each for each in self.get_known() if is_between(each.id, self.own.id, target)]
        return sorted(before, key=lambda each: get_way(each.id, target, self.m))[:most]

    def owns_next(self, target: int) -> bool:
        """Does a point belong to our successor?"""
        return is_owned(target, self.own.id, self.successor.id)

    def take_successors(self, contacts: list[Contact]) -> bool:
        """These follow us, nearest first; behind ourselves the list is cut. Has it changed?"""
        new: list[Contact] = []
        for contact in contacts:
            if contact.id == self.own.id or contact in new:
                break
            new.append(contact)
        before, self.successors = self.successors, new[: self.r]
        return before != self.successors

    def on_notify(self, contact: Contact) -> bool:
        """Somebody thinks that it is the one before us: so it is, if it is nearer than who was. Changed?"""
        if contact.id == self.own.id:
            return False
        if self.predecessor is None or is_between(contact.id, self.predecessor.id, self.own.id):
            self.predecessor = contact
            return True
        return False

    def get_finger_starts(self) -> list[int]:
        """The indexes of fingers that our successor does not own: about log2(n) of the m."""
        starts = ((index, get_finger_start(self.own.id, index, self.m)) for index in range(self.m))
        return [index for index, start in starts if not self.owns_next(start)]

    def forget(self, node: int) -> None:
        """Somebody is gone."""
        self.successors = [contact for contact in self.successors if contact.id != node]
        self.fingers = {index: each for index, each in self.fingers.items() if each.id != node}
        if self.predecessor is not None and self.predecessor.id == node:
            self.predecessor = None
