"""The long-range attack: a whole other history, made in an instant with keys that have nothing to lose.

Signing is cheap, so old keys can sign blocks and votes with old times, as many as there would have been. Who
was there at the time has seen another history finalised and does not care; who comes anew, or has been away
for longer than a deposit is held back, cannot tell the two apart by their bytes.
"""

from typing import Final

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import Microseconds
from blockchain_lab.consensus import notes
from blockchain_lab.consensus.actors import vote_for
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.choosing_operations import choose_operations
from blockchain_lab.consensus.desk import Desk
from blockchain_lab.consensus.duties import go_along
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.proposer import Turn
from blockchain_lab.consensus.receiving import take_in
from blockchain_lab.consensus.vote import SignedVote

MOST_BLOCKS: Final = 1_000  # in one other history; ours: a slip of the finger must not take minutes


def rewrite(desk: Desk, now: Microseconds) -> list[Effect]:
    """From the genesis up to now with the keys that the peer holds; it tells all, and follows it itself.

    O(blocks).
    """
    names = (desk.name, *desk.policy.keys)
    parent, votes, effects = desk.rules.genesis, list[SignedVote](), list[Effect]()
    for _ in range(MOST_BLOCKS):
        chosen = find_first_turn(desk, parent, names)
        if chosen is None or chosen[1].at > now:
            break
        block = make_block(desk, parent, *chosen, votes)
        entry = desk.branches.tree.get(block.name)
        if entry is None:  # or it has rewritten so far before
            added = desk.branches.add(block)
            assert not isinstance(added, RuleBroken)  # its turn and its operations were asked for
            entry = added
            effects += [*take_in(desk, entry), *desk.tell(block)]
        parent = entry
        votes += sign_votes(desk, parent, names, votes)
    move = desk.branches.claim(parent)
    if move is not None:
        effects += go_along(desk, move)
        effects.append(notes.anchor_moved(desk.branches.anchor, desk.branches.get_anchor_epoch()))
    return effects


def sign_votes(
    desk: Desk, tip: BlockEntry, names: tuple[str, ...], before: list[SignedVote]
) -> list[SignedVote]:
    """The votes that are due on the new branch, as if there had never been another one."""
    signed = []
    for name in names:
        own = [each.vote for each in before if each.vote.validator == name]
        vote = vote_for(name, desk.branches, tip, own)
        if vote is not None:
            signed.append(SignedVote.by(vote))
    return signed


def find_first_turn(desk: Desk, parent: BlockEntry, names: tuple[str, ...]) -> tuple[str, Turn] | None:
    """Who of them could have been first to build on `parent`, right behind it."""
    lottery, after = desk.branches.get_state(parent).lottery, parent.header.time
    turns = [(name, desk.rules.proposer.find_turn(lottery, parent, name, after, desk.luck)) for name in names]
    found = [(name, turn) for name, turn in turns if turn is not None]
    return min(found, key=lambda pair: pair[1].at, default=None)


def make_block(desk: Desk, parent: BlockEntry, name: str, turn: Turn, votes: list[SignedVote]) -> Block:
    """Signed with its key; it carries those of the votes that are valid there."""
    state = desk.branches.get_state(parent)
    operations = choose_operations(votes, desk.actor, parent, state, desk.rules)
    block = Block(parent.hash, parent.height + 1, turn.at, name, turn.weight, turn.proof, operations)
    return block.sign()
