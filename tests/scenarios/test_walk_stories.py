"""Stories of strangers who are introduced: by a tracker that is soon superfluous, and through NATs."""

import pytest
from support.story_runs import messages, notes, read, timed_notes

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.overlay.theory_walk import compute_crawl_coverage

TWELVE = ("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "ida", "joe", "kim", "lea")


def test_the_tracker_begins_it_and_is_not_missed() -> None:
    """Twelve meet five others at least; when the tracker goes off, only Max still knows nobody."""
    lab = read("walk_tracker")
    met = {name: len(lab.peer(name).circle.peers) for name in (*TWELVE, "max")}

    assert 0 == met.pop("max")
    assert 5 <= min(met.values())
    ends = [at for name in TWELVE for at, _ in timed_notes(lab, name, "walk ended")]
    assert (12, True) == (len(ends), max(ends) < 16 * SECOND)
    tracker = lab.names.index("tracker")
    asked = [(r.at, lab.names[r.peer]) for r in lab.trace if r.kind is Kind.SEND and r.other == tracker]
    assert {"max"} == {name for at, name in asked if at > 16 * SECOND}


def test_most_introductions_are_made_by_peers() -> None:
    """The tracker names the first one to each; from then on they ask each other."""
    lab = read("walk_tracker")
    address = list(lab.scenario.get_addresses()["tracker"])
    by = [fact["by"] == address for name in TWELVE for fact in notes(lab, name, "peer introduced")]

    assert by.count(True) < by.count(False)
    for name in TWELVE[1:]:
        assert address == notes(lab, name, "peer introduced")[0]["by"]


def test_the_crawler_finds_as_many_as_the_formula_says() -> None:
    """Each names three: 94 per cent, eleven of twelve, in three levels; nobody of them names Max."""
    (end,) = notes(read("walk_tracker"), "crawler", "crawl finished")

    assert {"levels": 3, "found": 11, "answered": 11} == end
    assert end["found"] / len(TWELVE) == pytest.approx(compute_crawl_coverage(3), abs=0.04)


def test_two_port_restricted_boxes_are_opened_from_inside() -> None:
    """Bob's puncture is filtered at Ann's box; it has opened his own, and her question passes."""
    lab = read("walk_nats")
    commands = [message.wire_name for message in messages(lab, "office", "home")]
    blocked = notes(lab, "home", "packet blocked")

    assert ["punch", "intro-told"] == commands[:2]
    assert (["203.0.113.2", 1024], "filtered") == (blocked[0]["from"], blocked[0]["reason"])
    assert ["203.0.113.2", 1024] == notes(lab, "ann", "peer met")[0]["address"]
    assert ["203.0.113.1", 1024] == notes(lab, "bob", "peer met")[0]["address"]


def test_a_symmetric_box_meets_only_whoever_is_in_the_open() -> None:
    """Cat writes to everybody from another port than the tracker saw: Eve alone does not mind."""
    lab = read("walk_nats")
    ports = {tuple(fact["outside"]) for fact in notes(lab, "cafe", "mapping opened")}

    assert [lab.scenario.get_addresses()["eve"]] == list(lab.peer("cat").circle.peers)
    assert {"203.0.113.1", "203.0.113.2", "203.0.113.3"} == {peer.ip for peer in lab.peer("eve").circle.peers}
    assert len(lab.peer("ann").circle.peers) == len(lab.peer("bob").circle.peers) == 2
    assert 3 <= len(ports)
    assert ["203.0.113.3", 1025] in [fact["from"] for fact in notes(lab, "office", "packet blocked")]


def test_a_slow_word_comes_after_the_packet_that_it_should_let_in() -> None:
    """Bob's box throws Ann's request away; his puncture goes out a second later: she has asked in vain."""
    lab = read("slow_introduction")
    (blocked,) = timed_notes(lab, "office", "packet blocked")
    (punctured,) = [
        r.at
        for r in lab.trace
        if r.kind is Kind.SEND and r.peer == lab.names.index("bob") and r.detail.wire_name == "punch"
    ]

    assert "filtered" == blocked[1]["reason"]
    assert blocked[0] + SECOND // 2 < punctured
    assert [] == notes(lab, "ann", "peer met")
    assert 1 == len(notes(lab, "ann", "peer silent"))
