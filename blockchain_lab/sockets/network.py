"""A network that is partly real: nodes of ours in this program, some of which also talk TCP with others.

    net = MixedNetwork()
    net.add_real("bcoin", Address("127.0.0.1", 48444))
    net.add("gate", dials=["bcoin"], listens=Address("127.0.0.1", 0))
    net.add("ann", dials=["gate"])
    async with net:
        await net.until(lambda: net["ann"].chain.height == net["gate"].chain.height > 0)
        net.do(Mine("ann"))

Between our own nodes messages go from hand to hand (`memory`). Only a node that listens, or that dials a real
program, is on TCP; the others are behind it, and for them an address outside is "unreachable". All of them
share one clock and one tape, `net.tape`, from which `blockchain_lab.recording` makes something to look at.
Time is real here, so no two runs are the same.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from itertools import count
from types import TracebackType
from typing import Any, Final, Self

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Note
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory, Setup
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import network_from_plain
from blockchain_lab.sockets.member import Member
from blockchain_lab.sockets.tape import Party, Tape
from blockchain_lab.sockets.waiting import Waiting

REGTEST: Final = {"network": "regtest"}
PORT: Final = 8333  # of those that only we can reach, at 10.0.x.y as in a simulation
MOST_PEERS: Final = 1_000


class MixedNetwork:
    """Nodes of ours by name, and the real programs that they talk with."""

    def __init__(
        self,
        *,
        chain: dict[str, Any] | None = None,
        policy: dict[str, Any] | None = None,
        codec: Codec | None = None,
        seed: int | None = None,
        delay: Microseconds = 0,
        recorded: bool = True,
        on_note: Callable[[str, Note], None] | None = None,
    ) -> None:
        """Empty and off. `chain` and `policy` as in a scenario; on regtest when nothing is said.

        `delay`: microseconds of real time that a message takes between two of ours. `seed`: of our nodes'
        luck. `recorded=False` keeps nothing, for a network that runs for days: a tape only grows. `on_note`
        hears who notes what.
        """
        self.chain, self.policy = chain or REGTEST, policy or {}
        self.codec = codec or BitcoinCodec(network_from_plain(self.chain).magic)
        seed = secrets.randbits(64) if seed is None else seed
        self.tape = Tape(is_on=recorded, seed=seed, chain=self.chain)
        self.zero = 0.0  # when it was started, by the loop's clock
        self._delay, self._on_note = check_delay(delay), on_note
        self._delays: dict[frozenset[str], Microseconds] = {}
        self._members: dict[str, Member] = {}
        self._real: dict[str, Address] = {}
        self._store, self._numbers, self._waiting = ContentStore(), count(1), Waiting()

    # -- who takes part -----------------------------------------------------------------------------------

    def add(
        self,
        name: str,
        *,
        dials: Iterable[str | Address] = (),
        listens: Address | None = None,
        factory: NodeFactory = BitcoinNode,
        policy: dict[str, Any] | None = None,
        disk: dict[str, Any] | None = None,
    ) -> None:
        """One more node of ours. UsageError when name or address are taken.

        `dials`: at its start, by name, or by address for a real program without one. `listens`: on TCP, at
        this address (port 0: the system chooses).
        """
        number = len(self._members)
        address = listens or Address(f"10.0.{number >> 8}.{number & 255}", PORT)
        self._check_new(name, address)
        if number == MOST_PEERS:
            raise UsageError(f"{name}: there are {MOST_PEERS} peers already, the most that fit")
        setup = Setup(
            name,
            address,
            (),
            CounterRandom(self.tape.seed),
            policy={**deepcopy(self.policy), **(policy or {})},
            chain=self.chain,
            disk=deepcopy(disk or {}),
            store=self._store,
        )
        on_note = partial(self._on_note, name) if self._on_note else None
        shared = {"tape": self.tape, "numbers": self._numbers, "waiting": self._waiting, "on_note": on_note}
        self._members[name] = Member(
            self, setup, tuple(dials), factory=factory, codec=self.codec, listen=listens is not None, **shared
        )

    def add_real(self, name: str, address: Address) -> None:
        """A name for a real program that listens at this address. UsageError when either is taken."""
        self._check_new(name, address)
        self._real[name] = address
        self.tape.join(Party(name, address))

    def set_delay(self, a: str, b: str, delay: Microseconds) -> None:
        """How long messages take between these two of ours, both ways, on lines that open from now on."""
        self._delays[frozenset((self._get_member(a).name, self._get_member(b).name))] = check_delay(delay)

    def _check_new(self, name: str, address: Address) -> None:
        if not name:
            raise UsageError("a peer needs a name")
        if name in self._members or name in self._real:
            raise UsageError(f"there is a peer called {name!r} already")
        owners = {there: owner for owner, there in self.get_addresses().items() if there.port}
        if address in owners:
            raise UsageError(f"{name}: {address.ip}:{address.port} is {owners[address]}'s address already")
        if self.zero:
            raise UsageError(f"{name}: the network runs already; add everybody before it starts")

    # -- reading ------------------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """Our nodes."""
        return list(self._members)

    def __getitem__(self, name: str) -> Any:
        """One of our nodes as it is now. UsageError while it is off."""
        return self._get_member(name).node

    def get_addresses(self) -> dict[str, Address]:
        """Where everybody is who has a name."""
        return {name: member.address for name, member in self._members.items()} | self._real

    def get_address(self, name: str) -> Address:
        """Where somebody is. UsageError."""
        addresses = self.get_addresses()
        if name not in addresses:
            raise UsageError(f"no peer {name!r}; there are {', '.join(addresses)}")
        return addresses[name]

    def find(self, address: Address) -> Member | None:
        """Which of ours has this address."""
        return next((member for member in self._members.values() if member.address == address), None)

    def get_delay(self, a: Member, b: Member) -> Microseconds:
        """How long a message takes from one to the other."""
        return self._delays.get(frozenset((a.name, b.name)), self._delay)

    def _get_member(self, name: str) -> Member:
        if name in self._real:
            raise UsageError(f"{name} is a program of its own: only our nodes ({', '.join(self.names)}) obey")
        if name not in self._members:
            raise UsageError(f"no peer {name!r}; there are {', '.join(self.names)}")
        return self._members[name]

    # -- running ------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Switch all of ours on, in the order in which they were added. UsageError when a port is in use."""
        if self.zero:
            raise UsageError("a network runs once: make another one")
        members = list(self._members.values())
        try:
            for member in members:
                await member.find_address()
            self._describe()
            self.zero, self.tape.started_at = asyncio.get_running_loop().time(), int(time.time())
            for member in members:
                await member.start()
        except BaseException:
            await self._stop_all()
            raise

    async def stop(self) -> None:
        """Switch all of ours off; the tape ends before. Raises what a node died of."""
        await self._stop_all()
        self._raise_failure()

    async def start_peer(self, name: str) -> None:
        """Switch one on again, with what its disk holds."""
        await self._get_member(name).start()

    async def stop_peer(self, name: str) -> None:
        """Switch one off: its lines close, its disk remains."""
        await self._get_member(name).stop()

    def do(self, command: Command) -> None:
        """Ask `command.peer` to act. UsageError with the reason when it cannot."""
        self._get_member(command.peer).do(command)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for a condition, looked at after every event. Wrap it in `asyncio.timeout` to bound it."""
        while not reached():
            self._raise_failure()
            if not any(member.is_on for member in self._members.values()):
                raise UsageError("all peers are off: nothing will happen")
            await self._waiting.next()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def _stop_all(self) -> None:
        self.tape.is_on = False
        await asyncio.gather(*(member.switch_off() for member in self._members.values()))

    def _raise_failure(self) -> None:
        for member in self._members.values():
            member.raise_failure()

    def _describe(self) -> None:
        """Write on the tape who dials whom, and how long lines are."""
        if not self.tape.is_on:
            return
        members = self._members.values()
        for member in members:
            self.tape.parties[member.number].dials = tuple(
                self.tape.know(there) for there in member.get_dialled()
            )
        for a, b in ((a, b) for a in members for b in members if a.number < b.number):
            if delay := self.get_delay(a, b):
                self.tape.delays[a.number, b.number] = delay


def check_delay(delay: Any) -> Microseconds:
    """The delay itself. UsageError."""
    if type(delay) is not int or delay < 0:
        raise UsageError(f"delay: found {delay!r}, wanted whole microseconds, 0 or more")
    return delay
