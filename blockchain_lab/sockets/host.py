"""One node in real time, whatever its lines are made of: what `sim` does for a node in a simulation.

It turns the clock and the real random source into handler calls, and effects into timers and into what goes
over its lines. Every handler call is an event on the tape, and what the node asks for stands behind it, as in
the simulator. Connections are numbered as there: the dialler's end is even, the other one is the next number.
How a line opens is the business of `tcp` and `network`. Datagrams are not carried: `SendTo` is misuse here.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from itertools import count
from types import TracebackType
from typing import Any, Final, Self

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SetTimer
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.records import Kind
from blockchain_lab.base.telling import TELL, apply_policy
from blockchain_lab.base.units import NOBODY, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.sockets.line import Line
from blockchain_lab.sockets.stream import LINGER
from blockchain_lab.sockets.tape import Party, Tape
from blockchain_lab.sockets.timers import Timers
from blockchain_lab.sockets.waiting import Waiting

MAX_WAITING: Final = 100_000  # messages for a peer that reads nothing; then it is given up


class Host:
    """One node. It may be started and stopped again and again; only its disk outlives a stop.

    `on_note` is called with every fact that the node notes. An exception of the node's, or of `on_note`,
    ends the host: `until` and `stop` raise it. Hosts of one network share tape, numbers and who waits.
    """

    def __init__(
        self,
        factory: NodeFactory,
        setup: Setup,
        *,
        on_note: Callable[[Note], None] | None = None,
        tape: Tape | None = None,
        numbers: Iterator[int] | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        """Off. `numbers`: where the numbers of connections come from; one is never used twice."""
        self.address = setup.address
        self._factory, self._setup, self._on_note = factory, setup, on_note
        self._tape = tape or Tape(is_on=False)
        self._index = self._tape.join(Party(setup.name, setup.address, factory, setup.policy, setup.disk))
        self._numbers, self._waiting = numbers or count(1), waiting or Waiting()
        self._node: Node | None = None  # None while it is off
        self._life = setup  # what the node was built from
        self._disk = setup.disk
        self._lives = 0
        self._streams: dict[ConnectionId, Line] = {}
        self._timers = Timers(lambda name, cause: self._tell(Kind.TIMER, cause, name))
        self._dialling: set[asyncio.Task[None]] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._failure: Exception | None = None
        self._zero = 0.0

    # What the caller does

    @property
    def node(self) -> Node:
        """The node as it is now. UsageError while the host is off."""
        if self._node is None:
            raise UsageError(f"{self._setup.name} is off: start its host first")
        return self._node

    @property
    def is_on(self) -> bool:
        """Is there a node?"""
        return self._node is not None

    @property
    def now(self) -> Microseconds:
        """Microseconds since this start, by the event loop's clock, which never goes back."""
        return round((asyncio.get_running_loop().time() - self._zero) * SECOND)

    async def start(self) -> None:
        """Build the node from its disk and switch it on. UsageError when the address cannot be had."""
        if self._node is not None:
            raise UsageError(f"{self._setup.name} is on already")
        await self._listen()
        try:
            self._life = self._begin_life(self._lives)
            self._lives += 1
            self._node = self._factory(self._life)
            self._tell(Kind.START, detail=self._lives - 1)
            self.raise_failure()
        except Exception:
            await self.stop()
            raise
        await self._open_doors()

    async def stop(self) -> None:
        """Switch it off: what was sent still leaves, the node is told nothing. Raises what it died of."""
        await self.switch_off()
        self.raise_failure()

    async def switch_off(self) -> None:
        """The same, but what it died of waits for whoever asks."""
        if self._node is not None:
            self._disk = self._node.stored()
        self._close("stopped")
        if tasks := [*self._dialling, *self._carrying]:
            await asyncio.wait(tasks, timeout=2 * LINGER)
        await self._stop_listening()

    def do(self, command: Command) -> None:
        """Ask the node to act. Its effects are carried out before this returns."""
        _ = self.node  # there must be one
        apply_policy(self._life, command)
        self._tell(Kind.COMMAND, detail=command)
        self.raise_failure()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for a condition, looked at after every event. Wrap it in `asyncio.timeout` to bound it."""
        while not reached():
            self.raise_failure()
            if self._node is None:
                raise UsageError(f"{self._setup.name} is off: nothing will happen")
            await self._waiting.next()

    def raise_failure(self) -> None:
        """Raise what the host died of, once."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    # What a subclass says

    def _begin_life(self, number: int) -> Setup:
        """What the node is built from, at its first start (0) and later ones. Its time begins now."""
        self._zero = asyncio.get_running_loop().time()
        luck = CounterRandom(get_key(self._setup.random.key, "life", number + 1))
        return replace(
            self._setup, address=self.address, random=luck, disk=self._disk, started_at=int(time.time())
        )

    async def _listen(self) -> None:
        """Make sure of the address; nobody is let in yet."""

    async def _open_doors(self) -> None:
        """The node is on: let others in."""

    async def _stop_listening(self) -> None:
        """Give the address back."""

    def _close_doors(self) -> None:
        """Let nobody in any more."""

    async def _dial(self, remote: Address, conn: ConnectionId, dialled: int) -> None:
        """Open a line as `conn`, or tell the node why not; `dialled` is the id of the record."""
        raise NotImplementedError

    # What happens to the node

    def _tell(
        self,
        kind: Kind,
        cause: int = NOBODY,
        detail: Any = None,
        *,
        other: int = NOBODY,
        conn: ConnectionId = NOBODY,
    ) -> None:
        """One event: call a handler and carry out what it asks for."""
        if self._node is None:
            return  # switched off meanwhile
        now = self.now
        record = self._tape.event(now, kind, self._index, other, conn, cause, detail)
        try:
            for effect in TELL[kind](self._node, conn, detail, now):
                self._carry_out(effect, record)
        except Exception as fault:
            self._fail(fault)
        self._waiting.wake()

    def _carry_out(self, effect: Effect, cause: int) -> None:
        match effect:
            case Send(conn, message):
                self._send(self._get_line(conn), message, cause)
            case SetTimer(name, after):
                if name.conn is not None:
                    self._get_line(name.conn)
                self._timers.set(name, after, cause)
            case CancelTimer(name):
                self._timers.cancel(name)
            case Dial(address):
                remote, conn = Address(*address), next(self._numbers) << 1
                there = self._tape.find(remote)
                dialled = self._tape.add(Kind.DIAL, self._index, there, conn, cause, remote)
                self._spawn(self._dial(remote, conn, dialled), self._dialling)
            case HangUp(conn, reason):
                line = self._get_line(conn)
                line.hang_up(self._tape.add(Kind.HANG_UP, self._index, line.other, conn, cause, reason))
                self._forget(conn)
            case Note():
                self._tape.note(self._index, cause, effect)
                if self._on_note is not None:
                    self._on_note(effect)
            case _:
                raise UsageError(f"{self._setup.name} answered {effect!r}: real time carries no datagrams")

    def _get_line(self, conn: ConnectionId) -> Line:
        if conn not in self._streams:
            raise UsageError(f"connection {conn} is not open")
        return self._streams[conn]

    def _send(self, line: Line, message: Message, cause: int) -> None:
        line.send(message, self._tape.add(Kind.SEND, self._index, line.other, line.conn, cause, message))
        if line.waiting == MAX_WAITING:  # later: no handler is called while effects are carried out
            asyncio.get_running_loop().call_soon(self._lost, line, "does not read")

    def _fail_to_dial(self, remote: Address, conn: ConnectionId, dialled: int, reason: str) -> None:
        there = self._tape.find(remote)
        self._tell(Kind.DIAL_FAILED, dialled, (remote, reason), other=there, conn=conn)

    def _open(self, line: Line, remote: Address, inbound: bool, cause: int) -> None:
        """Our end of a line is open."""
        self._streams[line.conn] = line
        self._tell(Kind.CONNECT, cause, (remote, inbound), other=line.other, conn=line.conn)
        self._spawn(self._carry(line), self._carrying)

    async def _carry(self, line: Line) -> None:
        self._lost(line, await line.carry(lambda message, sent: self._hear(line, message, sent)))

    def _hear(self, line: Line, message: Message, sent: int) -> None:
        """A message has arrived; perhaps its line was closed meanwhile."""
        if self._streams.get(line.conn) is line:
            self._tell(Kind.DELIVER, sent, message, other=line.other, conn=line.conn)
        else:
            self._tape.event(self.now, Kind.DROP, self._index, line.other, line.conn, sent, message)

    def _forget(self, conn: ConnectionId) -> None:
        del self._streams[conn]
        self._timers.cancel_of(conn)

    def _lost(self, line: Line, reason: str) -> None:
        """The other end is gone, or nothing can be read from it any more: tell the node, once."""
        if self._streams.get(line.conn) is line:
            line.abort()
            self._forget(line.conn)
            self._tell(Kind.DISCONNECT, line.ended_by, reason, other=line.other, conn=line.conn)

    def _spawn(self, work: Coroutine[Any, Any, None], group: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        group.add(task)

        def finished(task: asyncio.Task[None]) -> None:
            group.discard(task)
            if not task.cancelled() and isinstance(fault := task.exception(), Exception):
                self._fail(fault)

        task.add_done_callback(finished)

    # The end

    def _fail(self, fault: Exception) -> None:
        """Our own fault, not a peer's: switch off and let the caller know."""
        if self._failure is None:
            self._failure = fault
        self._close(f"{type(fault).__name__}: {fault}")

    def _close(self, reason: str) -> None:
        """Off at once; the lines still carry what was sent."""
        killed = NOBODY
        if self._node is not None:
            self._node = None
            killed = self._tape.event(self.now, Kind.KILL, self._index, detail=reason)
        self._close_doors()
        self._timers.cancel_all()
        for task in self._dialling:
            task.cancel()
        for line in self._streams.values():
            line.hang_up(killed)
        self._streams.clear()
        self._waiting.wake()
