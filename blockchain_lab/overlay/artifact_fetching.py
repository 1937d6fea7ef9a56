"""How a peer gets an artifact: ask the providers how busy they are, choose one for each piece, and watch.

    all are asked at once; who says nothing for `metric_wait` is left out
    each piece is asked of one provider, chosen by the policy's way; who refuses is not asked again this round
    a piece that has not come after `hedge_after` is asked of somebody else, too: the first answer counts
    who was slow once is chosen only where nobody else is left; who sent a wrong piece never again
    nobody is left: a new round, with fresh metrics, a while later

So a liar gains little by saying that it is idle: the first piece tells. Its word decides whom we ask first.
"""

from dataclasses import dataclass, field

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.artifact_messages import MISSING, Piece, PieceAsk, PieceNo
from blockchain_lab.overlay.artifact_policy import ArtifactPolicy
from blockchain_lab.overlay.artifact_serving import get_piece
from blockchain_lab.overlay.choosing import FIRST, Offer, choose, is_idle
from blockchain_lab.overlay.kademlia_contacts import show_address
from blockchain_lab.overlay.kademlia_ids import NodeId, id_to_hex
from blockchain_lab.overlay.kademlia_notes import misbehaved
from blockchain_lab.overlay.metric import DOWNLOAD, find_problem, show_metric
from blockchain_lab.overlay.metric_messages import MetricAsk, MetricTold
from blockchain_lab.overlay.requests import Requests

HEDGE, AGAIN = "hedge", "again"


@dataclass(slots=True)
class Wanted:
    """One piece that was asked for."""

    artifact: NodeId
    index: int
    provider: Address
    asked_at: Microseconds


@dataclass(slots=True)
class Download:
    """One artifact on its way."""

    artifact: NodeId
    providers: tuple[Address, ...]
    started_at: Microseconds
    missing: dict[int, None]  # pieces that nobody is asked for now
    rounds: int = 0
    in_vain: int = 0  # of them, since a piece has come
    has_begun: bool = False  # this round's choice of providers has been made
    silent: dict[Address, None] = field(default_factory=dict)  # asked for its metric, no answer yet
    offers: list[Offer] = field(default_factory=list)
    refused: dict[Address, None] = field(default_factory=dict)  # by them, this round
    lacking: dict[Address, None] = field(default_factory=dict)  # they do not have it at all
    tried: dict[int, dict[Address, None]] = field(default_factory=dict)  # by piece, this round
    got: dict[int, Address] = field(default_factory=dict)  # who gave which piece


@dataclass(slots=True)
class Fetching:
    """All that one peer wants, and what it has learned about providers."""

    policy: ArtifactPolicy
    random: CounterRandom
    metrics: Requests[NodeId]
    downloads: dict[NodeId, Download] = field(default_factory=dict)
    wanted: dict[int, Wanted] = field(default_factory=dict)  # by nonce
    slow: dict[Address, None] = field(default_factory=dict)
    banned: dict[Address, None] = field(default_factory=dict)
    received: int = 0  # bytes of pieces

    # -- how busy are they? ---------------------------------------------------------------------------------

    def start(self, artifact: NodeId, providers: tuple[Address, ...], now: Microseconds) -> list[Effect]:
        """Fetch this from these; once more is no more than once."""
        if artifact in self.downloads:
            return []
        missing = dict.fromkeys(range(self.policy.pieces))
        self.downloads[artifact] = load = Download(artifact, providers, now, missing)
        facts = {"artifact": id_to_hex(artifact), "providers": [show_address(each) for each in providers]}
        return [Note("fetch started", facts), *self._begin_round(load, now)]

    def _begin_round(self, load: Download, now: Microseconds) -> list[Effect]:
        load.rounds += 1
        load.in_vain += 1
        load.offers, load.refused, load.tried, load.has_begun = [], {}, {}, False
        usable = [each for each in load.providers if each not in self.banned and each not in load.lacking]
        load.silent = dict.fromkeys(usable)
        effects: list[Effect] = []
        for provider in usable:
            nonce = self.metrics.draw_nonce()
            effects += self.metrics.ask(provider, nonce, MetricAsk(nonce, DOWNLOAD), load.artifact, now)
        return effects or self._wait(load)

    def on_metric(self, source: Address, told: MetricTold, now: Microseconds) -> list[Effect]:
        """Somebody says how busy it is. What is no metric is no offer."""
        request, effects = self.metrics.take_answer(source, told.nonce)
        if request is None:
            return [misbehaved(source, "nobody asked for its metric")]
        load = self.downloads.get(request.about)
        if load is None or source not in load.silent:
            return effects
        del load.silent[source]
        problem = find_problem(told.value)
        if problem:
            effects.append(misbehaved(source, f"its metric is {problem}"))
        else:
            load.offers.append(Offer(source, told.value))
            effects.append(
                Note("metric told", {"from": show_address(source), "metric": show_metric(told.value)})
            )
        return [*effects, *self._begin(load, now)]

    def on_metric_silent(self, artifact: NodeId, source: Address, now: Microseconds) -> list[Effect]:
        """Somebody does not say how busy it is."""
        load = self.downloads.get(artifact)
        if load is None or source not in load.silent:
            return []
        del load.silent[source]
        return [Note("metric silent", {"from": show_address(source)}), *self._begin(load, now)]

    def _begin(self, load: Download, now: Microseconds) -> list[Effect]:
        """All have answered, or one who is idle is enough: ask for pieces."""
        is_enough = self.policy.choice == FIRST and any(is_idle(offer) for offer in load.offers)
        if load.silent and not is_enough and not load.has_begun:
            return []
        load.has_begun = True
        return self._go_on(load, now)

    # -- pieces ---------------------------------------------------------------------------------------------

    def _go_on(self, load: Download, now: Microseconds) -> list[Effect]:
        """Ask for what is missing, as much as may be on its way."""
        effects: list[Effect] = []
        if not load.has_begun:
            return effects
        free = self.policy.at_once - (self.policy.pieces - len(load.got) - len(load.missing))
        for index in list(load.missing)[: max(0, free)]:
            asked = self._ask(load, index, now)
            if not asked:
                return [*effects, *self._wait(load)]
            del load.missing[index]
            effects += asked
        return effects

    def _ask(self, load: Download, index: int, now: Microseconds) -> list[Effect]:
        """Ask somebody for a piece; nothing when nobody is left."""
        tried = load.tried.setdefault(index, {})
        out = (load.refused, load.lacking, self.banned, tried)
        left = [offer for offer in load.offers if not any(offer.provider in each for each in out)]
        if not left:
            return []
        quick = [offer for offer in left if offer.provider not in self.slow]
        chosen = choose(self.policy.choice, quick or left, self.random.bits())
        tried[chosen.provider] = None
        nonce = self.metrics.draw_nonce()
        self.wanted[nonce] = Wanted(load.artifact, index, chosen.provider, now)
        facts = {"index": index, "of": show_address(chosen.provider), "metric": show_metric(chosen.metric)}
        effects: list[Effect] = [Note("piece asked", {"artifact": id_to_hex(load.artifact), **facts})]
        effects.append(SendTo(chosen.provider, PieceAsk(nonce, load.artifact, index)))
        if self.policy.hedge_after:
            effects.append(SetTimer(TimerName(HEDGE, about=nonce), self.policy.hedge_after))
        return effects

    def on_slow(self, nonce: int, now: Microseconds) -> list[Effect]:
        """A piece has not come: ask somebody else for it, too. When nobody else is left, all anew."""
        wanted = self.wanted[nonce]
        load = self.downloads[wanted.artifact]
        self.slow[wanted.provider] = None
        facts = {"index": wanted.index, "of": show_address(wanted.provider)}
        return [Note("piece hedged", facts), *self._ask_or_wait(load, wanted.index, now)]

    def on_answer(self, source: Address, answer: Piece | PieceNo, now: Microseconds) -> list[Effect]:
        """A piece, or none. Of one that came from two, the second is no misdeed: it is noted only."""
        wanted = self.wanted.get(answer.nonce)
        if wanted is None or wanted.provider != source:
            return [Note("piece unasked", {"from": show_address(source)})]
        del self.wanted[answer.nonce]
        over = CancelTimer(TimerName(HEDGE, about=answer.nonce))
        if isinstance(answer, Piece):
            return [over, *self._on_piece(wanted, answer, now)]
        return [over, *self._on_refused(wanted, answer, now)]

    def _on_piece(self, wanted: Wanted, piece: Piece, now: Microseconds) -> list[Effect]:
        """A piece has come, right or not."""
        load, source = self.downloads[wanted.artifact], wanted.provider
        if piece.content != get_piece(wanted.artifact, wanted.index, self.policy.piece_size):
            self.banned[source] = None
            wrong = misbehaved(source, f"its piece {wanted.index} is not what was published")
            return [wrong, *self._ask_or_wait(load, wanted.index, now)]
        load.missing.pop(wanted.index, None)
        load.got[wanted.index] = source
        load.in_vain = 0
        self.received += len(piece.content)
        effects = self._forget(wanted.artifact, wanted.index)
        facts = {"artifact": id_to_hex(wanted.artifact), "index": wanted.index, "from": show_address(source)}
        effects.append(Note("piece got", {**facts, "took": now - wanted.asked_at}))
        if len(load.got) < self.policy.pieces:
            return [*effects, *self._go_on(load, now)]
        return [*effects, *self._end(load, "fetch finished", now)]

    def _on_refused(self, wanted: Wanted, answer: PieceNo, now: Microseconds) -> list[Effect]:
        """Somebody does not give it: ask another one."""
        load, source = self.downloads[wanted.artifact], wanted.provider
        (load.lacking if answer.reason == MISSING else load.refused)[source] = None
        facts = {"index": wanted.index, "by": show_address(source), "reason": answer.reason}
        return [Note("piece refused", facts), *self._ask_or_wait(load, wanted.index, now)]

    def _ask_or_wait(self, load: Download, index: int, now: Microseconds) -> list[Effect]:
        """Ask somebody else, even if one who was slow may bring it yet. Else the piece is missing."""
        asked = self._ask(load, index, now) if load.has_begun else []
        if asked:
            load.missing.pop(index, None)
            return asked
        load.missing[index] = None
        return self._wait(load) if load.has_begun else []

    def _forget(self, artifact: NodeId, index: int | None = None) -> list[Effect]:
        """Nobody who was asked for this need hurry any more."""
        gone = [
            nonce
            for nonce, each in self.wanted.items()
            if each.artifact == artifact and index in (None, each.index)
        ]
        for nonce in gone:
            del self.wanted[nonce]
        return [CancelTimer(TimerName(HEDGE, about=nonce)) for nonce in gone]

    # -- rounds ---------------------------------------------------------------------------------------------

    def _wait(self, load: Download) -> list[Effect]:
        """Nobody is left: later anew."""
        return [SetTimer(TimerName(AGAIN, about=id_to_hex(load.artifact)), self.policy.again_after)]

    def on_again(self, artifact: NodeId, now: Microseconds) -> list[Effect]:
        """A new round if one is needed still, or the end of it."""
        load = self.downloads[artifact]
        if not load.missing:
            return []
        if load.in_vain >= self.policy.most_rounds:
            return [*self._forget(artifact), *self._end(load, "fetch failed", now)]
        return self._begin_round(load, now)

    def _end(self, load: Download, topic: str, now: Microseconds) -> list[Effect]:
        del self.downloads[load.artifact]
        shares: dict[str, int] = {}
        for provider in load.got.values():
            shares[show_address(provider)] = shares.get(show_address(provider), 0) + 1
        facts = {"artifact": id_to_hex(load.artifact), "took": now - load.started_at, "rounds": load.rounds}
        again = CancelTimer(TimerName(AGAIN, about=id_to_hex(load.artifact)))
        return [again, Note(topic, {**facts, "from": shares})]
