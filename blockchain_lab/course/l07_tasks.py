"""Lesson 7, the two tasks in the simulator: the least number of hops, and a rumour stopped."""

from functools import cache, partial
from typing import Final

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l07_runs import CROWD, STORY, count_informed
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetKnob

HOPS: Final = "hops at most"
SOURCE: Final = "p0"
WANTED: Final = 190  # of 200 peers: 95 %
FEW: Final = 6  # of 60 peers, a tenth: a rumour that reaches fewer has died


# -- the least number of hops --------------------------------------------------------------------------------


def find_least_hops(many: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    for hops in range(1, 21):
        many.goto(at=1 * SECOND)
        many.do(SetKnob("hops at most", hops))
        many.run()
        if count_informed(many) >= 190:
            break


def search_from_above(seed: int) -> Lab:
    """Another way: hop after hop less, as long as it does; then the last that did."""
    hops = 9
    while count_reached(seed, hops - 1) >= WANTED:
        hops -= 1
    return limit(hops, seed)


def find_from_below(seed: int) -> Lab:
    """The run that `find_least_hops` ends with."""
    lab = Lab(CROWD, seed=seed)
    find_least_hops(lab)
    return lab


def limit(hops: int, seed: int, *, at: int = 1, fanout: int | None = None) -> Lab:
    """A run in which the knob is turned in some second, and another one, too, if that is asked."""
    lab = Lab(CROWD, seed=seed)
    lab.goto(at=at * SECOND)
    lab.do(SetKnob(HOPS, hops))
    if fanout is not None:
        lab.do(SetKnob("how many are told", fanout))
    lab.run()
    return lab


@cache
def count_reached(seed: int, hops: int) -> int:
    """How many of the 200 hear of it with so many hops."""
    return count_informed(limit(hops, seed)) if hops else 1


def find_publishing(lab: Lab) -> int | None:
    """The event at which the source has its news."""
    return next((note.event for note, _ in get_notes(lab, "item learned", SOURCE)), None)


def get_limits(lab: Lab) -> list[tuple[int, int]]:
    """How the knob was turned: (after which event, to how many hops)."""
    acts = get_actions(lab)
    return [(after, act.value) for after, act in acts if isinstance(act, SetKnob) and act.knob == HOPS]


def is_nothing_else_done(lab: Lab) -> bool:
    """The knob of hops is all that was touched."""
    return len(get_limits(lab)) == len(get_actions(lab))


def is_limit_set_in_time(lab: Lab) -> bool:
    """All turning was done before the news was out."""
    published = find_publishing(lab)
    return published is None or all(after < published for after, _ in get_limits(lab))


def is_crowd_informed(lab: Lab) -> bool:
    """Have 95 % of the peers heard of it?"""
    return count_informed(lab) >= WANTED


def is_limit_least(lab: Lab) -> bool:
    """With one hop less fewer than 95 % hear of it."""
    _, hops = get_limits(lab)[-1]
    return count_reached(lab.scenario.seed, hops - 1) < WANTED


LEAST_HOPS: Final = Do(
    id="L07.q6",
    title="The least number of hops",
    prompt="200 peers, each tells five. Find the least number of hops by which 190 of them hear the news.",
    scenario=CROWD,
    run="many",
    acts=find_least_hops,
    passes="`hops at most` is turned before the news is published and nothing else; at least 190 of the 200"
    " hear of it; with one hop less, in your run, fewer would.",
    hints=(
        "Go back before the news: `many.goto(at=1 * SECOND)`. It is published in second 2.",
        'Then `many.do(SetKnob("hops at most", 3))` and `many.run()`; `count_informed(many)` says how far'
        " it came.",
        "Five told by each: 1, 5, 25, 125, 625. Where does the sum pass 190? One hop more, for duplicates.",
    ),
    because="Each hop multiplies by five at first; near the end most calls meet peers that know already.",
    solution="Try one after the other, from below:\n\n{answer}",
    answer=find_from_below,
    again=search_from_above,
    mistakes=(),
    demands=(
        Demand(
            is_nothing_else_done,
            'Only the hops may be changed. Go back and turn nothing but "hops at most".',
            partial(limit, 5, fanout=8),
        ),
        Demand(
            is_limit_set_in_time,
            "Too late: the news was on its way already. Go back before second 2 and turn the knob there.",
            partial(limit, 6, at=3),
            find_publishing,
        ),
        Demand(
            is_crowd_informed,
            "Fewer than 190 have heard of it. Allow more hops, and let the run go on to its end.",
            partial(limit, 3),
        ),
        Demand(
            is_limit_least,
            "Enough hear of it, but they would with a hop less, too. Find the smallest number.",
            partial(limit, 12),
        ),
    ),
)


# -- a rumour stopped ----------------------------------------------------------------------------------------


def stop_rumour(doomed: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    doomed.goto(at=2 * SECOND)
    for record in doomed.records:
        if record.kind == Kind.SEND:
            doomed.do(Kill(doomed.names[record.other]))
    doomed.run()


def stop_in_flight(seed: int) -> Lab:
    """The run that `stop_rumour` makes."""
    lab = Lab(STORY, seed=seed)
    stop_rumour(lab)
    return lab


def find_first_told(seed: int) -> list[str]:
    """Whom the source tells, in this learner's run."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    return [lab.names[record.other] for record in get_records(lab, Kind.SEND, SOURCE)]


def stop_beforehand(seed: int) -> Lab:
    """Another way: those who will be told are switched off a second before."""
    return switch_off(find_first_told(seed), seed)


def switch_off(names: list[str], seed: int, *, at: int = 1, and_run: bool = True) -> Lab:
    """A run in which peers are switched off in some second."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=at * SECOND)
    for name in names:
        lab.do(Kill(name))
    if and_run:
        lab.run()
    return lab


def is_source_alive(lab: Lab) -> bool:
    """Nobody touched the source."""
    return not any(get_records(lab, Kind.KILL, SOURCE))


def are_two_switched_off(lab: Lab) -> bool:
    """Two peers at most, and nothing else was done."""
    acts = [act for _, act in get_actions(lab)]
    return len(acts) <= 2 and all(isinstance(act, Kill) for act in acts)


def is_over(lab: Lab) -> bool:
    """The news was published, and no rumour is on its way any more."""
    sent = sum(1 for _ in get_records(lab, Kind.SEND))
    ended = sum(1 for kind in (Kind.DATAGRAM, Kind.DROP) for _ in get_records(lab, kind))
    return find_publishing(lab) is not None and sent <= ended


def has_died(lab: Lab) -> bool:
    """Fewer than a tenth of the peers know it."""
    return count_informed(lab) < FEW


STOP_IT: Final = Do(
    id="L07.q8",
    title="Stop a rumour",
    prompt="p0 tells two others. Switch off two peers at most, but not p0, so that fewer than 6 ever know.",
    scenario=STORY,
    run="doomed",
    acts=stop_rumour,
    passes="at most two `Kill`s and nothing else, p0 untouched, the run played until no rumour is on its way,"
    " fewer than 6 peers informed.",
    hints=(
        "An epidemic is weakest at its beginning. Go there: `doomed.goto(at=2 * SECOND)`.",
        "Now two rumours are on their way. Who will get them? Look at the dots, or at `doomed.records`.",
        'Switch those two off before the dots arrive, `doomed.do(Kill("..."))`, and then `doomed.run()`.',
    ),
    because="p0 has told its two and never tells again. With the first two lost, nobody is left who would.",
    solution="Stop both receivers while the rumours are in flight:\n\n{answer}",
    answer=stop_in_flight,
    again=stop_beforehand,
    mistakes=(),
    demands=(
        Demand(
            is_source_alive,
            "You switched off p0, whose news it is. Leave it on: find another weak spot.",
            lambda seed: switch_off([SOURCE], seed, at=3),
        ),
        Demand(
            are_two_switched_off,
            "Two switches are all you have: at most two peers stopped, and nothing else done.",
            lambda seed: switch_off([f"p{number}" for number in range(1, 41)], seed),
        ),
        Demand(
            is_over,
            "The rumour is not at its end in this run. Let it go on: `doomed.run()`.",
            lambda seed: switch_off(["p1", "p2"], seed, and_run=False),
        ),
        Demand(
            has_died,
            "It lives: a tenth of the peers or more know it. Be earlier, and stop those who are told first.",
            lambda seed: switch_off(find_first_told(seed), seed, at=4),
            find_publishing,
        ),
    ),
)
