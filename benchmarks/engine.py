"""Measure the engine: messages a second beside SimPy, bytes a record, moving in time, a block's bytes.

    python benchmarks/engine.py            all of it, some minutes
    python benchmarks/engine.py --quick    smaller workloads, for a look

Both sides run the same nodes and the same link formula and keep a trace; the garbage collector is on. The
figures are medians of processor time, and the two sides take turns, so that a busy machine troubles both.
"""

import argparse
import gc
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

HERE = str(Path(__file__).parent)
sys.path[:] = [*(place for place in sys.path if place != HERE), HERE]  # behind python-bitcoinlib's `bitcoin`

import block_codec
import workloads
from simpy_rival import Rival

from blockchain_lab.base.records import Kind
from blockchain_lab.base.store import ContentStore
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import Level, Trace
from blockchain_lab.sim.world import World

LONG_CHAIN = "four_servers"  # 4,500 blocks


def run_ours(case: Scenario, level: Level = "full") -> int:
    """Our engine to the end of the world; how many messages were sent (at full level)."""
    trace = Trace(len(case.peers), level)
    World(case, workloads.KINDS, trace, ContentStore()).run()
    return trace.columns().kinds.count(Kind.SEND)


def time_once(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and the result."""
    gc.collect()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def time_median(work: Callable[[], Any], times: int = 7) -> float:
    """Median processor seconds."""
    return median(time_once(work)[0] for _ in range(times))


def measure_speed(rounds: int, scale: int) -> None:
    """Messages a second: ours at full trace, notes and none, SimPy's two styles; and the ratios."""
    for load, peers, work in (
        (workloads.FLOOD, 50, 200),
        (workloads.FLOOD, 200, 100),
        (workloads.PING_PONG, 50, 800),
        (workloads.PING_PONG, 200, 400),
    ):
        case = load.make(peers, work // scale)
        sides: dict[str, Callable[[], int]] = {
            "ours": lambda case=case: run_ours(case),
            "ours, notes": lambda case=case: run_ours(case, "notes"),
            "ours, none": lambda case=case: run_ours(case, "none"),
            "SimPy process": lambda case=case: Rival(case, by_process=True).run(),
            "SimPy callback": lambda case=case: Rival(case, by_process=False).run(),
        }
        spent: dict[str, list[float]] = {name: [] for name in sides}
        sent = 0
        for _ in range(rounds):
            for name, side in sides.items():
                seconds, count = time_once(side)
                spent[name].append(seconds)
                sent = count or sent
        rates = ", ".join(f"{name} {sent / median(times) / 1000:.0f} k/s" for name, times in spent.items())
        best = sent / min(spent["ours"]) / 1000
        print(f"{load.name}, {peers} peers, {sent} messages: {rates}; ours at best {best:.0f} k/s")
        for name in ("SimPy process", "SimPy callback"):
            pairs = [theirs / ours for ours, theirs in zip(spent["ours"], spent[name], strict=True)]
            print(f"    ours / {name}: {median(pairs):.2f} x (median of {rounds} pairs)", flush=True)


def measure_memory(scale: int) -> None:
    """Bytes a record: columns, references, inboxes and the moments of events, as allocated."""
    case = workloads.make_flood(200, 200 // scale)
    trace = Trace(len(case.peers))
    World(case, workloads.KINDS, trace, ContentStore()).run()
    trace.tidy()
    parts = [*trace._kept.numbers(), trace._kept.details, *trace._inbox, trace.event_at, trace.event_first]
    own = sum(map(sys.getsizeof, parts)) / len(trace)
    print(f"trace of {len(trace)} records: {own:.1f} bytes each", flush=True)


def measure_travel(lab: Lab, events: int) -> None:
    """Moving the cursor, reading a peer, rebuilding the world, at a far event."""
    lab.goto(event=events)
    here = lab.cursor
    deep = f"{lab.scenario.name}, {here} events, {len(lab.trace)} records"

    def back_and_forth() -> None:
        lab.back()
        lab.records  # noqa: B018
        lab.step()

    for name, seconds in (
        ("step back, read that event, forward", time_median(back_and_forth, 51)),
        ("read one peer (median of all, at first)", median(read_all_peers(lab))),
        ("read one peer (slowest, again)", max(read_all_peers(lab))),
        ("the world in the past, one event back", rebuild(lab, here - 1)),
        ("the world from nothing", time_median(lambda: lab.timeline.rebuild(here), 5)),
        ("digest of the trace", time_median(lab.digest, 3)),
        ("state digest", time_median(lab.state_digest, 3)),
    ):
        print(f"{deep}: {name} {seconds * 1000:.2f} ms", flush=True)


def read_all_peers(lab: Lab) -> list[float]:
    """Seconds for each peer, one event before the head."""
    lab.back()
    spent = [time_once(lambda name=name: lab.peer(name))[0] for name in lab.names]
    lab.step()
    return spent


def rebuild(lab: Lab, event: int) -> float:
    """Seconds until a world stands at an event of the past."""
    lab.goto(event=event)
    spent = time_median(lab.timeline.world, 3)
    lab.goto(event=event + 1)
    return spent


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller workloads, three rounds")
    is_quick = parser.parse_args().quick
    rounds, scale = (3, 8) if is_quick else (7, 1)
    print(f"{platform.platform()}, Python {platform.python_version()}, {get_processor()}", flush=True)
    measure_speed(rounds, scale)
    measure_memory(scale)
    for events in (5_000, 50_000 // scale):
        flood = workloads.make_flood(50, events // 380 + 20)
        lab = Lab(flood, kinds=workloads.KINDS, actions=[workloads.Submit])
        measure_travel(lab, events)
    for events in (5_000, 50_000):
        measure_travel(Lab(LONG_CHAIN), events)
    block_codec.measure(rounds)


def get_processor() -> str:
    """The processor's name and how many there are, where Linux tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} x {models[0] if models else 'unknown processor'}"


if __name__ == "__main__":
    main()
