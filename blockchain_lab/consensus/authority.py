"""Proof of authority: a fixed list of signers, and time divided into slots that are theirs in turn.

    slot     1    2    3    4    5    6     time = slot * spacing
    signer   ann  bob  cat  ann  -    cat   whoever is silent leaves its slot empty; the next one goes on

Everybody knows whose turn it is, so there is no luck, no race and no resource: only names. Who may be on
the list is decided elsewhere; `clique` decides it with the blocks themselves.

Source: the scheme of the authority round of Parity's client ("Aura", 2017): a step is the time divided by
the step's length, its signer the one at that place of the list. EIP-225's own turns are in `signers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_no_proof, check_tick, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.parameters import MOST_TIME, WHERE, read_parameters
from blockchain_lab.consensus.proposer import Turn
from blockchain_lab.consensus.signers import clique_signers

__all__ = ["MOST_SIGNERS", "RoundRobin", "clique_signers", "read_signers"]

MOST_SIGNERS: Final = 1_000  # ours
WEIGHT: Final = 1  # of every block: the branch that left fewer slots empty counts most


@dataclass(frozen=True)
class RoundRobin:
    """One slot for each signer, over and over, in the order of the list."""

    UNITS: ClassVar[Mapping[str, str]] = {}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {"spacing": (1, MOST_TIME)}
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    signers: tuple[str, ...] = field(default=())
    spacing: Microseconds = 10 * SECOND  # of slots; ours

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """{"signers": ["ann", "bob"], "spacing": 10000000}. ScenarioError."""
        return read_parameters(cls, {**plain, "signers": read_signers(plain)})

    def get_start(self) -> None:
        """The clock says all: there is no state."""

    def apply(self, state: None, parent: BlockEntry, block: Block) -> None:
        """RuleBroken "turn" in somebody else's slot, and what `checks` asks."""
        check_block(parent, block, self.signers)
        owner = self.signers[check_tick(block, self.spacing) % len(self.signers)]
        if block.proposer != owner:
            raise RuleBroken("turn", f"found {block.proposer} at {block.time}, wanted {owner}")
        check_weight(block, WEIGHT)
        check_no_proof(block)

    def find_turn(
        self, state: None, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """The next slot of `who`. O(1)."""
        if who not in self.signers:
            return None
        first = max(after, parent.header.time) // self.spacing + 1
        slot = first + (self.signers.index(who) - first) % len(self.signers)
        return Turn(slot * self.spacing, WEIGHT)

    def get_shares(self, state: None) -> dict[str, int]:
        """One each."""
        return dict.fromkeys(self.signers, 1)


def read_signers(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The list of signers of a scenario, in its order. ScenarioError."""
    names = plain.get("signers")
    if not isinstance(names, list | tuple) or not is_roll(names):
        wanted = f"accepted: a list of 1 to {MOST_SIGNERS} different names"
        raise ScenarioError(f"{WHERE}.signers", f"found {names!r}, {wanted}")
    return tuple(names)


def is_roll(names: Sequence[Any]) -> bool:
    """Names, not too many, each of them once."""
    are_names = all(type(name) is str and name for name in names)
    return are_names and 1 <= len(names) <= MOST_SIGNERS and len(set(names)) == len(names)
