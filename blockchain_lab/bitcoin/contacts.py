"""Whom a node has heard of: its address book, and the talk about hosts with its peers.

    handshake done, we dialled    ->  getaddr, and an addr that names ourselves
    addr                          ->  into the book; news are passed on to two peers
    getaddr                       ->  what the era lets us answer

`addr_relay` has the rules, `address_book` the tables; here they meet the peers. What is told waits for its
peer's turn: a timer runs only while something waits. All chances come from a stream of the node's own that
serves nothing else, so that who it hears of shifts nobody else's luck.

The own address is what the peer calls us in its `version`, as in Core: so a host that has moved learns it,
and tells. Source: Bitcoin Core `net_processing.cpp` (MaybeSendAddr, SetupAddressRelay, ProcessMessage on addr
and getaddr).
"""

from collections.abc import Sequence
from typing import Any, Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin import addr_relay, notes
from blockchain_lab.bitcoin.addr_relay import AddrState, AnswerCache
from blockchain_lab.bitcoin.address_book import MOST_ANCHORS
from blockchain_lab.bitcoin.address_book_plain import read_book, write_book
from blockchain_lab.bitcoin.address_buckets import KEY_SIZE
from blockchain_lab.bitcoin.address_forms import make_message
from blockchain_lab.bitcoin.address_groups import is_routable
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.bitcoin.messages import GetAddr, Version
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.network_address import NetworkAddress, TimedAddress
from blockchain_lab.bitcoin.noted_book import NotedBook
from blockchain_lab.bitcoin.peers import Peer
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.seeds import age_answer

BATCH: Final = "addresses"  # timer: it is a peer's turn to be told of hosts
OURSELVES: Final = "own address"  # timer: time to name ourselves again
TOPICS: Final = (BATCH, OURSELVES)
ASKED: Final = (Kind.FULL, Kind.MANUAL, Kind.ADDRESSES)  # of whom we want to know whom they know


class Contacts:
    """One node's address book and what it has said to whom about hosts."""

    def __init__(self, setup: Setup, policy: Policy) -> None:
        """From the disk, or empty. UsageError for a disk that holds no book."""
        self.random = CounterRandom(get_key(setup.random.key, "contacts"))
        self.own = setup.address
        key = b"".join([self.random.bits().to_bytes(8, "little") for _ in range(KEY_SIZE // 8)])
        self.relay_key = self.random.bits()
        is_bucketed = policy.era.book_is_bucketed
        self.book = NotedBook(key, is_bucketed=is_bucketed, private_too=True)
        if "book" in setup.disk:
            self.book = read_book(setup.disk["book"], NotedBook)
        self.cache = AnswerCache()
        self.talks: dict[ConnectionId, AddrState] = {}
        self.next_turn: dict[ConnectionId, Microseconds] = {}  # when a peer may be told of hosts again
        self.waiting: dict[ConnectionId, None] = {}  # peers whose timer runs

    def stored(self, anchors: Sequence[Address]) -> dict[str, Any]:
        """The book for the disk. anchors: to whom we are connected for blocks only."""
        return {"book": {**write_book(self.book), "anchors": [list(one) for one in anchors[:MOST_ANCHORS]]}}

    def add_by_hand(self, addresses: Sequence[Address], moment: Moment) -> list[Effect]:
        """The scenario names these, as a user does with `addnode`."""
        services = moment.era.services
        named = [TimedAddress(moment.time, NetworkAddress(services, *address)) for address in addresses]
        self.book.add(named, self.own.ip, moment.time, self.random)
        return self.book.take_notes()

    # --- Peers come and go ----------------------------------------------------------------------------

    def on_ready(self, peer: Peer, moment: Moment) -> list[Effect]:
        """The handshake is done. Who was dialled is alive, and is asked whom it knows."""
        talk = AddrState(is_block_only=peer.is_block_only, tokens_at=moment.now)
        self.talks[peer.conn] = talk
        assert peer.version is not None  # the handshake is done
        if peer.inbound:  # a spy would learn of others from what we tell: it has to speak of hosts first
            return self._believe(peer.version, peer.remote.ip, moment) if moment.era.tries_inbound else []
        self.book.set_services(peer.remote, peer.version.services)
        self.book.good(peer.remote, moment.time)
        effects = self.book.take_notes()
        if peer.kind in ASKED:
            addr_relay.open_talk(talk)
            addr_relay.on_getaddr_sent(talk)
            effects.append(Send(peer.conn, GetAddr()))
            effects += self._name_ourselves(peer, moment)
        return effects

    def _believe(self, version: Version, ip: str, moment: Moment) -> list[Effect]:
        """Who dials us can be dialled, it was thought, if it names the IP that it comes from."""
        address = Address(version.sender.ip, version.sender.port)
        if address.ip == ip:
            self.book.add([TimedAddress(moment.time, version.sender)], ip, moment.time, self.random)
            self.book.good(address, moment.time)
        return self.book.take_notes()

    def on_gone(self, peer: Peer, moment: Moment) -> None:
        """The connection has ended; until now it was alive."""
        self.next_turn.pop(peer.conn, None)
        self.waiting.pop(peer.conn, None)
        was_ready = self.talks.pop(peer.conn, None) is not None
        if was_ready and peer.kind in ASKED:
            self.book.connected(peer.remote, moment.time)

    # --- What comes in --------------------------------------------------------------------------------

    def on_addr(self, peer: Peer, named: Sequence[TimedAddress], moment: Moment) -> list[Effect]:
        """A peer tells us of hosts. PeerFault when there are too many."""
        talk = self.talks[peer.conn]
        was_open = talk.is_open
        hearing = addr_relay.on_addr(
            talk, named, moment.era, moment.time, moment.now, self.random, private_too=True
        )
        heard = hearing.stored
        if peer.kind is Kind.ADDRESSES:
            heard = age_answer(heard, moment.time, self.random)
        penalty = moment.era.addr_time_penalty
        self.book.add(heard, peer.remote.ip, moment.time, self.random, penalty)
        effects = self.book.take_notes()
        if hearing.dropped:
            effects.append(notes.addresses_dropped(peer.conn, hearing.dropped))
        if not was_open and talk.is_open:
            effects += self._name_ourselves(peer, moment)
        for item in hearing.relayed:
            effects += self._pass_on(item, peer, moment)
        return effects

    def on_getaddr(self, peer: Peer, moment: Moment) -> list[Effect]:
        """A peer asks whom we know."""
        talk = self.talks[peer.conn]
        was_open = talk.is_open
        if not addr_relay.answer_getaddr(
            talk, peer.inbound, self.book, self.cache, moment.era, moment.time, moment.now, self.random
        ):
            return []
        ourselves = [] if was_open else self._name_ourselves(peer, moment)
        return [*ourselves, *self._wind_up(peer.conn, moment)]

    # --- What goes out --------------------------------------------------------------------------------

    def on_timer(self, name: TimerName, peer: Peer, moment: Moment) -> list[Effect]:
        """A peer's turn has come, or it is time to name ourselves again."""
        if name.topic == OURSELVES:
            self.talks[peer.conn].known.pop(self._get_own(peer), None)
            return self._name_ourselves(peer, moment)
        del self.waiting[peer.conn]
        self.next_turn[peer.conn] = moment.now + self.random.exponential(get_mean_wait(moment))
        batches = addr_relay.take_batches(self.talks[peer.conn])
        said = [make_message(batch, v2=peer.wants_addrv2) for batch in batches]
        return [Send(peer.conn, message) for message in said if message is not None]

    def _name_ourselves(self, peer: Peer, moment: Moment) -> list[Effect]:
        """Let the peer, and those whom it tells, know where we can be dialled; and again in a day or so."""
        own = self._get_own(peer)
        if not is_routable(own.ip, private_too=True):
            return []
        item = TimedAddress(moment.time, NetworkAddress(moment.era.services, *own))
        addr_relay.push(self.talks[peer.conn], item, self.random)
        again = self.random.exponential(addr_relay.LOCAL_ADDRESS_EVERY)
        return [SetTimer(TimerName(OURSELVES, peer.conn), again), *self._wind_up(peer.conn, moment)]

    def _get_own(self, peer: Peer) -> Address:
        """Where this peer sees us. Its word counts for what we tell to it, and for nobody else."""
        assert peer.version is not None  # the handshake is done
        seen = peer.version.receiver.ip
        return Address(seen if is_routable(seen, private_too=True) else self.own.ip, self.own.port)

    def _pass_on(self, item: TimedAddress, source: Peer, moment: Moment) -> list[Effect]:
        """Tell two of those with whom we talk of hosts."""
        conns = [conn for conn, talk in self.talks.items() if talk.is_open and conn != source.conn]
        address = addr_relay.get_address(item)
        effects: list[Effect] = []
        for conn in addr_relay.choose_targets(address, conns, self.relay_key, moment.time):
            addr_relay.push(self.talks[conn], item, self.random)
            effects += self._wind_up(conn, moment)
        return effects

    def _wind_up(self, conn: ConnectionId, moment: Moment) -> list[Effect]:
        """Something waits for this peer. Its first turn is now; later ones come, whether needed or not."""
        if conn in self.waiting or not self.talks[conn].queue:
            return []
        self.waiting[conn] = None
        wait = self.next_turn.get(conn, moment.now) - moment.now
        if wait < 0:  # turns have passed unused; a new draw is right, for such waiting times have no memory
            wait = self.random.exponential(get_mean_wait(moment))
        return [SetTimer(TimerName(BATCH, conn), wait)]


def get_mean_wait(moment: Moment) -> Microseconds:
    """Between two batches for a peer. In the old rounds one peer, drawn at random, had its turn."""
    return moment.era.addr_batch_mean or moment.era.trickle_round * len(moment.peers)
