"""What validators ask for besides voting: deposits, exits, withdrawals; and evidence against them.

Each function changes the draft or raises `RuleBroken` before it has changed anything. Signatures are checked
by `ffg`. Sources: Casper FFG paper (arXiv 1710.09437v4, "Enabling Dynamic Validator Sets"); Casper contract
(ethereum/casper, simple_casper.v.py: `deposit`, `logout`, `withdraw`, `slash`).
"""

from dataclasses import replace

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg_events import Deposited, ExitAsked, Slashed, Withdrew
from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.finality_state import Draft
from blockchain_lab.consensus.penalties import (
    check_withdrawal,
    compute_payout,
    compute_penalty,
    get_forced_end,
    sum_slashed,
)
from blockchain_lab.consensus.slashing import slashable
from blockchain_lab.consensus.validators import Validator, pick_forward
from blockchain_lab.consensus.vote import Vote


def get_validator(draft: Draft, name: str) -> Validator:
    """One that has a deposit here. RuleBroken."""
    validator = draft.validators.get(name)
    if validator is None:
        raise RuleBroken("unknown validator", f"{name} has never made a deposit")
    if validator.is_paid_out:
        raise RuleBroken("has left", f"{name} has its deposit back")
    return validator


def on_deposit(draft: Draft, name: str, amount: int, params: Params) -> None:
    """A new validator, two dynasties on. RuleBroken."""
    if amount < params.minimum_deposit:
        raise RuleBroken(
            "deposit too small", f"{name}: found {amount}, wanted {params.minimum_deposit} or more"
        )
    known = draft.validators.get(name)
    if known is not None and not known.is_paid_out:
        raise RuleBroken("deposited already", f"{name} has a deposit of {draft.deposits[name]}")
    if known is not None and not params.may_return:
        raise RuleBroken("may not return", f"{name} has left for good")
    start = draft.dynasty + params.join_delay
    draft.validators.pop(name, None)  # who returns comes last
    draft.validators[name] = Validator(start)
    draft.deposits[name] = amount
    draft.events.append(Deposited(name, amount, start))


def on_exit(draft: Draft, name: str, params: Params) -> None:
    """A validator leaves, some dynasties on. RuleBroken."""
    validator = get_validator(draft, name)
    if validator.end is not None:
        raise RuleBroken("exits already", f"{name} leaves in dynasty {validator.end}")
    end = draft.dynasty + params.exit_delay
    draft.validators[name] = replace(validator, end=end, total_at_exit=get_total(draft))
    draft.events.append(ExitAsked(name, end))


def get_total(draft: Draft) -> int:
    """All deposits of the forward set, in units. O(validators)."""
    return pick_forward(draft.validators, draft.dynasty, draft.deposits).total


def get_end_epoch(draft: Draft, validator: Validator, params: Params) -> int | None:
    """The epoch from which a withdrawal's delay counts; None while it has not come."""
    if validator.end is None or validator.end + params.withdrawal_after > draft.dynasty:
        return None
    return draft.dynasty_starts[validator.end + params.withdrawal_after]


def on_withdrawal(draft: Draft, name: str, params: Params) -> None:
    """What is left is paid out, once the delay is over. RuleBroken.

    Until then a validator that has left can still be slashed: that is what the delay is for.
    """
    validator = get_validator(draft, name)
    end_epoch = get_end_epoch(draft, validator, params)
    check_withdrawal(draft.epoch.number, end_epoch, params.withdrawal_delay)
    assert end_epoch is not None  # or it would be too early
    deposit = draft.deposits[name]
    amount = deposit
    if validator.is_slashed and params.slashing == "proportional3":
        about_then = sum_slashed(draft.slashed, end_epoch, params.withdrawal_delay)
        amount = compute_payout(deposit, about_then, validator.total_at_exit)
    draft.validators[name] = replace(validator, is_paid_out=True)
    del draft.deposits[name]
    draft.events.append(Withdrew(name, amount, deposit - amount))


def on_evidence(draft: Draft, finder: str, first: Vote, second: Vote, params: Params) -> None:
    """Two votes that break a commandment. RuleBroken when they do not, or their validator is none here."""
    if first.validator != second.validator:
        raise RuleBroken("no evidence", f"votes of {first.validator} and of {second.validator}")
    reason = slashable(first, second, params.rules)
    if reason is None:
        raise RuleBroken("no evidence", f"{first.validator}'s two votes break no commandment")
    name = first.validator
    validator = get_validator(draft, name)
    if validator.start > draft.dynasty:
        raise RuleBroken("not a member", f"{name} begins in dynasty {validator.start}, found {draft.dynasty}")
    if validator.is_slashed:
        raise RuleBroken("slashed already", name)
    deposit = draft.deposits[name]
    penalty = compute_penalty(deposit, params.slashing)
    ends = get_forced_end(validator.end, draft.dynasty)
    total = get_total(draft) if validator.end is None else validator.total_at_exit
    draft.validators[name] = replace(validator, end=ends, total_at_exit=total, is_slashed=True)
    draft.deposits[name] = penalty.left
    draft.slashed[draft.epoch.number] = draft.slashed.get(draft.epoch.number, 0) + deposit
    draft.events.append(Slashed(name, reason, penalty.lost, finder, penalty.bounty, ends))
