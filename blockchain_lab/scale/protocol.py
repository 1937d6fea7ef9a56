"""The protocol that `readable_relay`, `plain` and `kernel` play alike to the microsecond; what they share.

**Finding.** One clock and one lottery for all (`scale.mining`): when block n is found and by whom is known
before the run. The finder stands on its best block of that moment. It has checked its own block already and
tells all its neighbours at once. A find comes before whatever else is due in the same microsecond.

**Receiving.** A peer that gets a block it lacks has it from then on: this moment is its `arrival`. It checks
for `validation` microseconds, then stands on it if that is right, and tells all neighbours in the order of
its slots, but not the one that sent the block.

**Standing.** A peer stands on the checked block with the most work, which is the highest; of equal ones on
the one it had first. A block whose parent it has not checked yet is handed on all the same (its proof of
work can be seen without the parent) and counts as arrived, but nobody stands on it before the parent has
been checked too. Nobody asks for a parent: each block floods by itself, so it comes.

**Telling.** By `Relay`; v is told by u, and "lacks" is a draw keyed by v and the block:

    INVENTORY   inv          -> getdata -> block
    HEADERS     headers      -> getdata -> block
    COMPACT     inv          -> getdata -> cmpctblock, and where v lacks some: -> getblocktxn -> blocktxn
    PUSH        cmpctblock at once, unasked; where v lacks some: -> getblocktxn -> blocktxn

v asks the first who announces, and never again. Two of whom one does not know BIP 152 use INVENTORY. Of
pushed blocks v takes the first, and of whole block and pushed block whichever is complete first. BIP 152
lets a peer push after a look at the header alone; here `validation` is the time of that look.

**Messages.** Sizes from the Bitcoin protocol, 24 bytes of envelope each. When one arrives: `sim.formulas`.
The draws are keyed by both names and by kind and number of block, which stand for the content.

**Order.** By time, then by when it was put into the queue.
"""

from enum import IntEnum
from typing import Final

from blockchain_lab.base.draws import draw, get_key, is_hit
from blockchain_lab.scale.plan import Plan

ENVELOPE: Final = 24  # bytes in front of every message (Bitcoin, since 2010)
AVERAGE_TX: Final = 250  # bytes; ours, for how many transactions `missing_size` is

NO_PARENT: Final = -1  # the block before the run
CONTENT: Final = 0x7363616C65  # apart from other keys


class Kind(IntEnum):
    """What can be sent, and the end of a check, which only a queue knows."""

    INV = 0
    HEADERS = 1
    GETDATA = 2
    BLOCK = 3
    CMPCTBLOCK = 4
    GETBLOCKTXN = 5
    BLOCKTXN = 6
    CHECKED = 7


class Stage(IntEnum):
    """How far a peer is with a block; it only ever goes up."""

    NONE = 0
    ASKED = 1  # for all of it
    LACKING = 2  # has the compact block and asked for the rest
    ARRIVED = 3
    CHECKED = 4  # but its parent is not
    READY = 5  # checked, and all before it


MESSAGES: Final = tuple(Kind)[:7]


def get_sizes(plan: Plan) -> tuple[int, ...]:
    """Bytes on the wire of each kind of message.

    inv and getdata carry one item (1 + 36 bytes), headers one header (1 + 80 + 1), getblocktxn a hash and
    the indexes of what is missing, one byte each (BIP 152 writes them as small differences).
    """
    missing = max(1, plan.missing_size // AVERAGE_TX)
    bodies = (37, 82, 37, plan.block_size, plan.compact_size, 33 + missing, plan.missing_size)
    return tuple(ENVELOPE + body for body in bodies)


def get_content_id(kind: int, block: int) -> int:
    """64 bits that stand for a message's content in keyed draws."""
    return draw(CONTENT, kind, block)


def get_name(peer: int) -> str:
    """As whom keyed draws know a peer."""
    return f"p{peer}"


def get_lacking_key(seed: int, name: str) -> int:
    """The key of a peer's luck with compact blocks."""
    return get_key(seed, "lacking", name)


def is_lacking(key: int, block: int, chance: int) -> bool:
    """Does a peer lack transactions of this compact block? `key` from `get_lacking_key`, `chance` in ppm."""
    return is_hit(draw(key, block), chance)
