"""A scenario run without a page: its progress, and a summary that fits one screen.

Everything shown is read from the trace. The lab runs in short slices of simulated time, so that progress
can be shown; a run is the same however it is sliced.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from blockchain_lab import scenarios
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.lab import Lab

SLICES: Final = 200  # of a run, between which progress is told
TIP_IN: Final = {"chain loaded": "tip", "tip changed": "hash"}  # notes that say where a peer's chain ends
MOST_ROWS: Final = 12  # of a table, so that the summary fits one screen


def open_lab(scenario: str, seed: int | None, trace: Path | None) -> Lab:
    """A lab on a scenario's name or on a file. UsageError names the scenarios when it is neither.

    `trace`: a file that gets every record, as one line of JSON each.
    """
    known = scenarios.names()
    if scenario not in known and not Path(scenario).is_file():
        raise UsageError(f"no scenario and no file {scenario!r}: take one of {', '.join(known)}")
    return Lab(scenario if scenario in known else Path(scenario), seed=seed, spill=trace)


def run(lab: Lab, until: Microseconds, tell: Callable[[Microseconds], None]) -> None:
    """Run to `until`; `tell` hears how far it has come."""
    for part in range(1, SLICES + 1):
        lab.run(until=until * part // SLICES)
        tell(until * part // SLICES)


def measure(scenario: str) -> float:
    """How long a named scenario takes to run to its end on this machine, in seconds."""
    start = perf_counter()
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)
    return perf_counter() - start


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to."""

    heading: str
    messages: list[tuple[str, int, int]]  # command, how many sent, bytes; most first
    tips: list[tuple[str, int, str]]  # peer, height, hash of the active tip
    digest: str


def summarise(lab: Lab) -> Summary:
    """Read a run's outcome off its trace. O(records)."""
    sent: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    tips: dict[str, tuple[int, str]] = {}
    for record in lab.trace:
        if record.kind == Kind.SEND and record.detail is not None:
            sent[record.detail.wire_name] += 1
            sizes[record.detail.wire_name] += record.detail.size
        elif record.kind == Kind.NOTE and record.detail[0] in TIP_IN:
            topic, facts = record.detail
            tips[lab.names[record.peer]] = (facts["height"], facts[TIP_IN[topic]])
    scenario = lab.scenario
    heading = (
        f"{scenario.title or scenario.name}: {len(lab.names)} peers, seed {scenario.seed}, "
        f"{lab.head:,} events, {len(lab.trace):,} records, the last at {lab.now / SECOND:.3f} s"
    )
    return Summary(
        heading,
        [(command, count, sizes[command]) for command, count in sent.most_common()],
        [(name, *tips[name]) for name in lab.names if name in tips],
        lab.digest(),
    )


def draw_summary(summary: Summary) -> Group:
    """The summary as one screen of text."""
    tips = Table("peer", "height", "tip", box=None, pad_edge=False)
    for name, height, tip in summary.tips[:MOST_ROWS]:
        tips.add_row(name, f"{height:,}", tip[:16] + "…")
    if len(summary.tips) > MOST_ROWS:
        tips.add_row(f"and {len(summary.tips) - MOST_ROWS} more", "", "")
    messages = Table("message", "sent", "bytes", box=None, pad_edge=False)
    for command, count, size in summary.messages[:MOST_ROWS]:
        messages.add_row(command, f"{count:,}", f"{size:,}")
    different = len({tip for _, _, tip in summary.tips})
    agreement = {0: "no chain grew", 1: "one tip everywhere"}.get(different, f"{different} different tips")
    blank = Text("")
    return Group(summary.heading, blank, tips, agreement, blank, messages, blank, f"digest {summary.digest}")
