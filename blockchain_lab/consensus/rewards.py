"""What validators earn by voting and lose by silence, once for each epoch.

    everybody who voted as expected    deposit * (1 + c)
    everybody else                     deposit * (1 + c) / (1 + f)

`f` is the *reward factor*, fixed at the start of an epoch: interest that falls with the root of all
deposits, and the *leak*, which grows while nothing is finalised. `c` is the *collective reward*: half of
`f` times the share that voted, and nothing once finality is late. So a deposit earns in proportion to its
size, whatever it votes for as long as that is correct; and while finality is late voters stand still and
the silent shrink, until those who vote are two thirds again.

Amounts are whole units, rates whole parts, and all results are rounded down: no float enters a state. So a
unit must be small: of 100 units a silent validator loses at least one in each epoch, however low the rate.
Formulas for whole curves stand in `theory`. Who are members and whose vote counts says `ffg`.

Sources: EIP-1011 and the Casper contract (ethereum/casper, simple_casper.v.py, 2018); for the leak by a
constant share the Casper FFG paper (arXiv 1710.09437v4, section 4.2), which leaves the formula open.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Final, NamedTuple

from blockchain_lab.base.errors import UsageError

WHOLE: Final = 10**18  # factors are whole numbers of this: 5 * 10**17 is one half
BILLION: Final = 10**9  # the rates of `RewardRules` are parts of this
PATIENCE: Final = 2  # epochs from the last finalised one that are normal (contract, `esf() <= 2`)
PROPOSER_PART: Final = 8  # 1/8 of a vote's reward goes to who puts it into a block (EIP-1011)
LEAKS: Final = ("none", "constant", "quadratic")


@dataclass(frozen=True, slots=True)
class RewardRules:
    """How fast deposits grow and leak. `presets` with their sources stand in `ffg_params`."""

    base_interest: int  # BIF, parts per billion for each epoch, at one coin of deposits in all
    base_penalty: int  # BPF, parts per billion for each epoch (and, if quadratic, each epoch of lateness)
    coin: int = 1  # units that make one coin; only the root of all deposits is taken in coins
    leak: str = "quadratic"  # see LEAKS

    def __post_init__(self) -> None:
        if self.leak not in LEAKS:
            raise UsageError(f"leak: found {self.leak!r}, accepted: {', '.join(LEAKS)}")
        if self.base_interest < 0 or not 0 <= self.base_penalty < BILLION or self.coin < 1:
            raise UsageError(
                f"found interest {self.base_interest}, penalty {self.base_penalty}, coin {self.coin}: "
                f"wanted 0 or more, 0 to {BILLION - 1}, 1 or more"
            )


class Tally(NamedTuple):
    """Weights of one set, in units, for the link that an epoch expects."""

    votes: int
    total: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an epoch has done to deposits."""

    deposits: dict[str, int]  # units, in the order they came in
    factor: int  # of WHOLE
    collective: int  # of WHOLE
    for_proposers: int  # units, newly made; nobody's deposit pays them

    @property
    def voter_gain(self) -> tuple[int, int]:
        """What a voter's deposit is multiplied with, as numerator and denominator."""
        return WHOLE + self.collective, WHOLE

    @property
    def silent_gain(self) -> tuple[int, int]:
        """And a silent member's: below one unless the collective reward makes up for it."""
        return WHOLE + self.collective, WHOLE + self.factor


def get_lateness(since_finality: int) -> int:
    """Epochs without finality beyond what is normal. since_finality: this epoch minus the last finalised."""
    return max(0, since_finality - PATIENCE)


def compute_interest(total: int, rules: RewardRules) -> int:
    """BIF / root(total in coins), as parts of WHOLE; 0 without deposits."""
    root = isqrt(total * WHOLE // rules.coin)  # of the coins, in parts of a billion
    return rules.base_interest * WHOLE // root if root else 0


def compute_leak(since_finality: int, rules: RewardRules) -> int:
    """What lateness adds to the reward factor, as parts of WHOLE.

    quadratic: BPF * lateness, so that losses grow with its square. constant: as much as takes the share BPF
    from a silent deposit in each late epoch: 1 / (1 + p / (1 - p)) = 1 - p.
    """
    lateness = get_lateness(since_finality)
    if rules.leak == "quadratic":
        return rules.base_penalty * lateness * WHOLE // BILLION
    if rules.leak == "constant" and lateness:
        return rules.base_penalty * WHOLE // (BILLION - rules.base_penalty)
    return 0


def compute_reward_factor(total: int, since_finality: int, rules: RewardRules) -> int:
    """The reward factor of an epoch, at its start, as parts of WHOLE; 0 when nobody has a deposit.

    total: units, the larger of the two validator sets; since_finality: epochs.
    """
    return compute_interest(total, rules) + compute_leak(since_finality, rules) if total else 0


def compute_collective_reward(factor: int, since_finality: int, forward: Tally, rear: Tally) -> int:
    """What everybody gets because many voted, at an epoch's end, as parts of WHOLE.

    0 when finality is late or one of the sets is empty. The set with the smaller share decides.
    """
    if get_lateness(since_finality) or not forward.total or not rear.total:
        return 0
    return min(factor * tally.votes // (2 * tally.total) for tally in (forward, rear))


def compute_proposer_reward(deposit: int, factor: int) -> int:
    """What a proposer gets for a vote that it includes, in units: one eighth of the vote's own reward."""
    return deposit * factor // (WHOLE * PROPOSER_PART)


def settle_epoch(
    deposits: Mapping[str, int],
    voters: Collection[str],
    factor: int,
    since_finality: int,
    forward: Tally,
    rear: Tally,
) -> Settlement:
    """Deposits after an epoch. O(deposits).

    deposits: units by name, of members of either set and of nobody else; voters: who of them has voted for
    the link that was expected (a mapping or a set); factor: as fixed at the epoch's start; since_finality:
    epochs, as known at its end; forward, rear: the votes for that link by the weights of the epoch's start.
    """
    collective = compute_collective_reward(factor, since_finality, forward, rear)
    grown, silent = WHOLE + collective, WHOLE + factor
    after = {
        name: deposit * grown // (WHOLE if name in voters else silent) for name, deposit in deposits.items()
    }
    paid = sum(
        compute_proposer_reward(deposit, factor) for name, deposit in deposits.items() if name in voters
    )
    return Settlement(after, factor, collective, paid)
