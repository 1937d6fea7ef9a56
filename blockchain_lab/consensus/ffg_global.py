"""The paper's own model: every vote ever sent counts, wherever it is, and there are no blocks.

Theorems speak of this model: one fixed set of validators, and *all* their votes. A chain sees less, because
it counts only what its own blocks include. So whatever a branch says is final is final here, too, as long as
validators do not change; and what is final here twice is what a monitor looks for.

    accountable safety    two conflicting final checkpoints: a third of the weight broke a commandment
    plausible liveness    two thirds can always finalise something new without breaking one

Source: Casper FFG paper (arXiv 1710.09437v4). Checkpoints have any hashable names.
"""

from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from blockchain_lab.consensus.ffg_counting import is_supermajority
from blockchain_lab.consensus.slashing import Offence, RuleSet, slashable
from blockchain_lab.consensus.vote import Vote

Name = Hashable  # of a checkpoint
Link = tuple[Name, Name]


def is_descendant(parents: Mapping[Name, Name], name: Name, ancestor: Name) -> bool:
    """Is `ancestor` on the way from `name` to the root? A checkpoint is its own. O(height)."""
    while name != ancestor and name in parents:
        name = parents[name]
    return name == ancestor


def conflict(parents: Mapping[Name, Name], one: Name, other: Name) -> bool:
    """Are they on two branches?"""
    return not is_descendant(parents, one, other) and not is_descendant(parents, other, one)


def find_links(votes: Iterable[Vote], weights: Mapping[str, int]) -> dict[Link, int]:
    """Links with two thirds, and the height of their targets. Who votes twice for a link counts once."""
    voters: dict[Link, dict[str, int]] = {}
    heights: dict[Link, int] = {}
    for vote in votes:
        voters.setdefault(vote.link, {})[vote.validator] = weights.get(vote.validator, 0)
        heights[vote.link] = vote.target_height
    total = sum(weights.values())
    return {link: heights[link] for link, by in voters.items() if is_supermajority(sum(by.values()), total)}


def find_justified(links: Mapping[Link, int], root: Name) -> dict[Name, None]:
    """The root and all that links with two thirds lead to from it."""
    justified: dict[Name, None] = {root: None}
    for source, target in sorted(links, key=lambda link: links[link]):  # sources are below their targets
        if source in justified:
            justified[target] = None
    return justified


def find_finalised(
    votes: Iterable[Vote], weights: Mapping[str, int], parents: Mapping[Name, Name], root: Name
) -> dict[Name, None]:
    """The root and each justified checkpoint whose link to a direct child has two thirds.

    votes: only valid ones: from a checkpoint to one of its descendants, with their true heights.
    parents: of each checkpoint but the root, the checkpoint before it. O(votes + links log links).
    """
    links = find_links(votes, weights)
    justified = find_justified(links, root)
    final: dict[Name, None] = {root: None}
    for source, target in links:
        if source in justified and parents[target] == source:
            final[source] = None
    return final


def find_slashable(votes: Iterable[Vote], rules: RuleSet = "paper") -> dict[str, Offence]:
    """Everybody who broke a commandment, and one reason. O(votes squared, for each validator)."""
    by_validator: dict[str, dict[Vote, None]] = {}
    for vote in votes:
        by_validator.setdefault(vote.validator, {})[vote] = None
    guilty: dict[str, Offence] = {}
    for name, own in by_validator.items():
        reasons = (slashable(one, other, rules) for one, other in combinations(own, 2))
        reason = next((reason for reason in reasons if reason), None)
        if reason:
            guilty[name] = reason
    return guilty
