"""One lost message changes what it could have influenced, and nothing else."""

from collections import Counter

import pytest
from support.toys_worlds import mixed, toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.sim.actions import DropMessage
from blockchain_lab.sim.digest import canonical


def fact(record):
    """A record without its numbers, which differ between two futures."""
    return record.at, record.kind, record.peer, record.other, record.conn, canonical(record.detail)


def spread(records, touched):
    """Host -> since when something that happened on a touched host could be known there."""
    touched, inside = dict(touched), set()
    for record in records:
        if record.cause in inside and record.at < touched.get(record.peer, record.at + 1):
            touched[record.peer] = record.at
        if is_inside(record, touched):
            inside.add(record.id)
    return touched


def joint_cone(one, other, host, at):
    """The cone over both runs: a message that did NOT come in one of them is an influence too."""
    touched, before = {host: at}, {}
    while touched != before:
        before, touched = touched, spread(other, spread(one, touched))
    return touched


def is_inside(record, touched):
    """Did it happen on a touched host, after the touch?"""
    return record.at >= touched.get(record.peer, record.at + 1)


@pytest.mark.parametrize("seed", range(20))
def test_a_lost_message_changes_only_its_cone(seed) -> None:
    """Everything that vanishes and everything new lies behind the arrival that did not happen."""
    lab = toy_lab(mixed(seed, 20, policy={"mine_every": 0}))
    lab.run(until=3 * SECOND)
    for peer in ("p1", "p7", "p12"):
        lab.do(Mine(peer))
        lab.goto(event=lab.cursor + 40)
    flights = sorted(lab.timeline.world().transport.get_flights())
    flight = flights[(3 * seed + 1) % len(flights)]
    twin = lab.fork()
    twin.do(DropMessage(flight[6]))
    for each in (lab, twin):
        each.run(until=12 * SECOND)
    ours, theirs = list(lab.trace), list(twin.trace)
    noise = {
        record.id
        for record in theirs
        if record.kind == Kind.ACTION and record.detail.__class__ is DropMessage
    }
    noise |= {record.id for record in theirs if record.cause in noise}
    theirs = [record for record in theirs if record.id not in noise]
    facts, other_facts = Counter(map(fact, ours)), Counter(map(fact, theirs))
    gone = [record for record in ours if facts[fact(record)] > other_facts[fact(record)]]
    new = [record for record in theirs if other_facts[fact(record)] > facts[fact(record)]]
    touched = joint_cone(ours, theirs, flight[3], flight[0])

    assert any(record.cause == flight[6] for record in gone)
    assert all(is_inside(record, touched) for record in gone + new)
    assert not all(is_inside(record, touched) for record in ours)
