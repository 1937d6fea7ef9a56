"""Payments by IP, as Bitcoin 0.1 made them: the payer calls the payee, asks for a key, and sends the payment.

    payer   dials the payee, if they do not talk already
            checkorder, its transaction still empty  ->  payee    makes a key for the payer's IP: that one is
            <-  reply 0, and the key's script                     told it again until it has paid
            makes and signs the payment, keeps it and tells everybody
            submitorder, with the payment            ->           judges it like any other, tells everybody
            <-  reply 0; 1 when it may not wait there

Since 0.3.13 (October 2010) the payee answers 2 to both unless it was started with `-allowreceivebyip`: here a
policy, `allow_receive_by_ip`. No reply is proof of who gave it; that is why all this is gone.

What we leave out: a comment to the payee, and the transactions that are spent, for the payer takes coins of
the chain only, and those the payee has. Ours is that the payer loses patience.
Source: Bitcoin 0.3.19 `main.cpp` (ProcessMessage), `ui.cpp` (CSendingDialog); 0.3.13 for the switch.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.actions import PayByIp
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin import notes_history as notes
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.key_chain import RECEIVE
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.mempool_rules import NotWelcome
from blockchain_lab.bitcoin.messages_orders import (
    ACCEPTED,
    NOT_ALLOWED,
    REFUSED,
    CheckOrder,
    LinkedTransaction,
    Reply,
    SubmitOrder,
    WalletTransaction,
)
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.paying import Cashier
from blockchain_lab.bitcoin.peers import Peer
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.bitcoin.tx_relay import TransactionRelay

TOPIC: Final = "order"  # of the timer that runs out when the payee does not answer; its `about`: the request
PATIENCE: Final = 60 * SECOND  # for the call and for each answer; ours: in 2010 one pressed "Cancel"
MOST_KEYS: Final = 1_000  # IPs that have a key and have not paid; ours: Bitcoin had no limit
EMPTY: Final = Transaction(version=1, inputs=(), outputs=())
REFUSALS: Final = {REFUSED: "the payee refused it", NOT_ALLOWED: "the payee takes no payments by IP"}
WITNESS: Final = "its coins need witnesses, which an order cannot hold"


@dataclass(slots=True)
class Order:
    """A payment that we are making."""

    payee: Address
    amount: int  # satoshi; 0: as we like
    fee_rate: int  # satoshi per 1,000 virtual bytes; 0: as we like
    conn: ConnectionId | None = None  # on which we have asked; None: nobody is there yet
    txid: bytes | None = None  # once the payment is made


@dataclass(slots=True)
class Orders:
    """One node's payments by IP, in both directions."""

    ours: dict[bytes, Order] = field(default_factory=dict)  # by request
    scripts: dict[str, bytes] = field(default_factory=dict)  # IP -> what it was told to pay to

    # --- The payer ------------------------------------------------------------------------------------

    def begin(self, command: PayByIp, payee: Address, moment: Moment) -> list[Effect]:
        """Call the payee, or ask at once if we are connected."""
        request = draw_request(moment.random)
        self.ours[request] = Order(payee, command.amount, command.fee_rate)
        begun: list[Effect] = [notes.order_begun(request, command.to, command.amount), set_timer(request)]
        ready = [peer for peer in moment.peers.ready if peer.remote == payee]
        if ready:
            return [*begun, *self._ask(request, ready[0])]
        return [*begun, *([] if moment.peers.find(payee) else [Dial(payee)])]

    def on_ready(self, peer: Peer) -> list[Effect]:
        """Somebody is there: perhaps the one whom we want to pay."""
        waiting = [request for request, order in self.ours.items() if is_for(order, peer.remote)]
        return [effect for request in waiting for effect in self._ask(request, peer)]

    def on_dial_failed(self, remote: Address, reason: str) -> list[Effect]:
        """Nobody is there."""
        waiting = [request for request, order in self.ours.items() if is_for(order, remote)]
        why = f"cannot be reached: {reason}"
        return [effect for request in waiting for effect in self._fail(request, why)]

    def on_gone(self, peer: Peer) -> list[Effect]:
        """A connection has ended."""
        asked = [request for request, order in self.ours.items() if order.conn == peer.conn]
        return [effect for request in asked for effect in self._fail(request, "the connection was lost")]

    def on_timer(self, name: TimerName) -> list[Effect]:
        """We have waited long enough."""
        return self._fail(bytes.fromhex(str(name.about)), "no answer")

    def on_reply(
        self, peer: Peer, reply: Reply, moment: Moment, transactions: TransactionRelay, cashier: Cashier
    ) -> list[Effect]:
        """The payee has answered. What answers no question of ours is ignored."""
        order = self.ours.get(reply.request)
        if order is None or order.conn != peer.conn:
            return []
        if reply.code != ACCEPTED:
            return self._fail(reply.request, REFUSALS.get(reply.code, f"the payee says {reply.code}"))
        if order.txid is not None:
            del self.ours[reply.request]
            return [CancelTimer(get_timer(reply.request)), notes.order_paid(reply.request, order.txid)]
        if reply.script is None:
            return self._fail(reply.request, "the reply has no script")
        try:
            tx = make_payment(reply.script, order.amount, order.fee_rate, moment, transactions.pool, cashier)
            accepted = transactions.submit(tx, moment, [peer])
        except (UsageError, NotWelcome, RuleBroken) as fault:
            return self._fail(reply.request, str(fault))
        order.txid = tx.txid()
        submitted = SubmitOrder(reply.request, fill_form(tx, moment.time))
        return [Send(peer.conn, submitted), set_timer(reply.request), *accepted]

    def _ask(self, request: bytes, peer: Peer) -> list[Effect]:
        self.ours[request].conn = peer.conn
        return [Send(peer.conn, CheckOrder(request, fill_form(EMPTY, time=0))), set_timer(request)]

    def _fail(self, request: bytes, reason: str) -> list[Effect]:
        order = self.ours.pop(request)
        return [CancelTimer(get_timer(request)), notes.order_failed(request, order.txid, reason)]

    # --- The payee ------------------------------------------------------------------------------------

    def on_checkorder(
        self, peer: Peer, message: CheckOrder, moment: Moment, cashier: Cashier
    ) -> list[Effect]:
        """Somebody wants to pay us: tell a script, the same until it was used."""
        request, ip = message.request, peer.remote.ip
        if not moment.policy.allow_receive_by_ip:
            return refuse(peer, Reply(request, NOT_ALLOWED, b""), "we take no payments by IP")
        if ip not in self.scripts and len(self.scripts) >= MOST_KEYS:
            return refuse(peer, Reply(request, REFUSED, b""), "too many have asked and not paid")
        if ip not in self.scripts:
            self.scripts[ip] = cashier.wallet.keys.new_script(Form.PUBLIC_KEY, RECEIVE)
        return [Send(peer.conn, Reply(request, ACCEPTED, self.scripts[ip]))]

    def on_submitorder(
        self, peer: Peer, message: SubmitOrder, moment: Moment, transactions: TransactionRelay
    ) -> list[Effect]:
        """Somebody has paid, as he says. Like Bitcoin we ask whether it is valid, not whom it pays."""
        request, tx = message.request, message.order.linked.transaction
        if not moment.policy.allow_receive_by_ip:
            return refuse(peer, Reply(request, NOT_ALLOWED), "we take no payments by IP")
        try:
            accepted = transactions.submit(tx, moment, [peer])
        except (NotWelcome, RuleBroken) as fault:
            return refuse(peer, Reply(request, REFUSED), fault.reason)
        script = self.scripts.pop(peer.remote.ip, None)
        amount = sum(output.value for output in tx.outputs if output.script == script)
        received = notes.order_received(request, tx.txid(), amount)
        return [received, *accepted, Send(peer.conn, Reply(request, ACCEPTED))]


def make_payment(
    script: bytes,
    amount: int,
    fee_rate: int,
    moment: Moment,
    pool: Mempool,
    cashier: Cashier,
) -> Transaction:
    """What an order carries. UsageError when there are no coins for it, or none that fit."""
    tx = cashier.pay_to(script, amount, fee_rate, moment, pool)
    if tx.has_witness:
        raise UsageError(WITNESS)
    return tx


def fill_form(tx: Transaction, time: int) -> WalletTransaction:
    """An order: the payer's record of a transaction that no block holds. time: Unix seconds."""
    linked = LinkedTransaction(tx, ZERO_HASH, (), -1)
    return WalletTransaction(
        linked=linked,
        previous=(),
        values=(),
        order_form=(),
        time_is_transactions=0,
        time_received=time,
        from_me=1,
        spent=0,
    )


def refuse(peer: Peer, reply: Reply, reason: str) -> list[Effect]:
    """No, and the reason for ourselves."""
    return [notes.order_refused(reply.request, reason), Send(peer.conn, reply)]


def is_for(order: Order, remote: Address) -> bool:
    """Does it wait for somebody at this address?"""
    return order.conn is None and order.payee == remote


def draw_request(random: CounterRandom) -> bytes:
    """32 bytes that nobody can guess."""
    return b"".join(random.bits().to_bytes(8, "little") for _ in range(4))


def get_timer(request: bytes) -> TimerName:
    """Runs out when the payee is not there or does not answer."""
    return TimerName(TOPIC, about=request.hex())


def set_timer(request: bytes, after: Microseconds = PATIENCE) -> SetTimer:
    """From now on we wait."""
    return SetTimer(get_timer(request), after)
