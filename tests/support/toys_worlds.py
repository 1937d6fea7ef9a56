"""Toy scenarios, and what a learner may do to them on a whim."""

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Knob, Links, Peer, Scenario, Topology
from support.toys_gossip import GossipNode
from support.toys_messages import ToyCodec
from support.toys_ping import Order, PingNode, PuppetNode

TOYS: Final[dict[str, NodeFactory]] = {"gossip": GossipNode, "ping": PingNode, "puppet": PuppetNode}
KNOBS: Final = {
    "pace": Knob("policy.mine_every", 0, 60 * SECOND, "µs"),
    "p0's pace": Knob("peers.p0.policy.mine_every", 0, 60 * SECOND, "µs"),
    "loss": Knob("links.loss", 0, 500_000, "ppm"),
}


def toy_lab(source: Any, **options: Any) -> Lab:
    """A lab that knows the toys."""
    return Lab(source, **{"kinds": TOYS, "actions": [Order], "codec": ToyCodec(), **options})


def random_graph(seed: int, names: list[str], degree: int) -> list[tuple[str, str]]:
    """A ring, so that all are connected, plus random chords: about `degree` links a peer."""
    luck = CounterRandom(get_key(seed, "topology"))
    edges = {(a, b): None for a, b in zip(names, names[1:] + names[:1], strict=True) if a != b}
    for a in names:
        for b in luck.sample(names, min(len(names), max(0, degree // 2 - 1))):
            if a != b and (b, a) not in edges:
                edges[a, b] = None
    return list(edges)


def mixed(seed: int, peers: int, **changes: Any) -> Scenario:
    """Gossip peers that mine every 5 s, and a few ping peers, on lossy links."""
    kinds = {f"p{i}": "ping" if i % 5 == 4 else "gossip" for i in range(peers)}
    edges = []
    for kind in ("gossip", "ping"):
        edges += random_graph(seed, [name for name, own in kinds.items() if own == kind], 4)
    plan = {
        "seed": seed,
        "peers": {
            name: Peer(kind, policy={"mine_every": 7 * SECOND} if name == "p0" else {})
            for name, kind in kinds.items()
        },
        "topology": Topology(tuple(edges)),
        "links": Links(loss=20_000, duplicate=20_000, keep_alive=3 * SECOND, dial_timeout=2 * SECOND),
        "policy": {"mine_every": 5 * SECOND},
        "knobs": KNOBS,
        **changes,
    }
    return Scenario(**plan)


def whim(lab: Lab, luck: CounterRandom, scratch: Path) -> Lab:
    """One random thing a learner may do; the lab to go on with."""
    match luck.below(14):
        case 0 | 1 | 2:
            lab.goto(event=lab.head + luck.below(40))
        case 3:
            lab.step()
        case 4:
            lab.back(luck.below(30))
        case 5:
            lab.goto(event=luck.below(lab.head + 1))
        case 6:
            lab.run(until=luck.below(8 * SECOND))
        case 7:
            return save_and_load(lab, scratch)
        case 8:
            lab.look_ahead(until=lab.now + luck.below(SECOND))
        case _:
            with suppress(UsageError):  # impossible here (the peer is off, say): nothing happens
                lab.do(random_action(lab, luck))
    return lab


def save_and_load(lab: Lab, scratch: Path) -> Lab:
    """Another lab from a file, which must stand where this one does."""
    lab.save(scratch)
    loaded = toy_lab(scratch, wire=lab.timeline.options.is_wire)

    assert (lab.digest(), lab.state_digest()) == (loaded.digest(), loaded.state_digest())
    return loaded


def random_action(lab: Lab, luck: CounterRandom) -> act.Action:
    """Any action, often a possible one."""
    if luck.below(2):
        return random_message_fault(lab, luck)
    names = lab.names
    pair = luck.sample(names, 2)
    return luck.choice(
        [
            Mine(pair[0], 1 + luck.below(3)),
            act.Kill(pair[0], luck.choice(act.SEEN_AS)),
            act.Revive(luck.choice(names)),
            act.Partition(luck.sample(names, len(names) // 2)),
            act.Partition(pair[:1], pair[1:]),
            act.Heal(),
            act.SetLink(*pair, latency=1000 + luck.below(300_000), loss=luck.below(100_000)),
            act.ChangeAddress(pair[0], Address("10.9.9.9", 1 + luck.below(65_535)), luck.choice(act.SEEN_AS)),
            act.SetKnob(*luck.choice([("pace", 2 * SECOND), ("p0's pace", SECOND), ("loss", 100_000)])),
        ]
    )


def random_message_fault(lab: Lab, luck: CounterRandom) -> act.Action:
    """A fault on one of the messages in flight, where there are any."""
    flying = sorted(entry[6] for entry in lab.timeline.world().transport.get_flights()) or [0]
    sent = luck.choice(flying)
    return luck.choice(
        [
            act.DropMessage(sent),
            act.DelayMessage(sent, luck.below(SECOND)),
            act.DuplicateMessage(sent),
            act.EditMessage(sent, ((luck.below(32), 1 + luck.below(255)),)),
            act.EditMessage(sent, ((16 + luck.below(2), 1 + luck.below(40)),)),  # the length
        ]
    )
