"""Lesson 15, leaders who are known before: their schedule as a drawing, and a task that makes use of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.history import History
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l04_plots import write_svg, write_text
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Revive

STORY: Final = "known_leaders"
SLOT: Final = 2 * SECOND
ROW: Final = 4  # slots that a leader has together
SLOTS: Final = 56  # of the schedule that is shown, and looked at
END: Final = SLOTS * SLOT
LONGEST: Final = 20 * SECOND  # that the learner's victim may be off
LANES: Final = {"ann": "#0072b2", "bob": "#b84a00", "cat": "#00694d", "dan": "#8a3d6a", "eve": "#6b6b6b"}
HIGH: Final = 176


def get_leaders(seed: int) -> list[str]:
    """Who leads slots 0 to 55 of the learner's run: known before it begins."""
    rule = read_proposer(Lab(STORY, seed=seed).scenario.chain["consensus"]["proposer"], seed=seed)
    assert isinstance(rule, History)
    return [rule.get_leader(slot) for slot in range(SLOTS)]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Leaders, slot by slot."""

    leaders: tuple[str, ...]

    def get_rows(self) -> list[tuple[str, int, int]]:
        """(leader, first slot, slots) of each row of the same leader."""
        rows, first = [], 0
        for name, group in groupby(self.leaders):
            count = len(list(group))
            rows.append((name, first, count))
            first += count
        return rows

    def __repr__(self) -> str:
        """A line for each row."""
        return "\n".join(
            f"slots {first} to {first + count - 1}, seconds {2 * first} to {2 * (first + count)}: {name}"
            for name, first, count in self.get_rows()
        )

    def _repr_html_(self) -> str:
        """A lane for each leader over the seconds."""
        left, right, top, lane = 56, 740, 12, 24

        def find_x(slot: int) -> float:
            return left + (right - left) * slot / SLOTS

        parts = []
        for number, name in enumerate(LANES):
            parts.append(write_text(left - 12, top + lane * number + 17, name, "end", font_weight="600"))
        for name, first, count in self.get_rows():
            y, wide = top + lane * list(LANES).index(name), find_x(count) - left
            parts.append(
                f'<rect x="{find_x(first) + 1:.1f}" y="{y + 2}" width="{wide - 2:.1f}" height="{lane - 4}" '
                f'rx="4" fill="{LANES[name]}"/>'
            )
        bottom = top + lane * len(LANES)
        parts += [write_text(find_x(slot), bottom + 17, 2 * slot) for slot in range(0, SLOTS + 1, ROW)]
        parts.append(write_text((left + right) / 2, bottom + 38, "seconds; a slot lasts two of them"))
        return write_svg(HIGH, f"Who leads when.\n{self!r}", parts)


def draw_leaders(seed: int) -> Schedule:
    """The schedule of the first 112 seconds."""
    return Schedule(tuple(get_leaders(seed)))


# -- the task ------------------------------------------------------------------------------------------------


def silence(clock: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    leaders = get_leaders(clock.scenario.seed)
    last = next(slot for slot in range(7, 55) if leaders[slot] != leaders[slot + 1])  # of a row
    clock.goto(at=(2 * last - 7) * SECOND)  # a second before its last four slots
    clock.do(Kill(leaders[last]))
    clock.goto(at=(2 * last + 4) * SECOND)  # the next leader's first block has come
    clock.do(Revive(leaders[last]))
    clock.run()


def silence_a_leader(seed: int) -> Lab:
    """The run that `silence` makes."""
    lab = Lab(STORY, seed=seed)
    silence(lab)
    return lab


def find_row_end(leaders: Sequence[str], first: int) -> int:
    """The last slot of the row that ends first, from slot `first` on."""
    return next(slot for slot in range(first, len(leaders) - 1) if leaders[slot] != leaders[slot + 1])


def turn_off(seed: int, *, other: bool = False, and_run: bool = True) -> Lab:
    """A run in which the leader of a later row is turned off for a while, or one that does not lead then."""
    lab, leaders = Lab(STORY, seed=seed), get_leaders(seed)
    last = find_row_end(leaders, 23)
    busy = leaders[last - 4 : last + 4]
    victim = next(name for name in lab.names if name not in busy) if other else leaders[last]
    lab.goto(at=(2 * last - 7) * SECOND)
    lab.do(Kill(victim))
    lab.goto(at=(2 * last + 3) * SECOND)
    lab.do(Revive(victim))
    if and_run:
        lab.run()
    return lab


def cut_off(seed: int) -> Lab:
    """A run in which something else is done."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=31 * SECOND)
    lab.do(Heal())
    return lab


def turn_two_off(seed: int) -> Lab:
    """A run in which two are off at once."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=31 * SECOND)
    for name in ("ann", "bob"):
        lab.do(Kill(name))
    lab.run()
    return lab


def is_only_turned_off_and_on(lab: Lab) -> bool:
    """Only `Kill` and `Revive`."""
    return all(isinstance(action, Kill | Revive) for _, action in get_actions(lab))


def get_absences(lab: Lab) -> list[tuple[int, int]]:
    """(from, to) of each time that the learner has turned a peer off, microseconds."""
    gone: dict[str, int] = {}
    absences = []
    for after, action in get_actions(lab):
        at = lab.trace.time_of(after)
        if isinstance(action, Kill):
            gone[action.peer] = at
        elif isinstance(action, Revive) and action.peer in gone:
            absences.append((gone.pop(action.peer), at))
    return [*absences, *((at, END) for at in gone.values())]


def is_one_at_a_time(lab: Lab) -> bool:
    """Never were two off, and nobody for longer than 20 seconds."""
    absences = sorted(get_absences(lab))
    apart = all(end <= start for (_, end), (start, _) in pairwise(absences))
    return apart and all(end - start <= LONGEST for start, end in absences)


def is_played(lab: Lab) -> bool:
    """Has the run gone on for as long as the schedule that was shown?"""
    return lab.trace.time_of(lab.head) >= END - LONGEST


def get_filled(lab: Lab) -> set[int]:
    """The slots for which there is a block, each in which it was first heard of: by its maker."""
    made: dict[str, int] = {}
    for note, facts in get_notes(lab, "block proposed"):
        made.setdefault(facts["hash"], note.at)
    return {at // SLOT for at in made.values()}


def get_longest_silence(lab: Lab) -> int:
    """The most slots in a row without a block, of those in the schedule."""
    filled = get_filled(lab)
    rows = groupby(slot in filled for slot in range(SLOTS))
    return max((len(list(group)) for is_full, group in rows if not is_full), default=0)


def is_silent(lab: Lab) -> bool:
    """Are four slots in a row empty?"""
    return get_longest_silence(lab) >= ROW


SILENCE: Final = Do(
    id="L15.q12",
    title="Silence a leader",
    prompt="Turn one peer off for a short while, so that four slots in a row stay empty.",
    scenario=STORY,
    run="clock",
    acts=silence,
    passes="only `Kill` and `Revive`; never two off at once, nobody for more than 20 seconds; the run played"
    " on; of slots 0 to 55 four in a row, which is eight seconds, without a block.",
    hints=(
        "The schedule above says whose slots come when. Choose a row that has not begun yet.",
        "Turn its leader off a second before the row begins, and on again when the next one has begun.",
        "For a row from second 32 to 40: `clock.goto(at=31 * SECOND)`, `clock.do(Kill(...))`, then"
        " `clock.goto(at=43 * SECOND)`, `clock.do(Revive(...))`, and `clock.run()`.",
    ),
    because="One peer in five, off for ten seconds, and the chain stood still: everybody knew whom to hit.",
    solution="The leader of a row, for its last four slots:\n\n{answer}",
    answer=silence_a_leader,
    again=turn_off,
    mistakes=(),
    demands=(
        Demand(
            is_only_turned_off_and_on,
            "Use `Kill` and `Revive`, and nothing else.",
            cut_off,
        ),
        Demand(
            is_one_at_a_time,
            "One at a time, for 20 seconds at most, and then on again: the schedule says when.",
            turn_two_off,
        ),
        Demand(
            is_played,
            "Let the run go on to its end: `clock.run()`.",
            partial(turn_off, and_run=False),
        ),
        Demand(
            is_silent,
            "No four slots in a row are empty. Was it the leader, and was it off before the row began?",
            partial(turn_off, other=True),
        ),
    ),
)
