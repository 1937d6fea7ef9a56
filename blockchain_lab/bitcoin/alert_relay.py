"""Alerts on their way: believed, shown, passed on, cancelled, forgotten.

    alert A  ->  believed     if its signature is right, it has not expired and no other one cancels it;
                              those that it cancels are forgotten; all peers who may not know it are told
             ->  refused      else; since 2011 that costs its sender a few points

Who connects is told of all that count. An alert that concerns neither the peer nor ourselves is passed on
until its `relay_until`. Two alerts of the same number are two alerts. Of two that cancel each other, each
node believes the one that came last, so halves of a network may end with different ones.

The last alert of all is sent by the programs that know no alerts any more, to those who still do.
Source: Bitcoin Core 0.12 `alert.cpp` (ProcessAlert, RelayTo), 0.9 `main.cpp`; `alert` has the rules.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import SECOND, ConnectionId
from blockchain_lab.bitcoin import notes_history as notes
from blockchain_lab.bitcoin.alert import (
    FINAL_ALERT,
    MAXIMUM,
    applies_to,
    find_canceller,
    find_problem,
    get_alert_key,
    get_name,
    is_cancelling,
    is_in_effect,
)
from blockchain_lab.bitcoin.messages_alert import Alert, AlertNotice
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.peers import Handled, Peer

TOPIC: Final = "alert"  # of the timer that runs out when an alert expires; its `about` is the alert's name
LAST_VERSION: Final = 70012  # peers up to it are sent the last alert; Core net_processing.cpp, since 0.14
MOST_ALERTS: Final = 100  # that count at a time; ours: Core had no limit, for who else has the key?
MOST_REMEMBERED: Final = 1_000  # of which we know who has them; ours, likewise


@dataclass(slots=True)
class AlertRelay:
    """One node's alerts by name, oldest first, and which peers have which."""

    alerts: dict[bytes, Alert] = field(default_factory=dict)
    known_to: dict[bytes, dict[ConnectionId, None]] = field(default_factory=dict)  # Core: setKnown

    def on_ready(self, peer: Peer, moment: Moment) -> list[Effect]:
        """The handshake is done: tell it of all alerts that count. (Core does so a step earlier.)"""
        assert peer.version is not None  # the handshake is done
        if moment.era.knows_alert:
            return [told for alert in self.alerts.values() for told in self._tell(alert, [peer], moment)]
        is_old = peer.version.version <= LAST_VERSION < moment.era.protocol_version
        return [Send(peer.conn, FINAL_ALERT)] if is_old else []

    def on_alert(self, peer: Peer, alert: Alert, moment: Moment) -> Handled:
        """A peer has sent one. It is at fault when we do not believe it, a little: it may be right."""
        name = get_name(alert)
        if not moment.era.knows_alert or peer.conn in self.known_to.get(name, ()):
            return Handled([], None)
        effects, problem = self._judge(alert, moment)
        if problem:
            return Handled(effects, f"alert: {problem}")
        self._remember(name)[peer.conn] = None
        return Handled([*effects, *self._tell(alert, moment.peers.ready, moment)], None)

    def publish(self, alert: Alert, moment: Moment) -> list[Effect]:
        """Tell everybody of an alert that the learner hands us; what we do not believe, too."""
        effects, problem = self._judge(alert, moment) if moment.era.knows_alert else ([], "it knows none")
        if not problem:
            return [*effects, *self._tell(alert, moment.peers.ready, moment)]
        return [*effects, *(Send(peer.conn, alert) for peer in moment.peers.ready)]

    def on_timer(self, name: TimerName, moment: Moment) -> list[Effect]:
        """One has expired."""
        return self._drop_expired(moment.time)

    def forget_peer(self, gone: Peer) -> None:
        """A connection is gone. O(alerts)."""
        for known in self.known_to.values():
            known.pop(gone.conn, None)

    def get_warning(self, moment: Moment) -> str:
        """What the program's user reads: the most urgent alert that concerns it; "" for none."""
        shown = [notice for notice in self._get_notices() if concerns_us(notice, moment)]
        return max(shown, key=lambda notice: notice.priority).status_bar if shown else ""

    # --- Inside ---------------------------------------------------------------------------------------

    def _judge(self, alert: Alert, moment: Moment) -> tuple[list[Effect], str]:
        """Believe it, or say why not. Those that it cancels are gone even if another one cancels it."""
        problem = find_problem(alert, get_alert_key(moment.chain.network), (), moment.time)
        notice, name = alert.notice, get_name(alert)
        if problem or notice is None:
            return [notes.alert_refused(alert, problem)], problem
        if name in self.alerts:
            return [], ""
        effects = [*self._drop_expired(moment.time), *self._cancel_by(notice, moment.time)]
        problem = find_canceller(notice, self._get_notices(), moment.time)
        if problem:
            return [*effects, notes.alert_refused(alert, problem)], problem
        self.alerts[name] = alert
        effects.append(notes.alert_accepted(notice, applies=concerns_us(notice, moment)))
        if notice.expiration < MAXIMUM:  # others outlive the clock of these programs
            wait = (notice.expiration - moment.time) * SECOND - moment.now % SECOND
            effects.append(SetTimer(get_timer(name), wait))
        return [*effects, *self._make_room()], ""

    def _tell(self, alert: Alert, peers: list[Peer], moment: Moment) -> list[Effect]:
        """Those who do not know it; unless it concerns nobody here and it is late. (RelayTo)"""
        notice = alert.notice
        if notice is None or not is_in_effect(notice, moment.time):
            return []
        known = self._remember(get_name(alert))
        untold = [peer for peer in peers if peer.conn not in known]
        known.update(dict.fromkeys(peer.conn for peer in untold))
        for_all = concerns_us(notice, moment) or moment.time < notice.relay_until
        return [
            Send(peer.conn, alert) for peer in untold if for_all or concerns_peer(notice, peer, moment.time)
        ]

    def _get_notices(self) -> list[AlertNotice]:
        return [alert.notice for alert in self.alerts.values() if alert.notice is not None]

    def _cancel_by(self, notice: AlertNotice, time: int) -> list[Effect]:
        effects: list[Effect] = []
        for name, alert in list(self.alerts.items()):
            if alert.notice is not None and is_cancelling(notice, alert.notice, time):
                effects += [notes.alert_cancelled(alert.notice, notice), *self._forget(name)]
        return effects

    def _drop_expired(self, time: int) -> list[Effect]:
        effects: list[Effect] = []
        for name, alert in list(self.alerts.items()):
            if alert.notice is not None and not is_in_effect(alert.notice, time):
                effects += [notes.alert_dropped(alert.notice, "expired"), *self._forget(name)]
        return effects

    def _make_room(self) -> list[Effect]:
        if len(self.alerts) <= MOST_ALERTS:
            return []
        oldest, alert = next(iter(self.alerts.items()))
        assert alert.notice is not None  # others are never believed
        return [notes.alert_dropped(alert.notice, "made room"), *self._forget(oldest)]

    def _forget(self, name: bytes) -> list[Effect]:
        """It counts no more. Who has it stays known, or two that cancel each other would travel for ever."""
        del self.alerts[name]
        return [CancelTimer(get_timer(name))]

    def _remember(self, name: bytes) -> dict[ConnectionId, None]:
        """Who has it, to be written into."""
        if name not in self.known_to and len(self.known_to) >= MOST_REMEMBERED:
            del self.known_to[next(iter(self.known_to))]
        return self.known_to.setdefault(name, {})


def concerns_us(notice: AlertNotice, moment: Moment) -> bool:
    """Is it for the program that we play?"""
    return applies_to(notice, moment.era.protocol_version, moment.era.user_agent, moment.time)


def concerns_peer(notice: AlertNotice, peer: Peer, time: int) -> bool:
    """Is it for the program that the peer says it is?"""
    version = peer.version
    return version is not None and applies_to(notice, version.version, version.user_agent, time)


def get_timer(name: bytes) -> TimerName:
    """Runs out when the alert expires."""
    return TimerName(TOPIC, about=name.hex())
