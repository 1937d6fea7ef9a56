"""Lesson 14, the runs: what is read off them, and the task of losing a server in mid-download."""

from functools import partial
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.messages_data import MAX_HEADERS
from blockchain_lab.course.doing import Demand, Do
from blockchain_lab.course.questions import Compute
from blockchain_lab.course.reading import (
    get_command_order,
    get_messages,
    get_newcomers,
    get_notes,
    get_records,
    get_servers,
)
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetLink

POOL: Final = ("block", "getblocks", "getdata", "getheaders", "headers", "inv", "verack", "version")


def play(scenario: str, seed: int) -> Lab:
    """A run of the scenario to its end."""
    lab = Lab(scenario, seed=seed)
    lab.run()
    return lab


def get_order(scenario: str) -> Compute:
    """The order in which the kinds of message first cross the first newcomer's line to the server."""

    def compute(seed: int) -> list[str]:
        lab = play(scenario, seed)
        return get_command_order(lab, get_newcomers(lab)[0], get_servers(lab)[0], POOL)

    return compute


def get_chain_length(lab: Lab) -> int:
    """Blocks on the servers' disks, above the genesis."""
    height: int = next(facts["height"] for _, facts in get_notes(lab, "chain loaded"))
    return height


def get_first_request(seed: int) -> int:
    """The event at which the newcomer asks for its first block."""
    lab = play("headers_first", seed)
    return next(get_messages(lab, "getdata", sender=get_newcomers(lab)[0])).event


def get_headers_before_blocks(seed: int) -> str:
    """How many headers the newcomer holds at its first `getdata`, as the key of an option; from a run."""
    lab = play("headers_first", seed)
    newcomer = get_newcomers(lab)[0]
    asked = next(get_messages(lab, "getdata", sender=newcomer))
    accepted = get_notes(lab, "headers accepted", newcomer)
    held = sum(len(facts["hashes"]) for note, facts in accepted if note.id < asked.id)
    return {0: "a", get_chain_length(lab): "c"}.get(held, "b")


def reckon_headers_before_blocks(seed: int) -> str:
    """The same without a run: all of them, if they fit in the one answer that precedes the blocks."""
    recorded = scenarios.load("headers_first").peers["server"].disk["blocks"]
    return "c" if len(recorded) <= MAX_HEADERS else "b"


def name_lost_branch(seed: int) -> str:
    """What the recorded chain's losing branch is, by the server's own notes: orphans have unknown parents."""
    lab = play("headers_first", seed)
    server = get_servers(lab)[0]
    notes = [facts for _, facts in get_notes(lab, "block accepted", server)]
    active = next(facts["hashes"] for _, facts in get_notes(lab, "chain loaded", server))
    lost = [facts for facts in notes if facts["hash"] not in active]
    known = {*active, *(facts["hash"] for facts in notes)}
    return "b" if lost and all(facts["parent"] in known for facts in lost) else "a"


# --- Losing a server ----------------------------------------------------------------------------------


def lose_server(four: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    four.goto(at=5 * SECOND)
    four.do(Kill("sue"))
    four.run()


def stop(peer: str, at: int, seed: int, *, and_run: bool = True) -> Lab:
    """A run in which a peer is stopped at a time."""
    lab = Lab("four_servers", seed=seed)
    lab.goto(at=at)
    lab.do(Kill(peer))
    if and_run:
        lab.run()
    return lab


def slow_down(seed: int) -> Lab:
    """A run in which something was done, but nobody stopped."""
    lab = Lab("four_servers", seed=seed)
    lab.goto(at=5 * SECOND)
    lab.do(SetLink("ann", "sue", latency=SECOND))
    return lab


def get_stopped(lab: Lab) -> list[Record]:
    """When servers were stopped."""
    return [record for name in get_servers(lab) for record in get_records(lab, Kind.KILL, name)]


def get_end(lab: Lab) -> int | None:
    """The event at which the newcomer had the whole chain; None if it never had."""
    wanted = get_chain_length(lab)
    tips = get_notes(lab, "tip changed", get_newcomers(lab)[0])
    return next((note.event for note, facts in tips if facts["height"] == wanted), None)


def is_newcomer_alive(lab: Lab) -> bool:
    """Nobody stopped it."""
    return not any(get_records(lab, Kind.KILL, get_newcomers(lab)[0]))


def is_server_stopped(lab: Lab) -> bool:
    """At least one was."""
    return bool(get_stopped(lab))


def get_felt_stops(lab: Lab) -> list[Record]:
    """When servers were stopped that had begun to send blocks."""
    first = {name: next(get_messages(lab, "block", sender=name), None) for name in get_servers(lab)}
    sent = {lab.names.index(name): record.event for name, record in first.items() if record is not None}
    return [record for record in get_stopped(lab) if record.event > sent.get(record.peer, record.event)]


def is_loss_felt(lab: Lab) -> bool:
    """One that was stopped had begun to send blocks."""
    return bool(get_felt_stops(lab))


def is_loss_in_time(lab: Lab) -> bool:
    """One that had begun to send blocks was stopped before the newcomer had everything."""
    end = get_end(lab)
    return any(end is None or record.event < end for record in get_felt_stops(lab))


def is_chain_complete(lab: Lab) -> bool:
    """The newcomer has the whole chain in the end."""
    return get_end(lab) is not None


def find_stop(lab: Lab) -> int | None:
    """The event at which the first server was stopped; one that had sent blocks, if there is one."""
    stops = get_felt_stops(lab) or get_stopped(lab)
    return min((record.event for record in stops), default=None)


LOSE_A_SERVER: Final = Do(
    id="L14.q7",
    title="Lose a server, keep the chain",
    prompt="Stop a server that is sending blocks to ann, and let the run go on: ann must still get them all.",
    scenario="four_servers",
    run="four",
    acts=lose_server,
    passes="a server is stopped between its first block and the end of the download, and the newcomer, alive,"
    " reaches the chain's last block.",
    hints=(
        "Go to a moment when blocks are on their way, for example `four.goto(at=5 * SECOND)`.",
        '`four.do(Kill("sue"))` stops sue, as the next event. Which of the four do send blocks?',
        "Acting is not enough: `four.run()` lets the rest of the story happen.",
    ),
    because="What the lost server still owed is asked of another: the headers say which blocks are missing.",
    solution="Go there, act, and run on:\n\n{answer}",
    answer=partial(stop, "sue", 5 * SECOND),
    again=partial(stop, "sam", 8 * SECOND),
    mistakes=(),
    demands=(
        Demand(
            is_newcomer_alive,
            "You stopped the newcomer itself. Stop one of those that serve it.",
            partial(stop, "ann", 5 * SECOND),
        ),
        Demand(
            is_server_stopped,
            "You acted, but no server was stopped: `Kill` with a server's name does it.",
            slow_down,
        ),
        Demand(
            is_loss_felt,
            "The server that you stopped had not sent a block: nobody missed it. Take one that sends some.",
            partial(stop, "tom", 5 * SECOND),
            find_stop,
        ),
        Demand(
            is_loss_in_time,
            "Too late: when you stopped the server, ann had all the blocks. Go back further.",
            partial(stop, "sue", 50 * SECOND),
            find_stop,
        ),
        Demand(
            is_chain_complete,
            "ann has not reached the last block. Let the run go on, and leave her one honest server.",
            partial(stop, "sue", 5 * SECOND, and_run=False),
        ),
    ),
)
