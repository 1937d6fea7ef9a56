"""What all peers of a chain agree on: who has coins at first, how long windows are. A scenario's `chain`.

    {"settlement": {"balances": {"ann": 100, "bob": 20, "sam": 60}, "channel_window": 3,
                    "rollup": {"bonds": {"sam": 50}, "window": 4}, "bridge": {"operator": "gus"}}}

With a bridge there is a second chain, "side", on which nobody has coins at first. Bonds are paid out of
balances; whoever has a balance, even of 0, has an account on the rollup.

What one peer chooses for itself stands with the node. Windows are counted in blocks; ours are short, so that
a run shows both of their ends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.consensus.parameters import is_amount
from blockchain_lab.layers.bridge_bank import MOST_COINS, is_person
from blockchain_lab.layers.rollup_rules import RollupRules

WHERE: Final = "chain.settlement"
MAIN: Final = "main"
SIDE: Final = "side"
KEYS: Final = ("balances", "channel_window", "rollup", "bridge")
ROLLUP_KEYS: Final = ("bonds", "window")
MOST_WINDOW: Final = 100_000  # blocks; ours


@dataclass(frozen=True, slots=True)
class SettlementRules:
    """One chain's rules."""

    name: str  # "main" or "side"
    balances: Mapping[str, int] = field(default_factory=dict)  # coins behind the genesis
    channel_window: int = 3  # blocks in which a posted state may be disproved; ours
    rollup: RollupRules | None = None
    operator: str = ""  # of the bridge
    origin: str = ""  # a hash of all that was chosen: it tells one chain's genesis from another's

    @property
    def purpose(self) -> str:
        """Under which the states behind its blocks stand in the content store."""
        return f"settlement {self.name}"


def read_chains(chain: Mapping[str, Any]) -> dict[str, SettlementRules]:
    """The rules of each chain, by name. ScenarioError with the key's path and what is accepted."""
    plain = chain.get("settlement")
    if not isinstance(plain, Mapping):
        raise ScenarioError(WHERE, f"found {plain!r}, wanted an object with balances")
    check_known(plain, KEYS, WHERE)
    origin = sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    window = read_count(plain, "channel_window", 3, WHERE)
    balances = read_balances(plain, "balances", WHERE)
    rollup = read_rollup(plain["rollup"], balances) if "rollup" in plain else None
    operator = read_operator(plain["bridge"]) if "bridge" in plain else ""
    chains = {MAIN: SettlementRules(MAIN, balances, window, rollup, operator, origin)}
    if operator:
        chains[SIDE] = SettlementRules(SIDE, operator=operator, origin=origin)
    return chains


def read_operator(plain: Any) -> str:
    """Whose word counts at the bridge. ScenarioError."""
    where = f"{WHERE}.bridge"
    if not isinstance(plain, Mapping):
        raise ScenarioError(where, f"found {plain!r}, wanted an object with an operator")
    check_known(plain, ("operator",), where)
    operator = plain.get("operator")
    if type(operator) is not str or not is_person(operator):
        raise ScenarioError(f"{where}.operator", f"found {operator!r}, wanted somebody's name")
    return operator


def read_rollup(plain: Any, balances: Mapping[str, int]) -> RollupRules:
    """A rollup's contract. ScenarioError."""
    where = f"{WHERE}.rollup"
    if not isinstance(plain, Mapping):
        raise ScenarioError(where, f"found {plain!r}, wanted an object with bonds and a window")
    check_known(plain, ROLLUP_KEYS, where)
    bonds = read_balances(plain, "bonds", where)
    for name, bond in bonds.items():
        if bond > balances.get(name, 0):
            has = balances.get(name, 0)
            raise ScenarioError(f"{where}.bonds.{name}", f"found {bond}, accepted: 0 to {has}, its balance")
    window = read_count(plain, "window", 4, where)
    return RollupRules(tuple(balances), tuple(bonds.items()), window)


def read_balances(plain: Mapping[str, Any], key: str, where: str) -> dict[str, int]:
    """A table of names and coins. ScenarioError."""
    value = plain.get(key)
    if not isinstance(value, Mapping) or not all(map(is_holding, value.items())):
        wanted = f"accepted: people's names and whole coins, 0 to {MOST_COINS}"
        raise ScenarioError(f"{where}.{key}", f"found {value!r}, {wanted}")
    if sum(value.values()) > MOST_COINS:
        raise ScenarioError(f"{where}.{key}", f"found more than {MOST_COINS} coins together")
    return dict(value)


def is_holding(pair: tuple[Any, Any]) -> bool:
    """A name that somebody may sign for, and an amount that the wire can carry."""
    return type(pair[0]) is str and is_person(pair[0]) and is_amount(pair[1])


def check_known(plain: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    """ScenarioError for a key that nobody reads."""
    for key in plain:
        if key not in keys:
            raise ScenarioError(f"{where}.{key}", f"unknown key, accepted: {', '.join(keys)}")


def read_count(plain: Mapping[str, Any], key: str, default: int, where: str, most: int = MOST_WINDOW) -> int:
    """A whole number from 1 on. ScenarioError."""
    value = plain.get(key, default)
    if type(value) is not int or not 1 <= value <= most:
        raise ScenarioError(f"{where}.{key}", f"found {value!r}, accepted: a whole number from 1 to {most}")
    return value
