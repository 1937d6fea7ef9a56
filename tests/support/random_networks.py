"""Random networks for tests of `scale`: every peer dials some others, every link has its own latency."""

import numpy as np

from blockchain_lab.scale.network import Network, freeze


def make_random_network(
    peers: int,
    *,
    seed: int = 1,
    outbound: int = 8,
    jitter: int = 0,
    loss: int = 0,
    least: int = 5_000,
    most: int = 150_000,
    is_mixed: bool = True,
) -> Network:
    """Each of `peers` dials `outbound` random others, doubles left out; latencies `least` .. `most`.

    `is_mixed`: some peers do not speak BIP 152, most lack something now and then, speeds and powers differ.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    dials = np.repeat(np.arange(peers), outbound)
    targets = random.integers(0, max(peers, 1), len(dials))
    a, b = np.minimum(dials, targets), np.maximum(dials, targets)
    pairs = np.unique(np.stack([a[a != b], b[a != b]]), axis=1)
    owners, others = np.concatenate([pairs, pairs[::-1]], axis=1)
    order = np.lexsort((random.random(len(owners)), owners))
    owners, others = owners[order], others[order]
    slots, size = len(owners), peers
    return Network(
        name=f"random {peers}",
        offsets=freeze(np.searchsorted(owners, np.arange(peers + 1))),
        others=freeze(others),
        latency=freeze(random.integers(least, most + 1, slots)),
        jitter=freeze(random.integers(0, jitter + 1, slots)),
        upload=freeze(random.integers(200_000, 5_000_000, size)),
        download=freeze(random.integers(400_000, 9_000_000, size)),
        power=freeze(random.integers(0, 1_000, size) + 1),
        region=freeze(np.zeros(size)),
        regions=("everywhere",),
        speaks_compact=freeze(random.random(size) < (0.7 if is_mixed else 2), np.bool_),
        misses=freeze(random.integers(0, 600_000, size) if is_mixed else np.zeros(size)),
        loss=loss,
    )
