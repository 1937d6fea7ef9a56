"""Which branch to follow: seven rules, each a pure function of a view; lessons show where they disagree.

    longest            most blocks: what Bitcoin's paper says, and nobody does
    heaviest_work      most work: what Bitcoin does
    ghost              at each fork into the subtree with most work, stale blocks included
    ffg_paper          behind the highest justified checkpoint that the peer knows of
    ffg_eip1011        the branch that itself shows the highest justified checkpoint
    lmd_ghost          at each fork to where the validators' latest votes weigh most
    clique_weight      most weight, in-turn blocks counting twice; at a tie the shorter branch

At a full tie the block that was seen first wins, so a choice depends on the order of arrival only there. All
are written to be read; O(blocks above the anchor) at most.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.view import BlockId, ForkChoice, View, get_children, get_tips

Score = Callable[[BlockEntry], Any]  # anything that can be compared: more is better


def choose_tip(view: View, score: Score) -> BlockEntry:
    """The tip with the highest score; at a tie the first seen, for `max` keeps the first."""
    return max(get_tips(view), key=score)


def longest(view: View) -> BlockId:
    """Most blocks. An attacker who makes many easy ones would win (Nakamoto 2008, §4 says longest)."""
    return choose_tip(view, lambda tip: tip.height).hash


def heaviest_work(view: View) -> BlockId:
    """Most work, then first seen: Bitcoin Core's nChainWork and nSequenceId (blockstorage.cpp)."""
    return choose_tip(view, lambda tip: tip.work).hash


def clique_weight(view: View) -> BlockId:
    """Most weight (EIP-225: 2 in turn, 1 out of turn); at a tie the shorter branch, as geth's forker."""
    return choose_tip(view, lambda tip: (tip.work, -tip.height)).hash


def ghost(view: View) -> BlockId:
    """The greedy heaviest observed subtree (Sompolinsky, Zohar 2015, algorithm 1). O(blocks)."""
    weight: dict[BlockId, int] = {}
    for entry in reversed(view.tree.own.values()):  # children before their parents
        assert entry.previous is not None  # the genesis is nobody's own
        weight[entry.hash] = weight.get(entry.hash, 0) + entry.header.weight
        weight[entry.previous.hash] = weight.get(entry.previous.hash, 0) + weight[entry.hash]
    return descend(view, view.anchor, weight)


def lmd_ghost(view: View) -> BlockId:
    """From the justified root into the subtree with most stake behind its validators' latest votes.

    "Latest message driven" (Zamfir; consensus-specs, fork-choice.md `get_head`). A vote counts for its block
    and all that block's ancestors. O(blocks + validators x depth).
    """
    root = get_highest_justified(view)
    weight: dict[BlockId, int] = {}
    for validator, name in view.latest.items():
        entry = view.tree.get(name)
        while entry is not None and entry.height > root.height:
            weight[entry.hash] = weight.get(entry.hash, 0) + view.stakes.get(validator, 0)
            entry = entry.previous
    return descend(view, root, weight)


def ffg_paper(view: View) -> BlockId:
    """Of the branches through the highest justified checkpoint known, the one with most work (paper §3).

    Which block tells of the justification does not matter: the branch followed need not show it itself.
    """
    root = get_highest_justified(view)
    return choose_tip(view, lambda tip: (is_ancestor(root, tip), tip.work)).hash


def ffg_eip1011(view: View) -> BlockId:
    """The highest epoch justified in the tip's own state, then most work (EIP-1011, "Fork choice").

    A branch that does not show the votes has no part in them, whatever else the peer has heard.
    """
    return choose_tip(view, lambda tip: (get_justified_epoch(view, tip), tip.work)).hash


CHOICES: Final[Mapping[str, ForkChoice]] = {
    choice.__name__: choice
    for choice in (longest, heaviest_work, ghost, ffg_paper, ffg_eip1011, lmd_ghost, clique_weight)
}

BY_VOTES: Final = (lmd_ghost,)  # a vote alone, without a block, may move their head


def descend(view: View, root: BlockEntry, weight: Mapping[BlockId, int]) -> BlockId:
    """From `root` always to the heaviest child; at a tie to the one seen first."""
    children = get_children(view, root)
    name = root.hash
    while children[name]:
        name = max(children[name], key=lambda child: weight.get(child.hash, 0)).hash
    return name


def get_justified_epoch(view: View, tip: BlockEntry) -> int:
    """The highest justified epoch that the state behind a block knows; 0 without Casper."""
    state = view.finality.get(tip.hash)
    return 0 if state is None else state.justified_epoch


def get_highest_justified(view: View) -> BlockEntry:
    """The highest checkpoint that any branch through the anchor shows as justified, or the anchor."""
    best, height = view.anchor, -1
    for tip in get_tips(view):
        state = view.finality.get(tip.hash)
        if state is not None and state.justified_epoch > height:
            checkpoint = view.tree[state.justified]
            if is_ancestor(view.anchor, checkpoint):
                best, height = checkpoint, state.justified_epoch
    return best
