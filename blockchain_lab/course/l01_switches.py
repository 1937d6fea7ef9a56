"""Lesson 1, a task: in five systems side by side, one who keeps the index is switched off in each.

The film is `five_indexes`. In second 14 one peer of each system looks for the song, in second 36 another.
"""

from typing import Final

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

STORY: Final = "five_indexes"
KINDS: Final = ("usenet", "napster", "gnutella", "bittorrent", "kademlia")
ANSWERED: Final = 15 * SECOND
SECOND_TIME: Final = 36 * SECOND  # another one does
OVER: Final = 45 * SECOND  # who has found nothing by then has given up
ASKERS: Final = ("uli", "nora", "gil", "bill", "kit")  # the second time
RIGHT: Final = ("una", "napster", "gina", "tracker", "kurt")


def switch_them_off(five: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    five.goto(at=20 * SECOND)
    for name in ("una", "napster", "gina", "tracker", "kurt"):
        five.do(Kill(name))
    five.run()


def switch_off(*names: str, seed: int, at: int = 20, until: int | None = None) -> Lab:
    """A run in which these are switched off in some second."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=at * SECOND)
    for name in names:
        lab.do(Kill(name))
    lab.run(until=until)
    return lab


def find_kind(lab: Lab, peer: str) -> str:
    """Which system a peer belongs to."""
    return lab.scenario.peers[peer].kind


def get_kills(lab: Lab) -> list[Record]:
    """Who was switched off, and when."""
    return list(get_records(lab, Kind.KILL))


def is_one_each(lab: Lab) -> bool:
    """One peer of each system was switched off, and nothing else was done."""
    acts = [act for _, act in get_actions(lab)]
    kinds = sorted(find_kind(lab, act.peer) for act in acts if isinstance(act, Kill))
    return len(kinds) == len(acts) and kinds == sorted(KINDS)


def is_between(lab: Lab) -> bool:
    """After the first answers, before the second questions."""
    return all(ANSWERED <= record.at < SECOND_TIME for record in get_kills(lab))


def are_askers_on(lab: Lab) -> bool:
    """Who is to ask the second time was left on."""
    return not any(lab.names[record.peer] in ASKERS for record in get_kills(lab))


def knows_of_song(lab: Lab, peer: str) -> bool:
    """Does it keep an entry of its system's index? A copy counts where copies are the index."""
    if lab.scenario.peers[peer].policy.get("serves"):
        return True
    if find_kind(lab, peer) in ("napster", "bittorrent"):
        return False
    topics = ("file published", "file received", "value stored")
    return any(note.at < ANSWERED for topic in topics for note, _ in get_notes(lab, topic, peer))


def are_indexes_off(lab: Lab) -> bool:
    """Each of those who were switched off kept some of its system's index."""
    return all(knows_of_song(lab, lab.names[record.peer]) for record in get_kills(lab))


def is_over(lab: Lab) -> bool:
    """The second questions were asked, and answered or given up."""
    return lab.trace.time_of(lab.head) >= OVER


def find_wrong_kill(lab: Lab) -> int | None:
    """When somebody was switched off who kept nothing."""
    return next((r.event for r in get_kills(lab) if not knows_of_song(lab, lab.names[r.peer])), None)


KILL_EACH: Final = Do(
    id="L01.q12",
    title="Switch it off in each",
    prompt="In each of the five switch off one who keeps the index, or some of it. Who still finds?",
    scenario=STORY,
    run="five",
    acts=switch_them_off,
    passes="five `Kill`s between second 15 and second 36, one in each system, each of somebody who keeps"
    " some of its index; who asks in second 36 stays on; the run is played to its end.",
    hints=(
        "Who answered in second 14? Click a dot on its way back to the asker: where does it come from?",
        "Napster's server and BitTorrent's tracker stand in the middle. In Kademlia see who notes"
        " `value stored`.",
        '`five.goto(at=20 * SECOND)`, then `five.do(Kill("..."))` for una, napster, gina, tracker, kurt.',
    ),
    because="In two of the five nobody who asks now is told anything; the other three hardly notice.",
    solution="One in each, between the two questions:\n\n{answer}",
    answer=lambda seed: switch_off(*RIGHT, seed=seed),
    again=lambda seed: switch_off("tracker", "kay", "ute", "gus", "napster", seed=seed, at=25),
    mistakes=(),
    demands=(
        Demand(
            is_one_each,
            "One `Kill` in each of the five systems is wanted, and nothing else.",
            lambda seed: switch_off("napster", "tracker", seed=seed),
        ),
        Demand(
            is_between,
            "Switch them off after the first answers and before the second questions: from 15 s to 36 s.",
            lambda seed: switch_off(*RIGHT, seed=seed, at=12),
        ),
        Demand(
            are_askers_on,
            "You switched off one who is to ask in second 36: uli, nora, gil, bill and kit stay on.",
            lambda seed: switch_off("una", "napster", "gil", "tracker", "kurt", seed=seed),
        ),
        Demand(
            are_indexes_off,
            "One of these keeps nothing of its system's index. Look who knew the answer in second 14.",
            lambda seed: switch_off("una", "nan", "gina", "tracker", "kurt", seed=seed),
            find_wrong_kill,
        ),
        Demand(
            is_over,
            "The second questions are not answered yet: play it to the end, `five.run()`.",
            lambda seed: switch_off(*RIGHT, seed=seed, until=30 * SECOND),
        ),
    ),
)
