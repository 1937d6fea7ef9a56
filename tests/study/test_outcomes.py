"""Ready-made measures say what the nodes hold, at the event that they name and not one event earlier."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.study.outcomes import (
    arrival_order,
    bytes_curve,
    coverage_curve,
    coverage_time,
    final_epoch,
    find_arrivals,
    first_to_have,
    fork_winner,
    height_curve,
    message_count,
    say_place,
)
from blockchain_lab.study.prediction_kinds import Measured


class Listed(list[Record]):
    """Stands where a trace stands."""

    def end_of(self, event: int) -> int:
        """All of it."""
        return len(self)


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Two halves mine on block 2 and meet again; at its end."""
    lab = Lab("fork_and_heal")
    lab.run()
    return lab


def count_tall(lab: Lab, height: int, event: int) -> int:
    """How many peers' chains have that height at an event, asked of the nodes."""
    lab.goto(event=event)
    nodes = [lab.peer(name) for name in lab.names]
    found = sum(node is not None and node.chain.tip.height >= height for node in nodes)
    lab.goto(event=lab.head)
    return found


@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_coverage_is_reached_at_its_event(lab: Lab, count: int) -> None:
    """So many peers, and one fewer just before."""
    found = coverage_time(1, count)(lab)

    assert (count, count - 1) == (count_tall(lab, 1, found.event), count_tall(lab, 1, found.event - 1))
    assert lab.trace.time_of(found.event) - 3 * SECOND == found.value * SECOND
    assert coverage_time(1, count, since=0)(lab).value == found.value + 3


def test_a_block_is_named_by_its_hash_or_its_height(lab: Lab) -> None:
    """The first of a height that anybody had: bob's, not eve's, although hers wins."""
    lab.goto(at=18 * SECOND)
    hash_of_bobs = display_hash(lab.peer("bob").chain.tip.hash)
    lab.goto(event=lab.head)

    assert coverage_time(3, 2)(lab) == coverage_time(hash_of_bobs, 2)(lab)
    assert Measured(None, because="Only 3 of 6 peers had it by then.") == coverage_time(3, 4)(lab)


def test_arrivals_stand_in_the_order_of_the_nodes(lab: Lab) -> None:
    """Each has it at its event, and not before; who never has it is left out."""
    found = arrival_order(3, lab.names)(lab)

    assert [["bob"], ["ann"], ["cat"]] == found.value
    for name, event in found.events.items():
        for at, height in ((event, 3), (event - 1, 2)):
            lab.goto(event=at)
            assert height == lab.peer(name).chain.tip.height
    lab.goto(event=lab.head)
    assert found.events["cat"] == found.event
    first = first_to_have(3, ["cat", "ann", "eve"])(lab)
    assert (["ann"], found.events["ann"]) == (first.value, first.event)
    assert first_to_have(3, ["eve", "dan"])(lab).value is None


def test_who_has_it_at_one_instant_shares_a_place() -> None:
    """The server of this story has three blocks on its disk: it has them all when it starts."""
    lab = Lab("headers_first")
    lab.run(until=SECOND)

    assert [["server"]] == arrival_order(148, lab.names)(lab).value
    assert 1 == len({arrival_order(height, lab.names)(lab).event for height in (148, 149, 150)})


def test_who_has_a_thing_again_has_it_since_the_first_time() -> None:
    """A transaction that came back after a reorganisation is no later news."""
    facts = ("transaction accepted", {"txid": "ab"})
    records = [
        Record(at, at, at, Kind.NOTE, host, -1, -1, -1, facts) for at, host in ((3, 1), (5, 0), (9, 1))
    ]
    lab: Any = SimpleNamespace(names=["ann", "bob"], cursor=9, trace=Listed(records))

    assert {"bob": 3, "ann": 5} == {name: record.at for name, record in find_arrivals(lab, "ab").items()}


def test_a_fork_is_won_when_the_last_peer_has_come_over(lab: Lab) -> None:
    """Asked of the nodes: at that event all stand on eve's side, one event earlier somebody does not."""
    rivals = {}
    for name, at in (("bob", 18), ("eve", 20)):
        lab.goto(at=at * SECOND)
        rivals[f"{name}'s"] = display_hash(lab.peer(name).chain.tip.hash)
    lab.goto(event=lab.head)

    found = fork_winner(rivals)(lab)

    assert "eve's" == found.value
    assert "bob's: 0 of 6 peers, eve's: 6 of 6 peers." == found.because
    assert found.event is not None
    sides = []
    for event in (found.event - 1, found.event):
        lab.goto(event=event)
        sides.append([lab.peer(name).chain.tip.height for name in lab.names])
    assert [5] * 6 == sides[1] != sides[0]
    lab.goto(at=30 * SECOND)
    split, told = fork_winner(rivals)(lab), fork_winner(rivals, "neither")(lab)
    lab.goto(event=lab.head)
    assert (None, "bob's: 3 of 6 peers, eve's: 3 of 6 peers.") == (split.value, split.because)
    assert ("neither", None) == (told.value, told.event)


def test_the_final_epoch_is_the_node_s() -> None:
    """On the branch to its head."""
    lab = Lab("happy_finality")
    lab.run()
    node = lab.peer(lab.names[0])

    found = final_epoch(lab.names[0])(lab)

    assert node.branches.get_state(node.head).finality.last_finalised.epoch == found.value > 0
    ping = Lab("ping")
    ping.run()
    assert final_epoch(ping.names[0])(ping).value is None


def test_messages_and_bytes_are_those_that_were_sent(lab: Lab) -> None:
    """Counted over the records; by whom and since when, if that is asked."""
    sends = [record for record in lab.trace if record.kind == Kind.SEND]
    invs = [record for record in sends if record.detail.command == "inv"]

    assert len(invs) == message_count("inv")(lab).value > 0
    later = [record for record in invs if record.at >= 10 * SECOND and lab.names[record.peer] == "cat"]
    assert len(later) == message_count("inv", since=10 * SECOND, by="cat")(lab).value
    assert 0 == message_count("nonsense")(lab).value
    assert sum(record.detail.size for record in sends) == bytes_curve()(lab)[-1][1]
    assert (
        sum(bytes_curve(name)(lab)[-1][1] for name in ("connection", "announce", "data"))
        == (bytes_curve()(lab)[-1][1])
    )
    assert [] == bytes_curve("nonsense")(lab)


def test_curves_end_where_the_nodes_are(lab: Lab) -> None:
    """Six peers in the end, and heights from 0 to 5."""
    assert [1, 2, 3, 4, 5, 6] == [count for _, count in coverage_curve(1)(lab)]
    assert [0, 1, 2, 3, 4, 5] == [height for _, height in height_curve("dan")(lab)]


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (coverage_time(1, 7), "found 7 peers, wanted 1 to 6"),
        (coverage_time(1, 0), "found 0 peers"),
        (arrival_order(1, ["ann", "zoe"]), "found no peer 'zoe', wanted one of ann, bob"),
        (height_curve("zoe"), "found no peer 'zoe'"),
        (final_epoch("zoe"), "found no peer 'zoe'"),
        (message_count("inv", by="zoe"), "found no peer 'zoe'"),
    ],
)
def test_a_measure_of_what_is_not_there_is_refused(
    lab: Lab, measure: Callable[[Lab], object], words: str
) -> None:
    """By name."""
    with pytest.raises(UsageError, match=words):
        measure(lab)


def test_places_are_written_as_people_write_them() -> None:
    """Also the teens."""
    assert ["first", "3rd", "4th", "11th", "21st", "112th"] == [
        say_place(place).replace("third", "3rd") for place in (1, 3, 4, 11, 21, 112)
    ]
