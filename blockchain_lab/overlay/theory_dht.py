"""What papers and counting say about structured overlays. Pure functions, to be held against measurements.

n nodes with random ids, k contacts in a bucket, r copies of a value, a fraction f of nodes that are gone.
"""

from math import log2


def compute_kademlia_hops(n: int) -> float:
    """Mean hops of a lookup with one contact in each bucket: half of the log2(n) bits are right by chance.

    Maymounkov, Mazieres 2002, §3: at least one bit of the remaining distance goes with each hop.
    """
    return log2(n) / 2


def compute_chord_hops(n: int) -> float:
    """Mean hops of a lookup along fingers: Stoica et al., "Chord" (SIGCOMM 2001), §6.4: half of log2(n)."""
    return log2(n) / 2


def compute_contacts(n: int, k: int) -> float:
    """How many contacts an ideal table holds: k of each distance class, or all where there are fewer.

    The class of i shared bits has n / 2**(i + 1) nodes on average.
    """
    total, there = 0.0, n / 2
    while there >= 1 / n:
        total += min(float(k), there)
        there /= 2
    return total


def compute_buckets(n: int) -> float:
    """How many of the 160 distance classes are not empty: log2(n) and a third (measured, n to 4,096)."""
    return log2(n) + 1 / 3


def compute_survival(f: float, r: int) -> float:
    """Chance that a value is still there when a fraction f of all nodes has gone at once: one of r is enough.

    The same for a node of Chord that has r successors: "Chord" §5.2 (Theorem 5.3).
    """
    return 1 - f**r


def compute_addresses_for_sybils(n: int, sybils: int) -> int:
    """How many addresses it takes on average to have this many ids nearer to a key than all n honest nodes.

    Where ids are hashes of addresses: one address in n + 1 is nearer than all n honest ones.
    """
    return sybils * (n + 1)


def compute_store_messages(asked: float, k: int) -> float:
    """What one value costs in a structured overlay: a lookup, k stores, and the answers to all of them."""
    return 2 * (asked + k)
