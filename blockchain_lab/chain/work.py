"""Difficulty: compact bits, targets, work and the retarget. Pure whole-number functions, nothing else.

A block's hash, read as a 256-bit little-endian number, must not exceed its *target*. The header holds
the target in 4 bytes, the *compact bits* `0xSSMMMMMM`: SS = size in bytes, MMMMMM = its leading digits.

    bits 0x1d00ffff  ->  target 0x00ffff * 256**(0x1d - 3)

Sources: Bitcoin Core `arith_uint256.cpp` (SetCompact, GetCompact), `chain.cpp` (GetBlockProof),
`pow.cpp` (CalculateNextWorkRequired), `kernel/chainparams.cpp` (the constants).
"""

from functools import lru_cache
from typing import Final

from blockchain_lab.base.errors import DecodeError

TARGET_SPACING: Final = 600  # seconds between blocks that the retarget aims at (nPowTargetSpacing)
TARGET_TIMESPAN: Final = 14 * 24 * 60 * 60  # seconds: two weeks (nPowTargetTimespan)
RETARGET_INTERVAL: Final = TARGET_TIMESPAN // TARGET_SPACING  # 2,016 blocks
MAXIMUM_RETARGET_FACTOR: Final = 4  # one retarget changes the target by at most this factor, either way

MAINNET_LIMIT: Final = 0x1D00FFFF  # compact bits of the easiest target allowed; also that of both testnets
SIGNET_LIMIT: Final = 0x1E0377AE
REGTEST_LIMIT: Final = 0x207FFFFF  # every second hash is good enough

MANTISSA_MASK: Final = 0x007FFFFF
SIGN_BIT: Final = 0x00800000  # compact bits are a signed number; targets are never negative
NUMBER_OF_HASHES: Final = 1 << 256


def get_mantissa(bits: int) -> int:
    """The leading digits as they count: those that a size below 3 cuts off are gone."""
    size = bits >> 24
    return (bits & MANTISSA_MASK) >> (8 * max(0, 3 - size))


def is_negative(bits: int) -> bool:
    """Do these bits stand for a number below zero? (Zero with a sign is zero.)"""
    return get_mantissa(bits) != 0 and bits & SIGN_BIT != 0


def is_overflow(bits: int) -> bool:
    """Do these bits stand for a number of more than 256 bits?"""
    size, mantissa = bits >> 24, get_mantissa(bits)
    return mantissa != 0 and size - 3 + (mantissa.bit_length() + 7) // 8 > 32


@lru_cache(maxsize=1_024)  # a network has few at a time
def bits_to_target(bits: int) -> int:
    """The target that compact bits stand for, 0 .. 2**256 - 1. DecodeError when negative or too large.

    0 is a result, but no hash meets it.
    """
    if not 0 <= bits < 1 << 32:
        raise DecodeError(f"bits: wanted 32 bits, found {bits:#x}")
    if is_negative(bits):
        raise DecodeError(f"bits: {bits:#010x} is negative")
    if is_overflow(bits):
        raise DecodeError(f"bits: {bits:#010x} needs more than 256 bits")
    return get_mantissa(bits) << 8 * max(0, (bits >> 24) - 3)


def target_to_bits(target: int) -> int:
    """The compact bits of a target 0 .. 2**256 - 1, rounded down to its 2 or 3 leading bytes."""
    if not 0 <= target < NUMBER_OF_HASHES:
        raise ValueError(f"target: wanted 0 .. 2**256 - 1, found {target}")
    size = (target.bit_length() + 7) // 8
    mantissa = target >> 8 * (size - 3) if size > 3 else target << 8 * (3 - size)
    if mantissa & SIGN_BIT:  # would read as negative: one byte less of precision
        mantissa >>= 8
        size += 1
    return size << 24 | mantissa


@lru_cache(maxsize=1_024)
def work(bits: int) -> int:
    """How many hashes a block of these bits costs on average: 2**256 / (target + 1). 0 for invalid bits."""
    if is_negative(bits) or is_overflow(bits):
        return 0
    target = bits_to_target(bits)
    return NUMBER_OF_HASHES // (target + 1) if target else 0


def next_bits(
    first_time: int,
    last_time: int,
    bits: int,
    *,
    limit: int = MAINNET_LIMIT,
    timespan: int = TARGET_TIMESPAN,
) -> int:
    """The compact bits after a retarget.

    first_time, last_time: header times (Unix seconds) of the first and the last block of the period.
        2,016 blocks have only 2,015 intervals between them, so blocks on schedule make the target
        shrink by 1/2016: an off-by-one that became a rule.
    bits: of the last block of the period (of its first block where BIP 94 holds: testnet4).
    limit: compact bits of the easiest target that the network allows.
    """
    shortest, longest = timespan // MAXIMUM_RETARGET_FACTOR, timespan * MAXIMUM_RETARGET_FACTOR
    taken = min(max(last_time - first_time, shortest), longest)
    target = bits_to_target(bits) * taken // timespan
    return target_to_bits(min(target, bits_to_target(limit)))
