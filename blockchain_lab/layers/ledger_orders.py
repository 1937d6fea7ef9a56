"""What a learner asks of an account: send a transaction, raise its price, cancel it. It is signed here.

A wallet must do more for a call than for a payment: it chooses a nonce, a price that others will not outbid,
a limit of gas that the call will not run out of, and how bad a price it still accepts. Nothing of that is
known before the block.
"""

from dataclasses import replace
from typing import Final

from blockchain_lab.base.actions import Command
from blockchain_lab.base.actions_layers import NEXT_NONCE, CancelCall, RaisePrice, SendCall
from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.units import Microseconds
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import ledger_notes as notes
from blockchain_lab.layers.ledger_desk import LedgerDesk
from blockchain_lab.layers.ledger_messages import Overlay, PrivateTx
from blockchain_lab.layers.ledger_pool import compute_replacement_price
from blockchain_lab.layers.ledger_relay import take, take_private
from blockchain_lab.layers.ledger_transaction import MOST_ARGUMENTS, MOST_NUMBER, TRANSACTION_GAS, Transaction

CALL_GAS: Final = 120_000  # units beside the intrinsic ones; ours: what is not used comes back
Order = SendCall | RaisePrice | CancelCall
ORDERS: Final = (SendCall, RaisePrice, CancelCall)


def find_problem(desk: LedgerDesk, order: Order) -> str | None:
    """Why this cannot be done; None when it can. What a pool would refuse is refused here, in its words.

    All but a replacement that pays too little: that its pool refuses it is worth seeing.
    """
    problem = find_sending_problem(desk, order) if isinstance(order, SendCall) else find_gone(desk, order)
    if problem is not None:
        return problem
    ledger = desk.rules.ledger
    try:
        desk.pool.check(make(desk, order), desk.chain.state, ledger.gas_limit, ledger.chain)
    except RuleBroken as broken:
        return str(broken)
    return None


def find_sending_problem(desk: LedgerDesk, order: SendCall) -> str | None:
    """What is wrong with a new one before it is made."""
    numbers = (order.amount, order.gas_price, order.gas_limit, *order.arguments)
    if any(not 0 <= number <= MOST_NUMBER for number in numbers):
        return f"amounts, prices and arguments are whole numbers from 0 to {MOST_NUMBER}"
    if not NEXT_NONCE <= order.nonce <= MOST_NUMBER or len(order.arguments) > MOST_ARGUMENTS:
        return f"wanted a nonce from 0 on, or -1 for the next, and at most {MOST_ARGUMENTS} arguments"
    if order.receiver not in desk.directory.names.values() and order.receiver not in desk.rules.contracts:
        return f"nobody is called {order.receiver!r}, and no contract is: {', '.join(desk.rules.contracts)}"
    if order.private and find_builder(desk) is None and desk.policy.builder != desk.name:
        return f"{desk.name} has no line to a builder: its policy names {desk.policy.builder or 'none'}"
    return None


def find_gone(desk: LedgerDesk, order: RaisePrice | CancelCall) -> str | None:
    """What is wrong with a replacement before it is made."""
    if not 0 <= order.gas_price <= MOST_NUMBER:
        return f"a gas price is a whole number from 0 to {MOST_NUMBER}"
    if desk.pool.find(desk.name, order.nonce) is None:
        return f"nothing of {desk.name}'s with the nonce {order.nonce} waits here"
    return None


def obey(desk: LedgerDesk, order: Order, now: Microseconds) -> list[Effect]:
    """Sign it, and give it to everybody or to the builder."""
    transaction = make(desk, order)
    is_private = isinstance(order, SendCall) and order.private
    made = notes.transaction_made(transaction, private=is_private)
    if not is_private:
        return [made, *take(desk, transaction, None, now)]
    builder = find_builder(desk)
    if builder is None:
        return [made, *take_private(desk, transaction, None)]
    desk.private[transaction.name] = transaction
    return [made, Send(builder, PrivateTx(transaction))]


def make(desk: LedgerDesk, order: Order) -> Transaction:
    """The signed transaction that an order asks for."""
    chain = desk.rules.ledger.chain
    if isinstance(order, SendCall):
        nonce = desk.get_next_nonce() if order.nonce == NEXT_NONCE else order.nonce
        price = order.gas_price or desk.policy.gas_price
        bare = Transaction(
            chain, desk.name, nonce, price, 0, order.receiver, order.amount, order.function, order.arguments
        )
        extra = CALL_GAS if bare.data or order.receiver in desk.rules.contracts else 0
        return replace(bare, gas_limit=order.gas_limit or bare.intrinsic_gas + extra).sign()
    waiting = desk.pool.find(desk.name, order.nonce)
    assert waiting is not None  # `find_problem` has looked
    if isinstance(order, RaisePrice):
        return replace(waiting, gas_price=order.gas_price, signature=b"").sign()
    price = order.gas_price or compute_replacement_price(waiting.gas_price)
    return Transaction(chain, desk.name, order.nonce, price, TRANSACTION_GAS, desk.name, 0).sign()


def find_builder(desk: LedgerDesk) -> int | None:
    """The line to the builder that our policy names."""
    for conn, line in desk.get_lines(Overlay.PRIVATE):
        if not line.inbound and desk.directory.names.get(line.remote) == desk.policy.builder:
            return conn
    return None


def read_order(command: Command) -> Order | None:
    """The command, if it is one of these."""
    return command if isinstance(command, ORDERS) else None
