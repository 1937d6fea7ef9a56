"""Guessed ports: two symmetric boxes that count upwards are passed, one that draws its ports is not."""

import pytest
from support.nat_nets import notes, reach, two_homes

from blockchain_lab.base.units import Address
from blockchain_lab.overlay.prediction import AHEAD, MOST_BEHIND, choose_targets, predict_port
from blockchain_lab.overlay.rendezvous_messages import Relayed

SEQUENTIAL = {"type": "symmetric", "ports": "sequential"}
RANDOM = {"type": "symmetric", "ports": "random"}
RESTRICTED = "port restricted cone"
SEEN = Address("203.0.113.1", 1_030)


@pytest.mark.parametrize("ladder", [["predict"], ["local", "direct", "punch", "predict"]])
@pytest.mark.parametrize(
    ("a", "b"),
    [(SEQUENTIAL, SEQUENTIAL), (SEQUENTIAL, RESTRICTED), (RESTRICTED, SEQUENTIAL), (RESTRICTED, RESTRICTED)],
)
def test_sequential_ports_can_be_guessed(a: dict | str, b: dict | str, ladder: list[str]) -> None:
    """Where punching fails, the next rung works; and it does no harm where nothing had to be guessed."""
    lab = two_homes(a, b, ladder=ladder)

    assert ("predict" if len(ladder) == 1 or a != b or a == SEQUENTIAL else "punch") == reach(lab)


@pytest.mark.parametrize(
    ("a", "b"), [(RANDOM, RANDOM), (RANDOM, RESTRICTED), (RESTRICTED, RANDOM), (RANDOM, SEQUENTIAL)]
)
def test_random_ports_cannot(a: dict | str, b: dict | str) -> None:
    """Nine of 64,512 ports: the server has to carry it."""
    lab = two_homes(a, b, ladder=["predict", "relay"])

    assert "relay" == reach(lab)
    assert [["predict"]] == [facts["tried"] for facts in notes(lab, "peer reached")]


def test_the_next_port_and_where_to_write() -> None:
    """Seen at 1030, and two remotes since: the third one is at 1033. Nine hundred since are not all tried."""
    assert 1_033 == predict_port(SEEN, 2)
    assert 4 == predict_port(Address("203.0.113.1", 65_535), 4)
    ports = [target.port for target in choose_targets(SEEN, 1_033)]
    assert [*range(1_033, 1_033 + AHEAD), 1_031, 1_032] == ports
    assert AHEAD + MOST_BEHIND == len(choose_targets(SEEN, 2_000))
    assert [65_535] == [target.port for target in choose_targets(Address("203.0.113.1", 65_534), 65_535)]
    assert {"203.0.113.1"} == {target.ip for target in choose_targets(SEEN, 1_033)}


def test_a_guess_that_nobody_asked_for_sends_nothing() -> None:
    """From a name that the server has not introduced, and an answer to no question."""
    ann = two_homes(SEQUENTIAL, SEQUENTIAL).peer("ann")

    for content in (b"<\x10\x10", b">\x10\x10", b"<\x10"):
        (note,) = ann.on_datagram(ann.server, Relayed("bob", content), 0)
        assert "datagram ignored" == note.topic
