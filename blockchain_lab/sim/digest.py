"""One hash of any plain state: the same in every process, whatever the hash seed.

Order inside dicts, lists and tuples counts, sets are sorted, a message counts by its bytes, the content
store not at all. What has no plain state (a float, a file, a lambda) is refused by name.
"""

from array import array
from collections import deque
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from sys import byteorder
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.store import ContentStore

if TYPE_CHECKING:
    from blockchain_lab.sim.trace import Trace

PLAIN: Final = frozenset((int, str, bytes, bool, type(None)))


class Digest:
    """Collects values into one hash."""

    def __init__(self) -> None:
        """Nothing was added yet."""
        self._hash = sha256()

    def add_column(self, column: "array[int]") -> None:
        """Add whole numbers, little endian on every machine."""
        if byteorder == "big":
            column = array(column.typecode, column)
            column.byteswap()
        raw = column.tobytes()
        self._hash.update(len(raw).to_bytes(8, "little") + raw)

    def add(self, value: Any) -> None:
        """Add one value, deeply. UsageError when it has no plain form."""
        raw = canonical(value).encode()
        self._hash.update(len(raw).to_bytes(8, "little") + raw)

    def hex(self) -> str:
        """The hash so far."""
        return self._hash.hexdigest()


def canonical(value: Any, above: tuple[int, ...] = ()) -> str:
    """A text that two values share exactly when they are equal. `above`: the objects that contain it."""
    kind = type(value)
    if kind in PLAIN:
        text = repr(value)
    elif isinstance(value, Message):  # by its bytes: an object and its decoded twin are the same
        text = f"<{value.command} {value.wire_name} {value.encoding.hex()}>"
    elif isinstance(value, Enum):
        text = f"{kind.__qualname__}.{value.name}"
    elif isinstance(value, ContentStore):
        text = "store"
    elif isinstance(value, FunctionType | type):
        text = _get_name(value)
    elif isinstance(value, int | str | bytes | bytearray):  # subclasses by their plain value
        text = repr(bytes(value) if isinstance(value, bytearray) else value)
    elif id(value) in above:  # a part that points back at what contains it
        text = f"up {len(above) - above.index(id(value))}"
    else:
        text = _canonical_parts(value, (*above, id(value)))
    return text


def _canonical_parts(value: Any, above: tuple[int, ...]) -> str:
    if isinstance(value, dict | MappingProxyType):
        pairs = [f"{canonical(key, above)}:{canonical(item, above)}" for key, item in value.items()]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, tuple | list | deque):
        return "[" + ",".join([canonical(item, above) for item in value]) + "]"
    if isinstance(value, set | frozenset):
        return "(" + ",".join(sorted(canonical(item, above) for item in value)) + ")"
    if hasattr(value, "__plain_state__"):  # says itself what counts: a chain of 4,500 blocks by its tip
        return type(value).__qualname__ + canonical(value.__plain_state__(), above)
    return type(value).__qualname__ + _canonical_parts(dict(_get_parts(value)), above)


def _get_parts(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Setup):  # the rest of it is the scenario's and cannot change
        return [("name", value.name), ("random", value.random), ("policy", value.policy)]
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    if hasattr(value, "__dict__"):
        return list(vars(value).items())
    slots = [slot for kind in type(value).__mro__ for slot in getattr(kind, "__slots__", ())]
    if not slots:
        raise UsageError(
            f"a {type(value).__name__} ({value!r:.40}) cannot be part of a node's state, for it has no plain "
            "form; use whole numbers, text, bytes, lists, dicts, dataclasses"
        )
    return [(slot, getattr(value, slot)) for slot in slots if hasattr(value, slot)]


def _get_name(value: Any) -> str:
    """A function or class stands for itself by name, unless it carries state of its own."""
    if "<" in value.__qualname__:
        raise UsageError(f"{value.__qualname__} cannot be part of a node's state: only named functions can")
    return f"{value.__module__}.{value.__qualname__}"


def digest_trace(trace: "Trace", event: int) -> str:
    """A hash of all records up to `event`, and of the moments of their events. O(records)."""
    digest = Digest()
    for column in trace.events(event):
        digest.add_column(column)
    records = trace.columns(0, trace.end_of(event))
    for column in records.numbers():
        digest.add_column(column)
    for detail in records.details:
        digest.add(detail)
    return digest.hex()
