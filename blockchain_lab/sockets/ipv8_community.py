"""What of py-ipv8 we use, and how it is kept on loopback: a community, its five messages, an endpoint.

    raw     one message of a node's on a line          ping, pong   are you there? I am
    call    one message of a node's to an address      bye          our end of the line is closed

All of them are signed, and none is fragmented. No node here and no connections: what comes is handed to an
`Owner`. Left to itself py-ipv8 asks the system for its address in the local network and tells others of that
one, answers at most thirty peers, and moves on when its port is taken: all this is switched off here. It has
nobody to start from either: no bootstrapper, no walker.
"""

import asyncio
from collections.abc import Callable
from time import time
from typing import Any, ClassVar, Final, Protocol

from ipv8.community import Community, CommunitySettings
from ipv8.keyvault.keys import PrivateKey
from ipv8.lazy_community import lazy_wrapper
from ipv8.messaging.interfaces.udp.endpoint import UDPEndpoint, UDPv4Address
from ipv8.messaging.lazy_payload import VariablePayloadWID, vp_compile
from ipv8.peer import Peer
from ipv8.peerdiscovery.network import Network

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address

LOOPBACK: Final = "127.0.0.1"
PREFIX_SIZE: Final = 22  # bytes: 0x00, version 0x02, community id 20; the number of the message comes next
ANY_NUMBER_OF_PEERS: Final = -1  # py-ipv8 answers no introduction request when it has over 30 (max_peers)
LAB_ID: Final = b"blockchain-lab nodes"  # 20 bytes: packets of other communities are strangers' to us

# A `VariablePayloadWID` knows its fields from the start. A `DataClassPayload` of 3.2.1 learns them when the
# first one is built, so who only receives cannot read the first one.


@vp_compile
class Raw(VariablePayloadWID):
    """One message on a line: its command and its payload."""

    msg_id = 1
    format_list: ClassVar = ["varlenH", "raw"]
    names: ClassVar = ["kind", "body"]


@vp_compile
class Call(VariablePayloadWID):
    """The same as a datagram, from anybody to anybody."""

    msg_id = 2
    format_list: ClassVar = ["varlenH", "raw"]
    names: ClassVar = ["kind", "body"]


@vp_compile
class Ping(VariablePayloadWID):
    """Are you there? The first one also says: I have your answer, the line is open."""

    msg_id = 3


@vp_compile
class Pong(VariablePayloadWID):
    """I am."""

    msg_id = 4


@vp_compile
class Bye(VariablePayloadWID):
    """There is no line between us, or not any more."""

    msg_id = 5


class Owner(Protocol):
    """Who is told. A peer is one that py-ipv8 has verified: its signature is right."""

    def on_request(self, peer: Peer) -> None:
        """It walks to us; the answer is under way."""

    def on_response(self, peer: Peer) -> None:
        """It has answered our walk."""

    def on_raw(self, peer: Peer, kind: bytes, body: bytes) -> None:
        """It speaks on a line."""

    def on_call(self, peer: Peer, kind: bytes, body: bytes) -> None:
        """It has sent a datagram."""

    def on_ping(self, peer: Peer) -> None:
        """It wants to know whether we are there."""

    def on_bye(self, peer: Peer) -> None:
        """It knows no line between us."""

    def on_peer_added(self, peer: Peer) -> None:
        """py-ipv8 has a new peer."""

    def on_peer_removed(self, peer: Peer) -> None:
        """py-ipv8 has given up a peer."""

    def on_nonsense(self, source: Address | None, reason: str, packet: bytes) -> None:
        """A packet that makes no sense to us; of one that we shall not send nobody knows who wanted it."""


def check_loopback(address: Address) -> None:
    """Is it on this machine? UsageError."""
    if address.ip != LOOPBACK:
        raise UsageError(f"{address.ip}:{address.port}: py-ipv8 is used on loopback only; wanted {LOOPBACK}")


def get_address(peer: Peer) -> Address:
    """Where a peer sends from, which is where it listens."""
    return Address(*peer.address[:2])


class LoopbackEndpoint(UDPEndpoint):
    """A UDP socket on loopback that sends nowhere else, whoever asks for it."""

    def __init__(self, port: int, owner: Owner) -> None:
        """Not open. Port 0: the system chooses."""
        super().__init__(port, LOOPBACK)
        self._wanted, self._owner = port, owner

    async def open_there(self) -> Address:
        """Open, and at this port. UsageError when it is taken: py-ipv8 would take the next free one."""
        await self.open()
        found = Address(*self.get_address())
        if self._wanted not in (0, found.port):
            self.close()
            raise UsageError(
                f"cannot listen on {LOOPBACK}:{self._wanted} over UDP: is it in use? Choose another port"
            )
        return found

    def send(self, socket_address: tuple[str, int], packet: bytes) -> None:
        """Send, if it is to loopback. A peer may name any address: it gets nothing from us."""
        if socket_address[0] == LOOPBACK:
            super().send(socket_address, packet)
        else:
            where = f"{socket_address[0]}:{socket_address[1]}"
            self._owner.on_nonsense(None, f"not sent: {where} is not on loopback", packet)

    def notify_listeners(self, packet: tuple[tuple[str, int], bytes]) -> None:
        """Hand a packet to the community that it names. One of 22 bytes would make py-ipv8 raise."""
        source, data = packet
        if data[:PREFIX_SIZE] not in self._prefix_map:
            self._owner.on_nonsense(Address(*source), "it is of another community", data)
        elif len(data) == PREFIX_SIZE:
            self._owner.on_nonsense(Address(*source), "it is empty", data)
        else:
            super().notify_listeners(packet)


class LabCommunity(Community):
    """Peers that carry the messages of our nodes. The endpoint must be open."""

    community_id = LAB_ID

    def __init__(self, key: PrivateKey, endpoint: LoopbackEndpoint, owner: Owner) -> None:
        """`key` stays in memory; a configuration file of py-ipv8 would have it written to a folder."""
        self.owner = owner
        network = Network()
        super().__init__(
            CommunitySettings(
                my_peer=Peer(key), endpoint=endpoint, network=network, max_peers=ANY_NUMBER_OF_PEERS
            )
        )
        network.add_peer_observer(owner)
        self._pinged: dict[bytes, float] = {}  # key's hash -> Unix seconds
        for payload, handler in (
            (Raw, self.on_raw),
            (Call, self.on_call),
            (Ping, self.on_ping),
            (Pong, self.on_pong),
            (Bye, self.on_bye),
        ):
            self.add_message_handler(payload, handler)

    # -- what we want done otherwise ----------------------------------------------------------------------

    async def discover_lan_addresses(self) -> None:
        """We know where we are; py-ipv8 would ask six providers every ten seconds."""

    def _get_lan_address(self, bootstrap: bool = False) -> tuple[str, int]:
        return LOOPBACK, 0 if bootstrap else self.endpoint.get_address()[1]

    def address_is_lan(self, address: str) -> bool:
        """All of us are on one machine."""
        return address == LOOPBACK

    def add_message_handler(self, msg_num: Any, callback: Callable[..., None]) -> None:
        """A peer that cannot write is data; py-ipv8 would log a fault of the program."""

        def read(source: tuple[str, int], data: bytes) -> None:
            try:
                callback(source, data)
            except Exception as fault:  # whatever foreign bytes can do to a reader
                self._tell(self.owner.on_nonsense, Address(*source), str(fault) or repr(fault), data)

        super().add_message_handler(msg_num, read)

    def on_packet(self, packet: tuple[tuple[str, int], bytes], warn_unknown: bool = True) -> None:
        """Read a packet; one with a number that has no meaning is noted, not logged."""
        source, data = packet
        if self.decode_map[data[PREFIX_SIZE]] is None:
            self._tell(self.owner.on_nonsense, Address(*source), f"no message {data[PREFIX_SIZE]}", data)
        super().on_packet(packet, warn_unknown=False)

    # -- what comes ---------------------------------------------------------------------------------------

    def introduction_request_callback(self, peer: Peer, dist: object, payload: object) -> None:
        """Somebody walks to us."""
        self._tell(self.owner.on_request, peer)

    def introduction_response_callback(self, peer: Peer, dist: object, payload: object) -> None:
        """We walked, and are answered."""
        self._tell(self.owner.on_response, peer)

    @lazy_wrapper(Raw)
    def on_raw(self, peer: Peer, payload: Raw) -> None:
        """On a line."""
        self._tell(self.owner.on_raw, peer, payload.kind, payload.body)

    @lazy_wrapper(Call)
    def on_call(self, peer: Peer, payload: Call) -> None:
        """A datagram."""
        self._tell(self.owner.on_call, peer, payload.kind, payload.body)

    @lazy_wrapper(Ping)
    def on_ping(self, peer: Peer, payload: Ping) -> None:
        """Are we there?"""
        self._tell(self.owner.on_ping, peer)

    @lazy_wrapper(Pong)
    def on_pong(self, peer: Peer, payload: Pong) -> None:
        """How long it took; py-ipv8 pings until it has five of these."""
        now = time()
        peer.pings.append(now - self._pinged.pop(peer.mid, now))

    @lazy_wrapper(Bye)
    def on_bye(self, peer: Peer, payload: Bye) -> None:
        """No line."""
        self._tell(self.owner.on_bye, peer)

    def send_ping(self, peer: Peer) -> None:
        """What py-ipv8's `RandomChurn` calls, and a plain community lacks."""
        self._pinged[peer.mid] = time()
        self.ez_send(peer, Ping())

    def send_call(self, address: Address, payload: Call) -> None:
        """A datagram to whoever is there."""
        self.endpoint.send(UDPv4Address(*address), self.ezr_pack(Call.msg_id, payload))

    def forget(self, peer: Peer) -> None:
        """There is nothing between us any more."""
        self._pinged.pop(peer.mid, None)
        self.network.remove_peer(peer)

    def _tell(self, handler: Callable[..., None], *what: Any) -> None:
        """Not from within a reader: a fault of ours must not be taken for the peer's."""
        asyncio.get_running_loop().call_soon(handler, *what)
