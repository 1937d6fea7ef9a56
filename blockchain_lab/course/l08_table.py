"""Lesson 8, the lecture's table of seven properties, filled by measuring, and what follows from it.

Two networks of forty peers each, played with the learner's seed. Where no number would be honest the table
says so: for those the judgement of `overlay.properties` stands alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Final

from blockchain_lab.base.actions import FindProviders, Provide, Publish
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l08_runs import (
    ASKED_AT,
    GRAPH,
    PATIENCE,
    PEERS,
    SEARCHING,
    SONG,
    STORY,
    TABLE,
    count_reached_without,
    get_sent,
    measure_searches,
    play,
)
from blockchain_lab.course.l08_tasks import BUDGET, hire, is_song_lost
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.measures_evolution import find_questions
from blockchain_lab.overlay.properties import PROPERTIES, STRUCTURED, UNSTRUCTURED
from blockchain_lab.overlay.topologies import k_out
from blockchain_lab.scenarios.networks import make_names, make_network

LINES: Final = 5  # that each peer of a random graph dials
ALIKE: Final = 1.5  # less than this factor between them: both alike
SMALL: Final = 10  # peers of a network that grows fourfold
STYLE: Final = """<style>
table.blockchain-lab-properties{border-collapse:collapse;font-size:13px;max-width:860px;
font-family:var(--jp-content-font-family,sans-serif);color:var(--jp-content-font-color1,#212121)}
.blockchain-lab-properties.blockchain-lab-properties tr :is(td,th){border:0;text-align:left;
padding:6px 14px 6px 0;font-variant-numeric:tabular-nums;
border-bottom:1px solid var(--jp-border-color2,#bdbdbd)}
.blockchain-lab-properties.blockchain-lab-properties tr :is(td,th).n{text-align:right}
.blockchain-lab-properties.blockchain-lab-properties tr .w{font-weight:700}
</style>"""


@dataclass(frozen=True, slots=True)
class Row:
    """One property, what was counted, and what each overlay came to; None where nothing was."""

    name: str
    counted: str
    table: float | None = None
    graph: float | None = None
    is_less_better: bool = False

    @property
    def better(self) -> str:
        """Which has more of the property: "table", "graph", or "both" alike."""
        if self.table is None or self.graph is None:
            return "both"
        small, large = sorted((self.table, self.graph))
        if large < ALIKE * small:
            return "both"
        return "table" if (self.table == small) == self.is_less_better else "graph"

    def get_cells(self) -> tuple[str, str]:
        """Both values as text; the better one with a star."""
        return self._write("table", self.table), self._write("graph", self.graph)

    def _write(self, side: str, value: float | None) -> str:
        return "" if value is None else f"{value:,.4g}{' ★' if self.better == side else ''}"


@dataclass(frozen=True, slots=True)
class Properties:
    """The filled table."""

    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        """As plain text."""
        head = f"{'':30} {'counted':58} {'hash table':>12} {'random graph':>13}"
        lines = (
            f"{row.name:30} {row.counted:58} {row.get_cells()[0]:>12} {row.get_cells()[1]:>13}"
            for row in self.rows
        )
        return "\n".join([head, *lines])

    def _repr_html_(self) -> str:
        """As a table of the page; ★ marks the better one."""
        head = (
            "<tr><th></th><th>counted in your runs</th>"
            '<th class="n">hash table</th><th class="n">random graph</th></tr>'
        )
        body = "".join(self._draw(row) for row in self.rows)
        return f'{STYLE}<table class="blockchain-lab-properties"><tbody>{head}{body}</tbody></table>'

    def _draw(self, row: Row) -> str:
        cells = "".join(
            f'<td class="n{" w" if row.better == side else ""}">{escape(cell)}</td>'
            for side, cell in zip(("table", "graph"), row.get_cells(), strict=True)
        )
        return f"<tr><th>{escape(row.name)}</th><td>{escape(row.counted)}</td>{cells}</tr>"


@cache
def fill_table(seed: int) -> Properties:
    """Measure what can be measured: some ten short runs."""
    searches, small = measure_searches(seed, 0), measure_small(seed)
    noticed, newcomers = find_noticed(seed), find_newcomers(seed)
    counts: Mapping[str, Row] = {
        row.name: row
        for row in (
            Row("open join and leave", "share of searches that the last one to join finds", *newcomers),
            Row(
                "minimal overhead",
                "messages for one search",
                round(searches[TABLE].messages, 1),
                round(searches[GRAPH].messages, 1),
                is_less_better=True,
            ),
            Row(
                "robust to attacks and failures",
                f"share that still finds the song when {BUDGET} peers are bought",
                float(not is_song_lost(hire(("x2", "x4", "x9"), seed))),
                count_reached_without(seed) / (PEERS - BUDGET),
            ),
            Row(
                "scalable",
                f"times the messages for one search, from {SMALL} to {PEERS} peers",
                round(searches[TABLE].messages / small[TABLE], 1),
                round(searches[GRAPH].messages / small[GRAPH], 1),
                is_less_better=True,
            ),
            Row("serendipity", "share of the peers that notice a search", *noticed),
            Row("trustless", "no honest number: see part 8"),
            Row("permissionless", "nobody is asked in either"),
        )
    }
    return Properties(tuple(counts[entry.name] for entry in PROPERTIES))


def measure_small(seed: int) -> dict[str, float]:
    """Messages for one search in networks of ten, one of each kind."""
    names = make_names(SMALL)
    through_first = [(name, names[0]) for name in names[1:]]
    kinds = {
        TABLE: make_network(names, "kademlia", through_first, {"k": 3, "alpha": 2}, seed=seed),
        GRAPH: make_network(names, "gnutella", k_out(names, LINES, seed=seed), seed=seed),
    }
    return {half: count_one_search(Lab(scenario)) for half, scenario in kinds.items()}


def count_one_search(lab: Lab) -> float:
    """Messages until the last peer has found what the first one has."""
    lab.run(until=10 * SECOND)
    lab.do(
        Provide("p0", SONG)
        if "kademlia" in {peer.kind for peer in lab.scenario.peers.values()}
        else Publish("p0", SONG)
    )
    lab.run(until=15 * SECOND)
    first = len(lab.trace)
    lab.do(FindProviders(lab.names[-1], SONG))
    lab.run(until=20 * SECOND)
    sent = lab.trace.of_kind(Kind.SEND)
    return float(sum(record.id >= first and record.detail.wire_name in SEARCHING for record in sent))


def find_noticed(seed: int) -> tuple[float, float]:
    """The share of each half that sees the story's search, who searches included."""
    lab = play(seed)
    asked = {
        record.other
        for record in get_sent(lab)
        if record.at >= ASKED_AT and record.detail.wire_name == "ask-provider"
    }
    return (len(asked) + 1) / PEERS, find_questions(lab.trace)[0].reach / PEERS


def find_newcomers(seed: int) -> tuple[float, float]:
    """Does the last one to join find the song? 1.0 for yes, in each half."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    for half in (TABLE, GRAPH):
        lab.do(FindProviders(f"{half}{PEERS - 1}", SONG))
    lab.run(until=lab.scenario.until + PATIENCE)
    by_table = any(
        facts["providers"] for _, facts in get_notes(lab, "lookup finished", f"{TABLE}{PEERS - 1}")
    )
    by_graph = any(True for _ in get_notes(lab, "query answered", f"{GRAPH}{PEERS - 1}"))
    return float(by_table), float(by_graph)


# -- which overlay has which property ------------------------------------------------------------------------


def get_better(seed: int) -> dict[str, str]:
    """For each property: does the hash table have more of it, the random graph, or both alike? As judged."""
    rank = ("no", "partly", "yes")
    found: dict[str, str] = {}
    for entry in PROPERTIES:
        table, graph = (rank.index(entry.judgements[kind].verdict) for kind in (STRUCTURED, UNSTRUCTURED))
        found[entry.name] = "both" if table == graph else "table" if table > graph else "graph"
    return found


def measure_better(seed: int) -> dict[str, str]:
    """The same from the learner's own runs."""
    return {row.name: row.better for row in fill_table(seed).rows}
