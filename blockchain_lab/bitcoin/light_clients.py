"""What light clients ask of a node: the names of all that waits (BIP 35), and filtered blocks (BIP 37).

One rule for `mempool`, `filterload`, `filteradd` and `filterclear`, by what the node says of itself:

    protocol version before the message's own    it is an unknown word, and ignored
    before 70011                                 known: `mempool` is answered at once
    since 70011, with NODE_BLOOM                 known: `mempool` is answered when the peer's turn comes
    since 70011, without it                      whoever asks is hung up on (BIP 111), and not blamed

A filter is never applied, we have none: where Core would take it, it is ignored. Core offers NODE_BLOOM no
more since 0.19 unless told to, so today's nodes hang up; a scenario may set `services` to offer it.

Between 0.12 and 0.13 Core asked for NODE_BLOOM only before filters; none of our eras lies there.
Source: Bitcoin Core `net_processing.cpp` (ProcessMessage, SendMessages), 0.9 `main.cpp`; BIP 35, 111.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId
from blockchain_lab.bitcoin.eras import TRICKLE_POISSON, Era
from blockchain_lab.bitcoin.inventory import MAX_ITEMS
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.messages import FilterAdd, FilterClear, FilterLoad, Inv
from blockchain_lab.bitcoin.messages import Mempool as MempoolMessage
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.network_address import NODE_BLOOM
from blockchain_lab.bitcoin.peers import Peer, PeerFault
from blockchain_lab.bitcoin.tx_names import get_name, make_item

TOPIC: Final = "mempool"  # of the timer that runs out when the turn of who has asked comes
NO_BLOOM_VERSION: Final = 70011  # BIP 111: from it on, filters are for those who offer NODE_BLOOM

Filter = FilterLoad | FilterAdd | FilterClear


@dataclass(slots=True)
class LightClients:
    """Who has asked for the pool and waits."""

    waiting: dict[ConnectionId, None] = field(default_factory=dict)

    def on_mempool(self, peer: Peer, pool: Mempool, moment: Moment) -> list[Effect]:
        """A peer wants to know all that waits. PeerFault where that is not offered."""
        if not is_served(MempoolMessage(), moment.era) or peer.conn in self.waiting:
            return []
        if moment.era.trickle_rule != TRICKLE_POISSON:
            return tell_pool(peer, pool)
        mean = moment.era.trickle_mean_inbound if peer.inbound else moment.era.trickle_mean_outbound
        self.waiting[peer.conn] = None
        return [SetTimer(TimerName(TOPIC, peer.conn), moment.random.exponential(mean))]

    def on_timer(self, peer: Peer, pool: Mempool) -> list[Effect]:
        """Its turn has come."""
        del self.waiting[peer.conn]
        return tell_pool(peer, pool)

    def forget_peer(self, gone: Peer) -> None:
        """A connection is gone, and its timer with it."""
        self.waiting.pop(gone.conn, None)


def is_served(message: MempoolMessage | Filter, era: Era) -> bool:
    """Does a node of this era do what is asked, or ignore it? PeerFault when it hangs up."""
    known_since = message.versions.protocol or 0
    if era.protocol_version < known_since:
        return False
    if era.protocol_version >= NO_BLOOM_VERSION and not era.services & NODE_BLOOM:
        if isinstance(message, MempoolMessage):
            raise PeerFault("mempool request with bloom filters disabled")
        raise PeerFault(f"{message.command} received despite not offering bloom services")
    return True


def tell_pool(peer: Peer, pool: Mempool) -> list[Effect]:
    """All that waits, oldest first, but what pays less than the peer wants (BIP 133): it is told no more.

    50,000 names to a message. Nothing is said when there is nothing.
    """
    items = []
    for entry in pool:
        peer.to_announce.pop(get_name(peer, entry.tx), None)
        if entry.fee_rate >= peer.fee_filter:
            items.append(make_item(peer, entry.tx))
    starts = range(0, len(items), MAX_ITEMS)
    return [Send(peer.conn, Inv(tuple(items[start : start + MAX_ITEMS]))) for start in starts]
