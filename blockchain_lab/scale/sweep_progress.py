"""How far a sweep is: the numbers, a line for terminals, and a bar with a button for notebooks.

Both only show. The bar's button sets a flag that whoever runs the sweep reads between two answers.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TextIO

from blockchain_lab.base.errors import UsageError

SHOWN_EVERY: Final = 0.2  # seconds between two words of progress
WIDTH: Final = 30  # characters of the bar in a terminal


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a sweep."""

    done: int  # finished points, those of an earlier run included
    failed: int
    total: int
    resumed: int  # read from the checkpoint, at no cost
    seconds: float  # since this run began
    is_over: bool = False
    is_cancelled: bool = False  # before all of them were done

    @property
    def ended(self) -> int:
        """Points that need no more work."""
        return self.done + self.failed

    def get_time_left(self) -> float | None:
        """Seconds, if the rest goes as fast as what this run has done; None before its first point."""
        own = self.ended - self.resumed
        return None if own <= 0 else self.seconds / own * (self.total - self.ended)

    def describe(self) -> str:
        """In words: points, failures, time left."""
        words = [f"{self.done} of {self.total} points"]
        if self.failed:
            words.append(f"{self.failed} failed")
        left = self.get_time_left()
        if self.is_cancelled:
            words.append(f"cancelled after {format_time(self.seconds)}, these are kept")
        elif self.is_over:
            words.append(f"{format_time(self.seconds)} in all")
        elif left is not None:
            words.append(f"about {format_time(left)} left")
        return ", ".join(words)


Show = Callable[[Progress], None]


def format_time(seconds: float) -> str:
    """As 0:07 or 1:02:03; a started second counts."""
    whole = int(-(-seconds // 1))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


class Paced:
    """Shows a progress as often as a reader can follow, and its end once."""

    def __init__(self, show: Show) -> None:
        self.show = show
        self.last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Pass it on, or leave it out."""
        if self.last is not None:
            is_soon = progress.seconds - self.last.seconds < SHOWN_EVERY
            if self.last.is_over or (is_soon and not progress.is_over):
                return
        self.last = progress
        self.show(progress)


class TextLine:
    """One line of a terminal, written over itself."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.width = 0

    def __call__(self, progress: Progress) -> None:
        """Draw it."""
        filled = WIDTH * progress.ended // progress.total
        text = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {progress.describe()}"
        self.stream.write(f"\r{text.ljust(self.width)}" + ("\n" if progress.is_over else ""))
        self.stream.flush()
        self.width = len(text)


class Bar:
    """A bar, words and a cancel button of ipywidgets; `view` is what a cell shows.

    The button is never disabled: that would throw a reader without a pointer out of the notebook.
    """

    def __init__(self, on_cancel: Callable[[], None]) -> None:
        widgets: Any = import_module("ipywidgets")  # not before a notebook asks: scripts need none of it
        self.bar = widgets.IntProgress(value=0, min=0, max=1, description="Sweep")
        self.words = widgets.Label(value="starting workers")
        self.button = widgets.Button(description="Cancel", tooltip="Stop; what is finished is kept")
        self.is_pressed = self.is_over = False
        self.button.on_click(lambda _button: self._cancel(on_cancel))
        self.view = widgets.HBox([self.bar, self.button, self.words])

    def _cancel(self, on_cancel: Callable[[], None]) -> None:
        """Say so at once: a cell that computes may keep the sweep from hearing it for a while."""
        if self.is_pressed or self.is_over:
            return
        self.is_pressed, self.button.description = True, "Cancelling"
        on_cancel()

    def __call__(self, progress: Progress) -> None:
        """Draw it."""
        self.bar.max, self.bar.value = progress.total, progress.ended
        self.words.value = progress.describe()
        self.bar.bar_style = get_style(progress)
        if progress.is_over:
            self.is_over = True
            self.button.description = "Cancelled" if progress.is_cancelled else "Finished"
            self.button.tooltip = "The sweep is over"


def get_style(progress: Progress) -> str:
    """The name that ipywidgets has for the bar's colour; the words say the same."""
    if progress.failed and progress.is_over:
        return "danger"
    if progress.is_cancelled:
        return "warning"
    return "success" if progress.is_over else ""


def make_show(choice: bool | Show | None) -> Show:
    """Who shows it: None is a line if a terminal is there, True a line anyway, False nothing, or a function.

    UsageError for anything else.
    """
    if choice is None:
        choice = sys.stderr is not None and sys.stderr.isatty()
    if choice is True:
        return TextLine(sys.stderr)
    if choice is False:
        return lambda _progress: None
    if callable(choice):
        return choice
    raise UsageError(f"progress: found {choice!r}, wanted None, True, False or a function of a Progress")
