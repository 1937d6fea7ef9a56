"""A story of boxes: one behind another, one that opens ports, hairpins, a firewall, a restart."""

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.units import MILLISECOND, MINUTE, SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.nat import Behaviour
from blockchain_lab.sim.actions import Kill, Revive
from blockchain_lab.sim.scenario import Links, Peer, Scenario

BOXES = ("carrier", "home", "office", "cafe", "wall")


def make_nat_lab() -> Lab:
    """Five boxes and who stands behind them. Run it to its end."""
    own = {"server": "server"}
    punch, outside = {**own, "ladder": ["punch"]}, {**own, "ladder": ["direct", "punch", "relay"]}
    patient = {**own, "register_every": 20 * SECOND}
    cafe = {
        "mapping": Behaviour.ADDRESS_DEPENDENT.value,
        "filtering": Behaviour.ENDPOINT_INDEPENDENT.value,
        "ports": "random",
        "idle_timeout": 9 * SECOND,
    }
    peers = {
        "server": Peer("rendezvous", address=Address("198.51.100.1", 3478)),
        "carrier": Peer(
            "nat", policy={"type": "symmetric", "hairpin": True}, address=Address("203.0.113.1", 1)
        ),
        "home": Peer("nat", behind="carrier", address=Address("100.64.0.2", 1)),
        "ann": Peer("traversal", behind="home", policy=own),
        "amy": Peer("traversal", behind="home", policy=patient),
        "abe": Peer("traversal", behind="carrier", policy=punch, address=Address("100.64.0.3", 8333)),
        "office": Peer(
            "nat",
            policy={"type": "restricted cone", "opens_ports": True, "idle_timeout": 30 * SECOND},
            address=Address("203.0.113.2", 1),
        ),
        "bob": Peer("traversal", behind="office", policy={**own, "map_port": True}),
        "ben": Peer("traversal", behind="office", policy={**outside, "map_port": True}),  # the port is taken
        "cafe": Peer("nat", policy=cafe, address=Address("203.0.113.3", 1)),
        "cat": Peer("traversal", behind="cafe", policy={**own, "register_every": MINUTE}),
        "wall": Peer("nat", policy={"type": "firewall"}, address=Address("203.0.113.4", 1)),
        "dan": Peer("traversal", behind="wall", policy=own, address=Address("203.0.113.40", 8333)),
    }
    pairs = (("ann", "bob"), ("amy", "abe"), ("ben", "cat"), ("dan", "ann"), ("cat", "dan"), ("bob", "dan"))
    meetings = [((2 + 5 * number) * SECOND, Connect(*pair)) for number, pair in enumerate(pairs)]
    restart = [(60 * SECOND, Kill("office", "reset")), (62 * SECOND, Revive("office"))]
    later = ((70, Connect("ben", "amy")), (80, Connect("abe", "ann")), (90, Connect("ben", "bob")))
    again = [(at * SECOND, meeting) for at, meeting in later]
    scenario = Scenario(
        name="boxes",
        title="Boxes of every kind, and who gets through",
        seed=3,
        peers=peers,
        links=Links(latency=(20 * MILLISECOND, 60 * MILLISECOND), jitter=2 * MILLISECOND, loss=10_000),
        story=(*meetings, *restart, *again),
        until=100 * SECOND,
    )
    return Lab(scenario)
