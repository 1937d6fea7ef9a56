"""What stands on a node's disk, and how a node starts from it.

    {"blocks": ["0000002006226e46...", ...]}   in the order in which they came: hexadecimal, or `Block`s
    {"mined": 4500}                            a chain of our own miner: a recipe instead of a megabyte
    {"mined": 4500, "blocks": [...]}           both, the mined chain below
    {"headers": "0000002006...", ...}          all headers one after the other, parents first; needed only
                                               where blocks are missing or came before their parents

Reading a disk means checking every block on it, so it is done once for all peers, worlds and replays:
the result is memoised in the content store.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.block import HEADER_SIZE, Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.miner import mine_chain
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.stored_chain import StoredChain

KEYS: Final = ("mined", "headers", "blocks", "wallet", "book")
MAX_MINED: Final = 100_000  # blocks; a few seconds of work and 100 MB
ANY_TIME: Final = (
    1 << 32
)  # Unix seconds after which no header can be dated: a disk may hold tomorrow's blocks


def read_disk(disk: Mapping[str, Any], network: Network, store: ContentStore) -> StoredChain:
    """The chain on a disk. UsageError when it does not hold one valid block after the other.

    O(bytes on the disk) to recognise it, and the first time, to check it.
    """
    if unknown := [key for key in disk if key not in KEYS]:
        raise UsageError(f"disk: unknown key {unknown[0]!r}, wanted {', '.join(KEYS)}")
    count = disk.get("mined", 0)
    if type(count) is not int or not 0 <= count <= MAX_MINED:
        raise UsageError(f"disk.mined: wanted a count of 0 .. {MAX_MINED}, found {count!r}")
    base = get_mined_chain(count, network)
    blocks, headers = disk.get("blocks", ()), to_headers(disk.get("headers", ""))
    if not isinstance(blocks, list | tuple):
        raise UsageError(f"disk.blocks: found {blocks!r:.40}, wanted a list of blocks")
    if not blocks and not headers:
        return base
    known = b"".join([header.encode() for header in headers])
    name = sha256(f"{network.key} {count} {len(headers)} ".encode() + known + b"".join(map(get_name, blocks)))
    chain = store.once("disk", name.digest(), lambda: _extend(base, headers, map(to_block, blocks), store))
    return chain


def write_disk(disk: Mapping[str, Any], chain: ChainState) -> dict[str, Any]:
    """The disk of a node that started with `disk` and has come to know `chain`. O(what it has learned)."""
    blocks = (*disk.get("blocks", ()), *chain.stored.values())
    headers = disk.get("headers", "") + "".join(header.encode().hex() for header in chain.get_new_headers())
    written: dict[str, Any] = {"headers": headers, "blocks": blocks}
    return {**disk, **{key: value for key, value in written.items() if value}}


@lru_cache(maxsize=4)
def get_mined_chain(count: int, network: Network) -> StoredChain:
    """The chain that `{"mined": count}` stands for, checked."""
    base = StoredChain.of_genesis(network)
    return _extend(base, (), mine_chain(count, network), ContentStore()) if count else base


def get_name(item: Block | str) -> bytes:
    """Bytes that tell this item on a disk from all others: the body counts too. UsageError."""
    if isinstance(item, Block):
        return item.encoding
    if isinstance(item, str):
        return item.encode()
    raise UsageError(f"disk.blocks: {item!r:.40} is no block in hexadecimal")


def to_block(item: Block | str) -> Block:
    """A block on a disk. UsageError."""
    if isinstance(item, Block):
        return item
    try:
        return Block.decode(bytes.fromhex(item))
    except ValueError as fault:  # a DecodeError is one too
        raise UsageError(f"disk.blocks: {item!r:.40} is no block in hexadecimal: {fault}") from None


def to_headers(text: str) -> list[Header]:
    """The headers on a disk. UsageError."""
    try:
        raw = bytes.fromhex(text)
        return [Header.decode(raw[at : at + HEADER_SIZE]) for at in range(0, len(raw), HEADER_SIZE)]
    except (TypeError, ValueError) as fault:
        raise UsageError(f"disk.headers: {text!r:.40} is no row of headers in hexadecimal: {fault}") from None


def get_reason(fault: RuleBroken | KeyError) -> str:
    """In words."""
    return fault.reason if isinstance(fault, RuleBroken) else "its parent is not there"


def _extend(
    base: StoredChain, headers: Sequence[Header], blocks: Iterable[Block], store: ContentStore
) -> StoredChain:
    chain = ChainState(base, store)
    for place, header in enumerate(headers):
        try:
            chain.add_headers(chain.check_headers((header,), ANY_TIME))
        except (RuleBroken, KeyError) as fault:
            raise UsageError(f"disk.headers[{place}] is not valid: {get_reason(fault)}") from None
    for place, block in enumerate(blocks):
        try:
            for _, reason in chain.add_block(block, ANY_TIME).invalid:
                raise RuleBroken(reason)
        except (RuleBroken, KeyError) as fault:
            raise UsageError(f"disk.blocks[{place}] is not valid: {get_reason(fault)}") from None
    return chain.freeze()
