"""Hosts as a node keeps them, and as they stand in `addr` and `addrv2`.

Inside, a host is a `TimedAddress` with its name as text, whatever the network. What has no 16-byte form (an
onion name of version 3, I2P) is told only to who has said `sendaddrv2`.
"""

from collections.abc import Sequence

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.address_v2 import I2P_SUFFIX, ONION, AddressNetwork, AddressV2, text_to_host
from blockchain_lab.bitcoin.messages import Addr, AddrV2
from blockchain_lab.bitcoin.network_address import NetworkAddress, TimedAddress, text_to_ip

LONG_ONION = 56  # letters of an onion name of version 3


def read_items(message: Addr | AddrV2) -> list[TimedAddress]:
    """As we keep them; a network that we do not know gives a host that nobody can reach."""
    if isinstance(message, Addr):
        return list(message.addresses)
    return [
        TimedAddress(item.time, NetworkAddress(item.services, item.host, item.port))
        for item in message.addresses
    ]


def make_message(items: Sequence[TimedAddress], *, v2: bool) -> Addr | AddrV2 | None:
    """What to tell a peer; None when nothing of it has a form that it understands."""
    if v2:
        found = [to_v2(item) for item in items]
        return AddrV2(tuple(found)) if found else None
    fitting = [item for item in items if has_old_form(item.address.ip)]
    return Addr(tuple(fitting)) if fitting else None


def to_v2(item: TimedAddress) -> AddressV2:
    """As it stands in `addrv2`."""
    services, ip, port = item.address
    network = get_network(ip)
    return AddressV2(item.time, services, network, text_to_host(network, ip), port)


def get_network(ip: str) -> AddressNetwork:
    """Of a routable host's name."""
    if ip.endswith(ONION):
        is_long = len(ip) == LONG_ONION + len(ONION)
        return AddressNetwork.TOR_V3 if is_long else AddressNetwork.TOR_V2
    if ip.endswith(I2P_SUFFIX):
        return AddressNetwork.I2P
    return AddressNetwork.IPV6 if ":" in ip else AddressNetwork.IPV4


def has_old_form(ip: str) -> bool:
    """Does it fit into the 16 bytes of `addr`?"""
    try:
        text_to_ip(ip)
    except UsageError:
        return False
    return True
