"""Two homes behind boxes of any kind, and a server that both reach: who reaches whom, and how."""

from typing import Any

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND, MINUTE, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Links, Peer, Scenario

PUBLIC = "public"  # behind no box
Box = dict[str, Any] | str


def two_homes(a: Box, b: Box, **policy: Any) -> Lab:
    """Ann behind box a, Bob behind box b, and a server in the open; after ten seconds all know each other."""
    peers = {"server": Peer("rendezvous")}
    for name, home, box in (("ann", "home", a), ("bob", "office", b)):
        if box != PUBLIC:
            peers[home] = Peer("nat", policy={"type": box} if isinstance(box, str) else box)
        own = {"server": "server", **policy}
        peers[name] = Peer("traversal", behind=home if box != PUBLIC else "", policy=own)
    links = Links(latency=(20 * MILLISECOND, 50 * MILLISECOND), jitter=0)
    lab = Lab(Scenario(peers=peers, links=links, until=MINUTE))
    lab.run(until=10 * SECOND)
    return lab


def reach(lab: Lab, name: str = "bob") -> str:
    """Ann tries for twenty seconds; by which step it worked, "" when by none."""
    lab.do(Connect("ann", name))
    lab.run(until=lab.now + 20 * SECOND)
    return lab.peer("ann").attempts[name].reached_by


def notes(lab: Lab, topic: str) -> list[dict[str, Any]]:
    """The facts of all notes on a topic."""
    return [r.detail[1] for r in lab.trace if r.kind is Kind.NOTE and r.detail[0] == topic]
