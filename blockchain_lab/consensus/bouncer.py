"""The bouncer: keeps finality away with a vote held back and one block in two epochs, and cannot be slashed.

Two branches; honest peers follow the highest justified checkpoint that they know of.

    branch Y stands still in epoch 1    all have left it. The bouncer builds one block there, in secret: with
                                        the votes that were cast, and its own, Y1 is justified
    branch X, epoch 2                   the honest vote for X2
    before a block of X has the votes   the bouncer shows its block: Y1 is higher than all that X shows, so
                                        all go there. X stands still in epoch 2, and so on

A vote counts only in the blocks of its target's epoch, so a branch that is left in time keeps its checkpoint
one block short of two thirds, and whoever makes that block says when. Each branch is justified in every other
epoch: no checkpoint by the one before it, so none is final. All its votes go upwards, as honest ones do.

It cannot make two branches out of one: that takes a cut, or chance. And it must be faster than the next
block. The same without blocks, where attackers need votes alone: `bouncing`.
"""

from collections.abc import Sequence
from typing import ClassVar

from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.consensus.actors import Actor, vote_for
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.ffg_counting import is_supermajority
from blockchain_lab.consensus.finality_state import Epoch, FinalityState
from blockchain_lab.consensus.heard import Heard
from blockchain_lab.consensus.vote import Vote


class Bouncer(Actor):
    """One validator; honest in its blocks while there is but one branch, or no Casper."""

    word: ClassVar[str] = "bouncer"
    heeds_votes: ClassVar[bool] = True

    def choose_votes(self, branches: Branches, own: Sequence[Vote]) -> list[Vote]:
        """None that anybody hears of."""
        return []

    def choose_carried(
        self, branches: Branches, parent: BlockEntry, secret: Sequence[Block], own: Sequence[Vote]
    ) -> list[Vote]:
        """Its honest vote on the branch that stands still."""
        vote = vote_for(self.name, branches, parent, own)
        return [vote] if vote is not None and parent == find_still(branches, secret) else []

    def choose_parents(self, branches: Branches, secret: Sequence[Block]) -> list[BlockEntry]:
        """Nothing while a block waits to be shown; then the branch that stands still; then the head."""
        if branches.rules.casper is None:
            return [branches.head]
        if find_ready(branches, secret):
            return []
        return [find_still(branches, secret) or find_public_head(branches, secret)]

    def choose_shown(self, branches: Branches, secret: Sequence[Block], heard: Heard) -> list[Block]:
        """The block that waits, once the honest votes for the public head's checkpoint need only its own.

        A block on the head itself, made while there was but one branch, at once.
        """
        if branches.rules.casper is None:
            return list(secret)
        head, ready = find_public_head(branches, secret), find_ready(branches, secret)
        if not ready:
            return [block for block in secret if block.parent == head.hash]
        epoch, raised = get_finality(branches, head).epoch, branches.tree[ready[-1].name]
        is_higher = epoch.number > get_finality(branches, raised).justified_epoch
        return ready if is_higher and self.could_complete(epoch, heard) else []

    def could_complete(self, epoch: Epoch, heard: Heard) -> bool:
        """Would the votes heard for an epoch's link and its own be two thirds? O(votes remembered)."""
        link, weights = (epoch.source.block, epoch.target.block), epoch.forward.weights
        voters = {
            name for name, votes in heard.by_validator.items() if any(vote.link == link for vote in votes)
        }
        weight = sum(weights.get(name, 0) for name in sorted({*voters, self.name}))
        return is_supermajority(weight, epoch.forward.total)


def get_finality(branches: Branches, entry: BlockEntry) -> FinalityState:
    """Behind a block, on a chain with Casper."""
    finality = branches.get_state(entry).finality
    assert finality is not None
    return finality


def get_public_ends(branches: Branches, secret: Sequence[Block]) -> list[BlockEntry]:
    """Where branches end for those who have not seen the secret blocks; first seen first. O(tips)."""
    hidden = {block.name for block in secret}
    ends: dict[bytes, BlockEntry] = {}
    for tip in branches.get_tips():
        end = tip
        while end.hash in hidden and end.previous is not None:
            end = end.previous
        ends[end.hash] = end
    return list(ends.values())


def find_public_root(branches: Branches, secret: Sequence[Block]) -> tuple[BlockEntry, int]:
    """The highest justified checkpoint that public branches show, and its epoch."""
    states = [get_finality(branches, end) for end in get_public_ends(branches, secret)]
    best = max(states, key=lambda state: state.justified_epoch)
    return branches.tree[best.justified], best.justified_epoch


def find_public_head(branches: Branches, secret: Sequence[Block]) -> BlockEntry:
    """What the others follow: the heaviest branch through that checkpoint (`choices.ffg_paper`)."""
    root, _ = find_public_root(branches, secret)
    ends = get_public_ends(branches, secret)
    return max(ends, key=lambda end: (is_ancestor(root, end), end.work))


def find_still(branches: Branches, secret: Sequence[Block]) -> BlockEntry | None:
    """Where a branch without the head could still be raised above all others: the highest such place."""
    head, (_, highest) = find_public_head(branches, secret), find_public_root(branches, secret)
    params = branches.rules.casper
    assert params is not None
    still = []
    for end in get_public_ends(branches, secret):
        epoch = get_finality(branches, end).epoch
        is_open = params.get_epoch(end.height + 1) == epoch.number > highest
        if is_open and not is_ancestor(branches.tree[epoch.target.block], head):
            still.append(end)
    return max(still, key=lambda end: end.height, default=None)


def find_ready(branches: Branches, secret: Sequence[Block]) -> list[Block]:
    """The secret blocks that justify a checkpoint above all that is public."""
    _, highest = find_public_root(branches, secret)
    return [
        block
        for block in secret
        if get_finality(branches, branches.tree[block.name]).justified_epoch > highest
    ]
