"""Those who do something else with their rights: every attack is a choice, none bends a rule.

idle                 proposes and votes nothing, like a peer that is off
nothing-at-stake     builds on every tip and votes for every branch: free, unless votes are punished
double-voter         votes for every branch, and builds honestly
surrounder           votes, and later once more from the genesis, around its own vote
private              builds a secret branch, and shows it once it is heavier: the 51 % attack
censor               leaves evidence out of its blocks
bouncer              holds back a vote and a block that justify the branch which all have left: see `bouncer`
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from blockchain_lab.consensus.actors import Actor, vote_for
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.bouncer import Bouncer
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.heard import Heard
from blockchain_lab.consensus.orders import Evidence, Operation
from blockchain_lab.consensus.vote import Vote

HOPELESS: Final = 2  # blocks behind the head; ours
HONEST_VOTES: Final = 2  # of a surrounder, before its first dishonest one


class Idle(Actor):
    """Nobody at home."""

    word: ClassVar[str] = "idle"

    def choose_parents(self, branches: Branches, secret: Sequence[Block]) -> list[BlockEntry]:
        """None."""
        return []

    def choose_votes(self, branches: Branches, own: Sequence[Vote]) -> list[Vote]:
        """None."""
        return []


class DoubleVoter(Actor):
    """Votes on each branch as if there were no other."""

    word: ClassVar[str] = "double-voter"

    def choose_votes(self, branches: Branches, own: Sequence[Vote]) -> list[Vote]:
        """The honest vote of every tip, without the guard, once for each target."""
        voted = {vote.target for vote in own}
        due = [vote_for(self.name, branches, tip, ()) for tip in branches.get_tips()]
        fresh = {vote.target: vote for vote in due if vote is not None and vote.target not in voted}
        return list(fresh.values())


class NothingAtStake(DoubleVoter):
    """Builds on each tip, too."""

    word: ClassVar[str] = "nothing-at-stake"

    def choose_parents(self, branches: Branches, secret: Sequence[Block]) -> list[BlockEntry]:
        """All tips but those that are hopelessly behind: a few seconds of work are too much for them."""
        least = branches.head.height - HOPELESS
        return [tip for tip in branches.get_tips() if tip.height >= least]


class Surrounder(Actor):
    """Votes honestly in two epochs, and from then on from the genesis, around its own votes."""

    word: ClassVar[str] = "surrounder"

    def choose_votes(self, branches: Branches, own: Sequence[Vote]) -> list[Vote]:
        """One vote for each target."""
        due = vote_for(self.name, branches, branches.head, ())
        if due is None or any(vote.target == due.target for vote in own):
            return []
        if len(own) < HONEST_VOTES:
            return [due]
        return [Vote(self.name, branches.rules.genesis.hash, due.target, 0, due.target_height)]


class Censor(Actor):
    """Protects those who break commandments."""

    word: ClassVar[str] = "censor"

    def will_include(self, operation: Operation) -> bool:
        """All but evidence."""
        return not isinstance(operation, Evidence)


class Private(Actor):
    """Builds on its own secret branch, and shows it all once it is heavier than the public one."""

    word: ClassVar[str] = "private"

    def choose_parents(self, branches: Branches, secret: Sequence[Block]) -> list[BlockEntry]:
        """The end of its secret branch, however far behind; without one, the head."""
        return [branches.tree[secret[-1].name]] if secret else [branches.head]

    def choose_shown(self, branches: Branches, secret: Sequence[Block], heard: Heard) -> list[Block]:
        """Everything, once the public branch is deep enough behind the fork and the secret one is heavier."""
        hidden = {block.name for block in secret}
        public = max(
            (tip for tip in branches.get_tips() if tip.hash not in hidden), key=get_work, default=None
        )
        own = branches.tree[secret[-1].name]
        if public is None or public.height - branches.tree[secret[0].parent].height < self.depth:
            return []
        return list(secret) if own.work > public.work else []


def get_work(entry: BlockEntry) -> int:
    """Of the whole branch."""
    return entry.work


ACTORS: Final[Mapping[str, type[Actor]]] = {
    actor.word: actor
    for actor in (Actor, Idle, NothingAtStake, DoubleVoter, Surrounder, Private, Censor, Bouncer)
}
