"""What a message needs behind its uplink, for all slots at once: latency, jitter, retransmissions.

`sim.link` and `sim.formulas` say the same of one message; here numpy says it of all messages of one kind
about one block, so that the plain loop draws nothing itself.
"""

import numpy as np

from blockchain_lab.base.draws import MILLION, get_log2_table
from blockchain_lab.scale.keyed_arrays import Bits, mix_all
from blockchain_lab.scale.network import Numbers
from blockchain_lab.scale.wiring import Wiring, take_below
from blockchain_lab.sim.formulas import (
    MOST_DOUBLINGS,
    OVERHEAD,
    PARETO_MEAN,
    PARETO_SHIFT,
    get_exp2_table,
)


def compute_delays(wiring: Wiring, kind: int, block: int) -> Numbers:
    """Microseconds from the end of the upload to the arrival, [slots]; O(slots)."""
    if not len(wiring.jitter_key):
        return wiring.latency
    content = wiring.content[kind, block]
    bits = mix_all(wiring.jitter_key ^ content)
    if wiring.is_simblock:
        overhead = OVERHEAD if wiring.is_small[kind] else 0
        return compute_paretos(wiring.latency, bits) + overhead
    jitter = take_below(bits, wiring.jitter) if wiring.has_jitter else 0
    return wiring.latency + jitter + count_losses(wiring, content) * wiring.retransmit


def count_losses(wiring: Wiring, content: np.uint64) -> Numbers:
    """How often a message of this content is lost on each slot before it arrives."""
    losses = np.zeros(len(wiring.others), np.int64)
    if not wiring.loss:
        return losses
    bits, attempt = mix_all(wiring.loss_key ^ content), 0
    going = np.arange(len(losses))
    while len(going):
        luck = take_below(mix_all(bits[going] ^ np.uint64(attempt)), np.full(len(going), MILLION))
        going = going[luck < wiring.loss]
        losses[going] += 1
        attempt += 1
    return losses


def compute_paretos(means: Numbers, bits: Bits) -> Numbers:
    """`sim.formulas.compute_pareto` of many at once."""
    table, scale = np.array(get_exp2_table(), np.int64), means - PARETO_SHIFT
    exponent = compute_logs(bits) * PARETO_MEAN // np.maximum(means, 1)
    row, rest = (exponent >> 24) & 255, exponent & ((1 << 24) - 1)
    mantissa = table[row] + ((table[row + 1] - table[row]) * rest >> 24)
    drawn = np.maximum(scale, 0) * mantissa >> (32 - np.minimum(exponent >> 32, MOST_DOUBLINGS))
    return np.where(scale > 0, drawn, means)


def compute_logs(bits: Bits) -> Numbers:
    """`sim.formulas.get_log2_of_inverse` of many at once."""
    table, u = np.array(get_log2_table(), np.int64), bits + np.uint64(1)
    left, whole = u.copy(), np.full(u.shape, 63, np.int64)  # shift the first 1 to the very front
    for step in (32, 16, 8, 4, 2, 1):
        is_low = left < np.uint64(1 << (64 - step))
        left = np.where(is_low, left << np.uint64(step), left)
        whole -= np.where(is_low, step, 0)
    fraction = left << np.uint64(1)
    row = (fraction >> np.uint64(56)).astype(np.int64)
    rest = ((fraction >> np.uint64(24)) & np.uint64(0xFFFFFFFF)).astype(np.int64)
    log2 = (whole << 32) + table[row] + ((table[row + 1] - table[row]) * rest >> 32)
    return np.where(u == 0, 0, (64 << 32) - log2)  # u has wrapped round where it stands for 1
