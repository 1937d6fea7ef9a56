"""When a peer is told of a new transaction: not at once, or who listens to many could tell its maker.

    at once   ours: no waiting, for first pictures
    rounds    Bitcoin 0.3 to 0.11: ten rounds a second; in each, one peer drawn at random is told what waits
    poisson   Core since 0.12: waiting times are exponential, 2 s on average for whom we dialled, 5 s for
              those who dialled us. These share one clock: many connections of a spy learn no more than one

A timer runs only while something waits for it: waiting times of this kind have no memory, so it makes no
difference when they begin. Source: Bitcoin Core `net_processing.cpp` (SendMessages), `main.cpp` of 0.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.bitcoin.eras import TRICKLE_AT_ONCE, TRICKLE_ROUNDS, Era
from blockchain_lab.bitcoin.messages import Inv, InventoryItem
from blockchain_lab.bitcoin.peers import Peer, Peers
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.bitcoin.tx_names import get_announced_type, get_name

TOPIC: Final = "trickle"
INBOUND: Final = "inbound"  # the timer that all share who have dialled us
ROUND: Final = "round"
LONG_QUEUE: Final = 1_000  # for each so many that wait, a few more go out at a time; Core since 25
MORE_FOR_LONG_QUEUE: Final = 5


@dataclass(slots=True)
class Trickle:
    """Which timers are running. What waits for a peer stands in its `to_announce`."""

    running: dict[TimerName, None] = field(default_factory=dict)

    def announce(
        self, tx: Transaction, peers: Sequence[Peer], era: Era, random: CounterRandom
    ) -> list[Effect]:
        """Let this news wait for these peers, who do not know it yet. The era says how long."""
        effects: list[Effect] = []
        percent = era.trickle_at_once_percent
        at_once = era.trickle_rule == TRICKLE_AT_ONCE or is_told_at_once(tx.txid(), percent)
        for peer in peers:
            peer.to_announce[get_name(peer, tx)] = None
            if at_once:
                effects += tell(peer, era)
            else:
                effects += self._wind_up(peer, era, random)
        return effects

    def on_timer(self, name: TimerName, peers: Peers, era: Era, random: CounterRandom) -> list[Effect]:
        """It is somebody's turn."""
        self.running.pop(name, None)
        waiting = [peer for peer in peers.ready if peer.to_announce]
        if name.about == ROUND:
            chosen = [random.choice(ready)] if (ready := peers.ready) else []
        elif name.about == INBOUND:
            chosen = [peer for peer in waiting if peer.inbound]
        else:
            chosen = [peer for peer in waiting if peer.conn == name.conn]
        effects = [effect for peer in chosen for effect in tell(peer, era)]
        for peer in waiting:
            if peer.to_announce:  # not its turn, or it was told of a part only
                effects += self._wind_up(peer, era, random)
        return effects

    def forget(self, peer: Peer) -> None:
        """The connection is gone, and its timer with it."""
        self.running.pop(TimerName(TOPIC, peer.conn), None)

    def _wind_up(self, peer: Peer, era: Era, random: CounterRandom) -> list[Effect]:
        name, waits = choose_timer(peer, era), era.trickle_round
        if name in self.running:
            return []
        if era.trickle_rule != TRICKLE_ROUNDS:
            mean = era.trickle_mean_inbound if peer.inbound else era.trickle_mean_outbound
            waits = random.exponential(mean)
        self.running[name] = None
        return [SetTimer(name, waits)]


def choose_timer(peer: Peer, era: Era) -> TimerName:
    """Which clock this peer's news waits for."""
    if era.trickle_rule == TRICKLE_ROUNDS:
        return TimerName(TOPIC, about=ROUND)
    return TimerName(TOPIC, about=INBOUND) if peer.inbound else TimerName(TOPIC, peer.conn)


def is_told_at_once(txid: bytes, percent: int) -> bool:
    """Is it one of those that did not wait for a turn? Chosen by hash, so that all nodes agree."""
    return txid[0] * 100 < percent * 256


def tell(peer: Peer, era: Era) -> list[Effect]:
    """One inv with what waits for this peer, oldest first; the rest goes on waiting."""
    if not peer.to_announce:
        return []
    more = len(peer.to_announce) // LONG_QUEUE * MORE_FOR_LONG_QUEUE
    names = list(peer.to_announce)[: min(era.trickle_target + more, era.trickle_most)]
    for name in names:
        del peer.to_announce[name]
    kind = get_announced_type(peer)
    return [Send(peer.conn, Inv(tuple(InventoryItem(kind, name) for name in names)))]
