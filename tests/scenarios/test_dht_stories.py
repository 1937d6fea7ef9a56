"""Stories of structured overlays: a song is stored, outlives its keepers, is eclipsed; a ring closes."""

from support.story_runs import messages, notes, read, timed_notes

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.chord_ring import find_successor
from blockchain_lab.overlay.kademlia_ids import hash_to_id, id_to_hex

SONG = hash_to_id("song")


def get_found(lab: Lab, peer: str, purpose: str) -> list[dict]:
    """What came of a peer's lookups of one kind."""
    return [facts for facts in notes(lab, peer, "lookup finished") if facts["purpose"] == purpose]


def get_first_keepers(lab: Lab) -> set[str]:
    """Who was given the song when it was stored, at 20 seconds."""
    stored = {name: timed_notes(lab, name, "value stored") for name in lab.names}
    return {name for name, moments in stored.items() if any(at < 24 * SECOND for at, _ in moments)}


def test_a_song_is_stored_at_the_three_closest_and_found_by_its_key() -> None:
    """By somebody who knew neither who sings nor who keeps it, in few questions."""
    lab = read("kademlia_lookup")
    closest = sorted(lab.names, key=lambda name: hash_to_id(name) ^ SONG)[:3]
    (found,) = get_found(lab, "pat", "value")
    stored = {
        name for name in lab.names for at, _ in timed_notes(lab, name, "value stored") if at < 24 * SECOND
    }

    assert set(closest) == stored
    assert ["la la la", True] == [found["value"], found["asked"] <= 6]
    assert [id_to_hex(hash_to_id("max"))] == get_found(lab, "gus", "node")[0]["closest"][:1]
    assert all(notes(lab, name, "joined") for name in lab.names if name != "ann")


def test_what_a_peer_knows_is_what_its_notes_add_up_to() -> None:
    """Contacts added and removed, by their ids: a view that folds the notes shows the table."""
    lab = read("kademlia_churn")
    for name in lab.names:
        node = lab.peer(name)
        if node is None:
            continue
        known: dict[str, None] = {}
        for record in lab.trace:
            if record.kind == Kind.NOTE and lab.names[record.peer] == name:
                topic, facts = record.detail
                if topic == "contact added":
                    known[facts["id"]] = None
                elif topic == "contact removed":
                    del known[facts["id"]]
        assert set(known) == {id_to_hex(contact.id) for contact in node.table}, name


def test_a_song_outlives_the_three_that_kept_it() -> None:
    """None of the first keepers is left; the bucket where they stood holds others now."""
    lab = read("kademlia_churn")
    killed = [lab.names[r.peer] for r in lab.trace if r.kind == Kind.KILL]

    assert get_first_keepers(lab) == set(killed)
    assert "la la la" == get_found(lab, "ann", "value")[0]["value"]
    removed = {facts["id"] for name in lab.names for facts in notes(lab, name, "contact removed")}
    assert {id_to_hex(hash_to_id(name)) for name in killed} <= removed


def test_three_that_crowd_around_a_key_make_its_value_vanish() -> None:
    """The song is given to them and to nobody else; the poem, elsewhere, is found."""
    lab = read("kademlia_eclipse")
    song, poem = get_found(lab, "kim", "value")
    taken = {name for name in lab.names for m in messages(lab, "bob", name) if getattr(m, "key", 0) == SONG}

    assert {"mal", "mia", "moe"} == taken
    assert [None, "roses are red"] == [song["value"], poem["value"]]
    assert set(song["closest"]) == {id_to_hex(lab.peer(name).own.id) for name in taken}


def test_a_ring_closes_over_two_neighbours_who_left() -> None:
    """What Bob owned belongs to who comes behind Lea, and Eve's successor is her."""
    lab = read("chord_ring")
    before, after = (facts["closest"][0] for facts in get_found(lab, "fay", "node"))
    alive = {name: lab.peer(name) for name in lab.names if lab.peer(name)}
    ring = sorted(node.own.id for node in alive.values())

    assert {"bob", "lea"} == set(lab.names) - set(alive)
    assert f"{find_successor(0x4800, ring):x}" == after != before
    for node in alive.values():
        assert find_successor(node.own.id + 1, ring) == node.ring.successor.id
        assert node.ring.predecessor is not None
