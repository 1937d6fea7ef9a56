"""What lessons 12 and 13 show at real size: a block told in four ways, and forks by delay and interval."""

import re
from math import exp

import numpy as np
import pytest

from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l12_real, l13_real
from blockchain_lab.course.l12_real import (
    NEEDLESS,
    WAYS,
    count_needless,
    draw_spread,
    play_ways,
    reckon_needless,
    show_ways,
)
from blockchain_lab.course.l13_real import (
    FASTEST,
    INTERVALS,
    MANY,
    TEN_SECONDS,
    Rates,
    add_up_percent,
    count_stale,
    get_delay,
    get_percent,
    measure_rates,
    spread_blocks,
)
from blockchain_lab.course.questions import GUEST_SEED
from blockchain_lab.course.real_size import WATCHED
from blockchain_lab.scale.engines import Engine, get_engine
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.run import simulate

SEEDS = [GUEST_SEED, 101]
REAL = 18_077


# -- lesson 12 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_four_ways_come_in_the_order_that_the_text_says(seed: int) -> None:
    """Unasked ids first, by about a second; whole blocks after ten and more; eleven times the bytes."""
    runs = play_ways(seed)
    half = {way: run.get_percentile(50) / SECOND for way, run in runs.items()}
    size = {way: sum(run.bytes_sent.values()) / REAL for way, run in runs.items()}
    asked, unasked = "short ids, asked for", "short ids, unasked"

    assert 10 < half["headers"] == pytest.approx(half["inv"], rel=0.01)
    assert 1.4 < half[asked] < 2.6
    assert 0.4 < half[asked] - half[unasked] < 1.4
    assert 11 == pytest.approx(size[unasked] / size[asked], abs=0.5)
    assert 2_000_000 == pytest.approx(size["inv"], rel=0.001)
    assert size["inv"] < size["headers"]
    assert 1 == len({int(run.miner[0]) for run in runs.values()})


@pytest.mark.parametrize("seed", SEEDS)
def test_copies_for_nothing_by_messages_and_by_lines(seed: int) -> None:
    """Fourteen, whoever asks: 16 lines, less the one that is needed, less the one towards its source."""
    network = get_network("lecture 2024", seed=seed)
    by_peer = sum(len(network.get_neighbours(peer)) - 1 for peer in range(REAL)) + 1  # a finder tells all

    assert count_needless(seed) == pytest.approx(reckon_needless(seed), abs=1e-9)
    assert count_needless(seed) == pytest.approx(by_peer / (REAL - 1) - 1, abs=1e-9)
    assert "14.0" == f"{count_needless(seed):.1f}"
    assert "271,156 / 18,076 - 1" in NEEDLESS.solution
    assert 271_156 == by_peer


def test_the_table_of_ways_says_what_came_of_them() -> None:
    """A row for each way, and the copies of the last row that the question asks about."""
    runs = play_ways(GUEST_SEED)
    head, *rows = show_ways(runs).splitlines()

    assert list(WAYS) == [row[:21].strip() for row in rows]
    assert ["18,076"] * 3 + ["271,156"] == [row.split()[-1] for row in rows]
    assert [len(head)] * 4 == [len(row) for row in rows]
    assert f"{runs['inv'].get_percentile(99) / SECOND:.2f} s" in rows[0]


def test_the_picture_of_ways_names_each_line() -> None:
    """Beside it, in words too; names and headers are asked for alike, so their curves are one line."""
    figure = draw_spread(play_ways(GUEST_SEED))
    (axes,) = figure.axes
    figure.draw_without_rendering()
    names = [text.get_text() for text in axes.texts]
    boxes = [text.get_window_extent() for text in axes.texts]
    frame = axes.get_window_extent()

    assert ["inv, headers", "short ids, asked for", "short ids, unasked"] == names
    assert names == [line.get_label() for line in axes.get_lines()]
    assert not any(box.overlaps(other) for number, box in enumerate(boxes) for other in boxes[:number])
    assert all(frame.contains(*corner) for box in boxes for corner in (box.min, box.max))
    assert all(way in figure.describe() for way in WAYS)


@pytest.mark.parametrize("lesson", [l12_real, l13_real])
def test_the_run_that_is_watched_is_one_like_any(lesson) -> None:
    """To its end it is what `simulate` gives, with a curve after the second block."""
    watched = lesson.watch_blocks(GUEST_SEED)
    steps = list(watched.play())
    interval = 600 if lesson is l12_real else FASTEST
    plan = get_plan("lecture 2024", seed=GUEST_SEED, blocks=watched.plan.blocks, interval=interval * SECOND)
    alone = simulate(get_network("lecture 2024", seed=GUEST_SEED), plan)

    count = WATCHED[get_engine().name]
    assert (count, count, 100.0) == (steps[-1].found, steps[-1].blocks, steps[-1].percents[-1])
    assert Relay.COMPACT == plan.relay
    assert np.array_equal(alone.arrival, watched.result.arrival)


# -- lesson 13 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_delay_is_that_of_the_pools(seed: int) -> None:
    """Added up pool by pool and block by block; the finder hears at once."""
    run = spread_blocks(seed)
    pools = [(peer, power) for peer, power in enumerate(run.network.power.tolist()) if power]
    waits = [
        power * int(run.arrival[block, peer] - run.found_at[block])
        for block in range(3)
        for peer, power in pools
    ]
    delay = sum(waits) / (3 * sum(power for _, power in pools)) / SECOND

    assert 16 == len(pools)
    assert delay == pytest.approx(get_delay(seed))
    assert 100 * (1 - exp(-delay / 10)) == pytest.approx(get_percent(seed))
    assert get_percent(seed) == pytest.approx(add_up_percent(seed), abs=1e-6)


@pytest.mark.parametrize("seed", [GUEST_SEED, *range(100, 104)])
def test_no_slip_comes_to_the_right_percentage(seed: int) -> None:
    """With any learner's network; what the table shows of the delay is enough, and says one in eight."""
    slips = [mistake.get_answer(seed) for mistake in TEN_SECONDS.mistakes]
    shown = re.search(r"after ([\d.]+) s", repr(Rates(get_delay(seed), {})))

    assert shown
    assert TEN_SECONDS.judge(100 * (1 - exp(-float(shown[1]) / 10)), seed).is_right
    assert not any(TEN_SECONDS.judge(slip, seed).is_right for slip in slips)
    assert 9 < get_percent(seed) < 15


def test_stale_blocks_are_counted_where_that_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the plain loop the table says that they were not, and the picture has the curve alone."""
    monkeypatch.setattr(l13_real, "get_engine", lambda: Engine("plain", "numba is not installed"))
    rates = measure_rates(GUEST_SEED)

    assert {} == rates.counted
    assert "not counted" in repr(rates)
    assert 1 == len(rates.draw().axes[0].get_lines())


def test_what_is_counted_stands_in_table_and_picture() -> None:
    """The chance at ten seconds is the question's, so the table leaves it out."""
    rates = Rates(1.2, {600: 0, 60: 1, 10: 5})
    *_, row = repr(rates).splitlines()
    (axes,) = rates.draw().axes
    (above,) = axes.child_axes
    dots = axes.get_lines()[1]

    assert ["10", "s", "?", "5", "of", "20"] == row.split()
    assert "0.20 %" in repr(rates)
    assert [0, 5, 25] == list(dots.get_ydata())
    assert ["1 - exp(-1.20 / T)"] == [text.get_text() for text in axes.texts], "counts stand above the frame"
    assert [600, 60, 10] == list(above.get_xticks())
    assert ["0 of 20", "1 of 20", "5 of 20"] == [label.get_text() for label in above.get_xticklabels()]


def test_forks_are_rare_at_ten_minutes_and_common_at_ten_seconds() -> None:
    """Twenty blocks each: none or one at 600 seconds, within three errors of the curve at ten."""
    counted = [count_stale(interval, GUEST_SEED) for interval in INTERVALS]
    chance = get_percent(GUEST_SEED) / 100

    assert counted[0] <= 1
    assert counted[0] <= counted[1] <= counted[2]
    assert abs(counted[2] - MANY * chance) < 3 * (MANY * chance * (1 - chance)) ** 0.5
