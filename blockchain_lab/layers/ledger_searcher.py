"""Somebody who reads what waits, and earns by the order in which it runs: the sandwich.

    front     eve buys before the victim: a higher gas price, so she stands before it
    victim    buys at a worse price, but not below its limit
    back      eve sells what she bought, with a gas price just below the victim's: she stands behind it

She sees only what is public. What she earns the victim loses; its limit (`least`) decides how much that can
be. Daian et al., "Flash Boys 2.0", 2019, arXiv 1904.05234, describe such searchers. Ours takes the largest
front trade that the victim's limit allows and tries all three on her own copy of the state first; a better
one would look for the best trade, and bid against others. Kind "ledger-searcher".
"""

from dataclasses import dataclass, replace
from typing import Final

from blockchain_lab.base.effects import Effect, Note
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import ConnectionId, Microseconds, display_hash
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import ledger_notes as notes
from blockchain_lab.layers.ledger_exchange import (
    BUY,
    COINS,
    EXCHANGE,
    SELL,
    TOKENS,
    compute_output,
    run_exchange,
)
from blockchain_lab.layers.ledger_execution import Surroundings, execute_all
from blockchain_lab.layers.ledger_node import LedgerNode
from blockchain_lab.layers.ledger_orders import CALL_GAS
from blockchain_lab.layers.ledger_relay import take
from blockchain_lab.layers.ledger_state import State
from blockchain_lab.layers.ledger_transaction import Transaction

NOBODY: Final = ""  # whoever makes the block: that is not known yet


@dataclass(frozen=True, slots=True)
class Sandwich:
    """Two trades around another one, and what they bring, gwei."""

    front: Transaction
    back: Transaction
    profit: int


class SearcherNode(LedgerNode):
    """Kind "ledger-searcher". Policy: `attacks`, `trade` (the most that it gives for a front trade)."""

    def on_transactions(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Pass it on like everybody; then look at what it will do to the price."""
        effects = super().on_transactions(conn, message, now)
        if not isinstance(message, Transaction) or not effects or message.name not in self.pool:
            return effects
        if self.desk.policy.attacks and is_trade(message, self.desk.name):
            effects += self.attack(message, now)
        return effects

    def attack(self, victim: Transaction, now: Microseconds) -> list[Effect]:
        """Make the sandwich, if it brings anything."""
        desk = self.desk
        state, nonce = desk.chain.state, desk.get_next_nonce()
        most = desk.policy.trade or state.get_account(desk.name).balance
        shown = display_hash(victim.name)
        found = find_sandwich(state, victim, desk.name, nonce, most)
        if found is None or found.profit <= 0:
            profit = 0 if found is None else found.profit
            return [Note("strategy", {"what": "no sandwich", "txid": shown, "profit": profit})]
        effects: list[Effect] = [
            Note("strategy", {"what": "sandwich", "txid": shown, "profit": found.profit})
        ]
        for each in (found.front, found.back):
            effects += [notes.transaction_made(each, private=False), *take(desk, each, None, now)]
        return effects


def is_trade(transaction: Transaction, name: str) -> bool:
    """Does somebody else buy at the exchange?"""
    is_buying = transaction.to == EXCHANGE and transaction.function == BUY
    return is_buying and len(transaction.arguments) == 1 and transaction.sender != name


def find_sandwich(state: State, victim: Transaction, name: str, nonce: int, most: int) -> Sandwich | None:
    """The two trades of somebody around a victim's; None when the victim's limit leaves no room.

    most: gwei for the front trade; nonce: the trader's next. The trades are run to see what they bring.
    """
    given = find_largest(state, victim, most)
    got = compute_output(given, state.get_slot(COINS), state.get_slot(TOKENS))
    if not got or victim.gas_price < 1:
        return None
    front = make_trade(victim, name, nonce, victim.gas_price + 1, given, BUY, (got,))
    back = make_trade(victim, name, nonce + 1, victim.gas_price - 1, 0, SELL, (got, 1))
    before = state.get_account(name).balance
    around = Surroundings(victim.chain, NOBODY, 0, {EXCHANGE: run_exchange})
    try:
        after, receipts = execute_all(state, (front, victim, back), around, 1 << 62)
    except RuleBroken:
        return None  # too little money for both, or the victim's turn comes later
    if not all(receipt.is_ok for receipt in receipts):
        return None
    return Sandwich(front, back, after.get_account(name).balance - before)


def find_largest(state: State, victim: Transaction, most: int) -> int:
    """The most gwei that can be traded before the victim so that its own trade still runs; 0: none.

    By halving: the more somebody buys before it, the less the victim gets.
    """
    into, out_of = state.get_slot(COINS), state.get_slot(TOKENS)
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        taken = compute_output(middle, into, out_of)
        if compute_output(victim.value, into + middle, out_of - taken) >= max(1, victim.arguments[0]):
            low = middle
        else:
            high = middle - 1
    return low


def make_trade(
    victim: Transaction,
    name: str,
    nonce: int,
    price: int,
    value: int,
    function: str,
    arguments: tuple[int, ...],
) -> Transaction:
    """A signed call of the exchange on the victim's chain."""
    bare = Transaction(victim.chain, name, nonce, price, 0, EXCHANGE, value, function, arguments)
    return replace(bare, gas_limit=bare.intrinsic_gas + CALL_GAS).sign()
