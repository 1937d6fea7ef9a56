"""The rules of validity that need no coins: one rule, one pure function, one name.

Every `check_` raises `RuleBroken` with the name that Bitcoin Core gives the fault, and does nothing else.
A header is checked with its parent's `Entry`, so its whole past is at hand; a block's body alone.

Not here: what a block spends, for which its whole past must be at hand (`rules_spending`), and what
scripts allow (`interpreter`).
Sources: Bitcoin Core `validation.cpp` (CheckBlock, ContextualCheckBlockHeader, ContextualCheckBlock),
`pow.cpp` (GetNextWorkRequired), `kernel/chainparams.cpp` (heights).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import compact_size, hash256
from blockchain_lab.bitcoin.merkle import is_mutated, merkle_root
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.pow import is_proof_of_work_valid, next_bits
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, WITNESS_SCALE, Transaction
from blockchain_lab.chain.tree import Entry, get_ancestor

MEDIAN_TIME_SPAN: Final = 11  # blocks (nMedianTimeSpan)
MAX_FUTURE_BLOCK_TIME: Final = 2 * 60 * 60  # seconds (MAX_FUTURE_BLOCK_TIME)
MAX_TIME_WARP: Final = 10 * 60  # seconds (MAX_TIMEWARP, since 28.0; BIP 94)
MAX_BLOCK_WEIGHT: Final = 4_000_000  # weight units (BIP 141)
MAX_MONEY: Final = 21_000_000 * 100_000_000  # satoshi; above any sum that can exist
COINBASE_SCRIPT_SIZES: Final = range(2, 101)  # bytes

OP_0: Final = b"\x00"
OP_1: Final = 0x51  # the opcodes of the numbers 1 .. 16 follow one another
MAX_OPCODE_NUMBER: Final = 16
COMMITMENT_HEAD: Final = bytes.fromhex("6a24aa21a9ed")  # OP_RETURN, push of 36, and the mark (BIP 141)


class Heights(NamedTuple):
    """From which height on a network enforces a soft fork."""

    bip34: int  # version 2: the coinbase begins with the height
    bip66: int  # version 3: strict signatures
    bip65: int  # version 4: OP_CHECKLOCKTIMEVERIFY
    csv: int  # relative locks, and locks by the median time: BIP 68, 112 and 113
    bip141: int  # witnesses


HEIGHTS: Final[Mapping[str, Heights]] = {
    "mainnet": Heights(bip34=227_931, bip66=363_725, bip65=388_381, csv=419_328, bip141=481_824),
    "testnet3": Heights(bip34=21_111, bip66=330_776, bip65=581_885, csv=770_112, bip141=834_624),
    "testnet4": Heights(1, 1, 1, 1, 1),
    "signet": Heights(1, 1, 1, 1, 1),
    "regtest": Heights(1, 1, 1, 1, 0),
}


class RuleBroken(ValueError):
    """A header or block is not valid. `reason` is Bitcoin Core's word for it.

    `is_mutation`: the body may have been changed on the way while the header is honest, so the header's
    hash must not be remembered as bad (CVE-2012-2459).
    """

    def __init__(self, reason: str, *, is_mutation: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_mutation = reason, is_mutation


# --- Headers ------------------------------------------------------------------------------------------


def check_proof_of_work(header: Header, network: Network) -> None:
    """The hash must not exceed the target that the header itself states."""
    if not is_proof_of_work_valid(header.hash(), header.bits, network.proof_of_work_limit):
        raise RuleBroken("high-hash")


def check_bits(header: Header, parent: Entry[Header], network: Network) -> None:
    """The stated difficulty must be the one that the chain so far requires."""
    if header.bits != compute_required_bits(parent, header.time, network):
        raise RuleBroken("bad-diffbits")


def check_time_after_median(header: Header, parent: Entry[Header]) -> None:
    """A block must be younger than the median of the last 11, so time cannot be turned back."""
    if header.time <= compute_median_time(parent):
        raise RuleBroken("time-too-old")


def check_no_time_warp(header: Header, parent: Entry[Header], network: Network) -> None:
    """Where BIP 94 holds, a period begins at most ten minutes before the block that ended the last one.

    No retarget counts the interval between the two (see `next_bits`). Without this rule a miner can date each
    last block far ahead and each first one back again: every period then seems longer than it was.
    """
    begins_period = (parent.height + 1) % network.retarget_interval == 0
    if network.bip94 and begins_period and header.time < parent.header.time - MAX_TIME_WARP:
        raise RuleBroken("time-timewarp-attack")


def check_time_before_future(header: Header, now: int) -> None:
    """A block must not be more than two hours ahead of our clock (`now`: Unix seconds).

    The only rule whose answer changes with time: such a block may be welcome later.
    """
    if header.time > now + MAX_FUTURE_BLOCK_TIME:
        raise RuleBroken("time-too-new")


def check_version(header: Header, height: int, network: Network) -> None:
    """Since each of three soft forks, blocks of an older version are refused."""
    heights = HEIGHTS[network.name]
    for version, since in ((2, heights.bip34), (3, heights.bip66), (4, heights.bip65)):
        if header.version < version and height >= since:
            raise RuleBroken(f"bad-version(0x{header.version & 0xFFFFFFFF:08x})")


def check_header(header: Header, parent: Entry[Header], network: Network) -> None:
    """All rules of a header that do not ask what time it is now."""
    check_proof_of_work(header, network)
    check_bits(header, parent, network)
    check_time_after_median(header, parent)
    check_no_time_warp(header, parent, network)
    check_version(header, parent.height + 1, network)


def compute_median_time(entry: Entry[Header]) -> int:
    """The median header time (Unix seconds) of the 11 blocks up to `entry`; of fewer near the genesis."""
    times = [entry.header.time]
    while entry.previous is not None and len(times) < MEDIAN_TIME_SPAN:
        entry = entry.previous
        times.append(entry.header.time)
    return sorted(times)[len(times) // 2]


def compute_required_bits(parent: Entry[Header], time: int, network: Network) -> int:
    """The compact bits that a block on `parent` must state. `time`: its own header time, Unix seconds."""
    if not network.retargeting:
        return parent.header.bits
    height = parent.height + 1
    if height % network.retarget_interval == 0:
        first = get_ancestor(parent, height - network.retarget_interval).header
        bits = first.bits if network.bip94 else parent.header.bits
        return next_bits(
            first.time,
            parent.header.time,
            bits,
            limit=network.proof_of_work_limit,
            timespan=network.timespan,
        )
    if network.minimum_difficulty_blocks:
        if time > parent.header.time + 2 * network.spacing:
            return network.proof_of_work_limit
        return get_last_earnest_bits(parent, network)
    return parent.header.bits


def get_last_earnest_bits(entry: Entry[Header], network: Network) -> int:
    """The bits of the last block that did not take the testnets' permission for an easy one. O(period)."""
    while (
        entry.previous is not None
        and entry.height % network.retarget_interval
        and entry.header.bits == network.proof_of_work_limit
    ):
        entry = entry.previous
    return entry.header.bits


# --- Bodies -------------------------------------------------------------------------------------------


def check_merkle_root(block: Block) -> None:
    """The header must commit to exactly these transactions."""
    if merkle_root([tx.txid() for tx in block.transactions]) != block.header.merkle_root:
        raise RuleBroken("bad-txnmrklroot", is_mutation=True)


def check_not_mutated(block: Block) -> None:
    """No doubled tail that leaves the Merkle root as it was (CVE-2012-2459)."""
    if is_mutated([tx.txid() for tx in block.transactions]):
        raise RuleBroken("bad-txns-duplicate", is_mutation=True)


def check_weight(block: Block) -> None:
    """At least one transaction, at most 4,000,000 weight units (without witnesses: 1 MB)."""
    if not block.transactions or block.weight() > MAX_BLOCK_WEIGHT:
        raise RuleBroken("bad-blk-length")


def check_coinbase_first(block: Block) -> None:
    """The first transaction, and no other, is a coinbase."""
    first, *others = block.transactions
    if not first.is_coinbase():
        raise RuleBroken("bad-cb-missing")
    if any(tx.is_coinbase() for tx in others):
        raise RuleBroken("bad-cb-multiple")


def check_coinbase_height(block: Block, height: int, network: Network) -> None:
    """The coinbase's script begins with the block's height (BIP 34), so no two coinbases are alike."""
    script = block.transactions[0].inputs[0].script
    if height >= HEIGHTS[network.name].bip34 and not script.startswith(push_number(height)):
        raise RuleBroken("bad-cb-height")


def check_transaction(tx: Transaction) -> None:
    """What can be said of a transaction without knowing what it spends."""
    if not tx.inputs:
        raise RuleBroken("bad-txns-vin-empty")
    if not tx.outputs:
        raise RuleBroken("bad-txns-vout-empty")
    if WITNESS_SCALE * tx.stripped_size() > MAX_BLOCK_WEIGHT:
        raise RuleBroken("bad-txns-oversize")
    values = [output.value for output in tx.outputs]
    if min(values) < 0:
        raise RuleBroken("bad-txns-vout-negative")
    if max(values) > MAX_MONEY:
        raise RuleBroken("bad-txns-vout-toolarge")
    if sum(values) > MAX_MONEY:
        raise RuleBroken("bad-txns-txouttotal-toolarge")
    if len({spent.previous for spent in tx.inputs}) < len(tx.inputs):
        raise RuleBroken("bad-txns-inputs-duplicate")
    if tx.is_coinbase() and len(tx.inputs[0].script) not in COINBASE_SCRIPT_SIZES:
        raise RuleBroken("bad-cb-length")
    if not tx.is_coinbase() and any(spent.previous == NULL_OUT_POINT for spent in tx.inputs):
        raise RuleBroken("bad-txns-prevout-null")


def check_witnesses(block: Block, height: int, network: Network) -> None:
    """Witnesses must be those that the coinbase commits to; without a commitment there are none (BIP 141)."""
    if not is_segwit_active(height, network):
        return
    committed = get_witness_commitment(block.transactions[0])
    if committed is None:
        if any(tx.has_witness for tx in block.transactions):
            raise RuleBroken("unexpected-witness", is_mutation=True)
        return
    reserved = block.transactions[0].witnesses[:1]
    if not reserved or len(reserved[0]) != 1 or len(reserved[0][0]) != 32:
        raise RuleBroken("bad-witness-nonce-size", is_mutation=True)
    root = merkle_root([bytes(32), *(tx.wtxid() for tx in block.transactions[1:])])
    if hash256(root + reserved[0][0]) != committed:
        raise RuleBroken("bad-witness-merkle-match", is_mutation=True)


def is_segwit_active(height: int, network: Network) -> bool:
    """Do witnesses count in a block at this height, for a node that knows these rules?"""
    return network.segwit and height >= HEIGHTS[network.name].bip141


def check_body(block: Block, height: int, network: Network) -> None:
    """All rules of a block's transactions, in Core's order."""
    check_merkle_root(block)
    check_not_mutated(block)
    check_weight(block)
    check_coinbase_first(block)
    for tx in block.transactions:
        check_transaction(tx)
    check_coinbase_height(block, height, network)
    check_witnesses(block, height, network)


def get_witness_commitment(coinbase: Transaction) -> bytes | None:
    """The 32 bytes in the last output that bears the mark, if any does."""
    for output in reversed(coinbase.outputs):
        if output.script.startswith(COMMITMENT_HEAD) and len(output.script) >= 38:
            return output.script[6:38]
    return None


def push_number(number: int) -> bytes:
    """The script that pushes a number of 0 or more in the shortest way (Core's `CScript() << number`)."""
    if number == 0:
        return OP_0
    if number <= MAX_OPCODE_NUMBER:
        return bytes([OP_1 + number - 1])
    raw = number.to_bytes(number.bit_length() // 8 + 1, "little")  # one bit to spare for the sign
    return compact_size(len(raw)) + raw
