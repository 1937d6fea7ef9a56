"""Transactions that come in: who may wait here, and whom we tell.

    public     to some neighbours whole, to the others by name: they ask for it if they lack it. Only what can
               run is passed on; what stands behind a gap stays with who has it (go-ethereum, eth/handler.go)
    private    to a builder, and to nobody else: it is seen when it stands in a block

Those who get it whole are about the square root of all (`BroadcastTransactions`), chosen by its name.
"""

from collections.abc import Iterable
from math import isqrt
from typing import Final

from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import ledger_notes as notes
from blockchain_lab.layers.ledger_desk import Asked, LedgerDesk
from blockchain_lab.layers.ledger_messages import MOST_NAMES, Overlay, TxNames, WantTxs
from blockchain_lab.layers.ledger_pool import LIFETIME, Change
from blockchain_lab.layers.ledger_transaction import Transaction

EXPIRE: Final = "expire"
PATIENCE: Final = 5 * SECOND  # after which another is asked; go-ethereum eth/fetcher, txFetchTimeout


def take(
    desk: LedgerDesk,
    transaction: Transaction,
    source: ConnectionId | None,
    now: Microseconds,
    *,
    again: bool = False,
) -> list[Effect]:
    """Let one wait, if it may, and tell the others. source: None for our own. again: from a block we left."""
    if source is not None:
        desk.lines[source].learn(transaction.name)
        desk.asked.pop(transaction.name, None)
    if transaction.name in desk.pool or (source is not None and transaction.name in desk.private):
        return []
    ledger = desk.rules.ledger
    try:
        change = desk.pool.add(transaction, desk.chain.state, ledger.gas_limit, ledger.chain, now)
    except RuleBroken as broken:
        told_by = "" if again else desk.get_source(source)
        return [notes.transaction_refused(transaction, broken, told_by)]
    desk.private.pop(transaction.name, None)  # everybody knows it now
    is_queued = transaction in desk.pool.get_queued()
    effects: list[Effect] = [*notes.transactions_removed(change.removed)]
    effects.append(notes.transaction_accepted(transaction, queued=is_queued, again=again))
    effects += tell_change(Change((), change.promoted, change.demoted))
    ready = [] if is_queued else [transaction]
    return [*effects, *announce(desk, [*ready, *change.promoted]), *watch_queue(desk)]


def tell_change(change: Change) -> list[Effect]:
    """The notes of what has changed in the pool."""
    return [
        *notes.transactions_removed(change.removed),
        *notes.transactions_moved("transactions demoted", change.demoted),
        *notes.transactions_moved("transactions promoted", change.promoted),
    ]


def announce(desk: LedgerDesk, ready: Iterable[Transaction]) -> list[Effect]:
    """Tell those who lack them: some whole, the others by name."""
    effects: list[Effect] = []
    names: dict[ConnectionId, list[bytes]] = {}
    for transaction in ready:
        lines = [conn for conn, _ in desk.get_lines(Overlay.EXECUTION)]
        start = transaction.name[0] % max(1, len(lines))
        for place, conn in enumerate([*lines[start:], *lines[:start]]):
            if transaction.name in desk.lines[conn].known:
                continue
            desk.lines[conn].learn(transaction.name)
            if place < isqrt(len(lines)):
                effects.append(Send(conn, transaction))
            else:
                names.setdefault(conn, []).append(transaction.name)
    return [*effects, *(Send(conn, TxNames(tuple(each))) for conn, each in names.items())]


def introduce(desk: LedgerDesk, conn: ConnectionId) -> list[Effect]:
    """A new line on the execution overlay: tell all that can run here, by name."""
    line = desk.lines[conn]
    fresh = [each.name for each in desk.pool.get_pending() if each.name not in line.known]
    del fresh[MOST_NAMES:]
    for name in fresh:
        line.learn(name)
    return [Send(conn, TxNames(tuple(fresh)))] if fresh else []


def hear_names(desk: LedgerDesk, message: TxNames, conn: ConnectionId, now: Microseconds) -> list[Effect]:
    """Ask for those that we lack, unless somebody else was asked a moment ago."""
    wanted = []
    for name in message.names:
        desk.lines[conn].learn(name)
        asked = desk.asked.get(name)
        if name not in desk.pool and (asked is None or now - asked.at >= PATIENCE):
            desk.asked[name] = Asked(conn, now)
            wanted.append(name)
    return [Send(conn, WantTxs(tuple(wanted)))] if wanted else []


def answer(desk: LedgerDesk, message: TxNames, conn: ConnectionId) -> list[Effect]:
    """Send those that wait here in public; private ones are not ours to give."""
    found = [desk.pool.names[name] for name in message.names if name in desk.pool]
    for each in found:
        desk.lines[conn].learn(each.name)
    return [Send(conn, each) for each in found]


def forget_line(desk: LedgerDesk, conn: ConnectionId) -> None:
    """What we had asked for there may be asked for elsewhere."""
    desk.asked = {name: asked for name, asked in desk.asked.items() if asked.line != conn}


def take_private(desk: LedgerDesk, transaction: Transaction, source: ConnectionId | None) -> list[Effect]:
    """Keep one for our own next block, and tell nobody. source: None for our own."""
    if transaction.name in desk.private or transaction.name in desk.pool:
        return []
    ledger = desk.rules.ledger
    try:
        desk.pool.check(transaction, desk.chain.state, ledger.gas_limit, ledger.chain)
    except RuleBroken as broken:
        return [notes.transaction_refused(transaction, broken, desk.get_source(source))]
    desk.private[transaction.name] = transaction
    return [notes.private_taken(transaction, desk.get_source(source))]


def watch_queue(desk: LedgerDesk) -> list[Effect]:
    """A timer while somebody is queued, so that nobody is for ever."""
    if desk.is_expiring or not any(True for _ in desk.pool.get_queued()):
        return []
    desk.is_expiring = True
    return [SetTimer(TimerName(EXPIRE), LIFETIME)]


def expire(desk: LedgerDesk, now: Microseconds) -> list[Effect]:
    """The timer has run out: those that were queued for too long go; the others are looked at again."""
    desk.is_expiring = False
    return [*tell_change(desk.pool.expire(now)), *watch_queue(desk)]
