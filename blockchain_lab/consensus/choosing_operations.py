"""What a proposer puts into its block: whatever waits and is valid there, in the order heard.

Each is tried on the state in the making; one that a rule forbids is left out and waits on, for it may be for
another branch, or for later.
"""

from collections.abc import Iterable

from blockchain_lab.consensus.actors import Actor
from blockchain_lab.consensus.block import MOST_OPERATIONS, BlockEntry
from blockchain_lab.consensus.chain_rules import ChainRules, PostState
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import apply_operation, open_draft
from blockchain_lab.consensus.orders import Burn, Operation


def choose_operations(
    waiting: Iterable[Operation],
    actor: Actor,
    parent: BlockEntry,
    state: PostState,
    rules: ChainRules,
) -> tuple[Operation, ...]:
    """For a block on `parent`, behind which `state` is true. O(waiting + validators)."""
    trial = Trial(parent, state, rules)
    chosen: list[Operation] = []
    for operation in waiting:
        if len(chosen) == MOST_OPERATIONS:
            break
        if not actor.will_include(operation):
            continue
        try:
            trial.add(operation)
        except RuleBroken:
            continue
        chosen.append(operation)
    return tuple(chosen)


class Trial:
    """A block in the making behind `parent`: what else may it carry?"""

    def __init__(self, parent: BlockEntry, state: PostState, rules: ChainRules) -> None:
        """Nothing yet. O(validators)."""
        self.parent, self.rules, self.lottery = parent, rules, state.lottery
        self.draft = None
        if state.finality is not None and rules.casper is not None:  # what a block carries cannot name it
            self.draft = open_draft(state.finality, parent, b"", rules.casper)

    def add(self, operation: Operation) -> None:
        """One more. RuleBroken, and it is as if it had not been tried."""
        if isinstance(operation, Burn):
            self.lottery = self.rules.burn(self.lottery, operation, self.parent.height + 1)
        elif self.draft is None or self.rules.casper is None:
            raise RuleBroken("no casper", f"found a {operation.command} for a chain without validators")
        else:
            apply_operation(self.draft, self.parent, operation, self.rules.casper)
