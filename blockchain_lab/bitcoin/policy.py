"""What a scenario may choose about a Bitcoin node, and the check that it chose something that exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.constants import BLOCK_DOWNLOAD_WINDOW, MAX_BLOCKS_IN_TRANSIT, REDIAL_AFTER

HEADERS_FIRST: Final = "headers-first"
BLOCKS_FIRST: Final = "blocks-first"

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sync": (HEADERS_FIRST, BLOCKS_FIRST),
    "announce": ("headers", "inv"),
}
NUMBERS: Final = ("in_transit", "window", "redial_after")


@dataclass(frozen=True, slots=True)
class Policy:
    """One node's choices; the defaults are Bitcoin Core's of today."""

    sync: str = HEADERS_FIRST  # how it catches up; "blocks-first" is Bitcoin before 0.10 (2015)
    announce: str = "headers"  # how it wants to hear of new blocks (BIP 130); "inv" is Bitcoin before 0.12
    in_transit: int = MAX_BLOCKS_IN_TRANSIT  # blocks asked of one peer at a time
    window: int = BLOCK_DOWNLOAD_WINDOW  # blocks above the tip that may be asked for
    redial_after: Microseconds = REDIAL_AFTER  # how long to wait before dialling a lost neighbour again

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From a scenario. UsageError, with the key and what is accepted."""
        for key, value in values.items():
            if key in WORDS:
                if value not in WORDS[key]:
                    raise UsageError(f"policy.{key}: found {value!r}, accepted: {', '.join(WORDS[key])}")
            elif key in NUMBERS:
                if type(value) is not int or value < 1:
                    raise UsageError(f"policy.{key}: found {value!r}, accepted: a whole number from 1 on")
            else:
                raise UsageError(f"policy.{key}: unknown key, accepted: {', '.join((*WORDS, *NUMBERS))}")
        return cls(**values)
