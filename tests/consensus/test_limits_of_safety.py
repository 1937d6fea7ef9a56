"""What accountable safety does not promise: counter-examples 2 to 5, each played to its end.

Number 1 (nobody is slashed, and nothing can ever be justified) and the stitching of sets stand with the
theorems of `ffg`.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.block import Block, make_entry, make_genesis
from blockchain_lab.consensus.bouncing import ROOT, BouncingModel, get_parents
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import apply_block, get_start
from blockchain_lab.consensus.ffg_global import find_finalised, find_slashable
from blockchain_lab.consensus.ffg_params import LAB
from blockchain_lab.consensus.leak import count_late_epochs, walk_leak
from blockchain_lab.consensus.monitor import SafetyMonitor, Sets, use_one_set
from blockchain_lab.consensus.orders import Evidence, Exit, Withdrawal
from blockchain_lab.consensus.rewards import RewardRules
from blockchain_lab.consensus.theory import compute_quadratic_recovery
from blockchain_lab.consensus.vote import SignedVote, Vote
from blockchain_lab.consensus.weak_subjectivity import compute_bound, measure_drift

PARAMS = replace(LAB, epoch_length=2, withdrawal_delay=1, rewards=RewardRules(0, 0, leak="none"))
GENESIS = make_genesis("limits")


class Branch:
    """Blocks, and the state of Casper behind the last one."""

    def __init__(self, label, founders):
        """Only the genesis."""
        self.label = label
        self.entries = [GENESIS]
        self.state = get_start(PARAMS, founders, GENESIS.hash)
        self.votes = []

    def add(self, *operations):
        """One more block. RuleBroken."""
        parent = self.entries[-1]
        block = Block(parent.hash, parent.height + 1, parent.height + 1, self.label, 1, b"", operations)
        self.state, events = apply_block(self.state, parent, block, PARAMS)
        self.entries.append(make_entry(block, parent))
        return events

    def run_epoch(self, *names, first=()):
        """Its checkpoint with operations of its own, then a block with these validators' votes."""
        if len(self.entries) == 1:
            self.add()  # what is left of epoch 0
        self.add(*first)
        epoch = self.state.epoch
        votes = [
            Vote(name, epoch.source.block, epoch.target.block, epoch.source.epoch, epoch.target.epoch)
            for name in names
        ]
        self.votes += votes
        return self.add(*map(SignedVote.by, votes))


def watch(branches, find_sets):
    """A monitor that has seen everything."""
    monitor = SafetyMonitor(GENESIS, PARAMS, find_sets)
    for branch in branches:
        for entry in branch.entries:
            monitor.see_block(entry)
    for branch in branches:
        for vote in branch.votes:
            monitor.see_vote(vote)
    return monitor


def test_2_sets_that_have_drifted_apart_finalise_two_histories_and_nobody_is_guilty():
    """Left, all validators have been replaced since the common past; right, nobody has.

    Who has left cannot be asked, who has come never voted on the other side. The bound is below 0.
    """
    before = dict.fromkeys(("ann", "bob", "cat"), 10)
    after = dict.fromkeys(("dan", "eve", "fay"), 10)
    left, right = Branch("left", after), Branch("right", before)
    for _ in range(2):
        left.run_epoch(*after)
        right.run_epoch(*before)
    on_left = {entry.hash for entry in left.entries[1:]}
    monitor = watch(
        (left, right),
        lambda target: Sets(after, after) if target.hash in on_left else Sets(before, before),
    )

    assert 1 == len(monitor.conflicts)
    assert {} == monitor.guilty
    assert compute_bound(measure_drift(before, after), measure_drift(before, before)) == -20


PLACES = ("both", "left", "right", "gone", "new left", "new right")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PLACES), min_size=12, max_size=12),
    st.permutations(range(12)),
    st.permutations(range(12)),
)
def test_2_the_guilty_weigh_what_the_bound_says_at_least(places, order_left, order_right):
    """Twelve names in one set or in both, or gone, or new: barely two thirds of each set finalise."""
    names = [f"validator {number}" for number in range(12)]
    found = dict(zip(names, places, strict=True))
    before = {name: 1 for name, place in found.items() if not place.startswith("new")}
    sets = []
    for side in ("left", "right"):
        stay = {name: 1 for name, place in found.items() if place in ("both", side, f"new {side}")}
        sets.append(stay or {f"{side} alone": 1})
    voters = []
    for weights, order in zip(sets, (order_left, order_right), strict=True):
        ordered = sorted(
            weights, key=lambda name, order=order: order[names.index(name)] if name in names else 0
        )
        voters.append(ordered[: -(-2 * len(ordered) // 3)])
    branches = [Branch(side, weights) for side, weights in zip(("left", "right"), sets, strict=True)]
    for branch, by in zip(branches, voters, strict=True):
        branch.run_epoch(*by)
        branch.run_epoch(*by)
    on_left = {entry.hash for entry in branches[0].entries[1:]}
    monitor = watch(branches, lambda target: Sets(*([sets[0] if target.hash in on_left else sets[1]] * 2)))
    left, right = (measure_drift(before, weights) for weights in sets)

    assert 1 == len(monitor.conflicts)
    assert len(monitor.guilty) >= compute_bound(left, right)


def test_3_both_halves_leak_the_other_to_death_and_finalise():
    """Each half sees the other one silent. After 2,633 epochs both are two thirds, and nobody is guilty.

    By the static theorem somebody must be: its one set of weights does not exist any more.
    """
    rules = RewardRules(base_interest=0, base_penalty=200, coin=10**9)  # EIP-1011's leak
    here, there = dict.fromkeys(("ann", "bob"), 10**15), dict.fromkeys(("cat", "dan"), 10**15)
    start = here | there
    ends = []
    for half in (here, there):
        *_, last = walk_leak(start, half, rules)
        ends.append(last.deposits)
        assert 2_633 == last.late
    left, right = Branch("left", ends[0]), Branch("right", ends[1])
    for _ in range(2):
        left.run_epoch(*here)
        right.run_epoch(*there)
    on_left = {entry.hash for entry in left.entries[1:]}
    leaked = watch(
        (left, right), lambda target: Sets(*([ends[0] if target.hash in on_left else ends[1]] * 2))
    )
    at_first = watch((left, right), use_one_set(start))

    assert (1, {}) == (len(leaked.conflicts), leaked.guilty)
    assert ([], {}) == (at_first.conflicts, at_first.guilty), "with the weights of the start nothing is final"
    assert Fraction(1, 3) == pytest.approx(
        Fraction(sum(ends[0][name] for name in there), sum(ends[0].values())), abs=1e-4
    )


@pytest.mark.parametrize("silent", [0.4, 0.6])
def test_3_the_larger_side_of_a_partition_finalises_first(silent):
    """40 % silent take 17 epochs, 60 % take 34 (penalty of the contract tests), as the formula says."""
    rules = RewardRules(base_interest=0, base_penalty=2_000_000)
    deposits = {"here": int((1 - silent) * 10**9), "gone": int(silent * 10**9)}

    late = count_late_epochs(deposits, {"here"}, rules)

    assert {0.4: 17, 0.6: 34}[silent] == late
    assert late == pytest.approx(compute_quadratic_recovery(silent, 0.002), abs=1)


def run_past_the_exit_of_dan(does_withdraw):
    """Left: ann and dan finalise, dan leaves, ann and bob go on. Right: bob and dan finalise in secret."""
    founders = dict.fromkeys(("ann", "bob", "dan"), 30)
    left, right = Branch("left", founders), Branch("right", founders)
    left.run_epoch("ann", "dan", first=(Exit.by("dan"),))
    for _ in range(5):
        left.run_epoch("ann", "dan" if left.state.epoch.number < 4 else "bob")
    if does_withdraw:
        left.add(Withdrawal.by("dan"))
    right.run_epoch("bob", "dan")
    right.run_epoch("bob", "dan")
    signed = {
        (vote.validator, vote.target_height, branch.label): SignedVote.by(vote)
        for branch in (left, right)
        for vote in branch.votes
    }
    return left, right, Evidence("ann", signed["dan", 1, "left"], signed["dan", 1, "right"])


def test_4_who_has_taken_its_deposit_out_cannot_be_slashed_any_more():
    """The monitor names dan, a third of all; the chain refuses the evidence: it has left."""
    left, right, evidence = run_past_the_exit_of_dan(does_withdraw=True)
    monitor = watch((left, right), use_one_set(dict.fromkeys(("ann", "bob", "dan"), 30)))
    before = left.state
    with pytest.raises(RuleBroken) as caught:
        left.add(evidence)

    assert monitor.conflicts
    assert "double" == monitor.guilty["dan"].reason
    assert "has left" == caught.value.rule
    assert before is left.state
    assert "dan" not in left.state.deposits


def test_4_until_then_its_deposit_is_at_stake_although_it_votes_no_more():
    """The same evidence while the deposit waits: that is what the delay is for."""
    left, _, evidence = run_past_the_exit_of_dan(does_withdraw=False)
    assert "dan" not in left.state.get_stakes()
    (event,) = [event for event in left.add(evidence) if type(event).__name__ == "Slashed"]

    assert ("dan", "double", 30) == (event.validator, event.reason, event.amount)
    assert 0 == left.state.deposits["dan"]


def bounce(honest, attackers, epochs, **options):
    """Everything that is voted in an attack, what comes to be final, and who is guilty."""
    model = BouncingModel(honest, attackers)
    steps = list(model.walk(epochs, **{"is_patient": False} | options))
    votes = [vote for step in steps for vote in step.votes]
    weights = dict.fromkeys([*model.honest, *model.attackers], 1)
    final = find_finalised(votes, weights, get_parents(epochs), ROOT)
    return steps, list(final), find_slashable(votes)


@pytest.mark.parametrize(("honest", "attackers"), [(80, 20), (67, 33), (7, 3), (95, 5)])
def test_5_bouncing_keeps_finality_away_and_nobody_is_guilty(honest, attackers):
    """Every epoch but the first two justifies something, on the other branch; nothing is ever final."""
    steps, final, guilty = bounce(honest, attackers, epochs=60)

    assert [ROOT] == final
    assert {} == guilty
    assert all(len(step.justified) == 1 for step in steps[1:])
    assert 1 < len({step.votes[0].validator for step in steps}), "nobody is always the first to vote"
    assert all(one.ends_on != other.ends_on for one, other in pairwise(steps))


@pytest.mark.parametrize("honest_and_attackers", [(80, 20), (67, 33)])
def test_5_it_ends_with_the_attackers_or_with_patience(honest_and_attackers):
    """Plausible liveness held all the while: two epochs without the attackers, and a checkpoint is final."""
    _, final, guilty = bounce(*honest_and_attackers, epochs=30, stops_after=20)
    assert [b"X21", b"X22"] == final[1:3]
    assert {} == guilty
    _, final, guilty = bounce(*honest_and_attackers, epochs=30, is_patient=True)

    assert len(final) > 25, "who moves only when an epoch begins is moved once"
    assert {} == guilty


def test_5_a_third_could_stop_everything_without_bouncing():
    """So the model asks for less; and for at least one."""
    for honest, attackers in ((4, 0), (2, 1), (4, 2)):
        with pytest.raises(UsageError, match="less than a third"):
            BouncingModel(honest, attackers)
