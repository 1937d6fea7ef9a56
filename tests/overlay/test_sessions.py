"""Connections that do not last: how many are made, what they cost, and who dials again."""

import pytest

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.sessions import SET_UP, TCP_HEADERS, compute_set_up_part
from blockchain_lab.sim.actions import Kill, Revive, SetKnob


def get_times(lab: Lab, kind: Kind, peer: str = "ann") -> list[int]:
    """When something happened to a peer."""
    return [record.at for record in lab.trace if record.kind == kind and lab.names[record.peer] == peer]


@pytest.mark.parametrize("seconds", [5, 10, 20, 35, 60])
def test_a_session_asks_at_once_and_then_every_ten_seconds(seconds: int) -> None:
    """As often as begun tens of seconds fit into it; the formula counts the same bytes."""
    lab = Lab("short_sessions")
    lab.do(SetKnob("session", seconds * SECOND))
    lab.run(until=5 * MINUTE)
    ended = get_times(lab, Kind.HANG_UP)
    sent = [record for record in lab.trace if record.kind == Kind.SEND and record.at <= ended[-1]]
    asks = sum(record.detail.command == "alive-ask" for record in sent) / len(ended)
    size = sum(record.detail.size + TCP_HEADERS for record in sent) / len(ended)

    assert -(-seconds // 10) == asks
    assert SET_UP / (SET_UP + size) == pytest.approx(compute_set_up_part(seconds, 10, 2 * 72))


def test_each_session_waits_for_a_round_trip_first() -> None:
    """Nothing is sent between the dial and the answer to it."""
    lab = Lab("short_sessions")
    lab.run(until=MINUTE)
    dials, opened = get_times(lab, Kind.DIAL), get_times(lab, Kind.CONNECT)

    for dialled, at in zip(dials, opened, strict=True):
        assert 100_000 <= at - dialled < 111_000, "twice 50 ms, and a little"
        assert not any(dialled <= sent < at for sent in get_times(lab, Kind.SEND))


def test_who_has_dialled_dials_again() -> None:
    """Bob is away for a minute: Ann tries every five seconds, and goes on when he is back."""
    lab = Lab("short_sessions")
    lab.run(until=25 * SECOND)
    lab.do(Kill("bob"))
    lab.run(until=85 * SECOND)
    tried = [at for at in get_times(lab, Kind.DIAL) if at > 25 * SECOND]
    lab.do(Revive("bob"))
    lab.run(until=2 * MINUTE)

    assert 5 < len(tried) < 13
    assert get_times(lab, Kind.CONNECT)[-1] > 85 * SECOND
