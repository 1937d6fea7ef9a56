"""What a peer has heard and no block on its branch carries yet: for its next block."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.consensus.orders import Evidence, Operation
from blockchain_lab.consensus.vote import SignedVote

MOST_WAITING: Final = 10_000  # operations; ours: the oldest makes room


@dataclass(slots=True)
class WaitingRoom:
    """By content, in the order heard."""

    operations: dict[int, Operation] = field(default_factory=dict)

    def __contains__(self, operation: Operation) -> bool:
        """Does it wait here?"""
        return operation.content_id in self.operations

    def add(self, operation: Operation) -> None:
        """Let it wait; the one that has waited longest goes when there is no room."""
        if len(self.operations) >= MOST_WAITING and operation not in self:
            del self.operations[next(iter(self.operations))]
        self.operations[operation.content_id] = operation

    def remove(self, operations: Iterable[Operation]) -> None:
        """A block has them now, or they can never be valid again."""
        for operation in operations:
            self.operations.pop(operation.content_id, None)

    def drop_evidence(self, validator: str) -> None:
        """A block of our branch has evidence against this one: a deposit is lost only once. O(waiting).

        Should we leave the block's branch, its own evidence waits again.
        """
        self.operations = {
            name: operation
            for name, operation in self.operations.items()
            if not isinstance(operation, Evidence) or operation.first.vote.validator != validator
        }

    def drop_votes_below(self, epoch: int) -> None:
        """Votes for so low a target can never be counted again. O(waiting)."""
        self.operations = {
            name: operation
            for name, operation in self.operations.items()
            if not isinstance(operation, SignedVote) or operation.vote.target_height >= epoch
        }
