"""Measure the consensus floor: 100 validators that vote once an epoch, over direct lines and by gossip.

    python benchmarks/consensus.py                      both workloads, several minutes
    python benchmarks/consensus.py direct --epochs 100  one of them; shorter, for a look
    python benchmarks/consensus.py gossip --profile     where its time goes

`direct`: everybody has a line to everybody and passes nothing on, 1,000 epochs, the trace keeps notes only.
`gossip`: each dials 8 others, and what is new is passed on, 50 epochs with the whole trace. Blocks come from
the signers in turn, so that the lottery costs nothing. Each workload runs in a process of its own, so that
its memory is its own, Python and imports included. Time is processor time of the run; making the world is
told apart. Signatures are made and checked once per process, as everywhere in the laboratory.
"""

import argparse
import cProfile
import multiprocessing
import platform
import pstats
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, Final, NamedTuple

from blockchain_lab.base.records import Kind
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.consensus.kinds import KINDS
from blockchain_lab.consensus.vote import SignedVote
from blockchain_lab.overlay.topologies import k_out
from blockchain_lab.scenarios.networks import make_names, make_network
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import Level, Trace
from blockchain_lab.sim.world import World

PEERS: Final = 100
SPACING: Final = 6 * SECOND  # of blocks
LENGTH: Final = 5  # blocks in an epoch: the preset "lab"
DEPOSIT: Final = 1_000_000  # units
DIALS: Final = 8  # each, by gossip
SHOWN: Final = 40  # rows of a profile


class Workload(NamedTuple):
    """What is measured."""

    epochs: int
    level: Level
    is_meshed: bool


WORKLOADS: Final = {"direct": Workload(1_000, "notes", True), "gossip": Workload(50, "full", False)}


class Counts(NamedTuple):
    """What was sent, by everybody to everybody."""

    messages: int
    votes: int


def make_scenario(workload: Workload, peers: int, epochs: int) -> Scenario:
    """Everybody is a founder and a signer; nobody leaves, nothing goes wrong."""
    names = make_names(peers)
    chain: dict[str, Any] = {
        "proposer": {"name": "authority", "signers": names, "spacing": SPACING},
        "casper": {"preset": "lab", "coin": 1_000, "deposits": dict.fromkeys(names, DEPOSIT)},
    }
    network = make_network(
        names,
        "consensus",
        get_edges(names, workload),
        {"relays": not workload.is_meshed},
        latency=(50 * MILLISECOND, 250 * MILLISECOND),
        until=epochs * LENGTH * SPACING,
    )
    return replace(network, chain={"consensus": chain})


def get_edges(names: Sequence[str], workload: Workload) -> list[tuple[str, str]]:
    """Who dials whom."""
    return list(combinations(names, 2)) if workload.is_meshed else list(k_out(names, DIALS, seed=1))


def count_sends(trace: Trace) -> list[int]:
    """All messages, and the votes among them, as they are sent: the trace need not keep them."""
    sent, append, send = [0, 0], trace.append, int(Kind.SEND)

    def count(kind: int, *rest: Any) -> int:
        if kind == send:
            sent[0] += 1
            sent[1] += isinstance(rest[-1], SignedVote)
        return append(kind, *rest)

    trace.append = count  # type: ignore[method-assign]
    return sent


def judge(world: World) -> str:
    """How far finality came, and whether all agree."""
    nodes: list[Any] = [host.node for host in world.hosts]
    epochs = [node.branches.get_anchor_epoch() for node in nodes]
    heads = len({node.head.hash for node in nodes})
    return f"final up to epoch {min(epochs):,} for everybody, {heads} heads"


def measure(name: str, peers: int, epochs: int | None, is_profiled: bool) -> None:
    """One workload, in this process."""
    workload = WORKLOADS[name]
    started = time.process_time()
    scenario = make_scenario(workload, peers, epochs or workload.epochs)
    trace = Trace(peers, workload.level)
    sent = count_sends(trace)
    world = World(scenario, KINDS, trace, ContentStore())
    made = time.process_time()
    profile = cProfile.Profile()
    if is_profiled:
        profile.enable()
    world.run(until=scenario.until)
    profile.disable()
    spent = time.process_time() - made
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name:>8}, {peers} validators, {epochs or workload.epochs:,} epochs: "
        f"{sent[1]:,} votes sent in {spent:.1f} s, {sent[1] / spent:,.0f} a second; "
        f"{trace.last_event:,} events, {trace.last_event / spent:,.0f} a second; "
        f"{sent[0]:,} messages; made in {made - started:.1f} s; {memory:,} MiB at most; {judge(world)}",
        flush=True,
    )
    if is_profiled:
        pstats.Stats(profile).sort_stats("tottime").print_stats(SHOWN)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="workload", help=", ".join(WORKLOADS))
    parser.add_argument("--peers", type=int, default=PEERS)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in WORKLOADS]:
        parser.error(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    print(f"{platform.platform()}, Python {platform.python_version()}", flush=True)
    for name in given.names or WORKLOADS:
        what = (name, given.peers, given.epochs, given.profile)
        process = multiprocessing.get_context("spawn").Process(target=measure, args=what)
        process.start()
        process.join()


if __name__ == "__main__":
    main()
