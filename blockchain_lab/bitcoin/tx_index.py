"""Who takes a coin, and whom a wtxid names: what any transaction says by itself, written down once for all.

Every memory pool must answer both, thousands of times a second, and nearly all pools hold nearly the same
transactions. So they share one index, which only grows: it knows what *could* wait somewhere. Whoever asks
looks up in its own pool what does wait there; so a node never learns from the index what others know.
"""

from typing import Any, Final, Self

from blockchain_lab.bitcoin.tx import OutPoint, Transaction

PURPOSE: Final = "transaction index"  # under which a content store keeps it


class TransactionIndex:
    """Grows with every transaction that ever waited anywhere. Neither copied with a world nor its state."""

    __slots__ = ("_spenders", "_txids")

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._spenders: dict[OutPoint, tuple[bytes, ...]] = {}  # coin -> txids of who would take it
        self._txids: dict[bytes, bytes] = {}  # wtxid -> txid, where there is a witness and they differ

    def add(self, tx: Transaction) -> None:
        """Write down what it says. A known one is ignored."""
        name = tx.txid()
        for spending in tx.inputs:
            rivals = self._spenders.get(spending.previous, ())
            if name not in rivals:
                self._spenders[spending.previous] = (*rivals, name)
        if tx.has_witness:
            self._txids[tx.wtxid()] = name

    def get_spenders(self, coin: OutPoint) -> tuple[bytes, ...]:
        """The txids of all that would take this coin, wherever they wait."""
        return self._spenders.get(coin, ())

    def get_txid(self, wtxid: bytes) -> bytes:
        """Of the transaction of that wtxid; without a witness both are the same."""
        return self._txids.get(wtxid, wtxid)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Shared, never copied."""
        return self

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: what others have seen is nobody's state."""
        return ()
