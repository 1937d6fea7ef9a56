"""The facts that a peer of the toy chain states, each made in one place: views fold them, checks read them.

Blocks are told of in the words of the other chains, so that the same views draw them.
"""

from collections.abc import Iterable
from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import display_hash
from blockchain_lab.layers.toy_branches import Branches
from blockchain_lab.layers.toy_messages import Block, Payment, Signed, Vote

CONFIRMED = "block confirmed"
FINAL = "block final"
ACCEPTED = "block accepted"
VOTED = "vote cast"
KEPT = "payment still waits"
LOST = "payment forgotten"


def block_accepted(branches: Branches, block: Block) -> list[Note]:
    """A block has come into the tree: where it stands, and who made it. Every block has the work 1."""
    facts = {"hash": display_hash(block.name), "height": branches.heights[block.name]}
    parent = {"parent": display_hash(block.parent), "work": f"{facts['height']:x}"}
    return [
        Note("block proposed", {**facts, "proposer": block.proposer, "weight": 1}),
        Note(ACCEPTED, {**facts, **parent, "slot": block.slot}),
    ]


def block_confirmed(branches: Branches, block: Block) -> Note:
    """Two thirds of the stake vote for it."""
    weights = {"votes": branches.get_weight(block.name), "total": branches.chain.total}
    return Note(CONFIRMED, {**describe(branches, block), **weights})


def block_final(branches: Branches, block: Block) -> Note:
    """It will never be taken back."""
    return Note(FINAL, {**describe(branches, block), "payments": [*map(write_payment, block.payments)]})


def tip_changed(branches: Branches, old: bytes) -> Note:
    """The highest confirmed block is another one: how many blocks were left, how many entered."""
    left, entered = branches.count_apart(old, branches.tip)
    height = branches.heights[branches.tip]
    facts = {"hash": display_hash(branches.tip), "height": height, "work": f"{height:x}"}
    return Note(
        "tip changed",
        {**facts, "previous": display_hash(old), "disconnected": left, "connected": entered},
    )


def vote_cast(vote: Vote) -> Note:
    """A vote of this peer's own."""
    return Note(VOTED, {"block": display_hash(vote.block), "slot": vote.slot})


def refused(message: Signed, reason: str, source: str) -> Note:
    """A message that says what must not be, and who brought it."""
    if isinstance(message, Block):
        return Note("block invalid", {"hash": display_hash(message.name), "reason": reason, "from": source})
    return Note(
        "claim refused",
        {"message": message.wire_name, "author": message.author, "reason": reason, "from": source},
    )


def payment_heard(payment: Payment) -> Note:
    """It waits for a block here."""
    return Note("payment waits", {"payment": write_payment(payment), "name": display_hash(payment.name)})


def payments_missettled(kept: Iterable[Payment], lost: Iterable[Payment]) -> list[Note]:
    """A block is final, and these of its payments wait on; these wait no more, and are not done."""
    topics = [(KEPT, payment) for payment in kept] + [(LOST, payment) for payment in lost]
    return [
        Note(topic, {"payment": write_payment(each), "name": display_hash(each.name)})
        for topic, each in topics
    ]


def write_payment(payment: Payment) -> str:
    """For people: `ann 1: 10 to bob`."""
    return f"{payment.sender} {payment.number}: {payment.amount} to {payment.receiver}"


def describe(branches: Branches, block: Block) -> dict[str, Any]:
    """What tells one block from another."""
    return {
        "hash": display_hash(block.name),
        "height": branches.heights[block.name],
        "slot": block.slot,
        "proposer": block.proposer,
    }
