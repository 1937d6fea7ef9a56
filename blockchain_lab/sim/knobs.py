"""Knobs: which values of a scenario a slider may turn, and which of them while it runs.

    policy.KEY               every peer that has no value of its own
    peers.NAME.policy.KEY    one peer
    links.KEY                the network; not the latency, which is drawn anew for no pair
    links.between.N.KEY      one pair's link

All else (a seed, the chain, who dials whom) is fixed when a run begins; `Scenario.with_value` changes it for
another run.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.sim.plain import describe, from_plain, join, to_plain
from blockchain_lab.sim.scenario import Knob, Links, Scenario

if TYPE_CHECKING:
    from blockchain_lab.sim.world import World

LINK_KEYS = ("jitter", "loss", "duplicate", "bandwidth", "retransmit", "dial_timeout", "keep_alive")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a live knob acts: one peer's policy, everybody's, or the links."""

    room: str  # "policy" or "links"
    key: str
    peer: str | None = None
    pair: int | None = None


def get_target(path: str) -> Target | None:
    """What turning the value at `path` means while a run goes on; None when that is impossible."""
    match path.split("."):
        case ["policy", key]:
            return Target("policy", key)
        case ["peers", name, "policy", key]:
            return Target("policy", key, peer=name)
        case ["links", key] if key in LINK_KEYS:
            return Target("links", key)
        case ["links", "between", place, key] if key in ("latency", *LINK_KEYS):
            return Target("links", key, pair=int(place))
    return None


def check_knob(scenario: Scenario, knob: Knob, path: str) -> None:
    """ScenarioError unless it names a whole number of the scenario, within its own ends."""
    try:
        value = scenario.get_value(knob.path)
    except ScenarioError as error:
        raise ScenarioError(join(path, "path"), f"found {knob.path!r}: {error}") from error
    if type(value) is not int:
        raise ScenarioError(join(path, "path"), f"{knob.path} is {describe(value)}, accepted: a whole number")
    for end in (knob.min, knob.max):
        from_plain(Links, to_plain(scenario.with_value(knob.path, end).links), "links")
    if not knob.min <= value <= knob.max:
        raise ScenarioError(
            path, f"{knob.path} is {value}, accepted: from its min {knob.min} to its max {knob.max}"
        )


def turn_links(world: "World", target: Target, value: int) -> None:
    """Change the network for what is sent from now on. A pair's own value stays."""
    transport, key, pair = world.transport, target.key, target.pair
    change: dict[str, Any] = {key: value}
    if pair is not None:
        named = world.scenario.links.between[pair]
        own = replace(transport.own[named.a, named.b], **change)
        transport.own[named.a, named.b] = transport.own[named.b, named.a] = own
    else:
        transport.settings = replace(transport.settings, **change)
    if key == "bandwidth":
        for host in world.hosts:
            host.bandwidth = world.scenario.peers[host.name].bandwidth or value
    for (a, b), link in transport.links.items():
        own_of_pair = transport.own.get((world.hosts[a].name, world.hosts[b].name))
        own_value = getattr(own_of_pair, key, None)
        if hasattr(link, key) and (pair is None or own_of_pair is transport.own[named.a, named.b]):
            setattr(link, key, value if own_value is None else own_value)
