"""The node that runs in the simulator, unmodified, on real TCP: this host does for it what `sim` does there.

    setup = make_setup("me", neighbours=[Address("127.0.0.1", 18444)])
    async with TcpHost(BitcoinNode, setup, BitcoinCodec(magic)) as host:
        await host.until(lambda: host.node.chain.tip.height == 151)

It turns sockets, the clock and the real random source into handler calls, and effects into sockets and
timers. It starts no event loop: use it inside one that runs (a notebook's, say), from that loop's thread.
Connections are numbered as in the simulator, even when we dialled and odd when we were dialled; the other
end's number is the other program's business. Datagrams are not TCP's: `SendTo` is misuse here.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from types import TracebackType
from typing import Any, Final, Self

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec, Message
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.sockets.stream import LINGER, Stream, get_reason

DIAL_TIMEOUT: Final = 5.0  # seconds; Bitcoin Core's DEFAULT_CONNECT_TIMEOUT (netbase.h)
MAX_CONNECTIONS: Final = 125  # Bitcoin Core's DEFAULT_MAX_PEER_CONNECTIONS (net.h)
MAX_WAITING: Final = 100_000  # messages for a peer that reads nothing; then it is given up


class TcpHost:
    """One node on TCP. It may be started and stopped again and again; only its disk outlives a stop.

    `on_note` is called with every fact that the node notes. An exception of the node's, or of `on_note`,
    ends the host: `until` and `stop` raise it.
    """

    def __init__(
        self,
        factory: NodeFactory,
        setup: Setup,
        codec: Codec,
        *,
        listen: bool = True,
        on_note: Callable[[Note], None] | None = None,
    ) -> None:
        """`setup.address` is where it listens; port 0 lets the system choose, `address` then says which."""
        self.address = setup.address
        self._factory, self._setup, self._codec = factory, setup, codec
        self._listens, self._on_note = listen, on_note
        self._node: Node | None = None  # None while it is off
        self._disk = setup.disk
        self._lives = 0
        self._numbered = 0  # connections so far; a number is never used again, not even after a restart
        self._streams: dict[ConnectionId, Stream] = {}
        self._timers: dict[TimerName, asyncio.TimerHandle] = {}
        self._dialling: set[asyncio.Task[None]] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Future[None]] = set()
        self._failure: Exception | None = None
        self._server: asyncio.Server | None = None
        self._zero = 0.0

    # What the caller does

    @property
    def node(self) -> Node:
        """The node as it is now. UsageError while the host is off."""
        if self._node is None:
            raise UsageError(f"{self._setup.name} is off: start its host first")
        return self._node

    @property
    def now(self) -> Microseconds:
        """Microseconds since this start, by the event loop's clock, which never goes back."""
        return round((asyncio.get_running_loop().time() - self._zero) * SECOND)

    async def start(self) -> None:
        """Build the node from its disk and switch it on. UsageError when the address cannot be had."""
        if self._node is not None:
            raise UsageError(f"{self._setup.name} is on already")
        if self._listens:
            self._server = await self._bind()
            self.address = Address(*self._server.sockets[0].getsockname()[:2])
        self._lives += 1
        luck = CounterRandom(get_key(self._setup.random.key, "life", self._lives))
        setup = replace(
            self._setup, address=self.address, random=luck, disk=self._disk, started_at=int(time.time())
        )
        self._zero = asyncio.get_running_loop().time()
        try:
            self._node = self._factory(setup)
            self._tell(self._node.on_start)
            self._raise_failure()
        except Exception:
            await self.stop()
            raise
        if self._server is not None:
            await self._server.start_serving()

    async def stop(self) -> None:
        """Switch it off: what was sent still leaves, the node is told nothing. Raises what it died of."""
        if self._node is not None:
            self._disk = self._node.stored()
        self._close()
        if tasks := [*self._dialling, *self._carrying]:
            await asyncio.wait(tasks, timeout=2 * LINGER)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None
        self._raise_failure()

    def do(self, command: Command) -> None:
        """Ask the node to act. Its effects are carried out before this returns."""
        self._tell(self.node.on_command, command)
        self._raise_failure()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for a condition, looked at after every event. Wrap it in `asyncio.timeout` to bound it."""
        while not reached():
            self._raise_failure()
            if self._node is None:
                raise UsageError(f"{self._setup.name} is off: nothing will happen")
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.add(waiting)
            try:
                await waiting
            finally:
                self._waiting.discard(waiting)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    # What happens to the node

    def _tell(self, handler: Callable[..., list[Effect]], *what: object) -> None:
        """One event: call a handler and carry out what it asks for."""
        if self._node is None:
            return  # switched off meanwhile
        try:
            for effect in handler(*what, self.now):
                self._carry_out(effect)
        except Exception as fault:
            self._fail(fault)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Send(conn, message):
                self._send(self._get_stream(conn), message)
            case SetTimer(name, after):
                self._set_timer(name, after)
            case CancelTimer(name):
                if (handle := self._timers.pop(name, None)) is not None:
                    handle.cancel()
            case Dial(address):
                self._spawn(self._dial(Address(*address)), self._dialling)
            case HangUp(conn):
                self._get_stream(conn).hang_up()
                self._forget(conn)
            case Note():
                if self._on_note is not None:
                    self._on_note(effect)
            case _:
                raise UsageError(f"TCP cannot carry out {effect!r}")

    def _get_stream(self, conn: ConnectionId) -> Stream:
        if conn not in self._streams:
            raise UsageError(f"connection {conn} is not open")
        return self._streams[conn]

    def _send(self, stream: Stream, message: Message) -> None:
        stream.send(message)
        if stream.waiting == MAX_WAITING:  # later: no handler is called while effects are carried out
            asyncio.get_running_loop().call_soon(self._lost, stream, "does not read")

    def _set_timer(self, name: TimerName, after: Microseconds) -> None:
        if type(after) is not int or after < 0:
            raise UsageError(f"timer {name} after {after!r}: wanted whole microseconds, 0 or more")
        if name.conn is not None:
            self._get_stream(name.conn)
        if name in self._timers:
            self._timers[name].cancel()
        loop = asyncio.get_running_loop()
        self._timers[name] = loop.call_later(after / SECOND, self._timer_ran_out, name)

    def _timer_ran_out(self, name: TimerName) -> None:
        del self._timers[name]
        self._tell(self.node.on_timer, name)

    def _forget(self, conn: ConnectionId) -> None:
        """A closed connection's timers die with it."""
        del self._streams[conn]
        for name in [name for name in self._timers if name.conn == conn]:
            self._timers.pop(name).cancel()

    def _lost(self, stream: Stream, reason: str) -> None:
        """The other end is gone, or nothing can be read from it any more: tell the node, once."""
        if self._streams.get(stream.conn) is stream:
            stream.abort()
            self._forget(stream.conn)
            self._tell(self.node.on_disconnected, stream.conn, reason)

    # Sockets

    async def _bind(self) -> asyncio.Server:
        ip, port = self._setup.address
        try:
            return await asyncio.start_server(self._accepted, ip, port, start_serving=False)
        except OSError as fault:
            raise UsageError(
                f"cannot listen on {ip}:{port} ({fault.strerror}): is it in use? Choose another port"
            ) from fault

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody dialled us."""
        remote = writer.get_extra_info("peername")
        if self._node is None or remote is None or len(self._streams) >= MAX_CONNECTIONS:
            writer.transport.abort()
            return
        self._open(Address(*remote[:2]), True, reader, writer)

    async def _dial(self, remote: Address) -> None:
        try:
            async with asyncio.timeout(DIAL_TIMEOUT):
                reader, writer = await asyncio.open_connection(*remote)
        except OSError as fault:
            self._tell(self.node.on_dial_failed, remote, get_reason(fault))
        except ValueError:  # no such name can exist: a label of 64 letters, say
            self._tell(self.node.on_dial_failed, remote, "not an address")
        else:
            self._open(remote, False, reader, writer)

    def _open(
        self, remote: Address, inbound: bool, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._numbered += 1
        stream = Stream(self._numbered << 1 | inbound, remote, reader, writer, self._codec)
        self._streams[stream.conn] = stream
        self._tell(self.node.on_connected, stream.conn, remote, inbound)
        self._spawn(self._carry(stream), self._carrying)

    async def _carry(self, stream: Stream) -> None:
        reason = await stream.carry(lambda message: self._tell(self.node.on_message, stream.conn, message))
        self._lost(stream, reason)

    def _spawn(self, work: Coroutine[Any, Any, None], group: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        group.add(task)

        def finished(task: asyncio.Task[None]) -> None:
            group.discard(task)
            if not task.cancelled() and isinstance(fault := task.exception(), Exception):
                self._fail(fault)

        task.add_done_callback(finished)

    # The end

    def _raise_failure(self) -> None:
        """Raise what the host died of, once."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _fail(self, fault: Exception) -> None:
        """Our own fault, not a peer's: switch off and let the caller know."""
        if self._failure is None:
            self._failure = fault
        self._close()

    def _close(self) -> None:
        """Off at once; the streams still send what they have."""
        self._node = None
        if self._server is not None:
            self._server.close()
        for handle in self._timers.values():
            handle.cancel()
        for task in self._dialling:
            task.cancel()
        for stream in self._streams.values():
            stream.hang_up()
        self._timers.clear()
        self._streams.clear()
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
