"""The predictions that a lab's pages show: what they are told of them, and what they may ask.

A page knows a prediction by a key. Until it is locked the page seals the run, and knows no outcome.
"""

import uuid
from collections.abc import Callable
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets.page_messages import Message


class Desk:
    """All predictions of one carrier, by key."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        """None yet. `on_change`: the pages should hear what there is now."""
        self._on_change = on_change
        self._open: dict[str, tuple[Any, Callable[[], None]]] = {}  # key -> prediction, ends our following it

    def add(self, prediction: Any) -> str:
        """Show a prediction from now on. Its key."""
        key = uuid.uuid4().hex
        self._open[key] = prediction, prediction.subscribe(self._on_change)
        self._on_change()
        return key

    def remove(self, key: str) -> None:
        """Nobody shows it any more, so it seals nothing."""
        _, leave = self._open.pop(key)
        leave()
        self._on_change()

    def get(self, key: str) -> Any:
        """A prediction. UsageError for a key of a card that is gone."""
        if key not in self._open:
            raise UsageError("this card is of another run of its cell: it can be read, not answered")
        return self._open[key][0]

    def describe(self) -> list[dict[str, Any]]:
        """All of them as plain data."""
        return [{"key": key, **prediction.to_json()} for key, (prediction, _) in self._open.items()]


def commit(lab: Any, message: Message, epoch: int) -> None:
    """Lock a prediction. UsageError in the words that a cell would have shown."""
    lab.carrier.desk.get(message["prediction"]).commit(message["value"])


def ask_again(lab: Any, message: Message, epoch: int) -> None:
    """Ask anew, of the run as it is now. The reader goes back to where it is asked."""
    prediction = lab.carrier.desk.get(message["prediction"])
    prediction.again()
    lab.goto(event=min(lab.cursor, prediction.from_event))
