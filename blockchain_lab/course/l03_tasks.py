"""Lesson 3, the two tasks in the simulator: a punch whose packets come in the wrong order, a punch broken."""

from functools import partial
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l03_runs import PUNCH, SLOW, find_blocked, find_reached, run_to
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, DelayMessage, DropMessage, Kill, SetLink

MOST_LOST: Final = 3  # messages, in the second task
UNTIL_THE_LADDER: Final = 6 * SECOND  # in that task's story: two steps of two seconds have come to nothing


# -- in the right order --------------------------------------------------------------------------------------


def hold_back(late: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    late.goto(event=0)
    request = run_to(late, "intro-ask", "home", "office")
    late.do(DelayMessage(request.id, by=2 * SECOND))
    late.run()


def hold_request(seed: int) -> Lab:
    """The run that `hold_back` makes."""
    lab = Lab(SLOW, seed=seed)
    hold_back(lab)
    return lab


def hold_introduction(seed: int) -> Lab:
    """Another way: Ann hears of Bob later, and so writes later."""
    return delay("intro-told", "tracker", "home", 2 * SECOND, seed)


def delay(command: str, sender: str, receiver: str, by: Microseconds, seed: int) -> Lab:
    """A run in which the first message of a command to somebody comes later."""
    lab = Lab(SLOW, seed=seed)
    lab.do(DelayMessage(run_to(lab, command, sender, receiver).id, by=by))
    lab.run()
    return lab


def act(action: Action, seed: int, story: str = SLOW) -> Lab:
    """A run in which one thing is done at its start."""
    lab = Lab(story, seed=seed)
    lab.goto(event=5)  # all five have started
    lab.do(action)
    lab.run()
    return lab


def stop_early(seed: int) -> Lab:
    """The right packet held back, and then nobody waits for it."""
    lab = Lab(SLOW, seed=seed)
    lab.do(DelayMessage(run_to(lab, "intro-ask", "home", "office").id, by=2 * SECOND))
    return lab


def find_meeting(lab: Lab) -> int | None:
    """The event at which Ann has heard from Bob."""
    office = lab.scenario.get_addresses()["office"].ip
    met = (note.event for note, facts in get_notes(lab, "peer met", "ann") if facts["address"][0] == office)
    return next(met, None)


def is_only_delayed(lab: Lab) -> bool:
    """Messages were held back, and nothing else was done."""
    return all(isinstance(action, DelayMessage) for _, action in get_actions(lab))


def is_let_in(lab: Lab) -> bool:
    """Bob's box has thrown away nothing."""
    return find_blocked(lab) is None


def is_played_out(lab: Lab) -> bool:
    """The two have met, or Ann waits no longer."""
    return find_meeting(lab) is not None or next(get_notes(lab, "peer silent", "ann"), None) is not None


def have_met(lab: Lab) -> bool:
    """Ann has heard from Bob."""
    return find_meeting(lab) is not None


IN_ORDER: Final = Do(
    id="L03.q8",
    title="In the right order",
    prompt="Hold back one message, so that Bob's box is open when Ann's request comes and the two meet.",
    scenario=SLOW,
    run="late",
    acts=hold_back,
    passes="nothing but `DelayMessage`, Bob's box blocks no packet, and Ann hears from Bob.",
    hints=(
        "Bob's puncture must leave his box before Ann's request comes to it. Which of the two can wait?",
        'Begin anew: `late.goto(event=0)`. Then `run_to(late, "intro-ask", "home", "office")` stops when her'
        " request is on its way to Bob's box.",
        "Then `late.do(DelayMessage(request.id, by=2 * SECOND))` and `late.run()`.",
    ),
    because="The same packets, in another order: first out, then in. Bob's own packet has opened his box.",
    solution="Hold back Ann's request until Bob has written to her:\n\n{answer}",
    answer=hold_request,
    again=hold_introduction,
    mistakes=(),
    demands=(
        Demand(
            is_only_delayed,
            "Only `DelayMessage` may be used here: leave links, boxes and peers as they are.",
            partial(act, SetLink("tracker", "office", latency=30_000)),
        ),
        Demand(
            is_let_in,
            "Bob's box has thrown away Ann's request: he had not written to her. Hold it back for longer.",
            partial(delay, "punch-ask", "tracker", "office", SECOND),
            find_blocked,
        ),
        Demand(
            is_played_out,
            "Your message is still under way in this run. Let it go on: `late.run()`.",
            stop_early,
        ),
        Demand(
            have_met,
            "It got in, but too late: Ann waits three seconds for an answer. Hold it back for less.",
            partial(delay, "intro-ask", "home", "office", 4 * SECOND),
        ),
    ),
)


# -- a punch broken ------------------------------------------------------------------------------------------


def silence_bob(broken: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    broken.goto(at=6 * SECOND)
    for _ in range(3):
        word = run_to(broken, "meet", "server", "office")
        broken.do(DropMessage(word.id))
    broken.run()


def lose_words(seed: int) -> Lab:
    """The run that `silence_bob` makes."""
    lab = Lab(PUNCH, seed=seed)
    silence_bob(lab)
    return lab


def lose_requests(seed: int) -> Lab:
    """Another way: the server never hears that Ann wants to be introduced."""
    return lose("introduce", "home", "server", MOST_LOST, seed)


def lose(command: str, sender: str, receiver: str, times: int, seed: int, *, and_run: bool = True) -> Lab:
    """A run in which a message to somebody is lost again and again."""
    lab = Lab(PUNCH, seed=seed)
    lab.goto(at=UNTIL_THE_LADDER)
    for _ in range(times):
        lab.do(DropMessage(run_to(lab, command, sender, receiver).id))
    if and_run:
        lab.run()
    return lab


def is_only_lost(lab: Lab) -> bool:
    """Three messages at most were lost, and nothing else was done."""
    acts = [action for _, action in get_actions(lab)]
    return len(acts) <= MOST_LOST and all(isinstance(action, DropMessage) for action in acts)


def has_ended(lab: Lab) -> bool:
    """Ann has reached Bob, or given up."""
    return any(next(get_notes(lab, topic, "ann"), None) for topic in ("peer reached", "peer not reached"))


def get_step(lab: Lab) -> str:
    """By which step of the ladder Ann has reached Bob."""
    return next((str(facts["by"]) for _, facts in get_notes(lab, "peer reached", "ann")), "")


def is_relayed(lab: Lab) -> bool:
    """All else has failed."""
    return get_step(lab) == "relay"


BREAK_IT: Final = Do(
    id="L03.q13",
    title="Break a punch",
    prompt="Lose three messages at most, so that Ann cannot punch through and takes the relay.",
    scenario=PUNCH,
    run="broken",
    acts=silence_bob,
    passes="at most three `DropMessage`s and nothing else; Ann reaches Bob, and by the relay.",
    hints=(
        "Ann tries to punch three times from second 6 on. What does Bob need to hear, to open his box?",
        'Go there: `broken.goto(at=6 * SECOND)`. `run_to(broken, "meet", "server", "office")` stops when the'
        " server's word to Bob is on its way.",
        "Then `broken.do(DropMessage(word.id))`. Three times, then `broken.run()`.",
    ),
    because="One side alone may write as often as it likes: without Bob's packet his box stays shut.",
    solution="Let Bob never hear that he shall write:\n\n{answer}",
    answer=lose_words,
    again=lose_requests,
    mistakes=(),
    demands=(
        Demand(
            is_only_lost,
            "Three lost messages are all you have: use nothing but `DropMessage`, three times at most.",
            partial(act, Kill("server"), story=PUNCH),
        ),
        Demand(
            has_ended,
            "Ann is still trying in this run. Let it go on: `broken.run()`.",
            partial(lose, "meet", "server", "office", MOST_LOST, and_run=False),
        ),
        Demand(
            is_relayed,
            "Ann did not need the relay. She tries three times: find a message that each of the tries needs.",
            partial(lose, "meet", "server", "office", 2),
            find_reached,
        ),
    ),
)
