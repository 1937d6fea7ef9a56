"""What a scenario may choose about a peer of the consensus floor; what all must agree on is the chain's.

{"actor": "honest"}                          proposes when it may, votes when it should
{"actor": "honest", "proposes": false}       a validator without luck in the lottery, or a mere witness
{"actor": "nothing-at-stake"}                see `actors`
{"identity": "cat"}                          signs as cat: a second machine with the same key
{"trusts": "bob"}                            a newcomer that believes bob's finalised checkpoint, and no other
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from blockchain_lab.base.choices import Policy as Plain
from blockchain_lab.base.choices import check_keys, read_flag, read_names, read_number, read_word
from blockchain_lab.base.units import SECOND, Microseconds

FLAGS: Final = ("proposes", "votes", "reports", "relays")
KEYS: Final = ("actor", *FLAGS, "identity", "choice", "trusts", "keys", "depth", "memory", "redial_after")
CHAINS: Final = "chain's"


@dataclass(frozen=True, slots=True)
class Policy:
    """One peer's choices."""

    actor: str
    proposes: bool = True
    votes: bool = True  # if it is a validator
    reports: bool = True  # makes evidence of two votes that break a commandment
    relays: bool = True  # passes on what is new; not needed where everybody has a line to everybody
    identity: str = ""  # as whom it signs; a second machine with the same key, for one
    choice: str = CHAINS  # another fork choice than the chain's
    trusts: str = ""  # whose finalised checkpoint a peer without one of its own takes over
    keys: tuple[str, ...] = ()  # whose keys it holds besides its own: bought, or stolen
    depth: int = 6  # actor "private": public blocks since the fork before it may show its own
    memory: int = 64  # epochs behind the anchor after which votes are forgotten; ours
    redial_after: Microseconds = 5 * SECOND

    @classmethod
    def from_plain(
        cls, values: Plain, actors: Collection[str], choices: Collection[str], known: Collection[str]
    ) -> Self:
        """From a scenario. UsageError, with the key and what is accepted."""
        check_keys(values, KEYS)
        return cls(
            actor=read_word(values, "actor", list(actors), "honest"),
            proposes=read_flag(values, "proposes", default=True),
            votes=read_flag(values, "votes", default=True),
            reports=read_flag(values, "reports", default=True),
            relays=read_flag(values, "relays", default=True),
            choice=read_word(values, "choice", [CHAINS, *choices], CHAINS),
            identity=read_word(values, "identity", ["", *known], ""),
            trusts=read_word(values, "trusts", ["", *known], ""),
            keys=read_names(values, "keys", known),
            depth=read_number(values, "depth", 6, least=0),
            memory=read_number(values, "memory", 64, least=2),
            redial_after=read_number(values, "redial_after", 5 * SECOND, least=1),
        )
