"""When a head is chosen again: what a node may leave out because nothing can come of it."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.consensus_nodes import Bench, make_chain

from blockchain_lab.base.store import ContentStore
from blockchain_lab.consensus import receiving
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.choices import BY_VOTES, CHOICES
from blockchain_lab.consensus.vote import SignedVote, Vote


def make_bench(choice: str) -> Bench:
    """A node that follows this rule."""
    chain = make_chain()
    chain["consensus"]["choice"] = choice
    return Bench(chain=chain)


def vote_for(bench: Bench, name: str, target: BlockEntry) -> SignedVote:
    """From the genesis to a block."""
    return SignedVote.by(Vote(name, bench.node.branches.rules.genesis.hash, target.hash, 0, 1))


@pytest.mark.parametrize("choice", CHOICES)
def test_a_vote_alone_moves_the_head_of_those_who_count_votes_and_of_nobody_else(choice: str) -> None:
    """Two branches of one block each: the first seen is followed, until three of four vote for the other."""
    bench = make_bench(choice)
    genesis = bench.node.branches.rules.genesis
    first, second = bench.grow(parent=genesis), bench.grow(parent=genesis, skip=1)
    before = bench.node.head
    for name in ("bob", "cat", "dan"):
        bench.hear(vote_for(bench, name, second))

    assert first == before
    assert (second if CHOICES[choice] in BY_VOTES else first) == bench.node.head


@given(choice=st.sampled_from(sorted(CHOICES)), length=st.integers(1, 12), voted=st.lists(st.integers(0, 12)))
def test_while_there_is_no_fork_every_rule_follows_the_only_branch(
    choice: str, length: int, voted: list[int]
) -> None:
    """So nobody needs to be asked. Whatever was voted for, and wherever the anchor is."""
    bench = make_bench(choice)
    line = [bench.node.head]
    for _ in range(length):
        line.append(bench.grow())
    branches = bench.node.branches
    branches.anchor = line[sum(voted) % len(line)]
    latest = {name: line[place % len(line)].hash for name, place in zip("abcdef", voted, strict=False)}

    assert line[-1].hash == CHOICES[choice](branches.get_view(latest))
    assert line[-1] == branches.choose_head(latest)


def test_what_all_say_of_a_block_is_put_into_words_once() -> None:
    """A second node with the same store says the same of the same block, and makes nothing anew."""
    store = ContentStore()
    ann, bob = Bench("ann", store=store), Bench("bob", store=store)
    block = ann.block()
    with patch.object(receiving, "describe_for_all", wraps=receiving.describe_for_all) as describe:
        said = [bench.hear(block) for bench in (ann, bob)]

    assert 1 == describe.call_count
    assert [effect for effect in said[0] if effect in said[1]]
    assert "block accepted" in [getattr(effect, "topic", "") for effect in said[1]]
