"""The predictions that a lab's pages show: what they are told of them, and what they may ask.

A page knows a prediction by a key. While one is open no page gets a record from behind its seal, so no view
can show what is asked; with the commit the rest of the run follows.
"""

import uuid
from collections.abc import Callable
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets.page_messages import Message

Leave = Callable[[], None]


class Sealed:
    """A trace up to an event."""

    def __init__(self, trace: Any, event: int) -> None:
        """All of it when it does not reach so far."""
        self._trace = trace
        self._end = trace.end_of(min(event, trace.last_event))

    def __len__(self) -> int:
        """How many records may be seen."""
        return int(self._end)

    def __getitem__(self, place: int) -> Any:
        """A record."""
        return self._trace[place]


class Desk:
    """All predictions of one lab that some cell shows, by key. Make it with `get_desk`."""

    def __init__(self) -> None:
        """None yet."""
        self._open: dict[str, tuple[Any, Leave]] = {}  # key -> prediction, ends our following it
        self._told: list[dict[str, Any]] = []  # as the pages know them
        self.on_change: Leave = do_nothing  # the pages should hear what there is now

    @property
    def seal(self) -> int | None:
        """The last event that may be seen; None when nothing is asked that was not answered."""
        return min((each.from_event for each, _ in self._open.values() if not each.is_locked), default=None)

    def cut(self, trace: Any) -> Any:
        """What pages may have of it."""
        return trace if self.seal is None else Sealed(trace, self.seal)

    def add(self, prediction: Any) -> str:
        """Show a prediction from now on. Its key."""
        key = uuid.uuid4().hex
        self._open[key] = prediction, prediction.subscribe(self._tell_that_it_changed)
        self._tell_that_it_changed()
        return key

    def remove(self, key: str) -> None:
        """Nobody shows it any more, so it seals nothing."""
        _, leave = self._open.pop(key)
        leave()
        self._tell_that_it_changed()

    def get(self, key: str) -> Any:
        """A prediction. UsageError for a key of a card that is gone."""
        if key not in self._open:
            raise UsageError("this card is of another run of its cell: it can be read, not answered")
        return self._open[key][0]

    def tell(self, send: Callable[[dict[str, Any]], None], *, again: bool = False) -> None:
        """Send all of them as plain data, if they are not as they were told; `again`: if there are any."""
        predictions = [{"key": key, **prediction.to_json()} for key, (prediction, _) in self._open.items()]
        if predictions != self._told or (again and predictions):
            self._told = predictions
            send({"type": "predictions", "predictions": predictions})

    def _tell_that_it_changed(self) -> None:
        self.on_change()  # of whoever listens now


def get_desk(lab: Any) -> Desk:
    """The lab's one desk, made at the first call: before the carrier, which must not send what is sealed."""
    if getattr(lab, "desk", None) is None:
        lab.desk = Desk()
    desk: Desk = lab.desk
    return desk


def check_unsealed(lab: Any) -> None:
    """UsageError while a prediction is open: who acts would be asked of another run."""
    seal = get_desk(lab).seal
    if seal is not None:
        raise UsageError(f"predict first, then act: the run is sealed behind event {seal:,}")


def commit(lab: Any, message: Message, epoch: int) -> None:
    """Lock a prediction. UsageError in the words that a cell would have shown."""
    get_desk(lab).get(message["prediction"]).commit(message["value"])


def ask_again(lab: Any, message: Message, epoch: int) -> None:
    """Ask anew, of the run as it is now. The reader goes back to where it is asked."""
    prediction = get_desk(lab).get(message["prediction"])
    prediction.again()
    lab.goto(event=min(lab.cursor, prediction.from_event))


def do_nothing() -> None:
    """Nobody listens."""
