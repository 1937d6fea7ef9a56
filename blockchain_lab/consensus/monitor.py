"""The safety monitor: it sees every block and every vote ever sent, and asks whether safety still holds.

No peer can be it: a peer sees what has reached it, and a chain counts what its blocks include. The monitor
counts all votes, wherever they are, as the theorems of the Casper FFG paper do, so it finds a conflict
before anybody can know of it, and knows everybody who could be slashed.

    justified, finalised    by all votes, with two thirds of both sets of the target's dynasty
    conflicts               pairs of finalised checkpoints of which neither is the other's ancestor
    guilty                  who broke a commandment, and with which two votes
    accounts                how much of a validator set the guilty hold: the theorem promises a third

The promise is for one set of validators. For two sets that have drifted apart since they had a common past
it is smaller, and may be nothing (`weak_subjectivity.compute_bound`); deposits that leak are not covered at
all (`leak`). The slow twin, without blocks and with one set, is `ffg_global`.

Source: Casper FFG paper (arXiv 1710.09437v4), theorem 1. Part of no node; it reads and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg_counting import is_supermajority
from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.slashing import Offence, RuleSet, check_heights, slashable
from blockchain_lab.consensus.vote import Vote

Weights = Mapping[str, int]  # units by name
Link = tuple[bytes, bytes]


class Sets(NamedTuple):
    """Who votes for a checkpoint: the two validator sets of its dynasty."""

    forward: Weights
    rear: Weights


FindSets = Callable[[BlockEntry], Sets]  # of a target


def use_one_set(weights: Weights) -> FindSets:
    """Validators never change."""
    return lambda target: Sets(weights, weights)


class Guilt(NamedTuple):
    """Two votes of one validator that break a commandment."""

    reason: Offence
    first: Vote
    second: Vote


class Account(NamedTuple):
    """How much of a set the guilty hold, in units."""

    guilty: int
    total: int

    @property
    def is_a_third(self) -> bool:
        """As much as accountable safety promises."""
        return 3 * self.guilty >= self.total


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two finalised checkpoints on two branches; the first was finalised first."""

    first: BlockEntry
    second: BlockEntry


class Tally:
    """What has voted for one link: weight in both sets of its target."""

    def __init__(self, sets: Sets) -> None:
        """Nobody yet."""
        self.sets = sets
        self.forward = self.rear = 0
        self.totals = sum(sets.forward.values()), sum(sets.rear.values())

    def add(self, name: str) -> None:
        """Count a validator, which votes for a link once."""
        self.forward += self.sets.forward.get(name, 0)
        self.rear += self.sets.rear.get(name, 0)

    @property
    def is_supermajority(self) -> bool:
        """Two thirds of both sets."""
        forward, rear = self.totals
        return is_supermajority(self.forward, forward) and is_supermajority(self.rear, rear)


class History:
    """One validator's votes."""

    def __init__(self) -> None:
        """None yet."""
        self.votes: dict[Vote, None] = {}
        self.targets: dict[int, None] = {}
        self.highest = -1, -1  # source and target, epochs

    def find_guilt(self, vote: Vote, rules: RuleSet) -> Guilt | None:
        """The first older vote that this one must not meet. O(1) for honest votes, which only rise."""
        source, target = self.highest
        if vote.source_height >= source and vote.target_height > target:
            return None
        for older in self.votes:
            reason = slashable(older, vote, rules)
            if reason:
                return Guilt(reason, older, vote)
        return None

    def add(self, vote: Vote) -> None:
        """Remember it."""
        self.votes[vote] = None
        source, target = self.highest
        self.highest = max(source, vote.source_height), max(target, vote.target_height)


class SafetyMonitor:
    """Feed it blocks before the votes that name them. All dicts are in the order of events."""

    def __init__(
        self, genesis: BlockEntry, params: Params, find_sets: FindSets, rules: RuleSet = "paper"
    ) -> None:
        """The genesis is justified and final. find_sets: see `use_one_set`."""
        self.params, self.find_sets, self.rules = params, find_sets, rules
        self.entries: dict[bytes, BlockEntry] = {genesis.hash: genesis}
        self.histories: dict[str, History] = {}
        self.tallies: dict[Link, Tally] = {}
        self.links: dict[bytes, dict[bytes, None]] = {}  # source -> targets with two thirds
        self.justified: dict[bytes, BlockEntry] = {genesis.hash: genesis}
        self.finalised: dict[bytes, BlockEntry] = {genesis.hash: genesis}
        self.conflicts: list[Conflict] = []
        self.guilty: dict[str, Guilt] = {}
        self.refused: dict[Vote, str] = {}  # votes that are none, and the rule that says so

    def see_block(self, entry: BlockEntry) -> None:
        """A block that somebody made."""
        self.entries.setdefault(entry.hash, entry)

    def see_vote(self, vote: Vote) -> None:
        """A vote that somebody sent, included or not, once or often."""
        history = self.histories.setdefault(vote.validator, History())
        if vote in history.votes or vote in self.refused:
            return
        try:
            check_heights(vote, self.rules)
        except RuleBroken as fault:
            self.refused[vote] = fault.rule
            return
        guilt = history.find_guilt(vote, self.rules)
        if guilt:
            self.guilty.setdefault(vote.validator, guilt)
        history.add(vote)
        if self.is_link(vote):
            self.count(vote)
        else:
            self.refused[vote] = "no link"

    def is_link(self, vote: Vote) -> bool:
        """Does it lead from a checkpoint to a later one of the same branch, with their true heights?"""
        source, target = self.entries.get(vote.source), self.entries.get(vote.target)
        if source is None or target is None or vote.source_height >= vote.target_height:
            return False
        heights = map(self.params.get_checkpoint_height, (vote.source_height, vote.target_height))
        return [source.height, target.height] == list(heights) and is_ancestor(source, target)

    def count(self, vote: Vote) -> None:
        """One more vote for its link."""
        if vote.link not in self.tallies:
            self.tallies[vote.link] = Tally(self.find_sets(self.entries[vote.target]))
        tally = self.tallies[vote.link]
        had_two_thirds = vote.target in self.links.get(vote.source, {})
        tally.add(vote.validator)
        if not had_two_thirds and tally.is_supermajority:
            self.links.setdefault(vote.source, {})[vote.target] = None
            if vote.source in self.justified:
                self.follow(vote.source)

    def follow(self, source: bytes) -> None:
        """Justify what links lead to from a justified checkpoint, and what follows from that."""
        waiting = [source]
        while waiting:
            here = waiting.pop()
            for there in self.links.get(here, {}):
                if self.is_direct(here, there):
                    self.finalise(self.entries[here])
                if there not in self.justified:
                    self.justified[there] = self.entries[there]
                    waiting.append(there)

    def is_direct(self, source: bytes, target: bytes) -> bool:
        """Is the target the source's direct child among checkpoints?"""
        epoch = self.get_epoch(self.entries[source])
        return self.entries[target].height == self.params.get_checkpoint_height(epoch + 1)

    def get_epoch(self, checkpoint: BlockEntry) -> int:
        """A checkpoint's own epoch: with offset -1 its block still belongs to the one before."""
        return self.params.get_epoch(checkpoint.height - self.params.checkpoint_offset)

    def finalise(self, entry: BlockEntry) -> None:
        """Two thirds want its direct child justified by it: it and all before it are final."""
        if entry.hash in self.finalised:
            return
        for other in self.finalised.values():
            if not is_ancestor(other, entry) and not is_ancestor(entry, other):
                self.conflicts.append(Conflict(other, entry))
        self.finalised[entry.hash] = entry

    def get_account(self, weights: Weights) -> Account:
        """How much of a set the guilty hold."""
        return Account(sum(weights.get(name, 0) for name in self.guilty), sum(weights.values()))

    def get_accounts(self, conflict: Conflict) -> tuple[Account, Account]:
        """The same for the forward sets of the two checkpoints of a conflict."""
        first, second = (self.find_sets(entry).forward for entry in (conflict.first, conflict.second))
        return self.get_account(first), self.get_account(second)
