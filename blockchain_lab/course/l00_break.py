"""Lesson 0, the task: cut a network that is well, let two branches grow, and bring them together again."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Partition

CALM: Final = 15 * SECOND  # between the first block and the second
FORKED: Final = 31 * SECOND  # each side has found its block
HALF: Final = ("dan", "eve", "gus", "ida", "joe")


def cut_and_heal(mine: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    mine.goto(at=15 * SECOND)
    mine.do(Partition(("joe", "ida")))
    mine.run(until=31 * SECOND)
    mine.do(Heal())
    mine.do(Mine("ann"))
    mine.run()


def cut(group: tuple[str, ...], seed: int, *, then: int = FORKED, heal: bool = True, finder: str = "") -> Lab:
    """A run that is cut at a calm moment; perhaps healed at a time, and one more block found at once."""
    lab = Lab("relay_headers", seed=seed)
    lab.goto(at=CALM)
    lab.do(Partition(group))
    lab.run(until=then)
    if heal:
        lab.do(Heal())
    if finder:
        lab.do(Mine(finder))
    lab.run()
    return lab


def only_mine(seed: int) -> Lab:
    """A run in which somebody found one more block, and nothing was cut."""
    lab = Lab("relay_headers", seed=seed)
    lab.goto(at=CALM)
    lab.do(Mine("ann"))
    lab.run()
    return lab


def get_acts(lab: Lab, wanted: type[Partition | Heal]) -> list[int]:
    """The events at which the learner cut, or healed."""
    return [after + 1 for after, action in get_actions(lab) if isinstance(action, wanted)]


def get_fork(lab: Lab) -> Record | None:
    """When a block was found after a cut on a parent that had a child already; None if never."""
    cuts = get_acts(lab, Partition)
    seen: dict[str, None] = {}
    parents: dict[str, None] = {}
    for note, facts in get_notes(lab, "block accepted"):
        if facts["hash"] in seen:
            continue
        seen[facts["hash"]] = None
        if cuts and note.event > cuts[0] and facts["parent"] in parents:
            return note
        parents[facts["parent"]] = None
    return None


def is_cut(lab: Lab) -> bool:
    """The learner has cut the network."""
    return bool(get_acts(lab, Partition))


def is_forked(lab: Lab) -> bool:
    """After the cut, two blocks were found on one parent."""
    return get_fork(lab) is not None


def is_healed(lab: Lab) -> bool:
    """The last thing that was done to the cable is its mending."""
    return max(get_acts(lab, Heal), default=0) > max(get_acts(lab, Partition))


def is_one_again(lab: Lab) -> bool:
    """All are alive and have the same tip in the end."""
    tips = {name: facts["hash"] for name in lab.names for _, facts in get_notes(lab, "tip changed", name)}
    return len(set(tips.values())) == 1 and not any(get_records(lab, Kind.KILL))


def find_cut(lab: Lab) -> int | None:
    """The event of the first cut."""
    return min(get_acts(lab, Partition), default=None)


def find_fork(lab: Lab) -> int | None:
    """The event at which there were two branches."""
    fork = get_fork(lab)
    return None if fork is None else fork.event


BREAK_IT: Final = Do(
    id="L00.q7",
    title="Two histories, and one again",
    prompt="Cut the network so that two branches grow; then heal it, and bring all ten onto one chain again.",
    scenario="relay_headers",
    run="mine",
    acts=cut_and_heal,
    passes="you cut the network, each side finds a block on the same parent, you heal it, and in the end"
    " all ten, alive, have the same tip.",
    hints=(
        'At 15 s select joe, press Act and cut him off: `mine.do(Partition({"joe"}))`. Then let it run.',
        "joe finds a block at 20 s, ann at 30 s. Heal after that: `mine.do(Heal())`.",
        'Both branches are equally long. One more block decides: `mine.do(Mine("ann"))`, `mine.run()`.',
    ),
    because="Nobody was told who is right. The longer branch was, as soon as there was one.",
    solution="Go there, cut, wait, heal, and let one more block be found:\n\n{answer}",
    answer=partial(cut, ("joe", "ida"), finder="ann"),
    again=partial(cut, HALF, finder="joe"),
    mistakes=(),
    demands=(
        Demand(is_cut, "You acted, but you did not cut the network: `Partition` does it.", only_mine),
        Demand(
            is_forked,
            "You cut the network, but no two blocks were found on one parent. Let the cut last until"
            " somebody on each side has found one.",
            partial(cut, ("joe",), then=16 * SECOND, finder="ann"),
            find_cut,
        ),
        Demand(
            is_healed,
            "There are two branches now, and the cut still stands. Heal it.",
            partial(cut, ("joe",), heal=False),
            find_fork,
        ),
        Demand(
            is_one_again,
            "Healed, but the ten are not on one chain yet. Are the branches equally long? Then it takes"
            " one more block, and the time for it to travel.",
            partial(cut, ("joe",)),
            find_fork,
        ),
    ),
)
