"""What a peer remembers of votes and orders: evidence is found at once, nothing is lost between branches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.consensus_nodes import NAMES, Bench, make_chain

from blockchain_lab.consensus.choices import heaviest_work
from blockchain_lab.consensus.heard import Heard
from blockchain_lab.consensus.orders import Deposit, Exit
from blockchain_lab.consensus.slashing import slashable
from blockchain_lab.consensus.vote import SignedVote, Vote

TARGETS = st.integers(1, 6).flatmap(lambda high: st.tuples(st.integers(0, high - 1), st.just(high)))
VOTES = st.builds(
    lambda name, source, target, spans: Vote(name, bytes([source]) * 32, bytes([target]) * 32, *spans),
    st.sampled_from(NAMES[:2]),
    st.integers(0, 1),
    st.integers(0, 1),
    TARGETS,
)
UNSIGNED = bytes(64)  # `Heard` asks for no signature: who adds to it has


def find_pair(older, vote, rules):
    """Every pair is tried: the first one that breaks a commandment."""
    return next(((old, vote) for old in older if slashable(old, vote, rules)), None)


@pytest.mark.parametrize("rules", ["paper", "contract", "models"])
@settings(deadline=None)
@given(votes=st.lists(VOTES, max_size=12, unique=True))
def test_the_short_way_to_evidence_finds_what_the_long_way_finds(rules, votes):
    """Votes that only rise are not compared with older ones; the first pair of each validator is told."""
    heard, proven = Heard(rules), set()
    for number, vote in enumerate(votes):
        found = heard.add(SignedVote(vote, UNSIGNED))
        wanted = None
        if vote.validator not in proven:
            wanted = find_pair(votes[:number], vote, rules)
        proven |= {vote.validator} if wanted else set()

        assert wanted == (found and (found[0].vote, found[1].vote))
        assert proven == set(heard.proven)
    for name in NAMES[:2]:
        own = [vote for vote in votes if vote.validator == name]
        assert own == heard.get_own(name)
        if own:
            assert max(own, key=lambda vote: vote.target_height).target == heard.latest[name]


def test_forgotten_votes_are_no_evidence_any_more():
    """What is below an epoch is gone; what is not stays half of a pair."""
    heard = Heard()
    low, high = (Vote("ann", bytes(32), bytes([epoch]) * 32, 0, epoch) for epoch in (1, 2))
    for vote in (low, high):
        heard.add(SignedVote(vote, UNSIGNED))
    heard.forget_below(2)
    other = [Vote("ann", bytes(32), b"x" * 32, 0, epoch) for epoch in (1, 2)]

    assert [high] == heard.get_own("ann")
    assert None is heard.add(SignedVote(other[0], UNSIGNED))
    assert high == heard.add(SignedVote(other[1], UNSIGNED))[0].vote


STEPS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_without_casper_the_head_is_the_tip_with_most_work_that_was_seen_first(steps):
    """Any tree, in any order of growth: the oracle looks at all blocks, in the order seen."""
    bench = Bench(chain=make_chain(deposits=None))
    genesis = bench.node.desk.rules.genesis
    for parent, skip, _ in steps:
        known = [genesis, *bench.node.branches.tree.own.values()]
        bench.grow(1, known[parent % len(known)], skip=skip)
    known = [genesis, *bench.node.branches.tree.own.values()]

    assert max(known, key=lambda entry: entry.work) == bench.node.head
    assert bench.node.head.hash == heaviest_work(bench.node.branches.get_view({}))


ORDERS = (Exit.by("ann"), Exit.by("bob"), Exit.by("cat"), Deposit.by("zoe", 5), Deposit.by("yan", 5))


@settings(deadline=None, max_examples=60)
@given(
    st.sets(st.sampled_from(range(5))), st.sets(st.sampled_from(range(5))), st.sets(st.sampled_from(range(5)))
)
def test_a_way_to_another_branch_and_back_changes_nothing_but_what_was_learned_there(heard, left, right):
    """Orders heard, in blocks here, in blocks there: what waits in the end, and the state behind the head."""
    bench = Bench(policy={"proposes": False, "votes": False})
    fork = bench.grow(2)
    for number in sorted(heard):
        bench.hear(ORDERS[number])
    tip = bench.grow(1, fork, [ORDERS[number] for number in sorted(left)])
    waits, state = set(bench.node.desk.waiting.operations), bench.node.branches.get_state(tip)
    there = bench.grow(2, fork, [ORDERS[number] for number in sorted(right)], skip=1)

    assert there == bench.node.head
    assert {ORDERS[number].content_id for number in (heard | left) - right} == set(
        bench.node.desk.waiting.operations
    )
    back = bench.grow(2, tip)
    assert back == bench.node.head
    assert waits | {ORDERS[number].content_id for number in right - left} == set(
        bench.node.desk.waiting.operations
    )
    assert state == bench.node.branches.get_state(tip)
    assert all(name in state.finality.deposits for name in ("ann", "bob", "cat", "dan"))
