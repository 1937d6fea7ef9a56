"""Proof of capacity: what counts is prepared answers on a disk, plotted once, before the play.

    plot      each nonce: a chain of hashes from the owner's key, cut into scoops, all of them kept
    block     its generation signature picks one scoop; each nonce's scoop gives one hit, 64 random bits
    turn      deadline = hit / base target, in seconds; the smallest deadline comes first

The smallest of n even draws is below x with a chance that is about n times that of one, so chances go with
the plots. To read a scoop is cheap, to make it again is a whole chain: who has stored it is ahead. The next
generation signature comes from the last one and its forger's name: nothing in a block can change it.

The network's size is guessed from the time that blocks take: the base target follows it, by Peercoin's rule
and not by Burst's. A block counts 2**64 / base target.

Source: Burst (2014): 4,096 scoops a nonce, 4 minutes a block, hashes by Shabal; here SHA-256, fewer scoops.
How much somebody has plotted the lab knows and checks; a real chain takes any nonce, and only the time to
compute it stands in the way of those who never stored it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.parameters import MOST_TIME, WHERE, read_parameters
from blockchain_lab.consensus.peercoin import get_next_target
from blockchain_lab.consensus.proposer import Turn

SCOOPS_OF_BURST: Final = 4_096  # in a nonce of 256 kB, 64 bytes each
MOST_NONCES: Final = 1 << 12  # of one name; more would take seconds to plot
SIGNATURE_SIZE: Final = 32  # bytes
HIT_SIZE: Final = 8  # bytes
HITS: Final = 1 << 8 * HIT_SIZE
NONCE_SIZE: Final = 8  # bytes of a proof
PATIENCE: Final = 24  # blocks of the retarget; Burst looks back on as many


@dataclass(frozen=True, slots=True)
class Generation:
    """The state behind a block."""

    signature: bytes  # of SIGNATURE_SIZE
    base_target: int


@lru_cache(maxsize=1 << 7)  # the disk: plotted once in a process
def get_plot(key: bytes, nonces: int, scoops: int) -> tuple[tuple[bytes, ...], ...]:
    """Scoop -> nonce -> 32 bytes. O(nonces * scoops), in time and in memory."""
    chains = [get_scoops(key, nonce, scoops) for nonce in range(nonces)]
    return tuple(zip(*chains, strict=True))


def get_scoops(key: bytes, nonce: int, scoops: int) -> list[bytes]:
    """One nonce: a chain of hashes, and each of its links hashed with the last one.

    So nobody has a single scoop without the whole chain.
    """
    link = key + nonce.to_bytes(NONCE_SIZE, "little")
    chain = []
    for _ in range(scoops):
        link = sha256(link).digest()
        chain.append(link)
    return [sha256(each + link).digest() for each in chain]


def get_scoop_number(signature: bytes, height: int, scoops: int) -> int:
    """Which scoop the block at this height asks for."""
    return int.from_bytes(sha256(signature + height.to_bytes(8, "little")).digest(), "little") % scoops


def get_hit(signature: bytes, scoop: bytes) -> int:
    """0 .. 2**64 - 1: the smaller, the sooner."""
    return int.from_bytes(sha256(signature + scoop).digest()[:HIT_SIZE], "little")


def get_next_signature(signature: bytes, forger: str) -> bytes:
    """Of the next block: it knows who forged the last one, and nothing else of it."""
    return sha256(signature + forger.encode()).digest()


@dataclass(frozen=True)
class Capacity:
    """A `Proposer`. Its state is a `Generation`."""

    UNITS: ClassVar[Mapping[str, str]] = {"plots": "nonces"}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "scoops": (1, SCOOPS_OF_BURST),
        "spacing": (SECOND, MOST_TIME),
        "seed": (0, MASK_64),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    plots: Mapping[str, int]
    scoops: int = 16  # Burst has 4,096
    spacing: Microseconds = 4 * MINUTE
    seed: int = 0  # the first generation signature; the scenario's, if its chain names no other

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From a scenario. ScenarioError."""
        rule = read_parameters(cls, plain)
        for name, nonces in rule.plots.items():
            if nonces > MOST_NONCES:
                accepted = f"accepted: up to {MOST_NONCES:,} nonces"
                raise ScenarioError(f"{WHERE}.plots.{name}", f"found {nonces}, {accepted}")
        return rule

    def get_start(self) -> Generation:
        """The base target that fits all plots: of n nonces the smallest hit is 2**64 / (n + 1) on average."""
        hit = HITS // (sum(self.plots.values()) + 1)
        return Generation(self.seed.to_bytes(SIGNATURE_SIZE, "little"), max(1, hit * SECOND // self.spacing))

    def get_shares(self, state: Generation) -> Mapping[str, int]:
        """The plots."""
        return self.plots

    def find_turn(
        self, state: Generation, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """Once its smallest deadline is over. O(nonces), the first time plus the plotting."""
        nonces = self.plots.get(who, 0)
        if nonces == 0:
            return None
        number = get_scoop_number(state.signature, parent.height + 1, self.scoops)
        plot = get_plot(who.encode(), nonces, self.scoops)[number]
        hit, nonce = min((get_hit(state.signature, scoop), nonce) for nonce, scoop in enumerate(plot))
        due = parent.header.time + self.get_deadline(state, hit)
        proof = nonce.to_bytes(NONCE_SIZE, "little")
        return Turn(max(due, after + 1, parent.header.time + 1), HITS // state.base_target, proof)

    def get_deadline(self, state: Generation, hit: int) -> Microseconds:
        """How long after its parent a block with this hit may come: whole seconds."""
        return hit // state.base_target * SECOND

    def apply(self, state: Generation, parent: BlockEntry, block: Block) -> Generation:
        """RuleBroken "proof", "deadline", "weight", and what `check_block` asks. One nonce's scoops."""
        check_block(parent, block, self.plots)
        check_weight(block, HITS // state.base_target)
        nonce = int.from_bytes(block.proof, "little")
        if len(block.proof) != NONCE_SIZE or nonce >= self.plots[block.proposer]:
            raise RuleBroken("proof", f"{block.proposer!r} has not plotted nonce {block.proof.hex()}")
        number = get_scoop_number(state.signature, block.height, self.scoops)
        scoop = get_scoops(block.proposer.encode(), nonce, self.scoops)[number]
        deadline = self.get_deadline(state, get_hit(state.signature, scoop))
        taken = block.time - parent.header.time
        if taken < deadline:
            raise RuleBroken("deadline", f"came after {taken} of {deadline} microseconds")
        base_target = get_next_target(state.base_target, taken, self.spacing, PATIENCE)
        return Generation(get_next_signature(state.signature, block.proposer), base_target)
