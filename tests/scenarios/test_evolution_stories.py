"""Stories of how files were found: a server is off, a question ends too early, a hub is lost; tit for tat."""

from dataclasses import replace

import pytest
from support.story_runs import messages, read, timed_notes

from blockchain_lab import scenarios
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.evolution import compare
from blockchain_lab.overlay.measures_evolution import count_notes, find_questions

STORIES = ("napster_off", "gnutella_reach", "hub_loss", "free_riders")
GIVERS, RIDERS = ("bob", "cat", "dan", "eve", "fay", "gus"), ("rex", "roy")


def get_questions(name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(who asked, for what, who was named in the first answer)."""
    lab = read(name)
    return [(lab.names[each.asker], each.file, each.holders) for each in find_questions(lab.trace)]


def test_without_its_server_nobody_finds_what_everybody_still_has() -> None:
    """Before: found at the first question. After: Ann, Gus and Hal have the song, and Ida hears of none."""
    lab = read("napster_off")
    having = [name for name in lab.names if (node := lab.peer(name)) and "song" in node.files]

    assert [
        ("gus", "song", ("ann",)),
        ("hal", "song", ("ann",)),
        ("ida", "song", ()),
        ("joe", "poem", ()),
    ] == get_questions("napster_off")
    assert ["ann", "gus", "hal"] == having
    assert not any("file" == said.wire_name for name in lab.names for said in messages(lab, "server", name))


def test_a_question_two_lines_long_misses_what_four_lines_find() -> None:
    """A hit is near, as there are three; the rarity is at Hal's, and Ann has to ask farther: all 14."""
    questions = find_questions(read("gnutella_reach").trace)

    assert [("hit", True), ("rarity", False), ("rarity", True)] == [
        (each.file, bool(each.holders)) for each in questions
    ]
    assert ("hal",) == questions[2].holders
    assert questions[0].reach == questions[1].reach < questions[2].reach == 14


def test_leaves_of_a_lost_hub_are_lost_unless_they_have_two() -> None:
    """Fay's song was found and is not any more; Gus's poem is, through Cat; Hal cannot even ask."""
    assert [
        ("dan", "song", ("fay",)),
        ("eve", "song", ()),
        ("leo", "poem", ("gus",)),
        ("hal", "poem", ()),
    ] == get_questions("hub_loss")
    assert 1 == find_questions(read("hub_loss").trace)[3].reach


def test_the_three_side_by_side() -> None:
    """The server has a part in every question; Gnutella's peers pay with messages for having none."""
    kinds = ("napster", "gnutella", "ultrapeer")
    napster, gnutella, hubs = compare(
        {kind: read(name).trace for kind, name in zip(kinds, STORIES[:3], strict=True)}
    )

    assert 2 * 2 / 4 == napster.query_messages, "two questions of four got as far as the server"
    assert napster.query_messages < hubs.query_messages < gnutella.query_messages
    assert (0.5, 0.5) == (napster.found, hubs.found)
    assert (1, 0, 1.5) == tuple(row.publish_messages for row in (napster, gnutella, hubs)), "Gus has two hubs"


def test_who_gives_nothing_gets_what_is_left() -> None:
    """Where it opens each of the six has 40 pieces of 60 at least, Rex and Roy 20 at most; they are last."""
    lab = read("free_riders")
    done = {name: timed_notes(lab, name, "file received")[0][0] for name in GIVERS + RIDERS}
    early = Lab("free_riders")
    early.run()
    early.goto(event=early.scenario.poster)
    having = {name: len(early.peer(name).pieces["song"].have) for name in GIVERS + RIDERS}

    assert min(having[name] for name in GIVERS) >= 40 > 20 >= max(having[name] for name in RIDERS)
    assert set(RIDERS) == set(sorted(done, key=done.__getitem__)[-2:])
    assert not any(
        "take-piece" == said.wire_name for name in lab.names for said in messages(lab, "rex", name)
    )


def test_the_same_without_tit_for_tat() -> None:
    """All places by turns: Rex and Roy are done before most of the six."""
    scenario = scenarios.load("free_riders")
    lab = Lab(replace(scenario, policy={**scenario.policy, "tit_for_tat": False}))
    lab.run()
    done = sorted((timed_notes(lab, name, "file received")[0][0], name) for name in GIVERS + RIDERS)

    assert set(RIDERS) <= {name for _, name in done[:5]}


@pytest.mark.parametrize("name", STORIES)
def test_nobody_misbehaves_and_bytes_make_the_same_run(name: str) -> None:
    """Every hop through the codec; and a rebuilt world equals the live one."""
    lab = Lab(name, wire=True)
    lab.run()

    assert 0 == count_notes(lab.trace)["peer misbehaved"]
    assert read(name).digest() == lab.digest()
    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()
