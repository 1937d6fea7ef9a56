"""Chains for tests: the one recorded from a real node, small mined ones, and random trees of blocks."""

from functools import cache

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import internal_hash
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.disk import read_disk
from blockchain_lab.bitcoin.miner import make_block
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.stored_chain import StoredChain
from blockchain_lab.chain.tree import Entry
from blockchain_lab.scenarios.library import get_recorded_blocks

REGTEST = NETWORKS["regtest"]
RECORDED_TIP = internal_hash("39378b21481e9d632255a15857b1418a9372027c15af4d9b1580dc6c64b484c0")
FAR_FUTURE = 1 << 32  # Unix seconds: a clock that no header is ahead of


@cache
def get_recorded_chain() -> tuple[Block, ...]:
    """151 blocks and, behind them, the 3 of the stale branch."""
    return tuple(Block.decode(bytes.fromhex(raw)) for raw in get_recorded_blocks("bcoin_regtest_chain"))


def make_chain_state(disk: dict[str, object] | None = None) -> ChainState:
    """A node's view that begins with a disk."""
    store = ContentStore()
    return ChainState(read_disk(disk or {}, REGTEST, store), store)


def get_root() -> Entry[Header]:
    """The genesis of regtest."""
    return StoredChain.of_genesis(REGTEST).active.tip


def mine_child(parent: Entry[Header], tag: int = 0) -> tuple[Block, Entry[Header]]:
    """A valid block on `parent` and its entry. Other tags give other blocks."""
    block = make_block(parent, parent.header.time + 600, tag.to_bytes(8, "little"), REGTEST)
    return block, Entry(block.header.hash(), block.header, work(block.header.bits), parent)


def mine_tree(root: Entry[Header], size: int, luck: CounterRandom) -> list[Block]:
    """`size` blocks that branch at random above `root`, parents before children."""
    blocks, entries = [], [root]
    for _ in range(size):
        parent = entries[-1] if luck.below(2) else luck.choice(entries)
        block, entry = mine_child(parent, luck.bits())
        blocks.append(block)
        entries.append(entry)
    return blocks
