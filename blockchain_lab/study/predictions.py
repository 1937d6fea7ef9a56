"""Predict, run, reconcile: somebody commits to what a run will show, before anybody may see it.

lab = Lab("conflict"); lab.goto(event=40)
said = predict(lab, number("How long until nine peers have block 3?", coverage_time(3, 9),
                           unit="s", least=0, most=30, tolerance=0.5))
said.show()                    a card above the workbench, which is sealed until the prediction is locked
said.commit(12.5)              the same from a cell
said.verdict, said.to_json()

The run is computed ahead and measured when the question is asked, so an author's mistake shows in that cell.
What others did to the lab since is another run; `again()` asks anew, of that one, and keeps what was said.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.sim.digest import digest_trace
from blockchain_lab.study.prediction_kinds import (
    Choice,
    Curve,
    Measure,
    Measured,
    Number,
    Order,
    Question,
    Verdict,
)
from blockchain_lab.study.prediction_values import Amount

Callback = Callable[[], None]
OPEN: Final = "Predict first: behind event {event:,} lies what you are asked."


def number(
    asks: str, measure: Measure, *, unit: str, least: Amount, most: Amount, tolerance: Amount, **when: Any
) -> Number:
    """How many, how long? `when`: from_event and until, in all kinds."""
    return Number(asks=asks, measure=measure, unit=unit, least=least, most=most, tolerance=tolerance, **when)


def choice(asks: str, measure: Measure, options: Iterable[str], **when: Any) -> Choice:
    """Which of these?"""
    return Choice(asks=asks, measure=measure, options=tuple(options), **when)


def order(asks: str, measure: Measure, things: Iterable[str], **when: Any) -> Order:
    """Who comes first, second, ...? The things stand in the card as they are given."""
    return Order(asks=asks, measure=measure, things=tuple(things), **when)


def curve(
    asks: str, measure: Measure, *, unit: str, least: Amount, most: Amount, fair: Amount, **when: Any
) -> Curve:
    """How does it go over time? `fair`: how far off a line may be on average."""
    return Curve(asks=asks, measure=measure, unit=unit, least=least, most=most, fair=fair, **when)


class Prediction:
    """A question put to a lab, what was predicted, and how it came. Make it with `predict`."""

    def __init__(self, lab: Lab, question: Question, from_event: int, until: Microseconds) -> None:
        """Measure; nobody is told what."""
        self.lab, self.from_event, self.until = lab, from_event, until
        self.question = question
        self.guess: Any = None  # None until it is locked
        self.earlier: tuple[dict[str, Any], ...] = ()  # what was said of other runs
        self._verdict: Verdict | None = None
        self._digest = ""  # of the run that was measured, when it is locked
        self._subscribers: list[Callback] = []
        self._measure()

    # -- asking ---------------------------------------------------------------------------------------------

    def commit(self, value: Any) -> Self:
        """Predict, once and for all. UsageError when it is locked already, or out of the question's range."""
        if self.is_locked:
            raise UsageError(
                f"the prediction is locked: found {value!r}, wanted nothing more; again() asks anew"
            )
        guess = self.question.read(value)
        if not self.is_same_run:
            self._measure()
        self.guess = guess
        self._verdict = self._judge()
        self._digest = digest_trace(self.lab.trace, self._end)
        self._tell()
        return self

    def again(self) -> Self:
        """Ask anew, of the run as it is now. What was said before stays in `earlier`."""
        if self.is_locked:
            self.earlier += (self._get_result(),)
        self.guess = None
        self._measure()
        self._tell()
        return self

    def subscribe(self, callback: Callback) -> Callback:
        """Call back after every commit and every again; call the result to end it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def show(self, *views: str, alone: bool = False, **options: Any) -> Any:
        """The card above a workbench with these views; `alone`: without, for a lab shown in other cells."""
        from blockchain_lab_widgets.prediction import show_prediction  # noqa: PLC0415  (runs without Jupyter)

        if not self.is_locked and self.lab.cursor > self.from_event:
            self.lab.goto(event=self.from_event)
        return show_prediction(self, *views, alone=alone, **options)

    # -- reading --------------------------------------------------------------------------------------------

    @property
    def is_locked(self) -> bool:
        """Was it committed?"""
        return self.guess is not None

    @property
    def is_same_run(self) -> bool:
        """Does the lab stand on the run that was measured? Acting, another seed or branch make it another."""
        return self._run == self._get_run()

    @property
    def outcome(self) -> Measured | None:
        """What the run has shown; None until the prediction is locked."""
        return self._measured if self.is_locked else None

    @property
    def verdict(self) -> Verdict | None:
        """Prediction against outcome; None until the prediction is locked."""
        return self._verdict if self.is_locked else None

    @property
    def decided(self) -> int:
        """The event from which on the outcome may be known."""
        event = self._measured.event
        return self._end if event is None else max(event, self.from_event)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; what the run shows is in it only when the prediction is locked."""
        return {
            "kind": self.question.kind,
            "asks": self.question.asks,
            **self.question.get_terms(),
            "from_event": self.from_event,
            "until": self.until,
            **self._get_result(),
            "is_same_run": self.is_same_run,
            "earlier": list(self.earlier),
        }

    def __repr__(self) -> str:
        """In words; the verdict only to who has read so far."""
        if not self.is_locked:
            return f"{self.question.asks} Not answered yet."
        if self.is_same_run and self.lab.cursor < self.decided:
            return f"{self.question.asks} Locked: {self.guess}. Play on to see."
        assert self._verdict is not None
        other = "" if self.is_same_run else " The lab has been changed since: this was another run."
        judged = "Right" if self._verdict.is_right else "Not so"
        return (
            f"{self.question.asks} {judged}. {self._verdict.words} {self._measured.because}".rstrip() + other
        )

    # -- inside ---------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        """Compute the run to the question's end, and let the measure look at it from there."""
        self.lab.look_ahead(until=self.until)
        self._end = self.lab.trace.last_at(self.until)
        if self._end <= self.from_event:
            raise UsageError(
                f"predict: the question ends at event {self._end} ({self.until / SECOND:.3f} s), "
                f"wanted one behind event {self.from_event}, where the run is sealed"
            )
        if isinstance(self.question, Curve):
            span = (self.lab.trace.time_of(self.from_event), self.until)
            self.question = replace(self.question, span=span)
        found = self.question.measure(stand_at_end(self.lab, self._end))
        self._measured = found if isinstance(found, Measured) else Measured(found)
        self._outcome = self.question.read_outcome(self._measured.value)
        self._run = self._get_run()

    def _judge(self) -> Verdict:
        """With the event to replay: the one that the kind finds, else the one that decided."""
        verdict = self.question.judge(self.guess, self._outcome, self._measured)
        event = self.decided if verdict.event is None else verdict.event
        if verdict.at is not None:
            event = self.lab.trace.last_at(verdict.at)
        return replace(verdict, event=min(event, self._end))

    def _get_run(self) -> tuple[Any, ...]:
        """A run is a function of these; what is done behind the end changes nothing."""
        actions = self.lab.timeline.branch.actions
        return self.lab.scenario, [(after, action) for after, action in actions if after < self._end]

    def _get_result(self) -> dict[str, Any]:
        if not self.is_locked:
            return {"guess": None, "outcome": None, "verdict": None, "run": None}
        assert self._verdict is not None
        verdict = self._verdict
        return {
            "guess": self.guess,
            "outcome": {"value": self._outcome, "decided": self.decided, "because": self._measured.because},
            "verdict": asdict(verdict),
            "run": {"scenario": self._run[0].name, "seed": str(self._run[0].seed), "digest": self._digest},
        }

    def _tell(self) -> None:
        for callback in tuple(self._subscribers):
            callback()


def predict(lab: Lab, question: Question) -> Prediction:
    """Ask a lab's reader a question. The run is sealed where the question says, else where the lab stands.

    UsageError for a question about nothing that lies ahead, and for a measure that does not fit its kind.
    """
    if lab.trace.level != "full":
        raise UsageError(f"predict needs all records; this lab keeps level {lab.trace.level!r}")
    event = lab.cursor if question.from_event is None else question.from_event
    until = lab.scenario.until if question.until is None else question.until
    for name, value in (("from_event", event), ("until", until)):
        if type(value) is not int or value < 0:
            raise UsageError(f"predict: {name}: found {value!r}, wanted a whole number, 0 or more")
    return Prediction(lab, question, event, until)


def stand_at_end(lab: Lab, end: int) -> Lab:
    """A lab of its own with the same run, that stands at an event. Nobody has seen it there."""
    timeline = lab.timeline
    cursor, seen = timeline.cursor, timeline.branch.seen
    timeline.goto(end)
    try:
        return lab.fork()
    finally:
        timeline.goto(cursor)
        timeline.branch.seen = seen
