"""Lesson 13, the eclipse: a shop that hears the attacker only, and what one honest line does to it."""

from functools import partial
from typing import Final

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l13_cut import find_last_change
from blockchain_lab.course.l13_tips import act, is_settled
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

STORY: Final = "eclipsed_shop"
SHOP: Final = "shop"
CONFIRMATIONS: Final = 6
SIXTH: Final = 60 * SECOND  # eve finds the sixth block of the shop's branch


def open_line(eclipse: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    eclipse.goto(at=65 * SECOND)
    eclipse.do(Connect("shop", "ann"))
    eclipse.run()


def end_eclipse(seed: int) -> Lab:
    """The run that `open_line` makes."""
    lab = Lab(STORY, seed=seed)
    open_line(lab)
    return lab


def is_shop_dialling(lab: Lab) -> bool:
    """Nothing but the shop's own dials."""
    return all(isinstance(done, Connect) and done.peer == SHOP for _, done in get_actions(lab))


def is_confirmed(lab: Lab) -> bool:
    """Had the shop seen six blocks of the attacker's branch before anybody acted?"""
    seen = [note.event for note, _ in get_notes(lab, "tip changed", SHOP)]
    return get_actions(lab)[0][0] >= max(seen[:CONFIRMATIONS])


def is_played(lab: Lab) -> bool:
    """Has the shop greeted somebody new?"""
    return any(note.at > SIXTH for note, _ in get_notes(lab, "handshake done", SHOP))


def is_undone(lab: Lab) -> bool:
    """Have the shop's six blocks gone, and do all follow the same tip?"""
    lost = [facts["disconnected"] for _, facts in get_notes(lab, "tip changed", SHOP)]
    return max(lost, default=0) >= CONFIRMATIONS and is_settled(lab)


def dial(to: str, second: int, seed: int, *, peer: str = SHOP, and_run: bool = True) -> Lab:
    """A run in which somebody dials somebody at this second."""
    return act(STORY, [(second * SECOND, Connect(peer, to))], seed, and_run=and_run)


ONE_LINE: Final = Do(
    id="L13.q14",
    title="One honest line",
    prompt="The shop has seen six confirmations. Let it dial just one peer that is not the attacker's.",
    scenario=STORY,
    run="eclipse",
    acts=open_line,
    passes="only `Connect` by the shop, once it has seen six blocks; the run played on; the shop takes six"
    " blocks back at once, and in the end all have one tip.",
    hints=(
        "eve and eve2 are the attacker's. Who in the picture is not?",
        "After second 61 the shop has six confirmations: go there with `eclipse.goto(at=65 * SECOND)`.",
        '`eclipse.do(Connect("shop", "ann"))`, then `eclipse.run()`.',
    ),
    because="Eight lines to an attacker are worth nothing, one to the honest world brings all of its work.",
    solution="One line to anybody in the world outside:\n\n{answer}",
    answer=end_eclipse,
    again=partial(dial, "dan", 63),
    mistakes=(),
    demands=(
        Demand(
            is_shop_dialling,
            "Only the shop may act here, and only with `Connect`: nobody else knows that it is there.",
            partial(dial, "shop", 65, peer="cat"),
        ),
        Demand(
            is_confirmed,
            "Too early: the shop has not seen six blocks yet. The sixth comes at second 60.",
            partial(dial, "ann", 30),
        ),
        Demand(
            is_played,
            "The new line brings nothing before the run goes on: `eclipse.run()`.",
            partial(dial, "ann", 65, and_run=False),
        ),
        Demand(
            is_undone,
            "The six blocks still stand. Has the run gone on, and is the new line not one more of eve's?",
            partial(dial, "eve2", 65),
            find_last_change,
        ),
    ),
)
