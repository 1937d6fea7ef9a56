"""What every lottery asks of a block before its own question: its place, its time, whose it is.

The right to propose is the lottery's business, what the block carries is `ffg`'s.
"""

from collections.abc import Container

from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.errors import RuleBroken


def check_block(parent: BlockEntry, block: Block, known: Container[str]) -> None:
    """RuleBroken "parent", "height", "time", "signer" or "signature"."""
    if block.parent != parent.hash:
        raise RuleBroken("parent", f"found {block.parent.hex():.12}, wanted {parent.hash.hex():.12}")
    if block.height != parent.height + 1:
        raise RuleBroken("height", f"found {block.height}, wanted {parent.height + 1}")
    if block.time <= parent.header.time:
        raise RuleBroken("time", f"found {block.time}, wanted more than its parent's {parent.header.time}")
    if block.proposer not in known:
        raise RuleBroken("signer", f"{block.proposer!r} takes no part in this lottery")
    if not block.is_signed():
        raise RuleBroken("signature", f"not signed by {block.proposer!r}")


def check_weight(block: Block, wanted: int) -> None:
    """RuleBroken "weight": nobody chooses what its block counts."""
    if block.weight != wanted:
        raise RuleBroken("weight", f"found {block.weight}, wanted {wanted}")


def check_no_proof(block: Block) -> None:
    """RuleBroken "proof" where the block's time is all the proof: free bytes would be free tries."""
    if block.proof:
        raise RuleBroken("proof", f"found {len(block.proof)} bytes, wanted none")


def check_tick(block: Block, tick: int) -> int:
    """The number of the block's tick. RuleBroken "time" between two ticks: finer times are more tries."""
    if block.time % tick:
        raise RuleBroken("time", f"found {block.time}, wanted a multiple of {tick}")
    return block.time // tick
