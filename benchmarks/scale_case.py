"""One case of `scale.py` in a process of its own: python scale_case.py compiled 600 100

Prints one line of JSON. Only what a run needs is imported, for the whole process is measured, too.
"""

import json
import resource
import sys
from dataclasses import replace

from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.run import simulate

WORKLOAD = "simblock 2019"
MEGABYTE = 1e6 / 1024  # of getrusage's kilobytes


def get_peak() -> float:
    """Megabytes of this process at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def get_used(who: int = resource.RUSAGE_SELF) -> float:
    """Processor seconds, of user and system."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def measure_case(engine: str, peers: int, blocks: int) -> dict[str, float]:
    """One run in this process. The kernel is loaded before the clock starts; compiling it is not counted."""
    network = get_network(WORKLOAD, peers=peers)
    plan = get_plan(WORKLOAD, blocks=blocks)
    simulate(get_network(WORKLOAD, peers=50), replace(plan, blocks=1), engine=engine)
    before = get_used()
    run = simulate(network, plan, engine=engine)
    seconds = get_used() - before
    return {
        "cpu": seconds,
        "whole": get_used(),
        "messages": sum(run.messages.values()),
        "peak": get_peak(),
        "median": run.get_percentile(50) / MILLISECOND,
        "p90": run.get_percentile(90) / MILLISECOND,
        "stale": len(run.get_stale()),
    }


if __name__ == "__main__":
    print(json.dumps(measure_case(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
