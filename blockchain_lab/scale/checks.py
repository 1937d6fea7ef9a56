"""Can this network be? Impossible columns are refused; what is only odd is told.

Whoever makes a `Network` by hand calls `check_network`; `build.make_network` and the presets do it unasked.
"""

from typing import Final
from warnings import warn

import numpy as np

from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.graph import find_parts
from blockchain_lab.scale.network import ADDRESS_KINDS, Flags, Network, Numbers

SHOWN: Final = 5  # sizes of parts that a remark names

# column -> least and most; None: no bound
PEERS: Final = {
    "upload": (1, None),
    "download": (1, None),
    "power": (0, None),
    "misses": (0, MILLION),
}
SLOTS: Final = {"latency": (0, None), "jitter": (0, None)}


class DisconnectedNetwork(UserWarning):
    """Not everybody can hear of a block. The run is allowed."""


def check_network(network: Network) -> list[str]:
    """UsageError, with what was found, wanted and where, for columns that cannot be; else remarks.

    A remark is a sentence: so far one, that the network is in parts. O(slots log slots).
    """
    check_graph(network)
    for name, (least, most) in PEERS.items():
        check_column(name, getattr(network, name), network.size, least, most)
    for name, (least, most) in SLOTS.items():
        check_column(name, getattr(network, name), network.slots, least, most)
    check_column("region", network.region, network.size, 0, len(network.regions) - 1)
    check_column("speaks_compact", network.speaks_compact, network.size, None, None)
    if network.address_kind is not None:
        check_column("address_kind", network.address_kind, network.size, 0, len(ADDRESS_KINDS) - 1)
    if network.country is not None:
        check_column("country", network.country, network.size, 0, len(network.countries) - 1)
    if not network.power.any():
        raise UsageError(f"power: found 0 at all of {network.size} peers, wanted somebody who mines")
    if not 0 <= network.loss < MILLION:
        raise UsageError(f"loss: found {network.loss}, wanted 0 to {MILLION - 1} parts per million")
    if network.retransmit < 0:
        raise UsageError(f"retransmit: found {network.retransmit} microseconds, wanted 0 or more")
    return get_remarks(network)


def check_graph(network: Network) -> None:
    """UsageError unless each slot has its other direction, and nobody is somebody's twice, or his own."""
    offsets, others, peers = network.offsets, network.others, network.size
    if peers < 2 or offsets[0] != 0 or offsets[-1] != len(others) or (np.diff(offsets) < 0).any():
        raise UsageError(
            f"offsets: found {len(offsets)} numbers from {offsets[:1].tolist()} to {offsets[-1:].tolist()}, "
            f"wanted at least 3 that rise from 0 to the number of slots, {len(others)}"
        )
    check_column("others", others, len(others), 0, peers - 1)
    owner = np.repeat(np.arange(peers), np.diff(offsets))
    if (owner == others).any():
        raise UsageError(f"others: found peer {owner[owner == others][0]} connected to itself")
    there, back = np.sort(owner * peers + others), np.sort(others * peers + owner)
    twice = np.flatnonzero(there[1:] == there[:-1])
    if len(twice):
        one, other = divmod(int(there[twice[0]]), peers)
        raise UsageError(f"others: found peer {one} connected twice to {other}, wanted one connection a pair")
    differ = np.flatnonzero(there != back)
    if len(differ):
        one, other = divmod(int(min(there[differ[0]], back[differ[0]])), peers)
        raise UsageError(f"others: found one direction between {one} and {other}, wanted a slot for both")


def check_column(
    name: str, column: Numbers | Flags, length: int, least: int | None, most: int | None
) -> None:
    """UsageError for a column of another length, of no whole numbers, or with a number out of bounds."""
    if column.shape != (length,):
        raise UsageError(f"{name}: found a column of shape {column.shape}, wanted ({length},)")
    if column.dtype.kind not in "bi":
        raise UsageError(f"{name}: found {column.dtype} numbers, wanted whole ones (int64)")
    if length and least is not None and column.min() < least:
        place = int(column.argmin())
        raise UsageError(f"{name}: found {column[place]} at {place}, wanted {least} or more")
    if length and most is not None and column.max() > most:
        place = int(column.argmax())
        raise UsageError(f"{name}: found {column[place]} at {place}, wanted {most} or less")


def get_remarks(network: Network) -> list[str]:
    """What is odd but allowed: a network in parts, with their number and sizes."""
    parts = find_parts(network)
    if len(parts) == 1:
        return []
    sizes = ", ".join(map(str, parts[:SHOWN])) + (" …" if len(parts) > SHOWN else "")
    return [f"{network.name}: found {len(parts)} parts of {sizes} peers that are not connected"]


def warn_of(network: Network) -> Network:
    """The same network, checked; what is odd about it is told as a `DisconnectedNetwork` warning."""
    for remark in check_network(network):
        warn(remark, DisconnectedNetwork, stacklevel=3)
    return network
