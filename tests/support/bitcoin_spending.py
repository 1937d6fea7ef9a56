"""Random trees of blocks that spend, some of them against the rules; with a slow model of who owns what."""

from dataclasses import dataclass, field

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND, make_block
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.chain.tree import Entry
from support.bitcoin_chains import REGTEST

Coins = dict[OutPoint, tuple[int, int, bool]]  # satoshi, height, is it a coinbase's?
FAULTS = (*[""] * 20, "missing", "twice", "young", "too much", "greedy", "locked", "too fresh")


def apply_block(coins: Coins, block: Block, height: int) -> Coins:
    """The coins after a block, valid or not; by copying all of them: nothing to take back."""
    after = dict(coins)
    for number, tx in enumerate(block.transactions):
        for spending in tx.inputs:
            after.pop(spending.previous, None)
        for index, output in enumerate(tx.outputs):
            after[OutPoint(tx.txid(), index)] = (output.value, height, number == 0)
    return after


def spend(
    coin: OutPoint, value: int, *, fee: int, parts: int = 1, sequence: int = 0, lock_time: int = 0
) -> Transaction:
    """Take one coin of `value` satoshi and pay it to anyone, in so many parts."""
    outputs = tuple(TxOutput((value - fee) // parts, ANYONE_CAN_SPEND) for _ in range(parts))
    return Transaction(2, (TxInput(coin, b"", sequence),), outputs, lock_time=lock_time)


@dataclass
class Tree:
    """Grows at random on a base chain whose coinbases anyone may spend."""

    luck: CounterRandom
    entries: list[Entry[Header]]
    coins: dict[bytes, Coins] = field(default_factory=dict)  # block -> coins after it
    faults: dict[bytes, str] = field(default_factory=dict)

    def grow(self) -> Block:
        """One more block, on one of the last three."""
        parent = self.luck.choice(self.entries[-3:])
        fault = self.luck.choice(FAULTS)
        block = self.make_child(parent, fault)
        entry = Entry(block.header.hash(), block.header, work(block.header.bits), parent)
        self.entries.append(entry)
        self.faults[entry.hash] = fault
        self.coins[entry.hash] = apply_block(self.coins[parent.hash], block, entry.height)
        return block

    def make_child(self, parent: Entry[Header], fault: str) -> Block:
        """A block with up to three payments and one that is at fault."""
        height, coins = parent.height + 1, dict(self.coins[parent.hash])
        transactions: list[Transaction] = []
        fees = 0

        def add(tx: Transaction, value: int) -> None:
            nonlocal fees
            transactions.append(tx)
            fees += value - sum(output.value for output in tx.outputs)
            del coins[tx.inputs[0].previous]
            for index, output in enumerate(tx.outputs):
                coins[OutPoint(tx.txid(), index)] = (output.value, height, False)

        for _ in range(self.luck.below(4)):
            coin, value = self.pick(coins, height)
            parts = 1 + self.luck.below(3)
            add(
                spend(
                    coin, value, fee=self.luck.below(5_000), parts=parts, lock_time=self.luck.below(height)
                ),
                value,
            )
        if fault not in ("", "greedy"):
            tx, value = self.make_fault(fault, coins, height, transactions)
            transactions.append(tx)
            fees += max(0, value - sum(output.value for output in tx.outputs))
        extra = self.luck.bits().to_bytes(8, "little")
        time = parent.header.time + 600
        return make_block(
            parent, time, extra, REGTEST, transactions=transactions, fees=fees + (fault == "greedy")
        )

    def pick(self, coins: Coins, height: int) -> tuple[OutPoint, int]:
        """A coin that may be spent at `height`, and its value."""
        ripe = [place for place, (_, born, base) in coins.items() if not base or height - born >= 100]
        coin = self.luck.choice([*ripe[:3], *ripe[-6:]])
        return coin, coins[coin][0]

    def make_fault(
        self, fault: str, coins: Coins, height: int, before: list[Transaction]
    ) -> tuple[Transaction, int]:
        """A transaction that breaks one rule, and the value that it takes."""
        coin, value = self.pick(coins, height)
        match fault:
            case "missing":
                return spend(replace_index(coin), value, fee=0), value
            case "twice" if before:
                return spend(before[0].inputs[0].previous, 1_000, fee=500), 1_000
            case "young":
                coin = next(place for place, (_, born, base) in reversed(coins.items()) if base)
                return spend(coin, coins[coin][0], fee=0), coins[coin][0]
            case "too much":
                return spend(coin, value + 1, fee=0), value
            case "locked":
                return spend(coin, value, fee=0, lock_time=height), value
            case "too fresh":
                age = height - coins[coin][1]
                return spend(coin, value, fee=0, sequence=age + 1), value
        return spend(replace_index(coin), value, fee=0), value


def replace_index(coin: OutPoint) -> OutPoint:
    """An output that its transaction does not have."""
    return coin._replace(index=coin.index + 9)
