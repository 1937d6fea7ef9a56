"""A scenario for a network of equal peers, without writing JSON: for notebooks, tests and benchmarks.

    names = make_names(100)
    lab = Lab(make_network(names, "gossip", k_out(names, 8, seed=1), {"protocol": "inv"}))
    lab.do(Publish("p0", "hello")); lab.run(until=10 * SECOND)

Everything about it may be replaced afterwards (`dataclasses.replace`): it is a `Scenario` like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, pi, sin
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MINUTE, Microseconds
from blockchain_lab.sim.scenario import Between, Links, Peer, Scenario, Topology

WIDTH: Final = 700  # of a layout, as in the stories
HEIGHT: Final = 420
RING_OF: Final = 40  # peers that fit on one ring of a layout


def make_names(count: int) -> list[str]:
    """p0, p1, ... UsageError for none."""
    if count < 1:
        raise UsageError(f"count: found {count}, wanted at least 1")
    return [f"p{number}" for number in range(count)]


def make_network(
    names: Sequence[str],
    kind: str,
    edges: Iterable[tuple[str, str]] = (),
    policy: Mapping[str, Any] | None = None,
    *,
    name: str = "network",
    seed: int = 1,
    latency: tuple[Microseconds, Microseconds] = (10_000, 200_000),
    between: Iterable[tuple[str, str, Microseconds]] = (),
    kinds: Mapping[str, str] | None = None,
    until: Microseconds = MINUTE,
) -> Scenario:
    """Peers of one kind, but for those in `kinds`; who dials whom; how long single pairs' links take.

    `edges` and `between` are what `overlay.topologies` makes.
    """
    others = dict(kinds or {})
    unknown = [peer for peer in others if peer not in names]
    if unknown:
        raise UsageError(f"kinds: {', '.join(unknown)} are no peers of this network")
    return Scenario(
        name=name,
        seed=seed,
        peers={peer: Peer(others.get(peer, kind)) for peer in names},
        policy=dict(policy or {}),
        topology=Topology(tuple((a, b) for a, b in edges)),
        links=Links(latency=latency, between=tuple(Between(a, b, latency=time) for a, b, time in between)),
        layout=make_layout(names),
        until=until,
    )


def make_layout(names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """A place for each peer: rings inside one another, the first peers outermost."""
    rings = [names[at : at + RING_OF] for at in range(0, len(names), RING_OF)]
    layout = {}
    for number, ring in enumerate(rings):
        share = (len(rings) - number) / len(rings)
        for place, name in enumerate(ring):
            angle = 2 * pi * place / len(ring)
            x, y = share * cos(angle), share * sin(angle)
            layout[name] = round(WIDTH / 2 * (1 + x)), round(HEIGHT / 2 * (1 + y))
    return layout
