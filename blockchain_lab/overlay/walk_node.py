"""A peer that begins with one address and meets the others: it is introduced, and introduces.

At every tick it asks one address whom it knows, until it has met as many as it wants. Whoever asks it is met
too, and answered, unless it has met too many. `walks` decides whom to ask. A tracker is the same node that
wants nobody and answers everybody. Who is silent is asked whether it is still there, and at last forgotten
(`liveness` has the times); with too few peers left a walk goes on.

    policy: {"trackers": ["server"], "walk": "random", "target": 20, "max_peers": 30}

An address is where a peer writes from. Who has our address outside stands behind the same box: it is asked at
its address inside (py-ipv8 3.2.1). As there, a puncture is sent to whomever anybody names: one small
datagram for one, so it makes no flood larger, but it hides who began it.
"""

from typing import Final

from blockchain_lab.base.choices import check_keys, read_names, read_number, read_word
from blockchain_lab.base.effects import Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, Microseconds
from blockchain_lab.overlay.liveness import LivenessRule
from blockchain_lab.overlay.liveness_messages import AliveAnswer, AliveAsk
from blockchain_lab.overlay.requests import TOPIC, Requests
from blockchain_lab.overlay.walk_messages import (
    MOST_TOLD,
    NOWHERE,
    IntroductionRequest,
    IntroductionResponse,
    PeersAsk,
    PeersTold,
    PunctureRequest,
    WalkPuncture,
)
from blockchain_lab.overlay.walks import TRACKER_AGAIN, Circle, EdgeWalk, Known, RandomWalk, Walk
from blockchain_lab.overlay.watch import Watch

TICK: Final = TimerName("tick")
TICK_EVERY: Final = 500 * MILLISECOND  # IPv8's
PATIENCE: Final = 3 * SECOND  # IPv8's, of both walks
TARGET: Final = 20  # peers: with fewer it walks; IPv8's
MAX_PEERS: Final = 30  # with more it answers nobody; IPv8's, whose manual warns: never the same as the target
TELLS: Final = 8  # addresses to a crawler at a time; ours
WALKS: Final[dict[str, type[RandomWalk | EdgeWalk]]] = {"random": RandomWalk, "edge": EdgeWalk}
LOOK: Final = TimerName("look")  # at who is silent
TIMES: Final = ("idle_after", "ask_every", "drop_after")
KEYS: Final = (
    *("trackers", "walk", "target", "max_peers", "tick", "tracker_again", "join_at", "tells"),
    *TIMES,
)


class WalkNode(Node):
    """One peer. `circle`: whom it has met and heard of; `wan`: as whom others see it, NOWHERE before."""

    default_target, default_most = TARGET, MAX_PEERS

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        policy = setup.policy
        check_keys(policy, KEYS)
        self.setup, self.random = setup, setup.random
        trackers = read_names(policy, "trackers", setup.contacts)
        again = read_number(policy, "tracker_again", TRACKER_AGAIN, least=1)
        self.circle = Circle(tuple(setup.contacts[name] for name in trackers), again)
        self.walk: Walk = WALKS[read_word(policy, "walk", tuple(WALKS), "random")]()
        self.target = read_number(policy, "target", self.default_target, least=0)
        self.max_peers = read_number(policy, "max_peers", self.default_most, least=-1)  # -1: no limit
        self.tick = read_number(policy, "tick", TICK_EVERY, least=1)
        self.join_at = read_number(policy, "join_at", 0, least=0)
        self.tells = read_number(policy, "tells", TELLS, least=0, most=MOST_TOLD)
        self.requests: Requests[None] = Requests(setup.random, PATIENCE)
        self.wan = NOWHERE
        times = {key: read_number(policy, key, getattr(LivenessRule(), key), least=1) for key in TIMES}
        self.watch = Watch(LivenessRule(**times))
        self.is_looking = self.is_walking = False

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Begin at a time of our own: ticks of many peers must not fall together."""
        if not self.target or not self.circle.trackers:
            return []
        self.is_walking = True
        return [SetTimer(TICK, max(self.join_at - now, 0) + self.random.below(self.tick))]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Ask one more, if we want more; give one up that did not answer; or look who is still there."""
        if name == LOOK:
            return self._look(now)
        if name.topic == TOPIC:
            silent = self.requests.take_timeout(name).address
            self.circle.introduced.pop(silent, None)
            return [Note("peer silent", {"address": list(silent)})]
        if len(self.circle.peers) >= self.target:
            self.is_walking = False
            return [Note("walk ended", {"peers": len(self.circle.peers)})]
        waiting = {request.address: None for request in self.requests.waiting.values()}
        address = self.walk.choose(self.circle, waiting, self.random, now)
        asked = self._ask(address, now) if address is not None else []
        return [*asked, SetTimer(TICK, self.tick)]

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Be asked, be told, open our box, tell a crawler. Whoever writes lives, whatever it says."""
        if source in self.circle.peers:
            self.watch.hear(source, now)
        match message:
            case IntroductionRequest():
                return self._introduce(source, message, now)
            case IntroductionResponse():
                return self._hear(source, message, now)
            case WalkPuncture() | AliveAnswer():
                return []  # it has opened its sender's box, or shown that there is one, and that was all
            case PunctureRequest(lan=lan, wan=wan):
                target = self._choose_address(lan, wan)
                return [SendTo(target, WalkPuncture(self.setup.address, self.wan))] if target else []
            case PeersAsk() | AliveAsk():
                return [SendTo(source, self._make_answer(message))]
        reason = message.reason if isinstance(message, Malformed) else "not for a walker"
        return [note_misbehaviour(source, f"{message.wire_name}: {reason}")]

    def _make_answer(self, message: PeersAsk | AliveAsk) -> PeersTold | AliveAnswer:
        if isinstance(message, AliveAsk):
            return AliveAnswer(message.nonce)
        told = self.random.sample(list(self.circle.peers), min(self.tells, len(self.circle.peers)))
        return PeersTold(message.nonce, tuple(told))

    def _ask(self, address: Address, now: Microseconds) -> list[Effect]:
        if address in self.circle.trackers:
            self.circle.tracker_asked[address] = now
        nonce = self.requests.draw_nonce()
        question = IntroductionRequest(nonce, address, self.setup.address, self.wan)
        return self.requests.ask(address, nonce, question, None, now)

    def _introduce(self, source: Address, request: IntroductionRequest, now: Microseconds) -> list[Effect]:
        """Somebody asks us: meet it, name somebody else, and tell that one to open its box."""
        circle = self.circle
        if 0 <= self.max_peers < len(circle.peers):
            return [Note("request refused", {"from": list(source), "peers": len(circle.peers)})]
        others = [address for address in circle.peers if address != source]
        met = self._meet(source, Known(request.lan, request.wan), now)
        other = self.random.choice(others) if others else None
        lan, wan = get_addresses(other, circle.peers[other]) if other else (NOWHERE, NOWHERE)
        answer = IntroductionResponse(request.nonce, source, self.setup.address, self.wan, lan, wan)
        effects = [*met, SendTo(source, answer)]
        if other is not None:
            effects.append(
                SendTo(other, PunctureRequest(*get_addresses(source, Known(request.lan, request.wan))))
            )
        return effects

    def _hear(self, source: Address, answer: IntroductionResponse, now: Microseconds) -> list[Effect]:
        """Somebody has answered: now it is met, we know how we look from there, and who else is there."""
        request, effects = self.requests.take_answer(source, answer.nonce)
        if request is None:
            return [note_misbehaviour(source, f"{answer.wire_name}: nobody asked for it")]
        if answer.destination not in (self.wan, self.setup.address):
            self.wan = answer.destination
            effects.append(Note("outside address", {"address": list(self.wan)}))
        effects += self._meet(source, Known(answer.lan, answer.wan), now)
        other = self._choose_address(answer.other_lan, answer.other_wan)
        if other is not None and self.circle.hear_of(other, source):
            effects.append(Note("peer introduced", {"address": list(other), "by": list(source)}))
        return effects

    def _meet(self, source: Address, known: Known, now: Microseconds) -> list[Effect]:
        if not self.circle.meet(source, known):
            return []
        self.watch.hear(source, now)
        met = Note("peer met", {"address": list(source), "peers": len(self.circle.peers)})
        return [met, *self._look_later(now)]

    def _look_later(self, now: Microseconds) -> list[Effect]:
        due = self.watch.get_next(now)
        if self.is_looking or due is None:
            return []
        self.is_looking = True
        return [SetTimer(LOOK, due - now)]

    def _look(self, now: Microseconds) -> list[Effect]:
        """Forget who is gone, ask who is silent, and walk on if too few are left."""
        self.is_looking = False
        effects: list[Effect] = []
        for address, silent in self.watch.find_gone(now).items():
            del self.circle.peers[address]
            effects.append(Note("peer dropped", {"address": list(address), "silent": silent}))
        effects += [SendTo(each, AliveAsk(self.random.bits())) for each in self.watch.find_due(now)]
        is_short = len(self.circle.peers) < self.target and bool(self.circle.trackers)
        if is_short and not self.is_walking:
            self.is_walking = True
            effects.append(SetTimer(TICK, self.tick))
        return [*effects, *self._look_later(now)]

    def _choose_address(self, lan: Address, wan: Address) -> Address | None:
        """Where to write to somebody: inside, if it stands behind our box. None for nobody, and for us."""
        is_near = wan.ip == self.wan.ip and self.wan != NOWHERE
        address = lan if is_near else wan
        is_nobody = address.port == 0 or address.ip == NOWHERE.ip
        return None if is_nobody or address in (self.wan, self.setup.address) else address


class TrackerNode(WalkNode):
    """Where strangers begin: it wants no peers, and answers everybody."""

    default_target, default_most = 0, -1


def get_addresses(seen: Address, known: Known) -> tuple[Address, Address]:
    """Inside and outside, as to tell others: who is seen inside stands behind our box."""
    is_near = seen == known.lan and known.wan != NOWHERE
    return known.lan, known.wan if is_near else seen


def note_misbehaviour(source: Address, reason: str) -> Note:
    """A datagram that we did nothing with."""
    return Note("peer misbehaved", {"from": list(source), "reason": reason})
