"""Measure the overlays: 2,000 peers in the simulator, messages a second and the most memory.

    python benchmarks/overlay.py                 all workloads, a minute or so
    python benchmarks/overlay.py push-pull inv   some of them; `kademlia` and `kademlia-wide` are the slowest
    python benchmarks/overlay.py --peers 200     smaller ones, for a look

Each workload runs in a process of its own, so that its memory is its own: the peak is what the system says of
that process, Python and imports included. Time is processor time of the run; making the world is told apart.
"""

import argparse
import multiprocessing
import platform
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from blockchain_lab.base.actions import GetValue, Publish, PutValue
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.records import Kind
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import MILLISECOND, MINUTE, SECOND
from blockchain_lab.overlay.gossip_policy import LINES
from blockchain_lab.overlay.kinds import KINDS
from blockchain_lab.overlay.topologies import k_out
from blockchain_lab.scenarios.networks import make_names, make_network
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sim.world import World

PEERS: Final = 2_000
ITEMS: Final = 20  # published, one every half second
JOIN_EVERY: Final = 50 * MILLISECOND  # Kademlia: one peer after another
GETS: Final = 500  # Kademlia: by random peers, of random values


class Workload(NamedTuple):
    """What is measured: how to make it, for so many peers, and what has come of it, in a few words."""

    make: Callable[[int], Scenario]
    judge: Callable[[World], str]


def make_gossip(protocol: str, peers: int) -> Scenario:
    """`ITEMS` items, each from another peer; 8 lines dialled by each, where there are lines."""
    names = make_names(peers)
    edges = k_out(names, 8, seed=1) if protocol in LINES else ()
    policy = {"protocol": protocol, "fanout": 8, "announce_to": 2, "hot_rounds": 16}
    story = tuple(
        (2 * SECOND + number * SECOND // 2, Publish(names[number * 7 % peers], f"item {number}"))
        for number in range(ITEMS)
    )
    return replace(make_network(names, "gossip", edges, policy, until=40 * SECOND), story=story)


def judge_gossip(world: World) -> str:
    """How many of the items all peers have, on average."""
    nodes = [host.node for host in world.hosts]
    known = sum(len(node.ground.items) for node in nodes) / len(nodes) / ITEMS
    return f"{known:.4f} of the items known to a peer"


def make_kademlia(peers: int, *, wide: bool) -> Scenario:
    """All join through a random one of those before them; then `ITEMS` values are stored and looked for.

    wide: who joins also looks something up in every bucket, as the paper wants it.
    """
    names, luck = make_names(peers), CounterRandom(get_key("benchmark", "kademlia"))
    policy = {"k": 20, "joins_wide": wide, "check_after": 15 * MINUTE}
    network = make_network(names, "kademlia", (), policy)
    known = {
        name: replace(
            network.peers[name],
            policy={"bootstrap": [names[luck.below(number)]], "join_at": number * JOIN_EVERY},
        )
        for number, name in enumerate(names)
        if number
    }
    ready = peers * JOIN_EVERY + 10 * SECOND
    story: list[tuple[int, PutValue | GetValue]] = [
        (ready, PutValue(luck.choice(names), f"key {number}", f"item {number}")) for number in range(ITEMS)
    ]
    for number in range(GETS):
        at = ready + 5 * SECOND + number * JOIN_EVERY
        story.append((at, GetValue(luck.choice(names), f"key {luck.below(ITEMS)}")))
    until = story[-1][0] + 10 * SECOND
    return replace(network, peers={**network.peers, **known}, story=tuple(story), until=until)


def judge_kademlia(world: World) -> str:
    """How many contacts a node has, and how many copies there are of a value."""
    nodes = [host.node for host in world.hosts]
    contacts = sum(len(node.table) for node in nodes) / len(nodes)
    copies = sum(len(node.keeping.storage.values) for node in nodes) / ITEMS
    return f"{contacts:.1f} contacts a peer, {copies:.1f} copies of a value"


WORKLOADS: Final[Mapping[str, Workload]] = {
    protocol: Workload(lambda peers, protocol=protocol: make_gossip(protocol, peers), judge_gossip)
    for protocol in ("push-once", "push-pull", "flood", "inv", "erlay", "plumtree")
} | {
    "kademlia": Workload(lambda peers: make_kademlia(peers, wide=False), judge_kademlia),
    "kademlia-wide": Workload(lambda peers: make_kademlia(peers, wide=True), judge_kademlia),
}


def measure(name: str, peers: int) -> None:
    """One workload, in this process."""
    workload = WORKLOADS[name]
    started = time.process_time()
    scenario = workload.make(peers)
    trace = Trace(peers, "none")
    sent = count_sends(trace)
    world = World(scenario, KINDS, trace, ContentStore())
    made = time.process_time()
    world.run(until=scenario.until)
    spent = time.process_time() - made
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name:>10}, {peers} peers: {sent[0]:,} messages in {spent:.1f} s, {sent[0] / spent:,.0f} a second; "
        f"made in {made - started:.1f} s; {memory} MiB at most; {workload.judge(world)}",
        flush=True,
    )


def count_sends(trace: Trace) -> list[int]:
    """How many messages were sent, as the only number of a list, while the trace keeps no record of them."""
    sent, append, send = [0], trace.append, int(Kind.SEND)

    def count(kind: int, *rest: Any) -> int:
        sent[0] += kind == send
        return append(kind, *rest)

    trace.append = count  # type: ignore[method-assign]
    return sent


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="workload", help=", ".join(WORKLOADS))
    parser.add_argument("--peers", type=int, default=PEERS)
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in WORKLOADS]:
        parser.error(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    print(f"{platform.platform()}, Python {platform.python_version()}", flush=True)
    for name in given.names or WORKLOADS:
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(name, given.peers))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
