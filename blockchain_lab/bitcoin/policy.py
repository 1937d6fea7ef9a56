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
RESTART: Final = "restart"  # what a miner does when a block arrives, see `mining`
GO_ON: Final = "go on"
ANYONE: Final = "anyone"  # whom its coinbases pay: a script that anyone can satisfy
WALLET: Final = "wallet"  # or a key of its own
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "era": tuple(ERAS),
    "announce": ANNOUNCE,
    "on_new_tip": (RESTART, GO_ON),
    "rewards": (ANYONE, WALLET),
}
FLAGS: Final = ("push_blocks", "standard_on_test_networks", "allow_receive_by_ip", "gossip", "one_per_group")
NAMES: Final = ("dns_seeds", "seed_nodes", "fixed_seeds")  # of peers of the scenario
COUNTS: Final = ("in_transit", "window", "redial_after")  # from 1 on


@dataclass(frozen=True, slots=True)
class Policy:
    """One node's choices."""

    era: Era = ERAS[PLAIN]
    announce: str = HEADERS  # how it wants to hear of new blocks: one of ANNOUNCE
    push_blocks: bool = False  # ours: send new blocks whole to everybody, unasked, as a textbook might
    # Core asks for well-known forms on regtest since 2019 and on testnet since 2023, too. Our miners' coins
    # there are anyone's, which is no such form, so a scenario has to say that it wants it.
    standard_on_test_networks: bool = False
    hash_power: int = 0  # hashes an hour; on regtest a block takes two, so 12 find one in ten minutes
    on_new_tip: str = RESTART
    rewards: str = ANYONE
    allow_receive_by_ip: bool = False  # takes payments by IP (`orders`); Bitcoin's switch since 0.3.13 (2010)
    in_transit: int = MAX_BLOCKS_IN_TRANSIT  # blocks asked of one peer at a time
    window: int = BLOCK_DOWNLOAD_WINDOW  # blocks above the tip that may be asked for
    redial_after: Microseconds = REDIAL_AFTER  # how long to wait before dialling a lost neighbour again

    # hosts
    gossip: bool = False  # keeps an address book, talks of hosts, finds its peers by itself, as its era did
    dns_seeds: tuple[str, ...] = ()  # names of peers of the kind "dns-seed", asked when the book is empty
    seed_nodes: tuple[str, ...] = ()  # names of peers that are dialled once for the addresses they know
    fixed_seeds: tuple[str, ...] = ()  # names of peers: the list inside the program, the last resort
    one_per_group: bool = True  # no two outbound connections go into one network group

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From a scenario. UsageError, with the key and what is accepted."""
        of_era = [field.name for field in fields(Era) if field.name != "name"]
        own_keys = [field.name for field in fields(cls) if field.name != "era"]
        accepted = tuple(dict.fromkeys(("era", "sync", *own_keys, *of_era)))
        for key, value in values.items():
            if key not in accepted:
                raise UsageError(f"policy.{key}: unknown key, accepted: {', '.join(accepted)}")
            if key not in of_era:
                check_value(key, value)
        own = {key: value for key, value in values.items() if key not in (*of_era, "era")}
        era = ERAS[values.get("era", PLAIN)]
        default = COMPACT_UNASKED if era.compact_blocks else HEADERS if era.announces_headers else INV
        own = {"announce": default, **own}
        own |= {key: tuple(own[key]) for key in NAMES if key in own}
        try:
            era = era.with_values({key: value for key, value in values.items() if key in of_era})
        except UsageError as fault:
            raise UsageError(str(fault).replace("era.", "policy.", 1)) from None
        return cls(era=era, **own)


def check_value(key: str, value: object) -> None:
    """Can a choice that belongs to no era be this? UsageError."""
    if key in WORDS:
        accepted, fits = ", ".join(WORDS[key]), value in WORDS[key]
    elif key in NAMES:
        accepted = "names of peers"
        fits = isinstance(value, list | tuple) and all(type(name) is str for name in value)
    elif key in FLAGS:
        accepted, fits = "true, false", type(value) is bool
    else:
        least = 1 if key in COUNTS else 0
        accepted, fits = f"a whole number from {least} on", type(value) is int and value >= least
    if not fits:
        raise UsageError(f"policy.{key}: found {value!r}, accepted: {accepted}")
