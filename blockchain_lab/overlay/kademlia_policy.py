"""What a scenario may choose about a node of Kademlia, and the check that it chose something that exists.

    {"k": 8, "alpha": 3, "bootstrap": ["ann"], "join_at": 2000000}

Numbers of the paper unless a comment says otherwise. Times in microseconds.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Final, Self

from blockchain_lab.base.choices import Policy, check_keys, read_flag, read_names, read_number
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import HOUR, SECOND, Microseconds
from blockchain_lab.overlay.kademlia_contacts import MOST_CONTACTS
from blockchain_lab.overlay.kademlia_ids import HEX_DIGITS, NodeId, address_to_id, hash_to_id

MOST_AT_ONCE: Final = 40  # questions of one lookup on their way
DAY: Final = 24 * HOUR
DIGITS: Final = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class KademliaPolicy:
    """One node's choices."""

    id: str = ""  # 40 hexadecimal digits; the hash of the node's name when not given
    bootstrap: tuple[str, ...] = ()  # names of peers to ask first; the neighbours when not given
    join_at: Microseconds = 0  # after its start
    k: int = 20  # contacts in a bucket, and in an answer
    replicas: int = 0  # nodes that are given a value; k when 0
    alpha: int = 3  # questions of one lookup on their way; libp2p in Go: 10
    b: int = 1  # bits a hop, §4.2
    spares: int = 20  # newcomers that wait for a place in one bucket; §4.1 gives no number
    stale_after: int = 5  # unanswered questions in a row; §4.1
    check_after: Microseconds = 0  # heard from since: not pinged when a bucket is full; BEP 5: 15 minutes
    keeps_neighbours: bool = True  # all of the k nodes around us are known; §2.4, end
    joins_wide: bool = True  # who joins looks something up in every bucket; §2.3, end
    reply_timeout: Microseconds = SECOND  # ours: four times the slowest link of a usual scenario, both ways
    rejoin_after: Microseconds = 10 * SECOND  # ours: who found nobody asks again
    refresh_after: Microseconds = HOUR  # a bucket in which nothing was looked up
    replicate_after: Microseconds = HOUR  # a value that nobody has stored again
    republish_after: Microseconds = DAY  # by who published it
    expire_after: Microseconds = DAY  # since it was published
    caches: bool = True  # who has found a value gives it to the closest node that had none; §2.3
    checks_ids: bool = False  # an id must be the hash of its address, as in BEP 42
    most_values: int = 1_000  # ours: a node's disk has an end

    @property
    def copies(self) -> int:
        """How many nodes are given a value."""
        return self.replicas or self.k

    @classmethod
    def from_plain(cls, chosen: Policy, known: Collection[str], own_keys: tuple[str, ...] = ()) -> Self:
        """From a scenario with these peers; an attacker's `own_keys` are passed over. UsageError."""
        check_keys(chosen, (*(each.name for each in fields(cls)), *own_keys))
        numbers = {
            key: read_number(chosen, key, getattr(PLAIN, key), least=least, most=most)
            for key, (least, most) in NUMBERS.items()
        }
        flags = {key: read_flag(chosen, key, default=getattr(PLAIN, key)) for key in FLAGS}
        return cls(read_id(chosen), read_names(chosen, "bootstrap", known), **numbers, **flags)  # type: ignore[arg-type]


def choose_id(setup: Setup, policy: KademliaPolicy) -> NodeId:
    """The id that the scenario gives; else the hash of the name, or of the address where ids are checked."""
    if policy.id:
        return int(policy.id, 16)
    return address_to_id(setup.address) if policy.checks_ids else hash_to_id(setup.name)


PLAIN: Final = KademliaPolicy()
FLAGS: Final = ("keeps_neighbours", "joins_wide", "caches", "checks_ids")
NUMBERS: Final[dict[str, tuple[int, int | None]]] = {  # least and most
    "join_at": (0, None),
    "k": (1, MOST_CONTACTS),
    "replicas": (0, MOST_CONTACTS),
    "alpha": (1, MOST_AT_ONCE),
    "b": (1, 8),
    "spares": (0, None),
    "stale_after": (1, None),
    "reply_timeout": (1, None),
    "check_after": (0, None),
    "rejoin_after": (1, None),
    "refresh_after": (SECOND, None),
    "replicate_after": (SECOND, None),
    "republish_after": (SECOND, None),
    "expire_after": (SECOND, None),
    "most_values": (0, None),
}


def read_id(chosen: Policy) -> str:
    """The id of `policy.id`, "" when it is absent. UsageError."""
    value = chosen.get("id", "")
    if type(value) is str and len(value) in (0, HEX_DIGITS) and value.strip(DIGITS) == "":
        return str(value)
    raise UsageError(f"policy.id: found {value!r}, accepted: {HEX_DIGITS} hexadecimal digits")
