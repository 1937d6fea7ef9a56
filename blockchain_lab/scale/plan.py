"""What happens in a large network: how blocks are told, how large they are, and how often one is found."""

from dataclasses import dataclass
from enum import StrEnum

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds


class Relay(StrEnum):
    """How a peer hands on a block that it has checked."""

    INVENTORY = "inventory"  # inv, getdata, block (2009)
    HEADERS = "headers"  # headers, getdata, block (BIP 130, 2015)
    COMPACT = "compact"  # BIP 152 low bandwidth: inv, getdata, cmpctblock, and what it lacks (2016)
    PUSH = "push"  # BIP 152 high bandwidth: cmpctblock unasked, at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run: `blocks` blocks are found, at a mean distance of `interval`, and every one is spread.

    The sizes are SimBlock's of 2019 (its `SimulationConfiguration`, commit 5fc7f9f).
    """

    relay: Relay = Relay.INVENTORY
    blocks: int = 100
    interval: Microseconds = 600 * SECOND
    seed: int = 0
    block_size: int = 535_000  # bytes
    compact_size: int = 18_000  # bytes
    missing_size: int = 5_350  # bytes of the transactions that a compact block lacks, where it lacks some
    validation: Microseconds = 2 * MILLISECOND  # before a peer tells others
    is_queued: bool = True  # a peer's uploads wait for one another
    is_pruned: bool = True  # skip announcements that cannot matter; the result is the same
    formula: str = "uplink"  # or "simblock2019": when does a message arrive?
    first_miner: int | None = None  # who finds block 0; None: the lottery decides, as it does for all others

    def __post_init__(self) -> None:
        """Take the name of a way to relay for the way. UsageError for one that nobody knows."""
        if self.relay not in list(Relay):
            raise UsageError(f"plan.relay: found {self.relay!r}, wanted one of {', '.join(Relay)}")
        object.__setattr__(self, "relay", Relay(self.relay))
