"""What goes round in a large network, in the words of its pictures: blocks, if nobody says otherwise."""

from typing import Final, NamedTuple


class Thing(NamedTuple):
    """`Thing("rumours", "a rumour began")`: 20 rumours; seconds since a rumour began."""

    many: str
    since: str


BLOCKS: Final = Thing("blocks", "a block was found")
RUMOURS: Final = Thing("rumours", "a rumour began")
