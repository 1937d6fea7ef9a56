"""Selfish mining: a pool that keeps its blocks back earns more than its share, once it is large enough.

    lead 0       everybody mines on the public tip
    lead 1, 2    the pool has so many blocks that nobody else knows
    TIE          the others found one against a lead of 1; the pool has shown its own, both are as long

    from     the pool finds a block      the others do
    0        lead 1                      0, they earn 1
    1        lead 2                      TIE
    TIE      0, it earns 2               0, both earn 1 if they built on the pool's block, else they earn 2
    2        lead 3                      0, the pool shows both and earns 2
    more     lead + 1                    lead - 1, the pool shows one more and earns 1

Two numbers say all: alpha, the pool's share of the hash power, and gamma, the share of the others that mine
on the pool's block in a tie, because they have heard of it first.

An abstract model, without messages or delays: the formula is a float, so nothing in an engine may depend on
it, and the simulation is made of whole numbers and keyed luck.

Source: I. Eyal, E. G. Sirer, "Majority is not enough: Bitcoin mining is vulnerable" (arXiv 1311.0243).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from blockchain_lab.base.draws import MILLION, CounterRandom, get_key, is_hit
from blockchain_lab.base.errors import UsageError

TIE: Final = -1  # beside the leads 0, 1, 2, ...
Finder = Literal["pool", "others", "others on the pool's"]  # the last in a tie only


class Step(NamedTuple):
    """What comes of one block that somebody finds."""

    lead: int  # of the pool, or TIE
    pool: int = 0  # blocks that are now the pool's for good
    others: int = 0  # and those of the others


@dataclass(frozen=True, slots=True)
class Earnings:
    """Who owns the blocks of the chain in the end. A block earns one reward."""

    pool: int
    others: int
    found: int  # by anybody, those that went stale and the last undecided ones included

    @property
    def revenue(self) -> float:
        """The pool's share of the chain: what counts once the difficulty has followed."""
        return self.pool / max(1, self.pool + self.others)

    @property
    def income(self) -> float:
        """The pool's rewards for each block found: what it has before the difficulty follows."""
        return self.pool / max(1, self.found)

    @property
    def stale(self) -> float:
        """The share of all work that was in vain."""
        return 1 - (self.pool + self.others) / max(1, self.found)


def compute_revenue(alpha: float, gamma: float) -> float:
    """The pool's share of the chain in the long run, as in the paper; all of it from one half on."""
    check_shares(alpha, gamma)
    if alpha >= 0.5:
        return 1.0
    earned = alpha * (1 - alpha) ** 2 * (4 * alpha + gamma * (1 - 2 * alpha)) - alpha**3
    return earned / (1 - alpha * (1 + (2 - alpha) * alpha))


def compute_threshold(gamma: float) -> float:
    """The share of hash power above which selfish mining pays: a third when nobody helps, 0 when all do."""
    check_shares(0, gamma)
    return (1 - gamma) / (3 - 2 * gamma)


@lru_cache(maxsize=1 << 10)
def compute_step(lead: int, finder: Finder) -> Step:
    """The state machine: what comes of a block, by who found it."""
    if finder == "pool":
        return Step(0, pool=2) if lead == TIE else Step(lead + 1)
    if lead == TIE:
        return Step(0, others=2) if finder == "others" else Step(0, pool=1, others=1)
    match lead:
        case 0:
            return Step(0, others=1)
        case 1:
            return Step(TIE)
        case 2:
            return Step(0, pool=2)
    return Step(lead - 1, pool=1)


def walk(alpha_ppm: int, gamma_ppm: int, blocks: int, seed: int = 1) -> Iterator[Step]:
    """What comes of each of so many blocks, whoever finds them. Shares in parts per million."""
    check_shares(alpha_ppm / MILLION, gamma_ppm / MILLION)
    luck = CounterRandom(get_key(seed, "selfish mining", alpha_ppm, gamma_ppm))
    lead = 0
    for _ in range(blocks):
        finder: Finder = "pool" if is_hit(luck.bits(), alpha_ppm) else "others"
        if lead == TIE and finder == "others" and is_hit(luck.bits(), gamma_ppm):
            finder = "others on the pool's"
        step = compute_step(lead, finder)
        lead = step.lead
        yield step


def simulate(alpha_ppm: int, gamma_ppm: int, blocks: int, seed: int = 1) -> Earnings:
    """Who earned what after so many blocks. The same for the same arguments."""
    pool = others = 0
    for step in walk(alpha_ppm, gamma_ppm, blocks, seed):
        pool += step.pool
        others += step.others
    return Earnings(pool, others, blocks)


def check_shares(alpha: float, gamma: float) -> None:
    """UsageError unless both are shares of a whole."""
    for name, value in (("alpha", alpha), ("gamma", gamma)):
        if not 0 <= value <= 1:
            raise UsageError(f"{name}: found {value}, wanted 0 to 1")
