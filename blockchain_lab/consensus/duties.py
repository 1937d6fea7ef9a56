"""What follows from what a peer knows: which head, what to hold on to, which votes are due, when to propose.

`follow` is asked after everything that may have changed something; it does nothing when nothing has.
"""

from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Microseconds, display_hash
from blockchain_lab.chain.tree import ReorgPath, get_reorg_path
from blockchain_lab.consensus import notes
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.branches import Move
from blockchain_lab.consensus.choices import BY_VOTES
from blockchain_lab.consensus.choosing_operations import choose_operations
from blockchain_lab.consensus.desk import Desk
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.orders import OPERATIONS, Evidence
from blockchain_lab.consensus.receiving import hear, take_in
from blockchain_lab.consensus.vote import SignedVote, Vote

PROPOSE: Final = "propose"


def follow(desk: Desk, now: Microseconds) -> list[Effect]:
    """Choose the head again; then vote, plan and show as it asks for."""
    effects = trust(desk)
    if not desk.is_waiting_for_trust:
        move = desk.branches.move_head(desk.heard.latest)
        if move is not None:
            effects += go_along(desk, move)
            effects += vote(desk)
    return [*effects, *show(desk), *plan(desk, now)]


def may_lead_on(desk: Desk, message: Message) -> bool:
    """Could `follow` have something to do now? Most messages are votes, and mostly blocks alone decide."""
    is_by_votes = desk.branches.choice in BY_VOTES or desk.actor.heeds_votes
    return not isinstance(message, OPERATIONS) or is_by_votes


def trust(desk: Desk) -> list[Effect]:
    """Take over the checkpoint of whom we trust, once its block is here. Until then nothing is followed."""
    if not desk.is_waiting_for_trust or desk.trusted not in desk.branches.tree:
        return []
    desk.branches.anchor = desk.branches.tree[desk.trusted]
    desk.is_waiting_for_trust = False
    return [notes.anchor_moved(desk.branches.anchor, desk.branches.get_anchor_epoch())]


def go_along(desk: Desk, move: Move) -> list[Effect]:
    """The head has moved: what its old branch carried waits again, what its new one carries waits no more."""
    path = get_reorg_path(move.old, move.new)
    effects: list[Effect] = [notes.tip_changed(move.old, move.new, len(path.disconnect), len(path.connect))]
    change_waiting(desk, path)
    if desk.branches.move_anchor():
        epoch = desk.branches.get_anchor_epoch()
        effects.append(notes.anchor_moved(desk.branches.anchor, epoch))
        desk.heard.forget_below(epoch - desk.policy.memory)
        desk.waiting.drop_votes_below(epoch)
    return effects


def change_waiting(desk: Desk, path: ReorgPath[Block]) -> None:
    """Operations of blocks that we leave come back, in their order, unless the new branch has them too."""
    for entry in reversed(path.disconnect):
        for operation in entry.header.operations:
            desk.waiting.add(operation)
    for entry in path.connect:
        desk.waiting.remove(entry.header.operations)
        for operation in entry.header.operations:
            if isinstance(operation, Evidence):
                desk.waiting.drop_evidence(operation.first.vote.validator)


def vote(desk: Desk) -> list[Effect]:
    """Say what the actor wants to say now."""
    if not desk.policy.votes:
        return []
    effects: list[Effect] = []
    for each in desk.actor.choose_votes(desk.branches, desk.heard.get_own(desk.name)):
        effects += cast(desk, each)
    return effects


def cast(desk: Desk, chosen: Vote) -> list[Effect]:
    """Sign a vote and send it to everybody. One that spans nothing is no half of any evidence."""
    signed = SignedVote.by(chosen)
    if signed in desk.heard:
        return []
    if chosen.source_height >= chosen.target_height:
        return [notes.vote_sent(chosen), *desk.tell(signed)]
    desk.waiting.add(signed)
    return [notes.vote_sent(chosen), *desk.tell(signed), *hear(desk, signed)]


def plan(desk: Desk, now: Microseconds) -> list[Effect]:
    """Set a timer for each block that we want to build on, and none for others. O(blocks wanted)."""
    may_propose = desk.policy.proposes and not desk.is_waiting_for_trust
    wanted = desk.actor.choose_parents(desk.branches, desk.secret) if may_propose else []
    parents = {entry.hash: entry for entry in wanted}
    effects: list[Effect] = []
    for name in [name for name in desk.turns if name not in parents]:
        del desk.turns[name]
        effects.append(CancelTimer(get_timer(name)))
    for name, parent in parents.items():
        if name in desk.turns:
            continue
        lottery = desk.branches.get_state(parent).lottery
        after = max(now, parent.header.time)
        turn = desk.rules.proposer.find_turn(lottery, parent, desk.name, after, desk.luck)
        if turn is not None:
            desk.turns[name] = turn
            effects.append(SetTimer(get_timer(name), turn.at - now))
    return effects


def propose(desk: Desk, parent: BlockEntry, now: Microseconds) -> list[Effect]:
    """Our turn has come: make a block on `parent`, put it into our tree, show it when the actor wants."""
    turn = desk.turns.pop(parent.hash)
    own = desk.heard.get_own(desk.name)
    carried = desk.actor.choose_carried(desk.branches, parent, desk.secret, own)
    waiting = [*map(SignedVote.by, carried), *desk.waiting.operations.values()]
    operations = choose_operations(waiting, desk.actor, parent, desk.branches.get_state(parent), desk.rules)
    block = Block(
        parent.hash, parent.height + 1, turn.at, desk.name, turn.weight, turn.proof, operations
    ).sign()
    entry = desk.branches.add(block)
    if isinstance(entry, RuleBroken):
        return [notes.block_invalid(block, str(entry))]
    desk.secret.append(block)
    return [*take_in(desk, entry), *follow(desk, now)]


def show(desk: Desk) -> list[Effect]:
    """Send the blocks that the actor no longer keeps to itself."""
    if not desk.secret:
        return []
    effects: list[Effect] = []
    for block in desk.actor.choose_shown(desk.branches, desk.secret, desk.heard):
        desk.secret.remove(block)
        effects += desk.tell(block)
    return effects


def get_timer(parent: bytes) -> TimerName:
    """Each block that we build on has a timer of its own."""
    return TimerName(PROPOSE, about=display_hash(parent))
