"""The kernel: a hash that says in which seconds a stake may make a block. Stake, Peercoin and burn use it.

    H(modifier, ticket, tick) < limit          the limit grows with the stake

One try in each tick of the clock (a second, in the sources) and no nonce: whoever has computed them all can
only wait. Neither the parent nor the content of the block goes in. That is what makes trying again useless,
and also why one and the same second is right on two branches at once: nothing is at stake.

Where the *modifier* comes from decides who can steer the lottery:

    interval   from one bit of each earlier block, anew with the first block of each interval (Peercoin)
    chain      from the last modifier and the proposer's name, with each block: nothing in it to choose
    block      the last block's hash: whoever makes a block can make another one, until it suits (grinding)

Source: Peercoin kernel.cpp (CheckStakeKernelHash, ComputeNextStakeModifier). There 64 blocks of a group are
selected by hash; here the bits of the last 64 blocks are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

from blockchain_lab.base.draws import MASK_64

MODIFIERS: Final = ("interval", "chain", "block")
HASHES: Final = 1 << 256  # a kernel is one of so many
MODIFIER_SIZE: Final = 32  # bytes; Peercoin has 8
WINDOW: Final = 64  # ticks whose kernels are computed together and kept
MOST_TICKS: Final = 1 << 16  # looked through before one gives up; at a second each, 18 hours
MOST_TICK: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Modifier:
    """What the last blocks say to the kernels of the next ones."""

    value: bytes = bytes(MODIFIER_SIZE)  # Peercoin: a genesis has the modifier 0
    bits: int = 0  # one of each of the last 64 blocks, the latest lowest


def get_first_modifier(seed: int) -> Modifier:
    """The one behind the genesis. seed: the run's, 64 bits; so another run has other turns, for all the same.

    Peercoin's genesis is that of seed 0.
    """
    return Modifier(seed.to_bytes(MODIFIER_SIZE, "little"))


@lru_cache(maxsize=1 << 11)  # of 4 kB; all branches that share a modifier ask again for the same
def get_kernels(modifier: bytes, ticket: bytes, window: int) -> tuple[int, ...]:
    """The kernels of the ticks 64 * window .. 64 * window + 63, each 0 .. 2**256 - 1."""
    head = sha256(modifier + ticket)
    kernels = []
    for tick in range(WINDOW * window, WINDOW * (window + 1)):
        whole = head.copy()
        whole.update(tick.to_bytes(8, "little"))
        kernels.append(int.from_bytes(whole.digest(), "little"))
    return tuple(kernels)


def compute_kernel(modifier: bytes, ticket: bytes, tick: int) -> int:
    """The kernel of one tick."""
    return get_kernels(modifier, ticket, tick // WINDOW)[tick % WINDOW]


def find_tick(modifier: bytes, ticket: bytes, first: int, get_limit: Callable[[int], int]) -> int | None:
    """The first tick, from `first` on, whose kernel is below `get_limit(tick)`.

    None when 65,536 ticks hold none: a stake so small is asked again with the next block. O(ticks)
    """
    for tick in range(first, min(first + MOST_TICKS, MOST_TICK)):
        if compute_kernel(modifier, ticket, tick) < get_limit(tick):
            return tick
    return None


def compute_limit(stake: int, total: int, spacing: int) -> int:
    """Below which a kernel wins: the whole stake finds one block in `spacing` ticks, a part so much less."""
    return HASHES * stake // (total * spacing)


def compute_next_modifier(
    modifier: Modifier, kind: str, *, proposer: str, name: bytes, is_new_interval: bool
) -> Modifier:
    """The modifier behind a block of this proposer and this name.

    is_new_interval: is the block the first of an interval? It opens it with the bits of those before it, its
        own not among them, so that it has no say in the lottery that it begins.
    """
    bits = (modifier.bits << 1 | name[0] & 1) & MASK_64
    match kind:
        case "block":
            return Modifier(name, bits)
        case "chain":
            return Modifier(sha256(modifier.value + proposer.encode()).digest(), bits)
    if not is_new_interval:
        return Modifier(modifier.value, bits)
    return Modifier(sha256(modifier.value + modifier.bits.to_bytes(8, "little")).digest(), bits)
