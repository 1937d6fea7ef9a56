"""How a block's transactions change the state: one after another, each with a receipt.

A payment is valid or not before it runs: a balance decides. A call is different. It can be *included* as soon
as its sender can pay for its gas, and still *fail* when it runs, because of what ran before it; then its
changes are undone, its nonce is used up, and its fee is kept (Yellow Paper §6.2).

    includable      right chain, signature, next nonce, enough coins for all of its gas, room in the block
    runs            buy gas, move the value, run the contract, give back what is left, pay who made the block
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.ledger_machine import Contract, Machine, OutOfGas, Reverted, Step
from blockchain_lab.layers.ledger_state import State
from blockchain_lab.layers.ledger_transaction import Transaction


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one transaction."""

    transaction: Transaction
    is_ok: bool
    reason: str  # why it failed, "" when it did not
    gas_used: int  # units
    output: int  # what the contract returned
    steps: tuple[Step, ...]  # all that a peer did for it, in order
    reads: tuple[str, ...]  # slots
    writes: tuple[str, ...]

    @property
    def fee(self) -> int:
        """Gwei, for who made the block; a failed transaction pays it too."""
        return self.gas_used * self.transaction.gas_price


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a transaction sees of the block that it stands in, and of the chain."""

    chain: int
    proposer: str  # who is paid
    height: int
    contracts: Mapping[str, Contract]


def check_includable(state: State, transaction: Transaction, chain: int, room: int) -> None:
    """RuleBroken unless this may stand next in a block with so much room, units of gas."""
    account = state.get_account(transaction.sender)
    if transaction.chain != chain:
        raise RuleBroken("other chain", f"found chain {transaction.chain}, wanted {chain}")
    if not transaction.is_signed:
        raise RuleBroken("signature", f"not signed by {transaction.sender!r}")
    if transaction.nonce != account.nonce:
        raise RuleBroken("nonce", f"found {transaction.nonce}, wanted {account.nonce}")
    if transaction.gas_limit < transaction.intrinsic_gas:
        found = f"found a limit of {transaction.gas_limit:,}, wanted at least {transaction.intrinsic_gas:,}"
        raise RuleBroken("intrinsic gas", found)
    if transaction.gas_limit > room:
        raise RuleBroken(
            "gas limit", f"found {transaction.gas_limit:,} units, the block has room for {room:,}"
        )
    if transaction.cost > account.balance:
        raise RuleBroken("funds", f"found {account.balance:,} gwei, wanted {transaction.cost:,}")


def execute(state: State, transaction: Transaction, around: Surroundings) -> tuple[State, Receipt]:
    """The state behind an includable transaction, and what came of it. O(accounts + slots)."""
    sender, price = transaction.sender, transaction.gas_price
    bought = transaction.gas_limit * price
    start = buy_gas(state, transaction, bought)
    machine = Machine(start, transaction, transaction.gas_limit - transaction.intrinsic_gas, around.height)
    prefix = (
        Step("check", "signature", 0),
        Step("check", "nonce", 0),
        Step("buy gas", sender, 0),
        Step("begin", transaction.to, transaction.intrinsic_gas),
    )
    output, reason = run(machine, transaction, around.contracts)
    if reason:
        machine.accounts, machine.slots, machine.writes = dict(start.accounts), dict(start.slots), {}
    left = machine.left * price
    machine.add(sender, left)
    machine.add(around.proposer, bought - left)
    receipt = Receipt(
        transaction,
        not reason,
        reason,
        transaction.gas_limit - machine.left,
        output,
        (*prefix, *machine.steps, Step("give back gas", sender, 0), Step("pay fee", around.proposer, 0)),
        tuple(machine.reads),
        tuple(machine.writes),
    )
    return State(machine.accounts, machine.slots), receipt


def buy_gas(state: State, transaction: Transaction, bought: int) -> State:
    """The state when the sender has paid for all its gas, and its nonce is used up."""
    account = state.get_account(transaction.sender)
    paid = replace(account, nonce=account.nonce + 1, balance=account.balance - bought)
    return State({**state.accounts, transaction.sender: paid}, state.slots)


def run(machine: Machine, transaction: Transaction, contracts: Mapping[str, Contract]) -> tuple[int, str]:
    """What a call returns, and why it failed ("" when it did not)."""
    try:
        if transaction.value:
            machine.charge("move value", transaction.to, 0)
            machine.move(transaction.sender, transaction.to, transaction.value)
        if transaction.to in contracts:
            return contracts[transaction.to](machine, transaction), ""
        machine.check(not transaction.data, f"{transaction.to} is no contract")
    except (Reverted, OutOfGas) as failure:
        return 0, str(failure)
    return 0, ""


def execute_all(
    state: State, transactions: Iterable[Transaction], around: Surroundings, gas_limit: int
) -> tuple[State, tuple[Receipt, ...]]:
    """The state behind a block, and the receipts. RuleBroken when one of them cannot stand there."""
    receipts = []
    room = gas_limit
    for transaction in transactions:
        check_includable(state, transaction, around.chain, room)
        state, receipt = execute(state, transaction, around)
        room -= receipt.gas_used
        receipts.append(receipt)
    return state, tuple(receipts)
