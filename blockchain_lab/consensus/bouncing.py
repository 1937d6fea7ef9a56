"""The bouncing attack: less than a third keeps finality away for ever, and nobody can be slashed.

Two branches X and Y. Honest validators follow the highest justified checkpoint. The attackers hold their
votes of an epoch back until the next one, and let them go in its middle:

    epoch 3    early votes   X1 -> X3    too few without the attackers
               the attackers' votes for Y2 come out: Y2 is justified, and higher than X1
               late votes    Y2 -> Y3    all have moved to Y
    epoch 4    early votes   Y2 -> Y4    too few
               the attackers' votes for X3 come out: X3 is justified, all move to X, and so on

Each branch is justified in every other epoch, so no checkpoint is justified by the one before it. Plausible
liveness holds all the while: the honest *could* finalise if they stayed. Patience is enough: who moves to
another justified checkpoint only when an epoch begins (the beacon chain: in its first slots) ends it.

A closed model: one vote, one unit; every vote is heard at once unless it is held back. Votes name abstract
checkpoints, so that `ffg_global` can judge them.

Sources: R. Nakamura, "Analysis of bouncing attack on FFG" (ethresear.ch, 2019); Runtime Verification's report
on the fork choice (2020); ethereum/consensus-specs, phase 0, SAFE_SLOTS_TO_UPDATE_JUSTIFIED.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.ffg_counting import is_supermajority
from blockchain_lab.consensus.vote import Vote

BRANCHES: Final = ("X", "Y")
ROOT: Final = b"root"


class Mark(NamedTuple):
    """A checkpoint: its name and its epoch."""

    name: bytes
    epoch: int


class Ballot(NamedTuple):
    """What a group votes for."""

    source: Mark
    target: Mark


@dataclass(frozen=True, slots=True)
class BounceStep:
    """One epoch."""

    epoch: int
    starts_on: str  # branch that the honest follow first
    ends_on: str  # and at last
    votes: tuple[Vote, ...]
    justified: tuple[bytes, ...]  # in this epoch


def get_mark(branch: str, epoch: int) -> Mark:
    """The branch's checkpoint of an epoch; the root is common."""
    return Mark(f"{branch}{epoch}".encode() if epoch else ROOT, epoch)


def get_parents(epochs: int) -> dict[bytes, bytes]:
    """Each checkpoint's predecessor on its branch."""
    return {
        get_mark(branch, epoch).name: get_mark(branch, epoch - 1).name
        for branch in BRANCHES
        for epoch in range(1, epochs + 1)
    }


class BouncingModel:
    """Who has voted for what, and what is justified on each branch."""

    def __init__(self, honest: int, attackers: int) -> None:
        """So many validators of one unit each. UsageError when this attack cannot work."""
        self.total = honest + attackers
        self.early = -(-2 * self.total // 3) - attackers  # just enough for two thirds, with the attackers
        if not 0 < self.early <= honest or 3 * attackers >= self.total or attackers < 1:
            raise UsageError(
                f"found {honest} honest and {attackers} attackers, wanted 1 to less than a third of them"
            )
        self.honest = [f"honest {number}" for number in range(honest)]
        self.attackers = [f"attacker {number}" for number in range(attackers)]
        self.counts: dict[Ballot, int] = {}
        self.justified = {branch: Mark(ROOT, 0) for branch in BRANCHES}

    def vote(self, names: Iterable[str], branch: str, ballot: Ballot) -> list[Vote]:
        """Everybody hears these votes; the target may become justified by them."""
        source, target = ballot
        votes = [Vote(name, source.name, target.name, source.epoch, target.epoch) for name in names]
        self.counts[ballot] = self.counts.get(ballot, 0) + len(votes)
        is_higher = target.epoch > self.justified[branch].epoch
        if is_higher and is_supermajority(self.counts[ballot], self.total):
            self.justified[branch] = target
        return votes

    def choose(self, here: str) -> str:
        """The branch of the highest justified checkpoint; stay where you are when both are as high."""
        return max(BRANCHES, key=lambda branch: (self.justified[branch].epoch, branch == here))

    def split(self, epoch: int) -> tuple[list[str], list[str]]:
        """Who votes early in an epoch and who late: others in each epoch."""
        turned = [self.honest[(place + epoch) % len(self.honest)] for place in range(len(self.honest))]
        return turned[: self.early], turned[self.early :]

    def walk(self, epochs: int, *, is_patient: bool, stops_after: int | None = None) -> Iterator[BounceStep]:
        """Epoch by epoch. stops_after: the last epoch in which attackers let votes go; then they are silent.

        In epoch 1 chance has split the honest: the late ones have heard of Y first. is_patient: the honest
        move only when an epoch begins.
        """
        here, held = "X", None
        for epoch in range(1, epochs + 1):
            before = dict(self.justified)
            starts_on = here = self.choose(here)
            early, late = self.split(epoch)
            ballot = Ballot(self.justified[here], get_mark(here, epoch))
            votes = self.vote(early, here, ballot)
            if held and (stops_after is None or epoch <= stops_after):
                votes += self.vote(self.attackers, *held)
            held = (here, ballot)
            if epoch == 1:
                here = "Y"
            elif not is_patient:
                here = self.choose(here)
            votes += self.vote(late, here, Ballot(self.justified[here], get_mark(here, epoch)))
            new = [mark.name for branch, mark in self.justified.items() if mark != before[branch]]
            yield BounceStep(epoch, starts_on, here, tuple(votes), tuple(new))
