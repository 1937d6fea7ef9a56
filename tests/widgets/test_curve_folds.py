"""The curves of a page are those of `study.curves`, at any cursor: node runs the view's own modules."""

import random
from pathlib import Path
from statistics import median_low
from typing import Any

import pytest
from support.page_folds import fold_at
from support.pool_story import make_pool_lab

from blockchain_lab.lab import Lab
from blockchain_lab.study.curves import (
    PERCENTS,
    Series,
    find_spreads,
    get_bytes,
    get_finality,
    get_heights,
    get_pool_sizes,
    get_queues,
    get_records,
    get_round_trips,
    value_at,
)

STATES = Path(__file__).with_name("curve_states.mjs")
STORIES = (
    "fork_and_heal",
    "ping",
    "keep_alive_lecture",
    "happy_finality",
    "leak_both_halves",
    "erlay",
    "the_herd",
)


def listed(curves: dict[Any, Series]) -> dict[Any, list[list[int]]]:
    """As JSON has them."""
    return {name: [list(point) for point in series] for name, series in curves.items()}


def ask(lab: Lab) -> dict[str, Any]:
    """All curves at the lab's cursor, as Python folds them."""
    records = get_records(lab)
    spreads = find_spreads(records, lab.names)
    finality = get_finality(lab)
    return {
        "heights": listed(get_heights(lab)),
        "justified": listed(finality["justified"]),
        "finalised": listed(finality["finalised"]),
        "pools": listed(get_pool_sizes(lab)),
        "queues": listed(get_queues(records, lab.names)),
        "bytes": listed(get_bytes(records)),
        "trips": {" → ".join(pair): own for pair, own in listed(get_round_trips(records, lab.names)).items()},
        "coverage": listed({thing: spread.points for thing, spread in spreads.items()}),
        "waits": [[spread.percentile(percent) for percent in PERCENTS] for spread in spreads.values()],
    }


def check(lab: Lab, count: int, folder: Path) -> None:
    """At the first event, at the last and at some between, among them some that share a microsecond."""
    events = [0, lab.head, *random.Random(7).choices(range(1, lab.head), k=count)]
    for event, seen in zip(events, fold_at(lab, events, folder, program=STATES), strict=True):
        lab.goto(event=event)
        held = ask(lab)
        ever = {name for name, series in seen["pools"].items() if any(size for _, size in series)}
        seen["pools"] = {name: series for name, series in seen["pools"].items() if name in ever}
        assert held == {key: seen[key] for key in held}, f"event {event}"
        assert list(held["coverage"]) == list(seen["coverage"])  # in the order of appearance
        now = [value_at(series, lab.now) for series in get_heights(lab).values()]
        values = [value for value in now if value is not None]
        band = [min(values), median_low(values), max(values)] if values else None
        assert band == (seen["bands"]["heights"] and seen["bands"]["heights"][1:])


@pytest.mark.parametrize("story", STORIES)
def test_curves_of_a_page_are_pythons(story: str, tmp_path: Path) -> None:
    """All kinds, at several cursors of each story."""
    lab = Lab(story)
    lab.run()

    check(lab, 5, tmp_path)


def test_curves_follow_pools_two_branches_and_a_revival(tmp_path: Path) -> None:
    """A peer that is off has an empty pool, keeps its last height, and begins at the genesis again."""
    lab = make_pool_lab()
    lab.run(until=lab.scenario.until)

    check(lab, 5, tmp_path)
