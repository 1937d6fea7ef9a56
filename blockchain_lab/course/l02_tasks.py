"""Lesson 2, the two tasks in the simulator: back without any seed, and met again at a new address."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l02_runs import FILM, NEWCOMER, SEED
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, ChangeAddress, Kill, Revive

MOVE: Final = "new_address"
ENOUGH_LINES: Final = 8  # full relay; Core net.h MAX_OUTBOUND_FULL_RELAY_CONNECTIONS
ENOUGH_FRIENDS: Final = 3  # of six
Acts = tuple[tuple[float, Action], ...]  # (second, what to do)


def act(story: str, acts: Acts, seed: int, *, until: int | None = None) -> Lab:
    """A run of the story with these acts in it, to its end or to this second; 0: left at the last act."""
    lab = Lab(story, seed=seed)
    for at, action in acts:
        lab.goto(at=round(at * SECOND))
        lab.do(action)
    lab.run(until=None if until is None else until * SECOND)
    return lab


def find_last(lab: Lab, kind: Kind, peer: str) -> int | None:
    """The number of a peer's last record of this kind."""
    return max((record.id for record in get_records(lab, kind, peer)), default=None)


# --- Break it: no seed any more -----------------------------------------------------------------------


def come_back(mine: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    mine.goto(at=30 * SECOND)
    mine.do(Kill("seed"))
    mine.do(Kill("ann"))
    mine.do(Revive("ann"))
    mine.run()


def come_back_at_once(seed: int) -> Lab:
    """The run that `come_back` makes."""
    lab = Lab(FILM, seed=seed)
    come_back(lab)
    return lab


def get_return(lab: Lab) -> int | None:
    """The record of the newcomer's last start, if it was switched off before."""
    killed, started = find_last(lab, Kind.KILL, NEWCOMER), find_last(lab, Kind.START, NEWCOMER)
    return started if killed is not None and started is not None and started > killed else None


def is_seed_gone(lab: Lab) -> bool:
    """The seed is off in the end."""
    killed, started = find_last(lab, Kind.KILL, SEED), find_last(lab, Kind.START, SEED)
    return killed is not None and (started is None or killed > started)


def is_newcomer_back(lab: Lab) -> bool:
    """The newcomer was switched off, and on again."""
    return get_return(lab) is not None


def is_seed_gone_first(lab: Lab) -> bool:
    """The seed went before the newcomer came back."""
    return (find_last(lab, Kind.KILL, SEED) or 0) < (get_return(lab) or 0)


def had_addresses(lab: Lab) -> bool:
    """The newcomer had heard of somebody before it went off."""
    killed = find_last(lab, Kind.KILL, NEWCOMER) or 0
    return any(note.id < killed for note, _ in get_notes(lab, "address added", NEWCOMER))


def has_rejoined(lab: Lab) -> bool:
    """It has shaken hands with eight others since."""
    back = get_return(lab) or 0
    return sum(note.id > back for note, _ in get_notes(lab, "handshake done", NEWCOMER)) >= ENOUGH_LINES


def find_return(lab: Lab) -> int | None:
    """The event of its last start."""
    return max((record.event for record in get_records(lab, Kind.START, NEWCOMER)), default=None)


OFF: Final = Kill(SEED)
AWAY_AND_BACK: Final = (Kill(NEWCOMER), Revive(NEWCOMER))

COME_BACK: Final = Do(
    id="L02.q7",
    title="No seed any more",
    prompt="Switch the seed off for good. Then switch ann off and on again. Does she find the others?",
    scenario=FILM,
    run="mine",
    acts=come_back,
    passes="the seed is off, and stays off, before ann is switched on again; she had heard of others before;"
    " after her return she shakes hands with eight.",
    hints=(
        'Be there when she knows some others: `mine.goto(at=30 * SECOND)`. Then `mine.do(Kill("seed"))`.',
        '`mine.do(Kill("ann"))`, `mine.do(Revive("ann"))`: what is on her disk survives that.',
        "Now let the film go on, `mine.run()`, and watch her lines.",
    ),
    because="Her address book was on her disk. A seed is needed once; then who knows somebody needs nobody.",
    solution="Three acts, then play on:\n\n{answer}",
    answer=come_back_at_once,
    again=partial(act, FILM, ((20, OFF), (25, AWAY_AND_BACK[0]), (32, AWAY_AND_BACK[1]))),
    mistakes=(),
    demands=(
        Demand(
            is_seed_gone,
            "The seed is still on, or on again. Switch it off for good: she must do without.",
            partial(act, FILM, tuple((30, each) for each in AWAY_AND_BACK)),
        ),
        Demand(
            is_newcomer_back,
            "The seed is gone. Now ann: switch her off and on again, so that she has to begin anew.",
            partial(act, FILM, ((30, OFF),)),
        ),
        Demand(
            is_seed_gone_first,
            "When ann came back the seed was still there to be asked. Switch it off before.",
            partial(act, FILM, (*((20, each) for each in AWAY_AND_BACK), (40, OFF))),
            find_return,
        ),
        Demand(
            had_addresses,
            "She went off before she had heard of anybody: her book was empty, and nobody is left to ask."
            " That is how to lose her. Let her meet others first.",
            partial(act, FILM, tuple((0.05, each) for each in (OFF, *AWAY_AND_BACK))),
            find_return,
        ),
        Demand(
            has_rejoined,
            "She has not met eight others since. Let the film go on: `mine.run()`.",
            partial(act, FILM, tuple((30, each) for each in (OFF, *AWAY_AND_BACK)), until=0),
            find_return,
        ),
    ),
)


# --- Met again ----------------------------------------------------------------------------------------


def call_a_friend(moved: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    moved.goto(at=90 * SECOND)
    moved.do(Connect("ann", "bob"))
    moved.run()


def call_after_the_move(seed: int) -> Lab:
    """The run that `call_a_friend` makes."""
    lab = Lab(MOVE, seed=seed)
    call_a_friend(lab)
    return lab


def find_move(lab: Lab) -> tuple[int, Address] | None:
    """The record of the story's move, and where it leads."""
    for record in get_records(lab, Kind.ACTION):
        if isinstance(record.detail, ChangeAddress):
            return record.id, record.detail.address
    return None


def get_calls(lab: Lab) -> Iterator[Any]:
    """The connections of the newcomer that were made after its move, at its own end."""
    moved = find_move(lab)
    return (each for each in get_records(lab, Kind.CONNECT, NEWCOMER) if moved and each.id > moved[0])


def has_only_called(lab: Lab) -> bool:
    """Nothing was done but to let peers call each other."""
    return all(isinstance(action, Connect) for _, action in get_actions(lab))


def has_spoken(lab: Lab) -> bool:
    """The newcomer has talked to somebody since its move."""
    return any(get_calls(lab))


def is_met_again(lab: Lab) -> bool:
    """Three friends have called it at its new address."""
    moved = find_move(lab)
    made = [
        record for record in get_records(lab, Kind.CONNECT) if moved and record.detail == (moved[1], False)
    ]
    return len({record.peer for record in made}) >= ENOUGH_FRIENDS


def find_moving(lab: Lab) -> int | None:
    """The event of the move."""
    return next((each.event for each in get_records(lab, Kind.ACTION) if each.peer >= 0), None)


MET_AGAIN: Final = Do(
    id="L02.q8",
    title="Met again",
    prompt="ann moved at 60 s, and her friends call the old address. With one call: make them find her.",
    scenario=MOVE,
    run="moved",
    acts=call_a_friend,
    passes="nothing is done but `Connect`; in the end three friends or more have called ann at her new"
    " address, of themselves.",
    hints=(
        "bob can call ann only at an address that he knows. Which address does he know?",
        "ann knows where bob lives, and she knows that she has moved. Who must call whom?",
        '`moved.do(Connect("ann", "bob"))`, then `moved.run()`: news of an address takes a minute or two.',
    ),
    because="She called one; he told two others where she lives now, and so on. Who moves must speak first.",
    solution="ann calls, and gossip does the rest:\n\n{answer}",
    answer=call_after_the_move,
    again=partial(act, MOVE, ((75, Connect(NEWCOMER, "dan")),)),
    mistakes=(),
    demands=(
        Demand(
            has_only_called,
            "Only calls, please: `Connect(who, whom)`. To move her back, or to switch somebody off, is none.",
            partial(act, MOVE, ((90, ChangeAddress(NEWCOMER, Address("20.50.1.1", 8333))),), until=0),
        ),
        Demand(
            has_spoken,
            "That call went to the old address, where nobody lives. Who of all knows both addresses?",
            partial(act, MOVE, ((90, Connect("bob", NEWCOMER)),), until=100),
            find_moving,
        ),
        Demand(
            is_met_again,
            "ann has spoken to somebody. Now give the news time to go round: `moved.run()`.",
            partial(act, MOVE, ((90, Connect(NEWCOMER, "bob")),), until=91),
        ),
    ),
)
