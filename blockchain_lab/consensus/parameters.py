"""What a scenario says of a lottery, read into the lottery's own frozen object.

A proposer rule is a dataclass; three tables of its class say what a scenario may choose:

    UNITS     key -> what it counts: an object of names and whole amounts, as {"ann": 51, "bob": 49}
    NUMBERS   key -> least, most: a whole number, ends included; times are microseconds
    WORDS     key -> the words that are accepted

What is absent keeps the default of the dataclass.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Final, Protocol, TypeVar

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.reader import UNSIGNED_64

WHERE: Final = "chain.consensus.proposer"
MOST_UNITS: Final = (1 << 8 * UNSIGNED_64) - 1  # as on the wire
MOST_TIME: Final = 1 << 46  # microseconds: two years; 65,536 times as long still fits on the wire


class Described(Protocol):
    """A dataclass with the three tables; a class without units, say, has an empty one."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    UNITS: ClassVar[Mapping[str, str]]
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]]
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]]


Kind = TypeVar("Kind", bound=Described)


def read_parameters(kind: type[Kind], plain: Mapping[str, Any]) -> Kind:
    """The object that `plain` describes. ScenarioError with the key's path and the accepted values."""
    names = [each.name for each in fields(kind)]
    for key in plain:
        if key not in names:
            raise ScenarioError(f"{WHERE}.{key}", f"unknown key, accepted: {', '.join(names)}")
    for key, counted in kind.UNITS.items():
        check_units(key, plain.get(key, {}), counted)
    for key, (least, most) in kind.NUMBERS.items():
        if key in plain and (type(plain[key]) is not int or not least <= plain[key] <= most):
            wanted = f"accepted: a whole number from {least} to {most}"
            raise ScenarioError(f"{WHERE}.{key}", f"found {plain[key]!r}, {wanted}")
    for key, words in kind.WORDS.items():
        if key in plain and plain[key] not in words:
            raise ScenarioError(f"{WHERE}.{key}", f"found {plain[key]!r}, accepted: {', '.join(words)}")
    return kind(**plain)


def check_units(key: str, value: Any, counted: str) -> None:
    """ScenarioError unless at least one name has a whole amount above 0, and none has less than 0."""
    is_table = isinstance(value, Mapping) and all(map(is_amount, value.values()))
    if not is_table or not any(value.values()) or any(type(name) is not str for name in value):
        wanted = f"accepted: names and whole {counted}, 0 to {MOST_UNITS}, one of them above 0"
        raise ScenarioError(f"{WHERE}.{key}", f"found {value!r}, {wanted}")


def is_amount(value: Any) -> bool:
    """A whole number that the wire can carry."""
    return type(value) is int and 0 <= value <= MOST_UNITS
