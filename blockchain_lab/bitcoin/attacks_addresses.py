"""One person behind many hosts, who wants others to talk with nobody else.

    sybil       each of its hosts names its fellows, and addresses at which nobody is; honest hosts it never
                names. Blocks and payments it passes on like anybody.
    eclipse     the same, and it passes nothing on: who talks only with such hosts sees their chain, or none

Both dial their victims and keep these connections (the scenario's edges), tell them of hosts again and again,
and wait: whom a node dials is decided at its next start. The invented addresses push honest ones out of the
victim's table of hearsay, and what it dials from there comes to nothing; so it dials whom it has been in
touch with. Source: E. Heilman and others, "Eclipse attacks on Bitcoin's peer-to-peer network" (2015).
"""

from dataclasses import replace
from typing import Any, Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.draws import draw, get_key, to_below
from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin.attacks_flood import NEWS
from blockchain_lab.bitcoin.attacks_secret import find_problem_of_choice, read_choices, think
from blockchain_lab.bitcoin.faulty import DisguisedNode
from blockchain_lab.bitcoin.messages import Addr, GetAddr, Transaction
from blockchain_lab.bitcoin.messages_addresses import MAX_ADDRESSES
from blockchain_lab.bitcoin.network_address import NetworkAddress, TimedAddress
from blockchain_lab.bitcoin.node import BitcoinNode

TIMER: Final = TimerName("tell of hosts")
DEFAULTS: Final = {"tell_every": 10 * SECOND, "trash": 100, "trash_groups": 100}
FELLOWS: Final = "fellows"
FIRST_OCTETS: Final = range(130, 160)  # of invented addresses: none of them is reserved, whatever follows
GROUPS_PER_OCTET: Final = 200
PORT: Final = 8_333


class SybilNode(DisguisedNode):
    """Names its fellows and nobody else. Policy, over that of an honest node without an address book:

    `fellows`, names of peers, itself included if it wants to be dialled; `tell_every`, microseconds, 0: only
    when it is asked; `trash`, invented addresses at a time, spread over `trash_groups` groups (/16).
    """

    def __init__(self, setup: Setup) -> None:
        """UsageError for fellows that do not exist, and for choices that cannot be."""
        self.setup = setup
        self.choices = read_choices({k: v for k, v in setup.policy.items() if k in DEFAULTS}, DEFAULTS)
        self.fellows = read_fellows(setup)
        self.key, self.made = get_key(setup.random.key, "trash"), 0
        super().__init__(BitcoinNode(replace(setup, policy=self._get_honest_policy())))

    def on_start(self, now: Microseconds) -> list[Effect]:
        """As the inner node; the victims are told of hosts soon."""
        thought = think("names only its fellows", fellows=len(self.fellows), trash=self.choices["trash"])
        return [*super().on_start(now), thought, *self._wind_up()]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """As the inner node; when somebody dials it, it has what it wants."""
        caught = [think("is dialled", by=remote.ip)] if inbound and remote not in self.fellows else []
        return [*super().on_connected(conn, remote, inbound, now), *caught]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Asked for hosts, it names its own; the rest as the inner node."""
        if isinstance(message, GetAddr) and self.inner.peers[conn].is_ready:
            return [self._tell(conn, now)]
        return super().on_message(conn, message, now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Tell all victims of hosts, unless the timer is the inner node's."""
        if name != TIMER:
            return super().on_timer(name, now)
        victims = [peer.conn for peer in self.inner.peers.ready if peer.remote not in self.fellows]
        return [*(self._tell(conn, now) for conn in victims), *self._wind_up()]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """A knob of ours is turned; the rest as the inner node."""
        match command:
            case SetPolicy(key=key, value=value) if key in DEFAULTS:
                self.choices[key] = value
                return self._wind_up()
            case SetPolicy():
                self.inner.setup.policy.update(self._get_honest_policy())
        return super().on_command(command, now)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node; our own keys it does not know."""
        match command:
            case SetPolicy(key=key, value=value) if key in DEFAULTS:
                return find_problem_of_choice(key, value)
        return super().find_problem(command, now)

    def _wind_up(self) -> list[Effect]:
        every = self.choices["tell_every"]
        return [SetTimer(TIMER, every)] if every else []

    def _tell(self, conn: ConnectionId, now: Microseconds) -> Send:
        """All fellows and some trash, all of it as just seen, and never more than anybody may say."""
        time = self.setup.started_at + now // SECOND
        count = min(self.choices["trash"], MAX_ADDRESSES - len(self.fellows))
        hosts = [*self.fellows, *(self._invent() for _ in range(count))]
        services = self.inner.policy.era.services
        return Send(conn, Addr(tuple(TimedAddress(time, NetworkAddress(services, *host)) for host in hosts)))

    def _invent(self) -> Address:
        """An address that nobody has, the next one in the next group."""
        group = self.made % max(1, self.choices["trash_groups"])
        self.made += 1
        octet = FIRST_OCTETS[group // GROUPS_PER_OCTET % len(FIRST_OCTETS)]
        third, fourth = (to_below(draw(self.key, self.made, part), 254) + 1 for part in range(2))
        return Address(f"{octet}.{group % GROUPS_PER_OCTET}.{third}.{fourth}", PORT)

    def _get_honest_policy(self) -> dict[str, Any]:
        """The inner node's: it keeps no book and dials nobody but whom the scenario names."""
        own = (FELLOWS, *DEFAULTS)
        return {key: value for key, value in self.setup.policy.items() if key not in own} | {"gossip": False}


class EclipseNode(SybilNode):
    """Passes on nothing but what its fellows tell: no block, no payment. Policy as for a `SybilNode`.

    Its chain ends with that on its disk, unless one of the fellows mines: then that is what a victim sees.
    """

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Deaf to all news but its fellows'."""
        is_news = isinstance(message, (*NEWS, Transaction))
        if is_news and self.inner.peers[conn].remote not in self.fellows:
            return []
        return super().on_message(conn, message, now)


def read_fellows(setup: Setup) -> list[Address]:
    """Whom it recommends. UsageError, with what is accepted."""
    names = setup.policy.get(FELLOWS, [])
    if not isinstance(names, list) or any(name not in list(setup.contacts) for name in names):
        raise UsageError(
            f"policy.{FELLOWS}: found {names!r:.60}, accepted: names of {', '.join(setup.contacts)}"
        )
    return [setup.contacts[name] for name in names]
