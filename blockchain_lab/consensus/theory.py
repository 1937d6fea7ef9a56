"""Formulas of stake and finality, as whole curves: what the state machine is compared with.

Floats, so nothing in an engine may depend on them. The same one epoch at a time, in whole units: `rewards`
and `leak`.

Growth. With everybody voting, an epoch adds half of BIF * root(D) to all deposits D together, so root(D)
grows by BIF / 4 each epoch. The leak. Late by k epochs, a silent deposit is divided by 1 + BPF * k; after n
epochs by about exp(BPF * n**2 / 2), while voters stand still. Two thirds vote again when the silent part has
shrunk to half of what votes.

Sources: EIP-1011, whose table of returns and whose "approximately 3 weeks" of a leak follow from these; the
constant leak is the Casper FFG paper's (arXiv 1710.09437v4, section 4.2).
"""

from math import exp, log, log1p, sqrt
from typing import Final

from blockchain_lab.base.errors import UsageError

EPOCHS_A_YEAR: Final = 44_600  # of 50 blocks (EIP-1011) of 14.15 seconds (ours: this meets its table)


def compute_deposits(start: float, interest: float, epochs: float) -> float:
    """All deposits after so many epochs in which everybody has voted, in coins.

    start: coins; interest: BIF, as 0.007.
    """
    check_rates(start, interest)
    return (sqrt(start) + interest * epochs / 4) ** 2


def compute_return(deposits: float, interest: float, epochs: float = EPOCHS_A_YEAR) -> float:
    """What a deposit has earned after so many epochs, as a share of itself, when everybody votes."""
    return compute_deposits(deposits, interest, epochs) / deposits - 1


def compute_shrinking(silent: float) -> float:
    """By which factor the silent deposits must shrink until the others are two thirds; 1 if they are."""
    if not 0 <= silent < 1:
        raise UsageError(f"silent: found {silent}, wanted 0 to 1, less than 1")
    return max(1.0, 2 * silent / (1 - silent))


def compute_quadratic_recovery(silent: float, penalty: float) -> float:
    """Late epochs until two thirds vote again under the quadratic leak. penalty: BPF, as 0.0000002.

    With half of the deposits silent: root(2 ln 2 / BPF).
    """
    check_rates(1, penalty)
    return sqrt(2 * log(compute_shrinking(silent)) / penalty)


def compute_constant_recovery(silent: float, penalty: float) -> float:
    """The same when each late epoch takes a constant share of a silent deposit."""
    check_rates(1, penalty)
    return -log(compute_shrinking(silent)) / log1p(-penalty)


def compute_silent_share(silent: float, penalty: float, epochs: float) -> float:
    """What share of all deposits is silent after so many late epochs of the quadratic leak."""
    left = silent * exp(-penalty * epochs * epochs / 2)
    return left / (left + 1 - silent)


def check_rates(deposits: float, rate: float) -> None:
    """UsageError unless there are deposits, and the rate is a small share."""
    if deposits <= 0 or not 0 < rate < 1:
        raise UsageError(f"found deposits {deposits} and rate {rate}, wanted more than 0, and 0 to 1")
