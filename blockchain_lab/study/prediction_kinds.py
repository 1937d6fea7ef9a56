"""Four kinds of question that are answered before the run is seen: a number, a choice, an order, a curve.

A kind reads what somebody predicts (`read`), reads what was measured (`read_outcome`), holds one against the
other (`judge`), and says values as people do. All pure; who asks, and when, is `predictions`' business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.study.curve_distance import find_distance
from blockchain_lab.study.prediction_values import (
    Amount,
    check_names,
    check_scale,
    exact,
    find_name,
    quote,
    read_amount,
    say_amount,
    say_list,
    say_time,
)

NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run has shown: the value, the event that decided it, and why it is so, in a sentence."""

    value: Any  # None: it never happened
    event: int | None = None  # None: only the end of the run shows it
    because: str = ""
    events: Mapping[str, int] = field(default_factory=dict)  # of an order's things: when each came


Measure = Callable[[Lab], Any]  # of a lab that stands at the end -> Measured, or the bare value


@dataclass(frozen=True, slots=True)
class Verdict:
    """A prediction held against the outcome."""

    is_right: bool
    words: str  # what was said, what was so
    at: Microseconds | None = None  # when the run shows best that it is so; None: at the deciding event
    event: int | None = None  # likewise, where it is known


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every kind has. `from_event`, `until`: None for where the lab stands, and the story's end."""

    asks: str
    measure: Measure
    from_event: int | None = None
    until: Microseconds | None = None
    kind: ClassVar[str] = ""

    def read(self, value: Any) -> Any:
        """A prediction in its plain form. UsageError with what was found and what is wanted."""
        raise NotImplementedError

    def read_outcome(self, value: Any) -> Any:
        """What was measured, in its plain form. UsageError when this kind has no such outcome."""
        raise NotImplementedError

    def judge(self, guess: Any, outcome: Any, measured: Measured) -> Verdict:
        """Both in their plain form."""
        raise NotImplementedError

    def get_terms(self) -> dict[str, Any]:
        """What a card must know to draw the question, as plain data."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number from `least` to `most`, right within `tolerance`, ends included; all in `unit`."""

    unit: str
    least: Amount
    most: Amount
    tolerance: Amount
    kind: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        """UsageError for a scale without room."""
        check_scale(self.kind, self.least, self.most, tolerance=self.tolerance)

    def read(self, value: Any) -> Amount:
        """Within the scale."""
        wanted = f"a number from {self.say(self.least)} to {self.say(self.most)}"
        number = read_amount(value, wanted)
        if not self.least <= number <= self.most:
            raise UsageError(f"the prediction: found {self.say(number)}, wanted {wanted}")
        return number

    def read_outcome(self, value: Any) -> Amount | None:
        """Anywhere, or nowhere: a run may leave the scale."""
        return None if value is None else read_amount(value, "a number, or None", "the outcome")

    def judge(self, guess: Any, outcome: Any, measured: Measured) -> Verdict:
        """Compared as decimal fractions: 1.1 is 0.3 from 0.8."""
        is_right = outcome is not None and abs(exact(guess) - exact(outcome)) <= exact(self.tolerance)
        return Verdict(is_right, f"You said {self.say(guess)}; it was {self.say(outcome)}.")

    def get_terms(self) -> dict[str, Any]:
        """The scale."""
        return {"unit": self.unit, "least": self.least, "most": self.most, "tolerance": self.tolerance}

    def say(self, number: Amount | None) -> str:
        """With its unit; to three places, as the clock shows seconds."""
        return NEVER if number is None else say_amount(number, self.unit)


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """One of several options. Where several come true, each of them is right."""

    options: tuple[str, ...]
    kind: ClassVar[str] = "choice"

    def __post_init__(self) -> None:
        """UsageError for options among which nobody can choose."""
        check_names(self.kind, "options", self.options)

    def read(self, value: Any) -> str:
        """One of the options."""
        return find_name(value, self.options, "the prediction")

    def read_outcome(self, value: Any) -> list[str]:
        """All options that came true."""
        found = [] if value is None else [value] if isinstance(value, str) else list(value)
        return [find_name(each, self.options, "the outcome") for each in found]

    def judge(self, guess: Any, outcome: Any, measured: Measured) -> Verdict:
        """Is it among them?"""
        return Verdict(guess in outcome, f"You said {guess}; it was {say_list(outcome)}.")

    def get_terms(self) -> dict[str, Any]:
        """The options."""
        return {"options": list(self.options)}


@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """All of some things, in the order in which something happens to them.

    The outcome is a list; things that came at the same time stand in it as one list, and may be predicted in
    any order. Those that it does not name never came: they belong behind the others, in any order too.
    """

    things: tuple[str, ...]
    kind: ClassVar[str] = "order"

    def __post_init__(self) -> None:
        """UsageError for things that have no order."""
        check_names(self.kind, "things", self.things)

    def read(self, value: Any) -> list[str]:
        """Each thing once."""
        wanted = f"each of {', '.join(self.things)} once"
        if not isinstance(value, list | tuple):
            raise UsageError(f"the prediction: found {quote(value)}, wanted {wanted}, in a list")
        names = [find_name(each, self.things, "the prediction") for each in value]
        if sorted(names) != sorted(self.things):
            raise UsageError(f"the prediction: found {', '.join(names) or 'nothing'}, wanted {wanted}")
        return names

    def read_outcome(self, value: Any) -> list[list[str]]:
        """Groups of what came at one time; the last is of those that never came, and may be empty."""
        groups = [[each] if isinstance(each, str) else list(each) for each in (value or ())]
        names = [find_name(each, self.things, "the outcome") for group in groups for each in group]
        if len(set(names)) < len(names):
            raise UsageError(f"the outcome: found {', '.join(names)}, wanted each of them once at most")
        return [*groups, [name for name in self.things if name not in names]]

    def judge(self, guess: Any, outcome: Any, measured: Measured) -> Verdict:
        """Place by place: the first wrong one is the one to look at."""
        places = [group for group in outcome for _ in group]
        wrong = next((at for at, name in enumerate(guess) if name not in places[at]), None)
        came, missing = outcome[:-1], outcome[-1]
        told = [say_list(group) + " at the same time" * (len(group) > 1) for group in came]
        never = [f"{say_list(missing)} {NEVER}"] if missing else []
        words = f"You said {', '.join(guess)}; it was {', '.join([*told, *never])}."
        if wrong is None:
            return Verdict(is_right=True, words=words)
        there = places[wrong]
        event = None if there is missing else measured.events.get(there[0])
        return Verdict(False, f"{words} Place {wrong + 1} was not {guess[wrong]}'s.", None, event)

    def get_terms(self) -> dict[str, Any]:
        """The things."""
        return {"things": list(self.things)}


@dataclass(frozen=True, kw_only=True)
class Curve(Question):
    """A line over time, from the seal to the end, drawn by hand between `least` and `most`.

    The outcome is a series as in `curves`. The prediction is points joined by straight lines; it is right
    when it is `fair` off at most, on average over time. All values in `unit`.
    """

    unit: str
    least: Amount
    most: Amount
    fair: Amount
    span: tuple[Microseconds, Microseconds] = (0, 0)  # set when it is asked
    kind: ClassVar[str] = "curve"

    def __post_init__(self) -> None:
        """UsageError for axes without room."""
        check_scale(self.kind, self.least, self.most, fair=self.fair)

    def read(self, value: Any) -> list[list[Amount]]:
        """Two points or more, each (µs, value), later and later, within the axes."""
        begin, end = self.span
        times = f"{say_time(begin)} to {say_time(end)}"
        if not isinstance(value, list | tuple) or len(value) < 2:
            raise UsageError(f"the prediction: found {quote(value)}, wanted two points or more")
        line: list[list[Amount]] = []
        for point in value:
            if not isinstance(point, list | tuple) or len(point) != 2:
                raise UsageError(f"the prediction: found {quote(point)}, wanted a point (µs, {self.unit})")
            at = read_amount(point[0], "a time in µs")
            number = read_amount(point[1], f"a number of {self.unit}")
            if not begin <= at <= end or (line and at <= line[-1][0]):
                raise UsageError(f"the prediction: found {say_time(at)}, wanted later and later, {times}")
            if not self.least <= number <= self.most:
                found = f"{say_amount(number, self.unit)} at {say_time(at)}"
                wanted = f"{say_amount(self.least)} to {say_amount(self.most, self.unit)}"
                raise UsageError(f"the prediction: found {found}, wanted {wanted}")
            line.append([at, number])
        return line

    def read_outcome(self, value: Any) -> list[list[Amount]]:
        """A series; 0 before its first point."""
        return [[int(at), read_amount(number, "a number", "the outcome")] for at, number in value]

    def judge(self, guess: Any, outcome: Any, measured: Measured) -> Verdict:
        """By the mean distance; where the lines are furthest apart one should look."""
        distance = find_distance(guess, outcome, *self.span)
        words = (
            f"On average your line was {say_amount(distance.mean, self.unit)} off; "
            f"{say_amount(self.fair)} is fair. The two were furthest apart at {say_time(distance.at)}: "
            f"you said {say_amount(distance.drawn)}, it was {say_amount(distance.measured)}."
        )
        return Verdict(distance.mean <= self.fair, words, distance.at)

    def get_terms(self) -> dict[str, Any]:
        """The axes."""
        return {
            "unit": self.unit,
            "least": self.least,
            "most": self.most,
            "fair": self.fair,
            "span": list(self.span),
        }
