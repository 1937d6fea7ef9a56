"""Headers presync: who sends headers of little work has to send them twice before we keep a single one.

A header costs its sender one proof of work at the easiest difficulty, and us memory for ever. So where all
headers that a peer has sent, and what they build on, are less work than we ask for, they are only counted:

    presync      |....b.......b.......b.......b..>   of every 275th header one bit is kept, the rest forgotten
                                                     until there is enough work
    redownload   |====b=======b---[---b---]          the same again, each bit compared; a header is believed
                  believed          waiting          once 7,017 more have come after it; the rest at once
                                                     when there is enough work again

A bit is a keyed hash of the header, and only we know the key, and which headers leave one. Who sends another
chain the second time, without the work, fools each bit with one chance in two, and 25 of them stand between
a header and our memory. Bits cannot pile up either: a chain that follows the rules has at most six blocks a
second since its first one, for each must be younger than the median of the last 11.

No messages and no peers here. The headers that come in follow each other, and each has its proof of work.
Source: Bitcoin Core `headerssync.cpp`, since 24.0 (2022), and `pow.cpp` (PermittedDifficultyTransition).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.pow import bits_to_target, next_bits, work
from blockchain_lab.bitcoin.rules import MAX_FUTURE_BLOCK_TIME, compute_median_time
from blockchain_lab.bitcoin.siphash import Keys, siphash
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.chain.work import MAXIMUM_RETARGET_FACTOR

FASTEST_BLOCKS: Final = 6  # a second, by the rule of the median. Core headerssync.cpp
NEAR_TIP: Final = 144  # blocks, a day: a branch that leaves our chain so late is no flood; Core, since 24.0


class Phase(Enum):
    """Which time the headers come."""

    PRESYNC = "presync"
    REDOWNLOAD = "redownload"


class PresyncFailed(Exception):
    """A peer's chain cannot be what it seemed to be. The reason is Core's wording in its log."""


class Progress(NamedTuple):
    """After some headers: which may be believed now, oldest first, and whether the peer shall send more."""

    believed: list[Header]
    goes_on: bool


@dataclass(slots=True)
class HeadersPresync:
    """One peer's chain on its way through it."""

    network: Network
    start: HeaderEntry  # what the chain builds on: an entry that we know
    least_work: int  # hashes: what the chain must have, `start` and all below it included
    keys: Keys  # of the hash that makes a bit
    offset: int  # a height leaves a bit when this is its remainder
    most_bits: int  # how many a chain can leave that follows the rules, by now

    phase: Phase = Phase.PRESYNC
    height: int = 0  # of the last header that came in this phase
    name: bytes = b""  # its hash
    bits: int = 0  # its difficulty
    work: int = 0  # up to it
    kept: int = 0  # the bits of the presync, the first one lowest
    kept_count: int = 0
    compared: int = 0  # how many of them the redownload has passed
    waiting: list[Header] = field(default_factory=list)  # redownload: not believed yet

    @classmethod
    def begin(
        cls, start: HeaderEntry, least_work: int, network: Network, random: CounterRandom, time: int
    ) -> "HeadersPresync":
        """For a chain that builds on `start`. time: Unix seconds."""
        seconds = max(0, time + MAX_FUTURE_BLOCK_TIME - compute_median_time(start))
        presync = cls(
            network,
            start,
            least_work,
            keys=(random.bits(), random.bits()),
            offset=random.below(network.commitment_period),
            most_bits=FASTEST_BLOCKS * seconds // network.commitment_period,
        )
        presync._enter(Phase.PRESYNC)
        return presync

    def take(self, headers: Sequence[Header], *, is_full: bool) -> Progress:
        """The peer's next headers; the first one's parent is the last that came in this phase.

        is_full: it may have more of them. PresyncFailed: then this object is of no use any more.
        """
        if self.phase is Phase.PRESYNC:
            for header in headers:
                self._follow(header)
                if self._leaves_bit():
                    self._keep(get_bit(self.keys, self.name))
            if self.work < self.least_work:
                return Progress([], is_full)  # if not: the chain ends here, and it is not enough
            self._enter(Phase.REDOWNLOAD)
            return Progress([], goes_on=True)
        for header in headers:
            self._follow(header)
            if not self._is_enough() and self._leaves_bit():
                self._compare(get_bit(self.keys, self.name))
            self.waiting.append(header)
        return Progress(self._release(), is_full and not self._is_enough())

    def _enter(self, phase: Phase) -> None:
        """Begin at the start."""
        self.phase, self.height, self.name = phase, self.start.height, self.start.hash
        self.bits, self.work = self.start.header.bits, self.start.work

    def _follow(self, header: Header) -> None:
        """One header more. Its difficulty may not rise so fast that few headers do the work of many."""
        self.height += 1
        if not is_step_permitted(self.height, self.bits, header.bits, self.network):
            raise PresyncFailed(f"invalid difficulty transition at height={self.height}")
        self.name, self.bits = header.hash(), header.bits
        self.work += work(header.bits)

    def _leaves_bit(self) -> bool:
        return self.height % self.network.commitment_period == self.offset

    def _is_enough(self) -> bool:
        """From here on no bit is compared: the peer may have found a few blocks more meanwhile."""
        return self.work >= self.least_work

    def _keep(self, bit: int) -> None:
        self.kept |= bit << self.kept_count
        self.kept_count += 1
        if self.kept_count > self.most_bits:
            raise PresyncFailed(f"exceeded max commitments at height={self.height}")

    def _compare(self, bit: int) -> None:
        if self.compared == self.kept_count:
            raise PresyncFailed(f"commitment overrun at height={self.height}")
        if bit != self.kept >> self.compared & 1:
            raise PresyncFailed(f"commitment mismatch at height={self.height}")
        self.compared += 1

    def _release(self) -> list[Header]:
        """What nothing has to wait for any more."""
        count = len(self.waiting) - (0 if self._is_enough() else self.network.redownload_buffer)
        believed = self.waiting[: max(0, count)]
        del self.waiting[: len(believed)]
        return believed


def get_bit(keys: Keys, name: bytes) -> int:
    """What is kept of a header: one bit of a hash that nobody else can compute."""
    return siphash(keys, name) & 1


def is_step_permitted(height: int, old_bits: int, new_bits: int, network: Network) -> bool:
    """Could a block at `height` have these bits, whatever the times are? `old_bits`: its parent's.

    Where a block may be easy because it is late, everything is permitted.
    """
    if network.minimum_difficulty_blocks:
        return True
    if height % network.retarget_interval:
        return new_bits == old_bits
    longest = network.timespan * MAXIMUM_RETARGET_FACTOR
    hardest, easiest = (
        next_bits(0, taken, old_bits, limit=network.proof_of_work_limit, timespan=network.timespan)
        for taken in (0, longest)
    )
    return bits_to_target(hardest) <= bits_to_target(new_bits) <= bits_to_target(easiest)


def compute_least_work(tip: HeaderEntry, network: Network) -> int:
    """How much work, in hashes, a chain must have whose headers are kept at once.

    As much as the network's known minimum, and as ours without its last day. Core GetAntiDoSWorkThreshold.
    """
    last_day = NEAR_TIP * work(tip.header.bits)
    return max(network.minimum_chain_work, tip.work - last_day)
