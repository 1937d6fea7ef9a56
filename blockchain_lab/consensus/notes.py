"""The facts that a peer of the consensus floor states, each made in one place: views fold them.

Hashes are written as people write them, work in hexadecimal digits, as Bitcoin's nodes write theirs, so that
the same views draw both. What a block does to finality is true on its branch alone: such a note says `by`
which block.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import display_hash
from blockchain_lab.chain.tree import Entry
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg_events import (
    CheckpointReached,
    Deposited,
    DepositsChanged,
    DynastyBegan,
    Event,
    ExitAsked,
    Finalised,
    Justified,
    Slashed,
    VoteCounted,
    Withdrew,
)
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.orders import Evidence
from blockchain_lab.consensus.vote import Vote


def block_accepted(entry: BlockEntry) -> list[Note]:
    """A valid block has come into the tree: where it stands, and who made it."""
    block = entry.header
    facts = {"hash": display_hash(entry.hash), "height": entry.height}
    return [
        Note("block proposed", {**facts, "proposer": block.proposer, "weight": block.weight}),
        Note("block accepted", {**facts, "parent": display_hash(block.parent), "work": f"{entry.work:x}"}),
    ]


def tip_changed(old: Entry[Any], new: Entry[Any], disconnected: int, connected: int) -> Note:
    """The head has moved; how many blocks were left, how many entered."""
    facts = {
        "hash": display_hash(new.hash),
        "height": new.height,
        "work": f"{new.work:x}",
        "previous": display_hash(old.hash),
        "disconnected": disconnected,
        "connected": connected,
    }
    return Note("tip changed", facts)


def block_orphaned(block: Block) -> Note:
    """It waits for its parent."""
    return Note("orphan block", {"hash": display_hash(block.name), "parent": display_hash(block.parent)})


def block_invalid(block: Block, rule: str) -> Note:
    """It breaks a rule, and so does all that builds on it."""
    return Note("block invalid", {"hash": display_hash(block.name), "reason": rule})


def vote_sent(vote: Vote) -> Note:
    """A vote of this peer's own."""
    return Note("vote sent", describe_vote(vote))


def vote_heard(vote: Vote, source: str) -> Note:
    """Somebody's, for the first time. source: who told us; "" when a block did."""
    return Note("vote heard", {**describe_vote(vote), "from": source})


def operation_refused(kind: str, broken: RuleBroken, source: str) -> Note:
    """A vote or an order that a rule forbids. Nothing has changed."""
    return Note(
        "operation refused", {"kind": kind, "rule": broken.rule, "detail": str(broken), "from": source}
    )


def evidence_found(evidence: Evidence) -> Note:
    """Two votes that cost their validator its deposit, as soon as a block carries them."""
    first, second = evidence.first.vote, evidence.second.vote
    pair = [describe_vote(first), describe_vote(second)]
    return Note("evidence found", {"validator": first.validator, "votes": pair})


def anchor_told(name: bytes, source: str) -> Note:
    """Somebody whom the peer trusts holds on to this checkpoint: it will take it over."""
    return Note("anchor told", {"block": display_hash(name), "from": source})


def finality_loaded(finality: FinalityState) -> Note:
    """The founders: who is a validator at the genesis, with how much."""
    facts = {
        "deposits": dict(finality.deposits),
        "forward": list(finality.epoch.forward.weights),
        "rear": list(finality.epoch.rear.weights),
        "epoch": finality.epoch.number,
        "block": display_hash(finality.epoch.target.block),
    }
    return Note("finality loaded", facts)


def anchor_moved(anchor: BlockEntry, epoch: int) -> Note:
    """The peer will never again leave the branch to this finalised checkpoint."""
    return Note("anchor moved", {"block": display_hash(anchor.hash), "epoch": epoch})


def finality_conflict(
    event: Finalised, anchor: BlockEntry, anchor_epoch: int, proven: Iterable[str], weights: Mapping[str, int]
) -> Note:
    """A branch beside the anchor has finalised a checkpoint, too.

    proven: against whom the peer holds evidence; weights: the validators' at its anchor, in units. The peer
    may not have heard all votes, so what it can prove is the least that there is.
    """
    slashable = list(proven)
    facts = {
        "block": display_hash(event.checkpoint.block),
        "epoch": event.checkpoint.epoch,
        "anchor": display_hash(anchor.hash),
        "anchor_epoch": anchor_epoch,
        "slashable": slashable,
        "weight": sum(weights.get(name, 0) for name in slashable),
        "total": sum(weights.values()),
    }
    return Note("finality conflict", facts)


def lottery(shares: Mapping[str, int], by: bytes) -> Note:
    """Everybody's weight in the lottery from this block on."""
    return Note("lottery", {"shares": dict(shares), "by": display_hash(by)})


def describe_vote(vote: Vote) -> dict[str, Any]:
    """Its fields, readable."""
    return {
        "validator": vote.validator,
        "source": display_hash(vote.source),
        "target": display_hash(vote.target),
        "source_epoch": vote.source_height,
        "target_epoch": vote.target_height,
    }


def describe_event(event: Event, by: bytes) -> Note:
    """What a block has done to the finality of its branch. by: the block."""
    topic, facts = get_facts(event)
    return Note(topic, {**facts, "by": display_hash(by)})


def get_facts(event: Event) -> tuple[str, dict[str, Any]]:
    """Topic and facts of an event."""
    match event:
        case CheckpointReached(checkpoint):
            return "checkpoint reached", {
                "block": display_hash(checkpoint.block),
                "epoch": checkpoint.epoch,
            }
        case Justified(checkpoint, source, votes, total, rear_votes, rear_total):
            return "checkpoint justified", {
                "block": display_hash(checkpoint.block),
                "epoch": checkpoint.epoch,
                "source": display_hash(source.block),
                "source_epoch": source.epoch,
                "votes": votes,
                "total": total,
                "rear_votes": rear_votes,
                "rear_total": rear_total,
            }
        case Finalised(checkpoint, child):
            return "checkpoint finalised", {
                "block": display_hash(checkpoint.block),
                "epoch": checkpoint.epoch,
                "child": display_hash(child.block),
            }
        case VoteCounted(validator, source, target, weight, rear_weight):
            return "vote counted", {
                "validator": validator,
                "source_epoch": source.epoch,
                "target": display_hash(target.block),
                "target_epoch": target.epoch,
                "weight": weight,
                "rear_weight": rear_weight,
            }
    return get_membership_facts(event)


def get_membership_facts(event: Event) -> tuple[str, dict[str, Any]]:
    """Topic and facts of what happens to members and their deposits."""
    match event:
        case DynastyBegan(dynasty, forward, rear):
            return "dynasty began", {"dynasty": dynasty, "forward": list(forward), "rear": list(rear)}
        case Deposited(validator, amount, starts):
            return "deposit made", {"validator": validator, "amount": amount, "starts": starts}
        case ExitAsked(validator, ends):
            return "exit asked", {"validator": validator, "ends": ends}
        case Withdrew(validator, amount, lost):
            return "withdrawn", {"validator": validator, "amount": amount, "lost": lost}
        case Slashed(validator, reason, amount, finder, bounty, ends):
            return "slashed", {
                "validator": validator,
                "reason": reason,
                "amount": amount,
                "finder": finder,
                "bounty": bounty,
                "ends": ends,
            }
        case DepositsChanged(epoch, is_leak, deposits):
            return "deposits changed", {"epoch": epoch, "leak": is_leak, "deposits": dict(deposits)}
    raise TypeError(f"no words for a {type(event).__name__}")  # mypy: the cases above are all there are
