"""What a NAT remembers and decides: who inside may be reached at which port outside, and by whom.

    inside                     box                        outside
    10.0.0.2:4000  ------>  203.0.113.1:1024  ------>  198.51.100.7:80     a mapping is opened
    10.0.0.2:4000  <------  203.0.113.1:1024  <------  198.51.100.7:80     the filter lets it in

Two rules of three behaviours each, as RFC 4787 §4.1 and §5 name them. The mapping rule: is the same port used
for every remote? The filtering rule: who outside may use it? Everything here is data and arithmetic; the
box that stands in the network is `nat_box`.
"""

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from blockchain_lab.base.draws import draw, to_below
from blockchain_lab.base.units import MINUTE, Address, Microseconds

FIRST_PORT: Final = 1024  # RFC 4787 REQ-3: a port above 1023 stays above
LAST_PORT: Final = 65_535
IDLE_TIMEOUT: Final = 5 * MINUTE  # RFC 4787 REQ-5 recommends it; many boxes go below its least, two minutes

Part = tuple[str | int, ...]  # what of a remote address a rule looks at: nothing, the ip, or ip and port
LEASED: Final[Part] = ("leased",)  # stands for all remotes of a mapping that was asked for


class Behaviour(StrEnum):
    """How much of a remote's address a rule looks at. RFC 4787 §4.1 (mapping) and §5 (filtering)."""

    ENDPOINT_INDEPENDENT = "endpoint-independent"
    ADDRESS_DEPENDENT = "address-dependent"
    ADDRESS_AND_PORT_DEPENDENT = "address-and-port-dependent"


class Ports(StrEnum):
    """Which port outside a new mapping gets. RFC 4787 §4.2."""

    PRESERVED = "preserved"  # the inside one, when it is free
    SEQUENTIAL = "sequential"  # the next one: who knows the last can guess it
    RANDOM = "random"


# The names of RFC 3489 §5, for (mapping, filtering).
CLASSIC: Final[ReadOnly[str, tuple[Behaviour, Behaviour]]] = {
    "full cone": (Behaviour.ENDPOINT_INDEPENDENT, Behaviour.ENDPOINT_INDEPENDENT),
    "restricted cone": (Behaviour.ENDPOINT_INDEPENDENT, Behaviour.ADDRESS_DEPENDENT),
    "port restricted cone": (Behaviour.ENDPOINT_INDEPENDENT, Behaviour.ADDRESS_AND_PORT_DEPENDENT),
    "symmetric": (Behaviour.ADDRESS_AND_PORT_DEPENDENT, Behaviour.ADDRESS_AND_PORT_DEPENDENT),
}


def get_part(behaviour: Behaviour, remote: Address) -> Part:
    """What of a remote address this behaviour looks at."""
    if behaviour is Behaviour.ENDPOINT_INDEPENDENT:
        return ()
    return (remote.ip,) if behaviour is Behaviour.ADDRESS_DEPENDENT else (remote.ip, remote.port)


@dataclass(slots=True)
class Mapping:
    """An address outside, and the one inside that it stands for: the same one behind a plain firewall."""

    inside: Address
    outside: Address
    part: Part  # of the remotes that it was opened for
    used_at: Microseconds  # last sent through, outwards
    sent_to: dict[Part, Microseconds] = field(default_factory=dict)  # remotes that may answer, and since when
    lease_until: Microseconds = 0  # asked for by name (UPnP, NAT-PMP): open to everybody until then


@dataclass(slots=True)
class NatTable:
    """All mappings of one box. A plain firewall has no ip of its own and opens them too: as permissions."""

    ip: str | None  # outside; None translates nothing
    mapping: Behaviour
    filtering: Behaviour
    ports: Ports = Ports.SEQUENTIAL
    idle_timeout: Microseconds = IDLE_TIMEOUT
    key: int = 0  # of the draws of random ports
    opened: int = 0  # how many mappings there have been
    by_inside: dict[tuple[Address, Part], Mapping] = field(default_factory=dict)
    by_outside: dict[Address, Mapping] = field(default_factory=dict)

    def get_expiry(self, mapping: Mapping) -> Microseconds:
        """When it dies if nobody uses it."""
        return max(mapping.used_at + self.idle_timeout, mapping.lease_until)

    def send(self, inside: Address, remote: Address, now: Microseconds) -> tuple[Mapping | None, bool]:
        """Something goes out: the mapping that it goes through, and whether it is a new one.

        Who has a leased port uses it for all remotes. None when all 64,512 ports are taken.
        """
        leased = self.by_inside.get((inside, LEASED))
        part = LEASED if leased and now < leased.lease_until else get_part(self.mapping, remote)
        mapping = self.by_inside.get((inside, part))
        is_new = mapping is None or now >= self.get_expiry(mapping)
        if mapping is not None and is_new:
            self.remove(mapping)
        if is_new:
            mapping = self._open(inside, part, self._choose(inside), now)
        if mapping is not None:
            mapping.used_at = now
            mapping.sent_to[get_part(self.filtering, remote)] = now
        return mapping, is_new

    def receive(self, outside: Address, remote: Address, now: Microseconds) -> tuple[Mapping | None, str]:
        """Something comes in: for whom, or None and why not. Coming in keeps nothing open (RFC 4787 §4.3)."""
        mapping = self.by_outside.get(outside)
        if mapping is None or now >= self.get_expiry(mapping):
            return None, "no mapping"
        if now < mapping.lease_until:
            return mapping, ""
        last = mapping.sent_to.get(get_part(self.filtering, remote))
        if last is None or now >= last + self.idle_timeout:
            return None, "filtered"
        return mapping, ""

    def lease(
        self, inside: Address, outside: Address, until: Microseconds, now: Microseconds
    ) -> Mapping | None:
        """Open an address outside to everybody, as its owner has asked; None when another host has it.

        Everybody inside has one at most: another lease takes the place of the last.
        """
        mapping = self.by_outside.get(outside)
        if mapping is not None and now >= self.get_expiry(mapping):
            self.remove(mapping)
            mapping = None
        if mapping is None:
            before = self.by_inside.get((inside, LEASED))
            if before is not None:
                self.remove(before)
            mapping = self._open(inside, LEASED, outside, now)
        if mapping is None or mapping.inside != inside:
            return None
        mapping.lease_until = until
        return mapping

    def find_dead(self, now: Microseconds) -> list[Mapping]:
        """Those that nobody has used for too long, in the order in which they were opened. O(mappings)."""
        return [mapping for mapping in self.by_outside.values() if now >= self.get_expiry(mapping)]

    def remove(self, mapping: Mapping) -> None:
        """Forget it; its port may be used again."""
        del self.by_outside[mapping.outside]
        del self.by_inside[mapping.inside, mapping.part]

    def _open(
        self, inside: Address, part: Part, outside: Address | None, now: Microseconds
    ) -> Mapping | None:
        if outside is None:
            return None
        mapping = Mapping(inside, outside, part, now)
        self.by_inside[inside, part] = self.by_outside[outside] = mapping
        self.opened += 1
        return mapping

    def _choose(self, inside: Address) -> Address | None:
        """A free port outside, if there is one. O(1) while most are free."""
        if self.ip is None:
            return inside
        room = LAST_PORT - FIRST_PORT + 1
        if self.ports is Ports.PRESERVED:
            first = max(inside.port, FIRST_PORT) - FIRST_PORT
        elif self.ports is Ports.SEQUENTIAL:
            first = self.opened
        else:
            first = to_below(draw(self.key, self.opened), room)
        tries = (Address(self.ip, FIRST_PORT + (first + step) % room) for step in range(room))
        return next((outside for outside in tries if outside not in self.by_outside), None)
