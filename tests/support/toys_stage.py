"""A stage for puppets: Ann and Bob (and whoever else), 100 ms apart, without jitter."""

from typing import Any

from blockchain_lab.base.effects import Dial
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, ConnectionId
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Links, Peer, Scenario
from support.toys_ping import Order
from support.toys_worlds import toy_lab

LATENCY = 100 * MILLISECOND


def stage(
    *names: str, options: dict[str, Any] | None = None, firewalls: tuple[str, ...] = (), **links: Any
) -> Lab:
    """Puppets that have started and wait for orders; those behind `firewalls` cannot be dialled."""
    peers = {name: Peer("puppet", firewall=name in firewalls) for name in (names or ("ann", "bob"))}
    plan = Links(**{"latency": (LATENCY, LATENCY), "jitter": 0, "keep_alive": 20 * SECOND, **links})
    lab = toy_lab(Scenario(peers=peers, links=plan), **(options or {}))
    lab.goto(event=len(peers))
    return lab


def address(lab: Lab, name: str) -> Address:
    """Where a peer can be reached at time 0."""
    return lab.scenario.get_addresses()[name]


def order(lab: Lab, name: str, *effects: Any) -> None:
    """Make a puppet act."""
    lab.do(Order(name, effects))


def wait(lab: Lab, seconds: int = 1) -> None:
    """Let some simulated time pass, also when little happens in it."""
    lab.run(until=lab.now + seconds * SECOND)


def told(lab: Lab, name: str, *what: str) -> list[tuple[Any, ...]]:
    """What a puppet was told, without the times."""
    return [entry for entry in lab.peer(name).told if not what or entry[0] in what]


def connect(lab: Lab, name: str = "ann", to: str = "bob") -> ConnectionId:
    """One puppet dials another; its end of the connection."""
    order(lab, name, Dial(address(lab, to)))
    wait(lab)
    return int(told(lab, name, "connected")[-1][1])


def find_sends(lab: Lab, message: Message) -> list[int]:
    """Ids of the sends of this very content, oldest first."""
    return [record.id for record in lab.trace if record.kind == Kind.SEND and record.detail == message]


def find(lab: Lab, kind: Kind) -> list[Record]:
    """All records of a kind."""
    return [record for record in lab.trace if record.kind == kind]
