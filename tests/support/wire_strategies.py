"""Hypothesis strategies for every Bitcoin message: any values that fit the fields, small collections."""

from hypothesis import strategies as st

from blockchain_lab.base.messages import Message
from blockchain_lab.bitcoin.address_v2 import SIZES
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.messages import (
    Addr,
    AddressV2,
    AddrV2,
    Alert,
    BlockTransactions,
    CheckOrder,
    CompactBlock,
    FeeFilter,
    FilterAdd,
    FilterClear,
    FilterLoad,
    GetAddr,
    GetBlocks,
    GetBlockTransactions,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    InventoryItem,
    Mempool,
    MerkleBlock,
    NetworkAddress,
    NotFound,
    Ping,
    Pong,
    Reject,
    Reply,
    SendAddrV2,
    SendCompact,
    SendHeaders,
    SubmitOrder,
    TimedAddress,
    Verack,
    Version,
    WtxidRelay,
)
from blockchain_lab.bitcoin.messages_alert import AlertNotice
from blockchain_lab.bitcoin.messages_compact import Prefilled
from blockchain_lab.bitcoin.messages_orders import LinkedTransaction, WalletTransaction
from blockchain_lab.bitcoin.network_address import IPV4_PREFIX, ONION_PREFIX, ip_to_text
from blockchain_lab.bitcoin.partial_merkle import PartialTree
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput


def unsigned(width: int) -> st.SearchStrategy[int]:
    """Any unsigned number of `width` bytes."""
    return st.integers(0, 256**width - 1)


def signed(width: int) -> st.SearchStrategy[int]:
    """Any two's complement number of `width` bytes."""
    return st.integers(-(256**width) // 2, 256**width // 2 - 1)


def some(items: st.SearchStrategy, least: int = 0) -> st.SearchStrategy[tuple]:
    """A tuple of a few."""
    return st.lists(items, min_size=least, max_size=4).map(tuple)


def ascii_text(limit: int) -> st.SearchStrategy[str]:
    """Text that all libraries read alike."""
    return st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=limit)


hashes = st.binary(min_size=32, max_size=32)
scripts = st.binary(max_size=300)  # over and under the 253 bytes where a CompactSize grows
ips = st.one_of(
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=4, max_size=4).map(lambda tail: IPV4_PREFIX + tail),
    st.binary(min_size=10, max_size=10).map(lambda tail: ONION_PREFIX + tail),
).map(ip_to_text)
network_addresses = st.builds(NetworkAddress, unsigned(8), ips, unsigned(2))
inventory_items = st.builds(InventoryItem, st.sampled_from([1, 2, 4, 5]) | unsigned(4), hashes)
headers = st.builds(Header, signed(4), hashes, hashes, unsigned(4), unsigned(4), unsigned(4))
inputs = st.builds(TxInput, st.builds(OutPoint, hashes, unsigned(4)), scripts, unsigned(4))
outputs = st.builds(TxOutput, signed(8), scripts)


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    """With inputs, because one without reads as if it had witnesses; every second one has witnesses."""
    spent = draw(some(inputs, least=1))
    witnesses = draw(
        st.just(())
        | st.lists(some(st.binary(max_size=80)), min_size=len(spent), max_size=len(spent)).map(tuple)
    )
    return Transaction(
        draw(unsigned(4)), spent, draw(some(outputs)), witnesses if any(witnesses) else (), draw(unsigned(4))
    )


unknown_networks = st.integers(0, 255).filter(lambda network: network not in SIZES)
hosts = st.one_of(
    *[
        st.tuples(st.just(int(network)), st.binary(min_size=size, max_size=size))
        for network, size in SIZES.items()
    ],
    st.tuples(unknown_networks, st.binary(max_size=512)),
)
addresses_v2 = st.builds(
    lambda time, services, host, port: AddressV2(time, services, *host, port),
    unsigned(4),
    unsigned(8),
    hosts,
    unsigned(2),
)
partial_trees = st.builds(PartialTree, unsigned(4), some(hashes), st.binary(max_size=9))
notices = st.builds(
    AlertNotice,
    *(signed(4), signed(8), signed(8), signed(4), signed(4), some(signed(4)), signed(4), signed(4)),
    user_agents=some(ascii_text(30)),
    priority=signed(4),
    comment=ascii_text(300),
    status_bar=ascii_text(256),
    reserved=ascii_text(5),
)
plain_transactions = st.builds(
    Transaction, unsigned(4), some(inputs), some(outputs), lock_time=unsigned(4)
)  # without witnesses, and so without doubt even when there are no inputs
linked_transactions = st.builds(LinkedTransaction, plain_transactions, hashes, some(hashes), signed(4))
pairs = some(st.tuples(ascii_text(9), ascii_text(300)))
orders = st.builds(
    WalletTransaction,
    *(linked_transactions, some(linked_transactions), pairs, pairs),
    *(unsigned(4), unsigned(4), unsigned(1), unsigned(1)),
)


@st.composite
def compact_blocks(draw: st.DrawFn) -> CompactBlock:
    """Some places of the block are prefilled, all others have a short id."""
    short_ids = draw(st.lists(unsigned(6), max_size=300).map(tuple))
    whole = draw(some(transactions()))
    count = len(short_ids) + len(whole)
    places = draw(st.sets(st.integers(0, max(0, count - 1)), min_size=len(whole), max_size=len(whole)))
    prefilled = tuple(map(Prefilled, sorted(places), whole))
    return CompactBlock(draw(headers), draw(unsigned(8)), short_ids, prefilled)


MESSAGES: dict[str, st.SearchStrategy[Message]] = {
    "version": st.builds(
        Version,
        version=signed(4),
        services=unsigned(8),
        timestamp=signed(8),
        receiver=network_addresses,
        sender=network_addresses,
        nonce=unsigned(8),
        user_agent=ascii_text(256),
        start_height=signed(4),
        relay=st.none() | st.booleans(),
    ),
    "verack": st.just(Verack()),
    "wtxidrelay": st.just(WtxidRelay()),
    "sendaddrv2": st.just(SendAddrV2()),
    "ping": st.builds(Ping, st.none() | unsigned(8)),
    "pong": st.builds(Pong, unsigned(8)),
    "reject": st.builds(Reject, ascii_text(12), unsigned(1), ascii_text(111), st.none() | hashes),
    "alert": st.builds(
        Alert, st.binary(max_size=60) | notices.map(AlertNotice.encode), st.binary(max_size=72)
    ),
    "getaddr": st.just(GetAddr()),
    "addr": st.builds(Addr, some(st.builds(TimedAddress, unsigned(4), network_addresses))),
    "addrv2": st.builds(AddrV2, some(addresses_v2)),
    "inv": st.builds(Inv, some(inventory_items)),
    "getdata": st.builds(GetData, some(inventory_items)),
    "notfound": st.builds(NotFound, some(inventory_items)),
    "getblocks": st.builds(GetBlocks, signed(4), some(hashes), hashes),
    "getheaders": st.builds(GetHeaders, signed(4), some(hashes), hashes),
    "mempool": st.just(Mempool()),
    "feefilter": st.builds(FeeFilter, signed(8)),
    "sendheaders": st.just(SendHeaders()),
    "sendcmpct": st.builds(SendCompact, st.booleans(), unsigned(8)),
    "getblocktxn": st.builds(
        GetBlockTransactions, hashes, st.sets(unsigned(2), max_size=20).map(sorted).map(tuple)
    ),
    "filterload": st.builds(
        FilterLoad, st.binary(max_size=300), st.integers(0, 50), unsigned(4), unsigned(1)
    ),
    "filteradd": st.builds(FilterAdd, st.binary(max_size=520)),
    "filterclear": st.just(FilterClear()),
    "headers": st.builds(Headers, some(headers)),
    "block": st.builds(Block, headers, some(transactions())),
    "tx": transactions(),
    "cmpctblock": compact_blocks(),
    "blocktxn": st.builds(BlockTransactions, hashes, some(transactions())),
    "merkleblock": st.builds(MerkleBlock, headers, partial_trees),
    "checkorder": st.builds(CheckOrder, hashes, orders),
    "submitorder": st.builds(SubmitOrder, hashes, orders),
    "reply": st.builds(Reply, hashes, signed(4), st.none() | scripts),
}

any_message = st.one_of(list(MESSAGES.values()))
