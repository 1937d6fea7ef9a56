"""Lesson 4 at real size: one block among 18,077 peers, each of which opens 2, 4, 8 or 16 lines.

A block is 2,000 times as large as a payment, so another cost comes into sight: a peer's uploads wait for
one another, and who has more friends is asked by more of them at the same time.
"""

from math import log
from typing import Final

import numpy as np

from blockchain_lab.course.questions import Choice, Mistake
from blockchain_lab.course.real_size import make_live_run, spread
from blockchain_lab.scale.countries import REACHABLE
from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.propagation import Propagation

BLOCK: Final = Plan().block_size  # bytes, of 2019
MOST: Final = 90  # per cent of the peers: "nine of ten"


def spread_block(lines: int, seed: int, *, is_queued: bool = True) -> Propagation:
    """One block in the learner's network of 18,077, each of whom opens so many lines.

    It is announced, asked for and sent whole, as in 2009. is_queued: a peer's uploads wait for one another.
    """
    return spread(seed, outbound=lines, relay=Relay.INVENTORY, block_size=BLOCK, is_queued=is_queued)


def watch_blocks(lines: int, seed: int) -> LiveRun:
    """Several such blocks, to be watched: `watch_blocks(8, seed).show()`."""
    return make_live_run(seed, outbound=lines, relay=Relay.INVENTORY, block_size=BLOCK)


def find_twice_the_lines(seed: int) -> str:
    """What 16 lines in the place of 8 do to the time until nine of ten have a block, as an option's key."""
    few, many = (spread_block(lines, seed).get_percentile(MOST) for lines in (8, 16))
    return name_change(many / few)


def reckon_twice_the_lines(seed: int) -> str:
    """The same by thought: hops by their logarithm, times how long a copy waits for its turn and is sent."""
    few, many = (
        log(REACHABLE) / log(2 * lines) * compute_mean_turn(spread_block(lines, seed)) for lines in (8, 16)
    )
    return name_change(many / few)


def compute_mean_turn(run: Propagation) -> float:
    """Seconds from a copy's being asked for to its being sent, if all ask at once; the mean over all copies.

    A peer that sends c copies, each in u seconds, lets the first wait for u, the last for c u.
    """
    copies = run.get_tree(0).count_children()
    takes = run.plan.block_size / run.network.upload
    return float(np.sum(takes * copies * (copies + 1) / 2) / np.sum(copies))


def name_change(factor: float) -> str:
    """Of a time: about half of it, a little less, the same, more: a, b, c, d."""
    if factor < 0.7:
        return "a"
    if factor < 0.98:
        return "b"
    return "c" if factor <= 1.02 else "d"


TWICE_THE_LINES = Choice(
    id="L04.q13",
    predicted=True,
    title="Twice the lines, for a block",
    prompt="18,077 peers, and a block of 535,000 bytes: announced, asked for, sent. Everybody opens 16 lines"
    " instead of 8. When do nine of ten peers have it?",
    options={
        "a": "in about half of the time",
        "b": "a little sooner",
        "c": "at the same time",
        "d": "later",
    },
    passes="the letter for what the rows of 8 and of 16 lines show, at 90 %.",
    hints=(
        "Everybody asks the first who announces the block. How many may ask the same peer?",
        "A peer behind Tor sends 750,000 bytes a second here: 0.7 s for a block. And for the tenth who asks?",
        "Compare two numbers of the table: 90 % with 8 lines, and 90 % with 16.",
    ),
    because="Ways are hardly shorter, and who is quick has twice the friends asking: their copies wait.",
    solution="{answer}. Whoever serves you sends some 16 copies on average, not 8, one after another.",
    answer=find_twice_the_lines,
    again=reckon_twice_the_lines,
    mistakes=(
        Mistake("a", "So it is from 2 lines to 4. Compare the rows of 8 and of 16."),
        Mistake("b", "The way is a little shorter, yes. But how long is the queue at who has the block?"),
        Mistake("c", "For half of the peers that is nearly so. Look at nine of ten."),
    ),
)
