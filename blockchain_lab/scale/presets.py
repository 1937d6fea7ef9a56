"""Networks of real size by name, and how blocks were told in them: every number with its era and source.

    from blockchain_lab.scale.presets import get_network, get_plan
    network, plan = get_network("lecture 2024", seed=1), get_plan("lecture 2024", blocks=10)

`print(describe(name))` says of each number where it comes from, and how sure that is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.build import COMES_AND_GOES, make_network
from blockchain_lab.scale.countries import COUNTRIES, REACHABLE, find_homes
from blockchain_lab.scale.degrees import get_line_plan, wire_peers
from blockchain_lab.scale.keyed_arrays import share_out
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.pools import EVERYBODY, Pool, spread_power
from blockchain_lab.scale.regions import add_onion, check_earth, get_earth


class Status(StrEnum):
    """How sure a number is."""

    SEEN = "seen in the source"
    TOLD = "told by another source than the one that measured"
    MEMORY = "from memory, not looked up"
    ASSUMED = "assumed"
    NOT_FOUND = "not found; something else stands in its place"


class Fact(NamedTuple):
    """One setting of a preset."""

    what: str
    value: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How to make a network, and how blocks are told in it. Shares are parts per million."""

    about: str
    peers: int
    outbound: int | str  # a number that all dial, or a plan of `degrees.LINE_PLANS`
    year: int  # of the regions: latencies, bandwidths, and who stands where
    has_countries: bool = False  # homes by country of 20 February 2024, onion names among them
    pools: str | tuple[Pool, ...] = EVERYBODY
    is_spread: bool = True  # each connection has its own factor on the matrix
    jitter: int = 0  # of a link's latency, for every message anew
    loss: int = 0  # of the messages
    compact: int = 0  # of the peers: who speaks BIP 152
    churn: int = COMES_AND_GOES  # of the peers: who lacks more of a compact block
    plan: Plan
    facts: tuple[Fact, ...]


SIMBLOCK: Final = "SimBlock (Aoki and others 2019), NetworkConfiguration and SimulationConfiguration"
GERVAIS: Final = "Gervais and others 2016, Bitcoin-Simulator, bitcoin-test.cc"
CORE: Final = "Bitcoin Core, net.h: 8 full outbound, 125 in all"

EIGHT: Final = Fact("degrees", "8 outbound, at most 125 in all", CORE, Status.SEEN)
VALIDATION: Final = Fact("validation", "2 ms at each peer", SIMBLOCK, Status.SEEN)
FACTOR: Final = Fact("spread", "lognormal, sigma 0.2, once for each connection", "ours", Status.ASSUMED)
SIZES: Final = Fact("sizes", "535,000 bytes, compact 18,000 bytes", SIMBLOCK, Status.SEEN)
HITS: Final = Fact(
    "compact blocks", "96.4 % use them; 13 % miss, 27 % of the 97.6 % that come and go", SIMBLOCK, Status.SEEN
)
REGIONS_2019: Final = Fact("regions of 2019", "latency, bandwidth, shares", SIMBLOCK, Status.SEEN)

PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "bitcoin 2013": Preset(
            about="before compact blocks: inv, getdata, block",
            peers=6_000,
            outbound="bitcoin",
            year=2015,
            pools="2016",
            plan=Plan(relay=Relay.INVENTORY, block_size=250_000),
            facts=(
                Fact("peers", "6,000", "no count of 2013; in a comment of SimBlock", Status.NOT_FOUND),
                EIGHT,
                Fact("regions of 2015", "the earliest: latency, bandwidth, shares", SIMBLOCK, Status.SEEN),
                FACTOR,
                Fact("pools", "the table of 2016; BTC Guild alone had 25 % in February 2013",
                     "organofcorti.blogspot.com, 24 February 2013", Status.NOT_FOUND),
                Fact("block size", "250,000 bytes, a miner's default limit, not a mean",
                     "Core's main.h, DEFAULT_BLOCK_MAX_SIZE; the era is from memory", Status.MEMORY),
                VALIDATION,
            ),
        ),
        "bitcoin 2019": Preset(
            about="compact blocks, asked for (BIP 152, low bandwidth)",
            peers=9_623,
            outbound="bitcoin",
            year=2019,
            pools="2016",
            compact=964_000,
            plan=Plan(relay=Relay.COMPACT),
            facts=(
                Fact("peers", "9,623 reachable nodes on 6 June 2019", "bitnodes, told by G. Gurbacs (VanEck)",
                     Status.TOLD),
                EIGHT,
                REGIONS_2019,
                FACTOR,
                Fact("pools", "the table of 2016, 16 pools", GERVAIS, Status.NOT_FOUND),
                SIZES,
                HITS,
                VALIDATION,
            ),
        ),
        "simblock 2019": Preset(
            about="SimBlock's own settings, its formula and its Pareto latencies, to be compared with it",
            peers=6_000,
            outbound="measured 2015",
            year=2019,
            is_spread=False,
            compact=964_000,
            plan=Plan(relay=Relay.COMPACT, formula="simblock2019"),
            facts=(
                Fact("peers", "6,000, in a comment beside 600 and 800", SIMBLOCK, Status.SEEN),
                Fact("degrees", "1 to 20 outbound, a law measured in 2015",
                     "A. Miller and others 2015, in " + SIMBLOCK, Status.SEEN),
                REGIONS_2019,
                Fact("spread", "the bare matrix: the formula draws for every message", SIMBLOCK, Status.SEEN),
                Fact("pools", "everybody mines, N(400,000, 100,000)", SIMBLOCK, Status.SEEN),
                SIZES,
                HITS,
                VALIDATION,
            ),
        ),
        "lecture 2024": Preset(
            about="the reachable nodes of 20 February 2024, most of them behind Tor",
            peers=REACHABLE,
            outbound="bitcoin",
            year=2019,
            has_countries=True,
            pools="2016",
            compact=1_000_000,
            plan=Plan(relay=Relay.COMPACT, block_size=2_000_000, missing_size=20_000),
            facts=(
                Fact("peers", "18,077; 11,394 of them without a country", "lecture, 20 February 2024",
                     Status.SEEN),
                Fact("countries", "the 6,683 others, by the counts of another day", "newhedge.io, node map",
                     Status.NOT_FOUND),
                Fact("onion", "whoever has no country, 63 %", "lecture, 20 February 2024", Status.ASSUMED),
                Fact("IPv4, IPv6", "73 % and 27 % of the others (about 5,000 of 6,814)",
                     "bitnodes, as told by The Crypto Play, 4 November 2023", Status.TOLD),
                Fact("latency of onion peers", "350 ms one way: seven legs of 50 ms", "ours", Status.ASSUMED),
                Fact("bandwidth of onion peers", "6 Mbit/s", "ours", Status.ASSUMED),
                EIGHT,
                Fact("latency, bandwidth", "those of 2019, none later found", SIMBLOCK, Status.NOT_FOUND),
                FACTOR,
                Fact("pools", "the table of 2016, 16 pools", GERVAIS, Status.NOT_FOUND),
                Fact("block size", "2,000,000 bytes; 2 to 2.5 MB in 2023", "press reports", Status.ASSUMED),
                Fact("compact blocks", "everybody speaks them; size and hits of 2019, 1 % of a block missing",
                     SIMBLOCK, Status.ASSUMED),
                VALIDATION,
            ),
        ),
    }
)  # fmt: skip
Settings = TypeVar("Settings", Preset, Plan)

FIXED: Final = ("about", "peers", "outbound", "plan", "facts")  # not among `changes`


def get_preset(name: str) -> Preset:
    """By its name. UsageError when nobody knows it."""
    if name not in PRESETS:
        raise UsageError(f"preset: found {name!r}, wanted one of {', '.join(PRESETS)}")
    return PRESETS[name]


def describe(name: str) -> str:
    """What a preset is, and for each of its numbers the source, and how sure it is: a table to print."""
    preset = get_preset(name)
    lines = [f"{name}: {preset.about}"]
    lines += [f"  {fact.what}: {fact.value}\n      {fact.source} ({fact.status})" for fact in preset.facts]
    return "\n".join(lines)


def get_network(
    name: str, *, peers: int | None = None, seed: int = 1, outbound: int | str | None = None, **changes: Any
) -> Network:
    """A network of that era: the same columns for the same arguments, on every machine.

    `peers`: fewer or more of them, in the same shares. `outbound`: a number that all dial, or a plan
    ("bitcoin", "ipv8", "measured 2015"). `changes`: other fields of `Preset`, such as `pools="equal"` or
    `loss=1000`. Warns of a network in parts. UsageError for what cannot be. O(slots log slots): 18,077 peers
    in 0.2 s, 100,000 in 0.7 to 1.3 s of CPU time (two cores, 22 November 2026).
    """
    preset = change(get_preset(name), "change of a network", changes, FIXED)
    count = preset.peers if peers is None else peers
    if not isinstance(count, int | np.integer):
        raise UsageError(f"peers: found {count!r}, wanted a whole number")
    graph = wire_peers(get_line_plan(preset.outbound if outbound is None else outbound), count, seed)
    earth = get_earth(preset.year)
    parts: dict[str, Any] = {}
    if preset.has_countries:
        earth = add_onion(earth)
        homes = find_homes(count, earth.regions, seed)
        region = homes.region
        parts = {"address_kind": homes.kind, "country": homes.country, "countries": COUNTRIES}
    else:
        check_earth(earth)
        region = share_out(get_key(seed, "regions"), earth.shares, count)
    power = spread_power(preset.pools, region, earth.regions, seed)
    for same in ("is_spread", "jitter", "loss", "compact", "churn"):
        parts[same] = getattr(preset, same)
    return make_network(name, graph, earth, region, power, seed=seed, **parts)


def get_plan(name: str, **changes: Any) -> Plan:
    """How blocks were told in that era; `changes` are fields of `Plan`. UsageError for one that is not."""
    return change(get_preset(name).plan, "change of a plan", changes, ())


def change(settings: Settings, where: str, changes: Mapping[str, Any], fixed: tuple[str, ...]) -> Settings:
    """A copy with other values. UsageError for a name that is not a field, or is fixed."""
    known = [field.name for field in fields(settings) if field.name not in fixed]
    for name in changes:
        if name not in known:
            raise UsageError(f"{where}: found {name!r}, wanted one of {', '.join(known)}")
    return replace(settings, **changes)
