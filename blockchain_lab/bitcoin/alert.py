"""Which alerts a program of 2010 to 2015 believed, showed and forgot, and the last alert of all.

An alert counts when its signature is right, and until it expires or a later one cancels it. Whether a user
sees it depends on his program's version and name. Times are Unix seconds.

Source: Bitcoin Core 0.12 `alert.cpp`; keys: `chainparams.cpp`.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.keys import PrivateKey, is_signature_valid
from blockchain_lab.bitcoin.messages_alert import Alert, AlertNotice
from blockchain_lab.bitcoin.params import Network

MAXIMUM: Final = (1 << 31) - 1  # of a signed number of 4 bytes; as an alert's number it means "the last one"
KEY_COMPROMISED: Final = "URGENT: Alert key compromised, upgrade required"

# The main network's public key, Core 0.3.11 to 0.12. Its private key was made public in 2018.
MAINNET_ALERT_KEY: Final = bytes.fromhex(
    "04fc9702847840aaf195de8442ebecedf5b095cdbb9bc716bda9110971b28a49e0"
    "ead8564ff0db22209e0374782c093bb899692d524e9d6a6956e7c5ecbcd68284"
)
# That of the public test network, Core 0.3.20 to 0.12. The private test network took it for its own.
TESTNET_ALERT_KEY: Final = bytes.fromhex(
    "04302390343f91cc401d56d68b123028bf52e5fca1939df127f63c6467cdf9c8e2"
    "c14b61104cf817d0b780da337893ecc4aaff1309e536162dabbdb45200ca2b0a"
)
ALERT_KEYS: Final[Mapping[str, bytes]] = {  # the networks that are as old as alerts
    "mainnet": MAINNET_ALERT_KEY,
    "testnet3": TESTNET_ALERT_KEY,
    "regtest": TESTNET_ALERT_KEY,
}
# What Core (net_processing.cpp, since 0.14, 2017) still sends to peers that state version 70012 or less.
FINAL_ALERT: Final = Alert.decode(
    bytes.fromhex(
        "60010000000000000000000000ffffff7f00000000ffffff7ffeffff7f01ffffff7f00000000ffffff7f00ffffff7f002f"
        "555247454e543a20416c657274206b657920636f6d70726f6d697365642c2075706772616465207265717569726564004630"
        "440220653febd6410f470f6bae11cad19c48413becb1ac2c17f908fd0fd53bdc3abd5202206d0e9c96fe88d4a0f01ed9dedae2"
        "b6f9e00da94cad0fecaae66ecf689bf71b50"
    )
)


def get_alert_key(network: Network) -> bytes:
    """Whose alerts are believed: the scenario's own key, or that of the time; nobody's (b"") without one."""
    return bytes.fromhex(network.alert_key) or ALERT_KEYS.get(network.name, b"")


def get_name(alert: Alert) -> bytes:
    """What tells it from all others: the hash of what is signed. Two alerts may have the same number."""
    return hash256(alert.payload)


def sign_notice(notice: AlertNotice, key: PrivateKey) -> Alert:
    """The alert that the owner of this key would send."""
    payload = notice.encode()
    return Alert(payload, key.sign(hash256(payload)))


def is_signed_by(alert: Alert, public_key: bytes) -> bool:
    """Has the owner of this key signed exactly these bytes? (The old programs forgave more forms of DER.)"""
    return is_signature_valid(public_key, alert.signature, hash256(alert.payload))


def is_in_effect(notice: AlertNotice, now: int) -> bool:
    """Has it not expired?"""
    return now < notice.expiration


def applies_to(notice: AlertNotice, version: int, user_agent: str, now: int) -> bool:
    """Does it concern a program that states this protocol version and this name?"""
    is_named = not notice.user_agents or user_agent in notice.user_agents
    return (
        is_in_effect(notice, now) and notice.minimum_version <= version <= notice.maximum_version and is_named
    )


def is_cancelling(notice: AlertNotice, other: AlertNotice, now: int) -> bool:
    """Does the first one make the other void? (Before version 31403 an expired one did so too.)"""
    return is_in_effect(notice, now) and (other.id <= notice.cancel or other.id in notice.cancelled)


def is_last_word(notice: AlertNotice) -> bool:
    """Is it the alert that nobody can cancel and that only says that the key is known to too many?

    It must be just this one, for all programs and for ever: a thief of the key must not have the last word
    with "all is well".
    """
    return (
        notice.id == notice.expiration == notice.maximum_version == notice.priority == MAXIMUM
        and notice.cancel == MAXIMUM - 1
        and notice.minimum_version == 0
        and not notice.user_agents
        and notice.status_bar == KEY_COMPROMISED
    )


def find_problem(alert: Alert, public_key: bytes, known: Iterable[AlertNotice], now: int) -> str:
    """Why an alert is not to be believed; nothing when it is: "". known: those believed so far."""
    notice = alert.notice
    if not is_signed_by(alert, public_key):
        return "signature: not by the holder of the key"
    if notice is None:
        return "payload: no notice"
    if not is_in_effect(notice, now):
        return f"expiration: it expired at {notice.expiration}, now it is {now}"
    if notice.id == MAXIMUM and not is_last_word(notice):
        return f"id: {MAXIMUM} is kept for the last alert, and this is another one"
    return find_canceller(notice, known, now)


def find_canceller(notice: AlertNotice, known: Iterable[AlertNotice], now: int) -> str:
    """Which of those believed so far makes it void, in words; "" when none does."""
    cancelling = [other.id for other in known if is_cancelling(other, notice, now)]
    return f"id: alert {notice.id} is cancelled by alert {cancelling[0]}" if cancelling else ""
