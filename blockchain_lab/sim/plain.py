"""Dataclasses to JSON values and back, checked against their type hints.

Every fault is a `ScenarioError` with the key's path (`peers.ann.kind`), what was found, what is accepted.
Whole numbers only: a JSON number with a fraction is refused, for nothing in a run may depend on one.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import Address

NAMES: Final = {
    int: "a whole number",
    str: "text",
    bool: "true or false",
    dict: "an object",
    NoneType: "null",
}


@dataclass(frozen=True, slots=True)
class Range:
    """Beside a type hint, `Annotated[int, Range(0)]`: the accepted values, ends included."""

    low: int
    high: int | None = None

    def check(self, value: int, path: str) -> None:
        """ScenarioError when the value lies outside."""
        if value < self.low or (self.high is not None and value > self.high):
            upper = "" if self.high is None else f" to {self.high}"
            raise ScenarioError(path, f"found {value}, accepted: {self.low}{upper or ' or more'}")


def to_plain(value: Any) -> Any:
    """JSON values for dataclasses, tuples, dicts and simple values."""
    if isinstance(value, Address):
        return list(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(hint: Any, value: Any, path: str) -> Any:
    """The value that `hint` describes, from JSON. ScenarioError."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):  # only `X | None` is used
        return None if value is None else from_plain(inner[0], value, path)
    if origin is not None:
        return _READ[origin](inner, value, path)
    if hint is Any:
        return check_json(value, path)
    if hint is Address:
        return Address(*from_plain(tuple[str, Annotated[int, Range(1, 65535)]], value, path))
    return to_dataclass(hint, value, path) if is_dataclass(hint) else check_type(hint, value, path)


def to_dataclass(kind: Any, value: Any, path: str) -> Any:
    """An object of a dataclass from a JSON object; missing keys take their defaults. ScenarioError."""
    check_type(dict, value, path)
    accepted = {field.name: field for field in fields(kind)}
    for key in value:
        if key not in accepted:
            raise ScenarioError(join(path, key), f"unknown key, accepted: {', '.join(accepted)}")
    for name, field in accepted.items():
        if name not in value and field.default is MISSING and field.default_factory is MISSING:
            raise ScenarioError(path, f"the key {name!r} is missing")
    hints = get_hints(kind)
    return kind(**{key: from_plain(hints[key], item, join(path, key)) for key, item in value.items()})


@cache
def get_hints(kind: type) -> dict[str, Any]:
    """The type hints of a dataclass, evaluated once."""
    return get_type_hints(kind, include_extras=True)


def check_type(kind: type, value: Any, path: str) -> Any:
    """The value itself. ScenarioError when it is of another type; a bool is no number."""
    if type(value) is not kind:
        wanted = NAMES.get(kind, kind.__name__)
        raise ScenarioError(path, f"found {describe(value)}, accepted: {wanted}")
    return value


def check_json(value: Any, path: str) -> Any:
    """A copy of free-form JSON, arrays as lists. ScenarioError for a fraction or what is no JSON."""
    if isinstance(value, dict):
        for key in value:
            check_type(str, key, path)
        return {key: check_json(item, join(path, key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [check_json(item, f"{path}.{place}") for place, item in enumerate(value)]
    if type(value) not in (int, str, bool, NoneType):
        raise ScenarioError(path, f"found {describe(value)}, accepted: whole numbers, text, lists, objects")
    return value


def join(path: str, key: object) -> str:
    """The path of a key."""
    return f"{path}.{key}" if path else str(key)


def describe(value: Any) -> str:
    """A value and its type for an error message, cut short."""
    shown = repr(value)
    kind = NAMES.get(type(value), {float: "a number with a fraction", list: "a list"}.get(type(value), ""))
    return (shown if len(shown) <= 40 else shown[:37] + "...") + (f" ({kind})" if kind else "")


def _read_annotated(inner: tuple[Any, ...], value: Any, path: str) -> Any:
    converted = from_plain(inner[0], value, path)
    for limit in inner[1:]:
        limit.check(converted, path)
    return converted


def _read_literal(inner: tuple[Any, ...], value: Any, path: str) -> Any:
    if value not in inner:
        raise ScenarioError(path, f"found {describe(value)}, accepted: {', '.join(inner)}")
    return value


def _read_dict(inner: tuple[Any, ...], value: Any, path: str) -> dict[str, Any]:
    check_type(dict, value, path)
    for key in value:
        check_type(str, key, path)
    return {key: from_plain(inner[1], item, join(path, key)) for key, item in value.items()}


def _read_tuple(inner: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ScenarioError(path, f"found {describe(value)}, accepted: a list")
    hints = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
    if len(value) != len(hints):
        raise ScenarioError(path, f"found {len(value)} values, accepted: {len(hints)}")
    return tuple(
        from_plain(hint, item, f"{path}.{place}")
        for place, (hint, item) in enumerate(zip(hints, value, strict=True))
    )


_READ: Final = {
    Annotated: _read_annotated,
    Literal: _read_literal,
    dict: _read_dict,
    tuple: _read_tuple,
}
