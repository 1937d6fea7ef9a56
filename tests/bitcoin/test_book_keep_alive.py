"""Is the line still alive? Pings and patience of 2010, 2014 and today."""

import pytest

from blockchain_lab.base.units import MINUTE
from blockchain_lab.bitcoin.eras import ERAS, Era
from blockchain_lab.bitcoin.keep_alive_plan import KeepAlivePlan, LineTimes, get_keep_alive_plan

OLD_PEER, NEW_PEER = 60_000, 60_001


def live(
    era: Era, until: int, version: int = NEW_PEER, *, answers: bool = True, speaks_every: int = 0
) -> tuple[list[int], tuple[int, str] | None]:
    """One side of a line: at which minutes it pings, and when and why it gives up.

    answers: the peer sends a pong at once when it knows how. speaks_every: minutes after which it says
    something by itself; 0: never.
    """
    line, now, pings = LineTimes(0, 0, 0), 0, []
    while now <= until:
        if speaks_every:
            line.last_received = now // (speaks_every * MINUTE) * speaks_every * MINUTE
        plan = get_keep_alive_plan(era, line, version, now)
        if plan.fault is not None:
            return pings, (now // MINUTE, plan.fault)
        if plan.pings:
            pings.append(now // MINUTE)
            line.last_sent = line.last_ping = now
            line.is_ping_open = plan.with_nonce and not answers
            if plan.with_nonce and answers:
                line.last_received = now
        assert plan.look_after > 0
        now += min(plan.look_after, (speaks_every or 1_000) * MINUTE)
    return pings, None


@pytest.mark.parametrize("era", ["2014", "today"])
def test_today_a_quiet_line_is_pinged_every_two_minutes(era: str) -> None:
    """Ten minutes, five pings, and nobody gives up in two hours."""
    assert ([2, 4, 6, 8, 10], None) == live(ERAS[era], 10 * MINUTE)
    assert None is live(ERAS[era], 120 * MINUTE)[1]


@pytest.mark.parametrize("era", ["2010", "lecture"])
def test_in_2010_a_quiet_line_was_pinged_every_half_hour(era: str) -> None:
    """The other side does the same, so something is heard every 30 minutes."""
    assert ([30, 60, 90, 120], None) == live(ERAS[era], 120 * MINUTE, speaks_every=30)


def test_who_has_just_spoken_needed_no_ping_in_2010() -> None:
    """Any word keeps the line alive; today the ping comes all the same."""
    line = LineTimes(last_sent=25 * MINUTE, last_received=25 * MINUTE, last_ping=0)

    old = get_keep_alive_plan(ERAS["2010"], line, NEW_PEER, 30 * MINUTE)
    new = get_keep_alive_plan(ERAS["today"], line, NEW_PEER, 30 * MINUTE)

    assert KeepAlivePlan(look_after=25 * MINUTE) == old
    assert KeepAlivePlan(pings=True, with_nonce=True, look_after=2 * MINUTE) == new


@pytest.mark.parametrize(
    ("era", "minutes", "pings"),
    [("2010", 90, [30, 60]), ("lecture", 90, [30, 60]), ("2014", 20, [2]), ("today", 20, [2])],
)
def test_a_dead_peer_is_noticed_after_its_eras_patience(era: str, minutes: int, pings: list[int]) -> None:
    """It falls silent at 0: 90 minutes in the lecture, 20 today."""
    assert (pings, (minutes, "receive timeout")) == live(ERAS[era], 200 * MINUTE, answers=False)


def test_a_peer_that_speaks_but_answers_no_ping_is_gone_20_minutes_after_it() -> None:
    """The ping of minute 2 stays open; no other one is sent meanwhile."""
    assert ([2], (22, "ping timeout")) == live(ERAS["today"], 60 * MINUTE, answers=False, speaks_every=1)


@pytest.mark.parametrize(("era", "minutes"), [("2010", 90), ("2014", 90), ("lecture", 90), ("today", 20)])
def test_a_peer_that_knows_no_pong_was_given_90_minutes(era: str, minutes: int) -> None:
    """It cannot answer; so it is pinged as in 2010, without nonce."""
    pings, end = live(ERAS[era], 200 * MINUTE, OLD_PEER)
    plan = get_keep_alive_plan(ERAS[era], LineTimes(0, 0, 0), OLD_PEER, ERAS[era].ping_after)

    assert (minutes, "receive timeout") == end
    assert list(range(pings[0], minutes, pings[0])) == pings
    assert (True, False) == (plan.pings, plan.with_nonce)


def test_a_line_on_which_nothing_can_be_sent_is_dead() -> None:
    """The peer does not read: our last word is 20 minutes old although it speaks."""
    line = LineTimes(last_sent=0, last_received=19 * MINUTE, last_ping=19 * MINUTE)

    assert "send timeout" == get_keep_alive_plan(ERAS["today"], line, NEW_PEER, 20 * MINUTE).fault
    assert None is get_keep_alive_plan(ERAS["today"], line, NEW_PEER, 20 * MINUTE - 1).fault
