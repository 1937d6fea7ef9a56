"""The facts that a peer of the ledger states, each made in one place: views fold them, `lifecycle`, too.

Topics and keys are those of Bitcoin's nodes where they mean the same, so that the same views draw both; what
a payment has no word for (queued, executed, failed, undone) has a topic of its own.
"""

from collections.abc import Sequence
from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import display_hash
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.ledger_block import Block, BlockEntry
from blockchain_lab.layers.ledger_execution import Receipt
from blockchain_lab.layers.ledger_messages import Aggregate, Attestation
from blockchain_lab.layers.ledger_transaction import Transaction


def describe(transaction: Transaction) -> dict[str, Any]:
    """Its name, and what its sender says of it."""
    return {
        "txid": display_hash(transaction.name),
        "sender": transaction.sender,
        "nonce": transaction.nonce,
        "gas_price": transaction.gas_price,
        "to": transaction.to,
        "function": transaction.function,
    }


def transaction_made(transaction: Transaction, *, private: bool) -> Note:
    """A peer has signed one of its own."""
    return Note("transaction made", {**describe(transaction), "private": private})


def transaction_accepted(transaction: Transaction, *, queued: bool, again: bool = False) -> Note:
    """It waits in our pool. size: bytes; fee: gwei at most; again: a block that we left had it."""
    size = len(transaction.encoding)
    most = transaction.gas_limit * transaction.gas_price
    facts = {"size": size, "virtual_size": size, "fee": most, "queued": queued, "again": again}
    return Note("transaction accepted", {**describe(transaction), **facts})


def transaction_refused(transaction: Transaction, broken: RuleBroken, source: str) -> Note:
    """It may not wait here. source: who sent it; "" when it came from a block that we left."""
    facts = {"reason": broken.rule, "detail": str(broken), "from": source}
    return Note("transaction refused", {"txid": display_hash(transaction.name), **facts})


def transactions_removed(removed: Sequence[tuple[Transaction, str]]) -> list[Note]:
    """They wait no longer: a note for each reason, in the order of the first."""
    reasons = dict.fromkeys(reason for _, reason in removed)
    return [
        Note(
            "transactions removed",
            {"txids": get_txids([t for t, r in removed if r == reason]), "reason": reason},
        )
        for reason in reasons
    ]


def transactions_moved(topic: str, moved: Sequence[Transaction]) -> list[Note]:
    """topic: "transactions promoted" (a gap has closed) or "transactions demoted" (one has opened)."""
    return [Note(topic, {"txids": get_txids(moved)})] if moved else []


def private_taken(transaction: Transaction, source: str) -> Note:
    """A builder was given one that it will not pass on."""
    return Note("private transaction taken", {**describe(transaction), "from": source})


def private_gone(transaction: Transaction, reason: str) -> Note:
    """It no longer waits with its builder."""
    return Note("private transaction gone", {"txid": display_hash(transaction.name), "reason": reason})


def transaction_executed(receipt: Receipt, entry: BlockEntry, place: int) -> Note:
    """A block of our branch has run it. fee: gwei, paid in any case."""
    facts = {
        "txid": display_hash(receipt.transaction.name),
        "block": display_hash(entry.hash),
        "height": entry.height,
        "place": place,
        "ok": receipt.is_ok,
        "reason": receipt.reason,
        "gas_used": receipt.gas_used,
        "fee": receipt.fee,
        "output": receipt.output,
    }
    return Note("transaction executed", facts)


def transactions_undone(entry: BlockEntry) -> list[Note]:
    """We have left a block: what it had run has not happened."""
    if not entry.header.transactions:
        return []
    facts = {"txids": get_txids(entry.header.transactions), "block": display_hash(entry.hash)}
    return [Note("transactions undone", facts)]


def block_accepted(entry: BlockEntry) -> list[Note]:
    """A valid block has come into the tree: where it stands, and who made it."""
    block = entry.header
    facts = {"hash": display_hash(entry.hash), "height": entry.height}
    made = {
        "proposer": block.proposer,
        "weight": 1,
        "slot": block.slot,
        "transactions": len(block.transactions),
    }
    return [
        Note("block proposed", {**facts, **made}),
        Note("block accepted", {**facts, "parent": display_hash(block.parent), "work": f"{entry.work:x}"}),
    ]


def block_orphaned(block: Block) -> Note:
    """It waits for its parent."""
    return Note("orphan block", {"hash": display_hash(block.name), "parent": display_hash(block.parent)})


def block_invalid(block: Block, reason: str) -> Note:
    """It breaks a rule, and so does all that builds on it."""
    return Note("block invalid", {"hash": display_hash(block.name), "reason": reason})


def attestation_sent(attestation: Attestation, told: int) -> Note:
    """Our own; told: how many neighbours listen to its subnet. With 0 it is lost."""
    return Note("attestation sent", {**describe_attestation(attestation), "told": told})


def attestation_heard(attestation: Attestation, source: str) -> Note:
    """Somebody's, on a subnet that we listen to."""
    return Note("attestation heard", {**describe_attestation(attestation), "from": source})


def aggregate_made(aggregate: Aggregate) -> Note:
    """We have put a committee's attestations together."""
    return Note("aggregate made", describe_aggregate(aggregate))


def aggregate_heard(aggregate: Aggregate, source: str) -> Note:
    """What a committee has said, for everybody."""
    return Note("aggregate heard", {**describe_aggregate(aggregate), "from": source})


def describe_attestation(attestation: Attestation) -> dict[str, Any]:
    """Its fields, readable."""
    return {
        "slot": attestation.slot,
        "block": display_hash(attestation.block),
        "subnet": attestation.subnet,
        "validator": attestation.validator,
    }


def describe_aggregate(aggregate: Aggregate) -> dict[str, Any]:
    """Its fields, readable."""
    return {
        "slot": aggregate.slot,
        "block": display_hash(aggregate.block),
        "subnet": aggregate.subnet,
        "aggregator": aggregate.aggregator,
        "validators": [name for name, _ in aggregate.signers],
    }


def get_txids(transactions: Sequence[Transaction]) -> list[str]:
    """Their names as people write them."""
    return [display_hash(each.name) for each in transactions]
