"""Miners that keep blocks back: an honest node inside, and beside it a branch that nobody else knows.

    public    G -- 1 -- 2 -- 3          what the node inside follows, like everybody
                \\
    secret        1' -- 2'              what is mined on; shown when the strategy says so

The strategies are short classes on top: `attacks_spending`, `attacks_selfish`, and here the simplest one,
which never shows anything. No rule of the chain is broken by any of them: all blocks are valid, only late.

What an attacker thinks it states as notes of topic "strategy", so that a lesson can show both sides.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, Mine, SetPolicy
from blockchain_lab.base.effects import CancelTimer, Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import NOBODY, SECOND, ConnectionId, Microseconds
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.faulty import DisguisedNode
from blockchain_lab.bitcoin.mining import compute_mean_time, find_block
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.template import Template, choose_transactions
from blockchain_lab.chain.tree import Entry

TIMER: Final = TimerName("secret block")
NO_PAYMENTS: Final = Template((), 0)


class SecretMiner(DisguisedNode):
    """Mines on `head`, tells nobody, and asks its strategy what to do: `on_found`, `on_public_tip`.

    Policy: that of an honest node, and the keys of `defaults`, whole numbers from 0 on.
    """

    defaults: ClassVar[Mapping[str, int]] = {}  # the strategy's own policy keys

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        self.setup = setup
        self._read_policy()
        super().__init__(BitcoinNode(replace(setup, policy=self._get_honest_policy())))
        self.head = self.public = self.inner.chain.tip  # what is mined on; the tip when we looked last
        self.secret: list[Block] = []  # the last blocks up to `head`: nobody else has them
        self.is_seeking = False

    # --- The strategy ---------------------------------------------------------------------------------

    def on_found(self, now: Microseconds) -> list[Effect]:
        """We have found a block; it is the last one of `secret`."""
        return []

    def on_public_tip(self, now: Microseconds) -> list[Effect]:
        """The others have a new tip."""
        return []

    def choose_template(self) -> Template:
        """What our next block holds: what waits, on the public tip; nothing above a secret block.

        For the pool goes with the public chain: it does not know what a secret block has confirmed.
        """
        return choose_transactions(self.inner.pool) if self.head == self.inner.chain.tip else NO_PAYMENTS

    # --- What a strategy may do -----------------------------------------------------------------------

    def publish(self, count: int, now: Microseconds) -> list[Effect]:
        """Show the first so many secret blocks: they are told of like any new tip.

        A branch that is no longer than the public one would interest nobody: it is sent unasked and whole.
        """
        shown, self.secret = self.secret[:count], self.secret[count:]
        moment, effects = self.get_moment(now), list[Effect]()
        for block in shown:
            effects += self.inner.blocks.accept(block, moment, self.inner.transactions)
        self.public = moment.chain.tip
        if shown and self.public.hash != shown[-1].header.hash():
            effects += [Send(peer.conn, block) for peer in moment.peers.ready for block in shown]
        return [*effects, *self.inner.blocks.go_on(NOBODY, moment)]

    def start_over(self) -> None:
        """Forget the secret blocks, and mine on the public tip."""
        self.secret, self.head = [], self.inner.chain.tip

    def get_lead(self) -> int:
        """How many blocks our branch is longer than the public one; below 0: shorter."""
        return self.head.height - self.inner.chain.height

    def get_moment(self, now: Microseconds) -> Moment:
        """As the node inside sees it, with our hash power."""
        time, inner = self.setup.started_at + now // SECOND, self.inner
        return Moment(now, time, inner.chain, inner.peers, self.policy, inner.random)

    # --- What happens ---------------------------------------------------------------------------------

    def on_start(self, now: Microseconds) -> list[Effect]:
        """As the inner node; then mine."""
        return [*super().on_start(now), *self._seek(now)]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node; perhaps the public tip has moved."""
        return self._look(super().on_message(conn, message, now), now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A block is found, unless the timer is the inner node's."""
        if name != TIMER:
            return self._look(super().on_timer(name, now), now)
        found = [] if self.inner.blocks.is_syncing else self._find(now)
        return [*found, *self._seek(now)]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Mine on our own branch; turn a knob of ours; the rest as the inner node."""
        match command:
            case Mine(count=count):
                if problem := self.find_problem(command, now):
                    raise UsageError(problem)
                found = [effect for _ in range(count) for effect in self._find(now)]
                return [*found, *self._seek(now)]
            case SetPolicy(key=key):
                self._read_policy()
                self.inner.setup.policy.update(self._get_honest_policy())
                told = [] if key in self.defaults else super().on_command(command, now)
                return [*told, *self._seek(now)]
        return self._look(super().on_command(command, now), now)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node; what is our own policy it does not know."""
        match command:
            case SetPolicy(key=key, value=value) if key in self.defaults:
                return find_problem_of_choice(key, value)
        return super().find_problem(command, now)

    def _look(self, effects: list[Effect], now: Microseconds) -> list[Effect]:
        """Has the public tip moved? Then the strategy says what to do, and on what to mine."""
        if self.inner.chain.tip == self.public:
            return effects
        self.public, head = self.inner.chain.tip, self.head
        effects += self.on_public_tip(now)
        return effects if self.head == head else [*effects, *self._seek(now)]

    def _find(self, now: Microseconds) -> list[Effect]:
        moment = self.get_moment(now)
        script = self.inner.cashier.get_reward_script(self.policy)
        block = find_block(self.head, self.choose_template(), moment, script)
        self.secret.append(block)
        self.head = Entry(block.header.hash(), block.header, work(block.header.bits), self.head)
        return self.on_found(now)

    def _seek(self, now: Microseconds) -> list[Effect]:
        """Wait for the next block on `head`, if we mine at all."""
        was_seeking, self.is_seeking = self.is_seeking, self.policy.hash_power > 0
        if not self.is_seeking:
            return [CancelTimer(TIMER)] if was_seeking else []
        moment = self.get_moment(now)
        return [SetTimer(TIMER, max(1, moment.random.exponential(compute_mean_time(self.head, moment))))]

    def _read_policy(self) -> None:
        own = {key: value for key, value in self.setup.policy.items() if key in self.defaults}
        rest = {key: value for key, value in self.setup.policy.items() if key not in self.defaults}
        self.choices, self.policy = read_choices(own, self.defaults), Policy.from_plain(rest)

    def _get_honest_policy(self) -> dict[str, Any]:
        """The inner node's: it does not mine, that is our business."""
        return {k: v for k, v in self.setup.policy.items() if k not in self.defaults} | {"hash_power": 0}


class WithholdingMiner(SecretMiner):
    """Finds blocks and sends none, ever: what it earns is the others' loss alone.

    A member does this to its pool: shares are paid for, the block that they led to is kept back. Source:
    M. Rosenfeld, "Analysis of Bitcoin pooled mining reward systems" (arXiv 1112.4980).
    """

    def on_found(self, now: Microseconds) -> list[Effect]:
        """Throw it away, and seek another one on the public tip."""
        lost = self.head
        self.start_over()
        return [think("throws a block away", height=lost.height)]

    def on_public_tip(self, now: Microseconds) -> list[Effect]:
        """Mine on it."""
        self.start_over()
        return []


def read_choices(values: Mapping[str, Any], defaults: Mapping[str, int]) -> dict[str, int]:
    """A strategy's policy. UsageError."""
    for key, value in values.items():
        if problem := find_problem_of_choice(key, value):
            raise UsageError(problem)
    return {**defaults, **values}


def find_problem_of_choice(key: str, value: object) -> str | None:
    """Why a strategy's policy cannot be this; None when it can."""
    fits = type(value) is int and value >= 0
    return None if fits else f"policy.{key}: found {value!r}, accepted: a whole number from 0 on"


def think(what: str, **facts: Any) -> Note:
    """What an attacker does, and why, for those who may look into its head."""
    return Note("strategy", {"what": what, **facts})
