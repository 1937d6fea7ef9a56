"""One node of ours in a mixed network: fellows are reached in memory, others by TCP if it may use that."""

import asyncio
from copy import deepcopy
from typing import Any, Protocol

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.sockets.memory import make_line
from blockchain_lab.sockets.tape import Tape
from blockchain_lab.sockets.tcp import TcpHost

REFUSED, UNREACHABLE = "refused", "unreachable"


class Fellows(Protocol):
    """What a member asks of its network."""

    tape: Tape
    zero: float  # when it was started, by the loop's clock

    def find(self, address: Address) -> "Member | None":
        """Which of ours has this address."""

    def get_address(self, name: str) -> Address:
        """Where somebody is. UsageError."""

    def get_addresses(self) -> dict[str, Address]:
        """Where everybody is who has a name."""

    def get_delay(self, a: "Member", b: "Member") -> Microseconds:
        """How long a message takes from one to the other."""


class Member(TcpHost):
    """One of ours: reached from its fellows in memory, from outside by TCP if it is on TCP at all."""

    def __init__(self, net: Fellows, setup: Setup, dials: tuple[str | Address, ...], **more: Any) -> None:
        """Off; `more` as in `TcpHost`."""
        super().__init__(setup=setup, **more)
        self.name, self.dials, self.is_on_tcp = setup.name, dials, False
        self._net = net

    @property
    def number(self) -> int:
        """Its place on the tape."""
        return self._index

    async def find_address(self) -> None:
        """Have an address before anybody starts, so that all can be told of it. UsageError."""
        await self._listen()
        self.is_on_tcp = self._listens or any(self._net.find(there) is None for there in self.get_dialled())

    def get_dialled(self) -> list[Address]:
        """Whom it dials at its start. UsageError for a name that nobody has."""
        return [self._net.get_address(there) if isinstance(there, str) else there for there in self.dials]

    def _begin_life(self, number: int) -> Setup:
        net, setup = self._net, self._setup
        self._zero = net.zero
        return Setup(
            self.name,
            self.address,
            tuple(self.get_dialled()),
            CounterRandom(get_key(net.tape.seed, "node", self.name, number)),
            policy=setup.policy,
            chain=setup.chain,
            disk=deepcopy(self._disk),
            started_at=net.tape.started_at,
            store=setup.store,
            contacts=net.get_addresses(),
        )

    def do(self, command: Command) -> None:
        """Ask the node to act; it has acted when this returns. UsageError with the reason why it cannot."""
        if problem := self.node.find_problem(command, self.now):
            raise UsageError(problem)
        super().do(command)

    async def _dial(self, remote: Address, conn: ConnectionId, dialled: int) -> None:
        there = self._net.find(remote)
        if there is not None:
            await self._dial_fellow(there, conn, dialled)
        elif self.is_on_tcp:
            await super()._dial(remote, conn, dialled)
        else:
            self._fail_to_dial(remote, conn, dialled, UNREACHABLE)

    async def _dial_fellow(self, there: "Member", conn: ConnectionId, dialled: int) -> None:
        delay = self._net.get_delay(self, there)
        await asyncio.sleep(delay / SECOND)
        if not there.is_on:
            await asyncio.sleep(delay / SECOND)
            self._fail_to_dial(there.address, conn, dialled, REFUSED)
            return
        near, far = make_line(conn, self.number, there.number, delay)
        there._open(far, self.address, True, dialled)
        try:
            await asyncio.sleep(delay / SECOND)
        except asyncio.CancelledError:
            near.abort()
            raise
        self._open(near, there.address, False, dialled)
