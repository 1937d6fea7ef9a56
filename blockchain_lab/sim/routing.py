"""Which way a datagram goes, and who answers at an address, when hosts stand behind gateways.

A peer `behind` another one reaches the rest of the world through it: a NAT, a firewall. A gateway may stand
behind another one. What a gateway lets through is its node's business; here is only who is next.

    ann -- home ............. bob            ann is behind home, bob behind nobody
           home .. carrier .. bob            home may be behind carrier
"""

from typing import TYPE_CHECKING, Final

from blockchain_lab.base.units import Address
from blockchain_lab.sim.hosts import Host

if TYPE_CHECKING:
    from blockchain_lab.sim.world import World

PRIVATE: Final = "192.168."  # addresses that no router outside knows (RFC 1918)
FIRST_OUTSIDE_PORT: Final = 49_152  # of streams that go out through a gateway (RFC 6335: dynamic ports)
OUTSIDE_PORTS: Final = 16_384


def is_gateway(world: "World", host: Host) -> bool:
    """Does anybody stand behind it?"""
    return host.name in world.scenario.inside


def find_host(world: "World", address: Address) -> Host | None:
    """Whose address this is. Every port of a gateway is the gateway's. O(gateways)."""
    host = world.by_address.get(address)
    if host is None:
        gateways = (world.by_name[name] for name in world.scenario.inside)
        host = next((gateway for gateway in gateways if gateway.address.ip == address.ip), None)
    return host


def find_next_hop(world: "World", sender: Host, destination: Address) -> Host | None:
    """Who gets a packet next on its way; None when nobody on this side knows the way. O(gateways).

    The sender's own side first, then those behind it, then whoever stands at this side's edge towards the
    destination; all else goes to the gateway that the sender stands behind.
    """
    target = find_host(world, destination)
    if not world.scenario.inside:
        return target
    own = _get_gateway(world, sender)
    if target is not None:
        if target is own or _get_gateway(world, target) is own:
            return target
        inner = _find_edge(world, target, sender)
        if inner is not None:
            return inner
        edge = _find_edge(world, target, own)
        if edge is not None and not destination.ip.startswith(PRIVATE):
            return edge
    return own


def find_listener(world: "World", dialler: Host, address: Address) -> tuple[Host | None, Address]:
    """Who answers when `address` is dialled, None when nobody does; and as whom the dialler is seen.

    Streams do not pass through a gateway's node. It is asked once, when somebody dials; one that is off lets
    nobody through. O(gateways squared).
    """
    at, seen = dialler, dialler.address
    for _ in range(2 * len(world.scenario.inside) + 1):  # each gateway once on the way out and once in
        hop = find_next_hop(world, at, address)
        if hop is None or not is_gateway(world, hop):
            return hop, seen
        if hop.node is None:
            break
        if hop is _get_gateway(world, at) and hop.address.ip != address.ip:  # out through it
            port = FIRST_OUTSIDE_PORT + at.index % OUTSIDE_PORTS
            at, seen = hop, hop.node.find_outside(seen, Address(hop.address.ip, port))
            continue
        inside = hop.node.find_inside(address, seen, world.scheduler.now)
        if inside is None:
            break
        at, address = hop, inside
    return None, seen


def _get_gateway(world: "World", host: Host) -> Host | None:
    name = world.scenario.peers[host.name].behind
    return world.by_name[name] if name else None


def _find_edge(world: "World", target: Host, side: Host | None) -> Host | None:
    """The gateway directly behind `side` (None: behind nobody) through which `target` is reached, if any."""
    hop: Host | None = target
    while hop is not None:
        gateway = _get_gateway(world, hop)
        if gateway is side:
            return hop
        hop = gateway
    return None
