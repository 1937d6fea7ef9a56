"""What popular texts say about Casper and sources do not: to be shown beside the rule, never built by.

The preset `as-the-blog-words-it` stands for them. Each sentence is reported in our words, with what the
sources say and where. The functions compute what a sentence would mean for a chain, for a picture of it: no
rule may call them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Misreading:
    """One point on which popular wording and sources part."""

    about: str
    says: str  # the popular text
    holds: str  # the sources
    source: str


PAPER: Final = "Casper FFG paper, arXiv 1710.09437v4"
MISREADINGS: Final = (
    Misreading(
        "epoch",
        "each epoch is one block longer than the one before",
        "the epoch's number grows by one, its length stays",
        "EIP-1011, Glossary",
    ),
    Misreading(
        "checkpoint",
        "any block that is being finalised",
        "one block for each epoch: block e * L, or the last one of the epoch before",
        f"{PAPER}; EIP-1011, Glossary",
    ),
    Misreading(
        "dynasty",
        "how many checkpoints are final in the chain",
        "how many are final from the root to the parent of a block: two branches may differ",
        PAPER,
    ),
    Misreading(
        "finality",
        "two thirds agree, and all blocks of the epoch are final",
        "two thirds justify; a second link, to the direct child, finalises, and with it all ancestors",
        PAPER,
    ),
    Misreading(
        "withdrawal",
        "four months from the request",
        "four months from the start of the end dynasty",
        PAPER,
    ),
    Misreading(
        "deposit",
        "32 ETH",
        "1,500 ETH; 32 ETH belong to the beacon chain that came later",
        "EIP-1011, MIN_DEPOSIT_SIZE",
    ),
    Misreading(
        "who votes",
        "validators are drawn by lot",
        "every validator votes in every epoch; a lot draws proposers and committees of the beacon chain",
        PAPER,
    ),
    Misreading(
        "stake",
        "money is bet on a block",
        "a vote names a link; its reward is a share of the deposit, whatever was right to vote for",
        "EIP-1011, Rewards and penalties",
    ),
    Misreading(
        "consensus",
        "a Byzantine agreement protocol",
        "a layer over a proposer that it needs to go on: it finalises, it does not propose",
        PAPER,
    ),
)


def get_growing_borders(epochs: int, first_length: int) -> list[int]:
    """Heights at which epochs 0 to `epochs` would begin if each were one block longer than the last."""
    borders = [0]
    for number in range(epochs):
        borders.append(borders[-1] + first_length + number)
    return borders


def get_growing_epoch(height: int, first_length: int) -> int:
    """In which of these growing epochs a block would be. O(epochs)."""
    number, end = 0, first_length
    while height >= end:
        number += 1
        end += first_length + number
    return number


def get_vague_checkpoints(final_height: int, head_height: int) -> range:
    """Heights of all blocks that "are being finalised": those above the last final one."""
    return range(final_height + 1, head_height + 1)


def get_hasty_height(justified_epoch: int, epoch_length: int, head_height: int) -> int:
    """How high a branch would be final if two thirds of votes made their whole epoch so."""
    if justified_epoch == 0:
        return 0  # the genesis needs no votes
    return min((justified_epoch + 1) * epoch_length - 1, head_height)


def get_hasty_withdrawal(asked: int, delay: int) -> int:
    """The epoch of a withdrawal if its delay began with the request. asked, delay: epochs."""
    return asked + delay


def draw_committee(names: Iterable[str], epoch: int) -> list[str]:
    """Half of the validators (rounded up), by a lot that a picture can repeat. O(n log n)."""
    lots = sorted((hashlib.sha256(f"{epoch}/{name}".encode()).hexdigest(), name) for name in names)
    return [name for _, name in lots[: (len(lots) + 1) // 2]]
