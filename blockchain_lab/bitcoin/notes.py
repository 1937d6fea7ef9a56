"""The facts that a Bitcoin node states, each made in one place: views fold them, checks read them.

Hashes are written as people write them, work in hexadecimal digits: that of the whole branch, genesis
included, for it may need 256 bits. What a node holds (tip, best header, stored blocks) must always
be what these notes add up to.
"""

from collections.abc import Sequence
from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Address, ConnectionId, display_hash
from blockchain_lab.bitcoin.chain_state import TipChange
from blockchain_lab.bitcoin.headers_presync import HeadersPresync
from blockchain_lab.bitcoin.mempool import Waiting
from blockchain_lab.bitcoin.messages import CompactBlock, Transaction, Version
from blockchain_lab.bitcoin.stored_chain import HeaderEntry, StoredChain


def chain_loaded(chain: StoredChain) -> Note:
    """The node starts with this active chain on its disk, all blocks included. O(1) after the first time."""
    facts = {
        "height": chain.active.tip.height,
        "tip": display_hash(chain.active.tip.hash),
        "work": f"{chain.active.tip.work:x}",
        "hashes": chain.shown_hashes,
        "parent": display_hash(chain.active[0].hash),
        "full": True,
    }
    return Note("chain loaded", facts)


def describe_stored_chain(chain: StoredChain) -> list[Note]:
    """All that there is to say about a disk: the active chain, stale branches, headers without blocks."""
    facts = [chain_loaded(chain)] if chain.active.tip.height else []
    rows: list[list[HeaderEntry]] = []
    for entry in chain.side_entries:
        if rows and entry.previous == rows[-1][-1]:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    for row in rows:
        facts.append(headers_accepted(row))
        facts += [block_accepted(entry) for entry in row if entry.hash in chain.blocks]
    if chain.tree.best != chain.active.tip:
        facts.append(best_header(chain.tree.best))
    return facts


def headers_accepted(entries: Sequence[HeaderEntry]) -> Note:
    """New headers, each the next one's parent."""
    first = entries[0]
    assert first.previous is not None  # nobody sends us a genesis that we accept
    facts = {
        "parent": display_hash(first.previous.hash),
        "height": first.height,
        "hashes": [display_hash(entry.hash) for entry in entries],
    }
    return Note("headers accepted", facts)


def headers_presync(conn: ConnectionId, presync: HeadersPresync) -> Note:
    """A peer's chain is showing its work, and none of it is kept yet but what the redownload believes.

    bits: kept, and not compared yet; waiting: headers that came again and are not believed yet.
    """
    facts = {
        "conn": conn,
        "phase": presync.phase.value,
        "height": presync.height,
        "work": f"{presync.work:x}",
        "wanted": f"{presync.least_work:x}",
        "bits": presync.kept_count - presync.compared,
        "waiting": len(presync.waiting),
    }
    return Note("headers presync", facts)


def headers_ignored(conn: ConnectionId, presync: HeadersPresync) -> Note:
    """A peer's chain ends, at this height, with too little work: nothing of it is kept."""
    facts = {
        "conn": conn,
        "height": presync.height,
        "work": f"{presync.work:x}",
        "wanted": f"{presync.least_work:x}",
    }
    return Note("headers ignored", facts)


def best_header(entry: HeaderEntry) -> Note:
    """The branch with most work, downloaded or not, now ends here."""
    facts = {"hash": display_hash(entry.hash), "height": entry.height, "work": f"{entry.work:x}"}
    return Note("best header", facts)


def block_accepted(entry: HeaderEntry) -> Note:
    """A block is stored and its body valid."""
    assert entry.previous is not None  # the genesis is nobody's news
    facts = {
        "hash": display_hash(entry.hash),
        "parent": display_hash(entry.previous.hash),
        "height": entry.height,
        "work": f"{entry.work:x}",
    }
    return Note("block accepted", facts)


def tip_changed(change: TipChange) -> Note:
    """The active chain has a new tip."""
    facts = {
        "hash": display_hash(change.new.hash),
        "height": change.new.height,
        "work": f"{change.new.work:x}",
        "previous": display_hash(change.old.hash),
        "disconnected": len(change.path.disconnect),
        "connected": len(change.path.connect),
    }
    return Note("tip changed", facts)


def orphan_block(name: bytes, parent: bytes) -> Note:
    """A block came before its parent and waits."""
    return Note("orphan block", {"hash": display_hash(name), "parent": display_hash(parent)})


def block_invalid(name: bytes, reason: str) -> Note:
    """A block broke a rule; `reason` is Core's word for it."""
    return Note("block invalid", {"hash": display_hash(name), "reason": reason})


def handshake_done(conn: ConnectionId, version: Version) -> Note:
    """Both sides have introduced themselves. The user agent is the peer's text: not to be trusted."""
    facts = {
        "conn": conn,
        "version": version.version,
        "user_agent": version.user_agent,
        "height": version.start_height,
    }
    return Note("handshake done", facts)


def peer_misbehaved(conn: ConnectionId, reason: str) -> Note:
    """A peer broke the protocol; a `HangUp` follows where Bitcoin Core hangs up."""
    return Note("peer misbehaved", {"conn": conn, "reason": reason})


def stalling(conn: ConnectionId, name: bytes) -> Note:
    """A peer holds everybody up: this block of its has not come in time."""
    return Note("stalling", {"conn": conn, "hash": display_hash(name)})


def sync_started(conn: ConnectionId, mode: str) -> Note:
    """We have begun to catch up with this peer's chain."""
    return Note("sync started", {"conn": conn, "mode": mode})


def sync_finished(conn: ConnectionId, mode: str) -> Note:
    """We have all blocks that we know of. `conn`: who sent the last one."""
    return Note("sync finished", {"conn": conn, "mode": mode})


def compact_block(name: bytes, message: CompactBlock, missing: int) -> Note:
    """A block came as short ids: how many transactions were sent whole, named, and not found in our pool."""
    facts = {
        "hash": display_hash(name),
        "whole": len(message.prefilled),
        "named": len(message.short_ids),
        "missing": missing,
    }
    return Note("compact block", facts)


def compact_block_failed(name: bytes, reason: str) -> Note:
    """Short ids did not lead to the block, by nobody's fault: it is asked for as a whole."""
    return Note("compact block failed", {"hash": display_hash(name), "reason": reason})


def scripts_not_evaluated(entry: HeaderEntry, unknown: Sequence[tuple[bytes, str]]) -> Note:
    """A block is in the chain with transactions whose scripts we cannot judge: we have not verified them."""
    facts = {
        "hash": display_hash(entry.hash),
        "transactions": [{"txid": display_hash(txid), "reason": reason} for txid, reason in unknown],
    }
    return Note("scripts not evaluated", facts)


def describe_waiting(entry: Waiting, store: ContentStore) -> dict[str, Any]:
    """What there is to say about a transaction that waits. All peers' notes share it."""

    def describe() -> dict[str, Any]:
        return {
            "txid": display_hash(entry.tx.txid()),
            "size": len(entry.tx.encoding),
            "virtual_size": entry.size,
            "fee": entry.fee,
        }

    return store.once("waiting", entry.tx.wtxid(), describe)


def transaction_accepted(entry: Waiting, store: ContentStore) -> Note:
    """A transaction waits in our pool. size: bytes; fee: satoshi."""
    return Note("transaction accepted", describe_waiting(entry, store))


def transaction_orphaned(tx: Transaction) -> Note:
    """A transaction came before a parent and waits for it."""
    return Note("transaction orphaned", {"txid": display_hash(tx.txid())})


def transaction_refused(tx: Transaction, reason: str) -> Note:
    """A transaction may not wait here; `reason` is Core's word for it, or ours."""
    return Note("transaction refused", {"txid": display_hash(tx.txid()), "reason": reason})


def transactions_removed(gone: Sequence[Waiting], reason: str, store: ContentStore) -> Note:
    """Transactions wait no longer: confirmed, conflict, replaced, expired, made room, or reorganised."""
    txids = [describe_waiting(entry, store)["txid"] for entry in gone]
    return Note("transactions removed", {"txids": txids, "reason": reason})


def addresses_loaded(rows: Sequence[tuple[Address, str, int | None, str]], *, is_bucketed: bool) -> Note:
    """The node opens its address book, maybe an empty one. Each row: as in `address_added`. O(addresses)."""
    addresses = [[*address, table, bucket, source] for address, table, bucket, source in rows]
    return Note("addresses loaded", {"is_bucketed": is_bucketed, "addresses": addresses})


def address_added(address: Address, table: str, bucket: int | None, source: str) -> Note:
    """A host stands in our address book. table: "new" or "tried"; source: the IP of who told us."""
    facts = {"address": list(address), "table": table, "bucket": bucket, "source": source}
    return Note("address added", facts)


def address_moved(address: Address, table: str, bucket: int | None) -> Note:
    """A host has come from one table of our address book into the other, or into another bucket."""
    return Note("address moved", {"address": list(address), "table": table, "bucket": bucket})


def address_removed(address: Address, table: str) -> Note:
    """A host has lost its last place in our address book; `table`: where that was."""
    return Note("address removed", {"address": list(address), "table": table})


def addresses_dropped(conn: ConnectionId, count: int) -> Note:
    """A peer has told us of more hosts than we read from one: so many of them we did not."""
    return Note("addresses dropped", {"conn": conn, "count": count})


def connection_slots(full_relay: int, blocks_only: int, feeler: int, inbound: int) -> Note:
    """How many lines of each kind we want, and how many of those that others open we take."""
    facts = {"full_relay": full_relay, "blocks_only": blocks_only, "feeler": feeler, "inbound": inbound}
    return Note("connection slots", facts)


def connection_chosen(address: Address, kind: str) -> Note:
    """We dial a host by our own choice. kind: what for, see `connection_plan`."""
    return Note("connection chosen", {"address": list(address), "kind": kind})


def peer_evicted(conn: ConnectionId) -> Note:
    """All places for those who dial us are taken: this one makes room for a newcomer."""
    return Note("peer evicted", {"conn": conn})


def peer_discouraged(ip: str) -> Note:
    """A host broke the protocol: we do not dial it any more."""
    return Note("peer discouraged", {"ip": ip})
