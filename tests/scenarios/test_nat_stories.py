"""Stories of NATs: a hole is punched, two symmetric ones need a relay, and one forgets."""

from support.story_runs import messages, notes, read

from blockchain_lab.base.units import SECOND


def test_a_hole_is_punched_from_both_sides() -> None:
    """Bob's box filters what Ann sends uninvited; once Bob has written to her box, hers gets in."""
    lab = read("hole_punching")
    (reached,) = notes(lab, "ann", "peer reached")

    assert ("bob", "punch", ["local", "direct"]) == (reached["name"], reached["by"], reached["tried"])
    assert {"filtered"} == {blocked["reason"] for blocked in notes(lab, "office", "packet blocked")}
    commands = [message.wire_name for message in messages(lab, "bob", "office")]
    assert "puncture" in commands
    assert commands.index("puncture") < commands.index("probe-answer")


def test_symmetric_nats_show_everybody_another_port() -> None:
    """The server saw port 1024; Ann writes to Bob from 1026, he to her from 1025: neither is expected."""
    lab = read("symmetric_nats")
    (reached,) = notes(lab, "ann", "peer reached")
    ports = {
        box: [fact["outside"][1] for fact in notes(lab, box, "mapping opened")] for box in ("home", "office")
    }

    assert ("relay", ["local", "direct", "punch"]) == (reached["by"], reached["tried"])
    assert {"home": [1024, 1025, 1026], "office": [1024, 1025]} == ports
    assert 0 < lab.peer("server").server.carried_bytes


def test_who_says_hello_too_seldom_is_forgotten_by_its_own_box() -> None:
    """Bob says it every 25 s and is found; Cat every minute: her box has closed, which no server can know."""
    lab = read("forgetful_nat")

    assert ["bob"] == [fact["name"] for fact in notes(lab, "ann", "peer reached")]
    assert ["cat"] == [fact["name"] for fact in notes(lab, "ann", "peer not reached")]
    assert ["no mapping"] * 3 == [fact["reason"] for fact in notes(lab, "office", "packet blocked")]
    assert 30 * SECOND == lab.peer("office").table.idle_timeout
