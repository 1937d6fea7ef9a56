"""What a proposer puts into its block: whatever waits and is valid there, in the order heard.

Each is tried on the state in the making; one that a rule forbids is left out and waits on, for it may be for
another branch, or for later.
"""

from collections.abc import Iterable

from blockchain_lab.consensus.actors import Actor
from blockchain_lab.consensus.block import MOST_OPERATIONS, BlockEntry
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import apply_operation, open_draft
from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.orders import Burn, Operation


def choose_operations(
    waiting: Iterable[Operation],
    actor: Actor,
    parent: BlockEntry,
    finality: FinalityState | None,
    params: Params | None,
) -> tuple[Operation, ...]:
    """For a block on `parent`, behind which `finality` is true. O(waiting + validators)."""
    wanted = (operation for operation in waiting if actor.will_include(operation))
    chosen: list[Operation] = []
    if finality is None or params is None:
        chosen = [operation for operation in wanted if isinstance(operation, Burn)]
        return tuple(chosen[:MOST_OPERATIONS])
    draft = open_draft(finality, parent, b"", params)  # nothing in a block can name the block itself
    for operation in wanted:
        try:
            apply_operation(draft, parent, operation, params)
        except RuleBroken:
            continue
        chosen.append(operation)
    return tuple(chosen[:MOST_OPERATIONS])


def check_operation(operation: Operation, head: BlockEntry, finality: FinalityState, params: Params) -> None:
    """RuleBroken when a block right behind `head` could not carry it."""
    apply_operation(open_draft(finality, head, b"", params), head, operation, params)
