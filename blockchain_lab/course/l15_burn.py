"""Lesson 15, burnt coins: a task in which three hundred units have to become more than half of a lottery."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import BurnCoins
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

STORY: Final = "burnt_coins"
ANN: Final = "ann"
PURSE: Final = 300  # units that ann may burn
WITNESS: Final = "bob"  # whose branch is read
AFTERWARDS: Final = 8  # blocks: one carries the burn, six go by, and it counts in the next one


def burn_late(ashes: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    ashes.goto(at=280 * SECOND)
    ashes.do(BurnCoins("ann", 300))
    ashes.run()


def burn_and_win(seed: int) -> Lab:
    """The run that `burn_late` makes."""
    lab = Lab(STORY, seed=seed)
    burn_late(lab)
    return lab


def burn(
    at: Microseconds, amounts: tuple[int, ...], seed: int, *, peer: str = ANN, and_run: bool = True
) -> Lab:
    """A run in which somebody burns these amounts at a time."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=at)
    for amount in amounts:
        lab.do(BurnCoins(peer, amount))
    if and_run:
        lab.run()
    return lab


def get_parts(lab: Lab) -> list[tuple[int, float]]:
    """(event, ann's part of the lottery), each time that the weights change on bob's branch."""
    parts = []
    for note, facts in get_notes(lab, "lottery", WITNESS):
        shares = facts["shares"]
        parts.append((note.event, shares.get(ANN, 0) / max(1, sum(shares.values()))))
    return parts


def is_only_ann_burning(lab: Lab) -> bool:
    """Nothing was done but to burn coins of ann's."""
    return all(isinstance(action, BurnCoins) and action.peer == ANN for _, action in get_actions(lab))


def is_paid(lab: Lab) -> bool:
    """Had ann so many?"""
    return sum(action.amount for _, action in get_actions(lab) if isinstance(action, BurnCoins)) <= PURSE


def is_played(lab: Lab) -> bool:
    """Have enough blocks come since the last burn?"""
    last = get_actions(lab)[-1][0]
    heights = [(note.event, facts["height"]) for note, facts in get_notes(lab, "tip changed", WITNESS)]
    before = max((height for event, height in heights if event <= last), default=0)
    return max((height for _, height in heights), default=0) >= before + AFTERWARDS


def find_best(lab: Lab) -> int | None:
    """The event at which ann's part was largest since she began."""
    first = get_actions(lab)[0][0]
    later = [row for row in get_parts(lab) if row[0] > first]
    return max(later, key=lambda row: row[1])[0] if later else None


def is_more_than_half(lab: Lab) -> bool:
    """Did ann ever have more than half of the lottery?"""
    return any(part > 0.5 for _, part in get_parts(lab))


def is_enough_without_copies(lab: Lab) -> bool:
    """Has no amount been burnt twice, which counts once? Whoever has more than half all the same is done."""
    amounts = [action.amount for _, action in get_actions(lab) if isinstance(action, BurnCoins)]
    return len(amounts) == len(set(amounts)) or is_more_than_half(lab)


BURN: Final = Do(
    id="L15.q10",
    title="Ashes that still count",
    prompt="ann has 300 units left. Burn them so that she has more than half of the lottery at some time.",
    scenario=STORY,
    run="ashes",
    acts=burn_late,
    passes="nothing but `BurnCoins` by ann, 300 units at most; eight more blocks played; at some block her"
    " weight is more than half of all weights on bob's branch.",
    hints=(
        "Whatever ann burns fades from then on, and so does what the others have burnt. When are theirs low?",
        "At second 70 dan's 300 are fresh, and hers would only be as good. Wait for some of his to fade.",
        'At second 280: `ashes.do(BurnCoins("ann", 300))`, then `ashes.run()`. It counts six blocks later.',
    ),
    because="A burn is a stake that melts. Who burns last is strongest, and has to burn again all the same.",
    solution="Late, when the others' burns have faded to about half:\n\n{answer}",
    answer=burn_and_win,
    again=partial(burn, 300 * SECOND, (180, 120)),
    mistakes=(),
    demands=(
        Demand(
            is_only_ann_burning,
            'Only ann may burn, and nothing else may be done: `BurnCoins("ann", ...)`.',
            partial(burn, 280 * SECOND, (300,), peer="bob"),
        ),
        Demand(
            is_paid,
            "ann has no more than 300 units, in one burn or in several.",
            partial(burn, 280 * SECOND, (300, 100)),
        ),
        Demand(
            is_played,
            "A burn counts six blocks later, and they have not come. Play on, `ashes.run()`, or burn sooner.",
            partial(burn, 280 * SECOND, (300,), and_run=False),
        ),
        Demand(
            is_enough_without_copies,
            "Two burns of the same amount count once: the second is taken for a copy. Choose different"
            " amounts.",
            partial(burn, 280 * SECOND, (150, 150)),
            find_best,
        ),
        Demand(
            is_more_than_half,
            "ann never had more than half. A burn is worth most when what the others have burnt has faded.",
            partial(burn, 70 * SECOND, (300,)),
            find_best,
        ),
    ),
)
