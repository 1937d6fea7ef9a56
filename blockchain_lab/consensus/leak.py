"""The leak, epoch by epoch: who does not vote shrinks until those who vote are two thirds again.

A closed world for one question: one group votes in each epoch, another one is silent, nothing else happens.
No blocks and no network; the rules are those of `rewards`, in whole units. Each side of a partition sees the
other one silent, so each side is such a world.

    late epochs    share of the silent half     by EIP-1011's penalty; compare `theory`
          0        0.500
      1,000        0.475
      2,000        0.401
      2,633        0.333                        the voters are two thirds, and justify again

Two halves that cannot hear each other each do this to the other one, and both finalise: nobody has broken a
commandment, so nobody can be slashed (Casper FFG paper, figure 6).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from blockchain_lab.consensus.rewards import RewardRules, Tally, compute_reward_factor, settle_epoch


@dataclass(frozen=True, slots=True)
class LeakStep:
    """The state after one epoch."""

    late: int  # epochs since the last one that was normal
    votes: int  # units of those who vote
    total: int  # units of all
    deposits: Mapping[str, int]

    @property
    def is_justified(self) -> bool:
        """Would a checkpoint be justified by those who vote?"""
        return 3 * self.votes >= 2 * self.total


def walk_leak(deposits: Mapping[str, int], voters: Collection[str], rules: RewardRules) -> Iterator[LeakStep]:
    """Each late epoch until the voters are two thirds, that one included; for ever if nothing leaks.

    deposits: units by name; voters: who votes in each epoch. O(deposits) each.
    """
    late = 0
    while True:
        late += 1
        tally = get_tally(deposits, voters)
        since_finality = late + 2  # epochs: two are normal
        factor = compute_reward_factor(tally.total, since_finality, rules)
        deposits = settle_epoch(deposits, voters, factor, since_finality, tally, tally).deposits
        step = LeakStep(late, *get_tally(deposits, voters), deposits)
        yield step
        if step.is_justified:
            return


def get_tally(deposits: Mapping[str, int], voters: Collection[str]) -> Tally:
    """What votes, and all."""
    return Tally(sum(deposits[name] for name in deposits if name in voters), sum(deposits.values()))


def count_late_epochs(deposits: Mapping[str, int], voters: Collection[str], rules: RewardRules) -> int:
    """How many late epochs it takes until two thirds vote. Runs for ever if nothing leaks."""
    late = 0
    for step in walk_leak(deposits, voters, rules):
        late = step.late
    return late
