"""The handshake: nothing else is spoken of before both sides have introduced themselves.

    dialler   version  -->
                       <--  version, verack   acceptor
              verack   -->
              ... ready ...                   ... ready ...

The table below is the whole state machine. What is not in it is ignored, as Bitcoin Core does: a second
version, a verack too many, anything that comes too early. Between version and verack newer peers offer
features, `wtxidrelay` and `sendaddrv2`; who does not speak them ignores these too.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, ConnectionId
from blockchain_lab.bitcoin.constants import MINIMUM_PROTOCOL_VERSION
from blockchain_lab.bitcoin.eras import ERAS, Era
from blockchain_lab.bitcoin.messages import (
    FeeFilter,
    NetworkAddress,
    SendAddrV2,
    SendHeaders,
    Verack,
    Version,
    WtxidRelay,
)
from blockchain_lab.bitcoin.network_address import text_to_ip
from blockchain_lab.bitcoin.peers import Peer, PeerFault, Stage

FEATURES_VERSION: Final = 70016  # Core node/protocol_version.h WTXID_RELAY_VERSION; for sendaddrv2 likewise
FEE_FILTER_VERSION: Final = 70013  # Core node/protocol_version.h FEEFILTER_VERSION
PLAIN: Final = ERAS["plain"]

NEXT: Final[Mapping[tuple[Stage, type[Message]], Stage]] = {
    (Stage.AWAIT_VERSION, Version): Stage.AWAIT_VERACK,
    (Stage.AWAIT_VERACK, Verack): Stage.READY,
}


def make_version(peer: Peer, ourselves: Address, height: int, time: int, era: Era = PLAIN) -> Version:
    """How we introduce ourselves to this peer. height: of our tip; time: Unix seconds.

    To whom we have dialled for blocks only we say so: no transactions, please.
    """
    return Version(
        version=era.protocol_version,
        services=era.services,
        timestamp=time,
        receiver=name_host(0, peer.remote),
        sender=name_host(era.services, ourselves),
        nonce=peer.nonce,
        user_agent=era.user_agent,
        start_height=height,
        relay=not peer.is_block_only,
    )


def name_host(services: int, address: Address) -> NetworkAddress:
    """An address in 26 bytes; zeros for one that has no such form (a long onion name), as Core does."""
    try:
        text_to_ip(address.ip)
    except UsageError:
        return NetworkAddress(services, "::", 0)
    return NetworkAddress(services, address.ip, address.port)


def on_connected(peer: Peer, ours: Version, era: Era = PLAIN) -> list[Effect]:
    """The dialler speaks first; both give the other one a minute."""
    first: list[Effect] = [] if peer.inbound else [Send(peer.conn, ours)]
    return [*first, SetTimer(get_timer(peer.conn), era.handshake_timeout)]


def on_message(
    peer: Peer, message: Message, ours: Version, nonces: Iterable[int], era: Era = PLAIN
) -> list[Effect]:
    """Take the next step, if the message is the one that the table waits for.

    nonces: of the versions that we have sent to those whom we have dialled. PeerFault when it is one of
    them: then we talk to ourselves; and when the peer is too old to talk to.
    """
    stage = NEXT.get((peer.stage, type(message)))
    if stage is None:
        learn_feature(peer, message, era)
        return []
    if isinstance(message, Version):
        check_version(message, nonces)
        peer.version, peer.stage = message, stage
        answer: list[Effect] = [Send(peer.conn, ours)] if peer.inbound else []
        return [*answer, *offer_features(peer, message, era), Send(peer.conn, Verack())]
    peer.stage = stage
    return [CancelTimer(get_timer(peer.conn))]


def offer_features(peer: Peer, theirs: Version, era: Era) -> list[Effect]:
    """What both may use if both say so now, to a peer that is new enough to know it (BIP 339, BIP 155)."""
    if min(theirs.version, era.protocol_version) < FEATURES_VERSION:
        return []
    wtxid_relay = [Send(peer.conn, WtxidRelay())] if era.wtxid_relay else []
    return [*wtxid_relay, *([Send(peer.conn, SendAddrV2())] if era.addrv2 else [])]


def learn_feature(peer: Peer, message: Message, era: Era) -> None:
    """Between version and verack: the peer offers a feature. Before and after it counts for nothing."""
    if peer.stage is Stage.AWAIT_VERACK and peer.version is not None:
        knows = min(peer.version.version, era.protocol_version) >= FEATURES_VERSION
        peer.names_by_wtxid |= knows and era.wtxid_relay and isinstance(message, WtxidRelay)
        peer.wants_addrv2 |= era.addrv2 and isinstance(message, SendAddrV2)


def wish_for_fees(peer: Peer, era: Era, rate: int) -> list[Effect]:
    """Say `feefilter` (BIP 133) after the handshake: our pool takes nothing that pays less.

    rate: satoshi per 1,000 virtual bytes. Core rounds it by chance and says it again when it has changed.
    """
    knows = peer.version is not None and peer.version.version >= FEE_FILTER_VERSION
    if not knows or not era.says_fee_filter or peer.is_block_only:
        return []
    return [Send(peer.conn, FeeFilter(rate))]


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
