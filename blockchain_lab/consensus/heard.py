"""The votes that a peer has heard, included in blocks or not: who broke a commandment, who voted for what.

Two votes of one validator are evidence wherever they come from: a block, a friend, the branch that lost.
Votes far behind the anchor are forgotten, so that a peer's memory stays small; the monitor outside forgets
nothing.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.orders import Evidence
from blockchain_lab.consensus.slashing import RuleSet, slashable
from blockchain_lab.consensus.vote import SignedVote, Vote

MOST_VOTES: Final = 1_000  # of one validator; ours: an honest one has one for each epoch that is remembered


@dataclass(slots=True)
class Heard:
    """By validator, the votes that it is known to have signed, in the order heard."""

    rules: RuleSet = "paper"
    by_validator: dict[str, dict[Vote, SignedVote]] = field(default_factory=dict)
    peaks: dict[str, tuple[int, int]] = field(default_factory=dict)  # the highest source and target so far
    latest: dict[str, bytes] = field(default_factory=dict)  # the target of each one's highest vote
    proven: dict[str, None] = field(default_factory=dict)  # against whom there is evidence already

    def __contains__(self, signed: SignedVote) -> bool:
        """Was it heard before? A second signature on the same vote is no other vote."""
        return signed.vote in self.by_validator.get(signed.vote.validator, {})

    def add(self, signed: SignedVote) -> tuple[SignedVote, SignedVote] | None:
        """Remember a vote; an earlier one and it, when they are the first evidence against their validator.

        O(1) for who votes ever upwards, else O(votes of that validator). The vote's heights and its signature
        have been checked.
        """
        vote = signed.vote
        votes = self.by_validator.setdefault(vote.validator, {})
        source, target = self.peaks.get(vote.validator, (-1, -1))
        is_upwards = vote.source_height >= source and vote.target_height > target
        self.peaks[vote.validator] = max(vote.source_height, source), max(vote.target_height, target)
        pair = None
        if not is_upwards and vote.validator not in self.proven:  # upwards nothing is double nor surrounds
            earlier = (old for old in votes.values() if slashable(old.vote, vote, self.rules))
            pair = next(((old, signed) for old in earlier), None)
        votes[vote] = signed
        if vote.target_height > target:
            self.latest[vote.validator] = vote.target
        if pair is not None:
            self.proven[vote.validator] = None
        return pair

    def check_room(self, vote: Vote, first: int, last: int) -> None:
        """RuleBroken "too many votes" or "far epoch": one who signs without end must not fill our memory.

        first, last: the epochs for which a target is worth remembering.
        """
        if not first <= vote.target_height <= last:
            raise RuleBroken("far epoch", f"a vote for epoch {vote.target_height}, wanted {first} to {last}")
        if len(self.by_validator.get(vote.validator, ())) >= MOST_VOTES:
            raise RuleBroken("too many votes", f"{MOST_VOTES} of {vote.validator} are remembered")

    def get_own(self, validator: str) -> list[Vote]:
        """All votes of one validator that are remembered, in the order heard."""
        return list(self.by_validator.get(validator, ()))

    def forget_below(self, epoch: int) -> None:
        """Forget votes whose target is below. O(votes)."""
        for votes in self.by_validator.values():
            for vote in [vote for vote in votes if vote.target_height < epoch]:
                del votes[vote]


def make_evidence(finder: str, pair: tuple[SignedVote, SignedVote]) -> Evidence:
    """In the order heard."""
    first, second = pair
    return Evidence(finder, first, second)
