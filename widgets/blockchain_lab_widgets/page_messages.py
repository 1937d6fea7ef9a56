"""What a page may say, field by field. Anything else is refused by name, before it reaches the lab."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from blockchain_lab.base.errors import UsageError

Message = Mapping[str, Any]
Check = tuple[str, Callable[[Any], bool]]  # what is wanted, in words, and is it that?

LONGEST: Final = 100  # characters of a strange value that are quoted

NUMBER: Final[Check] = ("a whole number, 0 or more", lambda value: type(value) is int and value >= 0)
TEXT: Final[Check] = ("a text", lambda value: isinstance(value, str))
TEXT_OR_NOTHING: Final[Check] = ("a text or null", lambda value: value is None or isinstance(value, str))
YES_OR_NO: Final[Check] = ("true or false", lambda value: isinstance(value, bool))
NAMES: Final[Check] = (
    "a list of texts",
    lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
)
FIELDS: Final[Check] = ("an object", lambda value: isinstance(value, dict))
PREDICTED: Final[Check] = (
    "a number, a text or a list",
    lambda value: isinstance(value, int | float | str | list) and not isinstance(value, bool),
)

SHAPES: Final[Mapping[str, Mapping[str, Check]]] = {
    "hello": {
        "modules": YES_OR_NO, "libraries": NAMES,  # what it lacks
        "epoch": NUMBER, "have": NUMBER, "facts": NUMBER, "messages": NUMBER,  # what it has
    },
    "rest": {
        "cursor": NUMBER, "furthest": NUMBER, "selection": TEXT_OR_NOTHING, "epoch": NUMBER, "moves": NUMBER,
    },
    "act": {"request": TEXT, "action": FIELDS, "cursor": NUMBER, "furthest": NUMBER, "epoch": NUMBER},
    "switch": {"request": TEXT, "branch": NUMBER},
    "reset": {"request": TEXT, "seed": TEXT_OR_NOTHING},
    "file": {
        "request": TEXT, "what": TEXT, "views": NAMES,
        "cursor": NUMBER, "selection": TEXT_OR_NOTHING, "epoch": NUMBER,
    },
    "choose": {"request": TEXT, "claim": TEXT, "era": TEXT},
    "commit": {"request": TEXT, "prediction": TEXT, "value": PREDICTED},
    "ask again": {"request": TEXT, "prediction": TEXT},
}  # fmt: skip


def check_message(message: Any) -> str:
    """The type of a message. UsageError unless all its fields are there and are what they should be."""
    if not isinstance(message, dict):
        raise UsageError(f"from the page: found {quote(message)}, wanted an object")
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in SHAPES:
        raise UsageError(f"from the page: found type {quote(kind)}, wanted one of {', '.join(SHAPES)}")
    for name, (wanted, is_right) in SHAPES[kind].items():
        if name not in message:
            raise UsageError(f"from the page: {kind} has no {name}, wanted {wanted}")
        if not is_right(message[name]):
            raise UsageError(f"from the page: {kind}.{name}: found {quote(message[name])}, wanted {wanted}")
    return kind


def quote(value: Any) -> str:
    """A value as Python writes it, not longer than a line."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
