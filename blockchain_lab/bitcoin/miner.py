"""Mining: a block on a given parent, found by trying nonces. Pure: the same arguments find the same block.

Two miners on one parent find different blocks because their extra nonces (bytes in the coinbase) differ.
Meant for regtest, where every second hash is good enough; to mine what is harder while the page stays alive
there is `nonce_search.mine`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import HASH_SIZE, ZERO_HASH, hash256
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.nonce_search import search_all
from blockchain_lab.bitcoin.params import NETWORKS, Network, push
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.rules import (
    COMMITMENT_HEAD,
    MAX_TIME_WARP,
    compute_median_time,
    compute_required_bits,
    push_number,
)
from blockchain_lab.bitcoin.rules_spending import compute_subsidy
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, Transaction, TxInput, TxOutput
from blockchain_lab.chain.tree import Entry

BLOCK_VERSION: Final = 0x20000000  # signals no soft fork (BIP 9)
ANYONE_CAN_SPEND: Final = b"\x51"  # a script that is always satisfied: OP_1
MOST_WORK: Final = 1 << 20  # hashes on average, for all that is mined at once: 1 or 2 s; on regtest 2 a block


def make_coinbase(
    height: int, value: int, extra_nonce: bytes, script: bytes = ANYONE_CAN_SPEND
) -> Transaction:
    """The transaction that pays the miner `value` satoshi. `extra_nonce`: 1 to 75 bytes of its choice."""
    spent = TxInput(NULL_OUT_POINT, push_number(height) + push(extra_nonce))
    return Transaction(1, (spent,), (TxOutput(value, script),))


def commit_to_witnesses(coinbase: Transaction, others: Sequence[Transaction]) -> Transaction:
    """The coinbase with one more output, which commits to the witnesses of all transactions (BIP 141).

    Its own place in their tree is taken by zeros; so are the 32 bytes that are reserved for later rules.
    """
    root = merkle_root([ZERO_HASH, *(tx.wtxid() for tx in others)])
    commitment = TxOutput(0, COMMITMENT_HEAD + hash256(root + ZERO_HASH))
    return replace(coinbase, outputs=(*coinbase.outputs, commitment), witnesses=((ZERO_HASH,),))


def get_block_time(parent: Entry[Header], time: int, network: Network) -> int:
    """How a miner whose clock says `time` dates a block on `parent`: never before its time (Unix seconds).

    No time warp either, whether or not the network has the rule: Core's `node/miner.cpp` GetMinimumTime.
    """
    begins_period = (parent.height + 1) % network.retarget_interval == 0
    earliest = parent.header.time - MAX_TIME_WARP if begins_period else 0
    return max(time, earliest, compute_median_time(parent) + 1)


def make_candidate(
    parent: Entry[Header],
    time: int,
    extra_nonce: bytes,
    network: Network,
    *,
    script: bytes = ANYONE_CAN_SPEND,
    transactions: Sequence[Transaction] = (),
    fees: int = 0,
) -> Block:
    """A valid block on `parent`, if the transactions are, but for its nonce, which is 0.

    time: Unix seconds; if too early, one second after the median of the last 11 blocks instead.
    fees: satoshi that the transactions leave, for the coinbase to take.
    """
    height, time = parent.height + 1, get_block_time(parent, time, network)
    coinbase = make_coinbase(height, compute_subsidy(height, network) + fees, extra_nonce, script)
    if any(tx.has_witness for tx in transactions):
        coinbase = commit_to_witnesses(coinbase, transactions)
    body = (coinbase, *transactions)
    root = merkle_root([tx.txid() for tx in body])
    bits = compute_required_bits(parent, time, network)
    return Block(Header(BLOCK_VERSION, parent.hash, root, time, bits, nonce=0), body)


def make_block(
    parent: Entry[Header],
    time: int,
    extra_nonce: bytes,
    network: Network,
    *,
    script: bytes = ANYONE_CAN_SPEND,
    transactions: Sequence[Transaction] = (),
    fees: int = 0,
) -> Block:
    """A valid block on `parent`, mined; the arguments are those of `make_candidate`.

    UsageError when that would take more than seconds: on a real network.
    """
    candidate = make_candidate(
        parent, time, extra_nonce, network, script=script, transactions=transactions, fees=fees
    )
    return replace(candidate, header=find_nonce(candidate.header))


def find_nonce(header: Header) -> Header:
    """The same header with the first nonce from its own on whose hash meets the target. UsageError."""
    if problem := find_problem_of_bits(header.bits):
        raise UsageError(problem)
    for searched in search_all(header):
        if searched.header is not None:
            return searched.header
    raise UsageError(f"no nonce from {header.nonce} on is good enough: take another extra nonce")


def find_problem_of_bits(bits: int) -> str | None:
    """Why blocks of these bits cannot be mined while everybody waits; None when they can."""
    hashes = work(bits)
    if hashes == 0:
        return f"bits {bits:#010x} state no target that a hash could meet"
    if hashes > MOST_WORK:
        return (
            f"bits {bits:#010x} take {hashes:,} hashes on average, over {MOST_WORK:,}: "
            "mine on regtest, where blocks have not come too fast"
        )
    return None


def predict_work(parent: Entry[Header], time: int, count: int, network: Network) -> int:
    """How many hashes `count` blocks at this time take on average, one on the other. O(count)

    They are not mined: neither their bits nor their times depend on their nonces.
    """
    hashes = 0
    for number in range(count):
        dated = get_block_time(parent, time, network)
        bits = compute_required_bits(parent, dated, network)
        hashes += work(bits)
        header = Header(BLOCK_VERSION, parent.hash, ZERO_HASH, dated, bits, nonce=0)
        parent = Entry(number.to_bytes(HASH_SIZE, "little"), header, work(bits), parent)
    return hashes


def get_genesis_entry(network: Network) -> Entry[Header]:
    """The root of the network's block tree."""
    header = network.genesis.header
    return Entry(header.hash(), header, work(header.bits))


def mine_on(parent: Entry[Header], count: int, extra_nonce: bytes, network: Network) -> Iterator[Block]:
    """`count` blocks one on the other, each from the one before, so far apart that none is harder to find."""
    apart = get_steady_spacing(network)
    for _ in range(count):
        block = make_block(parent, parent.header.time + apart, extra_nonce, network)
        parent = Entry(block.header.hash(), block.header, work(block.header.bits), parent)
        yield block


def get_steady_spacing(network: Network) -> int:
    """Seconds between blocks at which no retarget makes them harder: a little over the network's spacing.

    A period of n blocks has n - 1 intervals, and these have to take as long as n should (see `next_bits`).
    """
    if not network.retargeting:
        return network.spacing
    return -(-network.timespan // (network.retarget_interval - 1))


@lru_cache(maxsize=4)
def mine_chain(count: int, network: Network = NETWORKS["regtest"]) -> tuple[Block, ...]:
    """A chain of `count` blocks from the genesis on, the same in every process. 4,500 take 0.2 s."""
    assert network.genesis.header.previous == ZERO_HASH
    return tuple(mine_on(get_genesis_entry(network), count, b"blockchain lab", network))
