"""What theory says of gossip: how many hear of it, in how many rounds, at what price.

    n   peers        F   whom one tells (fan-out)        s   share of the peers that hear of an item
    d   lines of a peer      m   lines of all            p   share of the datagrams that are lost

Peers are taken to call anybody, evenly. Floats, so nothing in an engine may depend on them; the tests
compare them with what the nodes do.

Sources: A. Demers and others, "Epidemic Algorithms for Replicated Database Maintenance" (PODC 1987) for the
share; A.-M. Kermarrec, L. Massoulié, A. Ganesh, "Probabilistic Reliable Dissemination in Large-Scale Systems"
(2003) for the last peer; B. Pittel, "On Spreading a Rumor" (1987) for push; R. Karp and others, "Randomized
Rumor Spreading" (FOCS 2000) for pull and push-pull.
"""

from math import exp, log, log2
from typing import NamedTuple

from blockchain_lab.base.errors import UsageError

CLOSE_ENOUGH = 1e-12
LONGEST_WAY = 10_000  # steps of an iteration that comes closer by a constant factor


class Span(NamedTuple):
    """From the least to the most."""

    least: float
    most: float


def compute_coverage(fanout: float, loss: float = 0.0) -> float:
    """The share s that hears of an item that everybody passes on once: the largest s = 1 - exp(-F (1-p) s).

    0 for F (1-p) <= 1: then it dies before it has spread. So it may for a larger F, too, while few know; with
    F *different* peers told and nothing lost it has never been seen to from F = 2 on.
    """
    check_share("loss", loss)
    told = check_positive("fanout", fanout) * (1 - loss)
    if told <= 1:
        return 0.0
    share = 1.0
    for _ in range(LONGEST_WAY):
        share, before = 1 - exp(-told * share), share
        if before - share < CLOSE_ENOUGH:
            break
    return share


def compute_coverage_by_hop(peers: int, fanout: float, hops: int) -> list[float]:
    """The shares that have heard of it after 0, 1, ... hops: new' = (1 - S)(1 - exp(-F new))."""
    fanout = check_positive("fanout", fanout)
    new = total = 1 / check_positive("peers", peers)
    shares = [total]
    for _ in range(hops):
        new = (1 - total) * (1 - exp(-fanout * new))
        total += new
        shares.append(total)
    return shares


def compute_everybody(peers: int, fanout: float) -> float:
    """The chance that all hear of it: exp(-exp(-c)) where F = ln n + c."""
    return exp(-exp(log(check_positive("peers", peers)) - fanout))


def compute_duplicates(fanout: float, loss: float = 0.0) -> float:
    """Copies of an item beyond the first, for each of all peers: F (1-p) s - s."""
    share = compute_coverage(fanout, loss)
    return fanout * (1 - loss) * share - share


def compute_push_rounds(peers: int) -> float:
    """Rounds until everybody knows, when whoever knows calls one peer a round: log2 n + ln n."""
    return log2(check_positive("peers", peers)) + log(peers)


def compute_pull_rounds(peers: int) -> float:
    """The same when everybody asks one peer a round: log2 n + log2 ln n."""
    return log2(check_positive("peers", peers)) + log2(log(peers))


def compute_push_pull_rounds(peers: int) -> float:
    """The same when each call does both: log3 n + log2 ln n."""
    return log(check_positive("peers", peers), 3) + log2(log(peers))


def count_flood_messages(peers: int, lines: int) -> int:
    """Copies of one item that cross the lines of a connected network: 2m - (n - 1). Exact."""
    return 2 * lines - (peers - 1)


def count_tree_messages(peers: int) -> int:
    """The same along a tree: as few as there can be."""
    return peers - 1


def compute_flood_bytes(degree: float, item: int) -> float:
    """Bytes that each peer receives for one item, flooded whole over d lines a peer: (d - 1) of them."""
    return (degree - 1) * item


def compute_inv_bytes(degree: float, item: int, have: int, want: int) -> Span:
    """The same where names are announced: one or two on each of d/2 lines, then one question and the item.

    item, have, want: bytes of each message, envelope included; Bitcoin's inv and getdata are 61.
    """
    fetched = want + item
    return Span(degree / 2 * have + fetched, degree * have + fetched)


def check_positive(name: str, value: float) -> float:
    """The value itself. UsageError unless it is over 0."""
    if not value > 0:
        raise UsageError(f"{name}: found {value}, wanted more than 0")
    return value


def check_share(name: str, value: float) -> None:
    """UsageError unless it is a share."""
    if not 0 <= value <= 1:
        raise UsageError(f"{name}: found {value}, wanted 0 to 1")
