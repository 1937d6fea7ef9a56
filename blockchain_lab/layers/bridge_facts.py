"""What a call has done, for notes: a contract returns these, and knows no views."""

from typing import Any, NamedTuple


class Fact(NamedTuple):
    """A note to be: its topic, and JSON values. Names of calls and channels are in hexadecimal."""

    topic: str
    facts: dict[str, Any]
