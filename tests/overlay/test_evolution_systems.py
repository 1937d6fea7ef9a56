"""Answers to "where is the index": what each costs, what it finds, and what makes it fail."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from blockchain_lab.base.actions import FindProviders, Publish
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.evolution import SYSTEMS, compare
from blockchain_lab.overlay.evolution_files import make_content
from blockchain_lab.overlay.measures_evolution import (
    FETCHING,
    JOINING,
    PUBLISHING,
    compute_found_share,
    count_costs,
    count_notes,
    find_questions,
)
from blockchain_lab.overlay.theory_gossip import count_flood_messages
from blockchain_lab.overlay.topologies import Edge, k_out, ring, star
from blockchain_lab.scenarios.networks import make_names, make_network
from blockchain_lab.sim.actions import Kill, Revive

NAMES = make_names(20)
SERVER, REST = NAMES[0], NAMES[1:]
HUBS = NAMES[:4]
CHOSEN = {
    "central": star(NAMES),
    "napster": star(NAMES),
    "usenet": k_out(NAMES, 3, seed=1),
    "gnutella": k_out(NAMES, 3, seed=1),
    "bittorrent": star(NAMES),
    "ultrapeer": [*ring(HUBS), *((leaf, HUBS[at % 4]) for at, leaf in enumerate(NAMES[4:]))],
}


def make(kind: str, edges: Iterable[Edge] | None = None, **policy: int) -> Lab:
    """20 peers who have joined; p0 is the server, p0 to p3 are hubs."""
    scenario = make_network(NAMES, kind, CHOSEN[kind] if edges is None else edges, policy)
    serving = {"central": [SERVER], "napster": [SERVER], "bittorrent": [SERVER], "ultrapeer": HUBS}.get(
        kind, []
    )
    peers = {
        name: replace(peer, policy={"serves": True}) if name in serving else peer
        for name, peer in scenario.peers.items()
    }
    lab = Lab(replace(scenario, peers=peers))
    lab.run(until=SECOND)
    return lab


def ask(lab: Lab, *commands: Publish | FindProviders | Kill | Revive, seconds: int = 20) -> Lab:
    """Commands one after another, each with time to come to an end."""
    for command in commands:
        lab.do(command)
        lab.run(until=lab.now + seconds * SECOND)
    return lab


@pytest.mark.parametrize("kind", SYSTEMS)
def test_what_one_publishes_another_finds_and_gets(kind: str) -> None:
    """The same two commands everywhere; the file arrives byte for byte."""
    lab = ask(make(kind), Publish("p7", "song"), FindProviders("p12", "song"))
    (question,) = find_questions(lab.trace)
    seen = count_notes(lab.trace)

    assert ("song", 12) == (question.file, question.asker)
    assert {"central": ("p0",), "usenet": ("p12",)}.get(kind, ("p7",)) == question.holders
    assert make_content("song", 1_000) == lab.peer("p12").files["song"]
    assert 0 == seen["peer misbehaved"] + seen["query failed"] + seen["fetch failed"]


@pytest.mark.parametrize("kind", SYSTEMS)
def test_what_nobody_has_is_not_found(kind: str) -> None:
    """Where the index is complete one knows at once, elsewhere only after a while."""
    lab = ask(make(kind), Publish("p7", "song"), FindProviders("p12", "another song"))

    assert [()] == [question.holders for question in find_questions(lab.trace)]
    assert 1 == count_notes(lab.trace)["query failed"]
    assert not lab.peer("p12").queries


def test_the_table_of_one_file_and_one_question() -> None:
    """Messages to publish and to ask: the lecture's columns, counted."""
    runs = {kind: ask(make(kind), Publish("p7", "song"), FindProviders("p12", "song")) for kind in SYSTEMS}
    rows = {row.system: row for row in compare({kind: lab.trace for kind, lab in runs.items()})}
    lines = len(CHOSEN["gnutella"])

    assert {"central": 1, "napster": 1, "gnutella": 0, "ultrapeer": 1, "bittorrent": 1} == {
        kind: row.publish_messages for kind, row in rows.items() if kind != "usenet"
    }
    assert 19 <= rows["usenet"].publish_messages < count_flood_messages(20, lines), "the Path saves some"
    assert (2, 2, 2, 0) == tuple(
        rows[kind].query_messages for kind in ("central", "napster", "bittorrent", "usenet")
    )
    assert count_flood_messages(20, lines) < rows["gnutella"].query_messages
    assert (20, 5) == (rows["gnutella"].reach, rows["ultrapeer"].reach), "its hub, and all others"
    assert (1.0,) * 6 == tuple(row.found for row in rows.values())
    assert rows["napster"].publish_bytes < 100 < 1_000 < rows["central"].publish_bytes
    assert 1.0 == rows["central"].busiest, "all bytes go through the server"
    assert rows["napster"].busiest < 0.75
    for kind, row in rows.items():
        assert (kind, SYSTEMS[kind].node.where_is_index) == (row.system, row.where_is_index)


def test_a_table_of_nothing_has_no_numbers() -> None:
    """A run in which nobody asks says nothing about asking; a kind that is none of ours is refused."""
    (row,) = compare({"napster": make("napster").trace})

    assert (None, None, None) == (row.query_messages, row.found, row.publish_messages)
    with pytest.raises(UsageError, match="found kazaa, accepted: central, usenet, napster"):
        compare({"kazaa": []})


@pytest.mark.parametrize("kind", ["central", "napster"])
def test_when_the_server_is_off_nothing_is_found(kind: str) -> None:
    """From 100 % to 0. Back again, Napster's server is told everything anew; the other's disk has it."""
    lab = ask(make(kind), Publish("p7", "song"), FindProviders("p1", "song"))
    ask(lab, Kill(SERVER), FindProviders("p2", "song"), FindProviders("p3", "song"))
    off = find_questions(lab.trace)[1:]
    ask(lab, Revive(SERVER), FindProviders("p4", "song"))
    *_, last = find_questions(lab.trace)

    assert 0.0 == compute_found_share(off)
    assert {"central": ("p0",), "napster": ("p1", "p7")}[kind] == tuple(sorted(last.holders))
    assert "song" in lab.peer("p4").files


def test_without_a_server_no_single_peer_is_missed() -> None:
    """Gnutella: whoever is killed, the others still find the song at its holder."""
    lab = ask(make("gnutella"), Publish("p7", "song"), Kill("p0"), Kill("p1"), FindProviders("p12", "song"))

    assert 1.0 == compute_found_share(find_questions(lab.trace))


def test_a_lost_hub_takes_its_leaves_along() -> None:
    """p7's hub is p3. Without it nobody finds p7's song, and p7 finds nobody's; the others go on."""
    lab = ask(make("ultrapeer"), Publish("p7", "song"), Publish("p8", "poem"), Kill("p3"))
    ask(lab, FindProviders("p12", "song"), FindProviders("p7", "poem"), FindProviders("p13", "poem"))

    assert [False, False, True] == [bool(question.holders) for question in find_questions(lab.trace)]
    assert 1 == len(find_questions(lab.trace)[1:2]) == find_questions(lab.trace)[1].reach


def test_a_leaf_with_two_hubs_outlives_one() -> None:
    """What a second line is good for."""
    lab = make("ultrapeer", [*CHOSEN["ultrapeer"], ("p7", "p2")])
    ask(lab, Publish("p7", "song"), Kill("p3"), FindProviders("p12", "song"))

    assert [("p7",)] == [question.holders for question in find_questions(lab.trace)]


def test_leaves_hear_no_questions() -> None:
    """Only hubs are asked: one in five peers, whoever asks."""
    lab = ask(make("ultrapeer"), Publish("p7", "song"), FindProviders("p12", "song"))
    asked = {
        lab.names[record.other]
        for record in lab.trace
        if getattr(record.detail, "command", "") == "seek" and record.other >= 0
    }

    assert set(HUBS) | {"p12"} >= asked > {"p1"}


def test_who_is_off_the_air_misses_the_news() -> None:
    """Usenet: an article passes once. What was there before is still on the disk."""
    lab = ask(make("usenet"), Publish("p7", "one"), Kill("p12"), Publish("p7", "two"), Revive("p12"))
    ask(lab, Publish("p7", "three"))

    assert ["one", "three"] == list(lab.peer("p12").files)
    assert ["one", "two", "three"] == list(lab.peer("p13").files)


def test_a_path_keeps_an_article_from_going_round() -> None:
    """No host stands in a Path twice; every host gets the article, for fewer copies than flooding takes."""
    lab = ask(make("usenet"), Publish("p7", "song"))
    paths = [r.detail.path for r in lab.trace if getattr(r.detail, "command", "") == "article"]

    assert all(len(set(path)) == len(path) for path in paths)
    assert {"p7"} == {path[-1] for path in paths}
    assert 20 == sum("song" in lab.peer(name).files for name in NAMES)
    assert 19 <= count_costs(lab.trace)[PUBLISHING].messages < count_flood_messages(20, len(CHOSEN["usenet"]))


def test_a_file_comes_from_its_holder_and_not_through_the_server() -> None:
    """Napster's server sends no file; with one server for all, it sends them all."""
    for kind, sender in (("napster", 7), ("central", 0)):
        lab = ask(make(kind), Publish("p7", "song"), FindProviders("p12", "song"))
        senders = [r.peer for r in lab.trace if r.kind.name == "SEND" and r.detail.wire_name == "file"]
        assert [sender] == senders
        assert 2 == count_costs(lab.trace)[FETCHING].messages
        assert 2 * 19 == count_costs(lab.trace)[JOINING].messages


def test_a_holder_that_is_gone_is_noted() -> None:
    """The index has lost it a moment too late: the question is answered, and the fetching fails."""
    lab = make("napster")
    ask(lab, Publish("p7", "song"))
    lab.do(FindProviders("p12", "song"))
    lab.do(Kill("p7", seen_as="silence"))
    lab.run(until=lab.now + 40 * SECOND)
    seen = count_notes(lab.trace)

    assert (1, 1) == (seen["query answered"], seen["fetch failed"])


@pytest.mark.parametrize("kind", ["napster", "gnutella"])
def test_when_a_holder_does_not_answer_the_next_one_is_tried(kind: str) -> None:
    """Napster's server names both, Gnutella's holders each themselves: the first falls silent."""
    lab = make(kind)
    ask(lab, Publish("p7", "song"), Publish("p8", "song"))
    lab.do(FindProviders("p12", "song"))
    while not (dialled := lab.peer("p12").errands):
        lab.step()
    (first,) = dialled
    lab.do(Kill(lab.peer("p12").show(first), seen_as="silence"))
    lab.run(until=lab.now + 40 * SECOND)
    seen = count_notes(lab.trace)

    assert (1, 1) == (seen["fetch failed"], seen["file received"])
    assert "song" in lab.peer("p12").files
    assert {} == lab.peer("p12").holders == lab.peer("p12").errands == lab.peer("p12").fetching


def test_an_entry_goes_with_its_line() -> None:
    """Who hangs up is in the index no more, and who comes back is."""
    lab = ask(make("napster"), Publish("p7", "song"), Kill("p7"), FindProviders("p12", "song"))
    ask(lab, Revive("p7"), FindProviders("p13", "song"))

    assert [(), ("p7",)] == [question.holders for question in find_questions(lab.trace)]
