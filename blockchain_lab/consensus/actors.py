"""What a peer does with its rights: on which blocks it builds, what it votes for, shows, leaves out.

The rules of the chain are the same for everybody and stand elsewhere; an actor only chooses. An honest one
builds on its head, votes once an epoch, shows what it makes and includes what it hears. Those who do not are
in `actors_attack` and `bouncer`. An actor has no state of its own but what it says here, and never touches a
peer's.
"""

from collections.abc import Sequence
from typing import ClassVar

from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.ffg_voter import choose_vote
from blockchain_lab.consensus.heard import Heard
from blockchain_lab.consensus.orders import Operation
from blockchain_lab.consensus.vote import Vote


class Actor:
    """Honest."""

    word: ClassVar[str] = "honest"
    heeds_votes: ClassVar[bool] = False  # may a vote that it hears, without a block, change what it does?

    def __init__(self, name: str, depth: int) -> None:
        """name: whose rights they are; depth: see `Policy`."""
        self.name, self.depth = name, depth

    def choose_parents(self, branches: Branches, secret: Sequence[Block]) -> list[BlockEntry]:
        """On which blocks it tries to build, at the same time. secret: its blocks that it has not shown."""
        return [branches.head]

    def choose_votes(self, branches: Branches, own: Sequence[Vote]) -> list[Vote]:
        """What it votes for now. own: all that it has voted for before."""
        vote = vote_for(self.name, branches, branches.head, own)
        return [] if vote is None else [vote]

    def choose_carried(
        self, branches: Branches, parent: BlockEntry, secret: Sequence[Block], own: Sequence[Vote]
    ) -> list[Vote]:
        """Votes that it has told nobody: its own block on `parent` says them first. own: as above."""
        return []

    def will_include(self, operation: Operation) -> bool:
        """Does it put this into its blocks?"""
        return True

    def choose_shown(self, branches: Branches, secret: Sequence[Block], heard: Heard) -> list[Block]:
        """Which of the blocks that it has made and not shown it shows now. secret: not empty."""
        return list(secret)


def vote_for(name: str, branches: Branches, tip: BlockEntry, own: Sequence[Vote]) -> Vote | None:
    """The honest vote on the branch to `tip`, if one is due."""
    finality, params = branches.get_state(tip).finality, branches.rules.casper
    if finality is None or params is None:
        return None
    return choose_vote(name, finality, own, params)
