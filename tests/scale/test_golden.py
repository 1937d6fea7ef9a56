"""Arrival matrices of large runs, by their SHA-256: the same on every machine, whoever plays.

The readable node has said the same of smaller runs (`test_equality`); here both fast executors agree at sizes
that it would take minutes for. Whoever changes the protocol changes these, and says so.
"""

from hashlib import sha256
from typing import Any

import pytest
from support.engines import need_engine
from support.random_networks import make_random_network

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.run import simulate

FREE = {"is_queued": False}
LUCK = {"jitter": 20_000, "loss": 10_000}
GOLDEN: list[tuple[int, dict[str, Any], dict[str, Any], tuple[str, ...], str]] = [
    (600, {}, {"blocks": 10}, ("plain", "compiled"), "d3a3bdaf87c3e86a"),
    (600, LUCK, {"blocks": 10, "relay": Relay.HEADERS}, ("plain", "compiled"), "5320d1722e3fd5aa"),
    (600, LUCK, {"blocks": 10, "relay": Relay.COMPACT}, ("plain", "compiled"), "0a6fec1eed486016"),
    (600, {}, {"blocks": 10, "relay": Relay.PUSH, **FREE}, ("plain", "compiled"), "d3e21c07104cd07b"),
    (600, {}, {"blocks": 10, "formula": "simblock2019"}, ("plain", "compiled"), "73d2bf85901537e5"),
    (6_000, LUCK, {"blocks": 2}, ("plain", "compiled"), "9417a40dceeffdbd"),
    (18_077, {}, {"blocks": 1}, ("plain", "compiled"), "59315cf2b350ecdf"),
    (18_077, {}, {"blocks": 5}, ("compiled",), "86ce4fa5efe8999e"),
]
CASES = [(engine, *case[:3], case[4]) for case in GOLDEN for engine in case[3]]


@pytest.mark.parametrize(("engine", "peers", "luck", "plan", "expected"), CASES)
def test_arrivals_are_as_they_were(engine, peers, luck, plan, expected) -> None:
    """A block a second, so that they meet on their way."""
    need_engine(engine)
    run = simulate(make_random_network(peers, **luck), Plan(interval=SECOND, seed=5, **plan), engine=engine)

    assert expected == sha256(run.arrival.astype("<i8").tobytes()).hexdigest()[:16]
