"""Lesson 17, above and beside a chain: how many must check a rollup, and how long a bridge must wait.

Each is tried out in runs, one after another, and found again by the contract's rules alone.
"""

from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.course.questions import Choice, Mistake, Number
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.bridge_bank import Bank
from blockchain_lab.layers.rollup_actions import EnterRollup
from blockchain_lab.layers.rollup_replay import forge_batch, make_batch, make_proof, replay
from blockchain_lab.layers.rollup_rules import Rollup, RollupRules, apply, open_rollup
from blockchain_lab.scenarios import load

ROLLUP: Final = "fraud_window"
NAMES: Final = ("ann", "bob", "cat")
BRIDGE: Final = "hasty_bridge"
LEFT: Final = 4  # blocks that are undone in the question
MOST: Final = 6  # confirmations that are tried: as far as the story's knob goes
CUT: Final = 5 * SECOND
HEALED: Final = 22 * SECOND
HAVE: Final = 100  # coins of each in the rules' own example
BOND: Final = 60
WINDOW: Final = 4  # blocks

# -- who has to check ----------------------------------------------------------------------------------------


def choose(fewest: int | None, all_of_them: int) -> str:
    """The option for the fewest checkers that always stop the thief."""
    return {1: "c", all_of_them: "a", None: "d"}.get(fewest, "b")


@cache
def is_stopped(checkers: tuple[str, ...]) -> bool:
    """Is the forged batch undone when these peers check?"""
    scenario = load(ROLLUP)
    peers = {
        name: replace(peer, policy={**peer.policy, "checks": name in checkers})
        for name, peer in scenario.peers.items()
    }
    lab = Lab(replace(scenario, peers=peers))
    lab.run()
    return any(get_notes(lab, "batch reverted", "max"))


def try_checkers(seed: int) -> str:
    """Every choice of the three: how many are enough, whoever they are?"""
    enough = [
        count
        for count in range(len(NAMES) + 1)
        if all(is_stopped(some) for some in combinations(NAMES, count))
    ]
    return choose(min(enough, default=None), len(NAMES))


def prove_alone(seed: int) -> str:
    """The same by the contract: a forged batch, and the proof of a single name."""
    rules = RollupRules(("ann", "bob", "cat", "sam"), (("sam", BOND),), WINDOW)
    bank = Bank(dict.fromkeys(rules.names, HAVE))
    rollup = open_rollup(rules, bank)
    rollup, _ = apply(rollup, bank, "bob", EnterRollup(HAVE), 1)
    honest = make_batch(rollup, replay(rollup), ())
    assert honest is not None  # bob's deposit
    rollup, _ = apply(rollup, bank, "sam", honest, 2)
    forged = forge_batch(rollup, replay(rollup), None, "sam")
    assert forged is not None  # bob has something to steal
    rollup, _ = apply(rollup, bank, "sam", forged, 3)
    return choose(1 if can_prove(rollup, bank) else None, len(NAMES))


def can_prove(rollup: Rollup, bank: Bank) -> bool:
    """Does the contract undo the batch for cat alone, who asks nobody?"""
    try:
        after, _ = apply(rollup, bank, "cat", make_proof(rollup, replay(rollup)), 4)
    except RuleBroken:
        return False
    return len(after.batches) < len(rollup.batches)


# -- how long a bridge waits ---------------------------------------------------------------------------------


@cache
def is_unbacked(confirmations: int, left: int) -> bool:
    """Are coins minted that nothing backs, when so many blocks with the lock at their bottom are undone?"""
    scenario = load(BRIDGE)
    gus = scenario.peers["gus"]
    patient = replace(gus, policy={**gus.policy, "confirmations": confirmations})
    story = [
        (at, Mine(act.peer, left) if isinstance(act, Mine) and CUT < at < HEALED else act)
        for at, act in scenario.story
    ]  # moe does it twice: its branch is the longer one
    lab = Lab(replace(scenario, peers={**scenario.peers, "gus": patient}, story=tuple(story)))
    lab.run()
    return any(get_notes(lab, "bridge unbacked", "gus"))


def try_bridge(seed: int) -> int:
    """The fewest confirmations with which nothing is lost, tried one after another."""
    return next(count for count in range(1, MOST + 1) if not is_unbacked(count, LEFT))


def reckon_bridge(seed: int) -> int:
    """One more than what can be undone."""
    return LEFT + 1


WHO_CHECKS: Final = Choice(
    id="L17.q12",
    title="Who has to check?",
    prompt="How many of ann, bob and cat have to check sam's batches, so that he cannot steal?",
    options={
        "a": "all three",
        "b": "two of the three, a majority",
        "c": "any one of them",
        "d": "however many check, he gets away with it",
    },
    passes="the letter for the fewest that are always enough, whoever they are.",
    hints=(
        "In the run above cat checks, ann and bob do not. Was that enough?",
        "Does the contract count heads, or does it look at the proof?",
        "One proof of one wrong step is enough, whoever sends it.",
    ),
    because="A vote needs many who agree. A proof needs one who looks, in time.",
    solution="{answer}. Each of the three alone has him stopped, and with none he is paid.",
    answer=try_checkers,
    again=prove_alone,
    mistakes=(
        Mistake("a", "In the run only cat checks, and sam is stopped."),
        Mistake("b", "Nothing is voted on here. The contract runs the one step again that is in question."),
        Mistake("d", "Look for `batch reverted`: he was stopped."),
    ),
)

CONFIRMATIONS: Final = Number(
    id="L17.q13",
    title="How long must a bridge wait?",
    prompt="Up to 4 blocks may be undone, and the lock stands in the lowest of them. How many confirmations"
    " does the operator need, at least? The lock's own block is the first.",
    unit="confirmations",
    passes="the fewest confirmations with which no coin is left that nothing backs.",
    hints=(
        "In the run above one block was undone, and one confirmation was too few.",
        "With 4 blocks undone, a lock that is 4 blocks deep can be undone.",
        "One more than that.",
    ),
    because="A bridge is as final as its operator is patient. Waiting cannot make it certain: see lesson 13.",
    solution="4 + 1 = {answer}.",
    answer=try_bridge,
    again=reckon_bridge,
    mistakes=(
        Mistake(4, "With 4 it mints when the fourth block comes, and these four are undone."),
        Mistake(1, "That is what the operator of the run above did."),
        Mistake(6, "That is safe, too. How few are enough?"),
        Mistake(3, "The patient operator waited for 3. Here 4 blocks are undone."),
    ),
)
