"""A scenario: everything that a run depends on besides the learner's actions. Plain data, saved as JSON.

`sim.scenario_json` reads, writes and checks it; the names of the fields here are the keys there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Annotated, Any, Literal

from blockchain_lab.base.draws import MASK_64, draw, get_key, to_below
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.once import once
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.sim.actions import Action, Chance, Loss, Time
from blockchain_lab.sim.link import ETHERNET_MTU, Link
from blockchain_lab.sim.plain import Range

VERSION = 1
DEFAULT_PORT = 8333
DEFAULT_START = 1_700_000_000  # Unix seconds at simulated time 0
LAST_START = 4_000_000_000  # Unix seconds, in 2096; block headers can count no further than to 2**32
Bandwidth = Annotated[int, Range(1)]  # bytes per second
Region = Literal["", "north america", "south america", "europe", "africa", "asia", "oceania"]


@dataclass(frozen=True, slots=True)
class Peer:
    """One host: which kind of node runs on it, and what is particular about it."""

    kind: str
    policy: dict[str, Any] = field(default_factory=dict)  # over the scenario's common policy
    address: Address | None = None  # 10.0.x.y, by its number, when not given; 192.168.x.y behind another
    disk: dict[str, Any] = field(default_factory=dict)  # at the first start
    bandwidth: Bandwidth | None = None  # of its uplink; the links' when not given
    region: Region = ""  # where on earth it stands, for a map; it changes nothing else
    firewall: bool = False  # lets it dial, lets nobody dial it
    behind: str = ""  # the peer through which it reaches the others: a NAT, a firewall


@dataclass(frozen=True, slots=True)
class Topology:
    """Who may dial whom at its start."""

    edges: tuple[tuple[str, str], ...] = ()  # (dialler, dialled)


@dataclass(frozen=True, slots=True)
class Between:
    """What one pair's link has of its own, both ways."""

    a: str
    b: str
    latency: Time | None = None
    jitter: Time | None = None
    loss: Loss | None = None
    duplicate: Chance | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """What the network is like. Times in microseconds, chances in parts per million."""

    latency: tuple[Time, Time] = (10_000, 200_000)  # drawn once per pair, ends included
    jitter: Time = 20_000
    loss: Loss = 0
    duplicate: Chance = 0
    bandwidth: Bandwidth = 1_000_000  # of a host's uplink, bytes per second
    retransmit: Time = 200_000  # what one loss costs on a stream
    mtu: Annotated[int, Range(68)] = ETHERNET_MTU  # bytes of an IP packet; all networks carry 68 (RFC 791)
    local: Time = 1_000  # latency between those who stand behind the same gateway, and to it
    dial_timeout: Time = 5 * SECOND
    keep_alive: Time = 90 * SECOND  # how long an end believes in a silent network
    formula: str = "uplink"  # a name in `sim.formulas.FORMULAS`
    between: tuple[Between, ...] = ()


@dataclass(frozen=True, slots=True)
class Knob:
    """A slider: the value at `path` (`policy.mine_every`, `links.loss`) between `min` and `max`."""

    path: str
    min: int
    max: int
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A place at which a lecture stops: an event, or a time in microseconds; what is told and shown there."""

    event: Annotated[int, Range(0)] | None = None
    at: Time | None = None
    caption: str
    select: str | None = None  # "peer:ann", "block:<hash>", ... as in the views
    views: tuple[str, ...] = ()  # opened there; the last one is seen


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Peers, who dials whom, what the links are like, and what happens when."""

    name: str = "unnamed"
    title: str = ""
    seed: Annotated[int, Range(0, MASK_64)] = 1
    started_at: Annotated[int, Range(0, LAST_START)] = DEFAULT_START
    peers: dict[str, Peer]
    policy: dict[str, Any] = field(default_factory=dict)  # common to all peers
    topology: Topology = field(default_factory=Topology)
    links: Links = field(default_factory=Links)
    chain: dict[str, Any] = field(default_factory=dict)
    story: tuple[tuple[int, Action], ...] = ()  # (when, what), in any order
    knobs: dict[str, Knob] = field(default_factory=dict)
    until: Time = MINUTE
    poster: Annotated[int, Range(0)] = 0  # the event at which a view opens
    views: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()  # prepared for a lecture, in its order
    layout: dict[str, tuple[int, int]] = field(default_factory=dict)  # peer -> x, y

    def get_addresses(self) -> dict[str, Address]:
        """The address plan at time 0."""
        plan = {}
        for number, (name, peer) in enumerate(self.peers.items()):
            network = "192.168" if peer.behind else "10.0"
            plan[name] = peer.address or Address(f"{network}.{number >> 8}.{number & 255}", DEFAULT_PORT)
        return plan

    @once
    def contacts(self) -> dict[str, Address]:
        """The address plan, made once: all nodes share it, so nobody may change it."""
        return self.get_addresses()

    @once
    def dialled(self) -> dict[str, list[str]]:
        """Whom each peer dials at its start, made once. Who dials nobody is not in it."""
        dialled: dict[str, list[str]] = {}
        for a, b in self.topology.edges:
            dialled.setdefault(a, []).append(b)
        return dialled

    @once
    def inside(self) -> dict[str, list[str]]:
        """Who stands behind each gateway, behind others or not: name -> names. O(peers), once."""
        inside: dict[str, list[str]] = {}
        for name, peer in self.peers.items():
            gateway = peer.behind
            while gateway:
                inside.setdefault(gateway, []).append(name)
                gateway = self.peers[gateway].behind
        return inside

    @once
    def own_links(self) -> dict[tuple[str, str], Between]:
        """What single pairs have of their own at time 0, made once: nobody may change it."""
        return make_links(self)

    def get_latency(self, a: str, b: str) -> Time:
        """How long the link between two peers takes at time 0, either way, without jitter."""
        own = self.own_links.get((a, b))
        if own is not None and own.latency is not None:
            return own.latency
        if is_local(self.peers, a, b):
            return self.links.local
        latency: Time = make_link(self.seed, self.links, a, b, None).latency
        return latency

    def get_latencies(self) -> list[Time]:
        """The same of each edge of the topology."""
        return [self.get_latency(a, b) for a, b in self.topology.edges]

    def get_policy(self, name: str) -> dict[str, Any]:
        """A peer's policy: its own values over the common ones."""
        return {**self.policy, **self.peers[name].policy}

    def get_value(self, path: str) -> Any:
        """The value at a path such as `links.loss`. ScenarioError when there is none."""
        value: Any = self
        for done, key in enumerate(keys := path.split(".")):
            inside = _get_keys(value)
            if key not in inside:
                raise ScenarioError(
                    ".".join(keys[: done + 1]), f"no such value, accepted: {', '.join(inside)}"
                )
            value = inside[key]
        return value

    def with_value(self, path: str, value: Any) -> "Scenario":
        """A copy with another value at a path. ScenarioError when there is no such path."""
        self.get_value(path)
        changed: Scenario = _change(self, path.split("."), value)
        return changed


def is_local(peers: Mapping[str, Peer], a: str, b: str) -> bool:
    """Do they stand behind the same gateway, or one behind the other?"""
    behind_a, behind_b = peers[a].behind, peers[b].behind
    return bool(behind_a and behind_a == behind_b) or behind_a == b or behind_b == a


def make_links(scenario: Scenario) -> dict[tuple[str, str], Between]:
    """What single pairs have of their own, by both orders of their names."""
    own = {}
    for pair in scenario.links.between:
        own[pair.a, pair.b] = own[pair.b, pair.a] = pair
    return own


def make_link(seed: int, links: Links, a: str, b: str, own: Between | None) -> Link:
    """The link from a to b. Its latency is the same both ways; its luck is not."""
    low, high = links.latency
    latency = low + to_below(draw(get_key(seed, "latency", min(a, b), max(a, b))), high - low + 1)
    link = Link(
        get_key(seed, "link", a, b),
        latency,
        links.jitter,
        links.loss,
        links.duplicate,
        links.retransmit,
        links.mtu,
    )
    if own is not None:
        set_link(link, own.latency, own.jitter, own.loss, own.duplicate)
    return link


def set_link(
    link: Link, latency: int | None, jitter: int | None, loss: int | None, duplicate: int | None
) -> None:
    """Change what is given."""
    link.latency = link.latency if latency is None else latency
    link.jitter = link.jitter if jitter is None else jitter
    link.loss = link.loss if loss is None else loss
    link.duplicate = link.duplicate if duplicate is None else duplicate


def _get_keys(value: Any) -> Mapping[str, Any]:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, tuple | list):
        return {str(place): item for place, item in enumerate(value)}
    return value if isinstance(value, Mapping) else {}


def _change(holder: Any, keys: list[str], value: Any) -> Any:
    if not keys:
        return value
    key, inside = keys[0], _get_keys(holder)
    changed = _change(inside[key], keys[1:], value)
    if is_dataclass(holder) and not isinstance(holder, type):
        return replace(holder, **{key: changed})
    if isinstance(holder, Mapping):
        return {**holder, key: changed}
    return type(holder)(changed if str(place) == key else item for place, item in enumerate(holder))
