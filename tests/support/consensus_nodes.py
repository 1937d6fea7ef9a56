"""Nodes of the consensus floor without a network: told what happens by hand, and asked what they answer.

    ann = Bench("ann", deposits=("ann", "bob", "cat"))
    told = ann.hear(vote)              what it answered: notes and messages
    ann.digest()                       of its whole state

And `make_story`, which builds a scenario for a `Lab` in a few words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.chain.tree import get_ancestor
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.consensus_node import ConsensusNode
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.orders import Operation
from blockchain_lab.consensus.vote import SignedVote, Vote
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.digest import canonical
from blockchain_lab.sim.scenario import Links, Peer, Scenario, Topology

NAMES = ("ann", "bob", "cat", "dan")
SPACING = 5 * SECOND
LINE = 7  # the only one that a bench has at first; odd: the other end has dialled


def make_chain(
    signers: Iterable[str] = NAMES, deposits: Iterable[str] | Mapping[str, int] | None = NAMES, **casper: Any
) -> dict[str, Any]:
    """Signers in turn, every five seconds; without deposits no Casper."""
    proposer = {"name": "authority", "signers": list(signers), "spacing": SPACING}
    if deposits is None:
        return {"consensus": {"proposer": proposer}}
    units = dict(deposits) if isinstance(deposits, Mapping) else dict.fromkeys(deposits, 1_000_000)
    return {"consensus": {"proposer": proposer, "casper": {"coin": 1_000, "deposits": units, **casper}}}


def make_story(
    names: Iterable[str] = NAMES,
    chain: Mapping[str, Any] | None = None,
    story: Iterable[tuple[int, Action]] = (),
    policies: Mapping[str, Mapping[str, Any]] | None = None,
    **values: Any,
) -> Scenario:
    """Peers with a line between each two. story: (seconds, what); `values` replace the rest."""
    names = list(names)
    edges = [(a, b) for number, a in enumerate(names) for b in names[number + 1 :]]
    plan = {
        "peers": {name: Peer("consensus", policy=dict((policies or {}).get(name, {}))) for name in names},
        "topology": Topology(tuple(edges)),
        "links": Links(latency=(50_000, 250_000), keep_alive=10 * SECOND),
        "chain": dict(make_chain() if chain is None else chain),
        "story": tuple((at * SECOND, what) for at, what in story),
        "until": 200 * SECOND,
    }
    return Scenario(**{**plan, **values})


@dataclass
class Bench:
    """One node, and all that it has said."""

    name: str = "ann"
    chain: dict[str, Any] = field(default_factory=make_chain)
    policy: dict[str, Any] = field(default_factory=lambda: {"proposes": False})
    disk: dict[str, Any] = field(default_factory=dict)
    store: ContentStore = field(default_factory=ContentStore)
    now: int = 0
    life: int = 0
    node: ConsensusNode = field(init=False)
    said: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Switch it on, and let one other peer dial it."""
        contacts = {name: Address(f"10.0.0.{number}", 8333) for number, name in enumerate(NAMES)}
        contacts |= {name: Address("10.0.1.1", 8333) for name in [self.name] if name not in contacts}
        setup = Setup(
            name=self.name,
            address=contacts[self.name],
            neighbours=(),
            random=CounterRandom(get_key(self.name, self.life)),
            policy=self.policy,
            chain=self.chain,
            disk=self.disk,
            store=self.store,
            contacts=contacts,
        )
        self.node = ConsensusNode(setup)
        self.keep(self.node.on_start(self.now))
        self.keep(self.node.on_connected(LINE, contacts["bob"], True, self.now))

    def keep(self, effects: list[Effect]) -> list[Effect]:
        """Remember what it said."""
        self.said += effects
        return effects

    def hear(self, message: Message, line: int = LINE) -> list[Effect]:
        """What it answers to a message. Blocks take time: nobody hears one before it was made."""
        if isinstance(message, Block):
            self.now = max(self.now, message.time)
        return self.keep(self.node.on_message(line, message, self.now))

    def do(self, command: Command) -> list[Effect]:
        """Obey, if it may."""
        problem = self.node.find_problem(command, self.now)
        assert problem is None, problem
        return self.keep(self.node.on_command(command, self.now))

    def revive(self, **changes: Any) -> "Bench":
        """Another life with the disk of this one."""
        values = {"disk": self.node.stored(), "now": self.now, "life": self.life + 1, "said": []}
        return replace(self, **{**values, **changes})

    def digest(self) -> str:
        """All of its state."""
        return canonical(self.node.desk)

    def block(
        self, parent: BlockEntry | None = None, operations: Iterable[Operation] = (), skip: int = 0
    ) -> Block:
        """A valid block on a parent, its head if not said; skip: slots that stay empty before it."""
        parent = parent or self.node.head
        slot = parent.header.time // SPACING + 1 + skip
        signers = self.chain["consensus"]["proposer"]["signers"]
        maker = signers[slot % len(signers)]
        block = Block(parent.hash, parent.height + 1, slot * SPACING, maker, 1, operations=tuple(operations))
        return block.sign()

    def grow(
        self,
        count: int = 1,
        parent: BlockEntry | None = None,
        operations: Iterable[Operation] = (),
        skip: int = 0,
    ) -> BlockEntry:
        """Give it so many blocks in a line, the first one with these operations; the last one's entry."""
        entry = parent or self.node.head
        for _ in range(count):
            block = self.block(entry, operations, skip)
            self.hear(block)
            entry, operations, skip = self.node.branches.tree[block.name], (), 0
        return entry

    def vote(
        self, name: str, target: int, source: int | None = None, tip: BlockEntry | None = None
    ) -> SignedVote:
        """A vote between two checkpoints of the branch to a tip, the head's if not said; offset 0 only."""
        tip = tip or self.node.head
        length = self.node.desk.rules.casper.epoch_length
        heights = target - 1 if source is None else source, target
        ends = [get_ancestor(tip, height * length).hash for height in heights]
        return SignedVote.by(Vote(name, *ends, *heights))

    def finalise(self, epochs: int, voters: Iterable[str] = NAMES) -> BlockEntry:
        """Grow so many epochs, with everybody's votes in the blocks after each checkpoint."""
        length, tip, voters = self.node.desk.rules.casper.epoch_length, self.node.head, list(voters)
        for _ in range(epochs):
            tip = self.grow(length - tip.height % length, tip)
            epoch = self.node.branches.get_state(tip).finality.epoch
            votes = [self.vote(name, epoch.number, epoch.source.epoch, tip) for name in voters]
            tip = self.grow(1, tip, votes)
        return tip


def get_notes(effects: Iterable[Effect], topic: str) -> list[Mapping[str, Any]]:
    """The facts of notes of one topic."""
    return [each.facts for each in effects if isinstance(each, Note) and each.topic == topic]


def get_sent(effects: Iterable[Effect], kind: type[Message] = Message) -> list[Message]:
    """The messages of one kind."""
    return [each.message for each in effects if isinstance(each, Send) and isinstance(each.message, kind)]


def break_rule(bench: Bench, operation: Operation) -> str | None:
    """The rule that a block with this operation breaks on the bench's head; None for a valid one."""
    state = bench.node.branches.get_state(bench.node.head)
    found = bench.node.desk.rules.check(state, bench.node.head, bench.block(operations=[operation]))
    return found.rule if isinstance(found, RuleBroken) else None
