"""Races between an attacker and everybody else: how sure a payment is after z confirmations.

The attacker has the share q of all hash power, the others p = 1 - q. It pays, mines in secret a branch on
which it never paid, and shows that branch once the merchant has delivered and it is long enough.

    G -- honest -- honest -- honest ...    the payment is in the first of these; z of them are waited for
     \\
      attacker -- attacker ...             each new block is the attacker's with chance q

Two formulas are quoted for its success. Nakamoto (2008) lets z confirmations take their average time, so
that the attacker's blocks are Poisson; Rosenfeld (2012) counts them as they are, negative binomial. Level
is enough for both: the attacker is taken to begin with one block in hand.

The formulas are floats, which is why nothing in an engine may depend on them; `walk_race` plays the race
with whole numbers and keyed luck, and is there to be compared. Selfish mining has a room of its own.

Sources: S. Nakamoto, "Bitcoin" (2008), section 11; M. Rosenfeld, "Analysis of hashrate-based double-spending"
(arXiv 1402.2009); C. Grunspan, R. Pérez-Marco, "Double spend races" (arXiv 1702.02867); for stale blocks
C. Decker, R. Wattenhofer, "Information propagation in the Bitcoin network" (2013); for eclipses E. Heilman
and others, "Eclipse attacks on Bitcoin's peer-to-peer network" (2015).
"""

from collections.abc import Callable, Iterator
from math import exp, expm1, fsum, lgamma, log
from typing import Final

from blockchain_lab.base.draws import MILLION, CounterRandom, get_key, is_hit
from blockchain_lab.base.errors import UsageError

NEGLIGIBLE: Final = 1e-20  # of the largest term: what is smaller changes no digit of the sum
HOPELESS: Final = 30  # blocks behind: with 40 % of the power the chance that is left is 0.0005 %
OUTBOUND: Final = 8  # connections that a node chooses itself (Core since 0.3; 2 for blocks only since 0.19)

Success = Callable[[float, int], float]  # of a share, after so many confirmations


def compute_catch_up(share: float, behind: int) -> float:
    """The chance that an attacker ever makes up for so many blocks: (q/p)**behind, the gambler's ruin."""
    check_arguments(share, behind)
    return 1.0 if share >= 0.5 else (share / (1 - share)) ** behind


def compute_success_as_nakamoto(share: float, confirmations: int) -> float:
    """The chance of a double spend, as in section 11 of the Bitcoin paper. O(confirmations).

    Too high for few confirmations, too low for more: from 2 on for shares up to 20 %, from 3 on for 30 %,
    from 8 on for 40 %.
    """
    check_arguments(share, confirmations)
    if is_settled(share, confirmations):
        return compute_catch_up(share, confirmations)
    ratio = share / (1 - share)
    mean = confirmations * ratio  # blocks of the attacker in the average time of the confirmations

    def get_chance(blocks: int) -> float:
        return exp(blocks * log(mean) - mean - lgamma(blocks + 1))

    terms = [get_chance(blocks) * ratio ** (confirmations - blocks) for blocks in range(confirmations + 1)]
    blocks, least = confirmations, NEGLIGIBLE * max(terms)
    while (term := get_chance(blocks := blocks + 1)) > least:  # more than are needed: no longer a race
        terms.append(term)
    return fsum(terms)


def compute_success(share: float, confirmations: int) -> float:
    """The chance of a double spend as Rosenfeld counts it. O(confirmations).

    Twice the chance to be the first to find z blocks: the attacker may have found them before the others
    find z, and by symmetry it is as likely to come from behind afterwards. The same as I_4pq(z, 1/2), the
    regularised incomplete beta function (Grunspan and Pérez-Marco).
    """
    check_arguments(share, confirmations)
    if is_settled(share, confirmations):
        return compute_catch_up(share, confirmations)
    own, others = log(share), log(1 - share)
    return 2 * fsum(
        exp(
            lgamma(confirmations + found)
            - lgamma(confirmations)
            - lgamma(found + 1)
            + confirmations * own
            + found * others
        )
        for found in range(confirmations)  # by the others, when the attacker has found its z-th
    )


def compute_confirmations(share: float, risk: float, success: Success = compute_success) -> int:
    """How many confirmations make the success of a double spend less likely than `risk`. O(n log n).

    UsageError for half of the power or more: no number is enough, and for a risk of nothing.
    """
    check_arguments(share, 0)
    if share >= 0.5 or not risk > 0:
        raise UsageError(
            f"share {share}, risk {risk}: wanted a share below 0.5 and a risk above 0, "
            "or no number of confirmations is enough"
        )
    low, high = 0, 1
    while success(share, high) >= risk:
        low, high = high, 2 * high
    while high - low > 1:  # the success falls with every confirmation
        middle = (low + high) // 2
        low, high = (middle, high) if success(share, middle) >= risk else (low, middle)
    return high if risk <= 1 else 0


def walk_race(
    share_ppm: int, confirmations: int, luck: CounterRandom, hopeless: int = HOPELESS
) -> Iterator[tuple[int, int]]:
    """One race: how many blocks the others and the attacker have, after each block that is found.

    It is over once the payment is confirmed and the attacker level or ahead (it has won), or so far behind
    that it gives up. share_ppm: the attacker's, parts per million.
    """
    others = own = 0
    while others < confirmations or 0 < others - own < hopeless:
        if is_hit(luck.bits(), share_ppm):
            own += 1
        else:
            others += 1
        yield others, own


def count_successes(share_ppm: int, confirmations: int, races: int, seed: int = 1) -> int:
    """In how many of these races the attacker wins. The same number for the same arguments."""
    check_arguments(share_ppm / MILLION, confirmations)
    luck = CounterRandom(get_key(seed, "race", share_ppm, confirmations))
    return sum(has_won(walk_race(share_ppm, confirmations, luck)) for _ in range(races))


def has_won(race: Iterator[tuple[int, int]]) -> bool:
    """Is the attacker level or ahead when the race is over? (A race without blocks begins level.)"""
    is_level = True
    for others, own in race:
        is_level = own >= others
    return is_level


def compute_stale_rate(delay: float, spacing: float) -> float:
    """The share of blocks that get a rival: 1 - exp(-delay / spacing), the chance of another block meanwhile.

    delay: how long until the other miners know of a block; spacing: between blocks, in the same unit.
    """
    if delay < 0 or spacing <= 0:
        raise UsageError(
            f"found delay {delay} and spacing {spacing}, wanted 0 or more and more than 0 seconds"
        )
    return -expm1(-delay / spacing)


def compute_eclipse_chance(share: float, connections: int = OUTBOUND) -> float:
    """The chance that a node dials nobody but the attacker, whose share of its address book is given."""
    check_arguments(share, connections)
    return share**connections


def is_settled(share: float, confirmations: int) -> bool:
    """Is there no race: nothing to confirm, nobody attacks, or the attacker is at least as strong?"""
    return confirmations == 0 or share == 0 or share >= 0.5


def check_arguments(share: float, count: int) -> None:
    """UsageError unless this is a share of the whole, and a count of blocks or connections."""
    if not 0 <= share <= 1:
        raise UsageError(f"share: found {share}, wanted 0 to 1")
    if type(count) is not int or count < 0:
        raise UsageError(f"count: found {count!r}, wanted a whole number, 0 or more")
