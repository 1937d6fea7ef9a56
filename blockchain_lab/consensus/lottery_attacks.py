"""Attacks on lotteries as races without a network: nothing at stake, old keys, and grinding.

    nothing at stake   r of the stake signs both branches. Its turns come at the same seconds on both, so they
                       cancel out, and the attacker a is left alone with the honest h: q = a / (a + h)
    long range         old keys sign a second history of all the time since. It becomes longer than the real
                       one when they had more stake then than takes part since
    grinding           whoever makes a block makes k of them and shows the one after which it is first again

The formulas are floats, so nothing in an engine depends on them; the races are whole numbers and keyed luck,
and `grind` is played under the real kernel. How likely an attacker with a share is to win in the end says
`chain.races`.

Sources: V. Buterin, "Proof of stake FAQ" (2016), for all three; in the long range race rewards are left out
unless one asks for them (`compute_compounded`).
"""

from collections.abc import Iterable, Iterator, Sequence
from math import erf, exp, pi, prod, sqrt
from typing import Any, Final

from blockchain_lab.base.draws import MILLION, CounterRandom, is_hit
from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.block import Block, BlockEntry, make_entry, make_genesis
from blockchain_lab.consensus.orders import Exit
from blockchain_lab.consensus.proposer import Proposer
from blockchain_lab.consensus.shares import choose_first, make_block

YOUNG: Final = 30  # days without any weight (Peercoin)
RISING: Final = 60  # days from then on, until the weight stands still


def compute_effective_share(attacker: float, honest: float) -> float:
    """The attacker's share of the blocks that decide, when all the others sign both branches."""
    if attacker < 0 or honest < 0 or attacker + honest <= 0:
        raise UsageError(f"found {attacker} and {honest}, wanted shares of 0 or more, not both 0")
    return attacker / (attacker + honest)


def walk_two_branches(
    attacker_ppm: int, honest_ppm: int, blocks: int, luck: CounterRandom
) -> Iterator[tuple[int, int]]:
    """How long the honest and the attacker's branch are, block after block; all the others sign both.

    Shares in parts per million. A turn of the others makes both branches longer.
    """
    check_ppm(attacker_ppm, honest_ppm, attacker_ppm + honest_ppm)
    public = secret = 0
    for _ in range(blocks):
        turn = luck.below(MILLION)
        public += turn >= attacker_ppm
        secret += not attacker_ppm <= turn < attacker_ppm + honest_ppm
        yield public, secret


def is_overtaking(old_share: float, participation: float) -> bool:
    """Does a history of old keys become longer than the real one, if only it goes back far enough?

    old_share: of all stake, what the keys had where the histories part. participation: of all stake, what has
        taken part in the real one since.
    """
    return old_share > participation


def walk_long_range(
    old_ppm: int, participation_ppm: int, ticks: int, luck: CounterRandom
) -> Iterator[tuple[int, int]]:
    """How long the real and the second history are, tick after tick of the time that both cover.

    Chances of a block in each tick, parts per million. The second one is made up in no time at all: with
    stake, there is nothing to compute but signatures.
    """
    check_ppm(old_ppm, participation_ppm)
    real = second = 0
    for _ in range(ticks):
        real += is_hit(luck.bits(), participation_ppm)
        second += is_hit(luck.bits(), old_ppm)
        yield real, second


def compute_compounded(share: float, reward: float, blocks: int) -> float:
    """The share of old keys on their own branch once they have earned so many rewards there: towards 1.

    reward: of one block, as a part of all stake.
    """
    return (share + reward * blocks) / (1 + reward * blocks)


def compute_grinding_share(share: float, variants: int) -> float:
    """The share of blocks of somebody who picks the best of so many variants of each block it makes.

    After a block of the others it is first with the chance s. After its own, with 1 - (1 - s)**k: one of k
    variants is enough. So in the long run s / (s + (1 - s)**k).
    """
    if not 0 <= share <= 1 or variants < 1:
        raise UsageError(f"found a share of {share} and {variants} variants, wanted 0 to 1, and 1 or more")
    return share / (share + (1 - share) ** variants) if share else 0.0


def grind(
    proposer: Proposer[Any], names: Iterable[str], grinder: str, variants: int, blocks: int, seed: int = 1
) -> list[tuple[BlockEntry, Any]]:
    """A branch of so many blocks, as `shares.run_lottery` makes it, but for one who grinds.

    Variants of a block carry more or fewer orders: what a block may hold is the proposer's choice.
    """
    names = list(names)
    branch: list[tuple[BlockEntry, Any]] = [(make_genesis(), proposer.get_start())]
    for _ in range(blocks):
        parent, state = branch[-1]
        first = choose_first(proposer, state, parent, names, parent.header.time, seed)
        if first is None:
            raise UsageError(f"lottery: nobody of {', '.join(names)} has a turn behind {parent}")
        name, turn = first
        plain = make_block(parent, name, turn)
        tries = get_variants(plain, variants) if name == grinder else [plain]
        for block in tries:
            entry, after = make_entry(block, parent), proposer.apply(state, parent, block)
            next_one = choose_first(proposer, after, entry, names, block.time, seed)
            if next_one is not None and next_one[0] == grinder:
                break
        branch.append((entry, after))
    return branch


def get_variants(block: Block, count: int) -> Iterator[Block]:
    """The same right to propose, with other orders: the block with none, with one, two, ..."""
    order = Exit.by(block.proposer)
    for number in range(count):
        content = (block.parent, block.height, block.time, block.proposer, block.weight, block.proof)
        yield Block(*content, operations=(order,) * number).sign()


def compute_strictly_first(chances: Sequence[float]) -> list[float]:
    """Each one's chance to win alone in the first tick in which anybody wins; the rest of it are ties.

    chances: of each one, in one tick, below 1. With small ones it is the share; the large gain a little.
    """
    nobody = prod(1 - chance for chance in chances)
    return [chance / (1 - chance) * nobody / (1 - nobody) for chance in chances]


def compute_mean_gap(hazard: float) -> float:
    """Days between two blocks of one Peercoin output that stakes whenever it can, on average.

    hazard: how much its chance, per day, rises with each day. It is too young for 30 days, then the chance
        rises for 60 days, then it stands still:

        30 + the integral of exp(-hazard * x**2 / 2) from 0 to 60 + exp(-1800 * hazard) / (60 * hazard)
    """
    if not hazard > 0:
        raise UsageError(f"hazard: found {hazard}, wanted more than 0")
    rising = sqrt(pi / (2 * hazard)) * erf(RISING * sqrt(hazard / 2))
    return YOUNG + rising + exp(-hazard * RISING**2 / 2) / (RISING * hazard)


def check_ppm(*shares: int) -> None:
    """UsageError unless all are parts of a million."""
    for share in shares:
        if not 0 <= share <= MILLION:
            raise UsageError(f"share: found {share} parts per million, wanted 0 to {MILLION:,}")
