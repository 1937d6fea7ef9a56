"""Keep-alive: a ping every so often; who is silent for too long is gone. How long, the era says.

Bitcoin Core since 0.9 (2013) pings every two minutes, and who does not answer in twenty is gone: for that two
timers suffice. Before, a peer pinged only when it had said nothing for 30 minutes, and gave up after 90
minutes of silence: there, the last words of both sides are noted and `keep_alive_plan` decides. BIP 31 (2012)
added the nonce and the pong.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.bitcoin.eras import TODAY, Era
from blockchain_lab.bitcoin.keep_alive_plan import LineTimes, get_keep_alive_plan
from blockchain_lab.bitcoin.messages import Ping, Pong
from blockchain_lab.bitcoin.peers import Handled, Peer, Peers

get_rules: Final = attrgetter(
    "ping_rule", "ping_after", "awaits_pong", "give_up_after", "give_up_without_pong"
)
TODAYS_RULES: Final = get_rules(TODAY)


def get_ping_timer(conn: ConnectionId) -> TimerName:
    """Runs out when it is time for the next ping."""
    return TimerName("ping", conn)


def get_pong_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a pong is missing for too long."""
    return TimerName("pong", conn)


def has_todays_rules(era: Era) -> bool:
    """Do two timers suffice? Asked with every message and every timer."""
    return bool(get_rules(era) == TODAYS_RULES)


def begin(peer: Peer, nonce: int, era: Era, now: Microseconds) -> list[Effect]:
    """The handshake is done. nonce: not 0."""
    peer.times = LineTimes(now, now, last_ping=now - era.ping_after)  # Core pings a new peer at once
    return look_after(peer, nonce, era, now).effects


def look_after(peer: Peer, nonce: int, era: Era, now: Microseconds) -> Handled:
    """Ping, wait or give up. nonce: not 0."""
    if has_todays_rules(era):
        return Handled(ping(peer, nonce, now), None)
    assert peer.version is not None  # the handshake is done
    plan = get_keep_alive_plan(era, peer.times, peer.version.version, now)
    if plan.fault is not None:
        return Handled([], plan.fault)
    effects: list[Effect] = [SetTimer(get_ping_timer(peer.conn), plan.look_after)]
    if plan.pings:
        peer.times.last_ping = now
        peer.times.is_ping_open = plan.with_nonce
        peer.ping = nonce if plan.with_nonce else None
        effects.append(Send(peer.conn, Ping(peer.ping)))
    return Handled(effects, None)


def ping(peer: Peer, nonce: int, now: Microseconds) -> list[Effect]:
    """Ask for a sign of life, unless the last ping is still open."""
    again = SetTimer(get_ping_timer(peer.conn), TODAY.ping_after)
    if peer.ping is not None:
        return [again]
    peer.ping, peer.times.last_ping = nonce, now
    return [Send(peer.conn, Ping(nonce)), SetTimer(get_pong_timer(peer.conn), TODAY.give_up_after), again]


def on_ping(peer: Peer, message: Ping) -> list[Effect]:
    """Answer; a ping of the old kind, without nonce, wants no answer."""
    return [] if message.nonce is None else [Send(peer.conn, Pong(message.nonce))]


def on_pong(peer: Peer, message: Pong, now: Microseconds) -> list[Effect]:
    """The answer to our open ping ends the wait; any other one is ignored."""
    if peer.ping is None or message.nonce != peer.ping:
        return []
    peer.ping, peer.times.is_ping_open = None, False
    peer.min_ping = min(peer.min_ping, now - peer.times.last_ping)
    return [CancelTimer(get_pong_timer(peer.conn))]


def hear(peer: Peer, era: Era, now: Microseconds) -> None:
    """It has just said something. Only old rules ask for it."""
    if not has_todays_rules(era):
        peer.times.last_received = now


def note_words(effects: Iterable[Effect], peers: Peers, era: Era, now: Microseconds) -> None:
    """We have just said something to these peers: likewise."""
    if not has_todays_rules(era):
        for effect in effects:
            if isinstance(effect, Send) and effect.conn in peers:
                peers[effect.conn].times.last_sent = now
