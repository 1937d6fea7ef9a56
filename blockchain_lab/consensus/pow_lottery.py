"""Proof of work: each hash is a draw, so the waiting time is exponential, and having waited does not help.

Nobody here hashes as long as a block takes: how many hashes a second everybody has stands in the scenario,
and `find_turn` draws when one of them will be good enough. So nobody "stops and listens" when another one was
faster either: the next draw begins on the new tip at once, and is as good as any.

    proof "none"   the luck is believed; what a block claims cannot be checked. Cheap, for long runs.
    proof "hash"   behind the draw a real nonce is searched for, and everybody checks it. The hash commits to
                   the seat of the block (parent, proposer, time), not to what it carries: that is signed.

The difficulty is the number of hashes that a block takes on average. Every `window` blocks it follows the
time that they took, as Bitcoin's does every 2,016, by a factor of 4 at most (`chain.work` has Bitcoin's own
rule, with its compact bits). A block counts its difficulty: many easy blocks may be less work than a few
hard ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.draws import draw, get_key, to_exponential
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.chain.work import MAXIMUM_RETARGET_FACTOR, NUMBER_OF_HASHES
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_no_proof, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.parameters import MOST_TIME, WHERE, read_parameters
from blockchain_lab.consensus.proposer import Turn

MOST_DIFFICULTY: Final = 1 << 64  # hashes
MOST_REAL_DIFFICULTY: Final = 1 << 12  # hashes that are really computed for a block; some milliseconds
NONCE_SIZE: Final = 8  # bytes
PROOFS: Final = ("none", "hash")


@dataclass(frozen=True, slots=True)
class Difficulty:
    """How hard the next block is, and since when."""

    hashes: int  # on average
    since: Microseconds  # the time of the block from which the window counts


@dataclass(frozen=True)
class PowLottery:
    """A `Proposer`. Its state is the difficulty."""

    UNITS: ClassVar[Mapping[str, str]] = {"powers": "hashes a second"}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "spacing": (1, MOST_TIME),
        "difficulty": (0, MOST_DIFFICULTY),
        "window": (0, 1 << 32),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {"proof": PROOFS}

    powers: Mapping[str, int]
    spacing: Microseconds = MINUTE  # that the retarget aims at; Bitcoin has 10 minutes
    difficulty: int = 0  # of the first block; 0: what all powers together do in one spacing
    window: int = 0  # blocks from one retarget to the next; 0: never. Bitcoin has 2,016
    proof: str = "none"

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From a scenario. ScenarioError."""
        lottery = read_parameters(cls, plain)
        hashes = lottery.get_start().hashes
        if lottery.proof == "hash" and hashes > MOST_REAL_DIFFICULTY:
            found = f"{hashes} hashes that are really computed"
            raise ScenarioError(
                f"{WHERE}.difficulty", f"found {found}, accepted: up to {MOST_REAL_DIFFICULTY}"
            )
        return lottery

    def get_start(self) -> Difficulty:
        """As the scenario says."""
        full = sum(self.powers.values()) * self.spacing // SECOND
        return Difficulty(self.difficulty or max(1, full), 0)

    def get_shares(self, state: Difficulty) -> Mapping[str, int]:
        """The powers."""
        return self.powers

    def find_turn(
        self, state: Difficulty, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """A waiting time from now on. Asked at another time it is another draw, which is no better."""
        power = self.powers.get(who, 0)
        if power == 0:
            return None
        start = max(after, parent.header.time)
        bits = draw(luck, get_key("proof of work", parent.hash.hex(), who, start))
        at = start + max(1, to_exponential(bits, state.hashes * SECOND // power))
        proof = find_nonce(parent.hash, who, at, state.hashes) if self.proof == "hash" else b""
        return Turn(at, state.hashes, proof)

    def apply(self, state: Difficulty, parent: BlockEntry, block: Block) -> Difficulty:
        """RuleBroken "weight", "proof", and what `check_block` asks."""
        check_block(parent, block, self.powers)
        check_weight(block, state.hashes)
        if self.proof == "none":
            check_no_proof(block)
        elif not is_work(block.parent, block.proposer, block.time, block.proof, state.hashes):
            raise RuleBroken("proof", f"found {block.proof.hex() or 'nothing'}, wanted {state.hashes} hashes")
        if self.window == 0 or block.height % self.window:
            return state
        hashes = compute_difficulty(state.hashes, block.time - state.since, self.window * self.spacing)
        if self.proof == "hash":
            hashes = min(hashes, MOST_REAL_DIFFICULTY)
        return Difficulty(hashes, block.time)


def compute_difficulty(hashes: int, taken: Microseconds, wanted: Microseconds) -> int:
    """After a window of blocks took `taken` instead of `wanted`: by the factor 4 at most, and at least 1.

    All intervals count; Bitcoin forgets one of its 2,016.
    """
    shortest, longest = max(1, wanted // MAXIMUM_RETARGET_FACTOR), wanted * MAXIMUM_RETARGET_FACTOR
    hashes = hashes * wanted // min(max(taken, shortest), longest)
    return min(max(1, hashes), MOST_DIFFICULTY)


def is_work(parent: bytes, proposer: str, time: Microseconds, nonce: bytes, hashes: int) -> bool:
    """Is this nonce one that takes so many hashes to find?"""
    seat = get_seat(parent, proposer, time)
    return len(nonce) == NONCE_SIZE and get_number(seat + nonce) * hashes < NUMBER_OF_HASHES


@lru_cache(maxsize=1 << 10)  # replays ask again
def find_nonce(parent: bytes, proposer: str, time: Microseconds, hashes: int) -> bytes:
    """The first nonce that is good enough: 8 bytes. So many hashes on average, under a microsecond each."""
    seat = get_seat(parent, proposer, time)
    nonce = 0
    while get_number(seat + nonce.to_bytes(NONCE_SIZE, "little")) * hashes >= NUMBER_OF_HASHES:
        nonce += 1
    return nonce.to_bytes(NONCE_SIZE, "little")


def get_seat(parent: bytes, proposer: str, time: Microseconds) -> bytes:
    """What the work is done for."""
    return parent + time.to_bytes(8, "little") + proposer.encode()


def get_number(preimage: bytes) -> int:
    """A hash as a number of 256 bits."""
    return int.from_bytes(sha256(preimage).digest(), "little")
