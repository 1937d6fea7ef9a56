"""A large network as columns: who is connected to whom, how far, how fast, and with how much power to mine.

A *slot* is one direction of one connection, as its sender sees it. The slots of peer `p` are
`offsets[p]` .. `offsets[p + 1] - 1`, in the order in which `p` tells its neighbours news.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from blockchain_lab.base.units import Microseconds

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

ADDRESS_KINDS: Final = ("ipv4", "ipv6", "onion")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Network:
    """Peers 0 .. N - 1 and their connections; every column is an array that nobody changes.

    Times in microseconds, speeds in bytes per second, chances in parts per million. Names of peers are
    `p0`, `p1` …: keyed draws hash them, so this network has the luck that it has in `sim`.
    """

    name: str
    offsets: Numbers  # [peers + 1]
    others: Numbers  # [slots] who is at the other end
    latency: Numbers  # [slots] to the other end
    jitter: Numbers  # [slots] more of it, even over 0 .. jitter - 1, drawn for every message
    upload: Numbers  # [peers]
    download: Numbers  # [peers] only the formula "simblock2019" asks for it
    power: Numbers  # [peers] weight in the lottery of mining; 0 for who does not mine
    region: Numbers  # [peers] place in `regions`
    regions: tuple[str, ...]
    speaks_compact: Flags  # [peers] knows BIP 152
    misses: Numbers  # [peers] chance that a compact block lacks transactions that this peer must ask for
    loss: int = 0  # chance, for a message on any slot
    retransmit: Microseconds = 200_000  # what one loss costs
    # What is known of the peers beyond that, where a preset knows it; no run asks for it.
    address_kind: Numbers | None = None  # [peers] place in `ADDRESS_KINDS`
    country: Numbers | None = None  # [peers] place in `countries`
    countries: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many peers there are."""
        return len(self.offsets) - 1

    @property
    def slots(self) -> int:
        """How many directions of connections there are: twice the connections."""
        return len(self.others)

    def get_neighbours(self, peer: int) -> Numbers:
        """To whom `peer` is connected, in its order."""
        return self.others[self.offsets[peer] : self.offsets[peer + 1]]

    def get_degrees(self) -> Numbers:
        """How many connections each peer has; O(peers)."""
        return np.diff(self.offsets)


def freeze(values: Any, kind: Any = np.int64) -> NDArray[Any]:
    """A column for a network: a copy that nobody can change."""
    column = np.array(values, dtype=kind)
    column.flags.writeable = False
    return column
