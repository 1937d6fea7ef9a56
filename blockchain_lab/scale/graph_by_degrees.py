"""Graphs in which every peer has a given number of neighbours: drawn evenly where they are sparse.

Ends of lines are paired at random (the configuration model); a pair that would be a loop or a second line
between the same two trades one end with another pair. Where that does not come to an end, as in a nearly
complete graph, the lines are laid as Havel and Hakimi do it: always the neediest peer to the next neediest.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.graph import Graph, check_degrees, make_graph
from blockchain_lab.scale.keyed_arrays import shuffle_all
from blockchain_lab.scale.network import Numbers

TRIES: Final = 200  # trades that are tried for each bad pair

Line = tuple[int, int]


def make_graph_by_degrees(degrees: Sequence[int] | Numbers, seed: int) -> Graph:
    """A simple graph in which peer `p` has `degrees[p]` neighbours; O(connections log connections).

    UsageError when there is none (an odd sum, more than N - 1, 0, or what Erdős and Gallai rule out).
    """
    wanted = np.asarray(degrees, dtype=np.int64)
    check_degrees(wanted, len(wanted), "degrees")
    check_graphical(wanted)
    ends = np.repeat(np.arange(len(wanted)), wanted)
    ends = ends[shuffle_all(get_key(seed, "ends of lines"), len(ends))]
    pairs = list(zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True))
    lines = trade_ends(pairs, seed)
    if lines is None:
        lines = lay_lines(wanted.tolist())
    one, other = np.array(lines, dtype=np.int64).T
    return make_graph(len(wanted), one, other)


def trade_ends(pairs: list[Line], seed: int) -> list[Line] | None:
    """Every loop and every second line trades ends with a pair drawn at random; None if there is no end."""
    luck = CounterRandom(get_key(seed, "trades"))
    used: set[Line] = set()  # looked up in, never walked through
    bad = []
    for place, (a, b) in enumerate(pairs):
        if a == b or to_line(a, b) in used:
            bad.append(place)
        else:
            used.add(to_line(a, b))
    is_bad = set(bad)
    for place in bad:
        a, b = pairs[place]
        for _ in range(TRIES):
            partner = luck.below(len(pairs))
            c, d = pairs[partner]
            if partner in is_bad or a in (c, d) or b in (c, d):
                continue
            if to_line(a, c) in used or to_line(b, d) in used:
                continue
            used.remove(to_line(c, d))
            used.update((to_line(a, c), to_line(b, d)))
            pairs[place], pairs[partner] = (a, c), (b, d)
            is_bad.remove(place)
            break
        else:
            return None
    return pairs


def lay_lines(degrees: list[int]) -> list[Line]:
    """The neediest peer to the next neediest, and so on (Havel 1955, Hakimi 1962); they must be possible."""
    lines = []
    heap = [(-degree, peer) for peer, degree in enumerate(degrees)]
    heapify(heap)
    while heap and heap[0][0]:
        needs, peer = heappop(heap)
        next_ones = [heappop(heap) for _ in range(-needs)]
        lines += [(peer, other) for _, other in next_ones]
        for lacks, other in next_ones:
            heappush(heap, (lacks + 1, other))
    return lines


def to_line(a: int, b: int) -> Line:
    """The same for both directions."""
    return (a, b) if a < b else (b, a)


def check_graphical(degrees: Numbers) -> None:
    """UsageError when no simple graph has these degrees (Erdős, Gallai 1960); O(peers log peers)."""
    total = int(degrees.sum())
    if total % 2:
        raise UsageError(f"degrees: found an odd sum, {total}, wanted an even one: every line has two ends")
    falling = np.sort(degrees)[::-1]
    k = np.arange(1, len(falling) + 1)
    sums = np.cumsum(falling)
    # of the peers behind the first k: who has more than k counts k times, who has less as often as it has
    split = np.maximum(np.searchsorted(-falling, -k, side="right"), k)
    rest = k * (split - k) + total - sums[np.minimum(split, len(falling)) - 1]
    bad = np.flatnonzero(sums > k * (k - 1) + rest)
    if len(bad):
        raise UsageError(
            f"degrees: found {sums[bad[0]]} line ends at the {k[bad[0]]} best connected peers, "
            f"wanted at most {int((k * (k - 1) + rest)[bad[0]])}: the others have too few to meet them"
        )
