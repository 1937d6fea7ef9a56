"""What we accept, Bitcoin Core's own consensus engine accepts, with the same tip; what we refuse, it too."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.bitcoin_chains import (
    FAR_FUTURE,
    RECORDED_TIP,
    REGTEST,
    get_recorded_chain,
    make_chain_state,
    mine_child,
    mine_tree,
)
from support.kernel import Kernel

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.miner import find_nonce, make_coinbase
from blockchain_lab.bitcoin.pow import is_proof_of_work_valid
from blockchain_lab.bitcoin.rules import COMMITMENT_HEAD, RuleBroken, compute_median_time
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.chain.tree import Entry

TREES = 100  # for one kernel: on regtest it checks all that it knows after every block
KERNELS = 10 if os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") == "1" else 1
RESERVED = bytes(range(32))  # what the coinbase's witness holds when there is a commitment
NOW = 1_800_000_000  # Unix seconds: about when the kernel thinks we live; it asks the real clock


def test_the_recorded_chain_has_the_same_tip_in_the_kernel(tmp_path: Path) -> None:
    """151 blocks of a real node, then its stale branch of 3: both sides store all and keep the longer one."""
    kernel, chain = Kernel(tmp_path), make_chain_state()

    for block in get_recorded_chain():
        chain.add_block(block, FAR_FUTURE)
        assert kernel.takes(block)

    assert RECORDED_TIP == chain.tip.hash
    assert RECORDED_TIP == kernel.tip
    assert [150] == [entry.height for entry in chain.get_stale_tips()]


@pytest.mark.parametrize("batch", range(KERNELS))
def test_random_trees_have_the_same_tip_in_the_kernel(batch: int, tmp_path: Path) -> None:
    """100 trees of 5 to 12 blocks, each on the tip that the last one left.

    Half of them come block by block, parents first. For the other half all headers come first, then the
    blocks in any order: then blocks wait for their parents, and "first seen" means first complete. The
    tips are compared after every block; ties of equal work occur all the time.
    """
    kernel, chain = Kernel(tmp_path), make_chain_state()
    luck = CounterRandom(get_key("random trees", batch))
    ties = reorgs = 0

    for number in range(TREES):
        blocks = mine_tree(chain.tip, 5 + luck.below(8), luck)
        if number % 2:
            headers = [block.header for block in blocks]
            for header in headers:
                chain.add_headers(chain.check_headers([header], FAR_FUTURE))
                assert kernel.takes_header(header)
            blocks = luck.sample(blocks, len(blocks))
        for block in blocks:
            change, _ = chain.add_block(block, FAR_FUTURE)
            assert kernel.takes(block)
            assert kernel.tip == chain.tip.hash, f"tree {number}, {chain.tip}"
            reorgs += change is not None and len(change.path.disconnect) > 0
        ends = [chain.tree[block.header.hash()] for block in blocks]
        ties += sum(end.work == chain.tip.work for end in ends) > 1

    assert ties > TREES // 10
    assert reorgs > TREES // 10


def remine(block: Block, **changes: object) -> Block:
    """The block with other fields of its header, and the proof of work that these need."""
    return replace(block, header=find_nonce(replace(block.header, **changes)))


def with_body(block: Block, *transactions: Transaction) -> Block:
    """The block with other transactions, honestly committed to."""
    root = merkle_root([tx.txid() for tx in transactions])
    return remine(replace(block, transactions=transactions), merkle_root=root)


def with_coinbase(block: Block, **changes: object) -> Block:
    """The block with another coinbase."""
    return with_body(block, replace(block.transactions[0], **changes))


def spend(*indexes: int) -> Transaction:
    """A transaction that spends outputs which do not exist; nobody gets as far as looking for them."""
    inputs = tuple(TxInput(OutPoint(bytes([7] * 32), index), b"") for index in indexes)
    return Transaction(2, inputs, (TxOutput(1, b"\x51"),))


def spoil_work(block: Block, parent: Entry[Header]) -> Block:
    """The next nonce that does not meet the target."""
    header = block.header
    while is_proof_of_work_valid(header.hash(), header.bits, REGTEST.proof_of_work_limit):
        header = replace(header, nonce=header.nonce + 1)
    return replace(block, header=header)


def double_tail(block: Block, parent: Entry[Header]) -> Block:
    """[coinbase, a, b] and [coinbase, a, b, b] have the same Merkle root (CVE-2012-2459)."""
    honest = with_body(block, block.transactions[0], spend(0), spend(1))
    return replace(honest, transactions=(*honest.transactions, honest.transactions[-1]))


def add_witness(block: Block, parent: Entry[Header]) -> Block:
    """A witness that no commitment covers: anybody could have added it on the way."""
    return replace(block, transactions=(replace(block.transactions[0], witnesses=((bytes(32),),)),))


def commit(block: Block, *, witness: tuple[bytes, ...], committed: bytes) -> Block:
    """A coinbase with this witness and a commitment (BIP 141) to these 32 bytes."""
    coinbase = block.transactions[0]
    output = TxOutput(0, COMMITMENT_HEAD + committed)
    return with_coinbase(block, outputs=(*coinbase.outputs, output), witnesses=(witness,))


def get_honest_commitment() -> bytes:
    """To a block whose only transaction is the coinbase: its place in the witness tree is taken by zeros."""
    return hash256(bytes(32) + RESERVED)


def set_height(block: Block, height: int) -> Block:
    """The coinbase of another height."""
    return with_body(block, make_coinbase(height, 50_000, b"1234"))


MUTATIONS: dict[str, Callable[[Block, Entry[Header]], Block]] = {
    "high-hash": spoil_work,
    "prev-blk-not-found": lambda block, parent: remine(block, previous=bytes([1] * 32)),
    "bad-diffbits": lambda block, parent: remine(block, bits=0x1F7FFFFF),
    "time-too-old": lambda block, parent: remine(block, time=compute_median_time(parent)),
    "time-too-new": lambda block, parent: remine(block, time=0xFFFFFFFF),
    "bad-version(0x00000003)": lambda block, parent: remine(block, version=3),
    "bad-txnmrklroot": lambda block, parent: remine(block, merkle_root=bytes([2] * 32)),
    "bad-txns-duplicate": double_tail,
    "bad-blk-length": lambda block, parent: remine(with_body(block), merkle_root=bytes(32)),
    "bad-blk-length ": lambda block, parent: with_coinbase(block, outputs=(TxOutput(0, bytes(1_000_000)),)),
    "bad-cb-missing": lambda block, parent: with_body(block, spend(0)),
    "bad-cb-multiple": lambda block, parent: with_body(
        block, *block.transactions, make_coinbase(parent.height + 1, 0, b"another")
    ),
    "bad-cb-height": lambda block, parent: set_height(block, parent.height),
    "bad-cb-length": lambda block, parent: with_body(block, make_coinbase(parent.height + 1, 0, bytes(101))),
    "bad-txns-vin-empty": lambda block, parent: with_body(block, *block.transactions, spend()),
    "bad-txns-vout-empty": lambda block, parent: with_coinbase(block, outputs=()),
    "bad-txns-vout-negative": lambda block, parent: with_coinbase(block, outputs=(TxOutput(-1, b""),)),
    "bad-txns-txouttotal-toolarge": lambda block, parent: with_coinbase(
        block, outputs=(TxOutput(21_000_000 * 100_000_000, b""), TxOutput(1, b""))
    ),
    "bad-txns-inputs-duplicate": lambda block, parent: with_body(block, *block.transactions, spend(0, 0)),
    "unexpected-witness": add_witness,
    "bad-witness-nonce-size": lambda block, parent: commit(
        block, witness=(RESERVED[1:],), committed=get_honest_commitment()
    ),
    "bad-witness-merkle-match": lambda block, parent: commit(block, witness=(RESERVED,), committed=bytes(32)),
}


def get_fault(block: Block, chain: ChainState) -> str:
    """Why our chain refuses a block; "" when it does not."""
    if block.header.previous not in chain.tree:
        return "prev-blk-not-found"
    try:
        chain.add_block(block, NOW)
    except RuleBroken as fault:
        return fault.reason
    return ""


def test_a_block_with_an_honest_witness_commitment_is_accepted_by_both(tmp_path: Path) -> None:
    """So the two refusals below are not about commitments as such."""
    kernel, chain = Kernel(tmp_path), make_chain_state()
    honest, _ = mine_child(chain.tip)
    block = commit(honest, witness=(RESERVED,), committed=get_honest_commitment())

    assert "" == get_fault(block, chain)
    assert kernel.takes(block)
    assert block.header.hash() == chain.tip.hash == kernel.tip


@pytest.mark.parametrize("reason", MUTATIONS)
def test_a_spoiled_block_is_refused_by_both(reason: str, tmp_path: Path) -> None:
    """An honest block with one thing wrong: both refuse it, keep their tip, and then take the honest one."""
    kernel, chain = Kernel(tmp_path), make_chain_state()
    for block in get_recorded_chain()[:20]:
        chain.add_block(block, NOW)
        assert kernel.takes(block)
    parent = chain.tip
    honest, entry = mine_child(parent)
    spoiled = MUTATIONS[reason](honest, parent)

    assert reason.strip() == get_fault(spoiled, chain)
    assert not kernel.takes(spoiled)
    assert parent.hash == chain.tip.hash == kernel.tip

    assert "" == get_fault(honest, chain)
    assert kernel.takes(honest)
    assert entry.hash == chain.tip.hash == kernel.tip
