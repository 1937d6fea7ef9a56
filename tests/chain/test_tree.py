"""The block tree: who is best, who is stale, how to get from one tip to another."""

from collections.abc import Iterable
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.path import ChainPath
from blockchain_lab.chain.tree import (
    BlockTree,
    Entry,
    Snapshot,
    get_ancestor,
    get_branch,
    get_fork,
    get_reorg_path,
    is_ancestor,
)

Named = Entry[str]


def grow(*lines: str) -> dict[str, Named]:
    """Entries by name from lines such as "G A B": each the next one's parent. G is the genesis."""
    entries = {"G": Entry(b"G", "G", 1)}
    for line in lines:
        parent, *children = line.split()
        for child in children:
            entries[child] = Entry(child.encode(), child, 1, entries[parent])
            parent = child
    return entries


def view(entries: Iterable[Named]) -> BlockTree[str]:
    """A peer's tree that has seen these entries in this order; the first one is the genesis."""
    genesis, *others = entries
    tree = BlockTree(Snapshot.of_genesis(genesis))
    for entry in others:
        tree.add(entry)
    return tree


def names(entries: Iterable[Named]) -> list[str]:
    """Their names, in order."""
    return [entry.header for entry in entries]


def test_most_work_wins_and_at_equal_work_the_first_seen() -> None:
    r"""C2 is as good as B2 but came later.

          B1 -- B2
         /
        G
         \
          C1 -- C2 -- C3

    C3 is better.
    """
    seen = grow("G B1 B2", "G C1 C2 C3")
    tree = view([seen[name] for name in ("G", "B1", "C1", "B2", "C2")])
    at_equal_work = tree.best
    tree.add(seen["C3"])

    assert "B2" == at_equal_work.header
    assert "C3" == tree.best.header


def test_work_counts_not_length() -> None:
    """One hard block outweighs three easy ones: the longest chain is not the best one."""
    seen = grow("G B1 B2 B3")
    hard = Entry(b"H", "H", 5, seen["G"])
    tree = view([seen["G"], seen["B1"], seen["B2"], seen["B3"], hard])

    assert "H" == tree.best.header


def test_the_way_from_one_tip_to_another_leads_over_the_fork() -> None:
    r"""A reorganisation.

        G -- A1 --+-- B2 -- B3
                   \
                    C2 -- C3 -- C4

    Undo B3 and B2, top first; then apply C2, C3, C4, lowest first.
    """
    seen = grow("G A1 B2 B3", "A1 C2 C3 C4")

    path = get_reorg_path(seen["B3"], seen["C4"])

    assert "A1" == path.fork.header
    assert ["B3", "B2"] == names(path.disconnect)
    assert ["C2", "C3", "C4"] == names(path.connect)


def test_the_way_up_a_chain_undoes_nothing() -> None:
    """A new block on the tip, and no way at all to where we are."""
    seen = grow("G A1 A2")

    up, nowhere = get_reorg_path(seen["A1"], seen["A2"]), get_reorg_path(seen["A2"], seen["A2"])

    assert ([], ["A2"]) == (names(up.disconnect), names(up.connect))
    assert ([], []) == (names(nowhere.disconnect), names(nowhere.connect))


def test_stale_tips_are_the_ends_that_the_active_chain_does_not_lead_to() -> None:
    r"""With the tip at C2, B2 is stale; C3 is not: it builds on the tip. With the tip at C3, D2 is stale too.

    G -- A1 --+-- B2
               \-- C2 -- C3
                    \-- (D2 is another child of A1)
    """
    seen = grow("G A1 B2", "A1 C2 C3")
    tree = view([seen[name] for name in ("G", "A1", "B2", "C2", "C3")])
    tree.add(Entry(b"D2", "D2", 1, seen["A1"]))

    assert ["B2", "D2"] == names(tree.get_stale_tips(seen["C2"]))
    assert ["B2", "D2"] == names(tree.get_stale_tips(seen["C3"]))
    assert ["C3", "D2"] == names(tree.get_stale_tips(seen["B2"]))


def test_an_invalid_block_takes_its_descendants_with_it() -> None:
    r"""C2 turns out to be invalid, so C3 is worth nothing, and neither is C4 that comes later.

    G -- A1 --+-- B2
               \-- C2 (invalid) -- C3 -- C4
    """
    seen = grow("G A1 B2", "A1 C2 C3 C4")
    tree = view([seen[name] for name in ("G", "A1", "B2", "C2", "C3")])

    tree.mark_invalid(b"C2")
    tree.add(seen["C4"])

    assert "B2" == tree.best.header
    assert [False, False, False] == [tree.is_valid(seen[name]) for name in ("C2", "C3", "C4")]


def test_an_entry_needs_its_parent() -> None:
    """Who adds a child before its parent has made a mistake; so has who marks the root."""
    seen = grow("G A1 A2")
    tree = view([seen["G"]])

    with pytest.raises(UsageError, match="parent is not in the tree"):
        tree.add(seen["A2"])
    with pytest.raises(UsageError, match="a genesis breaks no rule"):
        tree.mark_invalid(b"G")
    assert "G" == tree.best.header


def test_peers_that_start_from_one_snapshot_do_not_disturb_each_other() -> None:
    """Ann and Bob start with the same chain and hear of different blocks."""
    seen = grow("G A1 A2", "A2 B3", "A2 C3 C4")
    base = view([seen["G"], seen["A1"], seen["A2"]]).freeze()
    ann, bob = BlockTree(base), BlockTree(base)

    ann.add(seen["B3"])
    bob.add(seen["C3"])
    bob.add(seen["C4"])

    assert ("B3", "C4") == (ann.best.header, bob.best.header)
    assert b"C3" not in ann
    assert (4, 5) == (len(ann), len(bob))
    assert ["A2"] == names(base.tips)


def test_a_copy_is_a_peer_of_its_own_and_shares_the_entries() -> None:
    """Stepping back copies nodes: the copy must not be changed by the original, and must not copy a chain."""
    seen = grow("G A1 A2")
    tree = view([seen["G"], seen["A1"]])
    twin = deepcopy(tree)

    tree.add(seen["A2"])

    assert "A1" == twin.best.header
    assert twin[b"A1"] is tree[b"A1"]


@st.composite
def trees(draw: st.DrawFn) -> list[Named]:
    """Entries of a random tree, the genesis first, parents before children; work 1 to 3."""
    entries = [Entry(b"0", "0", 1)]
    for number in range(1, draw(st.integers(2, 40))):
        parent = entries[-1] if draw(st.booleans()) else draw(st.sampled_from(entries))
        name = str(number)
        entries.append(Entry(name.encode(), name, draw(st.integers(1, 3)), parent))
    return entries


def walk_down(entry: Named | None) -> list[Named]:
    """The slow and certain way: the entry, its parent, and so on to the genesis."""
    below = []
    while entry is not None:
        below.append(entry)
        entry = entry.previous
    return below


@given(trees(), st.data())
@settings(max_examples=150)
def test_fast_ways_through_a_tree_equal_slow_ones(entries: list[Named], data: st.DataObject) -> None:
    """Ancestor by skip list, fork, reorg path and path by height against walks from parent to parent."""
    one, other = data.draw(st.sampled_from(entries)), data.draw(st.sampled_from(entries))
    below, below_other = walk_down(one), walk_down(other)
    fork = next(entry for entry in below if entry in below_other)
    path = get_reorg_path(one, other)
    chain = ChainPath([entries[0], *get_branch(entries[0], one)])
    chain.move_to(other)

    assert below[::-1] == [get_ancestor(one, height) for height in range(one.height + 1)]
    assert fork == get_fork(one, other)
    assert below[: below.index(fork)] == list(path.disconnect)
    assert below_other[: below_other.index(fork)][::-1] == list(path.connect)
    assert below_other[::-1] == [chain[height] for height in range(len(chain))]
    assert (one in below_other) == is_ancestor(one, other) == (one in chain)


@given(trees(), st.data())
@settings(max_examples=150)
def test_the_best_entry_equals_a_search_through_all(entries: list[Named], data: st.DataObject) -> None:
    """Kept up to date block by block, also after one turned out to be invalid, it is what a search finds."""
    tree = view(entries)
    spoiled = data.draw(st.sampled_from(entries[1:]))
    best_before = tree.best
    tree.mark_invalid(spoiled.hash)
    sound = [entry for entry in entries if spoiled not in walk_down(entry)]

    assert max(entries, key=lambda entry: entry.work) == best_before  # max takes the first of equals
    assert max(sound, key=lambda entry: entry.work) == tree.best


def test_a_chain_of_a_hundred_thousand_is_crossed_in_few_steps() -> None:
    """The skip list at work: an ancestor far below is found in some dozens of steps, not in 99,999."""
    tip: Named = Entry(b"G", "G", 1)
    for number in range(100_000):
        tip = Entry(str(number).encode(), "", 1, tip)
    steps = 0
    entry = tip
    while entry.height > 1:
        far, near = entry.skip, entry.previous
        assert far is not None and near is not None
        entry = far if far.height >= 1 else near
        steps += 1

    assert 1 == get_ancestor(tip, 1).height
    assert steps < 50
