"""What a sweep asks of large networks: each study against what must come of it, in small networks.

The grids are for the real size; here 300 to 2,000 peers show the same, in seconds.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.checks import check_network
from blockchain_lab.scale.mining import get_finds
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.rumours import count_push_rounds
from blockchain_lab.scale.studies import (
    STUDIES,
    cut_lines,
    draw_side,
    study_block_size,
    study_degree,
    study_eclipse,
    study_fan_out,
    study_interval,
    study_partition,
    study_relay,
)
from blockchain_lab.scale.sweep import sweep

SEED = 1
FEW = {"peers": 600, "blocks": 2}


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_can_be_swept(name: str) -> None:
    """A sweep takes its first point: plain numbers, by names that are no parameters; again, the same."""
    study = STUDIES[name]
    grid = {key: values[:1] for key, values in study.grid.items()} | {"peers": [300]}
    with ThreadPoolExecutor(1) as workers:
        result = sweep(study.function, grid, [SEED], executor=workers, progress=False)
    params = {key: values[0] for key, values in grid.items()}

    assert result.is_complete, result.describe()
    assert [{**params, "seed": SEED, **study.function(params, SEED)}] == result.rows


def test_the_table_has_the_seven_sweeps() -> None:
    """And each grid has values to compare."""
    expected = ["degree", "fan-out", "relay mode", "block size", "block interval", "partition", "eclipse"]

    assert expected == list(STUDIES)
    assert all(3 <= max(map(len, study.grid.values())) for study in STUDIES.values())


def test_more_neighbours_hear_sooner_and_talk_more() -> None:
    """Twice as many dialled: nearly twice the degree and the messages, and less and less time won."""
    rows = [study_degree({**FEW, "outbound": outbound}, SEED) for outbound in (2, 4, 8, 16)]
    halves = [row["median"] for row in rows]

    assert sorted(halves, reverse=True) == halves
    assert [4, 8, 16, 32] == pytest.approx([row["degree"] for row in rows], rel=0.03)
    assert all(
        before["messages"] < after["messages"] < 2 * before["messages"] for before, after in pairwise(rows)
    )
    assert halves[0] - halves[1] > halves[1] - halves[2] > halves[2] - halves[3]


def test_ways_to_tell_by_time_and_bytes() -> None:
    """Pushed ids are first, asked ids cheapest; a whole block goes once to each of the others."""
    rows = {
        relay: study_relay({**FEW, "relay": relay}, SEED) for relay in STUDIES["relay mode"].grid["relay"]
    }
    whole = get_plan("lecture 2024").block_size

    assert rows["push"]["last"] < rows["compact"]["last"] < rows["headers"]["last"]
    assert rows["headers"]["last"] == pytest.approx(rows["inventory"]["last"], rel=0.01)
    assert ["compact", "push", "inventory", "headers"] == sorted(rows, key=lambda each: rows[each]["bytes"])
    assert 599 / 600 * whole < rows["inventory"]["bytes"] < 599 / 600 * whole + 20 * 61 + 24
    assert all(1 == row["reached"] for row in rows.values())


def test_the_size_of_a_block_matters_where_it_is_sent() -> None:
    """Sixteen times the bytes: many times the time where whole blocks go, and little where short ids do."""
    slow, quick = (
        [study_block_size({**FEW, "relay": relay, "block_size": size}, SEED) for size in (250_000, 4_000_000)]
        for relay in ("inventory", "compact")
    )

    assert 5 * slow[0]["median"] < slow[1]["median"]
    assert quick[0]["median"] < quick[1]["median"] < 1.2 * quick[0]["median"]
    assert 16 == pytest.approx(slow[1]["bytes"] / slow[0]["bytes"], rel=0.01)


def test_stale_blocks_follow_the_formula() -> None:
    """600 blocks every 10 s: the rivals are within three errors of 1 - exp(-delay / 10), a bit below it."""
    often = study_interval({"peers": 300, "interval": 10, "blocks": 600}, SEED)
    seldom = study_interval({"peers": 300, "interval": 600, "blocks": 600}, SEED)
    error = sqrt(often["expected"] * (1 - often["expected"]) / 600)

    assert often["expected"] == pytest.approx(1 - np.exp(-often["delay"] / 10))
    assert abs(often["stale"] - often["expected"]) < 3 * error
    assert often["delay"] == pytest.approx(seldom["delay"], rel=0.01)
    assert seldom["stale"] <= 4 / 600 < often["stale"]


@pytest.mark.parametrize("fan_out", [1, 2, 4])
def test_rounds_of_a_rumour(fan_out: int) -> None:
    """Near the reckoning, and everybody has been called."""
    found = study_fan_out({"fan_out": fan_out, "peers": 2_000}, SEED)

    assert abs(found["rounds"] - found["expected"]) <= 3
    assert found["calls"] > 1


def test_one_call_a_round_is_the_push_of_rumours() -> None:
    """The same calls, so the same rounds with every seed."""
    rounds = [study_fan_out({"peers": 2_000}, seed)["rounds"] for seed in range(6)]

    assert [count_push_rounds(2_000, seed) for seed in range(6)] == rounds


def test_a_cut_parts_the_network_only_when_it_is_complete() -> None:
    """One line in a hundred still brings all blocks to all; with none the weaker side's are stale."""
    half, nearly, cut = (study_partition({"peers": 600, "cut": cut}, SEED) for cut in (0, 99, 100))
    network = get_network("lecture 2024", peers=600, seed=SEED)
    inside = draw_side(network, "side", 50, SEED)
    finders = inside[get_finds(network, get_plan("lecture 2024", seed=SEED, blocks=20)).by]
    is_weaker = network.power[inside].sum() < network.power[~inside].sum()

    assert (1, 0) == (half["reached"], half["stale"])
    assert (1, 0) == (nearly["reached"], nearly["stale"])
    assert half["lines"] > 50 * nearly["lines"] > 0 == cut["lines"]
    assert half["median"] < nearly["median"]
    assert cut["reached"] == pytest.approx(0.5)
    assert np.mean(finders == is_weaker) == cut["stale"] > 0
    assert 0 < cut["power"] < 0.5


@pytest.mark.parametrize("cut", [0, 50, 100])
def test_a_cut_takes_both_directions_of_a_line(cut: int) -> None:
    """What is left can still be a network; lines within a side stay; nothing is cut by 0."""
    before = get_network("lecture 2024", peers=300)
    inside = draw_side(before, "side", 30, SEED)
    after = cut_lines(before, inside, cut, SEED)
    lines = {(a, int(b)) for a in range(300) for b in before.get_neighbours(a)}
    left = {(a, int(b)) for a in range(300) for b in after.get_neighbours(a)}
    crossing = {line for line in lines if inside[line[0]] != inside[line[1]]}

    check_network(after)
    assert 90 == inside.sum()
    assert lines - left <= crossing
    assert (100 - cut) / 100 == pytest.approx(len(crossing & left) / len(crossing), abs=0.05)


def test_who_has_only_attackers_for_neighbours_hears_nothing() -> None:
    """It is a share ** degree of the others; twice as many lines, far fewer eclipsed."""
    few, many = (
        study_eclipse({"peers": 2_000, "blocks": 2, "attackers": 80, "outbound": k}, SEED) for k in (4, 8)
    )

    assert few["eclipsed"] == pytest.approx(few["expected"], abs=0.04)
    assert many["eclipsed"] == pytest.approx(many["expected"], abs=0.02)
    assert 3 * many["eclipsed"] < few["eclipsed"] <= 1 - few["reached"]


@pytest.mark.parametrize(
    ("study", "params", "words"),
    [
        (study_relay, {"realy": "push"}, "found 'realy', wanted some of network, peers, blocks, relay"),
        (study_relay, {"relay": "pigeon"}, "found 'pigeon', wanted one of inventory, headers"),
        (study_relay, {"network": "bitcoin 1999"}, "found 'bitcoin 1999'"),
        (study_fan_out, {"fan_out": 0}, "found 0, wanted at least 1 call a round"),
        (study_fan_out, {"relay": "push"}, "found 'relay', wanted some of fan_out, peers"),
        (study_partition, {"cut": 101}, "found 101, wanted a whole number from 0 to 100"),
        (study_partition, {"cut": 0.5}, "found 0.5, wanted a whole number"),
        (study_partition, {"side": 0}, "found 0, wanted a whole number from 1 to 99"),
        (study_eclipse, {"attackers": 100}, "attackers: found 100"),
    ],
)
def test_slips_are_refused_in_words(study: Any, params: Mapping[str, Any], words: str) -> None:
    """What was found, wanted, where: nothing is swept by mistake."""
    with pytest.raises(UsageError, match=words):
        study({"peers": 60, **params} if "peers" not in params else params, SEED)
