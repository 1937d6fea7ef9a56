"""All accounts of a rollup, computed from what stands on the chain: everybody can do it, a checker does.

No peer asks another one what it has on the rollup. Whoever runs the batches finds the first step that is
wrong, if there is one, and can prove it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.rollup_actions import MOST_STEPS, PostBatch, Prove
from blockchain_lab.layers.rollup_rules import Rollup
from blockchain_lab.layers.rollup_steps import Step, execute, make_deposit
from blockchain_lab.layers.rollup_tree import Account, get_root, make_witness


@dataclass(frozen=True, slots=True)
class Replay:
    """What comes of the batches. `accounts`: behind the last right step."""

    accounts: tuple[Account, ...]
    taken: int  # deposits that came in
    fault: tuple[int, int] | None = None  # batch and step where it goes wrong


def replay(rollup: Rollup) -> Replay:
    """Run all batches, up to the first wrong step. O(steps times accounts)."""
    accounts: Sequence[Account] = rollup.rules.start
    taken = 0
    for number, batch in enumerate(rollup.batches):
        for place, step in enumerate(batch.steps):
            try:
                after = execute(accounts, rollup.rules.places, step, rollup.deposits, taken)
            except RuleBroken:
                return Replay(tuple(accounts), taken, (number, place))
            if get_root(after) != batch.roots[place]:
                return Replay(tuple(accounts), taken, (number, place))
            accounts, taken = after, taken + step.is_deposit
    return Replay(tuple(accounts), taken)


def make_proof(rollup: Rollup, found: Replay) -> Prove:
    """The objection to the fault that a replay has found."""
    assert found.fault is not None  # or there is nothing to object to
    number, place = found.fault
    step, places = rollup.batches[number].steps[place], rollup.rules.places
    accounts = list(found.accounts)
    witnesses = []
    if step.sender in places:
        witnesses.append(make_witness(accounts, places[step.sender]))
        at = places[step.sender]
        changed = accounts[at].coins >= step.amount
        accounts[at] = accounts[at].change(-step.amount, 1) if changed else accounts[at]
    if step.to in places:
        witnesses.append(make_witness(accounts, places[step.to]))
    return Prove(number, place, tuple(witnesses))


def make_batch(rollup: Rollup, found: Replay, payments: Iterable[Step]) -> PostBatch | None:
    """The next batch: deposits first, then payments whose turn it is. None when there is nothing to post."""
    deposits = rollup.deposits[found.taken :]
    steps = [make_deposit(found.taken + place, each) for place, each in enumerate(deposits)]
    chosen, roots = choose_steps(rollup, found, [*steps, *payments])
    return PostBatch(len(rollup.batches), tuple(chosen), tuple(roots)) if chosen else None


def choose_steps(rollup: Rollup, found: Replay, steps: Iterable[Step]) -> tuple[list[Step], list[bytes]]:
    """Those that are right one after another, each with the root behind it."""
    accounts: Sequence[Account] = found.accounts
    taken = found.taken
    chosen: list[Step] = []
    roots: list[bytes] = []
    left, is_over = list(steps), False
    while not is_over:
        is_over = True
        for step in tuple(left):
            if len(chosen) >= MOST_STEPS:
                break
            try:
                accounts = execute(accounts, rollup.rules.places, step, rollup.deposits, taken)
            except RuleBroken:
                continue
            taken += step.is_deposit
            chosen.append(step)
            roots.append(get_root(accounts))
            left.remove(step)
            is_over = False
    return chosen, roots


def forge_batch(rollup: Rollup, found: Replay, honest: PostBatch | None, thief: str) -> PostBatch | None:
    """The same batch, and a payment at its end in which the richest gives the thief all, who leaves with it.

    Nobody but the thief has signed; the roots are right as if all had. None while nobody is worth it.
    """
    places = rollup.rules.places
    accounts: Sequence[Account] = found.accounts
    taken = found.taken
    steps, roots = ([], []) if honest is None else (list(honest.steps), list(honest.roots))
    for step in steps:
        accounts = execute(accounts, places, step, rollup.deposits, taken)
        taken += step.is_deposit
    victim = max((each for each in accounts if each.name != thief), key=lambda each: each.coins)
    if not victim.coins:
        return None
    stolen = Step(victim.name, thief, victim.coins, victim.nonce).sign(thief)
    after = list(accounts)
    after[places[victim.name]] = victim.change(-victim.coins, 1)
    after[places[thief]] = after[places[thief]].change(victim.coins)
    roots.append(get_root(after))
    away = Step(thief, "", victim.coins, after[places[thief]].nonce).sign()
    roots.append(get_root(execute(after, places, away, rollup.deposits, taken)))
    return PostBatch(len(rollup.batches), (*steps, stolen, away), tuple(roots))


def get_next_nonce(account: Account, waiting: Iterable[Step]) -> int:
    """The number of a name's next payment, those that wait counted."""
    taken = [step.nonce for step in waiting if step.sender == account.name]
    nonce = account.nonce
    while nonce in taken:
        nonce += 1
    return nonce


def count_owed(rollup: Rollup, found: Replay) -> int:
    """Coins that the pot owes: those on accounts, on their way in, and on their way out, not claimed yet."""
    on_accounts = sum(account.coins for account in found.accounts)
    coming = sum(deposit.coins for deposit in rollup.deposits[found.taken :])
    leaving = sum(
        step.amount
        for number, batch in enumerate(rollup.batches)
        for place, step in enumerate(batch.steps)
        if step.is_exit and (number, place) not in rollup.claimed
    )
    return on_accounts + coming + leaving
