"""A node's place in the network: whom it has heard of (`contacts`) and with whom it talks (`connections`).

Only a node with `gossip` in its policy has one. Without, in whatever era, it dials whom the scenario names,
lets everybody in, and says nothing about hosts: so a story of five peers stays one of five lines. Here the
node's events are handed to the two rooms.
"""

from collections.abc import Iterable
from typing import Any, Final

from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin import connections, contacts
from blockchain_lab.bitcoin.addr_relay import get_address
from blockchain_lab.bitcoin.address_forms import read_items
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.bitcoin.connections import Connections, Outcome, find_end
from blockchain_lab.bitcoin.contacts import Contacts
from blockchain_lab.bitcoin.messages import Addr, AddrV2, GetAddr
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.peers import Peer, Peers
from blockchain_lab.bitcoin.policy import Policy

TOPICS: Final = (*contacts.TOPICS, *connections.TOPICS)
NOTHING: Final = Outcome([], {})


class Overlay:
    """Its book, its talks, its plan."""

    def __init__(self, setup: Setup, policy: Policy) -> None:
        """UsageError for a disk that holds no book, and for seeds that are no peers of the scenario."""
        self.contacts = Contacts(setup, policy)
        self.connections = Connections()
        for names in (policy.seed_nodes, policy.dns_seeds, policy.fixed_seeds):
            connections.find_seeds(setup, names)

    def stored(self, policy: Policy, peers: Peers) -> dict[str, Any]:
        """The book for the disk."""
        anchors = [peer.remote for peer in peers.ready if peer.kind is Kind.BLOCKS]
        return self.contacts.stored(anchors) if policy.gossip else {}

    def begin(self, setup: Setup, moment: Moment) -> list[Effect]:
        """The host was switched on, or its policy has changed: gossip, maybe, was switched on."""
        if not moment.policy.gossip:
            return []
        slots = connections.describe_slots(moment.era)
        if self.connections.plan is not None:
            return [] if self.connections.plan.era == moment.era else [slots]
        known = self.contacts.book.describe()
        begun = self.connections.begin(setup, self.contacts, moment)
        return [known, slots, *self.contacts.add_by_hand(setup.neighbours, moment), *begun]

    def admit(self, peer: Peer, moment: Moment) -> tuple[str | None, Outcome]:
        """A connection has opened: why not, if so; and what to do for it."""
        if not moment.policy.gossip:
            return None, NOTHING
        if peer.inbound:
            return self.connections.admit(peer.remote, self.contacts, moment)
        return None, Outcome(self.connections.on_connected(peer), {})

    def on_ready(self, peer: Peer, moment: Moment) -> Outcome:
        """The handshake is done."""
        if not moment.policy.gossip:
            return NOTHING
        effects = self.contacts.on_ready(peer, moment)
        return end(peer, effects, find_end(peer))

    def on_message(self, peer: Peer, message: GetAddr | Addr | AddrV2, moment: Moment) -> Outcome:
        """Somebody speaks of hosts. PeerFault for too many."""
        if not moment.policy.gossip or peer.conn not in self.contacts.talks:
            return NOTHING
        if isinstance(message, GetAddr):
            return Outcome(self.contacts.on_getaddr(peer, moment), {})
        items = read_items(message)
        known = len(self.contacts.book)
        effects = self.contacts.on_addr(peer, items, moment)
        if len(self.contacts.book) > known:
            effects += self.connections.look_soon()
        return end(peer, effects, find_end(peer, [get_address(item) for item in items]))

    def on_timer(self, name: TimerName, by_hand: Iterable[Address], moment: Moment) -> Outcome:
        """It is time to look for a connection, or to tell a peer of hosts."""
        match name.topic:
            case connections.LOOK:
                return self.connections.look(self.contacts, by_hand, moment)
            case connections.FEELER:
                return Outcome(self.connections.get_feeler(name.about), {})
        assert name.conn is not None  # the others belong to a peer
        peer = moment.peers[name.conn]
        if name.topic == connections.FETCH:
            return end(peer, [], "no addresses fetched")
        return Outcome(self.contacts.on_timer(name, peer, moment), {})

    def on_lost(self, address: Address, moment: Moment) -> list[Effect]:
        """Nobody is where we have dialled."""
        return self.connections.on_lost(address) if moment.policy.gossip else []

    def on_gone(self, peer: Peer, moment: Moment) -> list[Effect]:
        """A connection has ended."""
        self.contacts.on_gone(peer, moment)
        return [] if peer.inbound else self.connections.look_soon()

    def discourage(self, peer: Peer, moment: Moment) -> list[Effect]:
        """It broke the protocol."""
        return self.connections.discourage(peer.remote.ip, moment) if moment.policy.gossip else []


def end(peer: Peer, effects: list[Effect], reason: str | None) -> Outcome:
    """These effects, and the end of the connection if there is a reason."""
    return Outcome(effects, {} if reason is None else {peer.conn: reason})
