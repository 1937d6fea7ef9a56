"""Hypothesis strategies for every Bitcoin message: any values that fit the fields, small collections."""

from hypothesis import strategies as st

from blockchain_lab.base.messages import Message
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.messages import (
    Addr,
    GetAddr,
    GetBlocks,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    InventoryItem,
    Mempool,
    NetworkAddress,
    NotFound,
    Ping,
    Pong,
    Reject,
    SendCompact,
    SendHeaders,
    TimedAddress,
    Verack,
    Version,
)
from blockchain_lab.bitcoin.network_address import IPV4_PREFIX, ONION_PREFIX, ip_to_text
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
    "ping": st.builds(Ping, st.none() | unsigned(8)),
    "pong": st.builds(Pong, unsigned(8)),
    "reject": st.builds(Reject, ascii_text(12), unsigned(1), ascii_text(111), st.none() | hashes),
    "getaddr": st.just(GetAddr()),
    "addr": st.builds(Addr, some(st.builds(TimedAddress, unsigned(4), network_addresses))),
    "inv": st.builds(Inv, some(inventory_items)),
    "getdata": st.builds(GetData, some(inventory_items)),
    "notfound": st.builds(NotFound, some(inventory_items)),
    "getblocks": st.builds(GetBlocks, signed(4), some(hashes), hashes),
    "getheaders": st.builds(GetHeaders, signed(4), some(hashes), hashes),
    "mempool": st.just(Mempool()),
    "sendheaders": st.just(SendHeaders()),
    "sendcmpct": st.builds(SendCompact, st.booleans(), unsigned(8)),
    "headers": st.builds(Headers, some(headers)),
    "block": st.builds(Block, headers, some(transactions())),
    "tx": transactions(),
}

any_message = st.one_of(list(MESSAGES.values()))
