"""Which transactions a block takes, and in which order: who pays most, but each sender's by nonce.

Who makes a block decides alone; this is the order that pays it best if all calls cost the same (go-ethereum,
`core/types`, TransactionsByPriceAndNonce). Of two with the same price the one that came first.
"""

from collections.abc import Iterable

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.ledger_block import MOST_TRANSACTIONS, Block
from blockchain_lab.layers.ledger_chain import LedgerChain
from blockchain_lab.layers.ledger_execution import Surroundings, check_includable, execute
from blockchain_lab.layers.ledger_rules import LedgerRules
from blockchain_lab.layers.ledger_state import State
from blockchain_lab.layers.ledger_transaction import Transaction


def build(chain: LedgerChain, waiting: Iterable[Transaction], proposer: str, slot: int, now: int) -> Block:
    """A signed block on the tip. waiting: in the order in which they came, those of private senders too."""
    height = chain.height + 1
    around = Surroundings(chain.rules.ledger.chain, proposer, height, chain.rules.contracts)
    chosen, state = choose(chain.rules, chain.state, waiting, around)
    time = max(now, chain.tip.header.time)
    return Block(chain.tip.hash, height, slot, time, proposer, state.root, tuple(chosen)).sign()


def choose(
    rules: LedgerRules, state: State, waiting: Iterable[Transaction], around: Surroundings
) -> tuple[list[Transaction], State]:
    """What the block takes, and the state behind it. O(waiting squared) at worst; pools here are small."""
    left = sort_by_price(waiting)
    room = rules.ledger.gas_limit
    chosen: list[Transaction] = []
    while len(chosen) < MOST_TRANSACTIONS:
        found = find_next(state, left, around.chain, room)
        if found is None:
            break
        left.remove(found)
        state, receipt = execute(state, found, around)
        room -= receipt.gas_used
        chosen.append(found)
    return chosen, state


def sort_by_price(waiting: Iterable[Transaction]) -> list[Transaction]:
    """Who pays most first; of those who pay the same, who came first."""
    return sorted(waiting, key=lambda each: -each.gas_price)


def find_next(state: State, left: Iterable[Transaction], chain: int, room: int) -> Transaction | None:
    """The first that may stand next: one with a later nonce waits until the one before it stands."""
    for transaction in left:
        try:
            check_includable(state, transaction, chain, room)
        except RuleBroken:
            continue
        return transaction
    return None
