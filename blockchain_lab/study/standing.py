"""How each peer stands at one event, folded from the records: chain, lines, pool, items, finality, traffic.

    standings = stand_at(lab)          at the cursor, by host number
    standings[0].height, standings[0].bytes_sent

Nothing is asked of a node, so what any kind of node notes under the usual topics counts. What a peer holds
and what this says of it must always be the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Address, ConnectionId, display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.gossip_messages import Item
from blockchain_lab.sim.scenario import Scenario


@dataclass(slots=True)
class Standing:
    """One peer. Counters go on through its lives; the rest is of the life that it lives now."""

    name: str
    is_on: bool = False
    is_known: bool = True  # False of a recorded program that is no node of ours: nobody sees what it holds
    tip: str | None = None  # as people write it; None while it is off, or without a chain of blocks
    height: int | None = None
    lines: dict[ConnectionId, int] = field(default_factory=dict)  # open ends -> host number of the other side
    pool: dict[str, None] = field(default_factory=dict)  # txids that wait, oldest first
    items: dict[str, None] = field(default_factory=dict)  # names of gossiped items, on its disk too
    justified: int | None = None  # epoch, on the branch to its tip; None without Casper
    finalised: int | None = None
    messages_sent: int = 0
    messages_received: int = 0
    bytes_sent: int = 0  # envelopes included
    bytes_received: int = 0
    faults: int = 0  # of its own, that others have noted


class Standings:
    """All peers, told record by record."""

    def __init__(self, scenario: Scenario, genesis: bytes | None) -> None:
        """Before the first event."""
        self.peers = [Standing(name) for name in scenario.peers]
        self.genesis = None if genesis is None else display_hash(genesis)
        self._hosts = {address: host for host, address in enumerate(scenario.get_addresses().values())}
        self._ips = {address.ip: host for address, host in self._hosts.items()}
        self._names = {name: host for host, name in enumerate(scenario.peers)}
        self._disks = [peer.disk for peer in scenario.peers.values()]
        self._parents: dict[str, str] = {}  # block -> its parent
        self._justified: dict[str, int] = {}  # block -> epoch that it has justified
        self._finalised: dict[str, int] = {}
        self._has_casper = False
        self._notes: Mapping[str, Callable[[Standing, Mapping[str, Any]], None]] = {
            "chain loaded": self._on_chain_loaded,
            "block accepted": self._on_block_accepted,
            "tip changed": self._on_tip_changed,
            "finality loaded": self._on_finality_loaded,
            "checkpoint justified": self._on_justified,
            "checkpoint finalised": self._on_finalised,
            "transaction accepted": lambda peer, facts: peer.pool.update({facts["txid"]: None}),
            "transactions removed": self._on_transactions_removed,
            "item learned": lambda peer, facts: peer.items.update({facts["item"]: None}),
            "peer misbehaved": self._on_misbehaved,
        }

    def apply(self, record: Record) -> None:
        """One record, in order."""
        kind = record.kind
        if kind == Kind.ACTION:
            self._on_action(record.detail)
        if record.peer < 0:
            return
        peer = self.peers[record.peer]
        match kind:
            case Kind.NOTE:
                topic, facts = record.detail
                if topic in self._notes:
                    self._notes[topic](peer, facts)
            case Kind.SEND:
                peer.messages_sent += 1
                peer.bytes_sent += record.detail.size
            case Kind.DELIVER | Kind.DATAGRAM:
                message = get_message(record)
                peer.messages_received += 1
                peer.bytes_received += message.size
            case Kind.CONNECT:
                peer.lines[record.conn] = record.other
            case Kind.DISCONNECT | Kind.HANG_UP:
                peer.lines.pop(record.conn, None)
            case Kind.START:
                self._on_start(peer, record)
            case Kind.KILL:
                peer.is_on, peer.tip, peer.height, peer.justified, peer.finalised = (
                    False,
                    None,
                    None,
                    None,
                    None,
                )
                peer.lines, peer.pool = {}, {}

    def _on_start(self, peer: Standing, record: Record) -> None:
        peer.is_on, peer.is_known = True, record.detail is not None
        if not peer.is_known:
            return
        if self.genesis is not None:
            peer.tip, peer.height = self.genesis, 0
        if record.detail.number == 0:
            texts = self._disks[record.peer].get("items", ())
            peer.items = {Item(text).name.hex(): None for text in texts}

    def _on_action(self, action: Any) -> None:
        """Who has a new address is still the same peer to those who blame it."""
        moved = getattr(action, "address", None)
        if moved is not None and action.peer in self._names:
            self._hosts[moved] = self._ips[moved.ip] = self._names[action.peer]

    # -- chains ---------------------------------------------------------------------------------------------

    def _on_chain_loaded(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        if facts.get("full", True):
            peer.tip, peer.height = facts["tip"], facts["height"]

    def _on_block_accepted(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        self._parents[facts["hash"]] = facts["parent"]

    def _on_tip_changed(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        peer.tip, peer.height = facts["hash"], facts["height"]
        self._settle(peer)

    def _on_finality_loaded(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        self._has_casper = True
        peer.justified = peer.finalised = 0  # the genesis

    def _on_justified(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        self._justified[facts["by"]] = max(facts["epoch"], self._justified.get(facts["by"], 0))
        self._settle(peer)

    def _on_finalised(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        self._finalised[facts["by"]] = max(facts["epoch"], self._finalised.get(facts["by"], 0))
        self._settle(peer)

    def _settle(self, peer: Standing) -> None:
        """What is justified and final is true of a branch, so it is read off the one to the peer's tip."""
        if not self._has_casper:
            return
        justified = finalised = 0
        block = peer.tip
        while block is not None:
            justified = max(justified, self._justified.get(block, 0))
            finalised = max(finalised, self._finalised.get(block, 0))
            block = self._parents.get(block)
        peer.justified, peer.finalised = justified, finalised

    # -- the rest -------------------------------------------------------------------------------------------

    def _on_transactions_removed(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        for txid in facts["txids"]:
            peer.pool.pop(txid, None)

    def _on_misbehaved(self, peer: Standing, facts: Mapping[str, Any]) -> None:
        """The blamed one is named by a connection, a name, or an address in one of three forms."""
        host = peer.lines.get(facts["conn"]) if "conn" in facts else self._find(facts.get("from"))
        if host is not None and host >= 0:
            self.peers[host].faults += 1

    def _find(self, who: Any) -> int | None:
        if isinstance(who, str):
            if who in self._names:
                return self._names[who]
            ip, _, port = who.rpartition(":")
            who = (ip.strip("[]"), int(port)) if port.isdigit() else (who, 0)
        if not isinstance(who, list | tuple) or len(who) != 2:
            return None
        ip, port = who
        return self._hosts.get(Address(ip, port), self._ips.get(ip))


def get_message(record: Record) -> Message:
    """What arrived, on a line or as a datagram."""
    message: Message = record.detail[1] if record.kind == Kind.DATAGRAM else record.detail
    return message


def count_local_states(standings: Iterable[Standing]) -> int:
    """How many different local states there are among the peers that are on. O(names held).

    A local state is what a peer holds: tip, waiting transactions, items, epochs; not its name, lines or
    counters. A peer of which nobody knows what it holds is left out.
    """
    return len(
        {
            (each.tip, frozenset(each.pool), frozenset(each.items), each.justified, each.finalised)
            for each in standings
            if each.is_on and each.is_known
        }
    )


def stand_at(lab: Lab, event: int | None = None) -> list[Standing]:
    """All peers at an event, the cursor's if none is given. O(records)."""
    end = lab.trace.end_of(lab.cursor if event is None else event)
    return fold(lab, (lab.trace[place] for place in range(end)))


def fold(lab: Lab, records: Iterable[Record]) -> list[Standing]:
    """All peers after these records, the run's first ones."""
    standings = Standings(lab.scenario, lab.genesis)
    for record in records:
        standings.apply(record)
    return standings.peers
