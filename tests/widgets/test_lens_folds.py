"""What the lens says that a peer knows is what its node holds, and what others have told it they had."""

import random
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets.facts import show_address
from support.address_story import CROWD, HONEST, make_address_lab
from support.page_folds import fold_at
from support.pool_story import make_pool_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive
from blockchain_lab.sim.world import World

STATES = Path(__file__).with_name("lens_states.mjs")


def ask_node(lab: Lab, name: str) -> dict[str, Any]:
    """The same of a node at the lab's cursor; of a liar only that it is on."""
    node = lab.peer(name)
    if not isinstance(node, BitcoinNode):
        return {"off": node is None}
    chain = node.chain
    full = {display_hash(block) for block in (*chain.base.blocks, *chain.stored)}
    headers = {display_hash(block) for block in (*chain.tree.base.entries, *chain.tree.own)}
    orphans = len(getattr(node.blocks.sync, "orphans", ()))
    return {
        "off": False,
        "tip": display_hash(chain.tip.hash),
        "best": display_hash(chain.best_header.hash),
        "full": sorted(full),
        "headers": sorted(headers - full),
        "counted": len(headers) + orphans,
        "pool": [display_hash(txid) for txid in node.pool.waiting],
        "ends": sorted(node.peers.by_conn),
    }


def ask_host(world: World, name: str) -> dict[str, Any]:
    """Whom a host is connected with, and whom it dials."""
    host = next(host for host in world.hosts if host.name == name)
    opened = {end.other for end in host.ends.values() if end.is_open and end.other >= 0}
    return {
        "dials": sorted(conn for conn, end in host.ends.items() if not end.is_open),
        "lined": [other.name for other in world.hosts if other.index in opened],
    }


def check_told(lab: Lab, listener: str, told: list[str | None], had: dict[str, set[str]]) -> int:
    """Whatever a peer was told of another one's chain was true when it was said. How much it was told."""
    heard = [(name, block) for name, block in zip(lab.names, told, strict=True) if block is not None]
    for name, block in heard:
        assert block in had[name], f"{listener} was told of a block that {name} never had"
    return len(heard)


def check_lens(lab: Lab, count: int, folder: Path) -> int:
    """Lens and nodes agree at `count` random events, at the first and at the last. How much was told."""
    events = sorted([0, lab.head, *random.Random(3).choices(range(1, lab.head), k=count)])
    had: dict[str, set[str]] = {name: set() for name in lab.names}
    notes = [record for record in lab.trace if record.kind is Kind.NOTE]
    much = 0
    for event, seen in zip(events, fold_at(lab, events, folder, program=STATES), strict=True):
        lab.goto(event=event)
        for record in notes:
            topic, facts = record.detail
            if record.event > event:
                break
            if topic == "block accepted" or (topic == "chain loaded" and facts["full"]):
                had[lab.names[record.peer]].update(facts.get("hashes", [facts.get("hash")]))
        world = lab.timeline.world()
        for name, shown in seen.items():
            held = ask_node(lab, name) | ask_host(world, name)
            assert held == {key: shown[key] for key in held}, f"{name} at event {event}"
            mine = lab.names.index(name)
            assert all(mine in map(int, pair.split("-")) for pair, _ in shown["links"])
            much += check_told(lab, name, shown["told"], had)
    return much


@pytest.mark.parametrize("scenario", ["fork_and_heal", "relay_compact", "blocks_first"])
def test_a_peer_sees_what_its_node_holds(scenario: str, tmp_path: Path) -> None:
    """Its chain, its pool, its lines; and of the others what they have said, never what they have not."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)

    assert check_lens(lab, 25, tmp_path) > 50


def test_a_pool_seen_through_the_lens_is_the_nodes(tmp_path: Path) -> None:
    """Through replacement, two branches and a revival, and never another peer's."""
    lab = make_pool_lab()
    lab.run(until=lab.scenario.until)

    assert check_lens(lab, 25, tmp_path) > 50


def test_a_killed_peer_knows_nothing_until_it_is_revived(tmp_path: Path) -> None:
    """Nobody is known to it, no line is open; the others go on believing in it for a while."""
    lab = Lab("fork_and_heal")
    lab.run(until=9 * SECOND)
    lab.do(Kill("bob", "silence"))
    killed = lab.cursor
    lab.run(until=10 * SECOND)
    lab.do(Mine("cat"))
    before = lab.cursor
    lab.do(Revive("bob"))
    lab.run(until=20 * SECOND)
    check_lens(lab, 25, tmp_path)

    now, later, end = fold_at(lab, [killed, before, lab.head], tmp_path, program=STATES)
    for seen in (now, later):
        assert (True, [], [], []) == tuple(seen["bob"][key] for key in ("off", "met", "lined", "links"))
        assert [None] * 6 == seen["bob"]["told"]
    assert "bob" in now["ann"]["lined"], "silence tells nobody anything"
    assert {"bob", "ann", "cat"} <= set(end["bob"]["met"])


def test_addresses_that_a_peer_has_heard_of_are_those_in_its_book(tmp_path: Path) -> None:
    """Some live nowhere, some of their hosts have moved: it knows a host whose present address it has."""
    lab = make_address_lab()
    lab.run(until=lab.scenario.until)
    luck = random.Random(6)
    events = sorted(luck.sample(range(lab.head // 20, lab.head), 12))
    partly = 0

    for event, seen in zip(events, fold_at(lab, events, tmp_path, program=STATES), strict=True):
        lab.goto(event=event)
        world = lab.timeline.world()
        homes = {host.address: host.name for host in world.hosts}
        for name in ("ann", *luck.sample([*HONEST[1:], *CROWD], 3)):
            node, shown = lab.peer(name), seen[name]
            if node is None:  # switched off
                assert [] == shown["met"]
                continue
            book = set(node.overlay.contacts.book.entries)
            assert {show_address(address) for address in book} == set(shown["heard"]), (
                f"{name} at event {event}"
            )
            own = world.hosts[lab.names.index(name)]
            lines = {world.hosts[end.other].name for end in own.ends.values() if end.other >= 0}
            heard = {homes[address] for address in book if address in homes}
            assert {name, *lines, *heard} == set(shown["met"]), f"{name} at event {event}"
            partly += 2 < len(shown["met"]) < len(lab.names)
    assert partly
