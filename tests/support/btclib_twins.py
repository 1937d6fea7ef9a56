"""Bitcoin messages of ours as btclib's own objects: an independent oracle for fields and for bytes.

Seven messages btclib does not know; they have tests of their own. It keeps hashes in display order and
times as datetimes. Its validity checks (proof of work, money range) are off: only the encoding is asked.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv6Address
from typing import Any

from btclib.block.block import Block as TheirBlock
from btclib.block.block_header import BlockHeader
from btclib.block.partial_merkle_tree import PartialMerkleTree
from btclib.p2p import (
    address,
    addrv2,
    compact_blocks,
    data,
    handshake,
    inventory,
    keepalive,
    merkleblock,
    negotiation,
    reject,
)
from btclib.script.witness import Witness
from btclib.tx.out_point import OutPoint as TheirOutPoint
from btclib.tx.tx import Tx
from btclib.tx.tx_in import TxIn
from btclib.tx.tx_out import TxOut

from blockchain_lab.base.messages import Message
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.messages import NetworkAddress
from blockchain_lab.bitcoin.network_address import text_to_ip
from blockchain_lab.bitcoin.tx import Transaction

UNCHECKED = {"check_validity": False}

# History that btclib leaves out: what light clients ask of filters, alerts, payments by IP.
WITHOUT_TWIN = {
    *("filterload", "filteradd", "filterclear"),
    *("alert", "checkorder", "submitorder", "reply"),
}


def twin_address(ours: NetworkAddress) -> address.NetworkAddress:
    """An onion name goes through its 16 bytes: btclib knows only IPv6."""
    ip = IPv6Address(text_to_ip(ours.ip)) if ours.ip.endswith(".onion") else ours.ip
    return address.NetworkAddress(ours.services, ip, ours.port)


def twin_header(ours: Header) -> BlockHeader:
    """A block header."""
    time = datetime.fromtimestamp(ours.time, UTC)
    bits = ours.bits.to_bytes(4, "big")
    return BlockHeader(
        ours.version, ours.previous[::-1], ours.merkle_root[::-1], time, bits, ours.nonce, **UNCHECKED
    )


def twin_transaction(ours: Transaction) -> Tx:
    """A transaction; btclib keeps each witness at its input."""
    witnesses = ours.witnesses or [()] * len(ours.inputs)
    inputs = [
        TxIn(
            TheirOutPoint(spent.previous.txid[::-1], spent.previous.index, **UNCHECKED),
            spent.script,
            spent.sequence,
            Witness(list(witness)),
            **UNCHECKED,
        )
        for spent, witness in zip(ours.inputs, witnesses, strict=True)
    ]
    outputs = [TxOut(output.value, output.script, **UNCHECKED) for output in ours.outputs]
    return Tx(ours.version, ours.lock_time, inputs, outputs, **UNCHECKED)


def twin_block(ours: Any) -> data.BlockPayload:
    """A block, with witnesses if any transaction has some."""
    transactions = [twin_transaction(transaction) for transaction in ours.transactions]
    with_witness = any(transaction.has_witness for transaction in ours.transactions)
    return data.BlockPayload(
        TheirBlock(twin_header(ours.header), transactions, **UNCHECKED), with_witness, **UNCHECKED
    )


def twin_version(ours: Any) -> handshake.Version:
    """The longest message of the handshake."""
    return handshake.Version(
        ours.version,
        ours.services,
        ours.timestamp,
        twin_address(ours.receiver),
        twin_address(ours.sender),
        ours.nonce,
        ours.user_agent.encode(),
        ours.start_height,
        ours.relay,
    )


def twin_addr(ours: Any) -> address.Addr:
    """A list of hosts."""
    return address.Addr(
        [
            address.TimestampedNetworkAddress(entry.time, twin_address(entry.address))
            for entry in ours.addresses
        ]
    )


def twin_addrv2(ours: Any) -> addrv2.AddrV2:
    """A list of hosts on any network."""
    return addrv2.AddrV2(
        [addrv2.NetworkAddressV2(*entry, **UNCHECKED) for entry in ours.addresses], **UNCHECKED
    )


def twin_compact_block(ours: Any) -> compact_blocks.CmpctBlock:
    """A block in short ids."""
    prefilled = [
        compact_blocks.PrefilledTransaction(entry.place, twin_transaction(entry.transaction), **UNCHECKED)
        for entry in ours.prefilled
    ]
    return compact_blocks.CmpctBlock(
        twin_header(ours.header), ours.nonce, ours.short_ids, prefilled, **UNCHECKED
    )


def twin_block_transactions(ours: Any) -> compact_blocks.BlockTxn:
    """Some transactions of a block."""
    transactions = [twin_transaction(transaction) for transaction in ours.transactions]
    return compact_blocks.BlockTxn(ours.block[::-1], transactions, **UNCHECKED)


def twin_merkle_block(ours: Any) -> merkleblock.MerkleBlock:
    """A header and a part of a Merkle tree."""
    hashes = [known[::-1] for known in ours.tree.hashes]
    tree = PartialMerkleTree(ours.tree.leaf_count, hashes, ours.tree.flags, **UNCHECKED)
    return merkleblock.MerkleBlock(twin_header(ours.header), tree, **UNCHECKED)


def twin_items(theirs: type) -> Callable[[Any], Any]:
    """The three messages made of inventory."""
    return lambda ours: theirs([inventory.Inventory(item.type, item.hash[::-1]) for item in ours.items])


def twin_locator(theirs: type) -> Callable[[Any], Any]:
    """The two messages made of a locator."""
    return lambda ours: theirs(ours.version, [known[::-1] for known in ours.locator], ours.stop[::-1])


# command -> btclib's class, and how ours becomes one of it
TWINS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "version": (handshake.Version, twin_version),
    "verack": (handshake.Verack, lambda ours: handshake.Verack()),
    "wtxidrelay": (negotiation.WtxidRelay, lambda ours: negotiation.WtxidRelay()),
    "sendaddrv2": (addrv2.SendAddrV2, lambda ours: addrv2.SendAddrV2()),
    "ping": (keepalive.Ping, lambda ours: keepalive.Ping(ours.nonce)),
    "pong": (keepalive.Pong, lambda ours: keepalive.Pong(ours.nonce)),
    "reject": (
        reject.Reject,
        lambda ours: reject.Reject(ours.rejected, ours.code, ours.reason, (ours.hash or b"")[::-1]),
    ),
    "getaddr": (negotiation.GetAddr, lambda ours: negotiation.GetAddr()),
    "addr": (address.Addr, twin_addr),
    "addrv2": (addrv2.AddrV2, twin_addrv2),
    "inv": (inventory.Inv, twin_items(inventory.Inv)),
    "getdata": (inventory.GetData, twin_items(inventory.GetData)),
    "notfound": (inventory.NotFound, twin_items(inventory.NotFound)),
    "getblocks": (inventory.GetBlocks, twin_locator(inventory.GetBlocks)),
    "getheaders": (inventory.GetHeaders, twin_locator(inventory.GetHeaders)),
    "mempool": (negotiation.Mempool, lambda ours: negotiation.Mempool()),
    "feefilter": (negotiation.FeeFilter, lambda ours: negotiation.FeeFilter(ours.rate)),
    "sendheaders": (negotiation.SendHeaders, lambda ours: negotiation.SendHeaders()),
    "sendcmpct": (
        compact_blocks.SendCmpct,
        lambda ours: compact_blocks.SendCmpct(ours.announce, ours.version, **UNCHECKED),
    ),
    "cmpctblock": (compact_blocks.CmpctBlock, twin_compact_block),
    "getblocktxn": (
        compact_blocks.GetBlockTxn,
        lambda ours: compact_blocks.GetBlockTxn(ours.block[::-1], ours.places),
    ),
    "blocktxn": (compact_blocks.BlockTxn, twin_block_transactions),
    "merkleblock": (merkleblock.MerkleBlock, twin_merkle_block),
    "headers": (
        inventory.Headers,
        lambda ours: inventory.Headers([twin_header(header) for header in ours.headers], **UNCHECKED),
    ),
    "block": (data.BlockPayload, twin_block),
    "tx": (
        data.TxPayload,
        lambda ours: data.TxPayload(twin_transaction(ours), ours.has_witness, **UNCHECKED),
    ),
}


def check_against_btclib(ours: Message, payload: bytes) -> None:
    """Our fields make the same bytes there, and the bytes the same fields."""
    theirs, make_twin = TWINS[ours.command]
    twin = make_twin(ours)

    assert payload == twin.serialize(check_validity=False)
    assert twin == theirs.parse(payload, check_validity=False)
