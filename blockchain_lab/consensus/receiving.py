"""What comes in over the lines: blocks, votes, orders, and what other peers say of their heads.

A block waits for its parent and is asked for what leads to it. A vote is kept if its signature is its
validator's, whichever branch it is for; an order is kept if it is valid on our own branch. What breaks a rule
is noted by the rule's name and changes nothing.
"""

from typing import Final

from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds
from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.consensus import notes
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.choosing_operations import Trial
from blockchain_lab.consensus.desk import Desk
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg_events import Finalised
from blockchain_lab.consensus.heard import make_evidence
from blockchain_lab.consensus.orders import OPERATIONS, Evidence, Operation
from blockchain_lab.consensus.slashing import check_heights
from blockchain_lab.consensus.sync_messages import Branch, Head, WantBranch
from blockchain_lab.consensus.vote import SignedVote

MOST_REMINDED: Final = 200  # votes to a new line; ours: the blocks that come next bring most of them
SKEW: Final = 2 * SECOND  # how far a block's time may lie ahead of ours; ours: a liar's clock is no excuse


def receive(desk: Desk, message: Message, source: ConnectionId, now: Microseconds) -> list[Effect]:
    """Anything that may change what we know; nothing for what we have no word for."""
    match message:
        case Head():
            return receive_head(desk, message, source)
        case Block():
            return receive_block(desk, message, source, now)
        case Branch():
            return receive_branch(desk, message, source, now)
    return receive_operation(desk, message, source) if isinstance(message, OPERATIONS) else []


def receive_block(desk: Desk, block: Block, source: ConnectionId | None, now: Microseconds) -> list[Effect]:
    """A block, new or not. source: the line it came on; None for one of our own."""
    branches = desk.branches
    if block.name in branches.tree or block.name in branches.orphans or block.name in branches.refused:
        return []
    if block.time > now + SKEW:
        broken = RuleBroken("time", f"found {block.time}, wanted at most {now + SKEW}: it is from the future")
        return [notes.operation_refused(block.command, broken, get_source(desk, source))]
    if block.parent in branches.refused:
        branches.refuse(block.name, "parent")
        return refuse_block(desk, block, RuleBroken("parent", "it builds on an invalid block"), source)
    if block.parent not in branches.tree:
        branches.orphans.add(block.name, block.parent, block)
        return [notes.block_orphaned(block), *ask(desk, block.parent, source)]
    effects: list[Effect] = []
    waiting = [block]
    while waiting:
        each = waiting.pop(0)
        accepted = branches.add(each)
        if isinstance(accepted, RuleBroken):
            effects += refuse_block(desk, each, accepted, source)
            continue
        effects += [*take_in(desk, accepted), *desk.pass_on(each, source)]
        waiting += branches.orphans.take_children(each.name)
    return effects


def refuse_block(desk: Desk, block: Block, broken: RuleBroken, source: ConnectionId | None) -> list[Effect]:
    """It is invalid for everybody and for ever; so is what waits for it."""
    effects: list[Effect] = [notes.block_invalid(block, str(broken))]
    if source is not None:
        effects.append(Note("peer misbehaved", {"from": get_source(desk, source), "reason": str(broken)}))
    waiting = desk.branches.orphans.take_children(block.name)
    while waiting:  # not by recursion: a thousand may wait for each other
        child = waiting.pop(0)
        desk.branches.refuse(child.name, "parent")
        effects.append(notes.block_invalid(child, "parent: it builds on an invalid block"))
        waiting += desk.branches.orphans.take_children(child.name)
    return effects


def take_in(desk: Desk, entry: BlockEntry) -> list[Effect]:
    """A block has come into our tree: say what it is, and learn what it carries."""
    said, learned = describe(desk, entry), learn_votes(desk, entry.header)  # its votes may be the proof
    return [*said, *learned, *find_conflicts(desk, entry)]


def describe(desk: Desk, entry: BlockEntry) -> list[Effect]:
    """All that there is to say about a block that has come into our tree."""
    branches, purpose = desk.branches, f"notes: {desk.rules.purpose}"
    return [*branches.store.once(purpose, entry.hash, lambda: describe_for_all(branches, entry))]


def find_conflicts(desk: Desk, entry: BlockEntry) -> list[Effect]:
    """What a block finalises beside our anchor, and whom we can prove guilty of a broken commandment.

    Weights are those of the validators at our anchor.
    """
    branches, proven = desk.branches, desk.heard.proven
    found = [event for event in branches.get_state(entry).events if isinstance(event, Finalised)]
    finality, epoch = branches.get_state(branches.anchor).finality, branches.get_anchor_epoch()
    weights = finality.epoch.forward.weights if finality is not None else {}
    return [
        notes.finality_conflict(event, branches.anchor, epoch, proven, weights)
        for event in found
        if is_conflicting(desk, event)
    ]


def describe_for_all(branches: Branches, entry: BlockEntry) -> tuple[Note, ...]:
    """What every peer says of a block: made once for all of them."""
    assert entry.previous is not None  # the genesis does not come
    state, before = branches.get_state(entry), branches.get_state(entry.previous)
    proposer = branches.rules.proposer
    shares = proposer.get_shares(state.lottery)
    is_new = shares != proposer.get_shares(before.lottery)
    return (
        *notes.block_accepted(entry),
        *([notes.lottery(shares, entry.hash)] if is_new else []),
        *(notes.describe_event(event, entry.hash) for event in state.events),
    )


def is_conflicting(desk: Desk, event: Finalised) -> bool:
    """Is a checkpoint that a branch has finalised neither before nor behind our anchor?"""
    finalised, anchor = desk.branches.tree[event.checkpoint.block], desk.branches.anchor
    return not is_ancestor(finalised, anchor) and not is_ancestor(anchor, finalised)


def learn_votes(desk: Desk, block: Block) -> list[Effect]:
    """Votes in blocks are heard, too: they may be half of some evidence."""
    effects: list[Effect] = []
    for operation in block.operations:
        if isinstance(operation, SignedVote) and operation not in desk.heard:
            effects += [notes.vote_heard(operation.vote, ""), *hear(desk, operation)]
    return effects


def hear(desk: Desk, signed: SignedVote) -> list[Effect]:
    """Remember a vote, and tell everybody when it is half of the first evidence against its validator."""
    pair = desk.heard.add(signed)
    name = signed.vote.validator
    if pair is None or not desk.policy.reports or name == desk.name or is_settled(desk, name):
        return []
    evidence = make_evidence(desk.name, pair)
    desk.waiting.add(evidence)
    return [notes.evidence_found(evidence), *desk.tell(evidence)]


def is_settled(desk: Desk, name: str) -> bool:
    """Has our own branch taken the deposit of one whom we can prove guilty? More proof would be refused."""
    finality = desk.branches.get_state(desk.branches.head).finality
    known = finality.validators.get(name) if finality is not None else None
    return name in desk.heard.proven and known is not None and known.is_slashed


def receive_operation(desk: Desk, operation: Operation, source: ConnectionId) -> list[Effect]:
    """A vote, an order or evidence. Heard or settled before: nothing."""
    if operation in desk.waiting or (isinstance(operation, SignedVote) and operation in desk.heard):
        return []
    if isinstance(operation, Evidence) and is_settled(desk, operation.first.vote.validator):
        return []  # several find the same: the others' evidence was on its way
    try:
        check_kept(desk, operation)
    except RuleBroken as broken:
        return [notes.operation_refused(operation.command, broken, get_source(desk, source))]
    desk.waiting.add(operation)
    effects = desk.pass_on(operation, source)
    if isinstance(operation, SignedVote):
        effects = [
            notes.vote_heard(operation.vote, get_source(desk, source)),
            *effects,
            *hear(desk, operation),
        ]
    return effects


def check_kept(desk: Desk, operation: Operation) -> None:
    """Is this worth keeping? RuleBroken.

    A vote may be for a branch that is not ours, or for a block that we have not seen: only what is wrong with
    it by itself counts. All else must be valid on our own branch.
    """
    head = desk.branches.head
    state = desk.branches.get_state(head)
    finality = state.finality
    if not isinstance(operation, SignedVote) or finality is None:
        Trial(head, state, desk.rules).add(operation)
        return
    check_heights(operation.vote)
    if operation.vote.validator not in finality.validators:
        raise RuleBroken("unknown validator", f"{operation.vote.validator!r} has never deposited")
    if not operation.is_signed():
        raise RuleBroken("signature", f"not signed by {operation.vote.validator!r}")
    memory = desk.policy.memory
    first, last = desk.branches.get_anchor_epoch() - memory, finality.epoch.number + memory
    desk.heard.check_room(operation.vote, first, last)


def remind(desk: Desk, line: ConnectionId) -> list[Effect]:
    """Tell a new line the votes that it may have missed. Those in blocks it gets with the blocks. O(waiting).

    Only votes that some branch may still count: for the last epoch of our head's branch, or the one before.
    """
    finality = desk.branches.get_state(desk.branches.head).finality
    if finality is None:
        return []
    recent = [
        each
        for each in desk.waiting.operations.values()
        if isinstance(each, SignedVote) and each.vote.target_height >= finality.epoch.number - 1
    ]
    own = desk.name
    return [
        Send(line, each)
        for each in recent[-MOST_REMINDED:]
        if desk.policy.relays or each.vote.validator == own
    ]


def receive_head(desk: Desk, head: Head, source: ConnectionId) -> list[Effect]:
    """Somebody's branch: ask for it, if we lack it. Whom we trust also tells us its anchor."""
    effects: list[Effect] = []
    if desk.policy.trusts and get_source(desk, source) == desk.policy.trusts and not desk.trusted:
        desk.trusted = head.anchor
        effects.append(notes.anchor_told(head.anchor, desk.policy.trusts))
    if head.name not in desk.branches.tree:
        effects += ask(desk, head.name, source)
    return effects


def receive_branch(desk: Desk, branch: Branch, source: ConnectionId, now: Microseconds) -> list[Effect]:
    """Blocks that we have asked for. If something still waits for a parent behind them, ask on."""
    effects: list[Effect] = []
    for block in branch.blocks:
        effects += receive_block(desk, block, source, now)
    if branch.is_cut and branch.blocks and branch.blocks[-1].name in desk.branches.tree:
        effects += ask(desk, branch.wanted, source, (branch.blocks[-1].name,))
    return effects


def ask(
    desk: Desk, wanted: bytes, source: ConnectionId | None, known: tuple[bytes, ...] = ()
) -> list[Effect]:
    """Ask a peer for what leads to a block. known: names that it may not guess from our head."""
    if source is None or source not in desk.lines:
        return []
    return [Send(source, WantBranch(wanted, (*known, *desk.branches.get_known())))]


def answer(desk: Desk, question: WantBranch, source: ConnectionId) -> list[Effect]:
    """Send the first blocks that lead to what is wanted. Secret ones are not ours to give."""
    blocks, is_cut = desk.branches.get_missing(question.wanted, question.known)
    if not blocks or any(block in desk.secret for block in blocks):
        return []
    return [Send(source, Branch(question.wanted, is_cut, blocks))]


def get_source(desk: Desk, source: ConnectionId | None) -> str:
    """The name of who is at the other end of a line; its address when nobody of that name is known."""
    if source is None:
        return desk.name
    address = desk.lines[source]
    return desk.directory.names.get(address, f"{address.ip}:{address.port}")
