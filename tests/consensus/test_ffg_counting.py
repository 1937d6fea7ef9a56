"""Two thirds justify, a second link finalises, and only votes that a branch shows count on it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ffg_branch import FOUR, STILL, Branch

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import is_supermajority, run_epochs
from blockchain_lab.consensus.ffg_events import (
    Checkpoint,
    CheckpointReached,
    DynastyBegan,
    Finalised,
    Justified,
)
from blockchain_lab.consensus.finality_state import LinkVotes
from blockchain_lab.consensus.orders import Deposit, Exit
from blockchain_lab.consensus.vote import SignedVote, Vote

THREE = ["ann", "bob", "cat"]
EIP = replace(STILL, checkpoint_offset=-1)


@pytest.mark.parametrize(
    ("votes", "total", "expected"),
    [(2, 3, True), (1, 3, False), (66, 100, False), (67, 100, True), (0, 0, True), (0, 1, False)],
)
def test_two_thirds_are_enough_and_nothing_less(votes, total, expected):
    """At least, not more than; of nobody always; no rounding however large the deposits."""
    assert expected is is_supermajority(votes, total)
    assert is_supermajority(2 * 10**30, 3 * 10**30)
    assert not is_supermajority(2 * 10**30 - 1, 3 * 10**30)


def test_a_justified_checkpoint_is_final_once_its_child_is_justified_from_it():
    """Two epochs of votes: the first justifies checkpoint 1, the second makes it final."""
    branch = Branch()

    first = branch.reach(1).cast(THREE)
    one = Checkpoint(1, branch.state.epoch.target.block)
    assert Justified(one, Checkpoint(0, branch.state.epoch.source.block), 75, 100, 75, 100) == first[-1]
    assert (one, 0) == (branch.state.last_justified, branch.state.finalised_epoch)

    second = branch.reach(2).cast(THREE)
    two = branch.state.epoch.target
    assert [Justified(two, one, 75, 100, 75, 100), Finalised(one, two)] == list(second[-2:])
    assert (two.block, one.block) == (branch.state.justified, branch.state.finalised)


def test_half_of_the_weight_is_not_enough_and_the_third_vote_is():
    """The link has two thirds exactly when the vote that tips it is counted, block by block."""
    branch = Branch().reach(1)

    branch.cast(["ann"])
    branch.cast(["bob"])
    assert (0, LinkVotes(50, 50)) == (branch.state.justified_epoch, branch.state.get_tally())
    branch.cast(["cat"])
    assert (1, LinkVotes(75, 75)) == (branch.state.justified_epoch, branch.state.get_tally())


def test_a_link_that_skips_an_epoch_justifies_and_finalises_nothing():
    """Nobody votes in epoch 2; checkpoint 3 is justified from 1, and 1 stays unfinal for ever.

    0 -> 1 ------> 3 -> 4        final: 3
    """
    branch = Branch().pass_epochs(1).reach(3)

    branch.cast(THREE)
    assert (3, 0) == (branch.state.justified_epoch, branch.state.finalised_epoch)
    branch.reach(4).cast(THREE)
    assert (4, 3) == (branch.state.justified_epoch, branch.state.finalised_epoch)
    assert (0, 1, 3, 4) == branch.state.justified_epochs
    assert 1 == branch.state.finalised_count


def test_votes_from_two_sources_do_not_add_up():
    """A link is both its ends: 50 from checkpoint 1 and 50 from the genesis are two halves, not a whole."""
    branch = Branch().pass_epochs(1).reach(2)

    branch.cast(["ann", "bob"], source=1)
    branch.cast(["cat", "dan"], source=0)

    assert 1 == branch.state.justified_epoch
    assert {1: LinkVotes(50, 50), 0: LinkVotes(50, 50)} == branch.state.tallies


def test_votes_count_from_above_their_checkpoint_up_to_the_next_one():
    """The rule of inclusion: what is final must be in the branch before the child's own child.

    With the checkpoint at e * L the last such block is the one before the next checkpoint. With the last
    block of the epoch before, as in EIP-1011, the next checkpoint itself may still carry votes.
    """
    for params, last in ((STILL, 9), (EIP, 9)):
        in_time, late = Branch(params).reach(1), Branch(params).reach(1)
        votes = [in_time.vote(name) for name in THREE]
        while in_time.tip.height < last - 1:
            in_time.grow()
        while late.tip.height < last:
            late.grow()

        in_time.grow(*votes)
        assert (last, 1) == (in_time.tip.height, in_time.state.justified_epoch)
        with pytest.raises(RuleBroken, match="wrong epoch: a vote for epoch 1, found 2"):
            late.grow(*votes)
    assert 9 == EIP.get_checkpoint_height(2)  # the block that has just carried votes for epoch 1


def test_the_checkpoint_of_an_epoch_is_a_parameter():
    """Block e * L in the paper, the block before it in EIP-1011; the genesis is checkpoint 0 in both."""
    assert [0, 5, 10] == [STILL.get_checkpoint_height(epoch) for epoch in range(3)]
    assert [0, 4, 9] == [EIP.get_checkpoint_height(epoch) for epoch in range(3)]

    branch = Branch(EIP).reach(1)
    assert (5, 1) == (branch.tip.height, branch.state.epoch.number)
    assert branch.tip.previous.hash == branch.state.epoch.target.block
    branch.cast(THREE)
    assert 1 == branch.state.justified_epoch


def test_blocks_above_a_final_checkpoint_of_eip1011_are_not_final():
    """It closes the epoch before: the blocks of "its" epoch come after it and may still be reverted."""
    branch = Branch(EIP).pass_epochs(2)

    assert (4, 1) == (EIP.get_checkpoint_height(1), branch.state.finalised_epoch)
    assert {5, 6, 7, 8, 9} == {height for height in range(40) if EIP.get_epoch(height) == 1}


def test_a_dynasty_begins_behind_the_block_that_finalises():
    """dynasty(b) counts what is final up to the parent of b; the genesis does not count."""
    branch = Branch().pass_epochs(2)

    assert (0, 1) == (branch.state.dynasty, branch.state.finalised_count)
    events = branch.grow()
    assert [DynastyBegan(1, tuple(FOUR), tuple(FOUR))] == list(events)
    assert (1, 0) == (branch.state.dynasty, branch.state.epoch.dynasty)  # sets of an epoch do not move
    assert 1 == branch.reach(3).state.epoch.dynasty


def test_in_the_contract_a_dynasty_begins_with_an_epoch():
    """One more epoch of patience: blocks in between still belong to the old dynasty."""
    branch = Branch(replace(STILL, dynasty_begins="epoch")).pass_epochs(2)

    branch.grow()
    assert 0 == branch.state.dynasty
    branch.reach(3)
    assert [DynastyBegan, CheckpointReached] == [type(event) for event in branch.events[-2:]]
    assert (1, (0, 3)) == (branch.state.dynasty, branch.state.dynasty_starts)


def test_two_branches_may_be_in_two_dynasties():
    """Votes that only one of them includes are final only there."""
    branch = Branch().pass_epochs(1).reach(2)
    other = branch.fork()

    branch.cast(THREE)
    branch.grow()
    other.grow()
    other.grow()

    assert (1, 0) == (branch.state.dynasty, other.state.dynasty)


def test_weights_stand_still_within_an_epoch():
    """A deposit is no member yet, and an exit still is one: the sets of an epoch are fixed at its start."""
    branch = Branch().reach(1)
    epoch = branch.state.epoch

    branch.grow(Deposit.by("eve", 1_000), Exit.by("ann"))

    assert epoch == branch.state.epoch
    assert 1_000 == branch.state.deposits["eve"]


def test_with_nobody_in_the_sets_every_checkpoint_is_final_and_dynasties_run():
    """As in the contract before the first deposit, or no depositor could ever become a member."""
    results = run_epochs({}, {}, epochs=4, params=STILL)

    assert [(1, True, 0), (2, True, 1), (3, True, 2), (4, True, 3)] == [
        (each.epoch, each.is_justified, each.finalised) for each in results
    ]
    assert [0, 0, 1, 2] == [each.dynasty for each in results]


def test_the_first_validator_finalises_alone_while_the_rear_set_is_empty():
    """Eve deposits in dynasty 0. In dynasty 2 she is the forward set, and the rear set is nobody."""
    results = run_epochs({}, {4: ["eve"], 5: ["eve"]}, epochs=6, deposits={1: {"eve": 10}}, params=STILL)
    fourth, fifth, sixth = results[3:]

    assert (2, {"eve": 10}, {}, True) == (fourth.dynasty, fourth.forward, fourth.rear, fourth.is_justified)
    assert (3, {"eve": 10}, {"eve": 10}) == (fifth.dynasty, fifth.forward, fifth.rear)
    assert (True, 4) == (fifth.is_justified, fifth.finalised)
    assert (False, 4) == (sixth.is_justified, sixth.finalised)  # nobody voted


def test_a_checkpoint_with_too_little_behind_it_binds_nobody():
    """The deposit floor is asked of both sets as of the checkpoint; the state knows both answers."""
    params = replace(STILL, deposit_floor=101)
    branch = Branch(params).pass_epochs(3)
    assert (3, 2) == (branch.state.last_justified.epoch, branch.state.last_finalised.epoch)
    assert (0, 0) == (branch.state.justified_epoch, branch.state.finalised_epoch)

    branch.grow(Deposit.by("eve", 1))  # in dynasty 2
    branch.pass_epochs(5)
    first = 7  # a member from dynasty 4 on, of the rear set from 5 on: epoch 7
    assert (8, 7) == (branch.state.justified_epoch, branch.state.finalised_epoch)
    firm = {event.checkpoint.epoch for event in branch.events if isinstance(event, Justified)}
    assert first in firm and 7 == branch.state.epoch.dynasty + 1


def test_warm_up_refuses_votes():
    """EIP-1011 leaves time for deposits before the first vote."""
    branch = Branch(replace(STILL, warm_up=8)).reach(1)

    with pytest.raises(RuleBroken, match="warm-up: found block 6, votes count from 8 on"):
        branch.cast(["ann"])
    branch.grow()
    branch.grow()
    branch.cast(THREE)
    assert 1 == branch.state.justified_epoch


def refuse(branch: Branch, signed: SignedVote) -> str:
    """The rule by which a branch refuses a vote; its state must not have moved."""
    state, tip = branch.state, branch.tip
    with pytest.raises(RuleBroken) as fault:
        branch.grow(branch.vote("dan"), signed)
    assert (state, tip) == (branch.state, branch.tip)
    return fault.value.rule


def test_votes_that_no_block_may_carry():
    """Each is refused with the rule's name, and the good vote before it in the block does not count."""
    branch = Branch().pass_epochs(1).reach(2)
    good = branch.vote("ann")
    vote = good.vote

    assert "signature" == refuse(branch, replace(good, signature=bytes(64)))
    assert "signature" == refuse(branch, replace(good, vote=replace(vote, validator="bob")))
    assert "unknown validator" == refuse(branch, branch.vote("eve"))
    assert "heights" == refuse(branch, branch.vote("ann", source=2))
    assert "heights" == refuse(branch, SignedVote.by(replace(vote, source_height=3)))
    assert "wrong epoch" == refuse(branch, branch.vote("ann", source=0, target=1))
    assert "wrong epoch" == refuse(branch, SignedVote.by(replace(vote, target_height=3)))
    assert "target elsewhere" == refuse(branch, SignedVote.by(replace(vote, target=bytes(32))))
    assert "source elsewhere" == refuse(branch, SignedVote.by(replace(vote, source=bytes(32))))
    assert "source elsewhere" == refuse(branch, SignedVote.by(replace(vote, source_height=0)))
    assert "voted already" == refuse(branch, branch.vote("dan"))
    assert "voted already" == refuse(branch, branch.vote("dan", source=0))


def test_nobody_votes_from_a_checkpoint_that_is_not_justified():
    """Such votes could block everybody for ever; the contract refuses them, too."""
    branch = Branch().reach(2)  # nobody voted in epoch 1

    assert "source not justified" == refuse(branch, branch.vote("ann", source=1))


def test_a_vote_for_a_checkpoint_of_another_branch_is_refused():
    """It is evidence, perhaps, but nothing to be counted here."""
    left, right = Branch(), Branch()
    right.maker = "bob"
    left.reach(1)
    right.reach(1)

    assert "target elsewhere" == refuse(left, right.vote("ann"))


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=8), st.data())
def test_the_tally_is_the_sum_of_the_weights(weights, data):
    """Independent oracle: who voted, added up; justified exactly from two thirds on."""
    founders = {f"v{place}": weight for place, weight in enumerate(weights)}
    voters = data.draw(st.lists(st.sampled_from(list(founders)), unique=True))

    (result,) = run_epochs(founders, {1: voters}, epochs=1, params=STILL)

    assert (sum(founders[name] for name in voters) * 3 >= 2 * sum(weights)) is result.is_justified


def test_a_vote_given_twice_counts_once_in_a_table_of_epochs():
    """`run_epochs` leaves out what breaks a rule, and says so."""
    (result,) = run_epochs(FOUR, {1: ["ann", "ann", "eve", "bob"]}, epochs=1, params=STILL)

    assert (False, (("ann", "voted already"), ("eve", "unknown validator"))) == (
        result.is_justified,
        result.refused,
    )


def test_votes_are_of_links_not_of_their_signatures():
    """`Vote.link` is what is counted; two validators name the same."""
    ann, bob = (Vote(name, b"s" * 32, b"t" * 32, 0, 1) for name in ("ann", "bob"))

    assert ann.link == bob.link
