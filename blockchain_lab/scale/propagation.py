"""What a run in a large network brought about: who had which block when, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds
from blockchain_lab.scale import measures
from blockchain_lab.scale.measures import NEVER, Curve
from blockchain_lab.scale.network import Network, Numbers
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.tree import FloodTree, make_tree

__all__ = ["NEVER", "Propagation"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class Propagation:
    """The columns of one run. Blocks are numbered in the order in which they were found, from 0.

    Times are microseconds since the run began. `print` shows a table of what came of it.
    """

    network: Network
    plan: Plan
    engine: str  # "plain" or "compiled"
    found_at: Numbers  # [blocks]
    miner: Numbers  # [blocks]
    parent: Numbers  # [blocks] the block that the miner stood on; -1: the one before the run
    arrival: Numbers  # [blocks, peers] when a peer has a block, not yet checked; NEVER; its miner: `found_at`
    deliverer: Numbers  # [blocks, peers] from whom; the miner itself for its own; NEVER
    best: Numbers  # [peers] the block that each peer stands on in the end
    messages: Mapping[str, int]  # command -> how many were sent
    bytes_sent: Mapping[str, int]  # command -> bytes, headers of messages included

    @property
    def blocks(self) -> int:
        """How many were found."""
        return len(self.found_at)

    # -- how fast ------------------------------------------------------------------------------------------

    def get_delays(self) -> Any:
        """A masked array [blocks, peers]: microseconds from a block's birth; masked where it never came.

        A copy. O(blocks x peers).
        """
        return measures.compute_delays(self.found_at, self.arrival)

    def get_percentiles(self, percent: float) -> Any:
        """For each block, microseconds until `percent` % of the peers had it; masked where that never was.

        UsageError unless over 0 and at most 100. O(blocks x peers).
        """
        return measures.compute_percentiles(self.get_delays(), percent)

    def get_percentile(self, percent: float) -> Microseconds:
        """The mean of that over the blocks which reached so many, rounded down, as SimBlock's are reported.

        UsageError when no block did. O(blocks x peers).
        """
        each = self.get_percentiles(percent).compressed()
        if not len(each):
            raise UsageError(f"percentile {percent}: no block of this run reached so many peers")
        return int(each.sum()) // len(each)

    def get_curve(self, points: int = 200, by_power: bool = False) -> Curve:
        """Time against the share of peers, or of hash power, that has a block; the mean over blocks.

        O(n log n) for n = blocks x peers.
        """
        return measures.compute_curve(self.get_delays(), self._get_weights(by_power), points)

    def get_mean_delay(self, by_power: bool = False) -> float:
        """Microseconds, the mean over blocks and over peers or hash power that were reached."""
        return measures.compute_mean_delay(self.get_delays(), self._get_weights(by_power))

    def _get_weights(self, by_power: bool) -> Numbers:
        return self.network.power if by_power else np.ones(self.network.size, dtype=np.int64)

    # -- which chain ---------------------------------------------------------------------------------------

    def find_head(self) -> int:
        """The block that most hash power stands on in the end; of equals the one found first.

        -1: the block before the run. Where nobody has power, peers are counted. O(peers).
        """
        return measures.find_head(self.best, self.network.power)

    def get_chain(self) -> list[int]:
        """`find_head` and its ancestors, the oldest first."""
        return measures.trace_chain(self.parent, self.find_head())

    def get_stale(self) -> Numbers:
        """The blocks that are not on this chain, in the order in which they were found.

        When the run ends in a tie, the side with less power counts as stale. O(blocks + peers).
        """
        return measures.find_stale(self.parent, self.find_head())

    def get_stale_rate(self) -> float:
        """Stale blocks as a share of all blocks found; 0 without blocks."""
        return len(self.get_stale()) / max(1, self.blocks)

    # -- by which way, at what price -----------------------------------------------------------------------

    def get_tree(self, block: int) -> FloodTree:
        """From whom each peer had this block, and over how many hops. O(peers x depth).

        UsageError for a block that was not found in this run.
        """
        if not 0 <= block < self.blocks:
            raise UsageError(f"block: found {block}, wanted 0 to {self.blocks - 1}")
        arrival = self.arrival[block]
        delay = np.where(arrival == NEVER, NEVER, arrival - self.found_at[block])
        return make_tree(int(self.miner[block]), self.deliverer[block], delay)

    def get_bytes_each(self) -> dict[str, float]:
        """Bytes sent for one block, for each peer of the network, by command."""
        shares = max(1, self.blocks * self.network.size)
        return {command: count / shares for command, count in self.bytes_sent.items()}

    # -- in words ------------------------------------------------------------------------------------------

    def get_summary(self) -> list[tuple[str, str]]:
        """What came of it, a name and a text for each line. O(blocks x peers)."""
        delays = self.get_delays()
        reached = delays.count() / max(1, delays.size)
        stale = len(self.get_stale())
        rows = [
            ("network", f"{self.network.name}, {self.network.size:,} peers"),
            ("relay", f"{self.plan.relay}, formula {self.plan.formula}, {self.engine}"),
            ("blocks", f"{self.blocks:,} found, {stale:,} stale ({stale / max(1, self.blocks):.2%})"),
            ("reached", f"{reached:.2%} of all peers and blocks"),
        ]
        for percent in (50, 90, 99):
            each = measures.compute_percentiles(delays, percent).compressed()
            said = (
                f"{each.mean() / MILLISECOND:,.0f} ms, mean of {len(each):,} blocks" if len(each) else "never"
            )
            rows.append((f"{percent} % of peers", said))
        took = int(self.found_at[-1]) / SECOND if self.blocks else 0
        rows.append(("until the last block", f"{took:,.0f} s"))
        for command, size in self.get_bytes_each().items():
            rows.append((command, f"{self.messages[command]:,} messages, {size:,.0f} bytes a peer and block"))
        return rows

    def __str__(self) -> str:
        """The summary as a table."""
        rows = self.get_summary()
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {text}" for name, text in rows)

    def __repr__(self) -> str:
        """One line: the columns are too long to be read."""
        return f"<Propagation of {self.blocks:,} blocks among {self.network.size:,} peers, {self.plan.relay}>"

    def _repr_html_(self) -> str:
        """The summary as a table for a notebook."""
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
            f'<td style="text-align:left">{escape(text)}</td></tr>'
            for name, text in self.get_summary()
        )
        return f"<table>{rows}</table>"
