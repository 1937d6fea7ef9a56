"""Lesson 13, what becomes of a block: main, stale or orphan, at one node, after so many arrivals.

    genesis -- 1 -- 2 -- 4               the main branch while the block without a number is missing
                \\
                 3 -- 5 -- ? -- 6 -- 7   the same height as 4, seen later; 6 and 7 wait for their parent

The numbers say in which order they come. Letters differ from learner to learner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.orphans import OrphanPool
from blockchain_lab.chain.tree import BlockTree, Entry, Snapshot, is_ancestor
from blockchain_lab.course.l04_plots import write_svg, write_text

LETTERS: Final = tuple("ABCDEFGH")
GENESIS: Final = "genesis"
PARENTS: Final = (-1, 0, 0, 1, 2, 7, 5, 4)  # of each block by order of arrival; -1: the genesis
SEEN: Final = 7  # have come when the question is asked; the last one of PARENTS is still missing
COLOURS: Final = {"main": "#0072b2", "stale": "#6b6b6b", "orphan": "#b84a00"}
DASHES: Final = {"main": "", "stale": "", "orphan": "5 4"}


def get_arrivals(seed: int) -> list[tuple[str, str]]:
    """(block, its parent) in the order in which they reach the learner's node; the last one comes late."""
    luck = CounterRandom(get_key(seed, "arrivals"))
    names = [*luck.sample(LETTERS[:SEEN], SEEN), LETTERS[SEEN]]
    return [(name, GENESIS if at < 0 else names[at]) for name, at in zip(names, PARENTS, strict=True)]


def label(arrivals: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Block -> main, stale or orphan, as the node's own block tree and waiting room have it."""
    genesis = Entry[None](GENESIS.encode(), None, 1)
    tree, waiting = BlockTree(Snapshot.of_genesis(genesis)), OrphanPool[str](limit=100)
    for name, parent in arrivals:
        if parent.encode() not in tree:
            waiting.add(name.encode(), parent.encode(), name)
            continue
        joining = [(name, parent)]
        while joining:
            child, on = joining.pop(0)
            tree.add(Entry(child.encode(), None, 1, tree[on.encode()]))
            joining += [(next_one, child) for next_one in waiting.take_children(child.encode())]
    labels: dict[str, str] = {}
    for name, _ in arrivals:
        entry = tree.get(name.encode())
        if entry is None:
            labels[name] = "orphan"
        else:
            labels[name] = "main" if is_ancestor(entry, tree.best) else "stale"
    return labels


def get_labels(seed: int) -> dict[str, str]:
    """At the moment of the question, in the order of the letters."""
    return dict(sorted(label(get_arrivals(seed)[:SEEN]).items()))


def walk_labels(seed: int) -> dict[str, str]:
    """The same by hand: walk to the genesis from each; the longest walk wins, at equal length the earlier."""
    parents = dict(get_arrivals(seed)[:SEEN])
    walks: dict[str, list[str]] = {}
    for name in parents:
        walk = [name]
        while walk[-1] in parents:
            walk.append(parents[walk[-1]])
        walks[name] = walk
    joined = {name: walk for name, walk in walks.items() if walk[-1] == GENESIS}
    best = max(joined.values(), key=len)  # `max` takes the first of equals, and a dict keeps their order
    return {
        name: "orphan" if name not in joined else "main" if name in best else "stale"
        for name in sorted(parents)
    }


def pick(place: int, group: str) -> "Picked":
    """The block that came as number `place` (from 0 on), in a group where it does not belong."""
    return Picked(place, group)


@dataclass(frozen=True, slots=True)
class Picked:
    """Computes from the seed which letter it is."""

    place: int
    group: str

    def __call__(self, seed: int) -> tuple[str, str]:
        """(block, group)."""
        return get_arrivals(seed)[self.place][0], self.group


# -- the picture ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What has come, and where it hangs; with `labels`, what it is."""

    arrived: tuple[tuple[str, str], ...]
    labels: dict[str, str]

    def __repr__(self) -> str:
        """A line for each."""
        rows = []
        for number, (name, parent) in enumerate(self.arrived, 1):
            row = f"{number}. block {name}, its parent is {parent}"
            rows.append(f"{row}: {self.labels[name]}" if self.labels else row)
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """The list; with labels the tree, the height to the right and a lane for each branch."""
        return self._draw_tree() if self.labels else self._draw_list()

    def _draw_list(self) -> str:
        parts = []
        for number, (name, parent) in enumerate(self.arrived):
            x = 54 + number * 94
            look = 'fill="none" stroke="#0072b2" stroke-width="2"'
            parts.append(f'<rect x="{x - 38}" y="34" width="76" height="66" rx="9" {look}/>')
            parts.append(write_text(x, 22, f"{number + 1}."))
            parts.append(write_text(x, 66, name, font_size="22", font_weight="600"))
            parts.append(write_text(x, 90, f"on {parent}", font_size="12"))
        return write_svg(112, f"Blocks in the order in which they come.\n{self!r}", parts)

    def _draw_tree(self) -> str:
        parents = dict(self.arrived)
        height = {GENESIS: 0}
        lanes = {GENESIS: 0}
        missing = [parent for parent in parents.values() if parent not in parents and parent != GENESIS]
        pending = dict(parents)
        while pending:
            name = next((n for n, parent in pending.items() if parent in height or parent in missing), None)
            if name is None:
                raise UsageError("blocks: found a ring, wanted a tree")
            parent = pending.pop(name)
            height[name] = height.get(parent, 3) + 1
            taken = [other for other in parents if other in lanes and parents[other] == parent]
            lanes[name] = 2 if parent in missing else lanes.get(parent, 0) + bool(taken)
        place = {name: (74 + 104 * height[name], 44 + 72 * lanes[name]) for name in height}
        parts = []
        for name, parent in self.arrived:
            (x, y), colour = place[name], COLOURS[self.labels[name]]
            from_x, from_y = place.get(parent, (x - 70, y))
            dash = DASHES[self.labels[name]]
            parts.append(
                f'<path fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}" '
                f'd="M{from_x + 26} {from_y}C{x - 52} {from_y} {x - 52} {y} {x - 26} {y}"/>'
            )
        for name in missing[:1]:
            child = next(n for n, parent in parents.items() if parent == name)
            x, y = place[child]
            parts.append(write_text(x - 82, y + 7, "?", font_size="24", font_weight="600"))
        for name, (x, y) in place.items():
            what = self.labels.get(name, "main")
            look = f'fill="{COLOURS[what]}" stroke="{COLOURS[what]}"'
            parts.append(f'<rect x="{x - 26}" y="{y - 22}" width="52" height="44" rx="9" {look}/>')
            words, size = ("genesis", 11) if name == GENESIS else (escape(name), 20)
            parts.append(
                f'<text x="{x}" y="{y + size // 3}" text-anchor="middle" font-size="{size}" '
                f'font-weight="600" style="fill:#ffffff">{words}</text>'
            )
        for number, what in enumerate(dict.fromkeys(self.labels.values())):
            x = 74 + number * 130
            bottom = 72 * (max(lanes.values()) + 1) + 22
            parts.append(
                f'<rect x="{x - 26}" y="{bottom - 13}" width="16" height="16" rx="3" fill="{COLOURS[what]}"/>'
            )
            parts.append(write_text(x - 3, bottom, what, "start"))
        return write_svg(72 * (max(lanes.values()) + 1) + 36, f"The tree of blocks.\n{self!r}", parts)


def show_arrivals(seed: int, count: int = SEEN, *, labels: bool = False) -> Arrivals:
    """The first so many blocks that reach the learner's node; with `labels`, as the tree they make."""
    arrived = tuple(get_arrivals(seed)[:count])
    return Arrivals(arrived, label(arrived) if labels else {})
