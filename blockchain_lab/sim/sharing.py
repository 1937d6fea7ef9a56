"""Equal facts are kept once: when a transaction has reached everybody, all have noted the same thing of it.

Only lately noted facts are remembered, for news is noted by everybody within a short time or not at all.
Two facts count as equal when all that they hold is, types included: 1 is not true.
"""

from hashlib import blake2b
from marshal import dumps
from typing import Any, Final

MOST_LATELY: Final = 4_096  # different facts in a generation
WITHOUT_REFERENCES: Final = 2  # version of marshal's format: the bytes then depend on nothing but the content


class Sharing:
    """Two generations of facts by a hash of their content. When the younger one is full, the elder goes."""

    __slots__ = ("_elder", "_younger")

    def __init__(self) -> None:
        """Nothing was noted yet."""
        self._younger: dict[bytes, Any] = {}
        self._elder: dict[bytes, Any] = {}

    def get_shared(self, facts: Any) -> Any:
        """The facts, or equal ones noted before. Made of tuples, lists, dicts, text, whole numbers, None."""
        key = blake2b(dumps(facts, WITHOUT_REFERENCES), digest_size=16).digest()
        shared = self._younger.get(key)
        if shared is None:
            if len(self._younger) >= MOST_LATELY:
                self._elder, self._younger = self._younger, {}
            shared = self._younger[key] = self._elder.get(key, facts)
        return shared
