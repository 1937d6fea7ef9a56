"""Alerts that were really sent, and the rules by which programs believed them until 2016."""

from dataclasses import replace

import pytest
from bitcoin.net import CAlert, CUnsignedAlert
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support.alerts import SENT

from blockchain_lab.bitcoin.alert import (
    FINAL_ALERT,
    MAINNET_ALERT_KEY,
    MAXIMUM,
    applies_to,
    find_problem,
    is_cancelling,
    is_in_effect,
    is_last_word,
    is_signed_by,
)
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.messages import Alert
from blockchain_lab.bitcoin.messages_alert import AlertNotice

FEBRUARY_2012, MAY_2012, APRIL_2014, TODAY = 1_329_600_000, 1_337_000_000, 1_397_300_000, 1_795_000_000

KEY = ec.derive_private_key(7, ec.SECP256K1())
PUBLIC_KEY = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def read(number: int) -> AlertNotice:
    """What one of them said."""
    notice = Alert.decode(bytes.fromhex(SENT[number])).notice
    assert notice is not None
    return notice


def sign(notice: AlertNotice) -> Alert:
    """An alert of our own, under our own key."""
    payload = notice.encode()
    return Alert(payload, KEY.sign(hash256(payload), ec.ECDSA(Prehashed(SHA256()))))


@pytest.mark.parametrize("number", SENT)
def test_what_was_really_sent(number: int) -> None:
    """Read, written again, and signed with the key that is in Core's source."""
    raw = bytes.fromhex(SENT[number])
    alert = Alert.decode(raw)
    notice = read(number)

    assert raw == alert.encode()
    assert alert.payload == notice.encode()
    assert (1, number) == (notice.version, notice.id)
    assert is_signed_by(alert, MAINNET_ALERT_KEY)
    assert not is_signed_by(alert, PUBLIC_KEY)
    assert not is_signed_by(replace(alert, payload=alert.payload[:-1] + b"\x01"), MAINNET_ALERT_KEY)
    assert not is_signed_by(replace(alert, signature=alert.signature[:-1]), MAINNET_ALERT_KEY)
    assert not is_signed_by(alert, b"no key")


def test_heartbleed_in_fields() -> None:
    """April 2014: only protocol version 70002 and only the program 0.9.0 had the faulty OpenSSL in it."""
    notice = read(1041)

    assert "URGENT: Upgrade required: see https://www.bitcoin.org/heartbleed" == notice.status_bar
    assert (70_002, 70_002, ("/Satoshi:0.9.0/",)) == (
        notice.minimum_version,
        notice.maximum_version,
        notice.user_agents,
    )
    assert applies_to(notice, 70_002, "/Satoshi:0.9.0/", APRIL_2014)
    assert not applies_to(notice, 70_002, "/Satoshi:0.9.1/", APRIL_2014)
    assert not applies_to(notice, 70_001, "/Satoshi:0.9.0/", APRIL_2014)
    assert not applies_to(notice, 70_003, "/Satoshi:0.9.0/", APRIL_2014)
    assert not applies_to(notice, 70_002, "/Satoshi:0.9.0/", notice.expiration)


def test_one_alert_cancels_those_before_it() -> None:
    """1010 cancels up to 1009, 1012 up to 1010, 1015 up to 1013. Once expired it cancels nothing."""
    feb, march, may = read(1010), read(1012), read(1015)

    assert is_cancelling(march, feb, FEBRUARY_2012)
    assert is_cancelling(may, march, MAY_2012)
    assert not is_cancelling(feb, march, FEBRUARY_2012)
    assert not is_cancelling(may, may, MAY_2012)
    assert not is_cancelling(march, feb, march.expiration)
    named = march._replace(cancel=0, cancelled=(5, 1010))
    assert is_cancelling(named, feb, FEBRUARY_2012)
    assert not is_cancelling(named, may, FEBRUARY_2012)


def test_the_last_alert_of_all() -> None:
    """Core still sends these bytes to old peers: for ever, for everybody, and nobody can cancel it."""
    notice = FINAL_ALERT.notice
    assert notice is not None

    assert is_signed_by(FINAL_ALERT, MAINNET_ALERT_KEY)
    assert "URGENT: Alert key compromised, upgrade required" == notice.status_bar
    assert is_last_word(notice)
    assert applies_to(notice, 209, "/any:1/", TODAY)
    assert is_in_effect(notice, MAXIMUM - 1), "until the year 2038, when its clock ends"
    assert not is_in_effect(notice, MAXIMUM)
    assert all(is_cancelling(notice, read(number), TODAY) for number in SENT)
    assert "" == find_problem(FINAL_ALERT, MAINNET_ALERT_KEY, [read(1041)], TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"expiration": MAXIMUM - 1},
        {"cancel": MAXIMUM},
        {"minimum_version": 1},
        {"maximum_version": 70_012},
        {"user_agents": ("/Satoshi:0.9.0/",)},
        {"priority": 5_000},
        {"status_bar": "All is well"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_thief_of_the_key_has_not_the_last_word(changes: dict) -> None:
    """The greatest number is believed with just this message, and with no other."""
    last = FINAL_ALERT.notice
    assert last is not None
    forged = last._replace(**changes)

    assert not is_last_word(forged)
    assert "kept for the last alert" in find_problem(sign(forged), PUBLIC_KEY, [], FEBRUARY_2012)
    assert "" == find_problem(sign(forged._replace(id=7)), PUBLIC_KEY, [], FEBRUARY_2012)
    assert not is_last_word(last._replace(id=7))


def test_which_alerts_are_believed() -> None:
    """Signature, form, time, and not cancelled by one that we know: in this order."""
    notice = read(1015)
    alert = sign(notice)
    last = FINAL_ALERT.notice
    assert last is not None

    assert "" == find_problem(alert, PUBLIC_KEY, [read(1012)], MAY_2012)
    assert "signature: not by" in find_problem(alert, MAINNET_ALERT_KEY, [], MAY_2012)
    assert "expiration: it expired at 1368628812" in find_problem(alert, PUBLIC_KEY, [], TODAY)
    assert f"id: alert 1015 is cancelled by alert {MAXIMUM}" == find_problem(
        alert, PUBLIC_KEY, [read(1012), last], MAY_2012
    )
    nonsense = replace(alert, payload=b"?")
    signed = replace(nonsense, signature=KEY.sign(hash256(nonsense.payload), ec.ECDSA(Prehashed(SHA256()))))
    assert "payload: no notice" == find_problem(signed, PUBLIC_KEY, [], MAY_2012)


def test_a_payload_is_kept_as_it_came() -> None:
    """What cannot be read stays bytes; what follows the fields is not understood, but it is signed."""
    known = read(1015)
    longer = Alert(known.encode() + b"new field", b"")
    too_long = Alert(known._replace(status_bar="x" * 257).encode(), b"")

    assert Alert.decode(longer.encode()) == longer
    assert known == longer.notice
    assert too_long.notice is None
    assert Alert(b"", b"").notice is None


def test_python_bitcoinlib_reads_the_same_fields() -> None:
    """An older library as oracle. (Its program names are numbers, so only alerts without names agree.)"""
    for raw in (bytes.fromhex(SENT[1010]), bytes.fromhex(SENT[1015]), FINAL_ALERT.encode()):
        theirs = CUnsignedAlert.deserialize(CAlert.deserialize(raw).vchMsg)
        ours = Alert.decode(raw).notice
        assert ours is not None
        assert (theirs.nVersion, theirs.nRelayUntil, theirs.nExpiration, theirs.nID, theirs.nCancel) == ours[
            :5
        ]
        assert (theirs.nMinVer, theirs.nMaxVer, theirs.nPriority) == (*ours[6:8], ours.priority)
        assert theirs.strStatusBar == ours.status_bar.encode()
