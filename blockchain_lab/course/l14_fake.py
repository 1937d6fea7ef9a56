"""Lesson 14, the fake chain: what it costs a newcomer, and the task of making it cost most."""

from functools import partial
from typing import Final

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do
from blockchain_lab.course.reading import get_messages, get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Partition, Revive


def count_bytes(lab: Lab, newcomer: str) -> int:
    """Bytes of headers and blocks that the liar has sent to a newcomer, without envelopes."""
    return sum(
        len(record.detail.encoding)
        for command in ("headers", "block")
        for record in get_messages(lab, command, sender="mal", receiver=newcomer)
    )


def get_chain(lab: Lab, server: str) -> dict[str, None]:
    """The hashes of the chain on a server's disk."""
    return dict.fromkeys(next(facts["hashes"] for _, facts in get_notes(lab, "chain loaded", server)))


def is_ann_alive(lab: Lab) -> bool:
    """Nobody stopped her."""
    return not any(get_records(lab, Kind.KILL, "ann"))


def count_fakes(lab: Lab) -> int:
    """How many of the liar's blocks ann has taken."""
    fake = get_chain(lab, "mal")
    taken = {facts["hash"] for _, facts in get_notes(lab, "block accepted", "ann")}
    return len(taken & fake.keys())


def is_all_taken(lab: Lab) -> bool:
    """Ann has taken every block of the fake chain."""
    return count_fakes(lab) == len(get_chain(lab, "mal"))


def is_ann_right_in_the_end(lab: Lab) -> bool:
    """Her last tip is not the liar's, and at least as high as the honest chain was."""
    *_, tip = [facts for _, facts in get_notes(lab, "tip changed", "ann")]
    return tip["hash"] not in get_chain(lab, "mal") and tip["height"] >= len(get_chain(lab, "sue"))


def find_warning(lab: Lab) -> int | None:
    """The event at which ann learned of the honest headers."""
    honest = get_chain(lab, "sue")
    accepted = get_notes(lab, "headers accepted", "ann")
    return next(
        (note.event for note, facts in accepted if not honest.keys().isdisjoint(facts["hashes"])), None
    )


def feed_fakes(fake: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    fake.goto(at=0)
    fake.do(Kill("sue"))
    fake.goto(at=10 * SECOND)
    fake.do(Revive("sue"))
    fake.run()


def feed(seed: int) -> Lab:
    """The run in which it is done so."""
    lab = Lab("fake_chain", seed=seed)
    feed_fakes(lab)
    return lab


def cut_off(seed: int) -> Lab:
    """Another way: ann is alone with the liar for a while."""
    lab = Lab("fake_chain", seed=seed)
    lab.goto(at=0)
    lab.do(Partition(("ann", "mal"), ("bob", "sue")))
    lab.goto(at=10 * SECOND)
    lab.do(Heal())
    lab.run()
    return lab


def stop(peer: str, at: int, seed: int) -> Lab:
    """A run in which one peer is stopped for good."""
    lab = Lab("fake_chain", seed=seed)
    lab.goto(at=at)
    lab.do(Kill(peer))
    lab.run()
    return lab


FEED_FAKES: Final = Do(
    id="L14.q12",
    title="Fool the careful one",
    prompt="Make ann, who looks at headers first, take the whole fake chain, and yet end on the honest one.",
    scenario="fake_chain",
    run="fake",
    acts=feed_fakes,
    passes="ann, alive, takes every block of mal's chain, and her last tip is on sue's.",
    hints=(
        "In the untouched run sue's headers reach ann early. What if they came late?",
        '`fake.goto(at=0)` and `fake.do(Kill("sue"))`: now ann knows nobody but mal.',
        'Later, `fake.do(Revive("sue"))` and `fake.run()`: ann dials her again after ten seconds.',
    ),
    because="Headers protect who hears an honest peer. Alone with liars, theirs is the best chain known.",
    solution="Keep sue away until the damage is done, then let her back:\n\n{answer}",
    answer=feed,
    again=cut_off,
    mistakes=(),
    demands=(
        Demand(
            is_ann_alive,
            "You stopped ann herself. She is the one to be fooled.",
            partial(stop, "ann", SECOND),
        ),
        Demand(
            is_all_taken,
            "ann saw sue's headers in time and stopped asking mal. Keep the two apart from the start.",
            partial(stop, "bob", SECOND),
            find_warning,
        ),
        Demand(
            is_ann_right_in_the_end,
            "ann still believes mal. Let sue come back, and let the run go on until ann has met her.",
            partial(stop, "sue", 0),
        ),
    ),
)
