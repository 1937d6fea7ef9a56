"""A peer that breaks an artifact network's promises. `lie` says how:

idle        it says that it does nothing, however much it does
negative    it says -1000, which is lower than nothing
busy        it says a million, and is left in peace
minus-inf   it says minus infinity; in Pyrsia's code nobody can be lower
nan         it says what is no number; in Pyrsia's code that ends the program of whoever sorts it
mute        it does not say how busy it is
greedy      it says that it is idle, takes every request, and never gives a piece
garbage     it says that it is idle, and its pieces are not what they should be
"""

from dataclasses import dataclass
from math import inf, nan
from typing import ClassVar, Final

from blockchain_lab.base.choices import read_word
from blockchain_lab.base.effects import Effect
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.artifact_messages import PieceAsk
from blockchain_lab.overlay.artifact_node import ArtifactNode
from blockchain_lab.overlay.artifact_policy import OWN_KEYS
from blockchain_lab.overlay.artifact_serving import Serving
from blockchain_lab.overlay.metric_messages import MetricAsk

IDLE, MUTE, GREEDY, GARBAGE = "idle", "mute", "greedy", "garbage"
SAID: Final = {
    IDLE: 0.0,
    GREEDY: 0.0,
    GARBAGE: 0.0,
    "busy": 1e6,
    "negative": -1_000.0,
    "minus-inf": -inf,
    "nan": nan,
}
LIES: Final = (*SAID, MUTE)


@dataclass(slots=True)
class LyingServing(Serving):
    """Says and gives what it likes."""

    lie: str = IDLE

    def tell(self, source: Address, ask: MetricAsk, now: Microseconds) -> list[Effect]:
        """The lie, or nothing."""
        return [] if self.lie == MUTE else Serving.tell(self, source, ask, now)

    def get_metric(self, direction: str, now: Microseconds) -> float:
        """Whatever is the case."""
        return SAID[self.lie]

    def take(self, source: Address, ask: PieceAsk, now: Microseconds, *, is_here: bool) -> list[Effect]:
        """As everybody; who is greedy has no time for it."""
        return [] if self.lie == GREEDY else Serving.take(self, source, ask, now, is_here=is_here)

    def get_content(self, ask: PieceAsk) -> bytes:
        """The piece, or as many zeros."""
        return bytes(self.policy.piece_size) if self.lie == GARBAGE else Serving.get_content(self, ask)


class ArtifactLiar(ArtifactNode):
    """Policy, over that of an honest peer: `lie`, one of LIES."""

    own_keys: ClassVar[tuple[str, ...]] = (*OWN_KEYS, "lie")
    serving_kind: ClassVar[type[Serving]] = LyingServing
    serving: LyingServing

    def __init__(self, setup: Setup) -> None:
        """UsageError for a lie that it does not know."""
        super().__init__(setup)
        self.serving.lie = read_word(setup.policy, "lie", LIES, IDLE)
