"""The facts that a Bitcoin node states of what is history: alerts, and payments by IP.

The texts of an alert are its author's, reasons given by a peer are the peer's: not to be trusted.
"""

from blockchain_lab.base.effects import Note
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.messages_alert import Alert, AlertNotice


def alert_accepted(notice: AlertNotice, *, applies: bool) -> Note:
    """An alert is believed. applies: it concerns our program, so its user sees it."""
    facts = {
        "id": notice.id,
        "text": notice.status_bar,
        "priority": notice.priority,
        "expiration": notice.expiration,
        "applies": applies,
    }
    return Note("alert accepted", facts)


def alert_cancelled(notice: AlertNotice, by: AlertNotice) -> Note:
    """An alert counts no more, for another one says so."""
    return Note("alert cancelled", {"id": notice.id, "text": notice.status_bar, "by": by.id})


def alert_dropped(notice: AlertNotice, reason: str) -> Note:
    """An alert counts no more: it has expired, or had to make room."""
    return Note("alert dropped", {"id": notice.id, "text": notice.status_bar, "reason": reason})


def alert_refused(alert: Alert, reason: str) -> Note:
    """An alert is not believed. id: None when it cannot be read."""
    number = None if alert.notice is None else alert.notice.id
    return Note("alert refused", {"id": number, "reason": reason})


def order_begun(request: bytes, to: str, amount: int) -> Note:
    """We want to pay somebody by IP. amount: satoshi, 0: as we like."""
    return Note("order begun", {"request": request.hex(), "to": to, "amount": amount})


def order_paid(request: bytes, txid: bytes) -> Note:
    """The payee has said that our payment is good."""
    return Note("order paid", {"request": request.hex(), "txid": display_hash(txid)})


def order_failed(request: bytes, txid: bytes | None, reason: str) -> Note:
    """A payment by IP came to nothing; with a txid it is on its way all the same."""
    name = None if txid is None else display_hash(txid)
    return Note("order failed", {"request": request.hex(), "txid": name, "reason": reason})


def order_received(request: bytes, txid: bytes, amount: int) -> Note:
    """Somebody has paid us by IP. amount: satoshi that go to the script that we told him."""
    facts = {"request": request.hex(), "txid": display_hash(txid), "amount": amount}
    return Note("order received", facts)


def order_refused(request: bytes, reason: str) -> Note:
    """Somebody wanted to pay us by IP, or said that he had, and we did not agree."""
    return Note("order refused", {"request": request.hex(), "reason": reason})
