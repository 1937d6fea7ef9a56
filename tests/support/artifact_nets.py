"""Small networks of peers with artifacts on the light pump: some who provide, some who want."""

from typing import Any, NamedTuple

from blockchain_lab.base.actions import Fetch, Provide
from blockchain_lab.base.units import SECOND
from blockchain_lab.overlay.kinds import KINDS
from support.datagram_pump import Pump

LIMITLESS: dict[str, Any] = {"most_waiting": 1_000, "most_each": 1_000, "hedge_after": 0}


class Outcome(NamedTuple):
    """What many downloads at a time came to."""

    most: list[int]  # for each provider: pieces that waited at once, at most
    given: list[int]  # for each provider: pieces that it gave
    took: list[int]  # for each requester that got everything: microseconds
    denied: int  # requests that were refused


def make(providers: list[dict[str, Any]], requesters: int, seed: int = 1, **policy: Any) -> Pump:
    """Providers s0, s1, ... of these policies (`kind` among them), who have "jar"; requesters r0, r1, ..."""
    pump = Pump(seed)
    names = [f"s{number}" for number in range(len(providers))]
    for name, own in zip(names, providers, strict=True):
        rest = {key: value for key, value in own.items() if key != "kind"}
        pump.add(name, KINDS[own.get("kind", "artifact-peer")], {**policy, **rest}, listen=True)
    for number in range(requesters):
        pump.add(f"r{number}", KINDS["artifact-peer"], {"providers": names, **policy}, listen=True)
    for name in pump.nodes:
        pump.start(name)
    for name in names:
        pump.order(Provide(name, "jar"))
    pump.run(SECOND)
    return pump


def fetch(pump: Pump, patience: int = 60 * SECOND) -> Outcome:
    """Let all who want it fetch it at the same moment."""
    for name in pump.nodes:
        if name.startswith("r"):
            pump.order(Fetch(name, "jar"))
    pump.run(pump.now + patience)
    servers = [name for name in pump.nodes if name.startswith("s")]
    return Outcome(
        [max((facts["waiting"] for facts in get(pump, name, "piece wanted")), default=0) for name in servers],
        [len(get(pump, name, "piece given")) for name in servers],
        [facts["took"] for name in pump.nodes for facts in get(pump, name, "fetch finished")],
        sum(len(get(pump, name, "piece denied")) for name in servers),
    )


def get(pump: Pump, name: str, topic: str) -> list[dict[str, Any]]:
    """The facts of a node's notes of one topic."""
    return [facts for found, facts in pump.notes[name] if found == topic]
