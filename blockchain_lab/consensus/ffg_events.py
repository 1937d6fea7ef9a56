"""What a block does to finality, as facts: for notes, views and tests. Nobody decides anything by them."""

from collections.abc import Mapping
from dataclasses import dataclass

from blockchain_lab.consensus.slashing import Offence


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A block that votes name, and its epoch."""

    epoch: int
    block: bytes


@dataclass(frozen=True, slots=True)
class CheckpointReached:
    """An epoch begins, and its checkpoint can be voted for."""

    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class VoteCounted:
    """A block has included a vote. Weights are units; 0 for a set that the validator does not belong to."""

    validator: str
    source: Checkpoint
    target: Checkpoint
    weight: int  # in the forward set
    rear_weight: int


@dataclass(frozen=True, slots=True)
class Justified:
    """Two thirds of both sets have voted for a link from a justified checkpoint to this one."""

    checkpoint: Checkpoint
    source: Checkpoint
    votes: int  # units of the forward set
    total: int
    rear_votes: int
    rear_total: int


@dataclass(frozen=True, slots=True)
class Finalised:
    """A justified checkpoint whose link to its direct child has two thirds; with it all that came before."""

    checkpoint: Checkpoint
    child: Checkpoint


@dataclass(frozen=True, slots=True)
class DynastyBegan:
    """One more checkpoint of this branch is final, so members change."""

    dynasty: int
    forward: tuple[str, ...]
    rear: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deposited:
    """Somebody will be a validator from the dynasty `starts` on."""

    validator: str
    amount: int
    starts: int


@dataclass(frozen=True, slots=True)
class ExitAsked:
    """Somebody leaves the forward set when the dynasty `ends` begins."""

    validator: str
    ends: int


@dataclass(frozen=True, slots=True)
class Withdrew:
    """What was left of a deposit is paid out."""

    validator: str
    amount: int
    lost: int  # units, by the share that was slashed about that time


@dataclass(frozen=True, slots=True)
class Slashed:
    """Evidence was included."""

    validator: str
    reason: Offence
    amount: int  # units lost at once; the rest of the penalty, if any, comes at withdrawal
    finder: str
    bounty: int
    ends: int  # dynasty


@dataclass(frozen=True, slots=True)
class DepositsChanged:
    """An epoch has been settled (`rewards`)."""

    epoch: int  # the one that has ended
    is_leak: bool  # was finality late?
    deposits: Mapping[str, int]  # all members' after it, in units
    factor: int  # of 10**18
    collective: int  # of 10**18
    for_proposers: int  # units


Event = (
    CheckpointReached
    | VoteCounted
    | Justified
    | Finalised
    | DynastyBegan
    | Deposited
    | ExitAsked
    | Withdrew
    | Slashed
    | DepositsChanged
)
