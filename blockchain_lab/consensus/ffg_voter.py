"""The honest validator: one vote for each epoch, and never one that could cost its deposit.

It votes for the checkpoint of its head's epoch, from the checkpoint that was the highest justified one on
that branch when the epoch began, once the target is deep enough that the lottery will hardly take it back.
Its guard knows its own past votes and nothing else, so it holds through any delay, any partition and any
switch of branches:

    target > all past targets        no double vote, and it surrounds nothing from outside
    source >= all past sources       nothing surrounds, or is surrounded by, a later vote

Source: ethereum/casper, VALIDATOR_GUIDE.md ("votes at most once per epoch"), and the Casper FFG paper.
"""

from collections.abc import Iterable

from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.vote import Vote


def choose_vote(name: str, state: FinalityState, past: Iterable[Vote], params: Params) -> Vote | None:
    """What an honest validator votes now, or None for "nothing, or not yet".

    state: behind the head of the branch that it follows; past: its own votes, in any order.
    """
    epoch = state.epoch
    if epoch.number == 0 or state.height < params.warm_up or not epoch.is_member(name):
        return None
    if state.height - params.get_checkpoint_height(epoch.number) < params.vote_depth:
        return None
    vote = Vote(name, epoch.source.block, epoch.target.block, epoch.source.epoch, epoch.number)
    return vote if is_harmless(vote, past) else None


def is_harmless(vote: Vote, past: Iterable[Vote]) -> bool:
    """Could this vote never be evidence together with any of those? Stricter than the commandments."""
    return all(
        vote.target_height > old.target_height and vote.source_height >= old.source_height for old in past
    )
