"""Proof of work as Bitcoin checks it. The arithmetic is shared by all chains and stands in `chain.work`."""

from blockchain_lab.chain.work import (
    bits_to_target,
    is_negative,
    is_overflow,
    next_bits,
    target_to_bits,
    work,
)

__all__ = ["bits_to_target", "is_proof_of_work_valid", "next_bits", "target_to_bits", "work"]


def is_proof_of_work_valid(block_hash: bytes, bits: int, limit: int) -> bool:
    """Does a header's hash meet its bits, and are the bits no easier than the network's `limit`?

    block_hash: 32 bytes, internal order: read as a little-endian number.
    bits, limit: compact bits. Source: Bitcoin Core `pow.cpp`, CheckProofOfWork.
    """
    if is_negative(bits) or is_overflow(bits):
        return False
    target = bits_to_target(bits)
    return 0 < target <= bits_to_target(limit) and int.from_bytes(block_hash, "little") <= target
