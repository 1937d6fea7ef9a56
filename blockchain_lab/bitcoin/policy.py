"""What a scenario may choose about a Bitcoin node, and the check that it chose something that exists.

    {"era": "2014", "trickle_round": 500000, "in_transit": 4}

An era first, then single values of it under their own names, then what belongs to no era.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.constants import BLOCK_DOWNLOAD_WINDOW, MAX_BLOCKS_IN_TRANSIT, REDIAL_AFTER
from blockchain_lab.bitcoin.eras import ERAS, Era

PLAIN: Final = "plain"  # the era of a scenario that names none
INV: Final = "inv"  # how a node wants to hear of new blocks: as all nodes did before 0.12
HEADERS: Final = "headers"  # by their headers (BIP 130)
COMPACT: Final = "compact"  # likewise, and to be asked for as short ids (BIP 152, low bandwidth)
COMPACT_UNASKED: Final = "compact-unasked"  # as short ids at once from the fastest (BIP 152, high bandwidth)
ANNOUNCE: Final = (INV, HEADERS, COMPACT, COMPACT_UNASKED)
NUMBERS: Final = ("in_transit", "window", "redial_after")


@dataclass(frozen=True, slots=True)
class Policy:
    """One node's choices."""

    era: Era = ERAS[PLAIN]
    announce: str = HEADERS  # how it wants to hear of new blocks: one of ANNOUNCE
    push_blocks: bool = False  # ours: send new blocks whole to everybody, unasked, as a textbook might
    in_transit: int = MAX_BLOCKS_IN_TRANSIT  # blocks asked of one peer at a time
    window: int = BLOCK_DOWNLOAD_WINDOW  # blocks above the tip that may be asked for
    redial_after: Microseconds = REDIAL_AFTER  # how long to wait before dialling a lost neighbour again

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From a scenario. UsageError, with the key and what is accepted."""
        of_era = [field.name for field in fields(Era) if field.name != "name"]
        accepted = (
            "era",
            "sync",
            "announce",
            *NUMBERS,
            "push_blocks",
            *[name for name in of_era if name != "sync"],
        )
        for key, value in values.items():
            if key not in accepted:
                raise UsageError(f"policy.{key}: unknown key, accepted: {', '.join(accepted)}")
            if key == "announce" and value not in ANNOUNCE:
                raise UsageError(f"policy.{key}: found {value!r}, accepted: {', '.join(ANNOUNCE)}")
            if key == "era" and value not in ERAS:
                raise UsageError(f"policy.{key}: found {value!r}, accepted: {', '.join(ERAS)}")
            if key == "push_blocks" and type(value) is not bool:
                raise UsageError(f"policy.{key}: found {value!r}, accepted: true, false")
            if key in NUMBERS and (type(value) is not int or value < 1):
                raise UsageError(f"policy.{key}: found {value!r}, accepted: a whole number from 1 on")
        own = {key: value for key, value in values.items() if key not in (*of_era, "era")}
        era = ERAS[values.get("era", PLAIN)]
        default = COMPACT_UNASKED if era.compact_blocks else HEADERS if era.announces_headers else INV
        own = {"announce": default, **own}
        try:
            era = era.with_values({key: value for key, value in values.items() if key in of_era})
        except UsageError as fault:
            raise UsageError(str(fault).replace("era.", "policy.", 1)) from None
        return cls(era=era, **own)
