"""Scenarios as JSON: read, written, and checked as a whole.

What cannot be is refused with the key's path and what is accepted: `peers.ann.kidn: unknown key, accepted:
kind, policy, ...`. Nothing in a file is ever evaluated.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from blockchain_lab.base.actions import MOST_BLOCKS_AT_ONCE, Command, Mine, Pay
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.sim.actions import (
    ACTIONS,
    Action,
    ActionTable,
    NetworkAction,
    action_from_json,
    action_to_json,
)
from blockchain_lab.sim.formulas import FORMULAS
from blockchain_lab.sim.knobs import check_knob
from blockchain_lab.sim.plain import Range, check_type, describe, from_plain, join, to_dataclass, to_plain
from blockchain_lab.sim.scenario import VERSION, Moment, Scenario

MOST_PEERS = 20_000  # a larger network is the business of the large-network kernel
MINE_COUNT = Range(1, MOST_BLOCKS_AT_ONCE)


def scenario_to_json(scenario: Scenario) -> dict[str, Any]:
    """JSON values; what equals its default is written too, so that a file shows all that can be set."""
    story = [{"at": at, **action_to_json(action)} for at, action in scenario.story]
    plain: dict[str, Any] = to_plain(scenario)
    return {"version": VERSION, **plain, "story": story}


def scenario_from_json(value: Any, table: ActionTable = ACTIONS, *, path: str = "") -> Scenario:
    """A checked scenario. ScenarioError, with the path of the key that is wrong."""
    keys = dict(check_type(dict, value, path or "the file"))
    check_version(keys.pop("version", None), path)
    story_path = join(path, "story")
    story = from_plain(tuple[Any, ...], keys.pop("story", []), story_path)
    scenario: Scenario = to_dataclass(Scenario, {**keys, "story": []}, path)
    told = tuple(_read_story(item, f"{story_path}.{place}", table) for place, item in enumerate(story))
    checked = replace(scenario, story=told)
    _check_whole(checked, path)
    return checked


def check_version(version: Any, path: str, known: tuple[int, ...] = (VERSION,)) -> None:
    """ScenarioError unless this program can read files of this version."""
    if version not in known or type(version) is not int:
        is_newer = type(version) is int and version > known[-1]
        hint = "; it was made by a newer Blockchain Lab" if is_newer else ""
        accepted = " or ".join(map(str, known))
        raise ScenarioError(join(path, "version"), f"found {describe(version)}, accepted: {accepted}{hint}")


def read_json(path: Path) -> Any:
    """The JSON value of a file. UsageError when it cannot be read, ScenarioError when it is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ScenarioError("", f"{path} is no JSON text: {error}") from error


def check_scenario(scenario: Scenario, table: ActionTable, kinds: Collection[str]) -> None:
    """Check one that was made in Python as strictly as one from a file, and that its kinds are known."""
    scenario_from_json(scenario_to_json(scenario), table)
    for name, peer in scenario.peers.items():
        if peer.kind not in kinds:
            known = ", ".join(sorted(kinds))
            raise ScenarioError(f"peers.{name}.kind", f"found {describe(peer.kind)}, accepted: {known}")


def check_action(action: Action, peers: Collection[str]) -> None:
    """ScenarioError when an action is of no class of ours, has a wrong field, or names no peer."""
    if not isinstance(action, Command | NetworkAction):
        raise ScenarioError("", f"found {describe(action)}, accepted: an action such as Mine('ann')")
    if ACTIONS.get(type(action).__name__) is type(action):
        to_dataclass(type(action), to_plain(action), "")
    check_peers(action, peers, "")


def check_peers(action: Action, peers: Collection[str], path: str) -> None:
    """ScenarioError when an action names a peer that the scenario has not, or wants what no node can do."""
    if isinstance(action, Mine):
        MINE_COUNT.check(action.count, join(path, "count"))
    for key in ("peer", "to", "other", "a", "b", "group", "against"):
        named = getattr(action, key, ())
        if named == "" and isinstance(action, Pay):  # nobody in particular
            continue
        for name in (named,) if isinstance(named, str) else named:
            _check_peer(name, peers, join(path, key))


def _check_whole(scenario: Scenario, path: str) -> None:
    peers = scenario.peers
    Range(1, MOST_PEERS).check(len(peers), join(path, "peers"))
    for place, edge in enumerate(scenario.topology.edges):
        for name in edge:
            _check_peer(name, peers, join(path, f"topology.edges.{place}"))
    for place, pair in enumerate(scenario.links.between):
        for key in ("a", "b"):
            _check_peer(getattr(pair, key), peers, join(path, f"links.between.{place}.{key}"))
    for name, peer in peers.items():
        if peer.behind:
            _check_peer(peer.behind, peers, join(path, f"peers.{name}.behind"))
            _check_gateways(name, scenario, join(path, f"peers.{name}.behind"))
    for name in scenario.layout:
        _check_peer(name, peers, join(path, f"layout.{name}"))
    for place, (_, action) in enumerate(scenario.story):
        check_peers(action, peers, join(path, f"story.{place}"))
    _check_links(scenario, join(path, "links"))
    _check_addresses(scenario, join(path, "peers"))
    for name, knob in scenario.knobs.items():
        check_knob(scenario, knob, join(path, f"knobs.{name}"))
    check_moments(scenario.moments, join(path, "moments"))


def check_moments(moments: Iterable[Moment], path: str) -> None:
    """Each is a moment, says when and what is told there. ScenarioError."""
    for place, moment in enumerate(moments):
        where = join(path, str(place))
        if not isinstance(moment, Moment):
            raise ScenarioError(
                where, f'found {describe(moment)}, accepted: Moment(event=41, caption="The network is cut")'
            )
        to_dataclass(Moment, to_plain(moment), where)
        if (moment.event is None) == (moment.at is None):
            raise ScenarioError(where, "accepted: either an event or a time (at)")
        if not moment.caption.strip():
            raise ScenarioError(join(where, "caption"), "found no words, accepted: what is told there")


def _check_links(scenario: Scenario, path: str) -> None:
    low, high = scenario.links.latency
    if low > high:
        raise ScenarioError(join(path, "latency"), f"found {[low, high]}, accepted: [lowest, highest]")
    if scenario.links.formula not in FORMULAS:
        found, known = describe(scenario.links.formula), ", ".join(FORMULAS)
        raise ScenarioError(join(path, "formula"), f"found {found}, accepted: {known}")


def _check_addresses(scenario: Scenario, path: str) -> None:
    owners: dict[Any, str] = {}
    for name, address in scenario.get_addresses().items():
        if address in owners:
            raise ScenarioError(
                f"{path}.{name}.address", f"{address.ip}:{address.port} is {owners[address]}'s already"
            )
        owners[address] = name


def _check_gateways(name: str, scenario: Scenario, path: str) -> None:
    """Nobody may stand behind itself, by however many gateways."""
    seen = {name: None}  # a dict for its order
    while name := scenario.peers[name].behind:
        if name in seen:
            raise ScenarioError(path, f"found a circle: {' behind '.join([*seen, name])}")
        seen[name] = None
        if name not in scenario.peers:
            return  # said where that peer is checked


def _check_peer(name: str, peers: Collection[str], path: str) -> None:
    if name not in peers:
        raise ScenarioError(path, f"found {describe(name)}, accepted: {', '.join(peers)}")


def _read_story(value: Any, path: str, table: ActionTable) -> tuple[int, Action]:
    fields = dict(check_type(dict, value, path))
    if "at" not in fields:
        raise ScenarioError(path, "the key 'at' is missing: microseconds after the start")
    at = check_type(int, fields.pop("at"), f"{path}.at")
    Range(0).check(at, f"{path}.at")
    return at, action_from_json(fields, path, table)
