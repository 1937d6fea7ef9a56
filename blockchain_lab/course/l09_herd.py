"""Lesson 9, the herd: twenty who read the same five numbers, three ways to choose, and other weights."""

from collections import Counter
from dataclasses import replace
from functools import cache, partial
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_messages, get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.choosing import Offer, choose_minimum
from blockchain_lab.overlay.metric import DOWNLOAD, compute_quality, get_fair_attributes
from blockchain_lab.overlay.metric_sources import read_script
from blockchain_lab.sim.actions import SetKnob

STORY: Final = "the_herd"
REQUESTERS: Final = 20
FIRST_WAVE: Final = 3 * SECOND
SECOND_WAVE: Final = 9 * SECOND
MINIMUM, TWO, WEIGHTED = "minimum", "two", "weighted"
WAYS: Final = (MINIMUM, TWO, WEIGHTED)
LOAD, NETWORK, DISK = "weight of the load", "weight of the network", "weight of the disk"
KNOBS: Final = (LOAD, NETWORK, DISK)
FAVOURITE: Final = "ann"  # whom all take with Pyrsia's weights


# -- who is asked --------------------------------------------------------------------------------------------


@cache
def play(seed: int, way: str = MINIMUM) -> Lab:
    """The story to its end, all of them choosing in this way. Nobody acts in it."""
    story = scenarios.load(STORY)
    lab = Lab(replace(story, policy={**story.policy, "choice": way}), seed=seed)
    lab.run()
    return lab


def count_first_wave(lab: Lab) -> Counter[str]:
    """How many of the first twenty requests came to each candidate."""
    wanted = get_notes(lab, "piece wanted")
    return Counter(lab.names[note.peer] for note, _ in wanted if note.at < SECOND_WAVE)


def get_busiest(seed: int) -> int:
    """How many of the first twenty the busiest one got, in the learner's run."""
    return max(count_first_wave(play(seed)).values())


def reckon_busiest(seed: int) -> int:
    """The same without a network: all have the same five offers, and each takes the lowest."""
    offers = [Offer(Address(name, 0), metric) for name, metric in get_metrics().items()]
    chosen = Counter(choose_minimum(offers, bits).provider for bits in range(REQUESTERS))
    return max(chosen.values())


@cache
def get_metrics() -> dict[str, float]:
    """Each candidate of the story, and the Q of its machine while nobody waits."""
    metrics = {}
    for name, peer in scenarios.load(STORY).peers.items():
        if "busy" in peer.policy:
            machine = read_script(peer.policy)
            readings = machine.read(0), machine.read(FIRST_WAVE)
            metrics[name] = compute_quality(get_fair_attributes(*readings, DOWNLOAD))
    return metrics


def find_longest_line(seed: int) -> int:
    """The event at which the first wave's line is longest."""
    notes = [(facts["waiting"], -note.event) for note, facts in get_notes(play(seed), "piece wanted")]
    return -max(notes)[1]


# -- other weights -------------------------------------------------------------------------------------------


def turn_weights(flip: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    flip.goto(at=2 * SECOND)
    flip.do(SetKnob("weight of the load", 1_000))
    flip.run()


def flip_choice(seed: int) -> Lab:
    """The run that `turn_weights` makes."""
    lab = Lab(STORY, seed=seed)
    turn_weights(lab)
    return lab


def turn(knob: str, value: int, at: Microseconds, seed: int, *, and_run: bool = True) -> Lab:
    """A run in which one knob is turned once."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=at)
    lab.do(SetKnob(knob, value))
    if and_run:
        lab.run()
    return lab


def are_only_weights(lab: Lab) -> bool:
    """Nothing but the three weights was touched."""
    return all(isinstance(act, SetKnob) and act.knob in KNOBS for _, act in get_actions(lab))


def find_first_question(lab: Lab) -> int | None:
    """The event at which somebody first asks how busy a candidate is."""
    return next((record.event for record in get_messages(lab, "metric-ask")), None)


def are_turned_in_time(lab: Lab) -> bool:
    """Was the last weight set before anybody asked?"""
    first = find_first_question(lab)
    return first is None or all(after < first for after, _ in get_actions(lab))


def is_wave_over(lab: Lab) -> bool:
    """Have all twenty asked for their piece?"""
    return count_first_wave(lab).total() >= REQUESTERS


def find_choice(lab: Lab) -> int | None:
    """The event at which the first of them chooses."""
    return next((note.event for note, _ in get_notes(lab, "piece asked")), None)


def has_flipped(lab: Lab) -> bool:
    """Is somebody else the busiest?"""
    ((busiest, _),) = count_first_wave(lab).most_common(1)
    return busiest != FAVOURITE


FLIP: Final = Do(
    id="L09.q6",
    title="Send the herd elsewhere",
    prompt="Turn the weights, and nothing else, so that the first twenty take somebody other than ann.",
    scenario=STORY,
    run="flip",
    acts=turn_weights,
    passes="only the knobs of the three weights turned, before second 3, when the first questions go out; the"
    " run played until all twenty have asked for their file; most of them ask somebody other than ann.",
    hints=(
        "ann's processor is the idlest of the five. What is her machine busy with? The network.",
        "So make load cheaper, or the network more expensive. The knobs count in thousandths.",
        'At second 2: `flip.do(SetKnob("weight of the load", 1_000))`, then `flip.run()`.',
    ),
    because="Same machines, same moment, another best peer. A weight is an opinion of what is scarce.",
    solution="Load counts half as much as before:\n\n{answer}",
    answer=flip_choice,
    again=partial(turn, NETWORK, 5, SECOND),
    mistakes=(),
    demands=(
        Demand(
            are_only_weights,
            "Turn the knobs of the three weights, and do nothing else.",
            partial(turn, "work for a piece", 100_000, 2 * SECOND),
        ),
        Demand(
            are_turned_in_time,
            "Too late: the first had asked already. Turn the weights before second 3.",
            partial(turn, LOAD, 1_000, 5 * SECOND),
            find_first_question,
        ),
        Demand(
            is_wave_over,
            "The twenty have not asked for their file yet. Let the run go on: `flip.run()`.",
            partial(turn, LOAD, 1_000, 2 * SECOND, and_run=False),
        ),
        Demand(
            has_flipped,
            "ann is still the lowest. Her load is small: make load count less, or the network more.",
            partial(turn, LOAD, 3_000, 2 * SECOND),
            find_choice,
        ),
    ),
)
