"""The coins that nobody has spent yet (the UTXO set), and how a block changes them.

    connect      take the coins that the block's inputs name, remember them, add those that it makes
    disconnect   take away what it made, put back what it had taken: the block's *undo data*

Whether a block may do so is not asked here: `rules_spending` says that. Who connects and then disconnects
the same block has the same coins as before, to the last one.

Nearly all peers have nearly the same coins. So a set is a *shelf*, which never changes and which all who
are at the same tip share, and under it our own changes since. After a thousand of them we take the shelf
of our present tip, much as Bitcoin Core writes its cache of coins to disk.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from weakref import WeakValueDictionary

from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxOutput

MOST_CHANGES: Final = 1_000  # ours: from here on a set looks for another shelf
OP_RETURN: Final = 0x6A
MAX_SCRIPT_SIZE: Final = 10_000  # bytes; a longer script can never be satisfied. Core script.h


class Coin(NamedTuple):
    """An output that can be spent, and what its age is counted from."""

    output: TxOutput
    height: int  # of the block that made it
    is_coinbase: bool  # made by a coinbase: may be spent 100 blocks later only


class Shelf(dict[OutPoint, Coin]):
    """Coins that are shared and so never change. A plain dict has no weak references."""

    __slots__ = ("__weakref__",)


class Shelves:
    """The shelves in use, by tip. One that no set stands on any more is forgotten."""

    def __init__(self) -> None:
        """None yet."""
        self._by_tip: WeakValueDictionary[bytes, Shelf] = WeakValueDictionary()

    def get(self, tip: bytes, coins: "CoinSet") -> Shelf:
        """The shelf of this tip; made from `coins`, which are at it, if it is new. O(coins)."""
        shelf = self._by_tip.get(tip)
        if shelf is None:
            shelf = self._by_tip[tip] = Shelf(coins)
        return shelf


class CoinSet(Mapping[OutPoint, Coin]):
    """All unspent coins at one tip. To read, it is a mapping; only `connect` and `disconnect` change it."""

    __slots__ = ("changes", "shelf")

    def __init__(self, shelf: Mapping[OutPoint, Coin]) -> None:
        """Start from a shelf."""
        self.shelf = shelf
        self.changes: dict[OutPoint, Coin | None] = {}  # coins made since, and None for those taken

    def __getitem__(self, place: OutPoint) -> Coin:
        """The coin there. KeyError when there is none, or it is spent."""
        coin = self.changes[place] if place in self.changes else self.shelf[place]
        if coin is None:
            raise KeyError(place)
        return coin

    def __contains__(self, place: object) -> bool:
        """Is this coin unspent?"""
        if place in self.changes:
            return self.changes[place] is not None
        return place in self.shelf

    def __iter__(self) -> Iterator[OutPoint]:
        """All places: the shelf's first, then ours, oldest first."""
        for place in self.shelf:
            if place not in self.changes:
                yield place
        for place, coin in self.changes.items():
            if coin is not None:
                yield place

    def __len__(self) -> int:
        """How many coins there are. O(our changes)."""
        own = sum((coin is not None) - (place in self.shelf) for place, coin in self.changes.items())
        return len(self.shelf) + own

    def add(self, place: OutPoint, coin: Coin) -> None:
        """A coin is there (again)."""
        if place in self.shelf and self.shelf[place] == coin:
            self.changes.pop(place, None)
        else:
            self.changes[place] = coin

    def take(self, place: OutPoint) -> Coin:
        """A coin is gone. KeyError when it was not there."""
        coin = self[place]
        if place in self.shelf:
            self.changes[place] = None
        else:
            del self.changes[place]
        return coin

    def settle(self, tip: bytes, shelves: Shelves) -> None:
        """We are at `tip`: after many changes, stand on the shelf that belongs there."""
        if len(self.changes) > MOST_CHANGES:
            self.shelf, self.changes = shelves.get(tip, self), {}

    def copy(self) -> "CoinSet":
        """The shelf is shared."""
        twin = CoinSet(self.shelf)
        twin.changes = dict(self.changes)
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> "CoinSet":
        """Coins never change, so a plain copy is deep enough."""
        return self.copy()


def is_spendable(output: TxOutput) -> bool:
    """Could anybody ever spend it? What is certainly lost is no coin (Core's IsUnspendable)."""
    return output.script[:1] != bytes([OP_RETURN]) and len(output.script) <= MAX_SCRIPT_SIZE


def get_new_coins(tx: Transaction, height: int) -> Iterator[tuple[OutPoint, Coin]]:
    """The coins that a transaction in a block at `height` makes."""
    name, is_coinbase = tx.txid(), tx.is_coinbase()
    for index, output in enumerate(tx.outputs):
        if is_spendable(output):
            yield OutPoint(name, index), Coin(output, height, is_coinbase)


def connect(coins: CoinSet, block: Block, height: int) -> tuple[Coin, ...]:
    """Apply a block that may be applied. Returns its undo data: the coins that it took, in order.

    KeyError, half way, when a coin is missing: check first.
    """
    taken = []
    for tx in block.transactions:
        if not tx.is_coinbase():
            taken += [coins.take(spending.previous) for spending in tx.inputs]
        for place, coin in get_new_coins(tx, height):
            coins.add(place, coin)
    return tuple(taken)


def disconnect(coins: CoinSet, block: Block, height: int, undo: tuple[Coin, ...]) -> None:
    """Take back the last connected block. `undo`: what `connect` returned for it."""
    taken = list(undo)
    for tx in reversed(block.transactions):
        for place, _ in get_new_coins(tx, height):
            coins.take(place)
        if not tx.is_coinbase():
            for spending in reversed(tx.inputs):
                coins.add(spending.previous, taken.pop())
