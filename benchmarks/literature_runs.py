"""What the literature says of real networks, and the same in large networks that are played: minutes."""

from collections.abc import Iterable
from statistics import fmean

import numpy as np
from literature_rows import Row, Status, measure_rumours

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.closed_forms import compute_fork_rate
from blockchain_lab.scale.network import Network, freeze
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.run import simulate

SEEDS = (1, 2, 3)
SAID = "1 to 3"
NEVER_COMPARED = "none"


def run_many(name: str, peers: int | None, blocks: int) -> list[Propagation]:
    """A preset with three seeds, for the network and for the luck of its blocks."""
    return [
        simulate(get_network(name, peers=peers, seed=seed), get_plan(name, blocks=blocks, seed=seed))
        for seed in SEEDS
    ]


def get_mean(runs: Iterable[Propagation], percent: float) -> float:
    """Seconds, the mean over runs."""
    return fmean(run.get_percentile(percent) for run in runs) / SECOND


def measure_bitcoin_2013() -> list[Row]:
    """The preset "bitcoin 2013" beside what was measured in 2013 and 2014."""
    runs = run_many("bitcoin 2013", None, 50)
    decker, stats = "Decker, Wattenhofer 2013", "bitcoinstats.com, 24 March 2014"
    late = fmean(float((run.get_delays() > 40 * SECOND).mean()) for run in runs)
    mean = fmean(run.get_mean_delay() for run in runs) / SECOND
    curves = [run.get_curve(by_power=True) for run in runs]
    forks = fmean(compute_fork_rate(curve.times / SECOND, curve.shares, 633.68) for curve in curves)
    rows = [
        Row("2013: median of block propagation", get_mean(runs, 50), 6.5, "s", SAID, decker, Status.TOLD),
        Row("2013: mean of block propagation", mean, 12.6, "s", SAID, decker, Status.TOLD),
        Row("2013: peers that wait more than 40 s", 100 * late, 5, "%", SAID, decker, Status.TOLD),
        Row("2013: forks, by the curve of power", 100 * forks, 1.69, "%", SAID, decker, Status.TOLD),
    ]
    for percent, seconds in ((50, 3.3), (75, 6.4), (90, 13.5), (95, 25.0)):
        what = f"2014: {percent} % of the peers have a block (the preset of 2013)"
        rows.append(Row(what, get_mean(runs, percent), seconds, "s", SAID, stats, Status.SEEN))
    return rows


def measure_simblock() -> list[Row]:
    """SimBlock's workload of 2019; SimBlock itself was measured on another machine, with its own seeds."""
    rows, source = [], "SimBlock 5fc7f9f"
    for peers, blocks, middle, most in ((600, 100, 0.974, 2.196), (18_077, 100, 1.144, 2.218)):
        runs = run_many("simblock 2019", peers, blocks)
        for percent, seconds in ((50, middle), (90, most)):
            what = f"SimBlock 2019, {peers:,} peers x {blocks} blocks: {percent} % have a block"
            rows.append(Row(what, get_mean(runs, percent), seconds, "s", SAID, source, Status.RUN, 3))
    blocks = 10_000
    run = simulate(get_network("simblock 2019", peers=600), get_plan("simblock 2019", blocks=blocks))
    what = f"SimBlock 2019, 600 peers x {blocks:,} blocks: stale"
    rows.append(Row(what, 100 * run.get_stale_rate(), 0.21, "%", "1", source, Status.RUN, 3))
    paper = "Aoki and others 2019"
    rows.append(Row("SimBlock's own table", None, None, "s", NEVER_COMPARED, paper, Status.NOT_FOUND))
    return rows


def measure_internet() -> list[Row]:
    """How much sooner half of the peers have a whole block with the lines of 2019 than with those of 2015."""
    medians = [
        fmean(
            simulate(
                get_network("simblock 2019", peers=2_000, seed=seed, year=year),
                get_plan("simblock 2019", relay=Relay.INVENTORY, blocks=20, seed=seed),
            ).get_percentile(50)
            for seed in SEEDS
        )
        for year in (2015, 2019)
    ]
    saved = 100 * (1 - medians[1] / medians[0])
    what = "median of 2019 instead of 2015: shorter by"
    return [Row(what, saved, 64.5, "%", SAID, "Nagayama and others 2019", Status.SEEN, 1)]


def measure_stale() -> list[Row]:
    """Chains by their interval and block size, in the network of the preset "bitcoin 2013", 600 peers."""
    rows, blocks = [], 10_000
    for name, size, seconds, percent in (
        ("Bitcoin", 534_800, 600, 0.41),
        ("Litecoin", 6_110, 150, 0.273),
        ("Dogecoin", 8_000, 60, 0.619),
        ("Ethereum", 1_500, 15, 6.8),
    ):
        plan = Plan(blocks=blocks, interval=seconds * SECOND, block_size=size, seed=1)
        run = simulate(get_network("bitcoin 2013", peers=600), plan)
        rows.append(
            Row(
                f"stale, {name}: {size:,} bytes every {seconds} s, {blocks:,} blocks",
                *(100 * run.get_stale_rate(), percent, "%", "1", "Gervais and others 2016", Status.MEMORY),
            )
        )
    curve = simulate(get_network("lecture 2024"), get_plan("lecture 2024", blocks=20)).get_curve(
        by_power=True
    )
    forks = 100 * compute_fork_rate(curve.times / SECOND, curve.shares, 600)
    what = "stale 2020/21 (the preset of 2024, by the curve of power)"
    rows.append(Row(what, forks, 0.03, "%", "1", "BitMEX, told by 256k1.dev", Status.TOLD))
    return rows


def measure_ten_miners() -> list[Row]:
    """Ten equal miners, each as far from all others: a tie takes as long as it is said to."""
    rows, blocks = [], 20_000
    for seconds, percent in ((1, 0.1984), (20, 3.075)):
        plan = Plan(relay=Relay.PUSH, blocks=blocks, validation=0, is_queued=False, seed=1)
        run = simulate(make_ten_miners(seconds * SECOND), plan)
        what = f"ten equal miners, {seconds} s apart, {blocks:,} blocks: stale (theirs: a ring, 2,016 blocks)"
        source = "G. Andresen, bitcoin_miningsim"
        rows.append(Row(what, 100 * run.get_stale_rate(), percent, "%", "1", source, Status.SEEN, 3))
    return rows


def make_ten_miners(latency: int) -> Network:
    """Everybody is connected to everybody, with the same delay."""
    count = 10
    others = [other for peer in range(count) for other in range(count) if other != peer]
    ones, slots = np.ones(count), np.ones(len(others))
    return Network(
        name="ten equal miners",
        offsets=freeze(np.arange(count + 1) * (count - 1)),
        others=freeze(others),
        latency=freeze(slots * latency),
        jitter=freeze(slots * 0),
        upload=freeze(ones * 1_000 * SECOND),
        download=freeze(ones * 1_000 * SECOND),
        power=freeze(ones),
        region=freeze(ones * 0),
        regions=("everywhere",),
        speaks_compact=freeze(ones, np.bool_),
        misses=freeze(ones * 0),
    )


def measure_long() -> dict[str, list[Row]]:
    """All that takes minutes."""
    return {
        "Rumours among many": measure_rumours((18_077, 100_000)),
        "Block propagation": measure_bitcoin_2013() + measure_simblock() + measure_internet(),
        "Stale blocks": measure_stale() + measure_ten_miners(),
    }
