"""Keep-alive: a ping every two minutes; who does not answer one in twenty is gone.

Bitcoin Core since 0.9 (2013). Before, a peer pinged only when it had said nothing for 30 minutes, and gave
up after 90 minutes of silence. BIP 31 added the nonce and the pong.
"""

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId
from blockchain_lab.bitcoin.constants import PING_INTERVAL, PONG_TIMEOUT
from blockchain_lab.bitcoin.messages import Ping, Pong
from blockchain_lab.bitcoin.peers import Peer


def get_ping_timer(conn: ConnectionId) -> TimerName:
    """Runs out when it is time for the next ping."""
    return TimerName("ping", conn)


def get_pong_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a pong is missing for too long."""
    return TimerName("pong", conn)


def ping(peer: Peer, nonce: int) -> list[Effect]:
    """Ask for a sign of life, unless the last ping is still open. nonce: not 0."""
    again = SetTimer(get_ping_timer(peer.conn), PING_INTERVAL)
    if peer.ping is not None:
        return [again]
    peer.ping = nonce
    return [Send(peer.conn, Ping(nonce)), SetTimer(get_pong_timer(peer.conn), PONG_TIMEOUT), again]


def on_ping(peer: Peer, message: Ping) -> list[Effect]:
    """Answer; a ping of the old kind, without nonce, wants no answer."""
    return [] if message.nonce is None else [Send(peer.conn, Pong(message.nonce))]


def on_pong(peer: Peer, message: Pong) -> list[Effect]:
    """The answer to our open ping ends the wait; any other one is ignored."""
    if peer.ping is None or message.nonce != peer.ping:
        return []
    peer.ping = None
    return [CancelTimer(get_pong_timer(peer.conn))]
