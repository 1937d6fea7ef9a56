"""A chain whose coins anyone may spend, a pool on top of it, and short ways to fill both."""

from dataclasses import dataclass, field

from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.mempool import Mempool, Waiting
from blockchain_lab.bitcoin.mempool_follow import Followed, follow_tip
from blockchain_lab.bitcoin.mempool_rules import Admission, judge_transaction
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND, make_block
from blockchain_lab.bitcoin.template import choose_transactions
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.chain.tree import Entry
from support.bitcoin_chains import FAR_FUTURE, REGTEST, make_chain_state

COIN = 50 * 100_000_000  # satoshi: what an early coinbase made
RIPE = 120  # blocks in the base chain: twenty coinbases may be spent in the next one
SEQUENCE = 0xFFFFFFFD  # says that it may be replaced (BIP 125)


@dataclass
class Purse:
    """A node's chain and pool, and what their coins are worth."""

    chain: ChainState = field(default_factory=lambda: make_chain_state({"mined": RIPE}))
    pool: Mempool = field(default_factory=Mempool)
    values: dict[OutPoint, int] = field(default_factory=dict)

    def coinbase(self, height: int) -> OutPoint:
        """The coin of that block's miner."""
        place = OutPoint(self.chain.get_block(self.chain.active[height].hash).transactions[0].txid(), 0)
        self.values[place] = COIN
        return place

    def make(
        self, *coins: OutPoint, fee: int = 1_000, parts: int = 2, sequence: int = SEQUENCE
    ) -> Transaction:
        """Take these coins, pay to anyone: little to all outputs but the first, which gets the rest."""
        total = sum(self.values[coin] for coin in coins) - fee
        little = min(1_000_000, total // (2 * parts))
        rest = total - little * (parts - 1)
        values = [rest, *[little] * (parts - 1)]
        outputs = tuple(TxOutput(value, ANYONE_CAN_SPEND) for value in values)
        tx = Transaction(2, tuple(TxInput(coin, b"", sequence) for coin in coins), outputs)
        self.values |= {OutPoint(tx.txid(), index): value for index, value in enumerate(values)}
        return tx

    def judge(self, tx: Transaction, now: int = 0) -> Admission:
        """May it wait?"""
        return judge_transaction(tx, self.pool, self.chain, self.chain.tip.header.time, now)

    def admit(self, tx: Transaction, now: int = 0) -> Waiting:
        """Let it wait, in the place of those whom it replaces."""
        entry, replaced = self.judge(tx, now)
        self.pool.remove_families(replaced)
        self.pool.add(entry)
        return entry

    def mine(self, parent: Entry[Header], *transactions: Transaction, tag: int = 0) -> Block:
        """A block on `parent` with these, its fees left to nobody."""
        time = parent.header.time + 600
        return make_block(parent, time, tag.to_bytes(8, "little"), REGTEST, transactions=transactions)

    def connect(self, *blocks: Block, now: int = 0) -> list[Followed]:
        """Give the chain these blocks; the pool follows each change of the tip."""
        followed = []
        for block in blocks:
            change, _ = self.chain.add_block(block, FAR_FUTURE)
            if change is not None:
                followed.append(follow_tip(change, self.pool, self.chain, block.header.time, now))
        return followed

    def choose(self, max_weight: int = 4_000_000) -> list[bytes]:
        """The names of those whom a miner would take."""
        return [tx.txid() for tx in choose_transactions(self.pool, max_weight).transactions]


def output(tx: Transaction, index: int = 0) -> OutPoint:
    """One of a transaction's outputs."""
    return OutPoint(tx.txid(), index)
