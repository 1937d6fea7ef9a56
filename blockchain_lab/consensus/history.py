"""Proof of history: no lottery but a clock. Who leads is known before; the clock proves that time has passed.

    slot      0 ann   1 ann   2 bob   3 cat   4 ann ...      a schedule for each epoch, drawn by stake
    block     ann's ---------- bob's -- nobody -- ann's      cat is away: her slot stays empty

A leader continues the hash clock of its parent: it mixes the parent's name in, and then ticks through all
slots up to its own, the empty ones too. So a block cannot come sooner than somebody has hashed through these
slots, and nobody waits for cat to say that she is away. Each block counts 1.

Everybody checks by hashing the same again, here in one go; `hash_clock` shows how parts are checked at the
same time. Schedules follow from a seed in the scenario and the epoch's number (Solana: from the number alone,
with the stakes as they were). Everybody's slots are known in advance, to those who attack leaders too.

Source: A. Yakovenko, "Solana" (2018); slots of 400 ms, 4 in a row for each leader, 432,000 an epoch (Solana
clock.rs, with 64 ticks a slot and 12,500 hashes a tick at first). Solana's votes (Tower BFT) are not played.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.draws import MASK_64, draw, get_key, to_below
from blockchain_lab.base.units import MILLISECOND, Microseconds
from blockchain_lab.chain.tree import get_branch
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.hash_clock import compute_mark
from blockchain_lab.consensus.parameters import MOST_TIME, read_parameters
from blockchain_lab.consensus.proposer import Turn

WEIGHT: Final = 1  # of every block
MOST_SLOTS: Final = 1 << 12  # looked through before one gives up
MOST_EMPTY: Final = 1 << 16  # slots that a block may hash through; with 400 ms each, 7 hours
GENESIS_SLOT: Final = -1


@dataclass(frozen=True, slots=True)
class Hour:
    """The state behind a block: its slot, and what the clock showed at its end."""

    slot: int
    value: bytes


@lru_cache(maxsize=1 << 8)  # every peer asks for the same one
def get_schedule(
    stakes: tuple[tuple[str, int], ...], seed: int, epoch: int, slots: int, row: int
) -> tuple[str, ...]:
    """Who leads each slot of an epoch. Each draw gives `row` slots in a row, with a chance by stake."""
    key, total = get_key("leaders", seed, epoch), sum(units for _, units in stakes)
    leaders: list[str] = []
    for number in range(-(-slots // row)):
        ticket = to_below(draw(key, number), total)
        for name, units in stakes:
            ticket -= units
            if ticket < 0:
                leaders += [name] * row
                break
    return tuple(leaders[:slots])


@dataclass(frozen=True)
class History:
    """A `Proposer`. Its state is an `Hour`."""

    UNITS: ClassVar[Mapping[str, str]] = {"stakes": "units of stake"}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "slot": (1, MOST_TIME),
        "ticks": (1, 1 << 10),
        "row": (1, 1 << 16),
        "epoch": (1, 1 << 16),
        "seed": (0, MASK_64),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    stakes: Mapping[str, int]
    slot: Microseconds = 400 * MILLISECOND
    ticks: int = 8  # hashes of the clock in a slot; Solana has some hundred thousand
    row: int = 4  # slots in a row for each leader
    epoch: int = 64  # slots of a schedule; Solana has 432,000
    seed: int = 1  # of the schedules; the scenario's, if its chain names no other

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From a scenario. ScenarioError."""
        return read_parameters(cls, plain)

    def get_start(self) -> Hour:
        """Before the first slot."""
        return Hour(GENESIS_SLOT, bytes(32))

    def get_shares(self, state: Hour) -> Mapping[str, int]:
        """The stakes."""
        return self.stakes

    def get_leader(self, slot: int) -> str:
        """Who may make a block in this slot, on whatever branch."""
        epoch, place = divmod(slot, self.epoch)
        return get_schedule(tuple(self.stakes.items()), self.seed, epoch, self.epoch, self.row)[place]

    def get_proof(self, state: Hour, parent: bytes, slot: int) -> bytes:
        """What the clock shows at the end of `slot`, when a block there continues this parent's clock."""
        return compute_mark(compute_mark(state.value, 1, parent), (slot - state.slot) * self.ticks)

    def find_turn(
        self, state: Hour, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """In its next slot that is not over, behind the parent's, within 4,096. O(slots * ticks)"""
        earliest = max(after, parent.header.time) + 1
        first = max(earliest // self.slot, state.slot + 1)
        for slot in range(first, min(first + MOST_SLOTS, state.slot + MOST_EMPTY + 1)):
            if self.get_leader(slot) == who:
                at = max(earliest, slot * self.slot)
                return Turn(at, WEIGHT, self.get_proof(state, parent.hash, slot))
        return None

    def apply(self, state: Hour, parent: BlockEntry, block: Block) -> Hour:
        """RuleBroken "slot", "leader", "proof", "weight", and what `check_block` asks."""
        check_block(parent, block, self.stakes)
        check_weight(block, WEIGHT)
        slot = block.time // self.slot
        if not state.slot < slot <= state.slot + MOST_EMPTY:
            raise RuleBroken("slot", f"found {slot}, wanted one of the {MOST_EMPTY:,} after {state.slot}")
        leader = self.get_leader(slot)
        if leader != block.proposer:
            raise RuleBroken("leader", f"slot {slot} is {leader!r}'s, not {block.proposer!r}'s")
        if block.proof != self.get_proof(state, parent.hash, slot):
            raise RuleBroken("proof", f"the clock does not show {block.proof.hex():.16} in slot {slot}")
        return Hour(slot, block.proof)

    def get_empty_slots(self, root: BlockEntry, tip: BlockEntry) -> list[int]:
        """The slots above `root` and below `tip` without a block on this branch. O(slots)"""
        slots = [entry.header.time // self.slot for entry in get_branch(root, tip)]
        first = root.header.time // self.slot + 1 if root.height else 0
        return sorted(set(range(first, max(slots, default=first))) - set(slots))
