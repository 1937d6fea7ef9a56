"""Networks of walkers on the light pump, and the graph of who has met whom."""

from typing import Any

import networkx as nx

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.crawler_node import CrawlerNode
from blockchain_lab.overlay.walk_node import TrackerNode, WalkNode
from blockchain_lab.overlay.walks import Known
from blockchain_lab.sim.scenario import Links, Peer, Scenario
from support.datagram_pump import Pump

TRACKER = "tracker"
QUICK = 100 * MILLISECOND  # of a tick, as where the figures were measured


def walk(count: int, seconds: int = 60, *, seed: int = 1, is_on: bool = True, **policy: Any) -> Pump:
    """`count` peers and one tracker, which may be off."""
    pump = Pump(seed)
    pump.add(TRACKER, TrackerNode, {})
    if not is_on:
        pump.kill([TRACKER])
    for number in range(count):
        pump.add(f"n{number}", WalkNode, {"trackers": [TRACKER], "tick": QUICK, **policy}, listen=True)
        pump.start(f"n{number}")
    pump.run(seconds * SECOND)
    return pump


def count_peers(pump: Pump) -> list[int]:
    """How many each has met; trackers are nobody's peers."""
    return [len(node.circle.peers) for name, node in pump.nodes.items() if name != TRACKER]


def make_graph(pump: Pump, *, has_tracker: bool = False) -> nx.Graph:
    """Who has met whom."""
    nodes = {name: node for name, node in pump.nodes.items() if has_tracker or name != TRACKER}
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(
        (name, pump.names[peer]) for name, node in nodes.items() for peer in node.circle.peers
    )
    return graph


def crawl(count: int, tells: int, seed: int = 1, dead: int = 0) -> tuple[Any, list[dict[str, Any]]]:
    """Peers who each know `tells` others at random; some are off. The crawler, and the facts of its notes."""
    pump, luck = Pump(seed), CounterRandom(get_key(seed, "acquaintances"))
    names = [f"n{number}" for number in range(count)]
    for name in names:
        pump.add(name, WalkNode, {"tells": tells})
    for name, node in pump.nodes.items():
        known = {pump.contacts[names[luck.below(count)]]: None for _ in range(2 * tells)}
        others = [address for address in known if address != pump.contacts[name]]
        node.circle.peers = {address: Known(address, address) for address in others[:tells]}
    pump.kill(names[1 : dead + 1])
    crawler = pump.add("crawler", CrawlerNode, {"seeds": ["n0"]}, listen=True)
    pump.start("crawler")
    pump.run()
    return crawler, [facts for _, facts in pump.notes["crawler"]]


def two_homes(a: str, b: str, *, tracker_again: int = 5 * SECOND) -> Lab:
    """Ann behind a box of kind `a`, Bob behind one of kind `b` ("" for none), a tracker in the open."""
    peers = {TRACKER: Peer("walk-tracker")}
    own = {"trackers": [TRACKER], "tracker_again": tracker_again, "target": 1}
    for name, home, box in (("ann", "home", a), ("bob", "office", b)):
        if box:
            peers[home] = Peer("nat", policy={"type": box})
        peers[name] = Peer("walker", behind=home if box else "", policy=own)
    links = Links(latency=(20 * MILLISECOND, 50 * MILLISECOND), jitter=0)
    lab = Lab(Scenario(peers=peers, links=links, until=60 * SECOND))
    lab.run(until=60 * SECOND)
    return lab


def have_met(lab: Lab) -> bool:
    """Have Ann and Bob met, both of them?"""
    return all(lab.peer(name).circle.peers for name in ("ann", "bob"))
