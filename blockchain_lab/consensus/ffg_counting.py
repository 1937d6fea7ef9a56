"""Counting votes: epochs begin, links reach two thirds, checkpoints are justified and final.

    justified   the genesis, or the target of a link with two thirds whose source is justified
    final       the genesis, or a justified checkpoint whose link to its *direct* child has two thirds

A link may skip epochs and justify, but it finalises nothing then. Two thirds means of the forward set *and*
of the rear set (stitching): a branch in which a dynasty has begun and one in which it has not are voted for
by different sets, and without the rear set both could finalise with nobody voting twice (paper, Fig. 4). A
set of nobody agrees to everything.

A vote counts only in blocks between its target and the next checkpoint: what is final must be seen in the
branch before the next vote (the paper's rule of inclusion; its text has an index that cannot be met, the
contract does as here). Signatures, and which block is whose ancestor, are `ffg`'s business.
"""

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg_events import (
    Checkpoint,
    CheckpointReached,
    DepositsChanged,
    DynastyBegan,
    Finalised,
    Justified,
    VoteCounted,
)
from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.finality_state import NO_VOTES, Draft, Epoch, LinkVotes
from blockchain_lab.consensus.rewards import Tally, compute_reward_factor, get_lateness, settle_epoch
from blockchain_lab.consensus.validators import ValidatorSet, pick_forward, pick_rear


def is_supermajority(votes: int, total: int) -> bool:
    """At least two thirds, exactly: 3 * votes >= 2 * total. Of nobody, always."""
    return 3 * votes >= 2 * total


def begin_block(draft: Draft, params: Params) -> None:
    """The dynasty of a new block: what its parent's branch has finalised."""
    is_first = params.get_epoch(draft.height) > draft.epoch.number
    if draft.dynasty < draft.finalised_count and (is_first or params.dynasty_begins == "block"):
        begin_dynasty(draft, params.get_epoch(draft.height))


def begin_dynasty(draft: Draft, epoch: int) -> None:
    """One more checkpoint is final: members change."""
    draft.dynasty = draft.finalised_count
    draft.dynasty_starts = (*draft.dynasty_starts, epoch)
    forward = pick_forward(draft.validators, draft.dynasty, draft.deposits).weights
    rear = pick_rear(draft.validators, draft.dynasty, draft.deposits).weights
    draft.events.append(DynastyBegan(draft.dynasty, tuple(forward), tuple(rear)))


def begin_epoch(draft: Draft, target: Checkpoint, params: Params) -> None:
    """Settle the epoch that ends, fix sets and weights of the one that begins. O(validators).

    With nobody in either set the link from the last justified checkpoint holds at once: dynasties run until
    the first depositors are members, as in the contract. A fork choice ignores such checkpoints where the
    deposit floor is above 0.
    """
    settle(draft, target.epoch)
    forward = keep_set(draft.epoch.forward, pick_forward(draft.validators, draft.dynasty, draft.deposits))
    rear = keep_set(draft.epoch.rear, pick_rear(draft.validators, draft.dynasty, draft.deposits))
    late = target.epoch - draft.last_finalised.epoch
    factor = compute_reward_factor(max(forward.total, rear.total), late, params.rewards)
    draft.epoch = Epoch(target, draft.last_justified, draft.dynasty, forward, rear, factor)
    draft.votes, draft.tallies = {}, {}
    draft.events.append(CheckpointReached(target))
    if draft.height >= params.warm_up:
        check_link(draft, draft.epoch.source, params)


def keep_set(old: ValidatorSet, new: ValidatorSet) -> ValidatorSet:
    """The old object when nothing has changed, order included."""
    return old if old == new and list(old.weights) == list(new.weights) else new


def settle(draft: Draft, next_epoch: int) -> None:
    """Rewards and leak of the epoch that ends, for the members of its two sets."""
    epoch = draft.epoch
    members = {
        name: draft.deposits[name] for name in {**epoch.rear.weights, **epoch.forward.weights}
        if name in draft.deposits
    }  # fmt: skip
    voters = {name: source for name, source in draft.votes.items() if source == epoch.source.epoch}
    votes = draft.tallies.get(epoch.source.epoch, NO_VOTES)
    late = next_epoch - draft.last_finalised.epoch  # the contract counts it with the new epoch's number
    settled = settle_epoch(
        members,
        voters,
        epoch.factor,
        late,
        Tally(votes.forward, epoch.forward.total),
        Tally(votes.rear, epoch.rear.total),
    )
    if settled.deposits != members:
        draft.deposits |= settled.deposits
        draft.events.append(
            DepositsChanged(
                epoch.number,
                get_lateness(late) > 0,
                settled.deposits,
                settled.factor,
                settled.collective,
                settled.for_proposers,
            )
        )


def count_vote(draft: Draft, validator: str, source: Checkpoint, params: Params) -> None:
    """Count one vote from `source` to this epoch's checkpoint. RuleBroken.

    The caller knows that `source` is this branch's checkpoint of its epoch.
    """
    epoch = draft.epoch
    check_vote(draft, validator, source, params)
    weight = epoch.forward.weights.get(validator, 0)
    rear_weight = epoch.rear.weights.get(validator, 0)
    before = draft.tallies.get(source.epoch, NO_VOTES)
    draft.votes[validator] = source.epoch
    draft.tallies[source.epoch] = LinkVotes(before.forward + weight, before.rear + rear_weight)
    draft.events.append(VoteCounted(validator, source, epoch.target, weight, rear_weight))
    check_link(draft, source, params)


def check_vote(draft: Draft, validator: str, source: Checkpoint, params: Params) -> None:
    """RuleBroken when this vote cannot be counted now."""
    epoch = draft.epoch
    if draft.height < params.warm_up:
        raise RuleBroken("warm-up", f"found block {draft.height}, votes count from {params.warm_up} on")
    known = draft.validators.get(validator)
    if known is None:
        raise RuleBroken("unknown validator", f"{validator} has never made a deposit")
    if not epoch.is_member(validator):
        term = f"{known.start} to {'ever' if known.end is None else known.end}"
        raise RuleBroken("not a member", f"{validator} votes in dynasties {term}, found {epoch.dynasty}")
    if source.epoch >= epoch.number:
        raise RuleBroken("heights", f"{validator} votes from {source.epoch} to {epoch.number}")
    if validator in draft.votes:
        raise RuleBroken("voted already", f"{validator}, for a target in epoch {epoch.number}")
    if source != epoch.source and source.epoch not in draft.justified_epochs:
        raise RuleBroken("source not justified", f"{validator} votes from epoch {source.epoch}")


def check_link(draft: Draft, source: Checkpoint, params: Params) -> None:
    """Justify this epoch's checkpoint if the link from `source` has two thirds; maybe finalise `source`."""
    epoch = draft.epoch
    votes = draft.tallies.get(source.epoch, NO_VOTES)
    is_carried = is_supermajority(votes.forward, epoch.forward.total) and (
        not params.stitching or is_supermajority(votes.rear, epoch.rear.total)
    )
    if not is_carried or draft.last_justified == epoch.target:
        return
    target, parent = epoch.target, draft.last_justified
    draft.last_justified = target
    draft.justified_epochs = (*draft.justified_epochs, target.epoch)
    draft.events.append(
        Justified(target, source, votes.forward, epoch.forward.total, votes.rear, epoch.rear.total)
    )
    is_parent_firm = parent == draft.firm_justified
    if min(epoch.forward.total, epoch.rear.total) >= params.deposit_floor:
        draft.firm_justified = target
    if source.epoch + 1 == target.epoch and source.epoch > draft.last_finalised.epoch:
        draft.last_finalised = source
        draft.finalised_count += 1
        draft.events.append(Finalised(source, target))
        if is_parent_firm:  # `source` is the parent: the last justified one before its child
            draft.firm_finalised = source
