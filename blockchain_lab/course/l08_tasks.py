"""Lesson 8, the two tasks in the simulator: a key surrounded, and the same spam for both overlays."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from blockchain_lab.base.actions import FindProviders
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l08_runs import GRAPH, HALVES, PEERS, SONG, STORY, TABLE
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.kademlia_ids import hash_to_id
from blockchain_lab.overlay.measures_evolution import find_questions
from blockchain_lab.sim.actions import Action, Revive

HIRING: Final = "chosen_ids"
ASKER: Final = "ida"
STORED_AT: Final = 24 * SECOND  # bob stores the song
BUDGET: Final = 3
SPAM: Final = 5  # questions on each side


# -- a key surrounded ----------------------------------------------------------------------------------------


def get_hirelings() -> dict[str, int]:
    """The dishonest peers that are for hire, and the id of each."""
    peers = Lab(HIRING).scenario.peers
    return {name: int(peer.policy["id"], 16) for name, peer in peers.items() if "id" in peer.policy}


def hire_closest(hired: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    ids, key = get_hirelings(), hash_to_id("song")
    closest = sorted(ids, key=lambda name: ids[name] ^ key)
    hired.goto(at=20 * SECOND)
    for name in closest[:3]:
        hired.do(Revive(name))
    hired.run()


def surround_key(seed: int) -> Lab:
    """The run that `hire_closest` makes."""
    lab = Lab(HIRING, seed=seed)
    hire_closest(lab)
    return lab


def hire(names: Iterable[str], seed: int, *, at: Microseconds = 22 * SECOND, and_run: bool = True) -> Lab:
    """A run in which some are hired."""
    return act(HIRING, [Revive(name) for name in names], seed, at=at, and_run=and_run)


def act(story: str, acts: Iterable[Action], seed: int, *, at: Microseconds, and_run: bool = True) -> Lab:
    """A run with some acts, one after another."""
    lab = Lab(story, seed=seed)
    lab.goto(at=at)
    for action in acts:
        lab.do(action)
    if and_run:
        lab.run()
    return lab


def are_three_hired(lab: Lab) -> bool:
    """At most three of those for hire were switched on, and nothing else was done."""
    acts = [action for _, action in get_actions(lab)]
    return len(acts) <= BUDGET and all(
        isinstance(action, Revive) and action.peer in get_hirelings() for action in acts
    )


def find_storing(lab: Lab) -> int | None:
    """The event at which bob begins to store the song."""
    return next(
        (note.event for note, facts in get_notes(lab, "lookup started", "bob") if is_song(facts)), None
    )


def are_hired_in_time(lab: Lab) -> bool:
    """All were there before the song was stored."""
    stored = find_storing(lab)
    return stored is None or all(after < stored for after, _ in get_actions(lab))


def find_answer(lab: Lab) -> int | None:
    """The event at which ida's search for the song is over."""
    found = (note.event for note, facts in get_notes(lab, "lookup finished", ASKER) if is_song(facts))
    return next(found, None)


def is_song(facts: dict[str, object]) -> bool:
    """Is this note about the song's key?"""
    return facts["target"] == f"{hash_to_id(SONG):040x}"


def has_looked(lab: Lab) -> bool:
    """The run was played until ida had looked for the song."""
    return find_answer(lab) is not None


def is_song_lost(lab: Lab) -> bool:
    """Did ida find nothing?"""
    notes = get_notes(lab, "lookup finished", ASKER)
    return all(facts["value"] is None for _, facts in notes if is_song(facts))


SURROUND: Final = Do(
    id="L08.q7",
    title="Make a song vanish",
    prompt="Hire at most three of the nine, before bob stores the song, so that ida does not find it.",
    scenario=HIRING,
    run="hired",
    acts=hire_closest,
    passes="at most three `Revive`s of x1 to x9 and nothing else, all before bob stores the song; the run"
    " played until ida has looked for it; she finds nothing.",
    hints=(
        "Who keeps the song? Those whose ids are closest to its key. Be closer than all honest peers.",
        "Sort the nine by `ids[name] ^ key`. The smaller, the closer.",
        'At second 20: `hired.do(Revive("..."))` for the first three of them, then `hired.run()`.',
    ),
    because="bob hands the song to the three peers closest to its key. All three are yours, and forget it.",
    solution="Hire the three whose ids are closest to the key:\n\n{answer}",
    answer=surround_key,
    again=partial(hire, ("x9", "x2", "x4")),
    mistakes=(),
    demands=(
        Demand(
            are_three_hired,
            "The budget is three dishonest peers, switched on, and nothing else.",
            partial(hire, ("x1", "x2", "x4", "x9")),
        ),
        Demand(
            are_hired_in_time,
            "Too late: the song was handed to honest peers already. Hire before second 24.",
            partial(hire, ("x2", "x4", "x9"), at=25 * SECOND),
            find_storing,
        ),
        Demand(
            has_looked,
            "ida has not looked for the song yet in this run. Let it go on: `hired.run()`.",
            partial(hire, ("x2", "x4", "x9"), and_run=False),
        ),
        Demand(
            is_song_lost,
            "ida still finds the song: an honest peer keeps a copy. Which ids are closest to the key?",
            partial(hire, ("x1", "x5", "x8")),
            find_answer,
        ),
    ),
)


# -- the same spam for both ----------------------------------------------------------------------------------


def ask_for_nothing(spam: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    spam.goto(at=17 * SECOND)
    for number in range(5):
        spam.do(FindProviders("t3", f"nothing {number}"))
        spam.do(FindProviders("g3", f"nothing {number}"))
    spam.run()


def spend_budget(seed: int) -> Lab:
    """The run that `ask_for_nothing` makes."""
    lab = Lab(STORY, seed=seed)
    ask_for_nothing(lab)
    return lab


def ask(left: int, right: int, seed: int, *, what: str = "air", and_run: bool = True) -> Lab:
    """A run with so many questions on each side, each by a peer of its own."""
    acts = [FindProviders(f"{TABLE}{number}", f"{what}") for number in range(left)]
    acts += [FindProviders(f"{GRAPH}{number}", f"{what}") for number in range(right)]
    return act(STORY, acts, seed, at=17 * SECOND, and_run=and_run)


def get_asked(lab: Lab) -> list[FindProviders]:
    """The learner's questions."""
    return [action for _, action in get_actions(lab) if isinstance(action, FindProviders)]


def is_only_asked(lab: Lab) -> bool:
    """Nothing but questions, all for what nobody has."""
    asked = get_asked(lab)
    return len(asked) == len(get_actions(lab)) and all(action.key != SONG for action in asked)


def is_budget_the_same(lab: Lab) -> bool:
    """Five on each side."""
    sides = [action.peer[0] for action in get_asked(lab)]
    return all(sides.count(half) == SPAM for half in HALVES)


def is_over(lab: Lab) -> bool:
    """Every search of the learner's has ended: by table with an answer, the others by having reached all."""
    asked = get_asked(lab)
    ended = {(lab.names[note.peer], facts["target"]) for note, facts in get_notes(lab, "lookup finished")}
    reached = {(lab.names[one.asker], one.file): one.reach for one in find_questions(lab.trace)}
    return all(
        (action.peer, f"{hash_to_id(action.key):040x}") in ended
        if action.peer.startswith(TABLE)
        else reached.get((action.peer, action.key)) == PEERS
        for action in asked
    )


def count_spam(spam: Lab) -> dict[str, int]:
    """Messages on each side since the first question of the learner's: searching, and nothing else."""
    first = get_actions(spam)[0][0] if get_actions(spam) else spam.head
    counts = {"hash table": 0, "asking everybody": 0}
    for record in get_records(spam, Kind.SEND):
        if record.event > first and record.detail.wire_name in {"ask-provider", "providers", "seek"}:
            counts["hash table" if spam.names[record.peer][0] == TABLE else "asking everybody"] += 1
    return counts


SPEND: Final = Do(
    id="L08.q9",
    title="One budget, two overlays",
    prompt="Ask five times for something that nobody has on the left, and five times on the right.",
    scenario=STORY,
    run="spam",
    acts=ask_for_nothing,
    passes="five `FindProviders` by peers t0 to t39 and five by g0 to g39, none of them for the song; nothing"
    " else done; the run played until every search has ended.",
    hints=(
        "Begin after the story's own search: `spam.goto(at=17 * SECOND)`.",
        'One question: `spam.do(FindProviders("t3", "nothing"))`. The same on the right, with g3.',
        "A loop over `range(5)` with one of each, then `spam.run()`.",
    ),
    because="In a hash table a question bothers a handful of peers, in the random graph all of them.",
    solution="Ask for what nobody has, five times on each side:\n\n{answer}",
    answer=spend_budget,
    again=partial(ask, SPAM, SPAM),
    mistakes=(),
    demands=(
        Demand(
            is_only_asked,
            "Only questions may be asked, and for something that nobody has: not for the song.",
            partial(ask, SPAM, SPAM, what=SONG),
        ),
        Demand(
            is_budget_the_same,
            "Five questions on each side are wanted: t0 to t39 are the left side, g0 to g39 the right one.",
            partial(ask, SPAM, 1),
        ),
        Demand(
            is_over,
            "Some searches have not ended yet. Let the run go on: `spam.run()`.",
            partial(ask, SPAM, SPAM, and_run=False),
        ),
    ),
)
