"""A branch of blocks that grows by hand, with the state of Casper FFG behind each block."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from blockchain_lab.chain.tree import get_ancestor
from blockchain_lab.consensus.block import Block, BlockEntry, make_entry, make_genesis
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import apply_block, get_start
from blockchain_lab.consensus.ffg_events import Event
from blockchain_lab.consensus.ffg_params import LAB, Params
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.orders import Operation
from blockchain_lab.consensus.rewards import RewardRules
from blockchain_lab.consensus.vote import SignedVote, Vote

GENESIS = make_genesis("casper")
STILL = replace(LAB, rewards=RewardRules(0, 0, leak="none"))  # deposits stay as they are
FOUR = {"ann": 25, "bob": 25, "cat": 25, "dan": 25}


class Branch:
    """One branch; `fork` makes another one that shares all blocks so far."""

    def __init__(self, params: Params = STILL, founders: Mapping[str, int] = FOUR) -> None:
        """At the genesis."""
        self.params = params
        self.tip: BlockEntry = GENESIS
        self.state: FinalityState = get_start(params, founders, GENESIS.hash)
        self.events: list[Event] = []
        self.votes: list[Vote] = []  # all that were cast here
        self.maker = "ann"

    def fork(self, maker: str = "bob") -> "Branch":
        """Another one from this tip; who makes its blocks tells them from these."""
        twin = Branch(self.params)
        twin.tip, twin.state, twin.maker = self.tip, self.state, maker
        twin.events, twin.votes = list(self.events), list(self.votes)
        return twin

    def grow(self, *operations: Operation) -> tuple[Event, ...]:
        """One block on top, with these operations. RuleBroken, and the branch stays as it was."""
        height = self.tip.height + 1
        block = Block(self.tip.hash, height, height * 1_000_000, self.maker, 1, operations=operations)
        self.state, events = apply_block(self.state, self.tip, block, self.params)
        self.tip = make_entry(block, self.tip)
        self.events += events
        return events

    def carry(self, mail: Iterable[SignedVote]) -> tuple[Event, ...]:
        """A block with those votes that it may include, one of each validator."""
        chosen: dict[str, SignedVote] = {}
        for signed in mail:
            if signed.vote.validator not in chosen and self.may_carry(signed):
                chosen[signed.vote.validator] = signed
        return self.grow(*chosen.values())

    def may_carry(self, operation: Operation) -> bool:
        """Would a block with this be valid? Nothing changes."""
        height = self.tip.height + 1
        block = Block(self.tip.hash, height, height * 1_000_000, self.maker, 1, operations=(operation,))
        try:
            apply_block(self.state, self.tip, block, self.params)
        except RuleBroken:
            return False
        return True

    def reach(self, epoch: int) -> "Branch":
        """Empty blocks up to the first one in which votes for that epoch's checkpoint count."""
        while self.tip.height < max(
            self.params.get_checkpoint_height(epoch), epoch * self.params.epoch_length
        ):
            self.grow()
        return self

    def vote(self, name: str, source: int | None = None, target: int | None = None) -> SignedVote:
        """A vote from one checkpoint of this branch to another; as expected in this epoch when not said."""
        epoch = self.state.epoch
        heights = epoch.source.epoch if source is None else source, epoch.number if target is None else target
        names = [get_ancestor(self.tip, self.params.get_checkpoint_height(height)).hash for height in heights]
        return SignedVote.by(Vote(name, *names, *heights))

    def cast(self, names: Iterable[str], source: int | None = None) -> tuple[Event, ...]:
        """A block with the votes of all of them for this epoch."""
        signed = [self.vote(name, source) for name in names]
        events = self.grow(*signed)
        self.votes += [each.vote for each in signed]
        return events

    def pass_epochs(self, number: int, voters: Iterable[str] | None = None) -> "Branch":
        """The next epochs, in each of which these vote at once; all members when nobody is named."""
        names = None if voters is None else list(voters)
        for _ in range(number):
            self.reach(self.state.epoch.number + 1)
            epoch = self.state.epoch
            self.cast({**epoch.forward.weights, **epoch.rear.weights} if names is None else names)
        return self

    def get_last(self, kind: type) -> Event:
        """The last event of a kind."""
        return [event for event in self.events if isinstance(event, kind)][-1]
