"""What stands on a node's disk, and how a node starts from it.

    {"blocks": ["0000002006226e46...", ...]}   in the order in which they came: hexadecimal, or `Block`s
    {"mined": 4500}                            a chain of our own miner: a recipe instead of a megabyte
    {"mined": 4500, "blocks": [...]}           both, the mined chain below

Reading a disk means checking every block on it, so it is done once for all peers, worlds and replays:
the result is memoised in the content store.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState, StoredChain
from blockchain_lab.bitcoin.miner import mine_chain
from blockchain_lab.bitcoin.params import NETWORKS, Network
from blockchain_lab.bitcoin.rules import RuleBroken

KEYS: Final = ("blocks", "mined")
MAX_MINED: Final = 100_000  # blocks; a few seconds of work and 100 MB
ANY_TIME: Final = (
    1 << 32
)  # Unix seconds after which no header can be dated: a disk may hold tomorrow's blocks


def read_disk(disk: Mapping[str, Any], network: Network, store: ContentStore) -> StoredChain:
    """The chain on a disk. UsageError when it does not hold one valid block after the other.

    O(bytes on the disk) to recognise it, and the first time, to check it.
    """
    if unknown := [key for key in disk if key not in KEYS]:
        raise UsageError(f"disk: unknown key {unknown[0]!r}, wanted {' or '.join(KEYS)}")
    count = disk.get("mined", 0)
    if type(count) is not int or not 0 <= count <= MAX_MINED:
        raise UsageError(f"disk.mined: wanted a count of 0 .. {MAX_MINED}, found {count!r}")
    base = get_mined_chain(count, network.name)
    blocks = disk.get("blocks", ())
    if not isinstance(blocks, list | tuple):
        raise UsageError(f"disk.blocks: found {blocks!r:.40}, wanted a list of blocks")
    if not blocks:
        return base
    name = sha256(f"{network.name} {count} ".encode() + b"".join(map(get_name, blocks))).digest()
    return store.once("disk", name, lambda: _extend(base, [to_block(item) for item in blocks], store))


@lru_cache(maxsize=4)
def get_mined_chain(count: int, network_name: str) -> StoredChain:
    """The chain that `{"mined": count}` stands for, checked."""
    base = StoredChain.of_genesis(NETWORKS[network_name])
    return _extend(base, mine_chain(count, network_name), ContentStore()) if count else base


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


def _extend(base: StoredChain, blocks: Sequence[Block], store: ContentStore) -> StoredChain:
    chain = ChainState(base, store)
    for height, block in enumerate(blocks):
        try:
            chain.add_block(block, ANY_TIME)
        except (RuleBroken, KeyError) as fault:
            raise UsageError(f"disk.blocks[{height}] is not valid: {fault}") from None
    return chain.freeze()
