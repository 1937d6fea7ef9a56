"""Random networks for tests of `scale`: every peer dials some others, every link has its own latency.

The draws are the house's, not numpy's: golden hashes must not change with a version of numpy.
"""

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.scale.keyed_arrays import mix_all, to_below_all
from blockchain_lab.scale.network import Network, Numbers, freeze


def draw_many(seed: int, purpose: str, count: int, below: int) -> Numbers:
    """`count` numbers of 0 .. below - 1."""
    bits = mix_all(np.arange(count, dtype=np.uint64) ^ np.uint64(get_key(seed, purpose)))
    return to_below_all(bits, below)


def make_random_network(
    peers: int,
    *,
    seed: int = 1,
    outbound: int = 8,
    jitter: int = 0,
    loss: int = 0,
    latency: tuple[int, int] = (5_000, 150_000),
    is_mixed: bool = True,
) -> Network:
    """Each of `peers` dials `outbound` random others, doubles left out; a latency of its own for each slot.

    `is_mixed`: some peers do not speak BIP 152, and most lack something of every other compact block.
    """
    dials = np.repeat(np.arange(peers), outbound)
    targets = draw_many(seed, "targets", len(dials), peers)
    a, b = np.minimum(dials, targets), np.maximum(dials, targets)
    codes = np.unique(a[a != b] * peers + b[a != b])
    pairs = np.stack([codes // peers, codes % peers])
    owners, others = np.concatenate([pairs, pairs[::-1]], axis=1)
    order = np.lexsort((draw_many(seed, "order", len(owners), 1 << 31), owners))
    owners, others = owners[order], others[order]
    low, high = latency
    return Network(
        name=f"random {peers}",
        offsets=freeze(np.searchsorted(owners, np.arange(peers + 1))),
        others=freeze(others),
        latency=freeze(low + draw_many(seed, "latency", len(others), high - low + 1)),
        jitter=freeze(draw_many(seed, "jitter", len(others), jitter + 1)),
        upload=freeze(200_000 + draw_many(seed, "upload", peers, 5_000_000)),
        download=freeze(400_000 + draw_many(seed, "download", peers, 9_000_000)),
        power=freeze(1 + draw_many(seed, "power", peers, 1_000)),
        region=freeze(np.zeros(peers)),
        regions=("everywhere",),
        speaks_compact=freeze(draw_many(seed, "compact", peers, 10) < (7 if is_mixed else 10), np.bool_),
        misses=freeze(draw_many(seed, "misses", peers, 1_000_000) if is_mixed else np.zeros(peers)),
        loss=loss,
    )
