"""Values that people predict: read with care, and said as people write them. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND

LONGEST: Final = 60  # characters of a strange value that are quoted
Amount = int | float


def read_amount(value: Any, wanted: str, what: str = "the prediction") -> Amount:
    """A finite number as a plain one; numpy's count, True does not. UsageError."""
    if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
        raise UsageError(f"{what}: found {quote(value)}, wanted {wanted}")
    return int(value) if isinstance(value, Integral) else float(value)


def find_name(value: Any, names: Sequence[str], what: str) -> str:
    """The value itself, if it is one of the names. UsageError."""
    if not isinstance(value, str) or value not in names:
        raise UsageError(f"{what}: found {quote(value)}, wanted one of {', '.join(names)}")
    return value


def check_scale(kind: str, least: Any, most: Any, **allowed: Any) -> None:
    """UsageError unless there is room from least to most, and what is allowed is 0 or more."""
    if read_amount(least, "a number", f"{kind}: least") >= read_amount(most, "a number", f"{kind}: most"):
        raise UsageError(f"{kind}: found least {least} and most {most}, wanted room between them")
    for name, value in allowed.items():
        if read_amount(value, "a number", f"{kind}: {name}") < 0:
            raise UsageError(f"{kind}: {name}: found {value}, wanted 0 or more")


def check_names(kind: str, what: str, names: tuple[Any, ...]) -> None:
    """UsageError unless there are two texts or more, all different."""
    if len(names) < 2 or len(set(names)) < len(names) or not all(isinstance(each, str) for each in names):
        raise UsageError(
            f"{kind}: {what}: found {quote(list(names))}, wanted two texts or more, all different"
        )


def exact(number: Amount) -> Decimal:
    """The decimal fraction that a person means by it."""
    return Decimal(repr(number))


def say_amount(number: Amount, unit: str = "") -> str:
    """3 places at most, thousands separated: "1,204.5 s"."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.3f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".rstrip()


def quote(value: Any) -> str:
    """A value as Python writes it, not longer than a line."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def say_time(at: Amount) -> str:
    """Microseconds as the clock shows them: "8.200 s"."""
    return f"{at / SECOND:.3f} s"


def say_list(names: Sequence[str]) -> str:
    """ann, bob and cat; "none of them" when there are none."""
    if not names:
        return "none of them"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
