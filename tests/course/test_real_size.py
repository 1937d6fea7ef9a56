"""What lessons 4 and 7 show at real size: the runs, the rows, and two answers that nobody would guess."""

import warnings
from dataclasses import replace
from math import ceil

import pytest

from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l07_real
from blockchain_lab.course.l04_real import (
    compute_mean_turn,
    find_twice_the_lines,
    name_change,
    reckon_twice_the_lines,
    spread_block,
    watch_blocks,
)
from blockchain_lab.course.l07_real import (
    find_thirty_times,
    name_factor,
    reckon_thirty_times,
    spread_news,
    watch_news,
)
from blockchain_lab.course.real_size import make_real_network, spread, write_row, write_seconds
from blockchain_lab.scale.checks import DisconnectedNetwork
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.presets import get_plan
from blockchain_lab.scale.propagation import NEVER, Propagation
from blockchain_lab.scale.run import simulate

SEED = 7
REAL = 18_077
IN_PARTS = 1  # a seed for which 600 peers with one line each do not hang together


def find_time(run: Propagation, percent: int) -> int:
    """When so many per cent had the first block, in microseconds, counted one by one."""
    delays = sorted(at - run.found_at[0] for at in run.arrival[0].tolist() if at != NEVER)
    return int(delays[ceil(run.network.size * percent / 100) - 1])


def spread_in_parts(peers: int, seed: int) -> Propagation:
    """News where everybody opens one line, so that the network falls apart."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DisconnectedNetwork)  # it says so when it is made, and that is kept
        return spread(seed, peers=peers, outbound=1, relay=Relay.PUSH)


@pytest.mark.parametrize("seed", [7, 101])
def test_a_block_is_later_with_twice_the_lines(seed: int) -> None:
    """From 2 lines to 4, and from 4 to 8, nine of ten gain; from 8 to 16 they lose. Two ways say so."""
    times = [find_time(spread_block(lines, seed), 90) for lines in (2, 4, 8, 16)]

    assert times[1] < 0.7 * times[0]
    assert times[2] < times[1]
    assert 1.1 * times[2] < times[3]
    assert "d" == find_twice_the_lines(seed) == reckon_twice_the_lines(seed)


def test_it_is_the_waiting_that_makes_it_later() -> None:
    """The same 16 lines, and no copy waits for another: nine of ten are sooner than with 8, by far."""
    waiting, alone = (spread_block(16, SEED, is_queued=is_queued) for is_queued in (True, False))

    assert 2 * find_time(alone, 90) < find_time(waiting, 90)
    assert find_time(alone, 90) < find_time(spread_block(8, SEED), 90)
    assert 1.5 * compute_mean_turn(spread_block(8, SEED)) < compute_mean_turn(waiting)


def test_an_announcement_crosses_as_many_lines_as_a_flood() -> None:
    """2 m - (n - 1), as the lesson has it; the block itself comes once to each."""
    run = spread_block(8, SEED)

    assert REAL == run.network.size
    assert 2 * 8 * REAL - (REAL - 1) == run.messages["inv"]
    assert REAL - 1 == run.messages["block"] == run.messages["getdata"]


@pytest.mark.parametrize("lines", [8, 16])
def test_the_answer_is_the_same_without_numba(lines: int) -> None:
    """The loop in plain Python gives the same arrivals."""
    run = spread_block(lines, SEED)
    plain = simulate(run.network, run.plan, engine="plain")

    assert plain.arrival.tolist() == run.arrival.tolist()


@pytest.mark.parametrize("seed", [7, 102, 103])
def test_thirty_times_the_peers_take_less_than_twice_the_time(seed: int) -> None:
    """Nobody is missed, at the price of a flood; two ways say so."""
    few, many = spread_news(600, seed), spread_news(REAL, seed)

    assert find_time(many, 99) < 2 * find_time(few, 99)
    assert "c" == find_thirty_times(seed) == reckon_thirty_times(seed)
    for run in (few, many):
        assert NEVER not in run.arrival
        assert {"cmpctblock": run.network.slots - (run.network.size - 1)} == {
            command: count for command, count in run.messages.items() if count
        }


def test_a_network_in_parts_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last option of lesson 7 is what a run would show in which too many are missed."""
    monkeypatch.setattr(l07_real, "spread_news", spread_in_parts)

    assert "d" == find_thirty_times(IN_PARTS)


def test_every_option_is_what_some_factor_would_mean() -> None:
    """Half, a little less, the same, more; thirty times, five times, less than twice."""
    assert ["a", "b", "c", "d"] == [name_change(factor) for factor in (0.5, 0.9, 1.01, 1.25)]
    assert ["a", "b", "c", "c"] == [name_factor(factor) for factor in (30, 5.5, 1.5, 0.9)]


def test_a_row_says_what_was_counted() -> None:
    """Seconds with two digits, messages of one block; what never was is "never"."""
    run = spread(SEED, peers=300, blocks=2)
    row = write_row("300 peers", run)
    first = [delays.compressed() for delays in run.get_delays()]
    mean = sum(sorted(delays.tolist())[149] for delays in first) / 2 / SECOND

    assert row.startswith("300 peers: 50 % after ")
    assert f"50 % after {mean:.2f} s," in row
    assert row.endswith(f" {round(sum(run.messages.values()) / 2):,} messages")
    assert "never" == write_seconds(spread_in_parts(600, IN_PARTS), 99)


def test_runs_are_kept_for_the_question_below() -> None:
    """The same arguments give the same object; another seed another network."""
    assert spread(SEED, peers=300) is spread(SEED, peers=300)
    assert make_real_network(SEED, 300).others.tolist() != make_real_network(SEED + 1, 300).others.tolist()


def test_nothing_else_changes_where_nothing_is_lacking() -> None:
    """The network of the lecture; but everybody has the transactions of a block."""
    plain, changed = make_real_network(SEED, 300), make_real_network(SEED, 300, lacks_nothing=True)

    assert plain.misses.all()
    assert not changed.misses.any()
    assert plain.latency.tolist() == changed.latency.tolist()
    assert "lecture 2024" == changed.name
    assert get_plan("lecture 2024", seed=SEED, blocks=1) == spread(SEED, peers=300).plan


def test_what_is_watched_is_what_was_counted() -> None:
    """The same network and plan as one of the runs, with more blocks; the first of them spreads as it did."""
    counted, run = spread_news(REAL, SEED), watch_news(REAL, SEED)
    (*_, last) = run.play()

    assert run.network.latency.tolist() == counted.network.latency.tolist()
    assert replace(run.plan, blocks=1) == counted.plan
    assert 3 <= last.blocks == last.found
    assert run.result is not None
    assert counted.arrival[0].tolist() == run.result.arrival[0].tolist()
    assert replace(watch_blocks(8, SEED).plan, blocks=1) == spread_block(8, SEED).plan
    assert run.title.endswith(" rumours")
    assert watch_blocks(8, SEED).title.endswith(" blocks")
