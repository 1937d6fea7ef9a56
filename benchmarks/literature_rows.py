"""What the literature says, and the same measured here: formulas, rumours, graphs, races.

Rows of `literature_runs`, which play large networks, take minutes; these take seconds and are computed again
by a test. Everything is keyed by seeds, so a row is the same wherever it is computed.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log
from statistics import fmean

import networkx as nx

from blockchain_lab.chain import selfish_mining
from blockchain_lab.chain.races import (
    compute_confirmations,
    compute_success_as_nakamoto,
    count_successes,
)
from blockchain_lab.overlay.theory_gossip import compute_push_rounds
from blockchain_lab.scale.closed_forms import compute_connected_chance, compute_fork_rate_by_seconds
from blockchain_lab.scale.rumours import count_push_pull_rounds, count_push_rounds

RUNS = 100  # of a rumour, or of a random graph
RACES = 20_000
BLOCKS = 200_000  # of selfish mining


class Status(StrEnum):
    """How sure the published figure is."""

    SEEN = "seen in the source"
    RUN = "measured by running it"
    RECOMPUTED = "recomputed from the published formula"
    TOLD = "quoted elsewhere, not seen in the source"
    MEMORY = "from memory, not looked up"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `published` None: not found, or nothing to compare with."""

    what: str
    measured: float | None
    published: float | None
    unit: str
    seeds: str
    source: str
    status: Status
    digits: int = 2

    def to_cells(self) -> list[str]:
        """As texts, the difference among them."""
        both = self.measured is not None and self.published is not None
        rounded = round(self.measured - self.published, self.digits) + 0.0 if both else 0  # no minus zero
        difference = f"{rounded:+.{self.digits}f}" if both else "–"
        return [
            self.what,
            *(
                "–" if each is None else f"{each:,.{self.digits}f} {self.unit}".strip()
                for each in (self.measured, self.published)
            ),
            difference,
            self.seeds,
            f"{self.source}; {self.status}",
        ]


def measure_rumours(sizes: tuple[int, ...]) -> list[Row]:
    """Rounds until all know, the mean of a hundred rumours."""
    rows = []
    for peers in sizes:
        push = fmean(count_push_rounds(peers, seed) for seed in range(RUNS))
        pull = fmean(count_push_pull_rounds(peers, seed) for seed in range(RUNS))
        seeds = f"0 to {RUNS - 1}"
        rows += [
            Row(
                f"push, {peers:,} peers: log2 n + ln n + O(1)",
                *(push, compute_push_rounds(peers), "rounds", seeds),
                *("Frieze, Grimmett 1985; Pittel 1987", Status.SEEN),
            ),
            Row(
                f"push-pull, {peers:,} peers: log3 n + O(log log n)",
                *(pull, log(peers, 3), "rounds", seeds, "Karp and others 2000", Status.TOLD),
            ),
        ]
    return rows


def measure_graphs() -> list[Row]:
    """How many of a hundred graphs of 1,000 peers are connected."""
    peers, rows = 1_000, []
    for above in (-0.5, 1.0, 2.5):
        degree = log(peers) + above
        whole = [
            nx.is_connected(nx.fast_gnp_random_graph(peers, degree / (peers - 1), seed=seed))
            for seed in range(RUNS)
        ]
        chance = 100 * compute_connected_chance(peers, degree)
        rows.append(
            Row(
                f"connected at mean degree ln n {above:+}, 1,000 peers",
                *(100 * fmean(whole), chance, "%", f"0 to {RUNS - 1}"),
                *("Erdős, Rényi 1959: exp(-exp(-c))", Status.RECOMPUTED, 1),
            )
        )
    return rows


def measure_double_spends() -> list[Row]:
    """Section 11 of the Bitcoin paper, and Rosenfeld's count against races that are played."""
    paper = "Nakamoto 2008, section 11"
    table = {(0.1, 5): 0.0009137, (0.1, 10): 0.0000012, (0.3, 5): 0.1773523, (0.3, 10): 0.0416605}
    rows = [
        Row(
            f"double spend, share {share:.0%}, {blocks} confirmations",
            *(100 * compute_success_as_nakamoto(share, blocks), 100 * chance, "%"),
            *("none, a formula", paper, Status.SEEN, 5),
        )
        for (share, blocks), chance in table.items()
    ]
    rows += [
        Row(
            f"confirmations for less than 0.1 %, share {share:.0%}",
            compute_confirmations(share, 0.001, compute_success_as_nakamoto),
            *(blocks, "blocks", "none, a formula", paper, Status.SEEN, 0),
        )
        for share, blocks in ((0.10, 5), (0.30, 24), (0.45, 340))
    ]
    for share, blocks, percent in ((0.10, 2, 5.6), (0.20, 4, 6.669), (0.30, 6, 15.645)):
        won = count_successes(round(share * 1e6), blocks, RACES) / RACES
        rows.append(
            Row(
                f"double spend, share {share:.0%}, {blocks} confirmations, {RACES:,} races",
                *(100 * won, percent, "%", "1", "Rosenfeld 2014", Status.RECOMPUTED),
            )
        )
    return rows


def measure_selfish_mining() -> list[Row]:
    """The pool's share of the chain, by blocks that are drawn, and from where on it pays."""
    rows = []
    for alpha, gamma, revenue in ((0.30, 0.0, 0.27313), (0.40, 0.0, 0.48372), (0.30, 0.5, 0.32687)):
        earned = selfish_mining.simulate(round(alpha * 1e6), round(gamma * 1e6), BLOCKS)
        rows.append(
            Row(
                f"selfish mining, power {alpha:.0%}, gamma {gamma}, {BLOCKS:,} blocks: share of the chain",
                *(100 * earned.revenue, 100 * revenue, "%", "1", "Eyal, Sirer 2014", Status.RECOMPUTED),
            )
        )
    for gamma, threshold in ((0.0, 1 / 3), (0.5, 0.25), (1.0, 0.0)):
        rows.append(
            Row(
                f"selfish mining pays from this power on, gamma {gamma}",
                *(100 * selfish_mining.compute_threshold(gamma), 100 * threshold, "%"),
                *("none, a formula", "Eyal, Sirer 2014", Status.RECOMPUTED),
            )
        )
    return rows


def measure_fork_formula() -> list[Row]:
    """Decker and Wattenhofer's own model at their own numbers."""
    rate = 100 * compute_fork_rate_by_seconds([0, 11.37], [0, 1], 633.68)
    return [
        Row(
            "model of forks: 1 - (1 - 1/633.68) ** 11.37",
            *(rate, 1.78, "%", "none, a formula", "Decker, Wattenhofer 2013", Status.MEMORY),
        )
    ]


def measure_quick() -> dict[str, list[Row]]:
    """All that takes seconds."""
    return {
        "Rumours": measure_rumours((200, 2_000)),
        "Connected graphs": measure_graphs(),
        "Double spends": measure_double_spends(),
        "Selfish mining": measure_selfish_mining(),
        "Forks, by formula": measure_fork_formula(),
    }
