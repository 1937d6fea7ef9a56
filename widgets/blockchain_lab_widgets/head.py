"""What a page learns about a lab besides its records: who takes part, linked to whom, standing where."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

from blockchain_lab.base.fields import write_text
from blockchain_lab.base.records import KIND_NAMES
from blockchain_lab.base.units import NOBODY, Microseconds, display_hash
from blockchain_lab_widgets.facts import show_address
from blockchain_lab_widgets.roles import get_eras, get_roles

RING: Final = (200, 150)  # half width and half height of the ring of peers, in the layout's own unit


def get_head(lab: Any) -> dict[str, Any]:
    """The head of the first batch of records (its names: `Trace` in trace.js)."""
    scenario = lab.scenario
    number = {name: index for index, name in enumerate(lab.names)}
    return {
        "name": scenario.name,
        "title": scenario.title or scenario.name,
        "seed": str(scenario.seed),  # 64 bits are more than a page's numbers hold
        "peers": list(lab.names),
        "roles": get_roles(scenario, lab.names),
        "kinds": list(KIND_NAMES),
        "links": [[number[a], number[b]] for a, b in scenario.topology.edges],
        "latencies": scenario.get_latencies(),
        "layout": get_layout(lab.names, scenario.layout),
        "regions": [scenario.peers[name].region for name in lab.names],
        "firewalls": [scenario.peers[name].firewall for name in lab.names],
        "behind": [number.get(scenario.peers[name].behind, NOBODY) for name in lab.names],
        "obeys": [lab.get_commands(name) for name in lab.names],
        "addresses": [show_address(address) for address in scenario.get_addresses().values()],
        "eras": get_eras(scenario, lab.names),
        "knobs": [
            {"name": name, "value": scenario.get_value(knob.path), **asdict(knob)}
            | get_pair(scenario, knob.path, number)
            for name, knob in scenario.knobs.items()
        ],
        "commands": get_commands(lab.codec),
        "items": [get_items(scenario.peers[name].disk) for name in lab.names],
        "genesis": None if lab.genesis is None else display_hash(lab.genesis),
        "readings": lab.readings,
        "readOnly": lab.read_only,
        "poster": scenario.poster,
        "until": scenario.until,
        "views": list(scenario.views),
        "moments": [asdict(moment) for moment in scenario.moments],
        "told": sum(at <= scenario.until for at, _ in scenario.story),
        "figure": get_figure(lab),
    }


def get_pair(scenario: Any, path: str, number: Mapping[str, int]) -> dict[str, list[int]]:
    """Whose link a knob turns, where it turns one pair's: `links.between.0.latency`."""
    match path.split("."):
        case ["links", "between", place, _]:
            pair = scenario.links.between[int(place)]
            return {"pair": [number[pair.a], number[pair.b]]}
    return {}


def get_latency_of(lab: Any) -> Callable[[int, int], Microseconds]:
    """Of two hosts: how long their link takes at time 0, in whatever scenario the lab then is."""
    return lambda a, b: lab.scenario.get_latency(lab.names[a], lab.names[b])


def get_items(disk: Mapping[str, Any]) -> list[str]:
    """The names of gossiped items on a disk, as notes tell them: SHA-256 of the text behind its length."""
    texts = disk.get("items")
    if not isinstance(texts, list | tuple):  # a learner's own disk may hold anything
        return []
    return [sha256(write_text("item", text)).hexdigest() for text in texts if isinstance(text, str)]


def get_figure(lab: Any) -> dict[str, str] | None:
    """The claim and the era that the lab of a claim card plays; None elsewhere."""
    figure = getattr(lab, "figure", None)  # more than a lab must know
    return None if figure is None else {"claim": figure[0], "era": figure[1]}


def get_commands(codec: Any) -> list[dict[str, Any]]:
    """The words of the lab's language, as its codec describes them; none when it does not."""
    describe = getattr(codec, "describe_commands", None)  # more than a codec must know
    return [] if describe is None else list(describe())


def get_layout(names: list[str], given: Mapping[str, tuple[int, int]]) -> list[list[int]]:
    """[x, y] of every peer: the scenario's place, else one on a ring, the first peer on its left."""
    return [list(given.get(name, get_ring_place(index, len(names)))) for index, name in enumerate(names)]


def get_ring_place(index: int, count: int) -> tuple[int, int]:
    """The place of a peer on the ring, clockwise from the left."""
    angle = math.pi + 2 * math.pi * index / count
    return round(RING[0] * math.cos(angle)), round(RING[1] * math.sin(angle))
