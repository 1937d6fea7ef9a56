"""What a swept function may answer, and how an answer is written as JSON and read again, bit for bit.

An answer is a number, or a dict of numbers and small arrays. JSON knows no NaN and no infinity, so these are
texts here; an array is a list with its type and shape. No file and no process.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Value = bool | int | float | NDArray[Any]
Answer = dict[str, Value]

VALUE: Final = "value"  # the column of a function that answers with a bare number
LARGEST: Final = 10_000  # numbers in one answer: a checkpoint holds results, not traces
KINDS: Final = "biuf"  # truth values, whole numbers of both sorts, floats


def read_answer(found: Any, taken: Mapping[str, Any]) -> Answer:
    """A function's answer as columns. ValueError in words for anything else, or for a name in `taken`."""
    columns = found if isinstance(found, Mapping) else {VALUE: found}
    if not columns:
        raise ValueError("the answer is an empty dict; wanted at least one number")
    answer: Answer = {}
    for name, value in columns.items():
        if not isinstance(name, str):
            raise ValueError(f"the answer has the name {name!r}; wanted texts as names")
        if name in taken:
            raise ValueError(f"the answer has the name {name!r}, which the point itself has already")
        answer[name] = read_value(name, value)
    if (size := sum(np.size(value) for value in answer.values())) > LARGEST:
        raise ValueError(
            f"the answer holds {size:,} numbers; wanted at most {LARGEST:,}: results, not traces"
        )
    return answer


def read_value(name: str, value: Any) -> Value:
    """One number or array. ValueError."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    match value:
        case bool() | int() | float():
            return value
        case np.ndarray() if value.dtype.kind in KINDS and value.dtype.itemsize <= 8:
            return value
        case np.ndarray():
            raise ValueError(f"the answer's {name!r} is an array of {value.dtype}; wanted one of numbers")
    raise ValueError(f"the answer's {name!r} is a {type(value).__name__}; wanted a number or a numpy array")


def to_plain(answer: Answer) -> dict[str, Any]:
    """As JSON has it."""
    return {name: value_to_plain(value) for name, value in answer.items()}


def from_plain(plain: Mapping[str, Any]) -> Answer:
    """The way back. ValueError, TypeError or KeyError for what `to_plain` never wrote."""
    return {name: value_from_plain(value) for name, value in plain.items()}


def value_to_plain(value: Value) -> Any:
    """One number or array as JSON has it."""
    if not isinstance(value, np.ndarray):
        return number_to_plain(value)
    numbers = [number_to_plain(each) for each in value.ravel().tolist()]
    return {"dtype": value.dtype.str, "shape": list(value.shape), "values": numbers}


def value_from_plain(plain: Any) -> Value:
    """The way back."""
    if not isinstance(plain, dict):
        return number_from_plain(plain)
    numbers = [number_from_plain(each) for each in plain["values"]]
    return np.array(numbers, dtype=np.dtype(plain["dtype"])).reshape(plain["shape"])


def number_to_plain(number: bool | int | float) -> bool | int | float | str:
    """JSON's own numbers, shortest texts that come back the same; "nan", "inf", "-inf" for the others."""
    return repr(number) if isinstance(number, float) and not isfinite(number) else number


def number_from_plain(plain: Any) -> bool | int | float:
    """The way back."""
    if isinstance(plain, str):
        return float(plain)
    if isinstance(plain, (bool, int, float)):
        return plain
    raise TypeError(f"found {plain!r}, wanted a number")
