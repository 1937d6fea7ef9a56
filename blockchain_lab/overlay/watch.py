"""Who of many was silent for how long: the rule of `liveness`, for a node that has other things to do.

Nobody is looked at before something is due: whoever is heard goes to the end of a list, so those who were
silent longest stand first. IPv8 looks at eight chosen at random each half second instead, which comes to the
same for as many peers as one node has there.
"""

from dataclasses import dataclass, field

from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.liveness import LivenessRule, Watched, is_due, is_gone


@dataclass(slots=True)
class Watch:
    """All peers of one node."""

    rule: LivenessRule
    peers: dict[Address, Watched] = field(default_factory=dict)  # silent longest first

    def hear(self, address: Address, now: Microseconds) -> None:
        """A sign of life."""
        self.peers.pop(address, None)
        self.peers[address] = Watched(now)

    def find_gone(self, now: Microseconds) -> dict[Address, Microseconds]:
        """Who was asked and is silent for too long, and for how long; they are watched no more."""
        gone = {
            address: now - peer.heard_at
            for address, peer in self._get_idle(now).items()
            if is_gone(self.rule, peer, now)
        }
        for address in gone:
            del self.peers[address]
        return gone

    def find_due(self, now: Microseconds) -> list[Address]:
        """Who is to be asked now; it counts as done."""
        due = [address for address, peer in self._get_idle(now).items() if is_due(self.rule, peer, now)]
        for address in due:
            self.peers[address].asked_at = now
        return due

    def get_next(self, now: Microseconds) -> Microseconds | None:
        """When something is due next; None when nobody is watched. O(those who are idle)."""
        rule, times = self.rule, []
        for peer in self.peers.values():
            if peer.asked_at < 0:
                times.append(peer.heard_at + rule.idle_after)
                break  # all others were heard later
            times += [peer.asked_at + rule.ask_every, peer.heard_at + rule.drop_after]
        return min((max(time, now) + 1 for time in times), default=None)

    def _get_idle(self, now: Microseconds) -> dict[Address, Watched]:
        idle: dict[Address, Watched] = {}
        for address, peer in self.peers.items():
            if now - peer.heard_at <= self.rule.idle_after:
                break
            idle[address] = peer
        return idle
