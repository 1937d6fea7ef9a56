"""What Casper FFG promises, what it does not, and why there are two sets of validators."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ffg_branch import FOUR, GENESIS, STILL, Branch

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import run_epochs
from blockchain_lab.consensus.ffg_events import Finalised
from blockchain_lab.consensus.ffg_global import (
    conflict,
    find_finalised,
    find_justified,
    find_links,
    find_slashable,
    is_descendant,
)
from blockchain_lab.consensus.ffg_params import PRESETS
from blockchain_lab.consensus.ffg_voter import choose_vote, is_harmless
from blockchain_lab.consensus.orders import Deposit, Exit
from blockchain_lab.consensus.slashing import slashable
from blockchain_lab.consensus.vote import SignedVote, Vote

NEW = {"eve": 25, "fay": 25, "gil": 25, "hal": 25}
SHORT = replace(STILL, epoch_length=4)  # blocks; more epochs for the same work


# --- the paper's own model: a tree of checkpoints, and all votes that were ever sent ---


def make_tree(height: int, branches: str = "ab") -> dict[str, str]:
    """Checkpoint -> the one before: "root", then "a1", "a2", ... beside "b1", "b2", ..."""
    return {
        f"{branch}{epoch}": f"{branch}{epoch - 1}" if epoch > 1 else "root"
        for branch in branches
        for epoch in range(1, height + 1)
    }


def get_height(name: str) -> int:
    """Epochs above the root."""
    return 0 if name == "root" else int(name[1:])


def make_vote(validator: str, source: str, target: str) -> Vote:
    """With the true heights."""
    return Vote(validator, source, target, get_height(source), get_height(target))  # type: ignore[arg-type]


def find_conflicts(votes: Iterable[Vote], weights: dict[str, int], parents: dict[str, str]) -> bool:
    """Are two final checkpoints on two branches?"""
    final = find_finalised(votes, weights, parents, "root")
    return any(conflict(parents, one, other) for one, other in combinations(final, 2))


def is_safe_or_accountable(votes: list[Vote], weights: dict[str, int], parents: dict[str, str]) -> bool:
    """The theorem for one set of votes."""
    guilty = sum(weights[name] for name in find_slashable(votes))
    return not find_conflicts(votes, weights, parents) or 3 * guilty >= sum(weights.values())


TREE = make_tree(4)
LINKS = [
    (source, target)
    for source, target in product(["root", *TREE], TREE)
    if source != target and is_descendant(TREE, target, source)
]


@settings(max_examples=300)
@given(
    st.lists(st.integers(1, 9), min_size=3, max_size=5),
    st.lists(st.tuples(st.sampled_from(LINKS), st.sets(st.integers(0, 4), max_size=2)), max_size=8),
)
def test_accountable_safety_for_any_set_of_votes(stakes, links):
    """Two conflicting final checkpoints cost somebody a third: for any weights and any votes whatever.

    Each link is voted for by all but a few; whoever wants to break this may vote as it likes.
    """
    weights = {f"v{place}": stake for place, stake in enumerate(stakes)}
    votes = [
        make_vote(name, *link)
        for link, absent in links
        for place, name in enumerate(weights)
        if place not in absent
    ]

    assert is_safe_or_accountable(votes, weights, TREE)


def test_accountable_safety_where_conflicts_are_frequent():
    """2,000 seeded sets of votes on two branches, of which hundreds finalise on both: the test is not empty.

    Weights, branches and absences are drawn; in each case of a conflict a third is found guilty.
    """
    random, conflicts = CounterRandom(7), 0
    for _ in range(2_000):
        weights = {f"v{place}": 1 + random.below(9) for place in range(5)}
        votes = []
        for branch in "ab":
            epoch = 0
            while epoch < 4:
                target = min(4, epoch + 1 + random.below(5) // 4)
                source = f"{branch}{epoch}" if epoch else "root"
                votes += [
                    make_vote(name, source, f"{branch}{target}") for name in weights if random.below(5) > 0
                ]
                epoch = target
        conflicts += find_conflicts(votes, weights, TREE)
        assert is_safe_or_accountable(votes, weights, TREE)

    assert conflicts > 200


def test_a_third_is_exactly_what_a_conflict_costs():
    """The bound is sharp: of three equal validators one votes on both branches, and both are final."""
    weights = {"ann": 1, "bob": 1, "cat": 1}
    votes = [make_vote(name, "root", "a1") for name in ("ann", "bob")]
    votes += [make_vote(name, "a1", "a2") for name in ("ann", "bob")]
    votes += [make_vote(name, "root", "b1") for name in ("bob", "cat")]
    votes += [make_vote(name, "b1", "b2") for name in ("bob", "cat")]

    assert find_conflicts(votes, weights, TREE)
    assert {"bob": "double"} == find_slashable(votes)


def test_the_lower_of_two_conflicting_finals_is_surrounded():
    """The proof's second case: no two targets of one height, so somebody jumped over the other's last link.

    root -> a1 -> a2 -> a3 final; root -> b4 -> b5 final: "root -> b4" surrounds "a1 -> a2" and "a2 -> a3".
    """
    tree = make_tree(5)
    votes = [
        make_vote("ann", *link)
        for link in [("root", "a1"), ("a1", "a2"), ("a2", "a3"), ("root", "b4"), ("b4", "b5")]
    ]

    assert find_conflicts(votes, {"ann": 1}, tree)
    assert {"ann": "surround"} == find_slashable(votes)


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_plausible_liveness(seed):
    """Whatever happened, two thirds can finalise something new, and nobody of them breaks a commandment.

    The past: votes on three branches, each from a justified source (as honest validators do), nobody
    slashable. The recipe: from the highest justified checkpoint to a descendant one epoch above everything
    ever voted for, then to that one's child.
    """
    random, tree = CounterRandom(seed), make_tree(12, "abc")
    weights = {f"v{place}": 1 + random.below(9) for place in range(5)}
    votes: list[Vote] = []
    for _ in range(40):
        justified = list(find_justified(find_links(votes, weights), "root"))
        source, target = (
            random.choice(justified),
            random.choice([name for name in tree if get_height(name) < 10]),
        )
        if is_descendant(tree, target, source) and source != target:
            new = [make_vote(name, source, target) for name in weights if random.below(4)]
            votes += [vote for vote in new if not any(slashable(vote, old) for old in votes)]
    assert {} == find_slashable(votes)

    top = max(find_justified(find_links(votes, weights), "root"), key=get_height)
    height = 1 + max((vote.target_height for vote in votes), default=0)
    branch = "a" if top == "root" else top[0]
    recipe = [(top, f"{branch}{height}"), (f"{branch}{height}", f"{branch}{height + 1}")]
    votes += [make_vote(name, *link) for link in recipe for name in weights]

    assert f"{branch}{height}" in find_finalised(votes, weights, tree, "root")
    assert {} == find_slashable(votes)


def test_counterexample_1_unslashed_is_not_enough_for_liveness():
    """Half vote root -> a1 -> a2, half root -> b1 -> b2. Nobody is guilty, and nothing is ever justified.

    Each has voted from a checkpoint that was not justified. Only the root is, and any further vote from it
    doubles or surrounds one of everybody's two (Coq model of FFG, 2018). So an honest voter must never vote
    from an unjustified source, and our blocks do not carry such votes.
    """
    weights = {"ann": 1, "bob": 1}
    votes = [make_vote("ann", "root", "a1"), make_vote("ann", "a1", "a2")]
    votes += [make_vote("bob", "root", "b1"), make_vote("bob", "b1", "b2")]
    tree = make_tree(8)

    assert {} == find_slashable(votes)
    assert ["root"] == list(find_justified(find_links(votes, weights), "root"))
    for name, target in product(weights, tree):
        vote = make_vote(name, "root", target)
        assert vote in votes or any(slashable(vote, old) for old in votes)


def test_plain_votes_on_a_chain_never_come_to_that():
    """The second vote of each half has a source that its own branch has not justified: refused there."""
    branch = Branch().reach(1)
    branch.cast(["ann", "bob"])  # half
    branch.reach(2)

    with pytest.raises(RuleBroken, match="source not justified"):
        branch.cast(["ann"], source=1)


# --- chains: what a block's own past says ---


def get_parents(branches: list[Branch]) -> dict[bytes, bytes]:
    """The tree of checkpoints that these branches have, from their events."""
    parents: dict[bytes, bytes] = {}
    for branch in branches:
        entry, params = branch.tip, branch.params
        last = None
        while True:
            if entry.height == params.get_checkpoint_height(params.get_epoch(entry.height)):
                if last is not None:
                    parents[last] = entry.hash
                last = entry.hash
            if entry.previous is None:
                break
            entry = entry.previous
    return parents


def walk_at_random(seed: int, *, is_honest: bool) -> tuple[list[Branch], list[Vote]]:
    """Up to four branches that grow and split; validators whose news is late and partial.

    At each step a validator sees the head of some branch, never mind which and how old, and maybe votes by
    it; votes reach blocks late, in any order, or never. Who is not honest forgets what it has voted before.
    """
    random, branches = CounterRandom(seed), [Branch(SHORT)]
    cast: dict[str, list[Vote]] = {name: [] for name in FOUR}
    mail: list[SignedVote] = []
    for _ in range(90):
        branch = random.choice(branches)
        for name in FOUR:
            seen = random.choice(branches)
            past = cast[name] if is_honest else []
            vote = choose_vote(name, seen.state, past, SHORT) if random.below(3) else None
            if vote is not None and vote not in cast[name]:
                cast[name].append(vote)
                mail.append(SignedVote.by(vote))
        branch.carry([signed for signed in mail[-20:] if random.below(3)])
        if len(branches) < 4 and not random.below(20):
            branches.append(branch.fork(f"maker {len(branches)}"))
    return branches, [vote for votes in cast.values() for vote in votes]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_honest_voters_are_never_slashable_whatever_the_network_does(seed):
    """Random delays, splits and switches of heads; and what is final is never on two branches."""
    branches, votes = walk_at_random(seed, is_honest=True)

    assert {} == find_slashable(votes)
    assert {} == find_slashable(votes, "contract")
    parents = get_parents(branches)
    for one, other in combinations([branch.state.finalised for branch in branches], 2):
        assert not conflict(parents, one, other)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_what_a_branch_calls_final_is_final_among_all_votes(seed, is_honest):
    """A chain counts only what its blocks include: it may see less than the world, never more.

    And whoever forgets its past votes pays: a conflict on chains, too, costs a third.
    """
    branches, votes = walk_at_random(seed, is_honest=is_honest)
    parents = get_parents(branches)
    final = {branch.state.finalised for branch in branches}
    world = find_finalised(votes, FOUR, parents, GENESIS.hash)

    assert final <= set(world)
    if any(conflict(parents, one, other) for one, other in combinations(world, 2)):
        assert 3 * sum(FOUR[name] for name in find_slashable(votes)) >= 100


def test_those_who_forget_their_votes_do_finalise_on_two_branches():
    """Or the test above would say nothing: with some seeds there is a conflict, and the guilty are found."""
    found = 0
    for seed in range(12):
        branches, votes = walk_at_random(seed, is_honest=False)
        parents = get_parents(branches)
        finals = {branch.state.finalised for branch in branches}
        if any(conflict(parents, one, other) for one, other in combinations(finals, 2)):
            found += 1
            assert len(find_slashable(votes)) >= 2

    assert found >= 3


def test_an_honest_voter_waits_votes_once_and_never_looks_back():
    """A quarter of an epoch above the checkpoint; then once; and not from a branch that knows less."""
    branch, params = Branch(), STILL
    branch.reach(1)
    assert 2 == params.vote_depth  # a quarter of five blocks, rounded up

    assert choose_vote("ann", branch.state, [], params) is None
    branch.grow()
    assert choose_vote("ann", branch.state, [], params) is None
    branch.grow()
    vote = choose_vote("ann", branch.state, [], params)
    assert branch.vote("ann").vote == vote
    assert choose_vote("ann", branch.state, [vote], params) is None
    assert choose_vote("eve", branch.state, [], params) is None  # no member
    assert choose_vote("ann", Branch().state, [], params) is None  # the root needs no votes

    ahead = Vote("ann", bytes(32), b"x" * 32, 1, 2)
    later = Vote("ann", bytes(32), b"y" * 32, 0, 3)  # would surround it, or nearly
    assert not is_harmless(later, [ahead])
    assert is_harmless(replace(later, source_height=1), [ahead])


# --- two sets: the paper's figure 4 ---


def make_figure_4(*, stitching: bool, helpers: Iterable[str] = ()) -> tuple[Branch, Branch]:
    """All four leave and four others come in one dynasty; then the branch splits.

    Left, blocks carry the votes that finalise checkpoint 2, so dynasty 2 begins with the new four. Right,
    they carry none, so the old four go on in dynasty 1. Everybody votes once in each epoch, on its own
    side; helpers on the left, too.
    """
    left = Branch(replace(STILL, stitching=stitching))
    left.grow(*map(Exit.by, FOUR), *(Deposit.by(name, amount) for name, amount in NEW.items()))
    left.pass_epochs(2, FOUR).reach(3)
    right = left.fork()
    left.cast(FOUR)
    right.grow()
    left.reach(4).cast([*NEW, *helpers])
    left.reach(5).cast(NEW)
    right.reach(4).cast(FOUR)
    right.reach(5).cast(FOUR)
    return left, right


def test_figure_4_without_stitching_two_branches_finalise_and_nobody_is_guilty():
    """The forward sets share no member, so no one needs to vote twice."""
    left, right = make_figure_4(stitching=False)

    assert (set(NEW), set(FOUR)) == (set(left.state.get_stakes()), set(right.state.get_stakes()))
    assert (4, 4) == (left.state.finalised_epoch, right.state.finalised_epoch)
    assert conflict(get_parents([left, right]), left.state.finalised, right.state.finalised)
    assert {} == find_slashable([*left.votes, *right.votes])


def test_figure_4_with_stitching_the_new_set_cannot_finalise_alone():
    """Left needs two thirds of the old four as well, for they are the rear set there."""
    left, right = make_figure_4(stitching=True)

    assert (2, 4) == (left.state.finalised_epoch, right.state.finalised_epoch)
    assert not conflict(get_parents([left, right]), left.state.finalised, right.state.finalised)
    assert set(FOUR) == set(left.state.epoch.rear.weights)


def test_figure_4_with_stitching_who_helps_the_left_branch_is_caught():
    """The old four vote on both sides: both finalise, and all of them are guilty."""
    left, right = make_figure_4(stitching=True, helpers=FOUR)

    assert (4, 4) == (left.state.finalised_epoch, right.state.finalised_epoch)
    assert dict.fromkeys(FOUR, "double") == find_slashable([*left.votes, *right.votes])


# --- weights that change: not in the paper's proof ---


def test_the_leak_lets_half_of_the_weight_justify_again():
    """EIP-1011's penalty: sqrt(2 ln 2 / BPF) = 2,633 epochs, here of the whole state machine.

    The factor is fixed at an epoch's start, and the first two epochs cost nothing: it is met within 4.
    """
    params = replace(PRESETS["eip1011"], warm_up=0, minimum_deposit=1, deposit_floor=0)
    founders = {"ann": 10**18, "bob": 10**18}
    results = run_epochs(founders, {epoch: ["ann"] for epoch in range(1, 2_645)}, 2_644, params=params)
    first = next(each.epoch for each in results if each.is_justified)

    assert abs(first - 2_633) <= 4
    assert results[first].finalised == first  # the direct child follows at once
    last = results[first - 1].forward
    assert 3 * last["ann"] >= 2 * sum(last.values())


def test_finality_is_an_event_of_the_block_that_shows_it():
    """One event for each final checkpoint of a branch, in order, whatever else happens."""
    branch = Branch().pass_epochs(5)

    finals = [event.checkpoint.epoch for event in branch.events if isinstance(event, Finalised)]
    assert [1, 2, 3, 4] == finals
