"""The rules of spending: what a transaction may take and pay, seen from the block that is to hold it.

As in `rules`: one rule, one pure function, one name. Each is asked with all that it needs: the transaction,
the coins that it takes (one for each input, in order), and a `Place`: where in the chain it would stand.
What scripts say is not asked here, see `interpreter`.

Sources: Bitcoin Core `consensus/tx_verify.cpp` (CheckTxInputs, IsFinalTx, SequenceLocks) and
`validation.cpp` (ConnectBlock).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.coins import Coin
from blockchain_lab.bitcoin.params import FIRST_SUBSIDY, Network
from blockchain_lab.bitcoin.rules import HEIGHTS, MAX_MONEY, RuleBroken, compute_median_time
from blockchain_lab.bitcoin.tx import FINAL_SEQUENCE, OutPoint, Transaction
from blockchain_lab.chain.tree import Entry, get_ancestor

COINBASE_MATURITY: Final = 100  # blocks before a coinbase may be spent; Core consensus.h, since 2009
LOCK_TIME_THRESHOLD: Final = 500_000_000  # below: a height; from here on: Unix seconds; Core script.h
MAX_BLOCK_SIGOPS_COST: Final = 80_000  # BIP 141; before: 20,000 in 1 MB

# BIP 68: a relative lock in an input's sequence number, since 2016 with BIP 112 and 113
NO_RELATIVE_LOCK: Final = 1 << 31
LOCK_COUNTS_TIME: Final = 1 << 22
RELATIVE_LOCK_MASK: Final = 0xFFFF
LOCK_TIME_UNIT: Final = 512  # seconds
RELATIVE_LOCK_VERSION: Final = 2  # of the transaction, at least


@dataclass(frozen=True, slots=True)
class Place:
    """Where a transaction would stand: in a block on `parent`, dated `time`."""

    parent: Entry[Header]
    time: int  # Unix seconds: the block's own time; counted before BIP 113 only
    network: Network

    @property
    def height(self) -> int:
        """The height of that block."""
        return self.parent.height + 1

    @property
    def knows_relative_locks(self) -> bool:
        """Do BIP 68, 112 and 113 hold there?"""
        return self.height >= HEIGHTS[self.network.name].csv

    @property
    def lock_time(self) -> int:
        """The time that locks are measured with, Unix seconds: since BIP 113 the median of the past."""
        return compute_median_time(self.parent) if self.knows_relative_locks else self.time


def compute_subsidy(height: int, network: Network) -> int:
    """How many satoshi a block may create: 50 bitcoin, halved again and again, 0 in the end."""
    return FIRST_SUBSIDY >> (height // network.halving_interval)


# --- One transaction ----------------------------------------------------------------------------------


def find_coins_of(tx: Transaction, coins: Mapping[OutPoint, Coin]) -> list[Coin]:
    """The coins that a transaction takes, in order. RuleBroken when one is spent, or was never there."""
    found = [coins.get(spending.previous) for spending in tx.inputs]
    if None in found:
        raise RuleBroken("bad-txns-inputs-missingorspent")
    return [coin for coin in found if coin is not None]


def is_mature(coin: Coin, height: int) -> bool:
    """May a block at `height` spend it? A hundred blocks must have been found since a coinbase's own."""
    return not coin.is_coinbase or height - coin.height >= COINBASE_MATURITY


def check_maturity(taken: Sequence[Coin], height: int) -> None:
    """What a block created may be spent a hundred blocks later: by then it can hardly be lost."""
    if not all(is_mature(coin, height) for coin in taken):
        raise RuleBroken("bad-txns-premature-spend-of-coinbase")


def check_input_values(taken: Sequence[Coin]) -> None:
    """No coin, and not all of them together, can be worth more than there will ever be."""
    values = [coin.output.value for coin in taken]
    if any(not 0 <= value <= MAX_MONEY for value in (*values, sum(values))):
        raise RuleBroken("bad-txns-inputvalues-outofrange")


def compute_fee(tx: Transaction, taken: Sequence[Coin]) -> int:
    """Satoshi that are left to the miner; below 0 for a transaction that pays more than it takes."""
    return sum(coin.output.value for coin in taken) - sum(output.value for output in tx.outputs)


def check_no_money_from_nothing(tx: Transaction, taken: Sequence[Coin]) -> None:
    """A transaction must not pay more than it takes."""
    if compute_fee(tx, taken) < 0:
        raise RuleBroken("bad-txns-in-belowout")


def is_final(tx: Transaction, height: int, time: int) -> bool:
    """May it stand in a block of this height and time, as far as its lock time says?

    A lock time counts only while some input is not final. time: see `Place.lock_time`.
    """
    limit = height if tx.lock_time < LOCK_TIME_THRESHOLD else time
    return tx.lock_time < limit or all(spending.sequence == FINAL_SEQUENCE for spending in tx.inputs)


def check_final(tx: Transaction, place: Place) -> None:
    """Not before the height or the time that the transaction itself names."""
    if tx.lock_time and not is_final(tx, place.height, place.lock_time):
        raise RuleBroken("bad-txns-nonfinal")


def is_ripe(sequence: int, coin: Coin, place: Place) -> bool:
    """Is a coin as old as the input that takes it demands (BIP 68)?

    By height: so many blocks above its own. By time: so many times 512 seconds after the median time of
    the block before its own.
    """
    if sequence & NO_RELATIVE_LOCK:
        return True
    age = sequence & RELATIVE_LOCK_MASK
    if not sequence & LOCK_COUNTS_TIME:
        return place.height >= coin.height + age
    before = get_ancestor(place.parent, min(max(coin.height - 1, 0), place.parent.height))
    return compute_median_time(place.parent) >= compute_median_time(before) + age * LOCK_TIME_UNIT


def check_relative_locks(tx: Transaction, taken: Sequence[Coin], place: Place) -> None:
    """No coin before it is as old as the input that takes it demands (BIP 68)."""
    if tx.version < RELATIVE_LOCK_VERSION or not place.knows_relative_locks:
        return
    if not all(
        is_ripe(spending.sequence, coin, place) for spending, coin in zip(tx.inputs, taken, strict=True)
    ):
        raise RuleBroken("bad-txns-nonfinal")


def check_spending(tx: Transaction, taken: Sequence[Coin], place: Place) -> None:
    """All of the above, in Core's order. The transaction is no coinbase; scripts are not asked."""
    check_maturity(taken, place.height)
    check_input_values(taken)
    check_no_money_from_nothing(tx, taken)
    check_relative_locks(tx, taken, place)


# --- One block ----------------------------------------------------------------------------------------


def check_all_final(block: Block, place: Place) -> None:
    """Every transaction, the coinbase included, may stand in this block now."""
    for tx in block.transactions:
        check_final(tx, place)


def check_no_overwriting(block: Block, coins: Mapping[OutPoint, Coin]) -> None:
    """No transaction bears the name of one whose coins are not all spent: they would be lost (BIP 30)."""
    for tx in block.transactions:
        if any(OutPoint(tx.txid(), index) in coins for index in range(len(tx.outputs))):
            raise RuleBroken("bad-txns-BIP30")


def check_reward(block: Block, fees: int, place: Place) -> None:
    """The coinbase takes no more than what the block creates and its transactions leave. fees: satoshi."""
    taken = sum(output.value for output in block.transactions[0].outputs)
    if taken > compute_subsidy(place.height, place.network) + fees:
        raise RuleBroken("bad-cb-amount")


def check_sigops(cost: int) -> None:
    """A block must not demand more than so many signature checks. cost: 4 for one outside of a witness."""
    if cost > MAX_BLOCK_SIGOPS_COST:
        raise RuleBroken("bad-blk-sigops")
