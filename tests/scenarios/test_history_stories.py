"""Stories of what is history: alerts, and payments to an IP address. Each must show its point."""

from collections.abc import Iterator

from support.alerts import KEY
from support.story_runs import hang_ups, messages, notes, read, timed_notes

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.alert import MAXIMUM, get_alert_key, is_signed_by
from blockchain_lab.bitcoin.messages import Alert, SubmitOrder
from blockchain_lab.bitcoin.params import network_from_plain
from blockchain_lab.bitcoin.script import Form, classify
from blockchain_lab.lab import Lab

FIRST, SECOND_ALERT, EXPIRES = 4 * SECOND, 14 * SECOND, 40 * SECOND
HALVES = ("ann", "bob", "cat"), ("dan", "eve", "fay")


def get_said(lab: Lab, kind: type[Message]) -> Iterator[tuple[str, str, Message]]:
    """(who, to whom, what) of all messages of a kind, in order."""
    for record in lab.trace:
        if record.kind is Kind.SEND and isinstance(record.detail, kind):
            yield lab.names[record.peer], lab.names[record.other], record.detail


def get_warnings(lab: Lab, at: int) -> dict[str, str]:
    """What the users of all peers read at a moment."""
    lab = lab.fork()
    lab.goto(at=at)
    nodes = {name: lab.peer(name) for name in lab.names}
    return {
        name: node.side_talks.alerts.get_warning(node._get_moment(lab.now))
        for name, node in nodes.items()
        if node is not None
    }


def test_an_alert_reaches_everybody_once() -> None:
    """Within a second; nobody is sent it twice by the same peer, nor back by who had it from him."""
    lab = read("alert")
    heard = {name: timed_notes(lab, name, "alert accepted") for name in lab.names}
    ways = [(who, whom) for who, whom, what in get_said(lab, Alert) if what.notice.id == 7]  # type: ignore[attr-defined]

    assert all(
        FIRST <= heard[name][0][0] < FIRST + SECOND for name in ("ann", "bob", "cat", "dan", "eve", "fay")
    )
    assert len(ways) == len({*ways})
    assert "ann" not in [whom for _, whom in ways]
    assert ([], []) == (
        hang_ups(lab),
        [note for name in lab.names for note in notes(lab, name, "peer misbehaved")],
    )


def test_a_later_alert_cancels_it_and_newcomers_hear_of_that_one_only() -> None:
    """Gus comes when only the second one counts; Hal when none does any more."""
    lab = read("alert")
    first, second = "URGENT: upgrade required, see bitcoin.org/heartbleed", "Version 0.9.1 mends it"

    assert {first} == {*get_warnings(lab, SECOND_ALERT - SECOND).values()}
    assert [7] == [note["id"] for note in notes(lab, "dan", "alert cancelled")]
    assert [[8], []] == [[note["id"] for note in notes(lab, who, "alert accepted")] for who in ("gus", "hal")]
    shown = get_warnings(lab, EXPIRES - SECOND)
    assert (second, "") == (shown["gus"], shown["cat"]), "the program of 2010 is not concerned"
    assert {""} == {*get_warnings(lab, EXPIRES + SECOND).values()}


def test_an_alert_expires_everywhere_at_once() -> None:
    """Each program looks at its own clock; here they all go right."""
    lab = read("alert")
    ends = {name: [at for at, _ in timed_notes(lab, name, "alert dropped")] for name in lab.names}

    assert {name: [] if name == "hal" else [EXPIRES] for name in lab.names} == ends


def test_two_alerts_that_cancel_each_other_change_places() -> None:
    """Each half ends with the alert that was sent in the other one, and its author does, too."""
    lab = read("alerts_conflict")
    left, right = "All is well, keep your coins where they are", "Send your coins to a new wallet, now"
    shown = get_warnings(lab, 13 * SECOND)

    assert [[right] * 3, [left] * 3] == [[shown[name] for name in half] for half in HALVES]
    assert [left, right] == [notes(lab, name, "alert accepted")[0]["text"] for name in ("ann", "fay")]


def test_the_last_alert_ends_it() -> None:
    """It cancels both, and whoever has the key has no say any more."""
    lab = read("alerts_conflict")
    shown = get_warnings(lab, 20 * SECOND)

    assert {"URGENT: Alert key compromised, upgrade required"} == {*shown.values()}
    assert shown == get_warnings(lab, lab.scenario.until)
    refused = [note["reason"] for name in ("ann", "bob") for note in notes(lab, name, "alert refused")]
    assert [f"id: alert 9 is cancelled by alert {MAXIMUM}"] * 2 == refused
    assert [] == notes(lab, "cat", "alert refused"), "what Bob does not believe he does not pass on"


def test_the_alerts_of_the_stories_are_signed_with_a_key_that_a_lesson_may_use() -> None:
    """The scenario's chain names the public key; the private one is the number 7."""
    for name in ("alert", "alerts_conflict"):
        lab = read(name)
        key = get_alert_key(network_from_plain(lab.scenario.chain))

        assert KEY.public_key == key
        assert all(
            is_signed_by(alert, key) for _, _, alert in get_said(lab, Alert) if isinstance(alert, Alert)
        )


def test_a_payment_to_an_ip_address_takes_four_messages_and_a_call() -> None:
    """Ann and Bob have no connection before; each of them tells others of the payment by inv."""
    lab = read("pay_by_ip")
    spoken = [m.wire_name for m in messages(lab, "ann", "bob")][:5]
    heard = [m.wire_name for m in messages(lab, "bob", "ann")]
    ((_, _, order),) = get_said(lab, SubmitOrder)
    assert isinstance(order, SubmitOrder)
    tx = order.order.linked.transaction

    assert ["version", "verack", "checkorder", "submitorder"] == [
        m for m in spoken if m not in ("getblocks", "ping")
    ][:4]
    assert ["reply", "reply"] == [name for name in heard if name == "reply"]
    assert all(spending.script for spending in tx.inputs), "signed"
    assert {Form.PUBLIC_KEY, Form.PUBLIC_KEY_HASH} == {classify(output.script).form for output in tx.outputs}
    assert [100_000_000] == [note["amount"] for note in notes(lab, "bob", "order received")]


def test_who_does_not_take_orders_says_so_and_who_is_off_does_not() -> None:
    """Cat runs the program as it is delivered; then Cat is switched off."""
    lab = read("pay_by_ip")

    failures = [note["reason"] for note in notes(lab, "ann", "order failed")]
    assert ["the payee takes no payments by IP", "cannot be reached: refused"] == failures
    assert 1 == len(notes(lab, "ann", "order paid"))


def test_what_bob_was_paid_he_can_spend() -> None:
    """After a block he signs for the key that he told Ann."""
    lab = read("pay_by_ip")
    received = notes(lab, "bob", "order received")[0]["txid"]
    (last,) = [entry.tx for entry in lab.peer("bob").pool]

    assert [received] == [spending.previous.txid[::-1].hex() for spending in last.inputs]
    assert last.txid() in lab.peer("dan").pool
