"""A gossiping node: whatever one peer publishes shall reach everybody. How, `policy.protocol` says.

    by calls (datagrams to anybody)          push-once, push, pull, push-pull
    by lines (connections to neighbours)     flood, inv, erlay, plumtree

The node keeps lines open and sorts out what nobody can understand; all else is its protocol's. Notes:
`item learned`, `peer misbehaved`; Plumtree's `tree changed`, Erlay's `sets compared`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from blockchain_lab.base.actions import Command, Publish, SetPolicy
from blockchain_lab.base.effects import Effect, HangUp, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_dialling import ENOUGH, REDIAL, Named, make_dialling
from blockchain_lab.overlay.gossip_erlay import Erlay
from blockchain_lab.overlay.gossip_flood import Flood
from blockchain_lab.overlay.gossip_ground import Ground, Line, Protocol
from blockchain_lab.overlay.gossip_inv import Inv
from blockchain_lab.overlay.gossip_messages import MOST_TEXT, Item
from blockchain_lab.overlay.gossip_plumtree import Plumtree
from blockchain_lab.overlay.gossip_policy import (
    ERLAY,
    FLOOD,
    INV,
    LINES,
    NEIGHBOURS,
    PLUMTREE,
    PULL,
    PUSH,
    PUSH_ONCE,
    PUSH_PULL,
    Policy,
)
from blockchain_lab.overlay.gossip_pull import Pulling, PushPull
from blockchain_lab.overlay.gossip_push import Push, PushOnce

MAKE: Final[Mapping[str, Callable[[], Protocol]]] = {
    PUSH_ONCE: PushOnce,
    PUSH: Push,
    PULL: Pulling,
    PUSH_PULL: PushPull,
    FLOOD: Flood,
    INV: Inv,
    ERLAY: Erlay,
    PLUMTREE: Plumtree,
}


class GossipNode(Node):
    """Kind "gossip". Policy: see `gossip_policy`. Items survive a restart, lines do not."""

    obeys = (Publish,)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        self.setup = setup
        policy = Policy.from_plain(setup.policy)
        near = tuple(dict.fromkeys(address for address in setup.neighbours if address != setup.address))
        contacts = near if policy.among == NEIGHBOURS else get_everybody(setup)
        self.ground = Ground(setup.address, contacts, policy, setup.random)
        self.protocol = MAKE[policy.protocol]()
        has_lines = policy.protocol in LINES
        self.dialling = make_dialling(setup.neighbours, self.ground) if has_lines else Named(())
        for text in read_disk(setup.disk):
            self.ground.learn(Item(text), 0, None, 0)

    def stored(self) -> dict[str, Any]:
        """All items, as texts."""
        return {"items": [learned.item.text for learned in self.ground.items.values()]}

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial some others, unless the protocol only calls."""
        return [*self.dialling.on_start(self.ground), *self.protocol.on_start(self.ground, now)]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Publish something, or go on with another policy."""
        match command:
            case Publish(text=text):
                item = Item(text)
                news = self.ground.learn(item, 0, None, now)
                return [*news, *self.protocol.on_news(self.ground, item, None, now)]
            case SetPolicy():
                self.ground.policy = Policy.from_plain(self.setup.policy)
                return [*self._close_surplus(now), *self.dialling.on_policy(self.ground)]
        return []

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """News must be new, and fit into a datagram."""
        match command:
            case Publish(peer, text) if len(text.encode()) > MOST_TEXT:
                return f"a text of {len(text.encode())} bytes; wanted at most {MOST_TEXT}"
            case Publish(peer, text) if not self.ground.is_new(Item(text).name):
                return f"{peer} has heard of {text!r} already"
        return None

    # -- lines --------------------------------------------------------------------------------------------

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Open a line, if it is wanted."""
        objection = self.dialling.on_opened(self.ground, conn, remote, inbound)
        if objection is not None:
            return [HangUp(conn, objection)]
        self.ground.lines[conn] = Line(remote, inbound)
        return self.protocol.on_line(self.ground, conn, now)

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self.dialling.on_failed(self.ground, remote)

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """A line is lost: who has dialled dials again."""
        line = self.ground.lines.pop(conn)
        again = self.dialling.on_lost(self.ground, line, reason)
        return [*self.protocol.on_line_lost(self.ground, conn, now), *again]

    def _close_surplus(self, now: Microseconds) -> list[Effect]:
        """A policy may want fewer lines than before."""
        effects: list[Effect] = []
        for conn in self.dialling.take_surplus(self.ground):
            del self.ground.lines[conn]
            effects += [HangUp(conn, ENOUGH), *self.protocol.on_line_lost(self.ground, conn, now)]
        return effects

    # -- what others say ----------------------------------------------------------------------------------

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """A line with unreadable bytes is closed; what we have no word for is ignored."""
        match message:
            case Malformed(reason=reason):
                blame = self.ground.complain(conn, reason)
                others = self.dialling.on_nonsense(self.ground, self.ground.lines.pop(conn))
                lost = self.protocol.on_line_lost(self.ground, conn, now)
                return [*blame, HangUp(conn, reason), *lost, *others]
            case Unknown():
                return []
        return self.protocol.on_message(self.ground, conn, message, now)

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Unreadable bytes are noted, and no more: anybody may have sent them under this address."""
        match message:
            case Malformed(reason=reason):
                return self.ground.complain(source, reason)
            case Unknown():
                return []
        return self.protocol.on_datagram(self.ground, source, message, now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Dial again, or whatever the protocol waits for."""
        if name.topic == REDIAL:
            return self.dialling.on_timer(self.ground, name)
        return self.protocol.on_timer(self.ground, name, now)


def get_everybody(setup: Setup) -> tuple[Address, ...]:
    """All addresses that the node was given; one tuple for all nodes that were given the same."""
    own = setup.contacts
    contacts, addresses = setup.store.once("contacts", b"", lambda: (own, tuple(own.values())))
    return addresses if contacts is own else tuple(own.values())


def read_disk(disk: Mapping[str, Any]) -> list[str]:
    """The texts that a node had before. UsageError for anything else."""
    texts = disk.get("items", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise UsageError(f"disk.items: found {texts!r}, accepted: a list of texts")
    return texts
