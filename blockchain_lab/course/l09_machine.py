"""Lesson 9, one machine and three definitions: what Pyrsia's blog says, what its code does, and what is fair.

Counters are read twice, a second apart. Who has no psutil sees the same table for a machine that is made up:
a lesson runs everywhere. What reads a real machine is `sockets.machine`, and is handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from time import monotonic, sleep
from typing import Final, NamedTuple, Protocol

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l08_table import STYLE
from blockchain_lab.overlay.metric import (
    DOWNLOAD,
    Attributes,
    Reading,
    compute_quality,
    get_blog_attributes,
    get_code_attributes,
    get_fair_attributes,
)

MADE_UP: Final = (  # 8 cores, load 0.3, 3,000 bytes a second; its programs have read 5 GB so far
    Reading(0, 300, 8, sent=1_000_000, read=5_000_000_000),
    Reading(SECOND, 300, 8, sent=1_003_000, read=5_000_000_000),
)


class Machine(Protocol):
    """What reads this machine's counters."""

    def read(self, now: Microseconds) -> Reading:
        """As they are: the disks' counters."""

    def read_as_pyrsia(self, now: Microseconds) -> Reading:
        """As Pyrsia does: all processes' counters, each since it began."""


class Row(NamedTuple):
    """One line of the table."""

    what: str
    blog: str
    code: str
    fair: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """Three definitions of one machine's attributes."""

    title: str
    blog: Attributes
    code: Attributes
    fair: Attributes

    @property
    def rows(self) -> list[Row]:
        """What goes in, with its unit, and what comes out."""
        load = (self.blog.load, self.code.load, self.fair.load)
        return [
            Row("load", f"{load[0]:.2f} tasks", f"{load[1]:.2f} tasks", f"{load[2]:.2f} tasks for each core"),
            Row(
                "network",
                f"{self.blog.network:,.1f} packets a second",
                f"{self.code.network:,.0f} bytes since microseconds ago",
                f"{self.fair.network:,.1f} packets out a second",
            ),
            Row(
                "disk",
                f"{self.blog.disk:,.1f} packets a second",
                f"{self.code.disk:,.0f} bytes since each process began",
                f"{self.fair.disk:,.1f} packets read a second",
            ),
            Row("Q", *(f"{compute_quality(each):,.3f}" for each in (self.blog, self.code, self.fair))),
        ]

    def __repr__(self) -> str:
        """As plain text."""
        lines = [self.title, f"{'':8} {'the blog':26} {'the code':44} fair, for a download"]
        return "\n".join(
            [*lines, *(f"{row.what:8} {row.blog:26} {row.code:44} {row.fair}" for row in self.rows)]
        )

    def _repr_html_(self) -> str:
        """As a table of the page."""
        head = "<tr><th></th><th>the blog</th><th>the code</th><th>fair, for a download</th></tr>"
        body = "".join(
            f"<tr><th>{row.what}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
            for row in self.rows
        )
        return (
            f"{STYLE}<p>{escape(self.title)}</p>"
            f'<table class="blockchain-lab-properties"><tbody>{head}{body}</tbody></table>'
        )


def compare_definitions(
    make_machine: Callable[[], Machine],
    wait: Callable[[float], None] = sleep,
    clock: Callable[[], float] = monotonic,
) -> Definitions:
    """Read this machine twice, `wait(1)` apart; a machine that is made up where that cannot be done."""
    try:
        machine = make_machine()
    except UsageError as problem:
        before, after = MADE_UP
        why = str(problem)
        title = f"{why[:1].upper()}{why[1:]}. Here is a machine that is made up: 8 cores, 5 GB read so far."
        return define(title, before, after, after, after)
    before = machine.read(to_microseconds(clock()))
    wait(1)
    after = machine.read(to_microseconds(clock()))
    refreshed, code = (machine.read_as_pyrsia(to_microseconds(clock())) for _ in range(2))
    return define(f"This machine, with {after.cores} cores, just now:", before, after, refreshed, code)


def define(title: str, before: Reading, after: Reading, refreshed: Reading, code: Reading) -> Definitions:
    """All three, of a machine's counters."""
    return Definitions(
        title,
        get_blog_attributes(before, after),
        get_code_attributes(refreshed, code),
        get_fair_attributes(before, after, DOWNLOAD),
    )


def to_microseconds(seconds: float) -> Microseconds:
    """A moment of a clock, whole."""
    return round(seconds * SECOND)
