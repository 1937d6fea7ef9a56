"""Compact blocks: named by short ids, put together from the receiver's own memory pool (BIP 152).

    make_compact_block(block)         -> CompactBlock                            the sender
    reconstruct(compact, pool)        -> Block | Partial | FullBlockWanted       the receiver
    partial.request                   -> GetBlockTransactions                    for what is missing
    find_requested(request, block)    -> BlockTransactions | None                the sender again
    fill(partial, answer)             -> Block | FullBlockWanted                 the receiver

A short id is 6 bytes of a keyed hash, so two transactions may share one by accident. That is nobody's
fault, and nothing is raised: the worst that can come of it is that the whole block must be asked for. The
header's Merkle root decides. It does not cover witnesses: `rules.check_witnesses` does, as for any block.

No message is sent here. Source: Bitcoin Core `blockencodings.cpp`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.reader import UNSIGNED_64
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import HASH_SIZE, unsigned
from blockchain_lab.bitcoin.merkle import is_mutated, merkle_root
from blockchain_lab.bitcoin.messages_compact import (
    SHORT_ID_SIZE,
    BlockTransactions,
    CompactBlock,
    GetBlockTransactions,
    Prefilled,
    check_positions,
)
from blockchain_lab.bitcoin.siphash import Keys, siphash, siphash_all
from blockchain_lab.bitcoin.tx import Transaction

BY_TXID: Final = 1  # versions of BIP 152, agreed on by `sendcmpct`: the one of 0.13 (2016), without witnesses
BY_WTXID: Final = 2  # since 0.13.1, with them; today the only one that Core speaks
COINBASE_ONLY: Final = (0,)  # places of the transactions sent whole, unless the sender knows better
SHORT_ID_MASK: Final = (1 << 8 * SHORT_ID_SIZE) - 1


@dataclass(frozen=True)
class FullBlockWanted:
    """It did not work: ask for the block itself. `is_fault`: no honest peer sends such a thing."""

    reason: str
    is_fault: bool = False


@dataclass(frozen=True)
class Partial:
    """A block with gaps."""

    header: Header
    transactions: tuple[Transaction | None, ...]  # in the block's order; None: missing

    @property
    def missing(self) -> tuple[int, ...]:
        """The places of those that we lack."""
        return tuple([place for place, found in enumerate(self.transactions) if found is None])

    @property
    def request(self) -> GetBlockTransactions:
        """The message that asks for them."""
        return GetBlockTransactions(self.header.hash(), self.missing)


def compute_keys(header: Header, nonce: int) -> Keys:
    """The key of a compact block's short ids: nobody knows it before the block is found."""
    digest = sha256(header.encode() + unsigned(nonce, UNSIGNED_64)).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


def compute_short_id(keys: Keys, name: bytes) -> int:
    """6 bytes as a number. `name`: 32 bytes, internal order, txid or wtxid."""
    return siphash(keys, name) & SHORT_ID_MASK


def compute_short_ids(keys: Keys, names: Sequence[bytes]) -> list[int]:
    """As `compute_short_id` of each, ten times as fast."""
    return [number & SHORT_ID_MASK for number in siphash_all(keys, names, HASH_SIZE)]


def get_name(transaction: Transaction, version: int) -> bytes:
    """What the short ids of this version are made from. UsageError for a version that is neither 1 nor 2."""
    if version not in (BY_TXID, BY_WTXID):
        raise UsageError(f"version: wanted {BY_TXID} or {BY_WTXID}, found {version}")
    return transaction.txid() if version == BY_TXID else transaction.wtxid()


def get_as_sent(transaction: Transaction, version: int) -> Transaction:
    """The transaction as this version sends it whole."""
    return replace(transaction, witnesses=()) if version == BY_TXID else transaction


def make_compact_block(
    block: Block, nonce: int, *, version: int = BY_WTXID, whole: Sequence[int] = COINBASE_ONLY
) -> CompactBlock:
    """A block in short ids. whole: growing places of what is sent as it is. UsageError for other places."""
    check_positions(whole, len(block.transactions) - len(whole))
    keys = compute_keys(block.header, nonce)
    is_whole = dict.fromkeys(whole)
    names = [
        get_name(transaction, version)
        for place, transaction in enumerate(block.transactions)
        if place not in is_whole
    ]
    prefilled = [Prefilled(place, get_as_sent(block.transactions[place], version)) for place in whole]
    return CompactBlock(block.header, nonce, tuple(compute_short_ids(keys, names)), tuple(prefilled))


def reconstruct(
    compact: CompactBlock, pool: Iterable[Transaction], *, version: int = BY_WTXID
) -> Block | Partial | FullBlockWanted:
    """The block, if header, short ids and our own transactions make it; else what is to be done.

    Two of our transactions with one short id: neither is taken, the place is asked for. One hash for each
    transaction of the pool: 5,000 of them (names known) and a block of 2,000 take 30 ms (2026).
    """
    count = len(compact.short_ids) + len(compact.prefilled)
    try:
        check_positions([entry.place for entry in compact.prefilled], len(compact.short_ids))
    except UsageError as fault:
        return FullBlockWanted(str(fault), is_fault=True)
    if count == 0:
        return FullBlockWanted("a block without transactions", is_fault=True)
    prefilled = {entry.place: entry.transaction for entry in compact.prefilled}
    gaps = [place for place in range(count) if place not in prefilled]
    place_of = dict(zip(compact.short_ids, gaps, strict=True))
    if len(place_of) < len(gaps):
        return FullBlockWanted("two transactions of the block have one short id")
    found: dict[int, Transaction | None] = {**prefilled}
    for place, transaction in find_matches(compact, pool, version, place_of):
        rival = found.setdefault(place, transaction)
        if rival is None or get_name(rival, version) != get_name(transaction, version):
            found[place] = None
    partial = Partial(compact.header, tuple([found.get(place) for place in range(count)]))
    return partial if partial.missing else complete(partial.header, partial.transactions)


def find_matches(
    compact: CompactBlock, pool: Iterable[Transaction], version: int, place_of: dict[int, int]
) -> Iterator[tuple[int, Transaction]]:
    """Those of our transactions whose short id the block names, each with its place."""
    candidates = list(pool)
    names = [get_name(transaction, version) for transaction in candidates]
    short_ids = compute_short_ids(compute_keys(compact.header, compact.nonce), names)
    for short_id, transaction in zip(short_ids, candidates, strict=True):
        if short_id in place_of:
            yield place_of[short_id], transaction


def fill(partial: Partial, answer: BlockTransactions) -> Block | FullBlockWanted:
    """The block, with its gaps filled in the order in which they were asked for."""
    if answer.block != partial.header.hash():
        return FullBlockWanted("the answer is about another block", is_fault=True)
    if len(answer.transactions) != len(partial.missing):
        found, wanted = len(answer.transactions), len(partial.missing)
        return FullBlockWanted(f"asked for {wanted} transactions, found {found}", is_fault=True)
    rest = iter(answer.transactions)
    return complete(
        partial.header, [next(rest) if known is None else known for known in partial.transactions]
    )


def complete(header: Header, transactions: Iterable[Transaction | None]) -> Block | FullBlockWanted:
    """The block, if the header commits to just these transactions. Else perhaps two short ids collided."""
    block = Block(header, tuple([known for known in transactions if known is not None]))
    txids = [transaction.txid() for transaction in block.transactions]
    if merkle_root(txids) != header.merkle_root or is_mutated(txids):
        return FullBlockWanted("the Merkle root is another one: some short id named a wrong transaction")
    return block


def find_requested(
    request: GetBlockTransactions, block: Block, *, version: int = BY_WTXID
) -> BlockTransactions | None:
    """What a peer asked for; None when the block has no such place: then it does not play by the rules."""
    if any(not 0 <= place < len(block.transactions) for place in request.places):
        return None
    wanted = [get_as_sent(block.transactions[place], version) for place in request.places]
    return BlockTransactions(request.block, tuple(wanted))
