"""Lesson 11, the loop that all miners run: the learner's `mine`, judged by hashing what it found again.

Any nonce that seals the header is right, whichever it is. What a learner mines is a real block of regtest.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.nonce_search import NONCE_SIZE, NONCES, search_all
from blockchain_lab.course.cards import Card
from blockchain_lab.course.functions import Function, Outcome, call
from blockchain_lab.course.judgement import NOT_ANSWERED, Judgement, Verdict
from blockchain_lab.course.l11_chain import get_limit, make_blocks, show_hash
from blockchain_lab.course.questions import GUEST_SEED, Mistake

OWN_ZEROS: Final = 3  # of the learner's own block: 4,096 tries on average

Mine = Callable[[bytes, int], Any]


@lru_cache(maxsize=1)
def make_cases() -> tuple[tuple[bytes, int], ...]:
    """76 bytes of a real header and a target, five times; 16 to 256 tries on average."""
    blocks = make_blocks(tuple(f"case {number}" for number in range(5)), (0,) * 5)
    targets = (get_limit(1), get_limit(2), get_limit(2), 0x123456 << 228, 0x1FFFFF << 230)
    return tuple(
        (block.header.encode()[:-NONCE_SIZE], target) for block, target in zip(blocks, targets, strict=True)
    )


def is_sealed_by(header: bytes, target: int, nonce: Any) -> bool:
    """Is this a nonce, and is the header's hash with it low enough? Nothing but two hashes."""
    if type(nonce) is not int or not 0 <= nonce < NONCES:
        return False
    twice = sha256(sha256(header + nonce.to_bytes(NONCE_SIZE, "little")).digest()).digest()
    return int.from_bytes(twice, "little") <= target


# -- the right way, and another one --------------------------------------------------------------------------


def mine(header: bytes, target: int) -> int:
    """Nonce after nonce, from 0 on."""
    for nonce in range(2**32):
        once = sha256(header + nonce.to_bytes(4, "little")).digest()
        twice = sha256(once).digest()
        if int.from_bytes(twice, "little") <= target:
            return nonce
    raise ValueError("no nonce is good enough")


def mine_by_engine(header: bytes, target: int) -> int:
    """As the engine's miners do it."""
    for searched in search_all(Header.decode(header + bytes(NONCE_SIZE)), target=target):
        if searched.header is not None:
            return searched.header.nonce
    raise ValueError("no nonce is good enough")


# -- slips ---------------------------------------------------------------------------------------------------


def hash_once(header: bytes, target: int) -> int:
    """A mistake: one SHA-256 instead of two."""
    nonce = 0
    while int.from_bytes(sha256(header + nonce.to_bytes(4, "little")).digest(), "little") > target:
        nonce += 1
    return nonce


def write_nonce_backwards(header: bytes, target: int) -> int:
    """A mistake: the nonce's highest byte first."""
    nonce = 0
    while int.from_bytes(hash_twice(header + nonce.to_bytes(4, "big")), "little") > target:
        nonce += 1
    return nonce


def read_hash_backwards(header: bytes, target: int) -> int:
    """A mistake: the hash's first byte counts most."""
    nonce = 0
    while int.from_bytes(hash_twice(header + nonce.to_bytes(4, "little")), "big") > target:
        nonce += 1
    return nonce


def compare_backwards(header: bytes, target: int) -> int:
    """A mistake: a hash above the target is taken."""
    nonce = 0
    while int.from_bytes(hash_twice(header + nonce.to_bytes(4, "little")), "little") <= target:
        nonce += 1
    return nonce


def return_hash(header: bytes, target: int) -> int:
    """A mistake: the hash, not the nonce."""
    return int.from_bytes(hash_twice(header + mine(header, target).to_bytes(4, "little")), "little")


def hash_twice(raw: bytes) -> bytes:
    """SHA-256 of SHA-256."""
    return sha256(sha256(raw).digest()).digest()


# -- the question --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NonceFinder(Function):
    """A function that finds a nonce: judged by hashing, not by which of the good nonces it is."""

    def judge_outcomes(self, outcomes: list[Outcome], seed: int = GUEST_SEED) -> Judgement:
        """Right when each nonce seals its header."""
        good = [
            is_sealed_by(header, target, outcome.value)
            for (header, target), outcome in zip(self.cases, outcomes, strict=True)
        ]
        if all(good):
            return Judgement(Verdict.RIGHT, self.because)
        judgement = super().judge_outcomes(outcomes, seed)
        if judgement == NOT_ANSWERED:
            return judgement
        ours = self.get_values(self.answer(seed))
        right = [
            outcome.value if is_good else value
            for is_good, outcome, value in zip(good, outcomes, ours, strict=True)
        ]
        return Judgement(Verdict.WRONG, self.explain_outcomes(outcomes, right))


FIND_NONCE: Final = NonceFinder(
    id="L11.q4",
    title="The loop",
    prompt="Write mine: a nonce with which the header's hash, read as a number, is not above the target.",
    name="mine",
    cases=make_cases(),
    passes="five headers, five targets: hashed twice with your nonce, each header is not above its target."
    " Any nonce that does it is right.",
    hints=(
        "`for nonce in range(2**32):` and in it one try, made of three steps: join, hash twice, compare.",
        '`header + nonce.to_bytes(4, "little")` are the 80 bytes; `sha256(sha256(...).digest()).digest()`'
        " hashes them twice.",
        '`if int.from_bytes(twice, "little") <= target: return nonce`.',
    ),
    because="That is all that a miner's largest data centre does, only more often.",
    solution="Try, hash twice, compare:\n\n{answer}",
    answer=lambda seed: mine,
    again=lambda seed: mine_by_engine,
    mistakes=(
        Mistake(hash_once, "Bitcoin hashes twice: SHA-256 of the SHA-256 of the 80 bytes."),
        Mistake(
            write_nonce_backwards,
            'The nonce is written with its lowest byte first: `to_bytes(4, "little")`.',
        ),
        Mistake(
            read_hash_backwards,
            'The hash is read with its lowest byte first: `int.from_bytes(twice, "little")`.',
        ),
        Mistake(compare_backwards, "These hashes are above the target. A good one is at or below it: `<=`."),
        Mistake(return_hash, "You return the hash as a number. Wanted is the nonce that leads to it."),
    ),
)


# -- the learner's own block ---------------------------------------------------------------------------------


def make_own_block(mine: Mine, text: str) -> Block | None:
    """The learner's text in block 1 of regtest, sealed by the learner's function; None if it is not."""
    (candidate,) = make_blocks((text,), (0,))
    header, target = candidate.header.encode()[:-NONCE_SIZE], get_limit(OWN_ZEROS)
    nonce = call(mine, (header, target)).value
    if not is_sealed_by(header, target, nonce):
        return None
    return replace(candidate, header=replace(candidate.header, nonce=nonce))


def show_own_block(mine: Mine, text: str) -> Card:
    """It as a card, header and all."""
    block = make_own_block(mine, text[:60] or " ")
    if block is None:
        words = "No nonce has come that seals this header. The block waits for your function."
        return Card("plain", "○", "Not mined yet", text, (words,))
    header = block.header
    rows = (
        f"its 80 bytes: {header.encode().hex()}",
        f"nonce: {header.nonce:,}",
        f"hash: {show_hash(header.hash())}",
    )
    last = "A valid block on the genesis of regtest: Bitcoin Core's own engine takes it."
    return Card("right", "✓", "Mined", text, ("Your block.",), code="\n".join(rows), small=(last,))
