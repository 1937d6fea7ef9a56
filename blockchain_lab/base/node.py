"""One peer's logic, without clock, socket, thread or scheduler: told what happens, it answers what to do.

The same object runs in the simulator, over TCP and over IPv8. Its state is a function of what it was
told, in that order, and of nothing else: this is how one peer is rebuilt at any moment of the past.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Address, ConnectionId, Microseconds


@dataclass(frozen=True, slots=True)
class Setup:
    """What a node is built from, at its first start and after each revival."""

    name: str
    address: Address
    neighbours: tuple[Address, ...]  # whom the scenario lets it dial
    random: CounterRandom  # its own; every life has another key
    policy: dict[str, Any] = field(
        default_factory=dict
    )  # the scenario's, this peer's values over the common ones
    chain: dict[str, Any] = field(default_factory=dict)  # the scenario's chain parameters
    disk: dict[str, Any] = field(
        default_factory=dict
    )  # what `stored()` left behind; empty at the first start
    seed: int = 0  # the scenario's: for what all peers compute alike
    started_at: int = 0  # Unix seconds at simulated time 0
    store: ContentStore = field(default_factory=ContentStore)  # immutable things, shared by all peers
    contacts: dict[str, Address] = field(
        default_factory=dict
    )  # name -> address, for commands that name a peer
    gateway: Address | None = None  # of the host that this one stands behind
    inside: tuple[Address, ...] = ()  # of the hosts that stand behind this one


class Node:
    """Override what you need; every handler answers with no effects unless a node says otherwise.

    Handlers are all-or-nothing: one that raises has changed nothing that counts.
    """

    obeys: ClassVar[tuple[type[Command], ...]] = ()  # commands that `on_command` knows, for menus

    def on_start(self, now: Microseconds) -> list[Effect]:
        """The host was switched on."""
        return []

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """A connection is open at our end; `inbound`: the other side dialled."""
        return []

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """A `Dial` came to nothing."""
        return []

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """A message arrived on a connection."""
        return []

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """A datagram arrived."""
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A timer ran out; it is already forgotten."""
        return []

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """The other end closed or was lost; our end is already closed."""
        return []

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """The learner, or a story, asks us to act."""
        return []

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Why we cannot obey this command now; None when we can. Changes nothing, draws nothing.

        Asked before a command is recorded: a live one is refused, a story's is recorded and does nothing.
        """
        return None

    def find_inside(self, destination: Address, source: Address, now: Microseconds) -> Address | None:
        """We are a gateway and `source`, outside, dials `destination`: whom behind us it reaches, if anybody.

        Streams do not pass through a gateway's node: it is asked once. Changes nothing, draws nothing.
        """
        return None

    def find_outside(self, source: Address, proposed: Address) -> Address:
        """We are a gateway and `source`, behind us, dials: as whom it is seen. `proposed`: one of ours."""
        return source

    def stored(self) -> dict[str, Any]:
        """What survives a restart: our disk."""
        return {}


NodeFactory = Callable[[Setup], Node]
