"""What a peer does for others: it says how busy it is, and gives pieces, one after another and not too many.

    metric     Q of a reading that is `refresh_every` old at most; pieces that wait count as tasks that run
    limits     so many pieces wait for one peer, so many for all, so many are taken on in any minute: whoever
               comes then is told no at once

Without limits a popular peer takes every request and answers all of them late. What Pyrsia's blog demands
("requesters must not overwhelm peers") a requester cannot promise, for it does not know of the others.
"""

from dataclasses import dataclass, field, replace
from hashlib import shake_128
from typing import NamedTuple

from blockchain_lab.base.effects import Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.units import MINUTE, Address, Microseconds
from blockchain_lab.overlay.artifact_messages import FULL, MISSING, YOURS, Piece, PieceAsk, PieceNo
from blockchain_lab.overlay.artifact_policy import ArtifactPolicy
from blockchain_lab.overlay.kademlia_contacts import show_address
from blockchain_lab.overlay.kademlia_ids import NodeId, id_to_hex
from blockchain_lab.overlay.metric import (
    THOUSAND,
    Attributes,
    Reading,
    compute_quality,
    get_fair_attributes,
    metric_to_bits,
)
from blockchain_lab.overlay.metric_messages import MetricAsk, MetricTold
from blockchain_lab.overlay.metric_sources import Source

WORK = TimerName("work")


class Job(NamedTuple):
    """A piece that somebody waits for."""

    source: Address
    ask: PieceAsk


@dataclass(slots=True)
class Serving:
    """One peer's work for others."""

    policy: ArtifactPolicy
    machine: Source
    before: Reading | None = None  # of two readings, the older
    after: Reading | None = None
    jobs: list[Job] = field(default_factory=list)  # the first one is being worked on
    taken: list[Microseconds] = field(default_factory=list)  # when we took on what came in the last minute
    sent: int = 0  # bytes of pieces; they come on top of what the machine does anyway
    received: int = 0

    # -- how busy are we? ---------------------------------------------------------------------------------

    def tell(self, source: Address, ask: MetricAsk, now: Microseconds) -> list[Effect]:
        """Answer with what we have seen last, or look again when that is too old."""
        value = self.get_metric(ask.direction, now)
        return [SendTo(source, MetricTold(ask.nonce, metric_to_bits(value)))]

    def get_metric(self, direction: str, now: Microseconds) -> float:
        """Q, of two readings; of the load alone while there is only one moment."""
        if self.after is None or now - self.after.at >= self.policy.refresh_every:
            self.look(now)
        assert self.before is not None and self.after is not None
        if self.before.at == self.after.at:
            load = self.after.load / (THOUSAND * self.after.cores)
            return compute_quality(Attributes(load, 0.0, 0.0), self.policy.weights)
        return compute_quality(get_fair_attributes(self.before, self.after, direction), self.policy.weights)

    def look(self, now: Microseconds) -> None:
        """Read the counters: the machine's, and our own work on top."""
        seen = self.machine.read(now)
        seen = replace(
            seen,
            load=seen.load + THOUSAND * len(self.jobs),
            sent=seen.sent + self.sent,
            read=seen.read + self.sent,
            received=seen.received + self.received,
            written=seen.written + self.received,
        )
        if self.after is None or seen.at > self.after.at:
            self.before = self.after or seen
        self.after = seen

    # -- pieces ---------------------------------------------------------------------------------------------

    def take(self, source: Address, ask: PieceAsk, now: Microseconds, *, is_here: bool) -> list[Effect]:
        """Somebody wants a piece: it waits for its turn, or is refused at once."""
        self.taken = [at for at in self.taken if at > now - MINUTE]
        reason = self.find_refusal(source, ask, is_here=is_here)
        if reason:
            facts = {"to": show_address(source), "reason": reason, "index": ask.index}
            return [SendTo(source, PieceNo(ask.nonce, reason)), Note("piece denied", facts)]
        self.jobs.append(Job(source, ask))
        self.taken.append(now)
        waiting: Effect = Note("piece wanted", {"to": show_address(source), "waiting": len(self.jobs)})
        return [waiting, SetTimer(WORK, self.policy.work)] if len(self.jobs) == 1 else [waiting]

    def find_refusal(self, source: Address, ask: PieceAsk, *, is_here: bool) -> str:
        """Why it cannot have it; "" when it can."""
        if not is_here or ask.index >= self.policy.pieces:
            return MISSING
        most = self.policy.most_a_minute
        if len(self.jobs) >= self.policy.most_waiting or (most and len(self.taken) >= most):
            return FULL
        mine = sum(job.source == source for job in self.jobs)
        return YOURS if mine >= self.policy.most_each else ""

    def work(self) -> list[Effect]:
        """A piece is ready: send it, and begin with the next."""
        job = self.jobs.pop(0)
        effects: list[Effect] = [SetTimer(WORK, self.policy.work)] if self.jobs else []
        content = self.get_content(job.ask)
        self.sent += len(content)
        facts = {"to": show_address(job.source), "artifact": id_to_hex(job.ask.artifact)}
        given = Note("piece given", {**facts, "index": job.ask.index, "waiting": len(self.jobs)})
        return [SendTo(job.source, Piece(job.ask.nonce, content)), given, *effects]

    def get_content(self, ask: PieceAsk) -> bytes:
        """What is given."""
        return get_piece(ask.artifact, ask.index, self.policy.piece_size)


def get_piece(artifact: NodeId, index: int, size: int) -> bytes:
    """A piece of an artifact. It stands for the published hashes, too: everybody can check a piece."""
    return shake_128(f"{artifact} {index}".encode()).digest(size)
