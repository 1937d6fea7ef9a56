"""What a scenario may choose about a node of Chord, and the check that it chose something that exists."""

from dataclasses import dataclass
from typing import Final, Self

from blockchain_lab.base.choices import Policy, check_keys, read_names, read_number
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.overlay.chord_ring import MOST_BITS
from blockchain_lab.overlay.kademlia_contacts import MOST_CONTACTS


@dataclass(frozen=True, slots=True)
class ChordPolicy:
    """One node's choices. Times in microseconds."""

    m: int = 32  # bits of a point; the paper's are 160, ours short enough to read
    point: int = -1  # the hash of its name when not given
    successors: int = 8  # r; the paper: O(log n)
    bootstrap: tuple[str, ...] = ()  # names of peers to ask first; the neighbours when not given
    join_at: Microseconds = 0
    round_every: Microseconds = 30 * SECOND  # the paper's experiments (§6.4): every 30 s on average
    reply_timeout: Microseconds = SECOND

    @classmethod
    def from_plain(cls, chosen: Policy, setup: Setup) -> Self:
        """From a scenario. UsageError."""
        m = read_number(chosen, "m", PLAIN.m, least=1, most=MOST_BITS)
        limits: dict[str, tuple[int, int | None]] = {
            "point": (-1, (1 << m) - 1),
            "successors": (1, MOST_CONTACTS),
            "join_at": (0, None),
            "round_every": (1, None),
            "reply_timeout": (1, None),
        }
        check_keys(chosen, ("m", "bootstrap", *limits))
        numbers = {
            key: read_number(chosen, key, getattr(PLAIN, key), least=least, most=most)
            for key, (least, most) in limits.items()
        }
        return cls(m, bootstrap=read_names(chosen, "bootstrap", setup.contacts), **numbers)


PLAIN: Final = ChordPolicy()
