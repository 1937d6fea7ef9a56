"""A bar that says how far a long check is: in a notebook as it grows, elsewhere nothing.

It stands where the verdict will stand, and is gone when that comes. It knows no question.
"""

import sys
from dataclasses import dataclass
from html import escape
from types import TracebackType
from typing import Any, Final, Self

FEWEST: Final = 20  # steps; less is over before anybody would read it
EVERY: Final = 4  # steps between two pictures
LONGEST: Final = 320  # pixels


@dataclass
class Bar:
    """`with Bar(200) as bar: bar.step("world 0 holds")`, and so on."""

    steps: int
    done: int = 0
    words: str = ""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Make room for what comes."""
        if self._is_seen():
            get_display().clear_output(wait=True)

    def step(self, words: str) -> None:
        """One more is done."""
        self.done, self.words = self.done + 1, words
        if self._is_seen() and self.done % EVERY == 1:
            display = get_display()
            display.clear_output(wait=True)
            display.display(self)

    def _is_seen(self) -> bool:
        return self.steps >= FEWEST and is_in_notebook()

    def __repr__(self) -> str:
        """As plain text."""
        return f"{self.done} of {self.steps}: {self.words}"

    def _repr_html_(self) -> str:
        """As a bar."""
        bar = (
            f'<progress max="{self.steps}" value="{self.done}" style="width:{LONGEST}px"'
            f' aria-label="{self.done} of {self.steps} played"></progress>'
        )
        return f'<p role="status">{bar} {escape(repr(self))}</p>'


def is_in_notebook() -> bool:
    """Is there a kernel behind this process, and so a page that shows things? Nothing is imported for it."""
    shell: Any = sys.modules.get("IPython")
    return shell is not None and getattr(shell.get_ipython(), "kernel", None) is not None


def get_display() -> Any:
    """What shows things in a notebook."""
    from IPython import display  # noqa: PLC0415  (the course runs without Jupyter)

    return display
