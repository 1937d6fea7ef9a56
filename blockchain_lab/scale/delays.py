"""What a message needs behind its uplink, for all slots at once: latency, jitter, retransmissions.

`sim.link` and `sim.formulas` say the same of one message; here numpy says it of all messages of one kind
about one block, so that the plain loop draws nothing itself.
"""

from typing import Final

import numpy as np

from blockchain_lab.base.draws import MILLION, get_log2_table
from blockchain_lab.scale.keyed_arrays import Bits, mix_all, to_below_all
from blockchain_lab.scale.network import Numbers
from blockchain_lab.scale.wiring import Wiring
from blockchain_lab.sim.formulas import (
    MOST_DOUBLINGS,
    OVERHEAD,
    PARETO_MEAN,
    PARETO_SHIFT,
    get_exp2_table,
)

AT_ONCE: Final = 1 << 15  # slots: what is computed in between stays in the processor's cache


def compute_delays(wiring: Wiring, kind: int, block: int) -> Numbers:
    """Microseconds from the end of the upload to the arrival, [slots]; O(slots)."""
    if not len(wiring.jitter_key):
        return wiring.latency
    delays = np.empty(len(wiring.others), np.int64)
    for first in range(0, len(delays), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        delays[part] = compute_some(wiring, kind, wiring.content[kind, block], part)
    return delays


def compute_some(wiring: Wiring, kind: int, content: np.uint64, part: slice) -> Numbers:
    """The same for some slots."""
    latency, bits = wiring.latency[part], mix_all(wiring.jitter_key[part] ^ content)
    if wiring.is_simblock:
        overhead = OVERHEAD if wiring.is_small[kind] else 0
        return compute_paretos(latency, bits) + overhead
    jitter = to_below_all(bits, wiring.jitter[part]) if wiring.has_jitter else 0
    if not wiring.loss:
        return latency + jitter
    return latency + jitter + count_losses(wiring, content, part) * wiring.retransmit


def count_losses(wiring: Wiring, content: np.uint64, part: slice) -> Numbers:
    """How often a message of this content is lost on each of these slots before it arrives."""
    bits, attempt = mix_all(wiring.loss_key[part] ^ content), 0
    losses = np.zeros(len(bits), np.int64)
    going = np.arange(len(losses))
    while len(going):
        luck = to_below_all(mix_all(bits[going] ^ np.uint64(attempt)), MILLION)
        going = going[luck < wiring.loss]
        losses[going] += 1
        attempt += 1
    return losses


def compute_paretos(means: Numbers, bits: Bits) -> Numbers:
    """`sim.formulas.compute_pareto` of many at once."""
    table, scale = np.array(get_exp2_table(), np.int64), means - PARETO_SHIFT
    # Exact, and much faster than to divide whole numbers: the product stays below 2**53.
    exponent = np.floor(compute_logs(bits) * PARETO_MEAN / np.maximum(means, 1)).astype(np.int64)
    row, rest = (exponent >> 24) & 255, exponent & ((1 << 24) - 1)
    mantissa = table[row] + (np.diff(table)[row] * rest >> 24)
    drawn = np.maximum(scale, 0) * mantissa >> (32 - np.minimum(exponent >> 32, MOST_DOUBLINGS))
    return np.where(scale > 0, drawn, means)


def compute_logs(bits: Bits) -> Numbers:
    """`sim.formulas.get_log2_of_inverse` of many at once."""
    table, u = np.array(get_log2_table(), np.int64), bits + np.uint64(1)
    # Without the bit behind it, the first 1 stays first when the rest is rounded to a float: its exponent.
    whole = ((u & ~(u >> np.uint64(1))).astype(np.float64).view(np.int64) >> 52) - 1023
    fraction = u << (64 - whole).astype(np.uint64)
    row = (fraction >> np.uint64(56)).astype(np.int64)
    rest = ((fraction >> np.uint64(24)) & np.uint64(0xFFFFFFFF)).astype(np.int64)
    log2 = (whole << 32) + table[row] + (np.diff(table)[row] * rest >> 32)
    return np.where(u == 0, 0, (64 << 32) - log2)  # u has wrapped round where it stands for 1
