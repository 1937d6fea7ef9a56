"""What Casper FFG knows behind one block: a function of the branch that ends there, and of nothing else.

Two branches have two states, so they may differ in what is final, in which dynasty it is, and in who may
vote. States are many, one for each block, and change little from block to block; what has not changed is one
object in all of them. `Draft` is the next state while a block is being applied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeVar

from blockchain_lab.consensus.ffg_events import Checkpoint, Event
from blockchain_lab.consensus.validators import Validator, ValidatorSet

Part = TypeVar("Part")


class LinkVotes(NamedTuple):
    """Units that have voted for one link."""

    forward: int
    rear: int


NO_VOTES = LinkVotes(0, 0)


@dataclass(frozen=True, slots=True)
class Epoch:
    """What is fixed when an epoch begins. Weights do not move within it, whatever happens to deposits."""

    target: Checkpoint  # what its validators vote for
    source: Checkpoint  # the highest justified checkpoint then: where honest votes begin
    dynasty: int  # whose two sets vote
    forward: ValidatorSet
    rear: ValidatorSet
    factor: int = 0  # the reward factor, of 10**18

    @property
    def number(self) -> int:
        """Of the first epoch 0."""
        return self.target.epoch

    def is_member(self, name: str) -> bool:
        """May it vote in this epoch?"""
        return name in self.forward.weights or name in self.rear.weights


@dataclass(frozen=True, slots=True)
class FinalityState:
    """Behind one block."""

    height: int  # of the block
    epoch: Epoch
    dynasty: int  # of the block: checkpoints finalised up to its parent, the genesis not counted
    finalised_count: int  # up to the block itself: the next dynasty, or this one
    dynasty_starts: tuple[int, ...]  # epochs: in which each dynasty began
    justified_epochs: tuple[int, ...]  # of this branch, rising
    last_justified: Checkpoint
    last_finalised: Checkpoint
    firm_justified: Checkpoint  # the last one with enough deposits behind it (`deposit_floor`)
    firm_finalised: Checkpoint
    votes: Mapping[str, int]  # of this epoch, in the order included: validator -> its source's epoch
    tallies: Mapping[int, LinkVotes]  # of this epoch: the source's epoch -> units
    validators: Mapping[str, Validator]  # all there ever were, in the order of their deposits
    deposits: Mapping[str, int]  # units, until they are paid out
    slashed: Mapping[int, int]  # epoch -> units of those against whom it brought evidence

    @property
    def justified(self) -> bytes:
        """The highest justified checkpoint that counts for a fork choice."""
        return self.firm_justified.block

    @property
    def justified_epoch(self) -> int:
        """Its epoch; 0 is the genesis's."""
        return self.firm_justified.epoch

    @property
    def finalised(self) -> bytes:
        """The last finalised checkpoint that binds a peer."""
        return self.firm_finalised.block

    @property
    def finalised_epoch(self) -> int:
        """Its epoch; 0 is the genesis's."""
        return self.firm_finalised.epoch

    def get_stakes(self) -> Mapping[str, int]:
        """What the forward set's votes weigh in this epoch."""
        return self.epoch.forward.weights

    def get_tally(self) -> LinkVotes:
        """Units that have voted for the link that this epoch expects."""
        return self.tallies.get(self.epoch.source.epoch, NO_VOTES)

    def __deepcopy__(self, memo: dict[int, Any]) -> "FinalityState":
        """Immutable, so shared."""
        return self


class Draft:
    """The next state in the making, and what has happened so far. Same fields, and they may change."""

    def __init__(self, state: FinalityState, height: int) -> None:
        """As `state`, at the next height. O(validators): one copy for a whole block."""
        self.state = state
        self.height = height
        self.epoch = state.epoch
        self.dynasty, self.finalised_count = state.dynasty, state.finalised_count
        self.dynasty_starts, self.justified_epochs = state.dynasty_starts, state.justified_epochs
        self.last_justified, self.last_finalised = state.last_justified, state.last_finalised
        self.firm_justified, self.firm_finalised = state.firm_justified, state.firm_finalised
        self.votes, self.tallies = dict(state.votes), dict(state.tallies)
        self.validators, self.deposits = dict(state.validators), dict(state.deposits)
        self.slashed = dict(state.slashed)
        self.events: list[Event] = []

    def freeze(self) -> FinalityState:
        """The finished state. Parts that are as before are the objects of before."""
        values = {
            each.name: keep(getattr(self.state, each.name), getattr(self, each.name))
            for each in fields(FinalityState)
        }
        return FinalityState(**values)


def keep(old: Part, new: Part) -> Part:
    """The old object when nothing has changed, so that thousands of states share it."""
    return old if old == new else new
