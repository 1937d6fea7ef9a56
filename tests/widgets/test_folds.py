"""What the network and the block tree show is what the nodes hold: folds in node against `lab.peer()`."""

import random
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets.facts import show_address
from support.address_story import CROWD, HONEST, make_address_lab
from support.mixed_story import FAR, OURS, make_recording
from support.page_folds import fold_at
from support.pool_story import make_pool_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import NOBODY, SECOND, display_hash
from blockchain_lab.bitcoin.address_groups import get_group, get_net
from blockchain_lab.bitcoin.address_v2 import AddressNetwork, host_to_text
from blockchain_lab.bitcoin.connections import describe_slots
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.rules import MAX_BLOCK_WEIGHT
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.bitcoin.tx import WITNESS_SCALE
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Partition, Revive, SetKnob, SetLink
from blockchain_lab.sim.world import World


def ask_node(lab: Lab, name: str) -> dict[str, Any]:
    """The same of a node at the lab's cursor; of a liar only that it is on."""
    node = lab.peer(name)
    if not isinstance(node, BitcoinNode):
        return {"off": node is None}
    chain = node.chain
    tip = display_hash(chain.tip.hash)
    full = {display_hash(block) for block in (*chain.base.blocks, *chain.stored)}
    headers = {display_hash(block) for block in (*chain.tree.base.entries, *chain.tree.own)}
    orphans = len(getattr(node.blocks.sync, "orphans", ()))
    return {
        "off": False,
        "tip": tip,
        "shown": tip,
        "best": display_hash(chain.best_header.hash),
        "ends": sorted(node.peers.by_conn),
        "full": sorted(full),
        "headers": sorted(headers - full),
        "orphans": orphans,
        "work": show_work(chain.tip),
        "header_work": show_work(chain.best_header),
        "counts": [len(headers) + orphans, len(full)],
        "on": True,
        "pool": [[display_hash(txid), entry.fee, entry.size] for txid, entry in node.pool.waiting.items()],
    }


def show_work(entry: HeaderEntry) -> str:
    """As notes tell it; they are silent about the genesis, which is less than any other."""
    return f"{entry.work:x}" if entry.height else "0"


def check_alike(held: dict[str, dict[str, Any]], shown: dict[str, list[str]]) -> None:
    """The peers that a page puts together as having the same local state have it, and no others."""
    states = {
        name: [state[key] for key in ("tip", "best", "full", "headers", "orphans")]
        for name, state in held.items()
        if not state["off"]
    }
    for name, state in states.items():
        alike = [other for other in states if states[other] == state]
        assert alike == [other for other in shown[name] if other in states]


def ask_world(world: World) -> tuple[list[list[int]], dict[str, str]]:
    """Of the simulated network: the dials of every host, and the links as they are drawn."""
    dials = [sorted(conn for conn, end in host.ends.items() if not end.is_open) for host in world.hosts]
    links: dict[str, str] = {}
    for host in world.hosts:
        for conn, end in host.ends.items():
            if end.other == NOBODY:
                continue
            twin = world.hosts[end.other].ends.get(conn ^ 1)
            state = "open" if end.is_open and twin and twin.is_open else "half" if end.is_open else "dialling"
            if world.transport.is_cut(host.index, end.other):
                state = "parted"
            pair = "-".join(map(str, sorted((host.index, end.other))))
            links[pair] = min(state, links.get(pair, state), key=["parted", "open", "half", "dialling"].index)
    return dials, links


def ask_downloads(world: World) -> list[list[list[int]]]:
    """Of every peer that tells the truth: [peer, blocks asked of it that have not come], by peer."""
    found = []
    for host in world.hosts:
        ends = host.node.peers.by_conn if isinstance(host.node, BitcoinNode) else {}
        waiting = [[host.ends[conn].other, len(end.in_flight)] for conn, end in ends.items() if end.in_flight]
        found.append(sorted(waiting))
    return found


def ask_settings(lab: Lab, world: World) -> dict[str, Any]:
    """What can be turned while a story runs, as it stands in its world: links, knobs, the partition."""
    edges = [tuple(sorted(map(lab.names.index, edge))) for edge in lab.scenario.topology.edges]
    values = {}
    for name, knob in lab.scenario.knobs.items():
        room, key = knob.path.split(".")
        of = world.transport.settings if room == "links" else world.hosts[0].policy
        values[name] = getattr(of, key) if room == "links" else of.get(key, lab.scenario.get_value(knob.path))
    side = world.transport.side
    parted = [sorted(lab.names[host] for host in side if side[host] == one) for one in (0, 1)]
    return {
        "latencies": {f"{a}-{b}": world.transport.link(a, b).latency for a, b in edges},
        "knobs": values,
        "partition": sorted(parted) if side else None,
    }


def check_folds(lab: Lab, count: int, folder: Path) -> set[str]:
    """Folds, nodes and the network agree at `count` random events, at the first and at the last.

    The states of links that were seen.
    """
    states: set[str] = set()
    events = [0, lab.head, *random.Random(14).choices(range(1, lab.head), k=count)]
    for event, seen in zip(events, fold_at(lab, events, folder), strict=True):
        lab.goto(event=event)
        world = lab.timeline.world()  # once for all questions: a past one is lived again each time
        dials, links = ask_world(world)
        assert links == seen["links"], f"links at event {event}"
        states.update(links.values())
        assert dials == [peer["dials"] for peer in seen["peers"]], f"dials at event {event}"
        assert ask_settings(lab, world) == seen["settings"], f"settings at event {event}"
        honest = [isinstance(host.node, BitcoinNode) for host in world.hosts]
        asked = [peer["asked"] if is_one else [] for peer, is_one in zip(seen["peers"], honest, strict=True)]
        assert ask_downloads(world) == asked, f"downloads at event {event}"
        known = {name: ask_node(lab, name) for name in lab.names}
        for (name, held), shown in zip(known.items(), seen["peers"], strict=True):
            assert held == {key: shown[key] for key in held}, f"{name} at event {event}"
        nodes = {name: held for name, held in known.items() if held["off"] or "tip" in held}
        shown_alike = [peer["alike"] for peer in seen["peers"]]
        check_alike(nodes, dict(zip(lab.names, shown_alike, strict=True)))
    return states


PLAIN = ("headers_first", "blocks_first", "fork_and_heal", "continents")
RELAYED = ("relay_compact", "relay_compact_unasked", "missing_transaction", "partition_payments")


@pytest.mark.parametrize("scenario", [*PLAIN, *RELAYED])
def test_folds_equal_the_nodes_state(scenario: str, tmp_path: Path) -> None:
    """At fifty random events of a story: tips, best headers, their work, blocks, headers, orphans, links."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)

    check_folds(lab, 50, tmp_path)


def test_folds_follow_thousands_of_blocks_a_liar_and_a_staller(tmp_path: Path) -> None:
    """The large story: 4,500 blocks, hang-ups, refused chains; fifty events of it."""
    lab = Lab("four_servers")
    lab.run(until=lab.scenario.until)

    check_folds(lab, 50, tmp_path)


def test_folds_follow_a_kill_and_a_revival(tmp_path: Path) -> None:
    """A killed peer is off and has no ends, though others believe in it; revived, it has its disk again."""
    lab = Lab("fork_and_heal")
    lab.run(until=9 * SECOND)
    lab.do(Kill("bob", "silence"))
    lab.run(until=12 * SECOND)
    lab.do(Mine("cat"))
    lab.do(Revive("bob"))
    lab.run(until=30 * SECOND)

    assert {"open", "half", "dialling", "parted"} == check_folds(lab, 150, tmp_path)


def test_folds_follow_knobs_links_and_partitions(tmp_path: Path) -> None:
    """What a view shows as set is what the network does from then on: a policy, a link, who is cut off."""
    lab = Lab("four_servers")
    lab.run(until=3 * SECOND)
    lab.do(SetKnob("blocks in transit", 4))
    lab.do(SetLink("ann", "tom", latency=90_000))
    lab.run(until=5 * SECOND)
    lab.do(Partition(("ann",), ("liz", "sam")))
    lab.run(until=7 * SECOND)
    lab.do(Heal())
    lab.do(SetKnob("window", 32))
    lab.run(until=12 * SECOND)

    check_folds(lab, 50, tmp_path)


def test_folds_follow_pools_through_replacement_two_branches_and_a_revival(tmp_path: Path) -> None:
    """Who waits where, in which order, with which fee and size; a revived peer's pool begins empty."""
    lab = make_pool_lab()
    lab.run(until=lab.scenario.until)
    notes = [record.detail for record in lab.trace if record.kind is Kind.NOTE]
    reasons = {facts["reason"] for topic, facts in notes if topic == "transactions removed"}
    events = [0, lab.head, *random.Random(5).choices(range(1, lab.head), k=80)]
    was_empty = set()

    for event, seen in zip(events, fold_at(lab, events, tmp_path), strict=True):
        lab.goto(event=event)
        for name, shown in zip(lab.names, seen["peers"], strict=True):
            held = ask_node(lab, name)
            assert held["off"] is not shown["on"]
            assert held.get("pool", []) == shown["pool"], f"{name} at event {event}"
            was_empty.add(not shown["pool"])
    assert {"confirmed", "conflict", "replaced"} <= reasons
    assert {True, False} == was_empty


def ask_book(node: BitcoinNode) -> dict[str, Any]:
    """A node's address book, its connections with what they are for, and whom it does not dial any more."""
    book, connections = node.overlay.contacts.book, node.overlay.connections
    standing = {entry.address: (book.get_standing(entry.address), entry.source) for entry in book}
    rows = [[show_address(address), *at, source] for address, (at, source) in standing.items() if at]
    opened = [
        ["inbound" if peer.kind is None else peer.kind.value, show_address(peer.remote), peer.conn]
        for peer in node.peers
    ]
    dialled = [[kind.value, show_address(address), None] for address, kind in connections.dialling.items()]
    return {
        "book": sorted(rows, key=str),
        "isBucketed": book.is_bucketed,
        "lines": sorted([*opened, *dialled], key=str),
        "bad": list(connections.discouraged),
    }


@pytest.mark.parametrize("era", ["2010", "today"])
def test_folds_follow_address_books_through_a_flood_a_revival_and_a_move(era: str, tmp_path: Path) -> None:
    """Who stands in which bucket, told by whom; what each connection is for; a book survives on disk."""
    lab = make_address_lab(era)
    lab.run(until=lab.scenario.until)
    luck = random.Random(6)
    events = [0, lab.head, *luck.choices(range(1, lab.head), k=20)]
    sizes = set()

    for event, seen in zip(events, fold_at(lab, events, tmp_path), strict=True):
        lab.goto(event=event)
        for name in ("ann", *luck.sample([*HONEST[1:], *CROWD], 3)):
            node, shown = lab.peer(name), seen["peers"][lab.names.index(name)]
            if node is None:  # switched off
                assert [] == shown["book"] == shown["lines"]
                continue
            held = ask_book(node)
            for key in ("book", "lines"):
                shown[key].sort(key=str)
            assert held == {key: shown[key] for key in held}, f"{name} at event {event}"
            assert describe_slots(node.policy.era).facts == {
                key: value for key, value in shown["slots"].items() if key != "topic"
            }
            sizes.add(len(held["book"]))
    assert max(sizes) > 100


def test_groups_on_a_page_are_those_of_the_nodes(tmp_path: Path) -> None:
    """Two hosts are of one group for a page when they are for a node, and of the same network."""
    lab = Lab("headers_first")
    lab.run(until=1)
    onions = [host_to_text(AddressNetwork.TOR_V3, bytes([first] * 32)) for first in (0x12, 0x1F, 0xF0)]
    i2p = [host_to_text(AddressNetwork.I2P, bytes([first] * 32)) for first in (0x12, 0x20)]
    inside = [
        "::ffff:250.1.9.9",
        "::ffff:0:250.1.9.9",
        "64:ff9b::250.1.9.9",
        "2002:fa01:909::1",
        "2001::5fe:f6f6",
    ]
    six = [
        "2a01:4f8::1",
        "2a01:4f8:1::",
        "2a01:4f9::1",
        "2001:470:ab12::",
        "2001:470:abff::1",
        "2001:470:bb12::",
    ]
    ips = ["250.1.2.3", "250.1.255.1", "250.2.2.3", "10.0.0.1", "10.0.9.1", *inside, *six, *onions, *i2p]

    (seen,) = fold_at(lab, [0], tmp_path, ips)
    nets = {"IPv4": "IPV4", "IPv6": "IPV6", "Tor": "ONION", "I2P": "I2P"}

    assert [get_net(ip, private_too=True).name for ip in ips] == [
        nets[group["net"]] for group in seen["groups"]
    ]
    for one, shown in zip(ips, seen["groups"], strict=True):
        alike = [
            other for other in ips if get_group(other, private_too=True) == get_group(one, private_too=True)
        ]
        assert alike == [other for other, its in zip(ips, seen["groups"], strict=True) if its == shown], one


def test_folds_of_a_recording_equal_the_nodes_that_lived(tmp_path: Path) -> None:
    """A real network's records are folded as a simulation's are; of the program nothing is known."""
    recording = make_recording()
    events = [0, recording.head, *random.Random(12).choices(range(1, recording.head), k=40)]
    far = recording.names.index(FAR)
    met = next(each.event for each in recording.trace if each.peer == far)

    for event, seen in zip(events, fold_at(recording, events, tmp_path), strict=True):
        recording.goto(event=event)
        for name in OURS:
            held, shown = ask_node(recording, name), seen["peers"][recording.names.index(name)]
            assert held == {key: shown[key] for key in held}, f"{name} at event {event}"
        known = {key: seen["peers"][far][key] for key in ("off", "tip", "best", "full", "headers", "alike")}
        nothing = {"tip": None, "best": None, "full": [], "headers": [], "alike": []}
        assert known == {**known, "off": event < met, **(nothing if event >= met else {})}
    assert "open" == fold_at(recording, [recording.head], tmp_path)[0]["links"][f"0-{far}"]


def test_what_fits_in_a_block_is_what_consensus_says(tmp_path: Path) -> None:
    """The line in a pool's picture: weight is four times virtual size."""
    lab = Lab("headers_first")
    lab.run(until=1)

    assert MAX_BLOCK_WEIGHT // WITNESS_SCALE == fold_at(lab, [0], tmp_path)[0]["block"]  # type: ignore[comparison-overlap]
