"""What a scenario may choose about a gossiping node, and the check that it chose something that exists.

{"protocol": "push-once", "fanout": 3, "ttl": 7}
{"protocol": "plumtree", "patience": 500000}
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds

PUSH_ONCE: Final = "push-once"  # on first receipt to a few, and never again
PUSH: Final = "push"  # whoever knows calls somebody every round
PULL: Final = "pull"  # everybody asks somebody every round
PUSH_PULL: Final = "push-pull"  # both in one call
FLOOD: Final = "flood"  # on first receipt to all neighbours but the one it came from
INV: Final = "inv"  # the same with names; the items are sent to who wants them
ERLAY: Final = "erlay"  # names to a few, sets compared with the others
PLUMTREE: Final = "plumtree"  # items along a tree, names along all other lines
CALLS: Final = (PUSH_ONCE, PUSH, PULL, PUSH_PULL)  # by datagrams, to anybody
LINES: Final = (FLOOD, INV, ERLAY, PLUMTREE)  # by connections, to neighbours
PROTOCOLS: Final = (*CALLS, *LINES)
EVERYBODY: Final = "everybody"  # calls go to any peer of the scenario
NEIGHBOURS: Final = "neighbours"  # calls go only to whom the topology lets it dial
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "protocol": PROTOCOLS,
    "among": (EVERYBODY, NEIGHBOURS),
}
FROM_ONE: Final = ("fanout", "every", "patience", "reconcile_every", "redial_after", "most_lines", "shortcut")
HOPS: Final = 254  # the largest `ttl`: hops are counted in a byte, whose 255 is "more"


@dataclass(frozen=True, slots=True)
class Policy:
    """One node's choices. Times in microseconds."""

    protocol: str = INV
    among: str = EVERYBODY

    # calls
    fanout: int = 4  # push once: how many are told
    ttl: int = 0  # push once: hops after which nobody is told any more; 0: no limit
    every: Microseconds = SECOND  # one round
    hot_rounds: int = 20  # rounds in which an item is pushed: 10,000 peers need 23 (Pittel 1987)

    # lines
    outbound: int = 0  # that it opens by itself, to others drawn by chance; 0: to whom the topology names
    most_lines: int = 125  # Core's DEFAULT_MAX_PEER_CONNECTIONS (net.h); IPv8 answers up to 30 peers
    redial_after: Microseconds = 5 * SECOND  # until a neighbour that was lost is dialled again
    patience: Microseconds = 2 * SECOND  # for an item that was promised; Core waits 60 s for a transaction
    announce_to: int = 8  # Erlay: how many of those whom we dialled are told at once (§4.1: 8)
    reconcile_every: Microseconds = 8 * SECOND  # Erlay: between two comparisons on one line
    shortcut: int = 3  # Plumtree §3.8: how many hops a shorter way must save to be taken

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From a scenario. UsageError, with the key and what is accepted."""
        accepted = [field.name for field in fields(cls)]
        for key, value in values.items():
            if key not in accepted:
                raise UsageError(f"policy.{key}: unknown key, accepted: {', '.join(accepted)}")
            check_value(key, value)
        return cls(**values)


def check_value(key: str, value: object) -> None:
    """Can this choice be this? UsageError."""
    if key in WORDS:
        accepted, fits = ", ".join(WORDS[key]), value in WORDS[key]
    elif key == "ttl":
        accepted, fits = f"0 to {HOPS}", type(value) is int and 0 <= value <= HOPS
    else:
        least = 1 if key in FROM_ONE else 0
        accepted, fits = f"a whole number from {least} on", type(value) is int and value >= least
    if not fits:
        raise UsageError(f"policy.{key}: found {value!r}, accepted: {accepted}")
