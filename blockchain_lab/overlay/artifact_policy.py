"""What a scenario may choose about a peer that has, gives and wants artifacts. Times in microseconds.

    {"choice": "two", "providers": ["ann", "bob"], "busy": [[0, 500]], "work": 20000}

All other keys are those of a node of Kademlia (`kademlia_policy`), which finds providers where none are
named. The numbers are ours, but for the weights: Pyrsia asks one peer after the other, waits as long as it
takes, and knows no limits.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Final, Self

from blockchain_lab.base.choices import Policy, read_names, read_number, read_word
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds
from blockchain_lab.overlay.artifact_messages import MOST_PIECE
from blockchain_lab.overlay.choosing import CHOICES
from blockchain_lab.overlay.metric import THOUSAND, Weights

SCRIPT_KEYS: Final = ("busy", "cores")  # read by `metric_sources`


@dataclass(frozen=True, slots=True)
class ArtifactPolicy:
    """One peer's choices."""

    choice: str = "two"  # one of `choosing.CHOICES`
    providers: tuple[str, ...] = ()  # names of peers that have everything; Kademlia finds them when not given
    pieces: int = 4  # of every artifact
    piece_size: int = 500  # bytes
    at_once: int = 2  # pieces of one artifact on their way
    metric_wait: Microseconds = 300 * MILLISECOND  # for those who do not say how busy they are
    hedge_after: Microseconds = 500 * MILLISECOND  # without a piece: somebody else is asked, too; 0: nobody
    again_after: Microseconds = SECOND  # when nobody is left who could be asked
    most_rounds: int = 10  # of asking everybody without a piece; then it is given up
    refresh_every: Microseconds = SECOND  # what we say of ourselves is at most so old
    work: Microseconds = 20 * MILLISECOND  # that a piece costs who gives it; one after another
    most_waiting: int = 32  # pieces that wait to be given: the hard limit
    most_each: int = 4  # of them for one peer
    most_a_minute: int = 0  # pieces that are taken on in any minute; 0: as many as come
    weight_load: int = 2_000  # of Q, in thousandths; Pyrsia's, as are the next two
    weight_network: int = 1
    weight_disk: int = 1

    @property
    def weights(self) -> Weights:
        """What this peer multiplies its attributes with when it says how busy it is."""
        thousandths = (self.weight_load, self.weight_network, self.weight_disk)
        return Weights(*(each / THOUSAND for each in thousandths))

    @classmethod
    def from_plain(cls, chosen: Policy, known: Collection[str]) -> Self:
        """From a scenario with these peers. UsageError for what cannot be; keys of others are passed over."""
        numbers = {
            key: read_number(chosen, key, getattr(PLAIN, key), least=least, most=most)
            for key, (least, most) in NUMBERS.items()
        }
        choice = read_word(chosen, "choice", tuple(CHOICES), PLAIN.choice)
        return cls(choice, read_names(chosen, "providers", known), **numbers)


PLAIN: Final = ArtifactPolicy()
NUMBERS: Final[dict[str, tuple[int, int | None]]] = {  # least and most
    "pieces": (1, 65_535),
    "piece_size": (1, MOST_PIECE),
    "at_once": (1, None),
    "metric_wait": (1, None),
    "hedge_after": (0, None),
    "again_after": (1, None),
    "most_rounds": (1, None),
    "refresh_every": (0, None),
    "work": (0, None),
    "most_waiting": (1, None),
    "most_each": (1, None),
    "most_a_minute": (0, None),
    "weight_load": (0, None),
    "weight_network": (0, None),
    "weight_disk": (0, None),
}
OWN_KEYS: Final = (*(each.name for each in fields(ArtifactPolicy)), *SCRIPT_KEYS)
