"""Measure runs of large networks: processor time, messages a second and memory, beside SimBlock.

    python benchmarks/scale.py                    600, 6,000, 18,077 peers x 100 blocks, plain and compiled
    python benchmarks/scale.py --quick            without the largest plain run, which takes minutes
    python benchmarks/scale.py floods             one block: pruned, with every announcement, at 100,000
    python benchmarks/scale.py growth FILE.svg    how the cost grows with peers and connections: a plot

The workload is SimBlock's of 2019 (preset "simblock 2019"); its own figures are of commit 5fc7f9f on two
cores of an AMD EPYC, OpenJDK 17, as shipped. With SIMBLOCK_CMD in the environment it is run, too: a shell
command in which {nodes} and {blocks} are replaced. Each case has a process, and so a memory, of its own.
What a bare loop takes here and took there says how much slower this machine is at the moment.
"""

import argparse
import gc
import json
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import replace
from math import log
from pathlib import Path
from statistics import median

HERE = str(Path(__file__).parent)
sys.path[:] = [*(place for place in sys.path if place != HERE), HERE]  # behind python-bitcoinlib's `bitcoin`

import numpy as np
import scale_case
from engine import get_processor
from matplotlib.figure import Figure
from scale_case import MEGABYTE, WORKLOAD, get_used
from scale_yardstick import measure_slowness

from blockchain_lab.scale.engines import get_player
from blockchain_lab.scale.network import freeze
from blockchain_lab.scale.outcome import make_outcome
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.run import simulate
from blockchain_lab.scale.wiring import make_wiring

SIMBLOCK = {(600, 100): (1.90, 172), (6_000, 100): (14.58, 189), (18_077, 100): (69.4, 353)}  # CPU s, MB
AIMS = {  # milliseconds for one flood: engine, peers, is_pruned, has jitter
    ("compiled", 18_077, True, False): 15,
    ("compiled", 18_077, False, False): 60,
    ("plain", 18_077, True, False): 150,
    ("plain", 18_077, True, True): 300,
    ("compiled", 100_000, True, False): 200,
}
SIZES = (200, 600, 2_000, 6_000, 18_077, 50_000, 100_000)
DIALLED = (2, 4, 8, 16, 32)


def ask_child(*words: object) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, scale_case.__file__, *map(str, words)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_simblock(command: str, peers: int, blocks: int) -> str:
    """SimBlock itself, if it is here: processor seconds and the largest of its processes."""
    before = get_used(resource.RUSAGE_CHILDREN)
    line = command.replace("{nodes}", str(peers)).replace("{blocks}", str(blocks))
    subprocess.run(line, shell=True, check=True, stdout=subprocess.DEVNULL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE  # so ours must not come first
    return f"SimBlock now {get_used(resource.RUSAGE_CHILDREN) - before:.2f} s CPU, at most {peak:.0f} MB"


def measure_cases(is_quick: bool) -> None:
    """Both engines beside SimBlock's figures."""
    command = os.environ.get("SIMBLOCK_CMD")
    for (peers, blocks), (seconds, peak) in SIMBLOCK.items():
        print(f"{peers:,} peers x {blocks} blocks; SimBlock, published: {seconds} s CPU, {peak} MB")
        if command:
            print(f"    {run_simblock(command, peers, blocks)}", flush=True)
        for engine in ("compiled", "plain"):
            if is_quick and engine == "plain" and peers > 6_000:
                continue
            slowness = measure_slowness()
            got = ask_child(engine, peers, blocks)
            rate, ratio = got["messages"] / got["cpu"] / 1e6, seconds / got["cpu"]
            print(
                f"    {engine}: {got['cpu']:.2f} s CPU, whole process {got['whole']:.2f} s; SimBlock took "
                f"{ratio:.1f} and {seconds / got['whole']:.1f} times as long, and by the yardstick "
                f"{ratio * slowness:.1f} and {seconds / got['whole'] * slowness:.1f} times; "
                f"{got['messages']:,} messages, {rate:.2f} million/s, "
                f"{got['peak']:.0f} MB ({got['peak'] / peak:.2f}); median {got['median']:,.0f} ms, "
                f"90 % {got['p90']:,.0f} ms, {got['stale']} stale",
                flush=True,
            )


def time_flood(engine: str, network, plan: Plan, times: int) -> tuple[float, float]:
    """Median milliseconds of processor time: what is played, and with what is made before."""
    played, whole = [], []
    for _ in range(times):
        begun = time.process_time()
        wiring = make_wiring(network, plan)
        outcome = make_outcome(wiring)
        before = time.process_time()
        for _found in get_player(engine)(wiring, outcome):
            pass
        played.append(time.process_time() - before)
        whole.append(time.process_time() - begun)
    return 1000 * median(played), 1000 * median(whole)


def measure_floods() -> None:
    """One block with whole blocks told by inv, beside the aims."""
    plan = Plan(relay=Relay.INVENTORY, blocks=1)
    slowness = measure_slowness()
    gc.disable()  # as `simulate` does
    for (engine, peers, is_pruned, has_jitter), aim in AIMS.items():
        network = get_network("bitcoin 2019", peers=peers, loss=0)
        jitter = freeze(network.latency // 5 if has_jitter else network.latency * 0)
        case = replace(network, jitter=jitter)
        found, whole = time_flood(engine, case, replace(plan, is_pruned=is_pruned), 5)
        words = f"{'pruned' if is_pruned else 'every announcement'}, {'with' if has_jitter else 'no'} jitter"
        against = f"aim {aim}: {found / aim:.2f}, by the yardstick {found / aim / slowness:.2f}"
        print(
            f"{engine}, {peers:,} peers, {words}: {found:.0f} ms ({against}; with preparing {whole:.0f} ms)",
            flush=True,
        )


def fit_exponent(sizes: list[float], costs: list[float]) -> float:
    """The slope of a line through the logarithms, by least squares."""
    return float(np.polyfit([log(size) for size in sizes], [log(cost) for cost in costs], 1)[0])


def measure_growth(file: str) -> None:
    """Milliseconds for a block over peers and over connections, compiled; fitted exponents; a plot."""
    plan = replace(get_plan(WORKLOAD), relay=Relay.INVENTORY, formula="uplink", blocks=5)
    rows = {
        "peers": [(peers, get_network(WORKLOAD, peers=peers)) for peers in SIZES],
        "dialled by each of 6,000 peers": [
            (dialled, get_network(WORKLOAD, peers=6_000, outbound=dialled)) for dialled in DIALLED
        ],
    }
    simulate(get_network(WORKLOAD, peers=50), plan, engine="compiled")
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    for axes, (name, cases) in zip(figure.subplots(1, 2), rows.items(), strict=True):
        sizes = [size for size, _ in cases]
        costs = [time_flood("compiled", network, plan, 3)[0] / plan.blocks for _, network in cases]
        exponent = fit_exponent(sizes, costs)
        axes.loglog(sizes, costs, marker="o", color="#0072b2")
        axes.set_xlabel(name)
        axes.set_ylabel("ms of processor time for a block")
        axes.set_title(f"grows with the power {exponent:.2f}", fontsize="medium")
        told = ", ".join(f"{size:,}: {cost:.2f} ms" for size, cost in zip(sizes, costs, strict=True))
        print(f"over {name}: {told}; exponent {exponent:.2f}", flush=True)
    figure.savefig(file, metadata={"Date": None} if file.endswith(".svg") else None)


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the largest plain run")
    parser.add_argument("what", nargs="*", default=["cases"], help="cases, floods, growth FILE")
    wanted = parser.parse_args()
    what = wanted.what
    print(f"{platform.platform()}, Python {platform.python_version()}, {get_processor()}", flush=True)
    if what[0] == "growth":
        measure_growth(what[1])
    elif what[0] == "floods":
        measure_floods()
    else:
        measure_cases(wanted.quick)


if __name__ == "__main__":
    main()
