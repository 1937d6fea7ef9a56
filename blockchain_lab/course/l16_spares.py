"""Lesson 16, two final histories: which validators must vote twice, and what it costs them.

ann and bob live left of the cut with 320 and 180 coins, cat and dan right of it with 330 and 170. On the
other side each has a spare machine with the same key, which is off: ann2, bob2, cat2, dan2. Neither side has
two thirds by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds, display_hash
from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.monitor import Conflict, SafetyMonitor
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.safety import watch
from blockchain_lab.sim.actions import Action, Kill, Revive

STORY: Final = "spare_machines"
SPARES: Final = ("ann2", "bob2", "cat2", "dan2")
CUT: Final = 34 * SECOND
WHEN: Final = 50 * SECOND
HEAL: Final = 240 * SECOND
CHEAPEST: Final = 350  # coins: bob's and dan's; the theorem says 334 at least
LEFT, RIGHT = "ann", "cat"  # who tells what is final on either side


def switch_on(halves: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    halves.goto(at=50 * SECOND)
    halves.do(Revive("bob2"))
    halves.do(Revive("dan2"))
    halves.run()


def make_two_finals(seed: int) -> Lab:
    """The run that `switch_on` makes."""
    lab = Lab(STORY, seed=seed)
    switch_on(lab)
    return lab


def act(acts: Sequence[Action], seed: int, *, at: Microseconds = WHEN, until: Microseconds = 0) -> Lab:
    """A run with some acts at one time, to its end or to a time."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=at)
    for action in acts:
        lab.do(action)
    lab.run(until=until or lab.scenario.until)
    return lab


def revive(*names: str) -> list[Action]:
    """Spare machines that are switched on."""
    return [Revive(name) for name in names]


def are_only_spares(lab: Lab) -> bool:
    """Nothing but spare machines, switched on."""
    acts = [action for _, action in get_actions(lab)]
    return all(isinstance(action, Revive) and action.peer in SPARES for action in acts)


def is_healed(lab: Lab) -> bool:
    """Was the run played until the cable has healed and the evidence is in a block?"""
    return lab.trace.time_of(lab.head) > HEAL + 20 * SECOND


def are_both_final(lab: Lab) -> bool:
    """Does each side hold a checkpoint for final that the other one does not have?"""
    return all(any(True for _ in get_notes(lab, "finality conflict", peer)) for peer in (LEFT, RIGHT))


def get_slashed(lab: Lab) -> dict[str, int]:
    """Who has lost how many coins; left and right slash the same."""
    coin = lab.scenario.chain["consensus"]["casper"]["coin"]
    return {facts["validator"]: facts["amount"] // coin for _, facts in get_notes(lab, "slashed", LEFT)}


def find_conflict(lab: Lab) -> int | None:
    """The event at which somebody first sees two final histories."""
    return next((note.event for note, _ in get_notes(lab, "finality conflict")), None)


TWO_FINALS: Final = Do(
    id="L16.q10",
    title="Two final histories",
    prompt="The network is cut. Switch on spare machines so that both halves make checkpoints final, and so"
    " that as little money as possible is slashed for it.",
    scenario=STORY,
    run="halves",
    acts=switch_on,
    passes="only `Revive` of ann2, bob2, cat2, dan2; the run played until the cable has healed; both halves"
    " have made a checkpoint final that the other one does not have; at most 350 coins slashed.",
    hints=(
        "Each half has 500 coins of its own and needs 667. How many must it borrow from the other half?",
        "At least 167: dan's 170 are enough on the left, bob's 180 on the right.",
        'At second 50: `halves.do(Revive("bob2"))`, the same with "dan2", then `halves.run()`.',
    ),
    because="bob and dan voted twice, and 350 of 1,000 coins are gone. Less than a third is impossible.",
    solution="One spare machine on either side, the cheapest that are enough:\n\n{answer}",
    answer=make_two_finals,
    again=partial(act, revive("dan2", "bob2"), at=60 * SECOND),
    mistakes=(),
    demands=(
        Demand(
            are_only_spares,
            "Nothing but spare machines may be switched on here; nobody else is touched.",
            partial(act, [Kill("dan")]),
        ),
        Demand(
            is_healed,
            "Play on until the cable has healed and the evidence has been found: `halves.run()`.",
            partial(act, revive("bob2", "dan2"), until=150 * SECOND),
        ),
        Demand(
            are_both_final,
            "One half at least has made nothing final by itself. It has 500 coins; who lends it 167?",
            partial(act, revive("bob2")),
        ),
        Demand(
            lambda lab: sum(get_slashed(lab).values()) <= CHEAPEST,
            "Both are final, but it was dearer than it has to be. Whose deposits are just large enough?",
            partial(act, revive("ann2", "cat2")),
            find_conflict,
        ),
    ),
)


# -- who has voted where -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two final checkpoints on two branches, and who voted for each. ann's side comes first."""

    deposits: dict[str, int]  # coins, at the start
    voters: tuple[tuple[str, ...], tuple[str, ...]]  # of the first final branch, of the second
    counted: tuple[tuple[int, int], tuple[int, int]]  # coins that voted and coins in all, as each counts them
    guilty: tuple[str, ...]
    slashed: int  # coins

    @property
    def both(self) -> tuple[str, ...]:
        """Who voted on both branches."""
        return tuple(name for name in self.voters[0] if name in self.voters[1])

    @property
    def owners(self) -> tuple[str, ...]:
        """After whom each side is called: the first who has voted there only."""
        return tuple(
            next((name for name in names if name not in self.both), witness)
            for names, witness in zip(self.voters, (LEFT, RIGHT), strict=True)
        )

    def sum(self, names: Sequence[str]) -> int:
        """Coins of so many."""
        return sum(self.deposits[name] for name in names)


def find_overlap(lab: Lab) -> Overlap | None:
    """Who has voted for either of two final checkpoints that exclude each other; None for none."""
    monitor = watch(lab.scenario, lab.trace)
    if not monitor.conflicts:
        return None
    casper = lab.scenario.chain["consensus"]["casper"]
    deposits = {name: units // casper["coin"] for name, units in casper["deposits"].items()}
    conflict = find_first_rivals(monitor.conflicts)
    rivals = [conflict.first, conflict.second]
    seen = [facts["block"] for _, facts in get_notes(lab, "checkpoint finalised", LEFT)]  # its own come first
    rivals.sort(key=lambda entry: [*seen, display_hash(entry.hash)].index(display_hash(entry.hash)))
    first, second = rivals
    return Overlap(
        deposits,
        (find_voters(monitor, first, deposits), find_voters(monitor, second, deposits)),
        (find_count(monitor, first, casper["coin"]), find_count(monitor, second, casper["coin"])),
        tuple(sorted(monitor.guilty)),
        sum(get_slashed(lab).values()),
    )


def find_first_rivals(conflicts: Sequence[Conflict]) -> Conflict:
    """Of all pairs the one of the lowest two checkpoints."""
    return min(conflicts, key=lambda pair: (pair.first.height + pair.second.height, pair.first.height))


def find_voters(monitor: SafetyMonitor, entry: BlockEntry, deposits: dict[str, int]) -> tuple[str, ...]:
    """Who has voted for a link from this checkpoint to its direct child, in the order of deposits."""
    links = [vote.link for history in monitor.histories.values() for vote in history.votes]
    children = [there for here, there in links if here == entry.hash and monitor.is_direct(here, there)]
    return tuple(
        name
        for name in deposits
        if name in monitor.histories
        and any(
            vote.source == entry.hash and vote.target in children for vote in monitor.histories[name].votes
        )
    )


def find_count(monitor: SafetyMonitor, entry: BlockEntry, coin: int) -> tuple[int, int]:
    """Coins that voted for the link that made it final, and coins of all, as its own branch weighs them."""
    tallies = [
        tally
        for (here, there), tally in monitor.tallies.items()
        if here == entry.hash
        and monitor.is_direct(here, there)
        and is_ancestor(entry, monitor.entries[there])
    ]
    best = max(tallies, key=lambda tally: tally.forward)
    return best.forward // coin, best.totals[0] // coin
