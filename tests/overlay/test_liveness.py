"""How long the dead are believed to live, how often the living are believed dead, and what asking costs."""

from math import exp
from statistics import mean, median
from typing import Any

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.churn import PARETO, compute_ghosts, draw_session, plan_churn
from blockchain_lab.overlay.liveness import LivenessRule, compute_false_drop, compute_most_watched
from blockchain_lab.sim.actions import Kill, Revive, SetKnob
from blockchain_lab.sim.scenario import Links, Peer, Scenario, Topology

QUIET = {"tick": 1_000 * HOUR}  # answers and never asks
DROPPED = "peer dropped"


def watch(peers: int, *, story: tuple = (), loss: int = 0, until: int = 6 * MINUTE) -> Lab:
    """One observer of so many others, who only answer."""
    names = [f"p{number}" for number in range(peers)]
    plan = {"eye": Peer("liveness"), **{name: Peer("liveness", policy=QUIET) for name in names}}
    topology = Topology(tuple(("eye", name) for name in names))
    links = Links(latency=(10_000, 100_000), jitter=0, loss=loss)
    lab = Lab(Scenario(peers=plan, topology=topology, links=links, story=story, until=until))
    lab.run(until=until)
    return lab


def get_facts(lab: Lab, topic: str) -> list[dict[str, Any]]:
    """What was noted on a topic, and when, by whom and about whom."""
    names = {address: name for name, address in lab.scenario.get_addresses().items()}
    notes = [record for record in lab.trace if record.kind is Kind.NOTE and record.detail[0] == topic]
    about = [{"at": note.at, "by": lab.names[note.peer], **note.detail[1]} for note in notes]
    return [{**facts, "name": names[tuple(facts["address"])]} for facts in about]


def test_a_dead_peer_is_dropped_after_fifty_seven_and_a_half_seconds_of_silence() -> None:
    """With eight peers each one is looked at in every tick; asks went out before, ten seconds apart."""
    died = 100 * SECOND
    lab = watch(8, story=((died, Kill("p3")),))
    (drop,) = get_facts(lab, DROPPED)
    asks = [r.at for r in lab.trace if r.kind is Kind.SEND and lab.names[r.other] == "p3" and r.at > died]

    assert "p3" == drop["name"]
    assert 57.5 < drop["silent"] / SECOND <= 58.1
    assert 57.5 - 28.5 <= (drop["at"] - died) / SECOND <= 58.5, "it was last heard when it last answered"
    assert 10 == pytest.approx((asks[-1] - asks[-2]) / SECOND, abs=0.6)


def test_with_too_many_peers_the_dead_are_noticed_late() -> None:
    """Eight looks in half a second reach 160 peers once in ten seconds. With 480 a turn comes in thirty."""
    assert 160 == compute_most_watched(LivenessRule())

    silences = {}
    for peers in (40, 480):
        story = tuple((100 * SECOND, Kill(f"p{number}")) for number in range(20))
        silent = [facts["silent"] for facts in get_facts(watch(peers, story=story), DROPPED)]
        assert 20 == len(silent)
        silences[peers] = mean(silent) / SECOND
    assert silences[40] < 57.5 + 5
    assert 57.5 + 20 < silences[480]


@pytest.mark.parametrize("loss", [200_000, 300_000])
def test_the_living_are_dropped_when_three_asks_in_a_row_are_lost(loss: int) -> None:
    """Each ask, or its answer, is lost with 1 - (1 - p)**2. An idle round asks three times."""
    lab = watch(60, loss=loss, until=20 * MINUTE)
    false = len(get_facts(lab, DROPPED))
    answers = [r for r in lab.trace if r.kind is Kind.DATAGRAM and lab.names[r.peer] == "eye"]
    rounds = len(answers) + false  # a round ends with an answer or a drop

    assert compute_false_drop(loss / 1e6, 3) == pytest.approx(false / rounds, rel=0.3)


def test_ghosts_are_as_many_as_sessions_and_detection_make_them() -> None:
    """Sessions of ten minutes, five of absence; a death is noticed 43 s after it, on average.

    (After 57.5 s of silence, that is: when it dies it has been silent for half of its 28 s already.)
    """
    names, until = [f"p{number}" for number in range(60)], 2 * HOUR
    plan = plan_churn(names, seed=7, session=10 * MINUTE, gap=5 * MINUTE, until=until)
    story = tuple((change.at, Revive(change.peer) if change.is_on else Kill(change.peer)) for change in plan)
    peers = {"eye": Peer("liveness"), **{name: Peer("liveness", policy=QUIET) for name in names}}
    edges = [("eye", name) for name in names] + [(name, "eye") for name in names]
    lab = Lab(Scenario(peers=peers, topology=Topology(tuple(edges)), story=story, until=until))
    lab.run(until=until)
    changes = [(change.at, change.peer, "is on", change.is_on) for change in plan]
    for topic, believed in ((DROPPED, False), ("peer appeared", True)):
        facts = [facts for facts in get_facts(lab, topic) if facts["by"] == "eye"]
        changes += [(fact["at"], fact["name"], "believed", believed) for fact in facts]

    expected = compute_ghosts(43 * SECOND, 10 * MINUTE, 5 * MINUTE)
    assert expected == pytest.approx(compute_ghost_part(names, changes), abs=0.015)


def compute_ghost_part(names: list[str], changes: list[tuple[int, str, str, bool]]) -> float:
    """Of all the time that peers were believed to be there, the part in which they were not."""
    now, state = 0, {name: {"is on": True, "believed": True} for name in names}
    believed = haunted = 0
    for at, name, what, value in sorted(changes):
        entries = [peer for peer in state.values() if peer["believed"]]
        believed += (at - now) * len(entries)
        haunted += (at - now) * sum(not peer["is on"] for peer in entries)
        now, state[name][what] = at, value
    return haunted / believed


def test_asking_costs_so_many_bytes_an_hour() -> None:
    """One idle peer: an ask and an answer of 32 bytes each 28 seconds, 129 times an hour."""
    lab = watch(1, until=HOUR)
    sent = [record.detail.size for record in lab.trace if record.kind is Kind.SEND]

    assert {32} == set(sent)
    assert 2 * 3600 / 28 == pytest.approx(len(sent), rel=0.03)


@pytest.mark.parametrize("kind", ["exponential", PARETO])
def test_sessions_have_the_mean_that_was_asked_for(kind: str) -> None:
    """The Pareto's mean comes from few long stays: its median is 0.71 means, the exponential's 0.69."""
    step = (1 << 64) // 100_000
    stays = [draw_session(kind, number * step + step // 2, HOUR) for number in range(100_000)]
    tail = (0.5 / 3) ** 2 if kind == PARETO else exp(-3)

    assert 1 == pytest.approx(mean(stays) / HOUR, abs=0.02)
    assert (0.71 if kind == PARETO else 0.69) == pytest.approx(median(stays) / HOUR, abs=0.01)
    assert tail == pytest.approx(mean(stay > 3 * HOUR for stay in stays), abs=0.002)


def test_a_plan_is_one_of_coming_and_going_and_each_peers_luck_is_its_own() -> None:
    """Off and on in turn; with another peer in the plan the others' lines stay."""
    few = plan_churn(["ann", "bob"], seed=1, session=MINUTE, gap=MINUTE, until=HOUR)
    more = plan_churn(["ann", "zoe", "bob"], seed=1, session=MINUTE, gap=MINUTE, until=HOUR)

    assert few == [change for change in more if change.peer != "zoe"]
    assert few == sorted(few)
    for name in ("ann", "bob"):
        own = [change.is_on for change in few if change.peer == name]
        assert own == [place % 2 == 1 for place in range(len(own))]
    with pytest.raises(UsageError, match="sessions: found 'long', accepted: exponential, pareto"):
        plan_churn(["ann"], seed=1, session=1, gap=1, until=9, kind="long")


def test_a_peer_that_never_answered_is_dropped_and_who_writes_is_watched() -> None:
    """The observer restarts and believes in both neighbours again; one of them has been off all the time."""
    lab = watch(2, story=((SECOND, Kill("p0")), (150 * SECOND, Kill("eye")), (200 * SECOND, Revive("eye"))))

    assert ["p0", "p0"] == [drop["name"] for drop in get_facts(lab, DROPPED)]
    assert 1 == len(lab.peer("eye").watched)
    assert [lab.scenario.get_addresses()["eye"]] == list(lab.peer("p1").watched)


def test_a_knob_turned_while_it_runs_changes_the_rule() -> None:
    """Bob dies in second 40, just after his last word: with less patience Ann knows it soon."""
    lab = Lab("silent_line")
    lab.run(until=30 * SECOND)
    lab.do(SetKnob("idle after", 10 * SECOND))
    lab.do(SetKnob("drop after", 25 * SECOND))
    lab.run()
    (drop,) = get_facts(lab, DROPPED)

    assert 25 < drop["silent"] / SECOND < 26
    assert 60 < drop["at"] / SECOND < 66
