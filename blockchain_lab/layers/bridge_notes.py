"""The facts that a keeper of chains states, each made in one place: views fold them.

Of the main chain in the words that all views know: "block accepted", "tip changed". A side chain's topics
begin with "side", so that the tree and a peer's tip are the main chain's. What a call did is true on its
branch alone: such a note says `by` which block.
"""

from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import display_hash
from blockchain_lab.chain.tree import Entry, ReorgPath
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_blocks import ChainBlock
from blockchain_lab.layers.bridge_calls import Call
from blockchain_lab.layers.bridge_facts import Fact
from blockchain_lab.layers.bridge_params import MAIN


def get_topic(chain: str, topic: str) -> str:
    """A topic about blocks: the main chain's as it is, another one's with its name before it."""
    return topic if chain == MAIN else f"{chain} {topic}"


def block_accepted(entry: Entry[ChainBlock]) -> list[Note]:
    """A valid block has come into the tree: where it stands, who made it, how many calls it carries."""
    block = entry.header
    facts: dict[str, Any] = {"hash": display_hash(entry.hash), "height": entry.height}
    place = {"parent": display_hash(block.parent), "work": f"{entry.work:x}", "calls": len(block.calls)}
    return [
        Note(get_topic(block.chain, "block proposed"), {**facts, "proposer": block.miner, "weight": 1}),
        Note(get_topic(block.chain, "block accepted"), {**facts, **place}),
    ]


def tip_changed(chain: str, path: ReorgPath[ChainBlock], old: Entry[ChainBlock]) -> Note:
    """The head has moved; how many blocks were left, how many entered."""
    new = path.connect[-1]
    facts = {
        "hash": display_hash(new.hash),
        "height": new.height,
        "work": f"{new.work:x}",
        "previous": display_hash(old.hash),
        "disconnected": len(path.disconnect),
        "connected": len(path.connect),
    }
    return Note(get_topic(chain, "tip changed"), facts)


def block_orphaned(block: ChainBlock) -> Note:
    """It waits for its parent."""
    facts = {"hash": display_hash(block.name), "parent": display_hash(block.parent)}
    return Note(get_topic(block.chain, "orphan block"), facts)


def block_invalid(block: ChainBlock, reason: str) -> Note:
    """It breaks a rule, and so does all that builds on it."""
    return Note(get_topic(block.chain, "block invalid"), {"hash": display_hash(block.name), "reason": reason})


def call_made(call: Call) -> Note:
    """One of our own."""
    return Note("call made", describe_call(call))


def call_heard(call: Call, source: str) -> Note:
    """Somebody's, for the first time: it waits here now."""
    return Note("call heard", {**describe_call(call), "from": source})


def call_refused(call: Call, broken: RuleBroken, source: str) -> Note:
    """It may not wait here."""
    why = {"rule": broken.rule, "detail": str(broken), "from": source}
    return Note("call refused", {**describe_call(call), **why})


def call_carried(call: Call, by: bytes) -> Note:
    """A block of our branch carries it."""
    return Note("call carried", {**describe_call(call), "by": display_hash(by)})


def call_undone(call: Call, by: bytes) -> Note:
    """The block that carried it is no longer on our branch: what it did was never done."""
    return Note("call undone", {**describe_call(call), "by": display_hash(by)})


def call_dropped(call: Call) -> Note:
    """Our branch has used its nonce for another call: it will never be carried there."""
    return Note("call dropped", {**describe_call(call), "reason": "another call has its nonce"})


def done(fact: Fact, by: bytes) -> Note:
    """What a call did."""
    return Note(fact.topic, {**fact.facts, "by": display_hash(by)})


def describe_call(call: Call) -> dict[str, Any]:
    """Which call it is."""
    return {
        "call": call.name.hex(),
        "chain": call.chain,
        "sender": call.sender,
        "nonce": call.nonce,
        "action": call.action.command,
    }
