"""Lesson 1, two tasks in the simulator: lists that disagree and agree again, and a star without its hub."""

from functools import partial
from itertools import combinations
from typing import Final

from blockchain_lab.base.actions import Publish
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l01_runs import FILM, STAR
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Partition
from blockchain_lab.study.standing import Standing, Standings

CALM: Final = 14 * SECOND  # all six lists are alike
MENDED: Final = 28 * SECOND
LEAST: Final = 10 * SECOND  # that two lists must disagree
LEFT: Final = ("ann", "bob", "cat")
STILL_A_STAR: Final = 5 * SECOND
A_MESH: Final = 34 * SECOND


# -- two lists that disagree ---------------------------------------------------------------------------------


def disagree_and_agree(mine: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    mine.goto(at=14 * SECOND)
    mine.do(Partition(("ann", "bob", "cat")))
    mine.do(Publish("ann", "jam"))
    mine.do(Publish("dan", "honey"))
    mine.run(until=28 * SECOND)
    mine.do(Heal())
    mine.run()


def write_both(
    seed: int, *, group: tuple[str, ...] = LEFT, writers: tuple[str, ...] = ("ann", "dan"), heal: bool = True
) -> Lab:
    """A run that is cut between this group and the others (empty: not at all), in which these write."""
    lab = Lab(FILM, seed=seed)
    lab.goto(at=CALM)
    if group:
        lab.do(Partition(group))
    for number, writer in enumerate(writers):
        lab.do(Publish(writer, f"jam {number}"))
    lab.run(until=MENDED)
    if heal:
        lab.do(Heal())
    lab.run()
    return lab


def get_written(lab: Lab) -> dict[str, str]:
    """What the learner has let peers write: item -> writer."""
    events = {after + 1 for after, act in get_actions(lab) if isinstance(act, Publish)}
    return {
        facts["item"]: lab.names[note.peer]
        for note, facts in get_notes(lab, "item learned")
        if facts["hops"] == 0 and note.event in events
    }


def have_two_written(lab: Lab) -> bool:
    """Two different peers wrote something."""
    return len(set(get_written(lab).values())) >= 2


def get_longest_disagreement(lab: Lab) -> Microseconds:
    """How long two writers each had an entry of their own that the other lacked."""
    written = get_written(lab)
    learned = {
        (lab.names[note.peer], facts["item"]): note.at
        for note, facts in get_notes(lab, "item learned")
        if facts["item"] in written
    }
    longest, end = 0, lab.trace.time_of(lab.head)
    for (one, by_one), (two, by_two) in combinations(written.items(), 2):
        since = max(learned[by_one, one], learned[by_two, two])
        until = min(learned.get((by_one, two), end), learned.get((by_two, one), end))
        longest = max(longest, until - since)
    return longest


def is_disagreement_long(lab: Lab) -> bool:
    """Two lists disagreed for ten seconds."""
    return get_longest_disagreement(lab) >= LEAST


def do_all_agree(lab: Lab) -> bool:
    """In the end all six are on and have all that was written."""
    there = [{facts["item"] for _, facts in get_notes(lab, "item learned", name)} for name in lab.names]
    everything = set().union(*there)
    return not any(get_records(lab, Kind.KILL)) and all(held == everything for held in there)


def find_writing(lab: Lab) -> int | None:
    """The event of the last thing that the learner let somebody write."""
    return max((after + 1 for after, act in get_actions(lab) if isinstance(act, Publish)), default=None)


DISAGREE: Final = Do(
    id="L01.q4",
    title="Two lists that disagree",
    prompt="Make two lists disagree for ten seconds: each holds what the other lacks. Then let all agree.",
    scenario=FILM,
    run="mine",
    acts=disagree_and_agree,
    passes="two peers `Publish` something; for at least 10 s each of the two lacks the other's entry; in the"
    " end all six are on and have all entries.",
    hints=(
        "If both just write, the news is quicker than you want. What keeps two halves from talking?",
        'At 14 s: `mine.do(Partition({"ann", "bob", "cat"}))`, then `Publish("ann", ...)` and the same for'
        " dan.",
        "Let ten seconds and more pass, `mine.run(until=28 * SECOND)`, then `mine.do(Heal())`, `mine.run()`.",
    ),
    because="Nobody was wrong, and nobody was asked: each wrote at once, and the lists met later.",
    solution="Cut, write on both sides, wait, mend:\n\n{answer}",
    answer=write_both,
    again=partial(write_both, group=("fay",), writers=("fay", "cat", "bob")),
    mistakes=(),
    demands=(
        Demand(
            have_two_written,
            'Two different peers must write something: `Publish("ann", "jam")` is one of them.',
            partial(write_both, writers=("ann",)),
        ),
        Demand(
            is_disagreement_long,
            "They agreed too soon: the entries went round. Cut the network between the two first.",
            partial(write_both, group=()),
            find_writing,
        ),
        Demand(
            do_all_agree,
            "They disagree to this day. Mend the network, and let the entries travel: `mine.run()`.",
            partial(write_both, heal=False),
            find_writing,
        ),
    ),
)


# -- a star without its hub ----------------------------------------------------------------------------------


def cut_the_hub(star: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    star.goto(at=5 * SECOND)
    star.do(Kill("hub"))
    star.run()


def switch_off(*names: str, at: Microseconds = STILL_A_STAR, seed: int) -> Lab:
    """A run in which hosts are switched off at some moment."""
    lab = Lab(STAR, seed=seed)
    lab.goto(at=at)
    for name in names:
        lab.do(Kill(name))
    lab.run()
    return lab


def count_pairs(peers: list[Standing]) -> int:
    """Pairs of peers between which there is a way along open lines."""
    left = {host for host, peer in enumerate(peers) if peer.is_on}
    pairs = 0
    while left:
        group, front = 0, [left.pop()]
        while front:
            group += 1
            near = left & set(peers[front.pop()].lines.values())
            left -= near
            front += near
        pairs += group * (group - 1) // 2
    return pairs


def count_least_pairs(lab: Lab) -> int:
    """The fewest pairs that could reach each other at a moment after somebody was switched off."""
    standings = Standings(lab.scenario, lab.genesis)
    killed = next((record.event for record in get_records(lab, Kind.KILL)), None)
    counts: list[int] = []
    for record in lab.trace:
        standings.apply(record)
        if killed is not None and record.event >= killed and record.kind in (Kind.KILL, Kind.DISCONNECT):
            counts.append(count_pairs(standings.peers))
    return min(counts, default=count_pairs(standings.peers))


def is_one_switch(lab: Lab) -> bool:
    """One host was switched off, and nothing else was done."""
    return [type(act) for _, act in get_actions(lab)] == [Kill]


def is_middle_off(lab: Lab) -> bool:
    """It was the one in the middle."""
    return any(get_records(lab, Kind.KILL, "hub"))


def is_all_apart(lab: Lab) -> bool:
    """For a moment nobody could reach anybody."""
    return count_least_pairs(lab) == 0


def find_kill(lab: Lab) -> int | None:
    """When the first host was switched off."""
    return next((record.event for record in get_records(lab, Kind.KILL)), None)


HUB: Final = Do(
    id="L01.q7",
    title="One switch, and nobody reaches anybody",
    prompt="Ten peers. Switch off one so that, for a moment, none of the others can reach any other.",
    scenario=STAR,
    run="star",
    acts=cut_the_hub,
    passes="one `Kill` and nothing else; after it there is a moment at which no two peers that are on have a"
    " way to each other.",
    hints=(
        "In a mesh whoever you switch off leaves a way for all others. Look for another moment of the film.",
        "Before second 6 all lines run to one peer. What is left of them without it?",
        '`star.goto(at=5 * SECOND)`, `star.do(Kill("hub"))`, `star.run()`.',
    ),
    because="36 pairs could reach each other, and then none. In the mesh the same switch parts nobody.",
    solution="Go back to the star, and take its middle away:\n\n{answer}",
    answer=lambda seed: switch_off("hub", seed=seed),
    again=lambda seed: switch_off("hub", at=3 * SECOND, seed=seed),
    mistakes=(),
    demands=(
        Demand(
            is_one_switch,
            "One switch is all you have: one `Kill`, and nothing else.",
            lambda seed: switch_off("hub", "ann", seed=seed),
        ),
        Demand(
            is_middle_off,
            "You switched off one at the edge: all others still have a way, through the middle.",
            lambda seed: switch_off("ann", seed=seed),
            find_kill,
        ),
        Demand(
            is_all_apart,
            "The others have lines of their own by then: all of them reach each other still. Be earlier.",
            lambda seed: switch_off("hub", at=A_MESH, seed=seed),
            find_kill,
        ),
    ),
)
