"""Peers come and go: the part of a network that is there at one moment.

A run of the large network is short beside a session of hours, so nobody leaves within it: churn decides who
is there at all. What it does to compact blocks (a young memory pool lacks transactions) is in `misses`.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from blockchain_lab.base.draws import MILLION, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.scale.checks import warn_of
from blockchain_lab.scale.keyed_arrays import share_out
from blockchain_lab.scale.network import Flags, Network, freeze


def compute_presence(session: Microseconds, absence: Microseconds) -> int:
    """Which share of its time a peer is there, in parts per million: sessions and pauses take turns."""
    if session < 0 or absence < 0 or session + absence == 0:
        raise UsageError(f"churn: found sessions of {session} and pauses of {absence}, wanted some time")
    return session * MILLION // (session + absence)


def thin_out(network: Network, presence: int, seed: int) -> Network:
    """Only `presence` parts per million of the peers are there, drawn evenly; warns of a network in parts."""
    if not 0 < presence <= MILLION:
        raise UsageError(f"presence: found {presence}, wanted 1 to {MILLION} parts per million")
    here = share_out(get_key(seed, "presence"), (presence, MILLION - presence), network.size) == 0
    return keep_peers(network, here)


def keep_peers(network: Network, here: Flags) -> Network:
    """The network of those who are `here`, numbered anew in the old order; the lines of the others are gone.

    UsageError when nobody is left who mines. O(slots).
    """
    number = np.cumsum(here) - 1
    owner = np.repeat(np.arange(network.size), network.get_degrees())
    stays = here[owner] & here[network.others]
    degrees = np.bincount(number[owner[stays]], minlength=int(here.sum()))
    slots = {
        "others": number[network.others[stays]],
        "latency": network.latency[stays],
        "jitter": network.jitter[stays],
        "offsets": np.concatenate([[0], np.cumsum(degrees)]),
    }
    peers = ("upload", "download", "power", "region", "misses", "address_kind", "country")
    columns = {name: getattr(network, name)[here] for name in peers if getattr(network, name) is not None}
    frozen: dict[str, Any] = {name: freeze(column) for name, column in (slots | columns).items()}
    return warn_of(replace(network, speaks_compact=freeze(network.speaks_compact[here], np.bool_), **frozen))
