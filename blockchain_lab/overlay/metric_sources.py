"""Where a node's readings come from: a script in lessons; elsewhere whatever can read a machine's counters.

A script is a table in the policy, of whole numbers. Each row holds from its moment until the next one's:

    [at, load, sent, received, read, written]      microseconds, thousandths, then bytes a second
    [[0, 200], [5000000, 3000, 2000000]]           idle; from 5 s on three tasks run, and 2 MB/s go out

What a row leaves out is 0. Counters begin with 0 at the start of the run, and grow evenly. No machine is
asked in here: what reads this one's counters is `sockets.machine`, for it needs a library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from blockchain_lab.base.choices import Policy, read_number, read_rows
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.overlay.metric import Reading

COLUMNS: Final = ("at", "load", "sent", "received", "read", "written")
MOST_CORES: Final = 1_024


class Source(Protocol):
    """Something that shows counters."""

    def read(self, now: Microseconds) -> Reading:
        """What they show now. Asked again later, none of them has gone back."""


@dataclass(frozen=True, slots=True)
class ScriptedSource:
    """A machine that does what a table says."""

    rows: Sequence[Sequence[int]] = ()  # full ones, their moments rising
    cores: int = 1

    def read(self, now: Microseconds) -> Reading:
        """The load of the row that holds now, and what all rows have moved so far."""
        load, moved = 0, [0] * (len(COLUMNS) - 2)  # bytes times a million
        ends = [*(row[0] for row in self.rows[1:]), now]
        for row, end in zip(self.rows, ends, strict=True) if self.rows else ():
            if row[0] <= now:
                load, span = row[1], min(end, now) - row[0]
                moved = [sum_ + rate * span for sum_, rate in zip(moved, row[2:], strict=True)]
        return Reading(now, load, self.cores, *(each // SECOND for each in moved))


def read_script(policy: Policy) -> ScriptedSource:
    """From `policy.busy` and `policy.cores`; idle when there is none. UsageError."""
    rows = read_rows(policy, "busy", 2, len(COLUMNS))
    for earlier, later in pairwise(rows):
        if later[0] <= earlier[0]:
            raise UsageError(f"policy.busy: {later[0]} comes after {earlier[0]}, wanted moments that rise")
    full = tuple((*row, *[0] * (len(COLUMNS) - len(row))) for row in rows)
    return ScriptedSource(full, read_number(policy, "cores", 1, least=1, most=MOST_CORES))
