"""What a page shows of structured overlays is what the nodes hold: tables, rings, lookups, kept values."""

import random
from pathlib import Path
from typing import Any

import pytest
from support.page_folds import fold_at

from blockchain_lab.base.actions import FindProviders, LookUp, Provide, PutValue
from blockchain_lab.base.disguise import Disguise
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.chord_node import ChordNode
from blockchain_lab.overlay.kademlia_buckets import Bucket
from blockchain_lab.overlay.kademlia_contacts import show_address
from blockchain_lab.overlay.kademlia_ids import id_to_hex
from blockchain_lab.overlay.kademlia_lookup import Lookup
from blockchain_lab.overlay.kademlia_node import KademliaNode
from blockchain_lab.sim.actions import ChangeAddress, Kill, Revive, SetKnob

STATES = Path(__file__).with_name("dht_states.mjs")
NOBODY: dict[str, Any] = {"id": None, "table": None, "lookups": {}, "values": [], "providers": []}


def ask_bucket(bucket: Bucket) -> list[Any]:
    """Prefix, contacts in their order with unanswered questions, who waits, who is being checked."""
    contacts = [
        [id_to_hex(each.id), show_address(each.address), bucket.failures.get(each.id, 0)]
        for each in bucket.contacts.values()
    ]
    waiting = [[id_to_hex(each.id), show_address(each.address)] for each in bucket.spares.values()]
    return [bucket.prefix, contacts, waiting, None if bucket.checked is None else id_to_hex(bucket.checked)]


def ask_lookup(lookup: Lookup) -> dict[str, Any]:
    """Whom it knows, has asked, waits for, has heard from."""
    sets = {
        key: sorted(map(id_to_hex, getattr(lookup, key)))
        for key in ("waiting", "answered", "silent", "asked")
    }
    return {
        "purpose": lookup.purpose,
        "target": id_to_hex(lookup.target),
        "k": lookup.k,
        "alpha": lookup.alpha,
        "shortlist": [id_to_hex(each.id) for each in lookup.shortlist],
        "depth": {id_to_hex(node): depth for node, depth in lookup.depth.items()},
        **sets,
    }


def ask_node(lab: Lab, name: str) -> dict[str, Any]:
    """The same of a node at the lab's cursor."""
    node = lab.peer(name)
    node = node.inner if isinstance(node, Disguise) else node
    if not isinstance(node, KademliaNode):
        return NOBODY
    storage = node.keeping.storage
    return {
        "id": id_to_hex(node.own.id),
        "table": {
            "k": node.table.k,
            "spares": node.table.most_spares,
            "buckets": [ask_bucket(bucket) for bucket in node.table.buckets],
        },
        "lookups": {str(number): ask_lookup(lookup) for number, lookup in node.search.lookups.items()},
        "values": sorted(map(id_to_hex, storage.values)),
        "providers": sorted(
            f"{id_to_hex(key)} {id_to_hex(node)}"
            for key, there in storage.providers.items()
            for node in there
        ),
    }


def check_folds(lab: Lab, count: int, folder: Path) -> None:
    """Page and nodes agree at `count` random events, at the first and at the last."""
    events = [0, lab.head, *random.Random(8).choices(range(1, lab.head), k=count)]
    for event, seen in zip(events, fold_at(lab, events, folder, program=STATES), strict=True):
        lab.goto(event=event)
        for name, shown in zip(lab.names, seen, strict=True):
            held = ask_node(lab, name) if event else NOBODY
            assert held == {key: shown[key] for key in held}, f"{name} at event {event}"


@pytest.mark.parametrize("scenario", ["kademlia_lookup", "kademlia_churn", "kademlia_eclipse"])
def test_folds_equal_the_nodes_tables_and_lookups(scenario: str, tmp_path: Path) -> None:
    """Buckets in the order of last hearing, who waits, who is silent; every lookup; every kept value."""
    lab = Lab(scenario)
    lab.run(until=lab.scenario.until)

    check_folds(lab, 60, tmp_path)


def test_folds_follow_losses_a_revival_a_move_a_knob_and_providers(tmp_path: Path) -> None:
    """A revived node has its contacts on the disk, none in its table; who moves is not believed at once."""
    lab = Lab("kademlia_lookup")
    lab.run(until=17 * SECOND)
    lab.do(SetKnob("lost datagrams", 150_000))
    lab.do(Provide("cat", "film"))
    lab.do(PutValue("dan", "poem", "roses"))
    lab.run(until=20 * SECOND)
    lab.do(Kill("bob", "silence"))
    lab.do(ChangeAddress("cat", Address("10.9.9.9", 99)))
    lab.run(until=26 * SECOND)
    lab.do(SetKnob("questions at a time", 1))
    lab.do(Revive("bob"))
    lab.do(FindProviders("eve", "film"))
    lab.do(LookUp("cat", "hal"))
    lab.run(until=60 * SECOND)

    check_folds(lab, 100, tmp_path)


def test_folds_follow_a_ring_that_closes(tmp_path: Path) -> None:
    """Predecessor, successors and fingers of every node of Chord, and the lookups that go on."""
    lab = Lab("chord_ring")
    lab.run(until=lab.scenario.until)
    events = [lab.head, *random.Random(9).choices(range(1, lab.head), k=60)]

    for event, seen in zip(events, fold_at(lab, events, tmp_path, program=STATES), strict=True):
        lab.goto(event=event)
        for name, shown in zip(lab.names, seen, strict=True):
            node = lab.peer(name)
            assert (shown["id"] is None) is (node is None)
            if node is None:
                continue
            assert isinstance(node, ChordNode)
            before = node.ring.predecessor
            assert id_to_hex(node.own.id) == shown["id"]
            assert shown["ring"] == {
                "predecessor": None if before is None else id_to_hex(before.id),
                "successors": [id_to_hex(each.id) for each in node.ring.successors],
                "fingers": [[index, id_to_hex(each.id)] for index, each in sorted(node.ring.fingers.items())],
            } or (shown["ring"] is None and node.ring.successor == node.own), f"{name} at event {event}"
            assert {str(number) for number in node.lookups} == set(shown["lookups"])
            for number, lookup in node.lookups.items():
                told = shown["lookups"][str(number)]
                assert sorted(id_to_hex(each.id) for each in lookup.asked) == told["asked"]
                assert sorted(id_to_hex(each.id) for each in lookup.silent) == told["silent"]
