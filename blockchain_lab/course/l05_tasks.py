"""Lesson 5, two tasks in the simulator: the length of a session, and a living peer that is given up."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l05_runs import LINE, OBSERVER
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.sessions import SET_UP, TCP_HEADERS, compute_set_up_part
from blockchain_lab.sim.actions import (
    Action,
    DelayMessage,
    DropMessage,
    EditMessage,
    Heal,
    Kill,
    Partition,
    SetKnob,
    SetLink,
)

SESSIONS: Final = "short_sessions"
SESSION: Final = "session"  # the knob
WANTED_PART: Final = 0.1  # of all bytes
FEW_ACTS: Final = 3
ON_THE_LINE: Final = (Partition, Heal, SetLink, DropMessage, DelayMessage, EditMessage)


# -- how long a session must be ------------------------------------------------------------------------------


def get_set_up_part(lab: Lab) -> float | None:
    """Of all bytes of the last whole session, the part that made the connection; None before one."""
    size, part = 0, None
    for record in lab.trace:
        if record.kind == Kind.DIAL:
            size = 0
        elif record.kind == Kind.SEND:
            size += record.detail.size + TCP_HEADERS
        elif record.kind == Kind.HANG_UP:
            part = SET_UP / (SET_UP + size)
    return part


def find_session(sessions: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    for seconds in range(60, 100):
        sessions.goto(event=0)
        sessions.do(SetKnob("session", seconds * SECOND))
        sessions.run()
        part = get_set_up_part(sessions)
        if part is not None and part <= 0.1:
            break
    sessions.goto(event=0)
    sessions.do(SetKnob("session", (seconds - 1) * SECOND))
    sessions.run()


def find_session_by_trying(seed: int) -> Lab:
    """The run that `find_session` ends with."""
    lab = Lab(SESSIONS, seed=seed)
    find_session(lab)
    return lab


def find_session_by_formula(seed: int) -> Lab:
    """Another way: reckon it, and play only that one."""
    exchange = 2 * (32 + TCP_HEADERS)  # bytes of a question and its answer
    longest = max(s for s in range(1, 600) if compute_set_up_part(s, 10, exchange) > WANTED_PART)
    return keep_sessions(longest, seed)


def keep_sessions(seconds: int, seed: int, *, until: int | None = None, loss: bool = False) -> Lab:
    """A run with sessions of this length; up to some second, and with a worse link, if that is asked."""
    lab = Lab(SESSIONS, seed=seed)
    lab.goto(event=0)
    lab.do(SetKnob(SESSION, seconds * SECOND))
    if loss:
        lab.do(SetLink("ann", "bob", loss=100_000))
    lab.run(until=lab.scenario.until if until is None else until * SECOND)
    return lab


@cache
def play_part(seconds: int, seed: int) -> float:
    """The part with sessions of this length."""
    return get_set_up_part(keep_sessions(seconds, seed)) or 0.0


def get_turns(lab: Lab) -> list[tuple[int, int]]:
    """How the knob was turned: (after which event, to how many microseconds)."""
    acts = get_actions(lab)
    return [(after, act.value) for after, act in acts if isinstance(act, SetKnob) and act.knob == SESSION]


def is_only_session_turned(lab: Lab) -> bool:
    """Nothing else was done."""
    return len(get_turns(lab)) == len(get_actions(lab))


def is_session_over(lab: Lab) -> bool:
    """Two sessions have ended since the knob was last turned: the one that was open, and a whole new one."""
    after, _ = get_turns(lab)[-1]
    return sum(1 for record in get_records(lab, Kind.HANG_UP) if record.event > after) >= 2


def is_part_large(lab: Lab) -> bool:
    """More than a tenth of the bytes make connections."""
    part = get_set_up_part(lab)
    return part is not None and part > WANTED_PART


def is_session_longest(lab: Lab) -> bool:
    """A second more, and it would be a tenth or less."""
    _, length = get_turns(lab)[-1]
    return play_part(length // SECOND + 1, lab.scenario.seed) <= WANTED_PART


LONGEST_SESSION: Final = Do(
    id="L05.q7",
    title="How short is too short?",
    prompt="Find the longest session, in whole seconds, with which more than a tenth of all bytes only make"
    " connections.",
    scenario=SESSIONS,
    run="sessions",
    acts=find_session,
    passes="only the knob `session` is turned; a whole session of that length has been played; in it more"
    " than 10 % of the bytes make the connection; with one second more, it would be 10 % or less.",
    hints=(
        'Turn it at the beginning: `sessions.goto(event=0)`, then `sessions.do(SetKnob("session", 30 *'
        " SECOND))` and `sessions.run()`. `get_set_up_part(sessions)` is the share.",
        "Three packets of 40 bytes make a connection: 120 bytes. A tenth of how many bytes is that?",
        "A question and its answer are 2 × 72 bytes, one such pair each 10 seconds, the first at once. How"
        " many pairs fit into 1,080 bytes, and how long does a session with so many last?",
    ),
    because="Seven questions make 1,008 bytes, eight 1,152. With eight, 120 bytes are less than a tenth.",
    solution="The eighth question would be asked after 70 seconds:\n\n{answer}",
    answer=find_session_by_trying,
    again=find_session_by_formula,
    mistakes=(),
    demands=(
        Demand(
            is_only_session_turned,
            "Only the session may be changed. Go back to event 0 and turn nothing but that knob.",
            lambda seed: keep_sessions(70, seed, loss=True),
        ),
        Demand(
            is_session_over,
            "No whole session of this length has been played yet. Let the run go on: `sessions.run()`.",
            lambda seed: keep_sessions(70, seed, until=90),
        ),
        Demand(
            is_part_large,
            "In these sessions a tenth of the bytes or less make the connection. Make them shorter.",
            lambda seed: keep_sessions(71, seed),
        ),
        Demand(
            is_session_longest,
            "It is more than a tenth, but so it is with sessions a second longer. Find the longest.",
            lambda seed: keep_sessions(65, seed),
        ),
    ),
)


# -- a living peer, given up ---------------------------------------------------------------------------------


def cut_off(line: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    line.goto(at=60 * SECOND)
    line.do(Partition(("ann",), ("cat",)))
    line.run()


def cut_off_cat(seed: int) -> Lab:
    """The run that `cut_off` makes."""
    lab = Lab(LINE, seed=seed)
    cut_off(lab)
    return lab


def lose_three_asks(seed: int) -> Lab:
    """Another way: the three questions of one round are lost, each on its way."""
    lab = Lab(LINE, seed=seed)
    lab.goto(at=60 * SECOND)
    for _ in range(FEW_ACTS):
        lose_next_ask(lab, "cat")
    lab.run()
    return lab


def lose_next_ask(lab: Lab, name: str) -> None:
    """Go on until Ann asks this peer, and take the question out of flight."""
    number, after = lab.names.index(name), lab.cursor
    lab.look_ahead()
    ask = next(r for r in get_records(lab, Kind.SEND, OBSERVER) if r.event > after and r.other == number)
    lab.goto(event=ask.event)
    lab.do(DropMessage(ask.id))


def act_on_line(seed: int, acts: Iterable[Action], *, until: int = 150) -> Lab:
    """A run in which all this is done in second 60."""
    lab = Lab(LINE, seed=seed)
    lab.goto(at=60 * SECOND)
    for act in acts:
        lab.do(act)
    lab.run(until=until * SECOND)
    return lab


def is_only_line_touched(lab: Lab) -> bool:
    """No peer was switched off, no knob turned."""
    return all(isinstance(act, ON_THE_LINE) for _, act in get_actions(lab))


def are_acts_few(lab: Lab) -> bool:
    """Three at most."""
    return len(get_actions(lab)) <= FEW_ACTS


def is_living_dropped(lab: Lab) -> bool:
    """Ann has given up somebody who is there."""
    names = {address: name for name, address in lab.scenario.get_addresses().items()}
    dead = {lab.names[record.peer] for record in get_records(lab, Kind.KILL)}
    dropped = {names[Address(*facts["address"])] for _, facts in get_notes(lab, "peer dropped", OBSERVER)}
    return not dropped <= dead


def find_first_act(lab: Lab) -> int | None:
    """Where the learner acted first."""
    return get_actions(lab)[0][0]


FALSE_ALARM: Final = Do(
    id="L05.q10",
    title="Given up alive",
    prompt="Make Ann give up a peer that is alive. You may disturb the line, in three acts at most, and"
    " neither switch off a peer nor turn a knob.",
    scenario=LINE,
    run="line",
    acts=cut_off,
    passes="at most three acts, all of them on the line; Ann drops a peer that is switched on.",
    hints=(
        "What does Ann see of a peer that is alive while nothing gets through? Go to a quiet moment first:"
        " `line.goto(at=60 * SECOND)`.",
        "Ann asks three times, 10 seconds apart. All three questions, or their answers, must be lost.",
        '`line.do(Partition(("ann",), ("cat",)))` cuts the line between the two; then `line.run()`.',
    ),
    because="From where Ann stands, a cut line and a dead peer look the same: silence.",
    solution="Cut the line and wait for 57.5 seconds of silence:\n\n{answer}",
    answer=cut_off_cat,
    again=lose_three_asks,
    mistakes=(),
    demands=(
        Demand(
            is_only_line_touched,
            "Hands off the peers and the knobs: only the line may be disturbed.",
            lambda seed: act_on_line(seed, [Kill("cat", seen_as="silence")]),
        ),
        Demand(
            are_acts_few,
            "More than three acts. Three lost questions are enough, and one cut line is, too.",
            lambda seed: act_on_line(
                seed, [SetLink("ann", peer, loss=900_000) for peer in ("cat", "dan", "eve", "fay")]
            ),
        ),
        Demand(
            is_living_dropped,
            "Ann still believes in everybody who is alive. Was the line cut for long enough? Let it run on.",
            lambda seed: act_on_line(seed, [Partition(("ann",), ("cat",))], until=90),
            find_first_act,
        ),
    ),
)
