"""What the NAT view shows of a box is what the box remembers, and what it did with each packet."""

import random
from pathlib import Path
from typing import Any

from blockchain_lab_widgets.facts import show_address
from support.nat_story import BOXES, make_nat_lab
from support.page_folds import fold_at

from blockchain_lab.base.packets import Packet
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import NOBODY, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.nat import Mapping, NatTable, Part
from blockchain_lab.overlay.nat_box import NatBox
from blockchain_lab.overlay.nat_messages import MapPort


def show_part(part: Part) -> str:
    """What of a remote a rule looks at, as a page writes it."""
    return show_address(Address(*part)) if len(part) == 2 else "".join(str(each) for each in part)


def ask_mapping(table: NatTable, mapping: Mapping) -> dict[str, Any]:
    """One line of a box's table: a mapping, until when it lives, and who is let in until when."""
    return {
        "inside": show_address(mapping.inside),
        "outside": show_address(mapping.outside),
        "part": show_part(mapping.part),
        "expiry": table.get_expiry(mapping),
        "allowed": {show_part(part): at + table.idle_timeout for part, at in mapping.sent_to.items()},
        "lease": mapping.lease_until,
    }


def is_packet(record: Record) -> bool:
    """Is it a datagram as a gateway sees it?"""
    return record.kind is Kind.DATAGRAM and isinstance(record.detail[1], Packet)


def judge_packet(lab: Lab, records: list[Record], datagram: Record) -> dict[str, Any]:
    """What a box did with a packet: told by who handed it over, and by what else is in its event."""
    gateway = lab.names[datagram.peer]
    _, packet = datagram.detail
    notes = {record.detail[0]: record.detail[1] for record in records if record.kind is Kind.NOTE}
    sent = [record for record in records if record.kind is Kind.SEND]
    is_out = lab.scenario.peers[lab.names[datagram.other]].behind == gateway
    is_own = packet.destination.ip == lab.scenario.get_addresses()[gateway].ip
    asks = isinstance(packet.message, MapPort)
    way = ("ask" if asks else "hairpin") if is_out and is_own else "out" if is_out else "in"
    drops = [record for record in records if record.kind is Kind.DROP]
    lost = "" if not drops else "nobody is there" if sent[0].other == NOBODY else "lost on the way"
    return {
        "row": datagram.id,
        "way": way,
        "reason": notes.get("packet blocked", {}).get("reason", ""),
        "is_new": "mapping opened" in notes,
        "lost": lost,
    }


def test_folds_follow_boxes_of_every_kind(tmp_path: Path) -> None:
    """Mappings with all that keeps them alive, at any moment; leases, a restart, a box behind a box."""
    lab = make_nat_lab()
    lab.run(until=lab.scenario.until)
    events = [0, lab.head, *random.Random(4).choices(range(1, lab.head), k=40)]
    kinds = set()

    for event, seen in zip(events, fold_at(lab, events, tmp_path), strict=True):
        lab.goto(event=event)
        for name in BOXES:
            box, shown = lab.peer(name), seen["peers"][lab.names.index(name)]["box"]["table"]
            if box is None or event == 0:  # switched off
                assert shown is None
                continue
            assert isinstance(box, NatBox)
            held = [ask_mapping(box.table, mapping) for mapping in box.table.by_outside.values()]
            assert held == shown, f"{name} at event {event}"
            kinds |= {(name, line["part"].count(":") or line["part"], line["lease"] > 0) for line in held}
    assert {name for name, _, _ in kinds} == set(BOXES)
    assert ("office", "leased", True) in kinds
    assert ("carrier", 1, False) in kinds


def test_folds_tell_what_a_box_did_with_each_packet(tmp_path: Path) -> None:
    """Out, in, back inside or blocked and why; through which address outside, and what became of it then."""
    lab = make_nat_lab()
    lab.run(until=lab.scenario.until)
    records = list(lab.trace)
    at = {event: [each for each in records if each.event == event] for event in range(1, lab.head + 1)}
    packets = {event: found[0] for event, found in at.items() if is_packet(found[0])}
    events = sorted(packets)
    ways = set()

    for event, seen in zip(events, fold_at(lab, events, tmp_path), strict=True):
        shown = seen["peers"][packets[event].peer]["box"]["last"]
        expected = judge_packet(lab, at[event], packets[event])
        assert expected == {key: shown[key] for key in expected}, f"event {event}"
        (_, packet), through = packets[event].detail, shown["through"]
        if shown["way"] == "in" and not shown["reason"]:
            assert show_address(packet.destination) == through
        elif shown["way"] == "out" and not shown["reason"]:
            box = lab.scenario.get_addresses()[lab.names[packets[event].peer]]
            is_wall = lab.names[packets[event].peer] == "wall"
            assert (show_address(packet.source) if is_wall else f"{box.ip}:") in through
        ways.add((shown["way"], shown["reason"], shown["lost"]))
    assert {"out", "in", "ask", "hairpin"} == {way for way, _, _ in ways}
    assert {"", "no mapping", "filtered", "no hairpin"} == {reason for _, reason, _ in ways}
    assert {"", "nobody is there", "lost on the way"} == {lost for _, _, lost in ways}
