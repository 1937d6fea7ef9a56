"""A transaction for the asking: spends a coin that anyone may spend, and pays it on in the same way.

Enough to watch how a transaction travels. Our miner's coins have a script that is always satisfied, so no
key is needed; coins that are locked by a key are left alone.
"""

from collections.abc import Container
from typing import Final

from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND
from blockchain_lab.bitcoin.rules_spending import COINBASE_MATURITY
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

FEE: Final = 1_000  # satoshi that the payment leaves to the miner
SMALLEST: Final = 10 * FEE  # satoshi: a coin that is worth splitting
TRANSACTION_VERSION: Final = 2  # Core's wallet since 0.14 (BIP 68)


def find_coins(chain: ChainState, taken: Container[OutPoint]) -> list[tuple[OutPoint, int]]:
    """Coins that anyone may spend in the next block, oldest first, with their value in satoshi.

    What `taken` holds is left out: waiting transactions spend it. O(all coins).
    """
    ripe = chain.height + 1 - COINBASE_MATURITY
    found = [
        (coin.height, place, coin.output.value)
        for place, coin in chain.ledger.coins.items()
        if coin.output.script == ANYONE_CAN_SPEND
        and coin.output.value > SMALLEST
        and (coin.height <= ripe or not coin.is_coinbase)
        and place not in taken
    ]
    return [(place, value) for _, place, value in sorted(found)]


def make_payment(coin: OutPoint, value: int) -> Transaction:
    """Spend a coin of `value` satoshi: half of it is paid, the rest but the fee is change. Both are anyone's.

    Two outputs, for with one it would have 61 bytes, and who has fewer than 65 is not passed on by Core.
    """
    paid = value // 2
    outputs = (TxOutput(paid, ANYONE_CAN_SPEND), TxOutput(value - paid - FEE, ANYONE_CAN_SPEND))
    return Transaction(TRANSACTION_VERSION, (TxInput(coin, b""),), outputs)
