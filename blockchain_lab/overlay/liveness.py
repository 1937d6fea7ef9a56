"""Who is still there? Datagrams tell nobody when a peer dies: who wants to know has to ask, again and again.

    now                 27.5 s               37.5 s         47.5 s         57.5 s of silence
    last word of bob    ask                  ask            ask            bob is dropped

At every tick a few peers are looked at, chosen at random: so a tick costs the same however many one knows,
and with too many peers nobody is asked in time. Any datagram of a peer counts as a sign of life.

Source: py-ipv8 3.2.1, `RandomChurn`: a look at 8 peers each half second, idle after 27.5 s, asks 10 s apart,
gone after 57.5 s. (Its slides say 30 s and three pings.)
"""

from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.choices import Policy, check_keys, read_number
from blockchain_lab.base.effects import Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, Microseconds
from blockchain_lab.overlay.liveness_messages import AliveAnswer, AliveAsk

TICK: Final = TimerName("tick")


@dataclass(frozen=True, slots=True)
class LivenessRule:
    """When to ask and when to give up. All times in microseconds. Defaults: IPv8's."""

    tick: Microseconds = 500 * MILLISECOND
    sample: int = 8  # peers looked at in one tick
    idle_after: Microseconds = 27_500 * MILLISECOND  # of silence: then we ask
    ask_every: Microseconds = 10 * SECOND
    drop_after: Microseconds = 57_500 * MILLISECOND  # of silence, if we have asked


KEYS: Final = ("tick", "sample", "idle_after", "ask_every", "drop_after")


@dataclass(slots=True)
class Watched:
    """What we know of one peer."""

    heard_at: Microseconds
    asked_at: Microseconds = -1  # since it was last heard; -1: not yet


class LivenessNode(Node):
    """Watches its neighbours, and all who write to it. `watched`: whom it believes to be there."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        check_keys(setup.policy, KEYS)
        self.rule = read_rule(setup.policy)
        self.setup, self.random = setup, setup.random
        self.watched: dict[Address, Watched] = {}

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Ask the neighbours at once: they may have thought that we are gone. Tick at a time of our own."""
        asks = [SendTo(address, AliveAsk(self.random.bits())) for address in self.setup.neighbours]
        self.watched = {address: Watched(now, now) for address in self.setup.neighbours}
        return [*asks, SetTimer(TICK, self.random.below(self.rule.tick))] if asks else []

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """A sign of life, whatever it says."""
        effects: list[Effect] = []
        if source not in self.watched:
            effects.append(Note("peer appeared", {"address": list(source)}))
            effects += [SetTimer(TICK, self.rule.tick)] if not self.watched else []
        self.watched[source] = Watched(now)
        if type(message) is AliveAsk:
            effects.append(SendTo(source, AliveAnswer(message.nonce)))
        return effects

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Look at a few: drop who was silent for too long, ask who was silent for long."""
        effects: list[Effect] = []
        known = list(self.watched)
        for address in self.random.sample(known, min(self.rule.sample, len(known))):
            effects += self._look_at(address, now)
        return [*effects, SetTimer(TICK, self.rule.tick)] if self.watched else effects

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """A knob was turned: the new rule holds from the next look on."""
        if isinstance(command, SetPolicy):
            self.rule = read_rule(self.setup.policy)
        return []

    def _look_at(self, address: Address, now: Microseconds) -> list[Effect]:
        peer, rule = self.watched[address], self.rule
        if is_gone(rule, peer, now):
            del self.watched[address]
            return [Note("peer dropped", {"address": list(address), "silent": now - peer.heard_at})]
        if not is_due(rule, peer, now):
            return []
        peer.asked_at = now
        return [SendTo(address, AliveAsk(self.random.bits()))]


def read_rule(policy: Policy) -> LivenessRule:
    """From a scenario; IPv8's where it says nothing. UsageError for a time that cannot be."""
    default = LivenessRule()
    return LivenessRule(*(read_number(policy, key, getattr(default, key), least=1) for key in KEYS))


def is_gone(rule: LivenessRule, peer: Watched, now: Microseconds) -> bool:
    """Silent for too long, although we have asked."""
    return peer.asked_at >= 0 and now - peer.heard_at > rule.drop_after


def is_due(rule: LivenessRule, peer: Watched, now: Microseconds) -> bool:
    """Silent for so long that we ask, and the last time that we asked is long enough ago."""
    is_idle = now - peer.heard_at > rule.idle_after
    return is_idle and (peer.asked_at < 0 or now - peer.asked_at > rule.ask_every)


def compute_false_drop(loss: float, asks: int) -> float:
    """The chance that a living peer is dropped in one round of asks: each ask or its answer may be lost."""
    return (1 - (1 - loss) ** 2) ** asks


def compute_most_watched(rule: LivenessRule) -> int:
    """With how many peers each is still looked at, on average, once per `ask_every`."""
    return rule.sample * rule.ask_every // rule.tick
