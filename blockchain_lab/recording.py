"""What a real network's tape holds, as a `Lab` shows it: every view, every moment, and nothing to be done.

    recording = Recording(net.tape)        # while the network runs, or afterwards
    recording.show("chart")
    recording.peer("ann").chain.tip        # a node of ours at the cursor, rebuilt from what it was told
    recording.save("evening.json"); Recording("evening.json")

Peers that are programs of their own are drawn by what came from them and what went to them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter_ns
from typing import Any, Final, NoReturn

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.params import network_from_plain
from blockchain_lab.lab import Lab
from blockchain_lab.recording_file import read_tape, write_tape
from blockchain_lab.scenarios.kinds import KINDS, get_codec
from blockchain_lab.sim.checks import make_action_table
from blockchain_lab.sim.hosts import Life
from blockchain_lab.sim.recorded import REAL, REFUSAL, Recorded
from blockchain_lab.sim.scenario import Between, Links, Peer, Scenario, Topology
from blockchain_lab.sim.timeline import Options
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sockets.sync import Impatient
from blockchain_lab.sockets.tape import Party, Tape

OURS: Final[Mapping[str, NodeFactory]] = {**KINDS, "bitcoin-impatient": Impatient}
LONGEST_AGENT: Final = 20  # letters of what a program calls itself


class Recording(Lab):
    """A finished run. It can be stepped, rewound, asked why, looked into, saved and shown."""

    def __init__(
        self,
        source: Tape | str | Path,
        *,
        kinds: Mapping[str, NodeFactory] | None = None,
        actions: Iterable[type[Command]] = (),
        codec: Codec | None = None,
    ) -> None:
        """From a tape, as it is now, or from a saved file, which may need your own `kinds` and `actions`.

        UsageError when nothing was recorded, or the file is none of ours.
        """
        self._table = make_action_table(actions)
        own = {**OURS, **(kinds or {})}
        if isinstance(source, Tape):
            tape = source
            own |= {get_kind(each): each.factory for each in tape.parties if each.factory is not None}
        else:
            tape = read_tape(Path(source), partial(find_kind, own), partial(find_codec, codec), self._table)
        if not tape.records:
            raise UsageError("nothing was recorded: start the network first (and leave recorded=True)")
        self._tape, self._own_kinds = tape, {}
        self.scenario = make_scenario(tape)
        options = Options(
            kinds=own,
            store=ContentStore(),
            codec=codec or get_codec(self.scenario),
            stopwatch=perf_counter_ns,
        )
        self.timeline = Recorded(self.scenario, options, make_trace(tape))
        self._runs = 0
        self.selection = None
        self._subscribers = []

    def get_commands(self, name: str) -> list[str]:
        """None: nobody obeys any more."""
        self._check_peer(name)
        return []

    def reset(self, seed: int | None = None) -> NoReturn:
        """UsageError."""
        raise UsageError(REFUSAL)

    def begin(self, source: str | Path | Scenario) -> NoReturn:
        """UsageError."""
        raise UsageError(REFUSAL)

    def fork(self) -> NoReturn:
        """UsageError."""
        raise UsageError(REFUSAL)

    def save(self, path: str | Path) -> None:
        """All records, as JSON. `Recording(path)` reads them. UsageError."""
        kinds = [get_kind(party) for party in self._tape.parties]
        write_tape(self._tape, Path(path), kinds, find_codec(self.codec, self._tape.chain))


def find_kind(kinds: Mapping[str, NodeFactory], name: str) -> NodeFactory:
    """UsageError for a kind that nobody knows."""
    if name not in kinds:
        raise UsageError(f"a peer of kind {name!r} took part: Recording(path, kinds={{{name!r}: ...}})")
    return kinds[name]


def find_codec(given: Codec | None, chain: dict[str, Any]) -> Codec:
    """The given one, or that of the chain's network. UsageError when there is neither."""
    if given is None and "network" not in chain:
        raise UsageError("messages become bytes by a codec, and the chain names no network: pass codec=...")
    return given or BitcoinCodec(network_from_plain(chain).magic)


def get_kind(party: Party) -> str:
    """What runs there: the name that scenarios use, or the class's own."""
    if party.factory is None:
        return REAL
    known = {factory: name for name, factory in OURS.items()}
    return known.get(party.factory, getattr(party.factory, "__name__", "node"))


def get_names(tape: Tape) -> list[str]:
    """What everybody is called: as we named it, else as it calls itself (BIP 14), with its address."""
    names = []
    for number, party in enumerate(tape.parties):
        ip, port = party.address
        where = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
        names.append(party.name or f"{get_agent(tape, number)} {where}".strip())
    counts = Counter(names)
    return [name if counts[name] == 1 else f"{name} ({number})" for number, name in enumerate(names)]


def get_agent(tape: Tape, number: int) -> str:
    """`bcoin` of `/bcoin:v1.0.2/`; "" when it has not introduced itself."""
    for message in tape.said(number):
        agent = getattr(message, "user_agent", None)
        if isinstance(agent, str):
            name = agent.strip("/").partition(":")[0]
            return "".join(letter for letter in name if letter.isprintable())[:LONGEST_AGENT]
    return ""


def make_scenario(tape: Tape) -> Scenario:
    """Who took part, who dialled whom, how long the lines in memory were; of real ones nobody knows that."""
    names = get_names(tape)
    peers = {
        name: Peer(get_kind(party), policy=party.policy, address=party.address, disk=party.disk)
        for name, party in zip(names, tape.parties, strict=True)
    }
    edges = [(number, there) for number, party in enumerate(tape.parties) for there in party.dials]
    came = [(each.peer, each.other) for each in tape.records if is_knock(each, tape)]
    count = sum(party.factory is None for party in tape.parties)
    programs = "1 real program" if count == 1 else f"{count} real programs"
    return Scenario(
        name="recording",
        title=f"Recorded: {len(names) - count} of our peers, {programs}",
        seed=tape.seed,
        started_at=tape.started_at,
        peers=peers,
        topology=Topology(tuple((names[a], names[b]) for a, b in dict.fromkeys([*edges, *came]))),
        links=Links(
            latency=(0, 0),
            jitter=0,
            between=tuple(Between(names[a], names[b], delay) for (a, b), delay in tape.delays.items()),
        ),
        chain=tape.chain,
        until=tape.records[-1].at,
        poster=tape.records[-1].event,
    )


def is_knock(record: Record, tape: Tape) -> bool:
    """Has a program dialled one of ours?"""
    return record.kind is Kind.DIAL and tape.parties[record.peer].factory is None


def make_trace(tape: Tape) -> Trace:
    """The same records as a simulation keeps them."""
    trace = Trace(len(tape.parties))
    turned: dict[int, dict[str, Any]] = {}  # host -> policy values that were changed so far
    for record in tape.records:
        if record.event > trace.last_event:
            trace.open_event(record.at)
        detail = record.detail
        if record.kind is Kind.COMMAND and isinstance(detail, SetPolicy):
            turned.setdefault(record.peer, {})[detail.key] = detail.value
        if record.kind is Kind.START and detail is not None:  # of a program nothing is known
            detail = Life(detail, policy=tuple(turned.get(record.peer, {}).items()))
        trace.append(int(record.kind), record.peer, record.other, record.conn, record.cause, detail)
    trace.tidy()
    return trace
