"""The handshake: nothing else is spoken of before both sides have introduced themselves.

    dialler   version  -->
                       <--  version, verack   acceptor
              verack   -->
              ... ready ...                   ... ready ...

The table below is the whole state machine. What is not in it is ignored, as Bitcoin Core does: a second
version, a verack too many, anything that comes too early. Newer peers say `wtxidrelay` and `sendaddrv2`
between version and verack; who does not speak them ignores these too.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, ConnectionId
from blockchain_lab.bitcoin.constants import (
    HANDSHAKE_TIMEOUT,
    MINIMUM_PROTOCOL_VERSION,
    PROTOCOL_VERSION,
    USER_AGENT,
)
from blockchain_lab.bitcoin.messages import NetworkAddress, SendHeaders, Verack, Version
from blockchain_lab.bitcoin.network_address import NODE_NETWORK, NODE_WITNESS, text_to_ip
from blockchain_lab.bitcoin.peers import Peer, PeerFault, Stage

SERVICES: Final = NODE_NETWORK | NODE_WITNESS

NEXT: Final[Mapping[tuple[Stage, type[Message]], Stage]] = {
    (Stage.AWAIT_VERSION, Version): Stage.AWAIT_VERACK,
    (Stage.AWAIT_VERACK, Verack): Stage.READY,
}


def make_version(peer: Peer, ourselves: Address, height: int, time: int) -> Version:
    """How we introduce ourselves to this peer. height: of our tip; time: Unix seconds."""
    return Version(
        version=PROTOCOL_VERSION,
        services=SERVICES,
        timestamp=time,
        receiver=name_host(0, peer.remote),
        sender=name_host(SERVICES, ourselves),
        nonce=peer.nonce,
        user_agent=USER_AGENT,
        start_height=height,
        relay=True,
    )


def name_host(services: int, address: Address) -> NetworkAddress:
    """An address in 26 bytes; zeros for one that has no such form (a long onion name), as Core does."""
    try:
        text_to_ip(address.ip)
    except UsageError:
        return NetworkAddress(services, "::", 0)
    return NetworkAddress(services, address.ip, address.port)


def on_connected(peer: Peer, ours: Version) -> list[Effect]:
    """The dialler speaks first; both give the other one a minute."""
    first: list[Effect] = [] if peer.inbound else [Send(peer.conn, ours)]
    return [*first, SetTimer(get_timer(peer.conn), HANDSHAKE_TIMEOUT)]


def on_message(peer: Peer, message: Message, ours: Version, nonces: Iterable[int]) -> list[Effect]:
    """Take the next step, if the message is the one that the table waits for.

    nonces: of the versions that we have sent to those whom we have dialled. PeerFault when it is one of
    them: then we talk to ourselves; and when the peer is too old to talk to.
    """
    stage = NEXT.get((peer.stage, type(message)))
    if stage is None:
        return []
    if isinstance(message, Version):
        check_version(message, nonces)
        peer.version, peer.stage = message, stage
        answer: list[Effect] = [Send(peer.conn, ours)] if peer.inbound else []
        return [*answer, Send(peer.conn, Verack())]
    peer.stage = stage
    return [CancelTimer(get_timer(peer.conn))]


def wish_for_headers(peer: Peer) -> list[Effect]:
    """Say `sendheaders` (BIP 130), once, when the peer has shown a chain (Core's MaybeSendSendHeaders)."""
    if peer.knows_our_wish or peer.best_known is None or peer.best_known.height == 0:
        return []
    peer.knows_our_wish = True
    return [Send(peer.conn, SendHeaders())]


def check_version(message: Version, nonces: Iterable[int]) -> None:
    """PeerFault for ourselves, and for a peer that does not know `getheaders`."""
    if message.nonce in nonces:
        raise PeerFault("connected to self")
    if message.version < MINIMUM_PROTOCOL_VERSION:
        raise PeerFault(f"obsolete version {message.version}")


def get_timer(conn: ConnectionId) -> TimerName:
    """Runs out when the handshake takes too long."""
    return TimerName("handshake", conn)
