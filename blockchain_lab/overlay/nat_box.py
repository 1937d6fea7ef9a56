"""The box between a home and the rest of the world: a gateway that translates addresses, or only filters.

Those behind it send through it, and it reads and writes what no end sees: both addresses of every packet.
It answers nobody but those inside, and them only when they ask for a port. What it remembers is `nat`.
A new address counts from its next start on, as when a provider makes it dial in again.

    policy: {"type": "symmetric"}                    one of the four classic types, or
            {"mapping": "...", "filtering": "..."}   any two behaviours of RFC 4787,
            {"type": "firewall", "filtering": "..."} no translation at all

Source: RFC 4787 (UDP); what it says of hairpins is REQ-9.
"""

from typing import Final

from blockchain_lab.base.choices import check_keys, read_flag, read_number, read_word
from blockchain_lab.base.effects import Effect, Forward, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.packets import Packet
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.overlay.nat import CLASSIC, IDLE_TIMEOUT, Behaviour, Mapping, NatTable, Ports
from blockchain_lab.overlay.nat_messages import GRANTED, NO_PORT, REFUSED, MapPort, PortMapped

EXPIRE: Final = TimerName("expire")
FIREWALL: Final = "firewall"
KEYS: Final = ("type", "mapping", "filtering", "ports", "idle_timeout", "hairpin", "opens_ports")
LONGEST_LEASE: Final = 86_400  # seconds, a day; ours: RFC 6886 leaves it to the box and recommends two hours


class NatBox(Node):
    """One box. `table` holds its mappings; a restart forgets them all."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        self.setup = setup
        self.table = make_table(setup)
        self.has_hairpin = read_flag(setup.policy, "hairpin", default=False)
        self.opens_ports = read_flag(setup.policy, "opens_ports", default=False)

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Say by which rules it works, and for whom: nobody sees a box from outside."""
        rules, setup = self.table, self.setup
        facts = {
            "address": list(setup.address),
            "inside": [list(host) for host in setup.inside],
            "translates": rules.ip is not None,
            "mapping": rules.mapping.value,
            "filtering": rules.filtering.value,
            "ports": rules.ports.value,
            "idle_timeout": rules.idle_timeout,
            "hairpin": self.has_hairpin,
            "opens_ports": self.opens_ports,
        }
        return [Note("gateway rules", facts)]

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """A packet comes by: out, in, or from inside to inside (a hairpin)."""
        if not isinstance(message, Packet):
            return []
        if not self._is_inside(source):
            return self._let_in(message, now)
        if isinstance(message.message, MapPort) and self._is_own(message.destination):
            return self._open_port(source, message.message, now)
        if self._is_own(message.destination) and not self.has_hairpin:
            return [note_blocked(message, "no hairpin")]
        return self._let_out(message, now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Forget what nobody uses any more."""
        effects: list[Effect] = []
        for mapping in self.table.find_dead(now):
            self.table.remove(mapping)
            effects.append(note_mapping("mapping expired", mapping))
        return [*effects, *self._wait_for_next(now)]

    def find_inside(self, destination: Address, source: Address, now: Microseconds) -> Address | None:
        """Somebody outside dials: it needs a mapping as a datagram does, and streams open none."""
        mapping, _ = self.table.receive(destination, source, now)
        return mapping.inside if mapping is not None else None

    def find_outside(self, source: Address, proposed: Address) -> Address:
        """Somebody inside dials: as whom it is seen."""
        return source if self.table.ip is None else proposed

    def _is_inside(self, source: Address) -> bool:
        """A box behind this one writes from any of its ports. O(those inside)."""
        return any(source.ip == host.ip for host in self.setup.inside)

    def _is_own(self, destination: Address) -> bool:
        return destination.ip == self.setup.address.ip

    def _let_out(self, packet: Packet, now: Microseconds) -> list[Effect]:
        mapping, is_new = self.table.send(packet.source, packet.destination, now)
        if mapping is None:
            return [note_blocked(packet, "no port is free")]
        effects: list[Effect] = []
        if is_new:
            effects += [note_mapping("mapping opened", mapping), *self._wait_for_next(now)]
        outwards = Packet(mapping.outside, packet.destination, packet.message)
        if self._is_own(packet.destination):
            return [*effects, *self._let_in(outwards, now)]
        return [*effects, Forward(outwards)]

    def _let_in(self, packet: Packet, now: Microseconds) -> list[Effect]:
        mapping, reason = self.table.receive(packet.destination, packet.source, now)
        if mapping is None:
            return [note_blocked(packet, reason)]
        return [Forward(Packet(packet.source, mapping.inside, packet.message))]

    def _open_port(self, source: Address, request: MapPort, now: Microseconds) -> list[Effect]:
        outside = Address(self.table.ip or source.ip, request.port)
        if not self.opens_ports:
            return [SendTo(source, PortMapped(REFUSED, outside, 0))]
        seconds = min(request.lease_seconds, LONGEST_LEASE)
        mapping = self.table.lease(source, outside, now + seconds * SECOND, now)
        if mapping is None:
            return [SendTo(source, PortMapped(NO_PORT, outside, 0))]
        answer = SendTo(source, PortMapped(GRANTED, outside, seconds))
        leased = note_mapping("port leased", mapping, until=mapping.lease_until)
        return [leased, *self._wait_for_next(now), answer]

    def _wait_for_next(self, now: Microseconds) -> list[Effect]:
        """The timer runs only while there is a mapping. A use since then lets it run once in vain."""
        expiries = [self.table.get_expiry(mapping) for mapping in self.table.by_outside.values()]
        return [SetTimer(EXPIRE, max(min(expiries) - now, 0))] if expiries else []


def make_table(setup: Setup) -> NatTable:
    """An empty table as the policy wants it. UsageError for what cannot be."""
    policy = setup.policy
    check_keys(policy, KEYS)
    default = "" if "mapping" in policy else "port restricted cone"
    kind = read_word(policy, "type", ("", FIREWALL, *CLASSIC), default)
    mapping, filtering = CLASSIC.get(kind, CLASSIC["port restricted cone"])
    if kind in CLASSIC and ("mapping" in policy or "filtering" in policy):
        raise UsageError(f"policy.type: {kind!r} says both behaviours; leave out mapping and filtering")
    if kind == FIREWALL and "mapping" in policy:
        raise UsageError("policy.mapping: a firewall translates nothing, so it has none")
    return NatTable(
        None if kind == FIREWALL else setup.address.ip,
        Behaviour(read_word(policy, "mapping", tuple(Behaviour), mapping.value)),
        Behaviour(read_word(policy, "filtering", tuple(Behaviour), filtering.value)),
        Ports(read_word(policy, "ports", tuple(Ports), Ports.SEQUENTIAL.value)),
        read_number(policy, "idle_timeout", IDLE_TIMEOUT, least=1),
        setup.random.bits(),
    )


def note_mapping(topic: str, mapping: Mapping, **more: int) -> Note:
    """A line of the table has changed."""
    facts = {"inside": list(mapping.inside), "outside": list(mapping.outside), "remote": list(mapping.part)}
    return Note(topic, {**facts, **more})


def note_blocked(packet: Packet, reason: str) -> Note:
    """A packet went no further, and nobody is told: that is how such boxes are."""
    return Note(
        "packet blocked",
        {"from": list(packet.source), "to": list(packet.destination), "reason": reason},
    )
