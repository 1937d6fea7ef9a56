"""Lesson 1, the sums: how long it takes until a hundred have a file, from one server and as a swarm.

Each is done twice. Source of the first ways: Kurose and Ross, "Computer Networking", section 2.5.
"""

from dataclasses import replace
from functools import cache
from typing import Final

from blockchain_lab.base.actions import FindProviders, Publish
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.networks import make_names, make_network
from blockchain_lab.sim.scenario import Peer

FILE: Final = 1_000_000_000  # bytes: 1 GB
PEERS: Final = 100
SERVER: Final = 12_500_000  # bytes a second that the server gives: 100 Mbit/s
PEER: Final = 1_250_000  # bytes a second that each peer gives: 10 Mbit/s
SMALLER: Final = 20_000  # the engine's file is so many times smaller,
SLOWER: Final = 100  # its uplink so many times slower: what takes 8,000 s takes 40 s there
STARTED: Final = 10  # seconds: everybody is connected, and asks


def get_server_time(seed: int) -> float:
    """Seconds until all have it from the server alone: N copies through one uplink."""
    return PEERS * FILE / SERVER


@cache
def play_server(seed: int) -> int:
    """The same in the engine, with a smaller file and a slower uplink. Rounded to 100 s.

    What comes on top, greetings and envelopes, would be nothing beside 1 GB.
    """
    names = make_names(PEERS + 1)
    server, clients = names[0], names[1:]
    lines = [(name, server) for name in clients]
    sizes = {"size": FILE // SMALLER}
    network = make_network(names, "central", lines, sizes, seed=seed, latency=(1_000, 9_000))
    host = Peer("central", policy={"serves": True}, bandwidth=SERVER // SLOWER)
    asking = [(STARTED * SECOND, FindProviders(name, "film")) for name in clients]
    story = ((SECOND, Publish(server, "film")), *asking)
    lab = Lab(replace(network, peers={**network.peers, server: host}, story=story), level="notes")
    lab.run()
    last = max(note.at for note, _ in get_notes(lab, "file received"))
    return round((last / SECOND - STARTED) * SMALLER / SLOWER / 100) * 100


def get_swarm_time(seed: int) -> float:
    """Seconds until all have it if everybody gives: N copies through all uplinks; at least one copy."""
    return round(max(FILE / SERVER, PEERS * FILE / (SERVER + PEERS * PEER)), 1)


def pour_swarm(seed: int) -> float:
    """The same without the formula: poured out tenth by tenth of a second, until nobody lacks anything.

    The server sends what nobody has yet, or what is asked for; each peer gives on what the server has sent.
    """
    sent_by_server, held, tenths = 0, 0, 0
    while held < PEERS * FILE:
        sent_by_server += SERVER // 10
        lacking = PEERS * min(sent_by_server, FILE) - held  # what is in the swarm, and somebody lacks
        held += min(lacking, SERVER // 10 + PEERS * PEER // 10)
        tenths += 1
    return tenths / 10
