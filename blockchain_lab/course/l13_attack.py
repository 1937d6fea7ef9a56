"""Lesson 13, the majority: a payment with three confirmations is taken back by whoever finds more blocks."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l13_tips import act
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

STORY: Final = "double_spend_fails"
EVE: Final = "eve"
SHOP: Final = "shop"
WAITED_FOR: Final = 3  # confirmations, before the shop hands over the goods


def take_back(attack: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    attack.goto(at=14 * SECOND)
    attack.do(Mine("eve", count=3))
    attack.run()


def reverse_payment(seed: int) -> Lab:
    """The run that `take_back` makes."""
    lab = Lab(STORY, seed=seed)
    take_back(lab)
    return lab


def get_thoughts(lab: Lab, what: str) -> list[int]:
    """The events at which eve thought this."""
    return [note.event for note, facts in get_notes(lab, "strategy", EVE) if facts["what"] == what]


def is_only_eve(lab: Lab) -> bool:
    """Nothing but blocks found by eve."""
    return all(isinstance(action, Mine) and action.peer == EVE for _, action in get_actions(lab))


def is_after_payment(lab: Lab) -> bool:
    """Did the payment come first?"""
    paid = get_thoughts(lab, "pays, and means to take it back")
    return bool(paid) and get_actions(lab)[0][0] >= paid[0]


def is_before_giving_up(lab: Lab) -> bool:
    """Was eve still in the race when her miners were helped first?"""
    gone = get_thoughts(lab, "gives up")
    return not gone or get_actions(lab)[0][0] < gone[0]


def is_played(lab: Lab) -> bool:
    """Has somebody else found the third block since the payment?"""
    heights = [facts["height"] for _, facts in get_notes(lab, "tip changed", SHOP)]
    return max(heights, default=0) >= 100 + WAITED_FOR


def find_reversal(lab: Lab) -> int | None:
    """The event at which the shop takes at least three blocks back at once."""
    changes = get_notes(lab, "tip changed", SHOP)
    return next((note.event for note, facts in changes if facts["disconnected"] >= WAITED_FOR), None)


def is_reversed(lab: Lab) -> bool:
    """Did that happen?"""
    return find_reversal(lab) is not None


def mine(count: int, at: int, seed: int, *, peer: str = EVE, and_run: bool = True) -> Lab:
    """A run in which somebody finds so many more at this second."""
    return act(STORY, [(at * SECOND, Mine(peer, count=count))], seed, and_run=and_run)


TAKE_BACK: Final = Do(
    id="L13.q10",
    title="Take a payment back",
    prompt="eve has paid the shop, and mines in secret. Give her so many blocks that three confirmations are"
    " undone.",
    scenario=STORY,
    run="attack",
    acts=take_back,
    passes="only `Mine` by eve, after she has paid and before she gives up; the run played on; the shop takes"
    " back three blocks or more at once.",
    hints=(
        "The others find three blocks by second 16. How many does eve need? She has one already.",
        "More than they have: four in all. She shows them by herself, once the shop has been waited for.",
        'At second 14: `attack.do(Mine("eve", count=3))`, then `attack.run()`.',
    ),
    because="Of the blocks since her payment most were eve's. With the majority she can do that every time.",
    solution="Three more blocks for eve, before she gives up:\n\n{answer}",
    answer=reverse_payment,
    again=partial(mine, 4, 11),
    mistakes=(),
    demands=(
        Demand(
            is_only_eve,
            "Help nobody but eve, and with nothing but `Mine`.",
            partial(mine, 1, 11, peer="sue"),
        ),
        Demand(
            is_after_payment,
            "eve had not paid yet: there was nothing to take back. She pays at second 3.",
            partial(mine, 4, 2),
        ),
        Demand(
            is_before_giving_up,
            "Too late: eve was two blocks behind, and has given up.",
            partial(mine, 4, 20),
        ),
        Demand(
            is_played,
            "The shop has not seen three confirmations yet. Let the run go on: `attack.run()`.",
            partial(mine, 3, 11, and_run=False),
        ),
        Demand(
            is_reversed,
            "The payment still stands. eve's branch has to be longer than the one with the payment.",
            partial(mine, 2, 11),
        ),
    ),
)
