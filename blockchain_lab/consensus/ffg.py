"""Casper FFG, "the friendly finality gadget": a layer that makes blocks of any lottery final.

Its state is a fold along a branch, as a proposer's is: `get_start` behind the genesis, `apply_block` for
each block. It never proposes and never chooses a branch. Rooms:

    slashing · validators · ffg_params · finality_state · ffg_events      nouns and the two commandments
    ffg_counting · ffg_orders · rewards · penalties                       what blocks do to the state
    ffg_voter · ffg_global                                                honest voters; the paper's own model

`run_epochs` does the same without blocks, for tables and small examples.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.tree import get_ancestor
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg_counting import begin_block, begin_epoch, count_vote, is_supermajority
from blockchain_lab.consensus.ffg_events import Checkpoint, Event
from blockchain_lab.consensus.ffg_orders import on_deposit, on_evidence, on_exit, on_withdrawal
from blockchain_lab.consensus.ffg_params import LAB, Params
from blockchain_lab.consensus.finality_state import Draft, Epoch, FinalityState
from blockchain_lab.consensus.orders import Deposit, Evidence, Exit, Operation, Withdrawal
from blockchain_lab.consensus.slashing import check_heights
from blockchain_lab.consensus.validators import FOUNDER, Validator, pick_forward, pick_rear
from blockchain_lab.consensus.vote import NAME_SIZE, SignedVote, Vote

__all__ = ["EpochResult", "apply_block", "get_start", "is_supermajority", "run_epochs"]


def get_start(
    params: Params, deposits: Mapping[str, int], genesis: bytes = bytes(NAME_SIZE)
) -> FinalityState:
    """The state behind the genesis: its founders, name -> units, are members of both sets from the start.

    genesis: the genesis's name. UsageError for a deposit below the minimum, and for a preset that is no rule.
    """
    if params.is_drawn_only:
        raise UsageError(f"{params.name}: this preset is for drawing only, nothing can be built by it")
    for name, amount in deposits.items():
        if amount < params.minimum_deposit:
            raise UsageError(f"{name}: a deposit of {amount}, wanted {params.minimum_deposit} or more")
    validators = {name: Validator(FOUNDER) for name in deposits}
    root = Checkpoint(0, genesis)
    forward, rear = pick_forward(validators, 0, deposits), pick_rear(validators, 0, deposits)
    return FinalityState(
        height=0,
        epoch=Epoch(root, root, 0, forward, rear),
        dynasty=0,
        finalised_count=0,
        dynasty_starts=(0,),
        justified_epochs=(0,),
        last_justified=root,
        last_finalised=root,
        firm_justified=root,
        firm_finalised=root,
        votes={},
        tallies={},
        validators=validators,
        deposits=dict(deposits),
        slashed={},
    )


def apply_block(
    state: FinalityState, parent: BlockEntry, block: Block, params: Params
) -> tuple[FinalityState, tuple[Event, ...]]:
    """The state behind `block`, its parent's being `state`, and what has happened, in order.

    RuleBroken for an operation that is not valid here; such a block has no state. O(validators + operations).
    """
    draft = open_draft(state, parent, block.name, params)
    for operation in block.operations:
        apply_operation(draft, parent, operation, params)
    return draft.freeze(), tuple(draft.events)


def open_draft(state: FinalityState, parent: BlockEntry, name: bytes, params: Params) -> Draft:
    """The state in the making of a block behind `parent`, before its first operation. O(validators).

    name: the block's own, for it may be a checkpoint; a proposer that does not know it yet passes anything,
    for nothing that the block carries can name it.
    """
    draft = Draft(state, parent.height + 1)
    begin_block(draft, params)
    epoch = params.get_epoch(draft.height)
    if epoch > draft.epoch.number:
        is_own = params.get_checkpoint_height(epoch) == draft.height
        begin_epoch(draft, Checkpoint(epoch, name if is_own else parent.hash), params)
    return draft


def apply_operation(draft: Draft, parent: BlockEntry, operation: Operation, params: Params) -> None:
    """RuleBroken. What belongs to a lottery (a burn) is not looked at."""
    match operation:
        case SignedVote(vote=vote):
            check_signature(operation, vote.validator)
            count_vote(draft, vote.validator, find_source(draft, parent, vote, params), params)
        case Deposit(name=name, amount=amount):
            check_signature(operation, name)
            on_deposit(draft, name, amount, params)
        case Exit(name=name):
            check_signature(operation, name)
            on_exit(draft, name, params)
        case Withdrawal(name=name):
            check_signature(operation, name)
            on_withdrawal(draft, name, params)
        case Evidence(finder=finder, first=first, second=second):
            for signed in (first, second):
                check_signature(signed, signed.vote.validator)
            on_evidence(draft, finder, first.vote, second.vote, params)


def check_signature(operation: SignedVote | Deposit | Exit | Withdrawal, name: str) -> None:
    """RuleBroken "signature"."""
    if not operation.is_signed():
        raise RuleBroken("signature", f"a {operation.command} is not signed by {name}")


def find_source(draft: Draft, parent: BlockEntry, vote: Vote, params: Params) -> Checkpoint:
    """A vote's source, once it names two checkpoints of this branch. RuleBroken. Mostly O(1)."""
    epoch = draft.epoch
    check_heights(vote)
    if vote.target_height != epoch.number:
        raise RuleBroken("wrong epoch", f"a vote for epoch {vote.target_height}, found {epoch.number}")
    if vote.target != epoch.target.block:
        raise RuleBroken(
            "target elsewhere", f"{vote.target[::-1].hex()[:12]} is not the checkpoint of this branch"
        )
    if vote.source_height == epoch.source.epoch:
        source = epoch.source
    else:
        height = params.get_checkpoint_height(vote.source_height)
        source = Checkpoint(vote.source_height, get_ancestor(parent, height).hash)
    if vote.source != source.block:
        raise RuleBroken("source elsewhere", f"{vote.source[::-1].hex()[:12]} is no ancestor of the target")
    return source


@dataclass(frozen=True, slots=True)
class EpochResult:
    """How an epoch stands at its end."""

    epoch: int
    dynasty: int  # that began at or before its first block
    is_justified: bool  # this epoch's own checkpoint
    finalised: int  # the last finalised epoch
    forward: Mapping[str, int]  # units
    rear: Mapping[str, int]
    deposits: Mapping[str, int]  # units, of everybody
    refused: tuple[tuple[str, str], ...]  # name, rule


def run_epochs(
    validators: Mapping[str, int],
    votes: Mapping[int, Iterable[str] | Mapping[str, int]],
    epochs: int,
    deposits: Mapping[int, Mapping[str, int]] | None = None,
    exits: Mapping[int, Iterable[str]] | None = None,
    params: Params = LAB,
) -> list[EpochResult]:
    """Epochs 1 to `epochs` on one branch, without blocks and signatures.

    validators: the founders, name -> units; votes: epoch -> who votes for its checkpoint, from the source
    that is expected, or from an epoch of its own choice (name -> epoch); deposits: epoch -> name -> units;
    exits: epoch -> names. Within an epoch deposits come first, then exits, then votes. What breaks a rule is
    left out and listed. O(epochs * validators).
    """
    state, results = get_start(params, validators), []
    for number in range(1, epochs + 1):
        draft = Draft(state, number * params.epoch_length)
        begin_block(draft, params)
        begin_epoch(draft, Checkpoint(number, number.to_bytes(NAME_SIZE, "big")), params)
        refused = apply_wishes(draft, (deposits or {}).get(number, {}), (exits or {}).get(number, ()), params)
        refused += apply_votes(draft, votes.get(number, ()), params)
        epoch = draft.epoch
        is_justified = draft.last_justified == epoch.target
        state = draft.freeze()
        results.append(
            EpochResult(
                number,
                epoch.dynasty,
                is_justified,
                state.last_finalised.epoch,
                epoch.forward.weights,
                epoch.rear.weights,
                state.deposits,
                tuple(refused),
            )
        )
    return results


def apply_wishes(
    draft: Draft, deposits: Mapping[str, int], exits: Iterable[str], params: Params
) -> list[tuple[str, str]]:
    """Deposits and exits of one epoch; what was refused."""
    refused = []
    wishes: list[tuple[str, Any]] = [*deposits.items(), *((name, None) for name in exits)]
    for name, amount in wishes:
        try:
            on_exit(draft, name, params) if amount is None else on_deposit(draft, name, amount, params)
        except RuleBroken as fault:
            refused.append((name, fault.rule))
    return refused


def apply_votes(
    draft: Draft, votes: Iterable[str] | Mapping[str, int], params: Params
) -> list[tuple[str, str]]:
    """Votes of one epoch; what was refused."""
    refused = []
    for name in votes:
        source = votes[name] if isinstance(votes, Mapping) else draft.epoch.source.epoch
        try:
            count_vote(draft, name, Checkpoint(source, source.to_bytes(NAME_SIZE, "big")), params)
        except RuleBroken as fault:
            refused.append((name, fault.rule))
    return refused
