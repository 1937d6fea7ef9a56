"""Peercoin's proof of stake: coins that have not moved for long have the better chance, until they are used.

    age      0 ............... 30 days .................. 90 days ..........
    weight   0                 0, then coins * days more   stands still at 60 days

The *exact rule* is `weight`. The *lottery* plays it with a clock of its own: a day is so many ticks, and each
name holds some coins (outputs of transactions), each with its own age. In each tick a coin wins when its
kernel is at most `target * weight`; the block that it makes consumes its age. Each block retargets the chain,
and counts the more the harder it was (chain trust).

Left out: mixed blocks with proof of work, rewards, spending. Modifiers are as `kernel` tells; from 0.5 on
Peercoin takes one that was made about 21 days before, here the last one holds until the next interval.

Sources: S. King, S. Nadal, "PPCoin" (2012); Peercoin kernel.cpp (CheckStakeKernelHash), pow.cpp
(GetNextTargetRequired), chain.cpp (GetBlockTrust). Before 0.3 the 30 days were not taken off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.kernel import (
    HASHES,
    MODIFIERS,
    MOST_TICKS,
    Modifier,
    compute_kernel,
    get_first_modifier,
)
from blockchain_lab.consensus.kernel_turn import Clock
from blockchain_lab.consensus.parameters import MOST_TIME, MOST_UNITS, WHERE, read_parameters
from blockchain_lab.consensus.proposer import Turn

COIN: Final = 1_000_000  # units; Peercoin amount.h
DAY: Final = 24 * 60 * 60  # seconds
LEAST_AGE: Final = 30  # days; Peercoin chainparams.cpp, nStakeMinAge
MOST_AGE: Final = 90  # days; nStakeMaxAge
WEEK_OF_BLOCKS: Final = 1_008  # the retarget's patience: a week of 10 minutes
MOST_COINS: Final = 1 << 10  # of one name; ours
COIN_SIZE: Final = 2  # bytes of a coin's number in a proof


def weight(coins: int | float | Decimal | Fraction, age_days: int | float | Decimal | Fraction) -> int:
    """Coin-days that count: coins * (age up to 90 days - 30 days), rounded down. UsageError below 0.

    Fractions are taken as they are written (0.1 is a tenth), then as Peercoin has them: whole millionths of
    a coin, whole seconds.
    """
    amount, seconds = Fraction(str(coins)) * COIN, Fraction(str(age_days)) * DAY
    if amount < 0 or seconds < 0:
        raise UsageError(f"weight: found {coins} coins of {age_days} days, wanted neither below 0")
    return get_coin_days(int(amount), int(seconds))


def get_coin_days(units: int, age: int) -> int:
    """The rule in whole numbers: millionths of a coin, seconds -> coin-days that count."""
    counted = min(age, MOST_AGE * DAY) - LEAST_AGE * DAY
    return units * counted // COIN // DAY if counted > 0 else 0


def get_next_target(target: int, actual: int, spacing: int, patience: int = WEEK_OF_BLOCKS) -> int:
    """The target after a block that took `actual` instead of `spacing`, both in one unit of time.

    An exponential average: a single slow block moves it by 1/500, with Peercoin's patience.
    """
    target = target * ((patience - 1) * spacing + 2 * actual) // ((patience + 1) * spacing)
    return min(max(1, target), HASHES - 1)


def get_trust(target: int) -> int:
    """What a block of this target adds to its branch, beside 1 for a block with proof of work."""
    return HASHES // (target + 1)


class Coin(NamedTuple):
    """An output that may stake."""

    owner: str
    units: int
    since: Microseconds  # when it was made, or last staked; before the genesis below 0


@dataclass(frozen=True, slots=True)
class Coinage:
    """The state behind a block."""

    coins: tuple[Coin, ...]  # a coin's number is its place
    target: int
    modifier: Modifier
    time: Microseconds


@dataclass(frozen=True)
class Peercoin:
    """A `Proposer`. Its state is `Coinage`."""

    UNITS: ClassVar[Mapping[str, str]] = {"coins": "units of stake"}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "output": (0, MOST_UNITS),
        "tick": (1, MOST_TIME),
        "day": (1, MOST_TIME),
        "least_age": (0, 1 << 16),
        "most_age": (1, 1 << 16),
        "first_age": (0, 1 << 16),
        "spacing": (1, MOST_TIME),
        "interval": (1, MOST_TIME),
        "seed": (0, MASK_64),
        "patience": (0, 1 << 32),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {"modifier": MODIFIERS}

    coins: Mapping[str, int]  # all that a name has
    output: int = 0  # units of one coin, the last one of a name has the rest; 0: each name has but one
    tick: Microseconds = SECOND
    day: Microseconds = MINUTE  # what stands for a day: the lab is 1,440 times as fast
    least_age: int = LEAST_AGE  # days
    most_age: int = MOST_AGE  # days
    first_age: int = MOST_AGE  # days, of all coins at the genesis
    spacing: Microseconds = MINUTE  # that the retarget aims at
    interval: Microseconds = 36 * MINUTE  # between modifiers, in spacings as many as Peercoin's 6 hours have
    patience: int = 100  # blocks; Peercoin has 1,008. 0: no retarget
    modifier: str = "interval"
    seed: int = 0  # of the first modifier; the scenario's, if its chain names no other

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From a scenario. ScenarioError."""
        rule = read_parameters(cls, plain)
        if rule.most_age <= rule.least_age:
            wanted = f"more than the least age, {rule.least_age}"
            raise ScenarioError(f"{WHERE}.most_age", f"found {rule.most_age}, accepted: {wanted}")
        if rule.output and max(rule.coins.values()) > MOST_COINS * rule.output:
            wanted = f"so much that nobody has over {MOST_COINS:,} coins"
            raise ScenarioError(f"{WHERE}.output", f"found {rule.output}, accepted: 0, or {wanted}")
        return rule

    @property
    def clock(self) -> Clock:
        """Its ticks."""
        return Clock(self.tick, self.spacing, self.interval, self.modifier)

    def get_start(self) -> Coinage:
        """All coins are as old as the scenario says; a target for coins of the full age."""
        since = -self.first_age * self.day
        coins = [
            Coin(owner, units, since)
            for owner, amount in self.coins.items()
            for units in split_amount(amount, self.output)
        ]
        full = sum(coin.units for coin in coins) * (self.most_age - self.least_age)
        target = min(HASHES // (full * self.clock.ticks), HASHES - 1)
        return Coinage(tuple(coins), target, get_first_modifier(self.seed), 0)

    def get_weight(self, coin: Coin, at: Microseconds) -> int:
        """Its coin-days that count."""
        age = at - coin.since
        if age <= self.least_age * self.day:
            return 0
        return coin.units * (min(age, self.most_age * self.day) - self.least_age * self.day) // self.day

    def get_weights(self, state: Coinage, at: Microseconds) -> dict[str, int]:
        """Everybody's coin-days that count at a time. O(coins)"""
        weights = dict.fromkeys(self.coins, 0)
        for coin in state.coins:
            weights[coin.owner] += self.get_weight(coin, at)
        return weights

    def get_shares(self, state: Coinage) -> Mapping[str, int]:
        """Coin-days that count as of the last block; nothing at all while every coin is young."""
        return self.get_weights(state, state.time)

    def get_limit(self, state: Coinage, coin: Coin, at: Microseconds) -> int:
        """Below which a coin's kernel wins: the kernel may be as large as target * weight."""
        coin_days = self.get_weight(coin, at)
        return state.target * coin_days + 1 if coin_days else 0

    def find_turn(
        self, state: Coinage, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """The next tick in which one of its coins wins, within 65,536 kernels. O(coins * ticks)"""
        own = [
            (number, coin, get_ticket(number, coin))
            for number, coin in enumerate(state.coins)
            if coin.owner == who
        ]
        if not own:
            return None
        ripe = min(coin.since for _, coin, _ in own) + self.least_age * self.day
        first = max(after, parent.header.time, ripe) // self.tick + 1
        for tick in range(first, first + MOST_TICKS // len(own) + 1):
            at = tick * self.tick
            for number, coin, ticket in own:
                limit = self.get_limit(state, coin, at)
                if limit and compute_kernel(state.modifier.value, ticket, tick) < limit:
                    return Turn(at, get_trust(state.target), number.to_bytes(COIN_SIZE, "little"))
        return None

    def apply(self, state: Coinage, parent: BlockEntry, block: Block) -> Coinage:
        """RuleBroken "proof", "kernel", "weight", and what `check_block` asks."""
        check_block(parent, block, self.coins)
        check_weight(block, get_trust(state.target))
        number = int.from_bytes(block.proof, "little")
        if len(block.proof) != COIN_SIZE or number >= len(state.coins):
            raise RuleBroken("proof", f"found {block.proof.hex()}, wanted the number of a coin")
        coin = state.coins[number]
        if coin.owner != block.proposer:
            raise RuleBroken("proof", f"coin {number} belongs to {coin.owner!r}, not to {block.proposer!r}")
        limit = self.get_limit(state, coin, block.time)
        self.clock.check(state.modifier, get_ticket(number, coin), block, lambda tick: limit)
        used = coin._replace(since=block.time)
        target = state.target
        if self.patience:
            taken = block.time - parent.header.time
            target = get_next_target(target, taken, self.spacing, self.patience)
        return Coinage(
            (*state.coins[:number], used, *state.coins[number + 1 :]),
            target,
            self.clock.get_next_modifier(state.modifier, parent, block),
            block.time,
        )


def split_amount(amount: int, output: int) -> list[int]:
    """The coins of one name: as many of the size `output` as fit, and the rest. [amount] for the size 0."""
    whole, rest = divmod(amount, output) if output else (0, amount)
    return [output] * whole + [rest] * (rest > 0)


def get_ticket(number: int, coin: Coin) -> bytes:
    """What names a coin in its kernels: a coin that has staked is a new one."""
    since = coin.since.to_bytes(8, "little", signed=True)
    return number.to_bytes(COIN_SIZE, "little") + since + coin.owner.encode()
