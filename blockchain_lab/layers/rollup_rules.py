"""The contract of an optimistic rollup: it keeps what it is told, and runs one step if somebody objects.

    PostBatch -> kept ---- window over, nobody objected ----> final: exits in it may be claimed
                   |
                   +------ Prove, in the window ------------> reverted, with all batches that stand on it;
                                                              half of the poster's bond to who objected

An objection names one step. Its sender's and its receiver's account, each with a branch up to the root before
the step, are all that the contract must see to run it (Kalodner et al., "Arbitrum", 2018, narrow a quarrel
down to one step as well; there in turns, here the root behind every step is posted). A batch that nobody
checks becomes final, right or wrong: one honest checker is enough, none is not. A window is some blocks.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from blockchain_lab.base.messages import Message
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_bank import BONDS, BURNT, POT, Bank
from blockchain_lab.layers.bridge_facts import Fact
from blockchain_lab.layers.rollup_actions import MOST_STEPS, Claim, EnterRollup, OfStep, PostBatch, Prove
from blockchain_lab.layers.rollup_steps import Deposit, Step, check_step
from blockchain_lab.layers.rollup_tree import Account, Witness, fold, get_root

SHARE: Final = (
    2  # of a lost bond one half goes to who objected; the other is burnt, or one's own proof were free
)


@dataclass(frozen=True)
class RollupRules:
    """What all agree on."""

    names: tuple[str, ...]  # who has an account, in the order of their places
    bonds: tuple[tuple[str, int], ...]  # who may post batches, and the coins that they stand to lose
    window: int  # blocks

    @cached_property
    def places(self) -> dict[str, int]:
        """Name -> place in the tree."""
        return {name: place for place, name in enumerate(self.names)}

    @property
    def start(self) -> tuple[Account, ...]:
        """All accounts before the first batch."""
        return tuple(map(Account, self.names))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that the contract keeps."""

    poster: str
    steps: tuple[Step, ...]
    roots: tuple[bytes, ...]
    before: bytes  # root
    taken: int  # deposits that had come in before
    posted_at: int  # height of the block

    def get_root_before(self, step: int) -> bytes:
        """The root that a step starts from."""
        return self.roots[step - 1] if step else self.before

    def get_taken(self, step: int) -> int:
        """How many deposits had come in before a step."""
        return self.taken + sum(each.is_deposit for each in self.steps[:step])


@dataclass(frozen=True, slots=True)
class Rollup:
    """All that the contract remembers. It never changes; a call makes another one."""

    rules: RollupRules
    bonds: tuple[tuple[str, int], ...]
    deposits: tuple[Deposit, ...] = ()
    batches: tuple[Batch, ...] = ()
    claimed: tuple[tuple[int, int], ...] = ()  # batch, step

    @property
    def root(self) -> bytes:
        """What the last batch commits to."""
        return self.batches[-1].roots[-1] if self.batches else get_root(self.rules.start)

    @property
    def taken(self) -> int:
        """How many deposits have come in."""
        return self.batches[-1].get_taken(len(self.batches[-1].steps)) if self.batches else 0

    def is_final(self, batch: int, height: int) -> bool:
        """In a block of this height, is the batch's window over?"""
        return height > self.batches[batch].posted_at + self.rules.window


def open_rollup(rules: RollupRules, bank: Bank) -> Rollup:
    """The contract at the genesis, with everybody's bond in it. RuleBroken when somebody has too little."""
    for name, bond in rules.bonds:
        bank.move(name, BONDS, bond)
    return Rollup(rules, rules.bonds)


def apply(rollup: Rollup, bank: Bank, sender: str, action: Message, height: int) -> tuple[Rollup, list[Fact]]:
    """Carry out a call in a block of this height. RuleBroken; then coins may have moved, so use a copy."""
    match action:
        case EnterRollup(amount):
            return enter(rollup, bank, sender, amount)
        case PostBatch():
            return post(rollup, sender, action, height)
    assert isinstance(action, OfStep)
    if action.batch >= len(rollup.batches) or action.step >= len(rollup.batches[action.batch].steps):
        raise RuleBroken("unknown step", f"there is no step {action.step} in a batch {action.batch}")
    if isinstance(action, Prove):
        return revert(rollup, bank, sender, action, height)
    assert isinstance(action, Claim)
    return claim(rollup, bank, sender, action, height)


def enter(rollup: Rollup, bank: Bank, sender: str, amount: int) -> tuple[Rollup, list[Fact]]:
    """Coins go into the pot; the next batches may bring them in. RuleBroken."""
    if sender not in rollup.rules.places:
        raise RuleBroken("account", f"nobody on the rollup is called {sender!r}")
    if amount < 1:
        raise RuleBroken("amount", "found 0 coins, wanted at least 1")
    bank.move(sender, POT, amount)
    facts = {"name": sender, "amount": amount, "number": len(rollup.deposits)}
    return replace(rollup, deposits=(*rollup.deposits, Deposit(sender, amount))), [
        Fact("rollup entered", facts)
    ]


def post(rollup: Rollup, sender: str, action: PostBatch, height: int) -> tuple[Rollup, list[Fact]]:
    """Keep a batch, unseen. RuleBroken for what shows at once: number, bond, as many roots as steps."""
    if not dict(rollup.bonds).get(sender):
        raise RuleBroken("bond", f"{sender} has nothing to lose, so it may not post")
    if action.number != len(rollup.batches):
        raise RuleBroken("number", f"found {action.number}, wanted {len(rollup.batches)}")
    if not 1 <= len(action.steps) == len(action.roots) <= MOST_STEPS:
        found = f"{len(action.steps)} steps and {len(action.roots)} roots"
        raise RuleBroken("shape", f"found {found}, wanted 1 to {MOST_STEPS} of both")
    batch = Batch(sender, action.steps, action.roots, rollup.root, rollup.taken, height)
    facts = {"batch": action.number, "poster": sender, "steps": len(action.steps)}
    place = {"root": action.roots[-1].hex(), "until": height + rollup.rules.window}
    return replace(rollup, batches=(*rollup.batches, batch)), [Fact("batch posted", {**facts, **place})]


def revert(rollup: Rollup, bank: Bank, sender: str, proof: Prove, height: int) -> tuple[Rollup, list[Fact]]:
    """Undo a batch of which one step is shown to be wrong, and those behind it. RuleBroken for no proof."""
    batch = rollup.batches[proof.batch]
    if rollup.is_final(proof.batch, height):
        raise RuleBroken(
            "window", f"batch {proof.batch} is final since block {batch.posted_at + rollup.rules.window}"
        )
    wrong = find_fault(rollup, proof)
    if wrong is None:
        raise RuleBroken("no fraud", f"step {proof.step} of batch {proof.batch} is right")
    bond = dict(rollup.bonds).get(batch.poster, 0)
    bank.move(BONDS, sender, bond // SHARE)
    bank.move(BONDS, BURNT, bond - bond // SHARE)
    bonds = tuple((name, 0 if name == batch.poster else coins) for name, coins in rollup.bonds)
    facts = {"batch": proof.batch, "step": proof.step, "poster": batch.poster, "prover": sender}
    undone = {"reason": wrong, "reverted": len(rollup.batches) - proof.batch, "bond": bond}
    left = replace(rollup, batches=rollup.batches[: proof.batch], bonds=bonds)
    return left, [Fact("batch reverted", {**facts, **undone})]


def find_fault(rollup: Rollup, proof: Prove) -> str | None:
    """What is wrong with the step, or None. RuleBroken "witness" for accounts that the root does not hold."""
    batch = rollup.batches[proof.batch]
    step, root = batch.steps[proof.step], batch.get_root_before(proof.step)
    places, witnesses = rollup.rules.places, list(proof.witnesses)
    names = [name for name in (step.sender, step.to) if name]
    strangers = [name for name in names if name not in places]
    if strangers:
        return f"account: nobody on the rollup is called {strangers[0]!r}"
    if len(witnesses) != len(names):
        raise RuleBroken("witness", f"found {len(witnesses)}, wanted one for each of {len(names)} accounts")
    sender = None
    if not step.is_deposit:
        witness = witnesses.pop(0)
        sender = open_account(rollup.rules, step.sender, witness, root)
    try:
        check_step(step, sender, rollup.deposits, batch.get_taken(proof.step))
    except RuleBroken as broken:
        return str(broken)
    if sender is not None:
        root = fold(sender.change(-step.amount, 1), places[step.sender], witness.branch)
    if not step.is_exit:
        (last,) = witnesses
        receiver = open_account(rollup.rules, step.to, last, root)
        root = fold(receiver.change(step.amount), places[step.to], last.branch)
    claimed = batch.roots[proof.step]
    return None if root == claimed else f"root: found {claimed.hex():.16}, wanted {root.hex():.16}"


def open_account(rules: RollupRules, name: str, witness: Witness, root: bytes) -> Account:
    """An account that stands under a root. RuleBroken "witness" when it does not."""
    account = Account(name, witness.coins, witness.nonce)
    if fold(account, rules.places[name], witness.branch) != root:
        raise RuleBroken("witness", f"{name}'s account does not stand under the root {root.hex():.16}")
    return account


def claim(rollup: Rollup, bank: Bank, sender: str, action: Claim, height: int) -> tuple[Rollup, list[Fact]]:
    """Pay an exit of a final batch, once. RuleBroken."""
    step = rollup.batches[action.batch].steps[action.step]
    key = (action.batch, action.step)
    if not step.is_exit or step.sender != sender:
        raise RuleBroken("no exit", f"step {action.step} of batch {action.batch} is no exit of {sender}'s")
    if not rollup.is_final(action.batch, height):
        last = rollup.batches[action.batch].posted_at + rollup.rules.window
        raise RuleBroken("window", f"found block {height}, wanted one behind {last}")
    if key in rollup.claimed:
        raise RuleBroken("claimed", "it was paid before")
    bank.move(POT, sender, step.amount)
    facts = {"name": sender, "amount": step.amount, "batch": action.batch, "step": action.step}
    return replace(rollup, claimed=(*rollup.claimed, key)), [Fact("exit paid", facts)]
