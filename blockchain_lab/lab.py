"""The façade a notebook uses: a scenario, what the learner does to it, and a cursor over what comes of it.

lab = Lab("fork_and_heal", seed=7)
lab.run(until=60 * SECOND); lab.step(); lab.back(); lab.goto(event=120)
lab.do(Mine("ann")); lab.do(Partition({"ann", "bob"}, {"cat"}))
lab.peer("ann").chain.tip

Far over 300 lines, for it is one class, and the page that a notebook's author reads from top to end.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from blockchain_lab.base.actions import Command
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.records import Record
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Microseconds
from blockchain_lab.scenarios.kinds import KINDS, get_codec, get_genesis
from blockchain_lab.scenarios.readings import get_readings
from blockchain_lab.scenarios.source import read_source
from blockchain_lab.sim.actions import Action, action_from_json
from blockchain_lab.sim.checks import check_count, check_nodes, check_options, make_action_table
from blockchain_lab.sim.digest import digest_trace
from blockchain_lab.sim.plain import describe
from blockchain_lab.sim.saved import play_back, save_run
from blockchain_lab.sim.scenario import Moment, Scenario
from blockchain_lab.sim.scenario_json import check_moments, check_scenario
from blockchain_lab.sim.spill import SpillFile
from blockchain_lab.sim.timeline import Branch, Options, Timeline
from blockchain_lab.sim.trace import Level, Trace

if TYPE_CHECKING:
    from blockchain_lab.study.share import Share

Change = Literal["cursor", "records", "branch", "run"]
Subscriber = Callable[[Change], None]
LOOK: Final = "Look, step back and export it; to act, take lab.fork() or the file as it was saved"


class Lab:
    """A run that can be stepped, rewound, acted on, branched, saved and shown.

    `source`: a scenario's name, a `Scenario`, or the path of a saved run or scenario. `kinds` and `actions`
    add a learner's own node classes and commands. `level`: which records are kept ("full", "notes", "none");
    `keep`: only the newest so many; `spill`: a file that gets all of them. `wire`: messages go as bytes.
    A saved run that does not come to its own digests is opened read-only, with a warning that names them.
    """

    read_only = ""  # why nobody may act in this lab

    def __init__(
        self,
        source: str | Path | Scenario,
        seed: int | None = None,
        *,
        kinds: Mapping[str, NodeFactory] | None = None,
        actions: Iterable[type[Command]] = (),
        level: Level = "full",
        keep: int | None = None,
        spill: str | Path | None = None,
        wire: bool = False,
        codec: Codec | None = None,
    ) -> None:
        """Read and check everything; nothing happens yet, unless a saved run goes on where it was left."""
        self._own_kinds = dict(kinds or {})
        self._table = make_action_table(actions)
        check_options(seed, level, keep)
        run = read_source(source, seed, self._table)
        self.scenario = run.scenario
        all_kinds = {**KINDS, **self._own_kinds}
        check_scenario(run.scenario, self._table, all_kinds)
        self.has_own_codec = codec is not None
        options = Options(
            kinds=all_kinds,
            store=ContentStore(),
            codec=codec or get_codec(run.scenario, self._own_kinds),
            is_wire=wire,
            level=level,
            keep=keep,
            spill=SpillFile(Path(spill), list(run.scenario.peers)) if spill is not None else None,
            stopwatch=perf_counter_ns,  # how long things took decides only what is kept to be quicker
        )
        check_world(run.scenario, options)
        self.timeline = Timeline(run.scenario, options)
        self._runs = 0  # how often we began anew
        self.selection: str | None = None  # what the reader chose in a view: "peer:ann", "record:0:120", ...
        self._subscribers: list[Subscriber] = []
        if fault := play_back(self.timeline, run):
            self.read_only = f"{source} is open read-only: {fault}. {LOOK}"
            warnings.warn(self.read_only, stacklevel=2)

    # -- reading ------------------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """The peers, in the order of their host numbers."""
        return list(self.scenario.peers)

    @property
    def cursor(self) -> int:
        """How many events have happened where we look; 0 is before the first."""
        return self.timeline.cursor

    @property
    def head(self) -> int:
        """The last event that has been computed on this branch."""
        return self.timeline.branch.head

    @property
    def branch(self) -> int:
        """The number of the branch we are on; 0 is the first."""
        return self.timeline.current

    @property
    def branches(self) -> Sequence[Branch]:
        """All futures, each with its parent, the event where it left it, its head and its actions."""
        return tuple(self.timeline.branches)

    @property
    def trace(self) -> Trace:
        """All records of this branch, its past included, up to its head."""
        return self.timeline.branch.trace

    @property
    def records(self) -> list[Record]:
        """The records of the event under the cursor; none at event 0."""
        trace, cursor = self.trace, self.cursor
        return [trace[place] for place in range(trace.end_of(max(0, cursor - 1)), trace.end_of(cursor))]

    @property
    def codec(self) -> Codec | None:
        """How this lab's messages become bytes; None when its chain names no network."""
        return self.timeline.options.codec

    @property
    def genesis(self) -> bytes | None:
        """The hash of block 0, which every peer has from the start; None without a chain of blocks."""
        return get_genesis(self.scenario)

    @property
    def readings(self) -> dict[str, Any] | None:
        """What popular texts say about its chain's rules, beside them; None where no text is known."""
        return get_readings(self.scenario)

    @property
    def now(self) -> Microseconds:
        """When the event under the cursor happened."""
        return self.trace.time_of(self.cursor)

    def peer(self, name: str) -> Any:
        """A peer's node as it is at the cursor, None while it is off. A copy: changing it changes nothing."""
        self._check_peer(name)
        return self.timeline.peer(name)

    def get_commands(self, name: str) -> list[str]:
        """Names of the commands that a peer's kind of node says it obeys."""
        self._check_peer(name)
        kind = self.timeline.options.kinds[self.scenario.peers[name].kind]
        return [command.__name__ for command in getattr(kind, "obeys", ())]

    def why(self, record: int | Record) -> list[Record]:
        """The record, the one that triggered it, and so on to the first.

        This is the chain of triggers, a tree; what could have *influenced* a record is more: everything that
        its peer and those it heard from had seen before.
        """
        if self.trace.level != "full":
            raise UsageError(f"why() needs all records; this lab keeps level {self.trace.level!r}")
        number = record.id if isinstance(record, Record) else record
        if type(number) is not int or not 0 <= number < len(self.trace):
            raise UsageError(f"no record {describe(number)}; this branch has 0 to {len(self.trace) - 1}")
        chain = []
        while number >= 0:
            chain.append(self.trace[number])
            number = chain[-1].cause
        return chain

    @property
    def is_read_only(self) -> bool:
        """May nobody act here? `read_only` says why."""
        return bool(self.read_only)

    def digest(self) -> str:
        """A hash of all records up to the cursor; O(records)."""
        return digest_trace(self.trace, self.cursor)

    def state_digest(self) -> str:
        """A hash of the whole world at the cursor; in the past it is rebuilt first."""
        return self.timeline.world().state_digest()

    # -- moving -------------------------------------------------------------------------------------------

    def step(self, n: int = 1) -> bool:
        """Some events forward. False when nothing is left to happen."""
        target = self.cursor + check_count("step", n)
        self._change(self.timeline.goto, target)
        return self.cursor == target

    def back(self, n: int = 1) -> None:
        """Some events back, to event 0 at most."""
        self._change(self.timeline.goto, max(0, self.cursor - check_count("back", n)))

    def goto(self, *, event: int | None = None, at: Microseconds | None = None) -> None:
        """To an event, or to the last event at or before a time; past or future."""
        if (event is None) == (at is None):
            raise UsageError("goto: wanted either event=... or at=... (microseconds)")
        if event is not None:
            self._change(self.timeline.goto, check_count("goto event", event))
        if at is not None:
            self._change(self.timeline.goto_time, check_count("goto at", at))

    def run(self, *, until: Microseconds | None = None) -> None:
        """Forward to the last event at or before a time, or to the scenario's own end. Never goes back."""
        limit = self.scenario.until if until is None else check_count("run until", until)
        if limit >= self.now:
            self._change(self.timeline.goto_time, limit)

    @property
    def moments(self) -> Sequence[Moment]:
        """Where a lecture stops, one after another: `lab.present()`, then Page Down. They are saved, too."""
        return self.scenario.moments

    @moments.setter
    def moments(self, moments: Iterable[Moment]) -> None:
        prepared = tuple(moments)
        check_moments(prepared, "moments")
        self.scenario = self.timeline.scenario = replace(self.scenario, moments=prepared)
        self._tell(["run"])  # who shows the lab reads the scenario anew

    def look_ahead(self, *, until: Microseconds | None = None) -> None:
        """Compute what will happen without moving there; acting before anybody has seen it replaces it."""
        limit = self.scenario.until if until is None else check_count("look_ahead until", until)
        self._change(self.timeline.extend, limit)

    def saw(self, event: int) -> None:
        """A view has shown this event: from now on, acting before it keeps it, on a branch of its own."""
        self.timeline.see(check_count("saw event", event))

    # -- acting -------------------------------------------------------------------------------------------

    def do(self, action: Action) -> None:
        """Act at the cursor, as the next event. In a past whose future was seen this begins a branch."""
        self._check_open()
        if self._table.get(type(action).__name__) is not type(action):
            known = ", ".join(self._table)
            raise UsageError(
                f"do: found {describe(action)}, wanted one of {known}; "
                "a command of your own is added by Lab(..., actions=[...])"
            )
        self._change(self.timeline.act, action)

    def read_action(self, plain: Mapping[str, Any]) -> Action:
        """An action from its plain form, `{"do": "Mine", "peer": "ann"}`. ScenarioError with the path."""
        return action_from_json(plain, "action", self._table)

    def reset(self, seed: int | None = None) -> None:
        """Begin anew at event 0, without any of the actions; with another seed when one is given."""
        check_options(seed, "full", None)
        scenario = self.scenario if seed is None else replace(self.scenario, seed=seed)
        self._begin(scenario, replace(self.timeline.options, spill=None))

    def begin(self, source: str | Path | Scenario) -> None:
        """Begin another scenario at event 0: peers, policies and all. Views show that one then."""
        run = read_source(source, None, self._table)
        if run.head:
            raise UsageError("begin: found a saved run, wanted a scenario; Lab(path) goes on with a run")
        before = self.timeline.options
        check_scenario(run.scenario, self._table, before.kinds)
        codec = before.codec if self.has_own_codec else get_codec(run.scenario, self._own_kinds)
        options = replace(before, spill=None, codec=codec)
        check_world(run.scenario, options)
        self._begin(run.scenario, options)

    def switch(self, branch: int, *, event: int | None = None) -> None:
        """Go to another branch: to an event of it, or to its head. What comes behind it stays unseen."""
        self._check_open()
        count = len(self.timeline.branches)
        if type(branch) is not int or not 0 <= branch < count:
            raise UsageError(f"no branch {describe(branch)}; this lab has 0 to {count - 1}")
        head = self.timeline.branches[branch].head
        if event is not None and check_count("switch event", event) > head:
            raise UsageError(f"event {event} has not happened: branch {branch} ends at event {head}")
        self._change(lambda to: self.timeline.switch(*to), (branch, event))

    def fork(self) -> Self:
        """A second lab with the same past, for comparing two futures."""
        twin = object.__new__(type(self))
        twin.scenario, twin._own_kinds, twin._table = self.scenario, self._own_kinds, self._table
        twin.timeline, twin._subscribers, twin._runs = self.timeline.copy_here(), [], 0
        twin.selection, twin.has_own_codec = None, self.has_own_codec
        return twin

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call back with what has changed after every change; call the result to end it.

        "cursor"; "records": there are more; "branch": behind some event there are other ones, because we
        stand on another branch or because a future that nobody had seen was replaced; "run": all is new.
        """
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    # -- keeping and showing ------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Scenario, actions of this branch, head, cursor and digests. `Lab(path)` goes on from there."""
        self._check_open()
        save_run(Path(path), self.timeline)
        used = sorted({peer.kind for peer in self.scenario.peers.values()} & set(self._own_kinds))
        if used:
            warnings.warn(
                f"{path} holds no program: it can be loaded only where {', '.join(used)} is defined, by "
                f"Lab(path, kinds={{{used[0]!r}: ...}})",
                stacklevel=2,
            )

    @property
    def share(self) -> "Share":
        """Hands the run on: as a cell of code, pictures, a graph. A new lab is run first, as for `show`."""
        from blockchain_lab.study.share import Share  # noqa: PLC0415  (it stands on this floor)

        self._open()
        return Share(self)

    def show(self, *views: str, **options: Any) -> Any:
        """Show the run in a notebook. A new lab first runs to the scenario's end and opens at its poster."""
        from blockchain_lab_widgets import show  # noqa: PLC0415  (the engine runs without Jupyter)

        self._open()
        return show(self, *views, **options)

    def present(self, *views: str, **options: Any) -> Any:
        """Show the run as large as the window, for a lecture: Page Down goes to the next of its moments."""
        return self.show(*views, present=True, **options)

    def export(self, path: str | Path, *views: str, at: int | None = None, **options: Any) -> Path:
        """Write the run as one HTML page that needs no kernel and no network. It opens at event `at`."""
        from blockchain_lab_widgets.player import export  # noqa: PLC0415  (as above)

        self._open()
        return export(self, path, *views, at=at, **options)

    # -- inside -------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self.head == 0:
            self.look_ahead()
            self.goto(event=min(self.scenario.poster, self.head))

    def _check_open(self) -> None:
        if self.read_only:
            raise UsageError(self.read_only)

    def _check_peer(self, name: str) -> None:
        if name not in self.scenario.peers:
            raise UsageError(f"no peer {describe(name)}; this scenario has {', '.join(self.names)}")

    def _begin(self, scenario: Scenario, options: Options) -> None:
        self._check_open()
        runs = self._runs + 1

        def begin(_: None) -> None:
            self.scenario, self.timeline, self._runs = scenario, Timeline(scenario, options), runs

        self._change(begin, None)

    def _change(self, change: Callable[[Any], None], to: Any) -> None:
        before = self._get_place()
        try:
            change(to)
        finally:
            self._tell([what for what, place in self._get_place().items() if place != before[what]])

    def _tell(self, changes: Iterable[Change]) -> None:
        for what in changes:
            for callback in tuple(self._subscribers):
                callback(what)

    def _get_place(self) -> dict[Change, tuple[int, ...]]:
        run, here = self._runs, self.branch
        return {
            "run": (run,),
            "branch": (run, here, self.timeline.replaced),
            "records": (run, here, self.head),
            "cursor": (run, here, self.cursor),
        }


def check_world(scenario: Scenario, options: Options) -> None:
    """UsageError, ScenarioError for a scenario that cannot be played in this way."""
    if options.is_wire and options.codec is None:
        raise UsageError("wire=True needs a codec: this scenario's chain names none, so pass codec=...")
    check_nodes(scenario, options.kinds, options.store)
