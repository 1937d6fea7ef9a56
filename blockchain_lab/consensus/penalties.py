"""What a slashed validator loses, who is paid for the evidence, and when anybody may take a deposit out.

    full           the whole deposit at once (the paper); 1/25 of it goes to the finder, the rest is burnt
    proportional3  a forced exit; at withdrawal three times the share of all deposits that was slashed
                   about that time: a mishap of one costs little, a third of all together lose everything

The second is what the contract does. Its finder's fee is newly made: nothing is taken from the deposit for
it. Which pairs of votes are evidence says `slashing`; who is a member when says `ffg`.

Sources: Casper FFG paper (arXiv 1710.09437v4, section 3); Casper contract (ethereum/casper,
simple_casper.v.py, 2018: `slash`, `withdraw`), whose delay is in epochs although a comment says blocks.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.errors import RuleBroken

POLICIES: Final = ("full", "proportional3")
FINDER_PART: Final = 25  # 1/25 = 4 % (contract, `slashing_bounty`)
SEVERITY: Final = 3  # with a third of all deposits slashed nothing is left (contract, `fraction_to_slash`)
FORCED_EXIT: Final = 1  # dynasties after the evidence (contract, `slash`)


class Penalty(NamedTuple):
    """What evidence does at once, in units."""

    left: int  # of the deposit
    lost: int  # of the deposit; what the finder gets of it is not burnt
    bounty: int  # to the finder
    burnt: int  # what exists no more
    made: int  # newly, to pay the finder


def check_policy(policy: str) -> None:
    """UsageError for a policy that nobody knows."""
    if policy not in POLICIES:
        raise UsageError(f"slashing: found {policy!r}, accepted: {', '.join(POLICIES)}")


def compute_bounty(deposit: int) -> int:
    """The finder's fee, in units, rounded down."""
    return deposit // FINDER_PART


def compute_penalty(deposit: int, policy: str) -> Penalty:
    """What happens to a deposit of so many units when evidence against its owner is included."""
    check_policy(policy)
    bounty = compute_bounty(deposit)
    if policy == "full":
        return Penalty(left=0, lost=deposit, bounty=bounty, burnt=deposit - bounty, made=0)
    return Penalty(left=deposit, lost=0, bounty=bounty, burnt=0, made=bounty)


def get_forced_end(end_dynasty: int | None, dynasty: int) -> int:
    """The end dynasty of who is slashed in `dynasty`: the next one, unless it ends no later (None: never)."""
    forced = dynasty + FORCED_EXIT
    return forced if end_dynasty is None else min(end_dynasty, forced)


def get_withdrawal_epoch(end_epoch: int, delay: int) -> int:
    """The first epoch in which a deposit may be taken out.

    end_epoch: from which the delay counts: the start of the end dynasty (the paper), or of the one after it,
    in which its owner is in neither set any more (the contract); delay: epochs.
    """
    return end_epoch + delay


def check_withdrawal(epoch: int, end_epoch: int | None, delay: int) -> None:
    """RuleBroken "withdrawal too early". end_epoch: None when that epoch has not been reached."""
    if end_epoch is None:
        raise RuleBroken(
            "withdrawal too early", "found a member of a validator set, wanted one that has left"
        )
    first = get_withdrawal_epoch(end_epoch, delay)
    if epoch < first:
        raise RuleBroken("withdrawal too early", f"found epoch {epoch}, wanted {first} or later")


def sum_slashed(slashed: Mapping[int, int], end_epoch: int, delay: int) -> int:
    """Units slashed less than `delay` epochs before an end epoch, or up to `delay` after it.

    slashed: by epoch, the deposits of those against whom evidence was included. The contract takes what its
    running total has grown by in the 2 * delay epochs up to the withdrawal epoch.
    """
    last = get_withdrawal_epoch(end_epoch, delay)
    return sum(amount for epoch, amount in slashed.items() if last - 2 * delay < epoch <= last)


def compute_payout(deposit: int, slashed_about_then: int, total_at_exit: int) -> int:
    """What a slashed validator takes out under "proportional3", in units, rounded down; never below 0.

    slashed_about_then: from `sum_slashed`; total_at_exit: all deposits of the forward set when the owner
    asked to leave or was made to. Who has not been slashed takes out everything: do not ask here.
    """
    kept = total_at_exit - SEVERITY * slashed_about_then
    return deposit * kept // total_at_exit if kept > 0 else 0
