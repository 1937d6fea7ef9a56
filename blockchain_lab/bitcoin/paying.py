"""A transaction for the asking: spends a coin that anyone may spend, and pays it on in the same way.

Enough to watch how a transaction travels. Our miner's coins have a script that is always satisfied, so no
key is needed; coins that are locked by a key are left alone.
"""

from collections.abc import Collection
from typing import Final

from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND
from blockchain_lab.bitcoin.rules_spending import COINBASE_MATURITY
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

FEE: Final = 1_000  # satoshi that the payment leaves to the miner
TRANSACTION_VERSION: Final = 2  # Core's wallet since 0.14 (BIP 68)


def find_coins(chain: ChainState, taken: Collection[OutPoint]) -> list[tuple[OutPoint, int]]:
    """Coins that anyone may spend in the next block, oldest first, with their value in satoshi.

    Only coinbases are looked at; what the active chain or `taken` spends is left out. O(active chain).
    """
    coins: dict[OutPoint, int] = {}
    spent = set(taken)
    ripe = chain.height + 1 - COINBASE_MATURITY
    for entry in chain.active.get_slice(1, chain.height + 1):
        coinbase, *others = chain.get_block(entry.hash).transactions
        spent.update(spending.previous for tx in others for spending in tx.inputs)
        output = coinbase.outputs[0]
        if entry.height <= ripe and output.script == ANYONE_CAN_SPEND and output.value > FEE:
            coins[OutPoint(coinbase.txid(), 0)] = output.value
    return [(coin, value) for coin, value in coins.items() if coin not in spent]


def make_payment(coin: OutPoint, value: int) -> Transaction:
    """Spend a coin of `value` satoshi; all but the fee goes to whoever takes it."""
    spending = TxInput(coin, b"")
    return Transaction(TRANSACTION_VERSION, (spending,), (TxOutput(value - FEE, ANYONE_CAN_SPEND),))
