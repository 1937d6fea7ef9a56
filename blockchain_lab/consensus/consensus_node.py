"""A peer of the consensus floor: lines to others, blocks and votes, and the right to propose.

It puts the rooms together and decides nothing itself: what is valid say the chain's rules, which branch
counts the fork choice, what to do with a right the actor. Kind "consensus"; policy: see `policy`; what all
peers agree on: see `chain_rules`. Its disk holds all blocks, its anchor and its own votes: a validator that
forgets how it voted breaks a commandment by accident.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from blockchain_lab.base.actions import (
    AskExit,
    BurnCoins,
    CastVote,
    Command,
    MakeDeposit,
    RewriteHistory,
    SetPolicy,
    TakeDeposit,
)
from blockchain_lab.base.effects import Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds, internal_hash
from blockchain_lab.consensus import notes
from blockchain_lab.consensus.actors_attack import ACTORS
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.consensus.branches import Branches
from blockchain_lab.consensus.chain_rules import ChainRules, read_rules
from blockchain_lab.consensus.choices import CHOICES
from blockchain_lab.consensus.desk import Desk, Directory
from blockchain_lab.consensus.disk import read_disk, write_disk
from blockchain_lab.consensus.duties import PROPOSE, cast, follow, may_lead_on, propose
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.heard import Heard
from blockchain_lab.consensus.orders import Burn, Deposit, Exit, Operation, Withdrawal
from blockchain_lab.consensus.policy import CHAINS, Policy
from blockchain_lab.consensus.receiving import (
    answer,
    check_kept,
    get_source,
    receive,
    remind,
)
from blockchain_lab.consensus.rewriting import rewrite
from blockchain_lab.consensus.sync_messages import Head, WantBranch
from blockchain_lab.consensus.wilful_votes import find_unknown, make_vote

REDIAL: Final = "redial"


class ConsensusNode(Node):
    """Kind "consensus"."""

    obeys = (MakeDeposit, AskExit, TakeDeposit, BurnCoins, CastVote, RewriteHistory)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy or a chain that cannot be."""
        self.setup = setup
        self.desk = make_desk(setup)

    @property
    def branches(self) -> Branches:
        """The blocks that it knows, and its head."""
        return self.desk.branches

    @property
    def head(self) -> BlockEntry:
        """Where the branch that it follows ends."""
        return self.desk.branches.head

    def stored(self) -> dict[str, Any]:
        """Blocks, own votes, anchor."""
        return write_disk(self.desk)

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Read the disk, dial the neighbours, and begin to try."""
        start = self.desk.rules.start
        effects: list[Effect] = [
            notes.lottery(self.desk.rules.proposer.get_shares(start.lottery), self.desk.rules.genesis.hash)
        ]
        if start.finality is not None:
            effects.append(notes.finality_loaded(start.finality))
        effects += read_disk(self.desk, self.setup.disk)
        effects += [Dial(address) for address in self.setup.neighbours if address != self.setup.address]
        return [*effects, *follow(self.desk, now)]

    # -- lines ----------------------------------------------------------------------------------------------

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Say where our branch ends, and what we hold on to; and which votes no block carries yet."""
        self.desk.lines[conn] = remote
        head, anchor = self.head, self.desk.branches.anchor
        return [Send(conn, Head(head.hash, head.height, anchor.hash)), *remind(self.desk, conn)]

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self._redial(remote)

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """A line is lost: who has dialled dials again."""
        remote = self.desk.lines.pop(conn)
        return self._redial(remote) if conn % 2 == 0 else []

    def _redial(self, remote: Address) -> list[Effect]:
        if remote not in self.setup.neighbours:
            return []
        name = TimerName(REDIAL, about=self.setup.neighbours.index(remote))
        return [SetTimer(name, self.desk.policy.redial_after)]

    # -- what others say ------------------------------------------------------------------------------------

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Unreadable bytes cost the line; what we have no word for is ignored."""
        match message:
            case Malformed(reason=reason):
                blame = {"from": get_source(self.desk, conn), "reason": reason}
                del self.desk.lines[conn]  # it is not dialled again
                return [Note("peer misbehaved", blame), HangUp(conn, reason)]
            case WantBranch():
                return answer(self.desk, message, conn)
        effects = receive(self.desk, message, conn, now)
        return [*effects, *follow(self.desk, now)] if effects and may_lead_on(self.desk, message) else effects

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Our turn to propose, or time to dial again."""
        if name.topic == PROPOSE:
            return propose(self.desk, self.branches.tree[internal_hash(str(name.about))], now)
        return [Dial(self.setup.neighbours[int(str(name.about))])]

    # -- what a learner asks for ----------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Send a signed order, cast a vote, or go on with another policy."""
        match command:
            case CastVote(_, source, target):
                return [
                    *cast(self.desk, make_vote(self.branches, self.desk.name, source, target)),
                    *follow(self.desk, now),
                ]
            case RewriteHistory():
                return rewrite(self.desk, now)
            case SetPolicy():
                self.desk.policy = policy = read_policy(self.setup)
                self.desk.actor = ACTORS[policy.actor](self.desk.name, policy.depth)
                return follow(self.desk, now)
        order = get_order(command, self.desk.name)
        if order is None:
            return []
        self.desk.waiting.add(order)
        return self.desk.tell(order)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """An order must be valid on our branch; a vote may break any rule, between blocks that we know."""
        match command:
            case CastVote(source=source, target=target):
                return find_unknown(self.branches, (source, target))
            case RewriteHistory(peer) if not self.desk.policy.keys:
                return f"{peer} holds nobody else's keys"
        order = get_order(command, self.desk.name)
        try:
            if isinstance(command, SetPolicy):
                read_policy(self.setup, {command.key: command.value})
            if order is not None:
                check_kept(self.desk, order)
        except (RuleBroken, UsageError) as fault:
            return str(fault)
        return None


def make_desk(setup: Setup) -> Desk:
    """A peer's state at its start. UsageError."""
    store, chain, seed = setup.store, setup.chain, setup.seed
    about = repr((chain, seed)).encode()
    rules: ChainRules = store.once("consensus rules", about, lambda: read_rules(chain, seed))
    policy = read_policy(setup)
    choice = rules.choice if policy.choice == CHAINS else CHOICES[policy.choice]
    name = policy.identity or setup.name
    return Desk(
        name=name,
        policy=policy,
        rules=rules,
        actor=ACTORS[policy.actor](name, policy.depth),
        branches=Branches(rules, choice, store),
        directory=get_directory(setup),
        luck=setup.random.key,
        heard=Heard(rules.casper.rules if rules.casper else "paper"),
        is_waiting_for_trust=bool(policy.trusts) and not setup.disk.get("anchor"),
    )


def read_policy(setup: Setup, changes: Mapping[str, Any] = MappingProxyType({})) -> Policy:
    """What the scenario chose for this peer, and what was changed since. UsageError."""
    return Policy.from_plain({**setup.policy, **changes}, ACTORS, CHOICES, setup.contacts)


def get_directory(setup: Setup) -> Directory:
    """One for all peers that were given the same contacts."""
    own = setup.contacts
    contacts, directory = setup.store.once("directory", b"", lambda: (own, invert(own)))
    return directory if contacts is own else invert(own)


def invert(contacts: Mapping[str, Address]) -> Directory:
    """Address -> name."""
    return Directory({address: name for name, address in contacts.items()})


def get_order(command: Command, name: str) -> Operation | None:
    """The order that a command asks for. name: who signs it."""
    match command:
        case MakeDeposit(amount=amount):
            return Deposit.by(name, amount)
        case AskExit():
            return Exit.by(name)
        case TakeDeposit():
            return Withdrawal.by(name)
        case BurnCoins(amount=amount):
            return Burn.by(name, amount)
    return None
