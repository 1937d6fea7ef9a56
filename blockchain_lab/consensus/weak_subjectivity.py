"""Weak subjectivity: whoever comes back after a long time, or for the first time, must ask somebody.

Slashing needs a deposit. Who has left and taken it out can sign another past for free, and a client that has
not watched sees two histories that are equally valid. So there is a longest time to be away, and a newcomer
starts from a checkpoint that it was told of, no older than that.

Even before everybody has left, safety shrinks while validator sets drift apart. Two checkpoints L and R,
finalised by sets that have changed since a common past:

    bound = max(wL - aL - eR, wR - aR - eL) - wL/3 - wR/3        w: weight of a set, a: of it newly activated
                                                                 e: exited since the common past
At least so much can be slashed. Without changes it is a third of the weight; it can be 0 or less: then two
histories are final and nobody is guilty.

Sources: Runtime Verification, beacon-chain-verification, "weak subjectivity analysis" (the bound, and the
period of the beacon chain); ethereum/consensus-specs, phase 0, weak-subjectivity.md: a first version that
counts validators only, and the later one that counts balances, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.tree import get_ancestor
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.errors import RuleBroken

SAFETY_DECAY: Final = 10  # percent of the third that may be lost (consensus-specs, phase 0)
WITHDRAWAL_DELAY: Final = 256  # epochs (MIN_VALIDATOR_WITHDRAWABILITY_DELAY)
LEAST_CHURN: Final = 4  # validators each epoch (MIN_PER_EPOCH_CHURN_LIMIT)
CHURN_QUOTIENT: Final = 65_536  # or one of so many validators (CHURN_LIMIT_QUOTIENT)
MOST_TOP_UPS: Final = 16 * 32  # each epoch: MAX_DEPOSITS a slot, SLOTS_PER_EPOCH
FULL_BALANCE: Final = 32  # ETH (MAX_EFFECTIVE_BALANCE)


@dataclass(frozen=True, slots=True)
class Drift:
    """What has become of a validator set since a common past, in units."""

    weight: int  # of the set now
    activated: int = 0  # of it, who was not there then
    exited: int = 0  # who was there then and is not now


def measure_drift(before: Mapping[str, int], now: Mapping[str, int]) -> Drift:
    """How a set differs from an earlier one. Who is in both weighs what it weighs now."""
    activated = sum(weight for name, weight in now.items() if name not in before)
    exited = sum(weight for name, weight in before.items() if name not in now)
    return Drift(sum(now.values()), activated, exited)


def compute_bound(left: Drift, right: Drift) -> Fraction:
    """Units that can be slashed at least when both sets finalise; 0 or less: maybe none. Exact."""
    overlap = max(
        left.weight - left.activated - right.exited,
        right.weight - right.activated - left.exited,
    )
    return overlap - Fraction(left.weight + right.weight, 3)


def count_safe_epochs(weight: int, churn: int, share: Fraction) -> int:
    """How many epochs of drift leave at least `share` of the weight to be slashed.

    Both sides lose `churn` units each epoch and gain as many others: the bound falls by twice that.
    weight, churn: units; share: of the weight, up to a third.
    """
    if weight < 1 or churn < 1 or share > Fraction(1, 3):
        raise UsageError(
            f"found weight {weight}, churn {churn}, share {share}: wanted 1 or more twice, 1/3 at most"
        )
    return int((Fraction(1, 3) - share) * weight / (2 * churn))


def compute_period_by_count(validators: int, decay: int = SAFETY_DECAY) -> int:
    """Epochs after which a checkpoint is too old, for so many validators (consensus-specs, first version)."""
    if validators >= LEAST_CHURN * CHURN_QUOTIENT:
        return WITHDRAWAL_DELAY + decay * CHURN_QUOTIENT // (2 * 100)
    return WITHDRAWAL_DELAY + decay * validators // (2 * 100 * LEAST_CHURN)


def compute_period(validators: int, balance: int = FULL_BALANCE, decay: int = SAFETY_DECAY) -> int:
    """The same for an average balance, in whole ETH, that may be topped up (later version)."""
    if validators < 1 or not 1 <= balance <= FULL_BALANCE:
        raise UsageError(
            f"found {validators} validators of {balance} ETH, wanted 1 or more of 1 to {FULL_BALANCE}"
        )
    most = balance * (200 + 12 * decay) - FULL_BALANCE * (200 + 3 * decay)
    if most <= 0:
        gap = MOST_TOP_UPS * (FULL_BALANCE - balance)
        return WITHDRAWAL_DELAY + 3 * validators * decay * balance // (200 * gap)
    churn = max(LEAST_CHURN, validators // CHURN_QUOTIENT)
    by_churn = validators * most // (600 * churn * (2 * balance + FULL_BALANCE))
    by_top_ups = validators * (200 + 3 * decay) // (600 * MOST_TOP_UPS)
    return WITHDRAWAL_DELAY + max(by_churn, by_top_ups)


def check_fresh(checkpoint_epoch: int, now_epoch: int, period: int) -> None:
    """RuleBroken "stale checkpoint": what it would be trusted for may have been rewritten for free."""
    if now_epoch > checkpoint_epoch + period:
        detail = f"epoch {checkpoint_epoch} is {now_epoch - checkpoint_epoch} epochs old"
        raise RuleBroken("stale checkpoint", f"{detail}, wanted {period} at most")


def check_branch(tip: BlockEntry, trusted: bytes, height: int) -> None:
    """RuleBroken "another history" unless the trusted block is on the branch that ends in `tip`."""
    if height > tip.height or get_ancestor(tip, height).hash != trusted:
        raise RuleBroken("another history", f"{trusted[::-1].hex():.12} at {height} is not on this branch")
