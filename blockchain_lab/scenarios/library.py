"""The named scenarios: one JSON file each, beside this one in `stories/`.

A disk in a story may say `{"recorded": "bcoin_regtest_chain"}`: the blocks of that file in `data/` are put
in its place, so a loaded scenario is whole and can be saved anywhere.
"""

import json
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.scenario_json import scenario_from_json

FOLDER: Final = files("blockchain_lab.scenarios")
FIRST: Final = ("headers_first", "blocks_first", "four_servers", "fork_and_heal")  # then the rest by name


def names() -> list[str]:
    """All named scenarios, those to begin with first."""
    found = sorted(
        story.name.removesuffix(".json")
        for story in (FOLDER / "stories").iterdir()
        if story.name.endswith(".json")
    )
    return sorted(found, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))


def load(name: str) -> Scenario:
    """A named scenario, checked. UsageError when there is none of that name."""
    if name not in (known := names()):
        raise UsageError(f"no scenario {name!r}; there are {', '.join(known)}")
    scenario = scenario_from_json(read(FOLDER / "stories" / f"{name}.json"))
    peers = {peer: replace(own, disk=fill_disk(own.disk)) for peer, own in scenario.peers.items()}
    return replace(scenario, peers=peers)


def fill_disk(disk: dict[str, Any]) -> dict[str, Any]:
    """A disk with recorded blocks in the place of their file's name."""
    if "recorded" not in disk:
        return disk
    rest = {key: value for key, value in disk.items() if key != "recorded"}
    return {**rest, "blocks": get_recorded_blocks(disk["recorded"])}


def get_recorded_blocks(name: str) -> list[str]:
    """A recorded chain's blocks in hexadecimal, the stale ones behind the others."""
    recorded = read(FOLDER / "data" / f"{name}.json")
    return [*recorded["blocks"], *recorded["stale"]]


def read(file: Traversable) -> Any:
    """The JSON value of one of our own files."""
    return json.loads(file.read_text(encoding="utf-8"))
