"""Alerts: some that were really sent, and a key of our own for those that tests make up."""

from typing import Any

from blockchain_lab.bitcoin.alert import sign_notice
from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.messages import Alert
from blockchain_lab.bitcoin.messages_alert import AlertNotice
from support.bitcoin_pump import STARTED_AT

# Sent on the main network, as their signatures prove.
SENT = {
    1010: (
        "73010000003766404f00000000b305434f00000000f2030000f1030000001027000048ee00000064000000004653656520"
        "626974636f696e2e6f72672f666562323020696620796f7520686176652074726f75626c6520636f6e6e656374696e6720"
        "6166746572203230204665627275617279004730450221008389df45f0703f39ec8c1cc42c13810ffcae14995bb6483402"
        "19e353b63b53eb022009ec65e1c1aaeec1fd334c6b684bde2b3f573060d5b70c3a46723326e4e8a4f1"
    ),
    1012: (
        "ac010000006ff2634f000000006b22455100000000f4030000f20300000060ea000060ea000003112f5361746f7368693a"
        "302e362e302e332f0f2f5361746f7368693a302e362e302f122f626974636f696e2d71743a302e362e302f88130000004a"
        "555247454e543a2073656375726974792066697820666f7220426974636f696e2d5174206f6e2057696e646f77733a2068"
        "7474703a2f2f626974636f696e2e6f72672f6372697466697800483046022100b7b16f860f9e5a876274aeb72475d2dec3"
        "866aa7af82ad975c835164a997a71602210086b41829cb84bed286108247bebf3be97bd9b31eb42f67b4d333ce8b1d7df8"
        "5e"
    ),
    1015: (
        "6d01000000506eb24f000000004c9e935100000000f7030000f50300000000000000979e00000088130000004055524745"
        "4e543a20757067726164652072657175697265642c2073656520687474703a2f2f626974636f696e2e6f72672f646f7320"
        "666f722064657461696c7300483046022100c7994c5b0a8f5c84f714c54d30e251b55d5e9c733177fc81115375a6f7ca69"
        "10022100a93dc6e50cc58e512b29e522fb63a3428eabb2977930c2d4c6bfb9a2904533da"
    ),
    1041: (
        "7d01000000111a4853000000005d235c53000000001104000010040000007211010072110100010f2f5361746f7368693a"
        "302e392e302f881300000040555247454e543a20557067726164652072657175697265643a207365652068747470733a2f"
        "2f7777772e626974636f696e2e6f72672f6865617274626c656564004630440220108a795ab2fcc2c6b1e538b2e48f6304"
        "2b5e16939e3ef5faefd8c154b38a40c502200feacb829d61f1912a529b0812db846501c09556e61ab679c824b53b201999"
        "bf"
    ),
}
KEY = PrivateKey(7)
CHAIN = {"network": "regtest", "alert_key": KEY.uncompressed_public_key.hex()}  # believes what KEY has signed


def make_notice(number: int = 7, **changes: Any) -> AlertNotice:
    """A notice for everybody; it is passed on for an hour and counts for two."""
    plain: dict[str, Any] = {
        "version": 1,
        "relay_until": STARTED_AT + 3_600,
        "expiration": STARTED_AT + 7_200,
        "id": number,
        "cancel": 0,
        "cancelled": (),
        "minimum_version": 0,
        "maximum_version": 99_999,
        "user_agents": (),
        "priority": 100,
        "comment": "",
        "status_bar": f"alert {number}",
        "reserved": "",
    }
    return AlertNotice(**{**plain, **changes})


def make_alert(number: int = 7, **changes: Any) -> Alert:
    """The same, signed."""
    return sign_notice(make_notice(number, **changes), KEY)
