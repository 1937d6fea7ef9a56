"""Was safety lost in a run of the consensus floor, and who could be slashed for it? Asked of its records.

    monitor = watch(lab.scenario, lab.trace)
    monitor.conflicts, monitor.guilty, [monitor.get_accounts(each) for each in monitor.conflicts]

It reads what peers have sent, whoever got it and whatever became of it: blocks, votes, votes in blocks and
votes in evidence. So it knows more than any peer. A trace that keeps notes only has nothing to read.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.consensus.block import Block, BlockEntry, make_entry
from blockchain_lab.consensus.chain_rules import WHERE, ChainRules, PostState, read_rules
from blockchain_lab.consensus.ffg import open_draft
from blockchain_lab.consensus.ffg_params import Params
from blockchain_lab.consensus.monitor import SafetyMonitor, Sets
from blockchain_lab.consensus.orders import Evidence
from blockchain_lab.consensus.sync_messages import Branch
from blockchain_lab.consensus.vote import SignedVote
from blockchain_lab.sim.scenario import Scenario


def watch(scenario: Scenario, records: Iterable[Record]) -> SafetyMonitor:
    """The monitor after all these records of a scenario's run. O(messages), each different one once.

    Votes are counted after all blocks, so that none comes before what it names. ScenarioError for a chain
    that has no validators.
    """
    rules = read_rules(scenario.chain, scenario.seed)
    if rules.casper is None:
        raise ScenarioError(f"{WHERE}.casper", "nothing, wanted validators: there is no finality to watch")
    messages = get_sent(records)
    world = World(rules)
    for message in messages:
        for block in get_blocks(message):
            world.add(block)
    find_sets = partial(get_sets, world, rules.casper)
    monitor = SafetyMonitor(rules.genesis, rules.casper, find_sets, rules.casper.rules)
    for entry in world.entries.values():
        monitor.see_block(entry)
    for message in messages:
        for signed in get_votes(message):
            if signed.is_signed():
                monitor.see_vote(signed.vote)
    return monitor


class World:
    """All valid blocks that anybody has sent, and the state behind each."""

    def __init__(self, rules: ChainRules) -> None:
        """The genesis."""
        self.rules = rules
        self.entries: dict[bytes, BlockEntry] = {rules.genesis.hash: rules.genesis}
        self.states: dict[bytes, PostState] = {rules.genesis.hash: rules.start}
        self.waiting: dict[bytes, list[Block]] = {}  # parent -> blocks that were sent before it

    def add(self, block: Block) -> None:
        """A block, and those that have waited for it. What breaks a rule is left out."""
        blocks = [block]
        while blocks:
            each = blocks.pop()
            parent = self.entries.get(each.parent)
            if parent is None:
                self.waiting.setdefault(each.parent, []).append(each)
                continue
            state = self.rules.check(self.states[parent.hash], parent, each)
            if isinstance(state, PostState) and each.name not in self.entries:
                self.entries[each.name], self.states[each.name] = make_entry(each, parent), state
                blocks += self.waiting.pop(each.name, [])


def get_sets(world: World, params: Params, target: BlockEntry) -> Sets:
    """Who votes for a checkpoint, and with what weight: the sets of its own epoch, as its branch has them.

    A checkpoint that stands before its epoch (offset -1) does not know them yet: the next block will.
    """
    finality = world.states[target.hash].finality
    assert finality is not None  # a chain with Casper
    epoch = finality.epoch
    if epoch.number < params.get_epoch(target.height - params.checkpoint_offset):
        epoch = open_draft(finality, target, b"", params).epoch
    return Sets(epoch.forward.weights, epoch.rear.weights if params.stitching else epoch.forward.weights)


def get_sent(records: Iterable[Record]) -> list[Message]:
    """What was sent, in order, each content once."""
    sent: dict[int, Message] = {}
    for record in records:
        if record.kind == Kind.SEND and isinstance(record.detail, Block | Branch | SignedVote | Evidence):
            sent.setdefault(record.detail.content_id, record.detail)
    return list(sent.values())


def get_blocks(message: Message) -> tuple[Block, ...]:
    """The blocks in a message."""
    match message:
        case Block():
            return (message,)
        case Branch(blocks=blocks):
            return blocks
    return ()


def get_votes(message: Message) -> Iterator[SignedVote]:
    """The votes in a message, those in its blocks and in their evidence, too."""
    match message:
        case SignedVote():
            yield message
        case Evidence(first=first, second=second):
            yield from (first, second)
    for block in get_blocks(message):
        for operation in block.operations:
            yield from get_votes(operation)
