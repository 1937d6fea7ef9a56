"""Joining, leaving, being slashed and being paid: who may do what when, on one branch."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ffg_branch import FOUR, STILL, Branch

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import get_start, run_epochs
from blockchain_lab.consensus.ffg_events import Deposited, ExitAsked, Slashed, VoteCounted, Withdrew
from blockchain_lab.consensus.orders import Burn, Deposit, Evidence, Exit, Operation, Withdrawal
from blockchain_lab.consensus.validators import Validator, pick_forward, pick_rear
from blockchain_lab.consensus.vote import SignedVote, Vote

EIP = replace(STILL, withdrawal_after=1, may_return=True)


def refuse(branch: Branch, *operations: Operation) -> str:
    """The rule by which a block with these operations is refused; the state must not have moved."""
    state, tip = branch.state, branch.tip
    with pytest.raises(RuleBroken) as fault:
        branch.grow(Deposit.by("zoe", 1_000), *operations)
    assert (state, tip) == (branch.state, branch.tip)
    return fault.value.rule


def make_double(name: str = "dan", finder: str = "ann") -> Evidence:
    """Two votes of one height, on branches that nobody need know."""
    votes = [SignedVote.by(Vote(name, bytes(32), target * 32, 0, 1)) for target in (b"a", b"b")]
    return Evidence(finder, *votes)


def test_a_deposit_in_dynasty_d_votes_from_dynasty_d_plus_2_on():
    """Eve deposits in dynasty 0: of the forward set in dynasty 2, of the rear set in dynasty 3."""
    results = run_epochs(
        FOUR,
        {epoch: [*FOUR, *(["eve"] if epoch >= 4 else [])] for epoch in range(1, 7)},
        epochs=6,
        deposits={1: {"eve": 50}},
        params=STILL,
    )

    assert [0, 0, 1, 2, 3, 4] == [each.dynasty for each in results]
    assert [False, False, False, True, True, True] == ["eve" in each.forward for each in results]
    assert [False, False, False, False, True, True] == ["eve" in each.rear for each in results]
    assert [()] * 6 == [each.refused for each in results]


def test_a_vote_before_membership_is_refused():
    """She has paid, and still has to wait."""
    branch = Branch()
    branch.grow(Deposit.by("eve", 50))
    assert Deposited("eve", 50, 2) == branch.get_last(Deposited)

    for epoch, rule in ((1, "not a member"), (2, "not a member"), (3, "not a member")):
        branch.reach(epoch)
        assert rule == refuse(branch, branch.vote("eve"))
        branch.cast(FOUR)
    branch.reach(4).cast(["eve"])
    counted = branch.get_last(VoteCounted)
    assert (50, 0) == (counted.weight, counted.rear_weight)


def test_who_leaves_votes_in_the_rear_set_once_more_and_then_never():
    """Ann asks in dynasty 0: forward in 0 and 1, rear up to 2, refused from dynasty 3 on."""
    branch = Branch()
    branch.grow(Exit.by("ann"))
    assert ExitAsked("ann", 2) == branch.get_last(ExitAsked)

    weights = []
    for epoch in range(1, 5):
        branch.reach(epoch).cast(FOUR)
        counted = next(e for e in branch.events[::-1] if isinstance(e, VoteCounted) and e.validator == "ann")
        weights.append((branch.state.epoch.dynasty, counted.weight, counted.rear_weight))
    assert [(0, 25, 25), (0, 25, 25), (1, 25, 25), (2, 0, 25)] == weights
    assert 3 == branch.reach(5).state.epoch.dynasty
    assert "not a member" == refuse(branch, branch.vote("ann"))


members = st.builds(
    Validator, start=st.integers(-1, 9), end=st.none() | st.integers(0, 12), is_slashed=st.booleans()
)


@given(st.dictionaries(st.sampled_from("abcdefgh"), members), st.integers(-2, 14))
def test_the_forward_set_of_a_dynasty_is_the_rear_set_of_the_next(validators, dynasty):
    """Vf(d) == Vr(d + 1), names and weights, for whatever starts and ends."""
    deposits = dict.fromkeys(validators, 3)

    assert pick_forward(validators, dynasty, deposits) == pick_rear(validators, dynasty + 1, deposits)


joins = st.dictionaries(st.integers(1, 12), st.dictionaries(st.sampled_from("efgh"), st.integers(1, 30)))
leaves = st.dictionaries(st.integers(1, 12), st.lists(st.sampled_from([*FOUR, *"efgh"]), max_size=2))


@given(joins, leaves, st.lists(st.booleans(), min_size=12, max_size=12))
def test_sets_of_two_neighbouring_dynasties_share_one(deposits, exits, is_voted):
    """The identity on a chain that really ran, whoever joins and leaves: looked up by dynasty."""
    everybody = [*FOUR, *"efgh"]
    votes = {epoch: everybody for epoch, yes in enumerate(is_voted, 1) if yes}
    results = run_epochs(FOUR, votes, 12, deposits, exits, STILL)
    forward = {each.dynasty: set(each.forward) for each in results}
    rear = {each.dynasty: set(each.rear) for each in results}

    assert all(forward[dynasty] == rear[dynasty + 1] for dynasty in forward if dynasty + 1 in rear)
    assert all(later.dynasty - each.dynasty in (0, 1) for each, later in pairwise(results))


def test_deposits_that_are_refused():
    """Too small, or a second one; a name that has left for good may not come back."""
    branch = Branch(replace(STILL, minimum_deposit=10, withdrawal_delay=0))

    assert "deposit too small" == refuse(branch, Deposit.by("eve", 9))
    assert "deposited already" == refuse(branch, Deposit.by("ann", 50))
    assert "signature" == refuse(branch, replace(Deposit.by("eve", 50), amount=5_000))
    branch.grow(Exit.by("dan"))
    branch.pass_epochs(4)
    branch.grow(Withdrawal.by("dan"))
    assert "may not return" == refuse(branch, Deposit.by("dan", 50))


def test_in_the_contract_a_name_may_return_as_a_new_validator():
    """`delete_validator` frees the address."""
    branch = Branch(replace(EIP, withdrawal_delay=0))
    branch.grow(Exit.by("dan"))
    branch.pass_epochs(5)
    branch.grow()
    branch.grow(Withdrawal.by("dan"))
    branch.grow(Deposit.by("dan", 40))

    assert Validator(branch.state.dynasty + 2) == branch.state.validators["dan"]
    assert ["ann", "bob", "cat", "dan"] == list(branch.state.validators)
    assert 40 == branch.state.deposits["dan"]


def test_exits_that_are_refused():
    """Twice, of nobody, in somebody else's name, after everything is over."""
    branch = Branch(replace(STILL, withdrawal_delay=0))
    branch.grow(Exit.by("dan"))

    assert "exits already" == refuse(branch, Exit.by("dan"))
    assert "exits already" == refuse(branch.fork(), Exit.by("dan"))
    assert "unknown validator" == refuse(branch, Exit.by("eve"))
    assert "signature" == refuse(branch, replace(Exit.by("ann"), name="cat"))
    branch.pass_epochs(4)
    branch.grow(Withdrawal.by("dan"))
    assert "has left" == refuse(branch, Exit.by("dan"))
    assert "has left" == refuse(branch, Withdrawal.by("dan"))
    assert "has left" == refuse(branch, make_double("dan"))


@pytest.mark.parametrize(("params", "end_epoch"), [(STILL, 3), (EIP, 4)])
def test_the_withdrawal_delay_counts_from_the_end_dynasty_not_from_the_request(params, end_epoch):
    """Dan asks in dynasty 0, epoch 0. Dynasty 2, his last, begins behind the votes of epoch 3.

    In the paper the delay of 8 epochs begins there; in the contract a dynasty later, when he is in no set.
    """
    branch = Branch(params)
    branch.grow(Exit.by("dan"))
    assert "withdrawal too early" == refuse(branch, Withdrawal.by("dan"))
    assert "withdrawal too early" == refuse(branch, Withdrawal.by("ann"))  # has never asked to leave

    branch.pass_epochs(3)
    branch.grow()
    assert (2, 2) == (branch.state.dynasty, branch.state.validators["dan"].end)
    assert "withdrawal too early" == refuse(branch, Withdrawal.by("dan"))
    branch.pass_epochs(1)
    branch.grow()
    assert end_epoch == branch.state.dynasty_starts[2 + params.withdrawal_after]
    branch.pass_epochs(end_epoch + 7 - 4, ["ann", "bob", "cat"])
    assert end_epoch + 7 == branch.state.epoch.number
    assert "withdrawal too early" == refuse(branch, Withdrawal.by("dan"))
    branch.pass_epochs(1, ["ann", "bob", "cat"])
    branch.grow(Withdrawal.by("dan"))
    assert Withdrew("dan", 25, 0) == branch.events[-1]
    assert "dan" not in branch.state.deposits


def test_while_nothing_is_final_nobody_leaves():
    """Dynasties stand still, so the end dynasty does not come, however many epochs pass."""
    branch = Branch()
    branch.grow(Exit.by("dan"))

    branch.pass_epochs(20, ["ann"])

    assert 0 == branch.state.dynasty
    assert "withdrawal too early" == refuse(branch, Withdrawal.by("dan"))


def test_slashing_takes_the_whole_deposit_and_pays_the_finder():
    """The paper: everything; a twenty-fifth of it for the finder. From the next epoch on the vote is air."""
    branch = Branch(founders=dict.fromkeys(FOUR, 100)).reach(1)

    assert (Slashed("dan", "double", 100, "ann", 4, 1),) == branch.grow(make_double())
    assert (0, Validator(-1, 1, 400, is_slashed=True)) == (
        branch.state.deposits["dan"],
        branch.state.validators["dan"],
    )
    assert (400, 300) == (branch.state.epoch.forward.total, branch.reach(2).state.epoch.forward.total)
    assert {1: 100} == branch.state.slashed


def test_in_the_contract_slashing_forces_an_exit_and_takes_three_times_the_slashed_share_later():
    """Dan alone of four: 3/4 of his deposit. Dan and cat, half of all: everything.

    The finder's fee is newly made: it is not taken from the deposit.
    """
    for guilty, amount in ((["dan"], 25), (["dan", "cat"], 0)):
        branch = Branch(replace(EIP, slashing="proportional3"), dict.fromkeys(FOUR, 100)).reach(1)
        for name in guilty:
            branch.grow(make_double(name))
        assert (100, 1) == (branch.state.deposits["dan"], branch.state.validators["dan"].end)
        assert (0, 4) == (branch.get_last(Slashed).amount, branch.get_last(Slashed).bounty)

        branch.pass_epochs(11)
        branch.grow(Withdrawal.by("dan"))
        assert Withdrew("dan", amount, 100 - amount) == branch.events[-1]


def test_evidence_that_is_none():
    """One vote twice, two validators, two harmless votes, a bad signature, a stranger, a second time."""
    branch = Branch().reach(1)
    good = make_double()
    harmless = SignedVote.by(Vote("dan", bytes(32), b"c" * 32, 1, 2))
    other = make_double("cat")

    assert "no evidence" == refuse(branch, replace(good, second=good.first))
    assert "no evidence" == refuse(branch, replace(good, second=other.second))
    assert "no evidence" == refuse(branch, replace(good, second=harmless))
    assert "signature" == refuse(branch, replace(good, second=replace(good.second, signature=bytes(64))))
    assert "signature" == refuse(branch, replace(good, first=replace(good.first, signature=bytes(64))))
    assert "unknown validator" == refuse(branch, make_double("eve"))
    assert "slashed already" == refuse(branch, good, good)
    backwards = SignedVote.by(Vote("dan", bytes(32), b"c" * 32, 2, 2))
    assert "heights" == refuse(branch, replace(good, second=backwards))


def test_evidence_before_membership_is_refused_and_after_the_exit_accepted():
    """Who has left the sets can be slashed until the deposit is paid out: the delay is for that."""
    branch = Branch()
    branch.grow(Deposit.by("eve", 50), Exit.by("dan"))

    assert "not a member" == refuse(branch, make_double("eve"))
    branch.pass_epochs(6)
    assert not branch.state.epoch.is_member("dan")
    branch.grow(make_double("dan"), make_double("eve"))
    assert (2, 0, 0) == (
        branch.state.validators["dan"].end,
        branch.state.deposits["dan"],
        branch.state.deposits["eve"],
    )


def test_counterexample_4_who_has_left_before_the_evidence_keeps_everything():
    """Dan's two votes are known, but no block carries the evidence until his deposit is out."""
    branch = Branch(replace(STILL, withdrawal_delay=1)).reach(1)
    evidence = make_double("dan")
    branch.grow(Exit.by("dan"))
    branch.pass_epochs(5, ["ann", "bob", "cat"])

    branch.grow(Withdrawal.by("dan"))

    assert Withdrew("dan", 25, 0) == branch.get_last(Withdrew)
    assert "has left" == refuse(branch, evidence)


def test_founders_are_checked_like_everybody():
    """A scenario's mistake, so the caller hears of it."""
    with pytest.raises(UsageError, match="ann: a deposit of 9, wanted 10 or more"):
        get_start(replace(STILL, minimum_deposit=10), {"ann": 9})


def test_a_burn_is_not_casper_s_business():
    """Blocks may carry what belongs to a lottery."""
    branch = Branch()
    state = branch.state

    branch.grow(Burn.by("ann", 7))

    assert replace(state, height=1) == branch.state


def test_states_share_what_has_not_changed():
    """A thousand epochs of states are small because neighbours hold the same objects."""
    branch = Branch().reach(1)
    before = branch.state

    branch.grow()

    for part in ("validators", "deposits", "votes", "tallies", "slashed", "epoch"):
        assert getattr(before, part) is getattr(branch.state, part)
