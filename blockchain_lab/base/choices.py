"""Reads what a scenario chose for a node, and refuses what cannot be: which key, what can.

The nodes of the overlays and of consensus read their policies through here, so they all complain in the same
words.
"""

from collections.abc import Collection, Mapping
from typing import Any

from blockchain_lab.base.errors import UsageError

Policy = Mapping[str, Any]


def check_keys(policy: Policy, accepted: Collection[str]) -> None:
    """UsageError for a key that nobody reads."""
    for key in policy:
        if key not in accepted:
            raise UsageError(f"policy.{key}: unknown key, accepted: {', '.join(accepted)}")


def read_word(policy: Policy, key: str, accepted: Collection[str], default: str) -> str:
    """One of some words. UsageError."""
    value = policy.get(key, default)
    if type(value) is not str or value not in accepted:
        raise UsageError(f"policy.{key}: found {value!r}, accepted: {', '.join(accepted)}")
    return value


def read_flag(policy: Policy, key: str, *, default: bool) -> bool:
    """Yes or no. UsageError."""
    value = policy.get(key, default)
    if type(value) is not bool:
        raise UsageError(f"policy.{key}: found {value!r}, accepted: true, false")
    return value


def read_number(policy: Policy, key: str, default: int, *, least: int, most: int | None = None) -> int:
    """A whole number, ends included. UsageError."""
    value = policy.get(key, default)
    if type(value) is not int or value < least or (most is not None and value > most):
        upper = "on" if most is None else f"to {most}"
        raise UsageError(f"policy.{key}: found {value!r}, accepted: a whole number from {least} {upper}")
    return value


def read_rows(policy: Policy, key: str, least: int, most: int) -> tuple[tuple[int, ...], ...]:
    """A table: rows of `least` to `most` whole numbers from 0 on; none when the key is absent. UsageError."""
    value = policy.get(key, ())
    if not isinstance(value, list | tuple) or not all(is_row(row, least, most) for row in value):
        wanted = f"rows of {least} to {most} whole numbers from 0 on"
        raise UsageError(f"policy.{key}: found {value!r}, accepted: {wanted}")
    return tuple(tuple(row) for row in value)


def is_row(row: Any, least: int, most: int) -> bool:
    """`least` to `most` whole numbers from 0 on."""
    is_list = isinstance(row, list | tuple) and least <= len(row) <= most
    return is_list and all(type(each) is int and each >= 0 for each in row)


def read_names(policy: Policy, key: str, known: Collection[str]) -> tuple[str, ...]:
    """Names of peers of the scenario, none when the key is absent. UsageError."""
    value = policy.get(key, ())
    if not isinstance(value, list | tuple) or any(type(name) is not str for name in value):
        raise UsageError(f"policy.{key}: found {value!r}, accepted: a list of names of peers")
    for name in value:
        if name not in known:
            raise UsageError(f"policy.{key}: no peer is called {name!r}")
    return tuple(value)
