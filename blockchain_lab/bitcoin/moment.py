"""When something happens to a node, by both of its clocks, and what chance and habits it has."""

from dataclasses import dataclass

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.eras import Era


@dataclass(frozen=True, slots=True)
class Moment:
    """Handed to the parts of a node that need more than the time since its world began."""

    now: Microseconds
    time: int  # the wall clock, Unix seconds
    era: Era
    random: CounterRandom  # the node's own
