"""All that one peer of the consensus floor keeps in its head, in one place; the rooms around it work on it.

    receiving    what comes in: blocks, votes, orders, other peers' heads
    duties       what follows from it: which head, which votes, when to propose
    disk         what survives a restart

Whoever changes it returns effects; a handler that finds a fault has changed nothing yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, ConnectionId
from blockchain_lab.consensus.actors import Actor
from blockchain_lab.consensus.block import Block
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.chain_rules import ChainRules
from blockchain_lab.consensus.heard import Heard
from blockchain_lab.consensus.policy import Policy
from blockchain_lab.consensus.proposer import Turn
from blockchain_lab.consensus.view import BlockId
from blockchain_lab.consensus.waiting_room import WaitingRoom


@dataclass(frozen=True, slots=True)
class Directory:
    """Who lives where: the scenario's, one for all peers, and it never changes."""

    names: Mapping[Address, str]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Shared."""
        return self

    def __plain_state__(self) -> str:
        """For digests of state: nothing that a peer could have changed."""
        return "directory"


@dataclass(slots=True)
class Desk:
    """One peer's state."""

    name: str
    policy: Policy
    rules: ChainRules
    actor: Actor
    branches: Branches
    directory: Directory  # for notes
    luck: int  # 64 bits, another one in each life: for lotteries without proof
    heard: Heard
    waiting: WaitingRoom = field(default_factory=WaitingRoom)
    lines: dict[ConnectionId, Address] = field(default_factory=dict)
    turns: dict[BlockId, Turn] = field(default_factory=dict)  # parent -> when to propose on it
    secret: list[Block] = field(default_factory=list)  # own blocks that nobody has been shown
    is_waiting_for_trust: bool = False  # nothing is followed until a checkpoint that we trust is here
    trusted: BlockId = b""  # that checkpoint, once we were told

    def tell(self, message: Message, but: ConnectionId | None = None) -> list[Effect]:
        """To everybody that we have a line to, except the one it came from."""
        return [Send(conn, message) for conn in self.lines if conn != but]

    def pass_on(self, message: Message, source: ConnectionId | None) -> list[Effect]:
        """The same for what is not ours, unless the policy leaves that to its maker."""
        return self.tell(message, source) if self.policy.relays else []
