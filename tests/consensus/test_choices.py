"""One tree, many choices: where seven rules agree, and the trees on which they part."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.chain.tree import BlockTree, Snapshot
from blockchain_lab.consensus.block import Block, BlockEntry, make_entry, make_genesis
from blockchain_lab.consensus.choices import (
    CHOICES,
    clique_weight,
    ffg_eip1011,
    ffg_paper,
    ghost,
    heaviest_work,
    lmd_ghost,
    longest,
)
from blockchain_lab.consensus.view import ForkChoice, View

GENESIS = make_genesis("choices")


@dataclass(frozen=True)
class Justified:
    """What the state behind a block says."""

    justified: bytes
    justified_epoch: int


class Forest:
    """A tree written as text: `grow("A1 B2", on="0")` is a branch of two blocks, `A1:5` weighs five."""

    def __init__(self) -> None:
        self.tree = BlockTree(Snapshot.of_genesis(GENESIS))
        self.entries: dict[str, BlockEntry] = {"0": GENESIS}

    def grow(self, names: str, on: str = "0") -> "Forest":
        """Blocks on top of each other, in this order of arrival."""
        parent = self.entries[on]
        for word in names.split():
            name, _, weight = word.partition(":")
            block = Block(parent.hash, parent.height + 1, 0, name, int(weight or 1))
            parent = self.entries[name] = make_entry(block, parent)
            self.tree.add(parent)
        return self

    def view(self, **more) -> View:
        """What a peer that has seen all this chooses from."""
        return View(self.tree, more.pop("anchor", GENESIS), **more)

    def ask(self, choice: ForkChoice, **more) -> str:
        """The name of the tip that a rule chooses."""
        chosen = choice(self.view(**more))
        return next(name for name, entry in self.entries.items() if entry.hash == chosen)

    def names(self, **validators: str) -> dict[str, bytes]:
        """Whom each validator voted for."""
        return {validator: self.entries[name].hash for validator, name in validators.items()}


def test_longest_is_not_strongest():
    """Three easy blocks against two hard ones: the length of which Bitcoin's paper speaks, and work."""
    forest = Forest().grow("easy1 easy2 easy3").grow("hard1:2 hard2:2")

    assert "easy3" == forest.ask(longest)
    assert "hard2" == forest.ask(heaviest_work)


def test_at_equal_work_the_first_seen_stays():
    """Bitcoin Core's nSequenceId: whoever comes later must bring more."""
    forest = Forest().grow("first").grow("second")

    assert ["first"] * 3 == [forest.ask(choice) for choice in (longest, heaviest_work, ghost)]


def test_ghost_counts_the_stale_blocks_that_the_longest_chain_forgets():
    """The main lines of figure 3 of Sompolinsky and Zohar 2015.

    The attacker's six secret blocks are the longest chain, but the honest tree, whose blocks collided, has
    more.
    """
    forest = Forest().grow("1B 2C 3D 4B").grow("2B", on="1B").grow("2D", on="1B").grow("3C", on="2C")
    forest.grow("3E", on="2C").grow("4C", on="3D").grow("1A 2A 3A 4A 5A 6A")

    assert "6A" == forest.ask(longest)
    assert "4B" == forest.ask(ghost)


def test_clique_weight_prefers_the_signers_in_turn_and_then_the_shorter_branch():
    """Two in-turn blocks weigh as much as four out of turn: at the tie geth takes the lower number."""
    forest = Forest().grow("out1 out2 out3 out4").grow("in1:2 in2:2")

    assert "in2" == forest.ask(clique_weight)
    assert "out4" == forest.ask(heaviest_work)


def test_the_paper_follows_a_justified_checkpoint_whoever_shows_it_and_eip1011_only_who_shows_it_itself():
    """C is justified, but only by votes inside its child `shows`. A heavier child of C carries none of them.

    In the paper what counts is that C is justified: the heavier of its two branches wins. In EIP-1011 each
    tip is judged by its own state, and the branch without the votes knows of no justification.
    """
    forest = Forest().grow("C shows").grow("silent:5", on="C").grow("other:9")
    shown = {forest.entries["shows"].hash: Justified(forest.entries["C"].hash, 1)}

    assert "other" == forest.ask(heaviest_work)
    assert "silent" == forest.ask(ffg_paper, finality=shown)
    assert "shows" == forest.ask(ffg_eip1011, finality=shown)


def test_nothing_outside_the_anchor_is_followed_however_heavy():
    """What a peer has seen finalised it never leaves: no rule may choose another branch."""
    forest = Forest().grow("A1 A2").grow("B1:99")

    for choice in CHOICES.values():
        assert "A2" == forest.ask(choice, anchor=forest.entries["A1"])


def test_latest_votes_count_for_the_whole_past_of_their_block():
    """Two votes on two children of A outweigh a larger one on B; among A's children the larger wins."""
    forest = Forest().grow("A A1").grow("A2", on="A").grow("B")
    votes = forest.names(ann="A1", bob="A2", cat="B")

    assert "A2" == forest.ask(lmd_ghost, latest=votes, stakes={"ann": 2, "bob": 3, "cat": 4})
    assert "B" == forest.ask(lmd_ghost, latest=votes, stakes={"ann": 2, "bob": 3, "cat": 6})


def test_a_vote_below_the_justified_root_decides_nothing():
    """LMD-GHOST starts at the justified root: who voted for another branch does not count there."""
    forest = Forest().grow("A A1").grow("A2", on="A").grow("B")
    shown = {forest.entries["A1"].hash: Justified(forest.entries["A"].hash, 1)}
    votes = forest.names(ann="A2", bob="B")

    assert "A2" == forest.ask(lmd_ghost, finality=shown, latest=votes, stakes={"ann": 1, "bob": 100})


TREES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), min_size=1, max_size=25)


def make_forest(plan: list[tuple[int, int]]) -> Forest:
    """Each block stands on one of the earlier ones."""
    forest = Forest()
    for number, (on, weight) in enumerate(plan):
        names = list(forest.entries)
        forest.grow(f"N{number}:{weight}", on=names[on % len(names)])
    return forest


@given(TREES)
def test_casper_without_a_justified_checkpoint_is_the_heaviest_work_rule(plan):
    """Casper is a layer: before its first justification nobody would notice it."""
    forest = make_forest(plan)
    at_root = {entry.hash: Justified(GENESIS.hash, 0) for entry in forest.tree.tips.values()}
    views = [forest.view(), forest.view(finality=at_root)]

    for view in views:
        assert heaviest_work(view) == ffg_paper(view) == ffg_eip1011(view)


@given(TREES, st.randoms(use_true_random=False))
def test_the_order_of_arrival_matters_at_ties_only(plan, luck):
    """The same blocks in another order: every rule chooses as well, by its own measure."""
    forest = make_forest(plan)
    later = BlockTree(Snapshot.of_genesis(GENESIS))
    waiting = list(forest.tree.own.values())
    luck.shuffle(waiting)
    while waiting:
        ready = next(entry for entry in waiting if entry.previous.hash in later)
        later.add(ready)
        waiting.remove(ready)
    views = [forest.view(), replace(forest.view(), tree=later)]
    measures = {longest: "height", heaviest_work: "work"}

    for choice, measure in measures.items():
        assert 1 == len({getattr(forest.tree[choice(view)], measure) for view in views})


@pytest.mark.parametrize("name", CHOICES)
@given(TREES)
def test_a_choice_is_total_and_changes_nothing(name, plan):
    """Every rule chooses a block without children, and the view is as before."""
    view = make_forest(plan).view()
    before = list(view.tree.own), list(view.tree.tips)

    assert CHOICES[name](view) in view.tree.tips
    assert before == (list(view.tree.own), list(view.tree.tips))
