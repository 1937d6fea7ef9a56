"""Packets of py-ipv8, made by itself from keys that stand here: nobody uses them for anything else."""

from hashlib import sha256
from typing import ClassVar

from ipv8.community import Community, CommunitySettings
from ipv8.keyvault.crypto import default_eccrypto
from ipv8.keyvault.keys import PrivateKey
from ipv8.messaging.lazy_payload import VariablePayloadWID, vp_compile
from ipv8.peer import Peer
from ipv8.peerdiscovery.network import Network
from ipv8.test.mocking.endpoint import AutoMockEndpoint

SIGNATURE_SIZE = 64  # bytes
KEY = slice(25, 99)  # of a packet


@vp_compile
class Deposit(VariablePayloadWID):
    """Pay in: number, coins."""

    msg_id = 1
    format_list: ClassVar = ["I", "I"]
    names: ClassVar = ["number", "amount"]


@vp_compile
class Balance(VariablePayloadWID):
    """Done: number, coins."""

    msg_id = 2
    format_list: ClassVar = ["I", "I"]
    names: ClassVar = ["number", "total"]


class MoneyBox(Community):
    """Twenty bytes name it."""

    community_id = b"money box for a test"


def make_key(name: str) -> PrivateKey:
    """Two seeds of 32 bytes, out of a name."""
    seeds = (sha256(f"{name} of lesson 6{more}".encode()).digest() for more in ("", ", signing"))
    return default_eccrypto.key_from_private_bin(b"LibNaCLSK:" + b"".join(seeds))


async def make_packet(name: str, number: int, *values: int) -> bytes:
    """The packet with this message id, as it would leave."""
    endpoint = AutoMockEndpoint()
    endpoint.open()
    settings = CommunitySettings(my_peer=Peer(make_key(name)), endpoint=endpoint, network=Network())
    community = MoneyBox(settings)
    kind = {1: Deposit, 2: Balance}[number]
    packet: bytes = community.ezr_pack(number, kind(*values))
    await community.unload()
    return packet


def verify(packet: bytes) -> bool:
    """Is the signature that of the key inside?"""
    key = default_eccrypto.key_from_public_bin(packet[KEY])
    return bool(default_eccrypto.is_valid_signature(key, packet[:-SIGNATURE_SIZE], packet[-SIGNATURE_SIZE:]))
