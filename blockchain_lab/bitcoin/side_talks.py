"""What peers say besides hosts, blocks and transactions: alerts, payments by IP, questions of light clients.

Each has a room of its own (`alert_relay`, `orders`, `light_clients`); here the node's events are handed to
them. A node whose era does not know a word ignores it, as Bitcoin does with all unknown words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.actions import Command, PayByIp, SendAlert
from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin import alert_relay, light_clients, orders
from blockchain_lab.bitcoin.alert_relay import AlertRelay
from blockchain_lab.bitcoin.light_clients import LightClients, is_served
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.messages import (
    Alert,
    CheckOrder,
    FilterAdd,
    FilterClear,
    FilterLoad,
    Reply,
    SubmitOrder,
)
from blockchain_lab.bitcoin.messages import Mempool as MempoolMessage
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.orders import Orders
from blockchain_lab.bitcoin.paying import Cashier
from blockchain_lab.bitcoin.peers import Handled, Peer
from blockchain_lab.bitcoin.tx_relay import TransactionRelay

TOPICS: Final = (alert_relay.TOPIC, orders.TOPIC, light_clients.TOPIC)


@dataclass(slots=True)
class SideTalks:
    """One node's side talks."""

    alerts: AlertRelay = field(default_factory=AlertRelay)
    orders: Orders = field(default_factory=Orders)
    clients: LightClients = field(default_factory=LightClients)

    def obey(self, command: Command, contacts: Mapping[str, Address], moment: Moment) -> list[Effect]:
        """A learner or a story wants it, and `commands` has found no problem. contacts: name -> address."""
        match command:
            case SendAlert(raw_hex=raw_hex):
                return self.alerts.publish(read_alert(raw_hex), moment)
            case PayByIp(to=name):
                return self.orders.begin(command, contacts[name], moment)
        return []

    def on_message(
        self, peer: Peer, message: Message, moment: Moment, transactions: TransactionRelay, cashier: Cashier
    ) -> Handled:
        """Somebody speaks of these things, or of none that we know. PeerFault for what we do not offer."""
        knows_orders = moment.era.knows_orders
        effects: list[Effect] = []
        match message:
            case Alert():
                return self.alerts.on_alert(peer, message, moment)
            case MempoolMessage():
                effects = self.clients.on_mempool(peer, transactions.pool, moment)
            case FilterLoad() | FilterAdd() | FilterClear():
                is_served(message, moment.era)
            case CheckOrder() if knows_orders:
                effects = self.orders.on_checkorder(peer, message, moment, cashier)
            case SubmitOrder() if knows_orders:
                effects = self.orders.on_submitorder(peer, message, moment, transactions)
            case Reply() if knows_orders:
                effects = self.orders.on_reply(peer, message, moment, transactions, cashier)
        return Handled(effects, None)

    def on_ready(self, peer: Peer, moment: Moment) -> list[Effect]:
        """The handshake is done."""
        return [*self.alerts.on_ready(peer, moment), *self.orders.on_ready(peer)]

    def on_timer(self, name: TimerName, pool: Mempool, moment: Moment) -> list[Effect]:
        """An alert has expired, a payee has not answered, or it is the turn of who asked for the pool."""
        match name.topic:
            case alert_relay.TOPIC:
                return self.alerts.on_timer(name, moment)
            case orders.TOPIC:
                return self.orders.on_timer(name)
        assert name.conn is not None  # it belongs to a peer
        return self.clients.on_timer(moment.peers[name.conn], pool)

    def on_gone(self, peer: Peer) -> list[Effect]:
        """A connection has ended."""
        self.alerts.forget_peer(peer)
        self.clients.forget_peer(peer)
        return self.orders.on_gone(peer)


def read_alert(raw_hex: str) -> Alert:
    """From hexadecimal. ValueError, DecodeError."""
    return Alert.decode(bytes.fromhex(raw_hex))
