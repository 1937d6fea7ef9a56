"""Lesson 13, who follows what: seven tips in one network, and a tie that the learner makes and ends."""

from collections import deque
from collections.abc import Iterator
from functools import cache, partial
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.chain.tree import BlockTree, Entry, Snapshot
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, Kill

STORY: Final = "seven_tips"
NEXT_BLOCK: Final = 18 * SECOND
AGREED: Final = 24 * SECOND  # all seven have the same tip
LAST_HEIGHT: Final = 4  # of the story's last block

Tips = dict[str, tuple[int, str]]  # peer -> height and hash of its tip


def follow_tips(lab: Lab) -> Iterator[tuple[int, Microseconds, Tips]]:
    """After each change of a tip: the event, the time, and everybody's tip. Who has none yet is left out."""
    tips: Tips = {}
    for note, facts in get_notes(lab, "tip changed"):
        tips[lab.names[note.peer]] = (facts["height"], facts["hash"])
        yield note.event, note.at, tips


def get_tips_in_the_end(lab: Lab) -> Tips:
    """Everybody's tip after the last change."""
    return deque((tips for _, _, tips in follow_tips(lab)), maxlen=1).pop()


# -- seven tips ----------------------------------------------------------------------------------------------


@cache
def count_tips(seed: int) -> tuple[int, int]:
    """How many different tips there are just before the next block, and in the end."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    before = 0
    for _, at, tips in follow_tips(lab):
        if at < NEXT_BLOCK:
            before = len(set(tips.values()))
    return before, len(set(get_tips_in_the_end(lab).values()))


OPTIONS: Final = {(1, 1): "a", (7, 1): "b", (7, 8): "c", (7, 7): "d"}


def find_tips(seed: int) -> str:
    """The option that fits the learner's run."""
    return OPTIONS[count_tips(seed)]


def reckon_tips(seed: int) -> str:
    """The same with seven trees and no network: each hears of its own block first, of the eighth last."""
    genesis = Entry[None](b"genesis", None, 1)
    blocks = [Entry[None](b"block %d" % number, None, 1, genesis) for number in range(7)]
    trees = [BlockTree(Snapshot.of_genesis(genesis)) for _ in blocks]
    for number, tree in enumerate(trees):
        for entry in [*blocks[number:], *blocks[:number]]:
            tree.add(entry)
    before = len({tree.best.hash for tree in trees})
    for tree in trees:
        tree.add(Entry[None](b"the next", None, 1, blocks[2]))
    return OPTIONS[before, len({tree.best.hash for tree in trees})]


def find_seventh(seed: int) -> int:
    """The event at which there are seven tips for the first time."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    return next(event for event, _, tips in follow_tips(lab) if len(set(tips.values())) == 7)


# -- a tie ---------------------------------------------------------------------------------------------------


def make_tie(tie: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    tie.goto(at=24 * SECOND)
    tie.do(Mine("ann"))
    tie.do(Mine("dan"))
    tie.goto(at=28 * SECOND)
    tie.do(Mine("ann"))
    tie.run()


def act(story: str, acts: list[tuple[Microseconds, Action]], seed: int, *, and_run: bool = True) -> Lab:
    """A run with some acts, each at its time; those of the same time follow each other at once."""
    lab, time = Lab(story, seed=seed), -1
    for at, action in acts:
        if at != time:
            lab.goto(at=at)
        lab.do(action)
        time = at
    if and_run:
        lab.run()
    return lab


def settle_tie(seed: int) -> Lab:
    """The run that `make_tie` makes."""
    lab = Lab(STORY, seed=seed)
    make_tie(lab)
    return lab


def is_only_mined(lab: Lab) -> bool:
    """Nothing was done but to find blocks."""
    return all(isinstance(action, Mine) for _, action in get_actions(lab))


def is_after_the_story(lab: Lab) -> bool:
    """When the learner began, all had the story's last block."""
    first, tips = get_actions(lab)[0][0], Tips()
    for event, _, now in follow_tips(lab):
        if event <= first:
            tips = dict(now)
    heights = {height for height, _ in tips.values()}
    return len(tips) == len(lab.names) and len(set(tips.values())) == 1 and min(heights) >= LAST_HEIGHT


def find_tie(lab: Lab) -> int | None:
    """The event from which two tips were equally high, since the learner began."""
    first = get_actions(lab)[0][0]
    for event, _, tips in follow_tips(lab):
        different = set(tips.values())
        if event > first and len(different) > len({height for height, _ in different}):
            return event
    return None


def is_tied(lab: Lab) -> bool:
    """Was there such a moment?"""
    return find_tie(lab) is not None


def is_settled(lab: Lab) -> bool:
    """Do all have the same tip in the end?"""
    return len(set(get_tips_in_the_end(lab).values())) == 1


MAKE_A_TIE: Final = Do(
    id="L13.q2",
    title="Make a tie, and end it",
    prompt="Let two peers find a block at once, so that peers have different tips; end it by one more.",
    scenario=STORY,
    run="tie",
    acts=make_tie,
    passes="`Mine` only, after the story's last block has reached all; a moment with two different tips of"
    " the same height; one tip in the end.",
    hints=(
        "Two `Mine`s, one after another and no time between them: by peers far from each other.",
        "Then wait a second or two, `tie.goto(at=28 * SECOND)`, and look at the tips. Both blocks are known.",
        'One more block on either branch decides: `tie.do(Mine("ann"))`, and `tie.run()`.',
    ),
    because="Nobody voted. One branch became stronger, and whoever followed the other one went over.",
    solution="Two blocks at once, some time later one more:\n\n{answer}",
    answer=settle_tie,
    again=partial(
        act,
        STORY,
        [(25 * SECOND, Mine("bob")), (25 * SECOND, Mine("eve")), (29 * SECOND, Mine("gus"))],
    ),
    mistakes=(),
    demands=(
        Demand(
            is_only_mined,
            "Blocks alone decide here: do nothing but `Mine`.",
            partial(act, STORY, [(AGREED, Kill("ann"))]),
        ),
        Demand(
            is_after_the_story,
            "The story's own race was not over yet. Begin at second 24, when all seven agree.",
            partial(act, STORY, [(12 * SECOND, Mine("ann"))]),
        ),
        Demand(
            is_tied,
            "There never were two tips of the same height. Two peers have to mine before either hears of it.",
            partial(act, STORY, [(AGREED, Mine("ann")), (28 * SECOND, Mine("dan"))]),
        ),
        Demand(
            is_settled,
            "They still disagree. One block more, on one of the two branches, ends it; then `tie.run()`.",
            partial(act, STORY, [(AGREED, Mine("ann")), (AGREED, Mine("dan"))]),
            find_tie,
        ),
    ),
)
