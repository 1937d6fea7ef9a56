"""A peer as Pyrsia's: it has artifacts, says how busy it is, gives pieces, and gets artifacts from others.

    Provide   it has this, and tells the network so                       Kademlia's provider records
    Fetch     who provides it? -> how busy are they? -> piece by piece    Kademlia, metrics, pieces

Inside stands a whole node of Kademlia, which is asked and told as ever; only where the policy names providers
is it not asked. `artifact_serving` does what others want, `artifact_fetching` what we want.
"""

from typing import Any, ClassVar

from blockchain_lab.base.actions import Command, Fetch, FindProviders, SetPolicy
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.artifact_fetching import AGAIN, HEDGE, Fetching
from blockchain_lab.overlay.artifact_messages import MESSAGES as PIECE_MESSAGES
from blockchain_lab.overlay.artifact_messages import Piece, PieceAsk, PieceNo
from blockchain_lab.overlay.artifact_policy import OWN_KEYS, ArtifactPolicy
from blockchain_lab.overlay.artifact_serving import WORK, Serving
from blockchain_lab.overlay.kademlia_ids import id_to_hex, read_target
from blockchain_lab.overlay.kademlia_liars import without
from blockchain_lab.overlay.kademlia_lookup import PROVIDERS, Lookup
from blockchain_lab.overlay.kademlia_node import KademliaNode
from blockchain_lab.overlay.kademlia_notes import misbehaved
from blockchain_lab.overlay.metric_messages import MESSAGES as METRIC_MESSAGES
from blockchain_lab.overlay.metric_messages import MetricAsk, MetricTold
from blockchain_lab.overlay.metric_sources import read_script
from blockchain_lab.overlay.requests import Requests

OURS = tuple(message.command for message in (*METRIC_MESSAGES, *PIECE_MESSAGES))


class Locator(KademliaNode):
    """A node of Kademlia that remembers which of its searches for providers are over."""

    found: list[Lookup]

    def __init__(self, setup: Setup) -> None:
        """As any node of Kademlia."""
        super().__init__(setup)
        self.found = []

    def _finish(self, now: Microseconds) -> list[Effect]:
        self.found += [lookup for lookup in self.search.over if lookup.purpose == PROVIDERS]
        return super()._finish(now)


class ArtifactNode(Node):
    """Policy: see `artifact_policy`, `metric_sources` and `kademlia_policy`."""

    obeys: ClassVar[tuple[type[Command], ...]] = (*KademliaNode.obeys, Fetch)
    own_keys: ClassVar[tuple[str, ...]] = OWN_KEYS
    serving_kind: ClassVar[type[Serving]] = Serving

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        self.setup, self.inner = setup, Locator(without(setup, *self.own_keys))
        self.policy = policy = ArtifactPolicy.from_plain(setup.policy, setup.contacts)
        random = CounterRandom(get_key(setup.random.key, "artifacts"))
        self.serving = self.serving_kind(policy, read_script(setup.policy))
        self.fetching = Fetching(policy, random, Requests(random, policy.metric_wait))
        self.sought: dict[int, None] = {}  # artifacts whose providers Kademlia looks for

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Look at our counters, and join."""
        self.serving.look(now)
        return self._go_on(self.inner.on_start(now), now)

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Ours, or Kademlia's."""
        match message:
            case MetricAsk():
                return self.serving.tell(source, message, now)
            case MetricTold():
                return self.fetching.on_metric(source, message, now)
            case PieceAsk():
                is_here = message.artifact in self.inner.keeping.storage.own_provided
                return self.serving.take(source, message, now, is_here=is_here)
            case Piece() | PieceNo():
                effects = self.fetching.on_answer(source, message, now)
                self.serving.received = self.fetching.received
            case Malformed(name=name, reason=reason) if name in OURS:
                effects = [misbehaved(source, f"malformed {name}: {reason}")]
            case _:
                effects = self._go_on(self.inner.on_datagram(source, message, now), now)
        return effects

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A piece is ready, somebody is silent, a round begins; or Kademlia's."""
        fetching, about = self.fetching, name.about
        if name == WORK:
            return self.serving.work()
        if name.topic == HEDGE and isinstance(about, int):
            return fetching.on_slow(about, now)
        if name.topic == AGAIN and isinstance(about, str):
            return fetching.on_again(int(about, 16), now)
        if about in fetching.metrics.waiting:
            request = fetching.metrics.take_timeout(name)
            return fetching.on_metric_silent(request.about, request.address, now)
        return self._go_on(self.inner.on_timer(name, now), now)

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Fetch; or Kademlia's."""
        match command:
            case Fetch(key=key):
                return self._fetch(read_target(key), now)
            case SetPolicy(key=key) if key in self.own_keys:
                self._apply_policy()
                return []
            case SetPolicy(key=key, value=value):
                self.inner.setup.policy[key] = value
        return self._go_on(self.inner.on_command(command, now), now)

    def _fetch(self, artifact: int, now: Microseconds) -> list[Effect]:
        if self.policy.providers:
            named = [self.setup.contacts[name] for name in self.policy.providers]
            others = tuple(address for address in named if address != self.setup.address)
            return self.fetching.start(artifact, others, now)
        self.sought[artifact] = None
        question = FindProviders(self.setup.name, id_to_hex(artifact))
        return self._go_on(self.inner.on_command(question, now), now)

    def _go_on(self, effects: list[Effect], now: Microseconds) -> list[Effect]:
        """What Kademlia asks for, and downloads whose providers it has found."""
        found, self.inner.found = self.inner.found, []
        for lookup in found:
            if lookup.target in self.sought:
                del self.sought[lookup.target]
                others = [each for each in lookup.providers.values() if each != self.inner.own]
                addresses = tuple(each.address for each in others)
                effects = [*effects, *self.fetching.start(lookup.target, addresses, now)]
        return effects

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """A knob that does not exist or goes no further; else what Kademlia says."""
        if isinstance(command, SetPolicy) and command.key in self.own_keys:
            try:
                ArtifactPolicy.from_plain({command.key: command.value}, ())
            except UsageError as fault:
                return str(fault)
            return None
        return self.inner.find_problem(command, now)

    def _apply_policy(self) -> None:
        self.policy = policy = ArtifactPolicy.from_plain(self.setup.policy, self.setup.contacts)
        self.serving.policy = self.fetching.policy = policy
        self.fetching.metrics.patience = policy.metric_wait

    def stored(self) -> dict[str, Any]:
        """Kademlia's; what is on its way is lost."""
        return self.inner.stored()
