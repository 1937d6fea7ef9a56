"""Lesson 18: what its runs say, both ways, and the same for every learner."""

import asyncio
from importlib.util import find_spec

import pytest
from support.event_loop import in_loop

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import l18_real as real
from blockchain_lab.course import l18_runs as runs
from blockchain_lab.course.l18 import QUESTIONS
from blockchain_lab.course.l18_checking import check_world
from blockchain_lab.course.l18_worlds import make_world
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.layers.toy_repairs import ToyNode

SEED = 7
SEEDS = [*range(100, 130), 31_337, 2**31 + 5]


@pytest.mark.parametrize("seed", SEEDS)
def test_engine_and_rules_agree_for_every_learner(seed: int) -> None:
    """The runs differ by their seed; the answers do not."""
    for question in QUESTIONS[:4]:
        assert question.is_same(question.answer(seed), question.again(seed)), question.id
        assert question.is_same(question.answer(SEED), question.answer(seed)), question.id


def test_the_expected_figures() -> None:
    """Twelve datagrams, ann, seven steps, a vote for the forger."""
    assert 12 == runs.count_votes(SEED)
    assert "a" == runs.find_needed(SEED)
    assert list(runs.WAY) == runs.follow_payment(SEED)
    assert "c" == runs.find_first_break(SEED)


def test_the_lesson_opens_when_the_second_block_is_proposed() -> None:
    """And the first one is confirmed, but not final yet."""
    lab = runs.play(SEED)
    opened = 2_050_000  # as in the notebook
    notes = {
        topic: [note for note, _ in runs.get_notes(lab, topic) if note.at <= opened]
        for topic in ("block proposed", "block confirmed", "block final")
    }

    assert [6, 5, 0] == [len(found) for found in notes.values()]


def test_the_storm_is_as_the_lesson_tells() -> None:
    """18 of 100 lost; bob and cat away; mallory without stake; nothing is ever final, and nobody falls."""
    world, lab = make_world(runs.STORM), runs.open_storm(12)
    lab.look_ahead()

    assert 180_000 == world.loss
    assert {"bob", "cat"} == {outage.peer for outage in world.outages}
    assert world.has_forger and "mallory" not in dict(world.stakes)
    assert (12, 1_000_000) == (lab.cursor, lab.trace.time_of(12))
    assert [] == list(runs.get_notes(lab, "block final"))
    assert "stands" not in check_world(runs.STORM, FaultyNode).broken


def test_without_py_ipv8_the_card_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """No error: Run All goes on."""
    monkeypatch.setattr(real, "find_spec", lambda name: None)
    card = run_card(ToyNode)

    assert ("Not played", real.INSTALL) == (card.word, card.code)


def test_a_peer_that_falls_or_lags_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, whatever it raises; what is no node is the caller's mistake."""

    async def fall(node, patience):
        raise KeyError("block")

    async def lag(node, patience):
        raise TimeoutError

    monkeypatch.setattr(real, "find_spec", lambda name: object())
    monkeypatch.setattr(real, "play", fall)
    assert "It ended early. KeyError: 'block'" in repr(run_card(FaultyNode))
    monkeypatch.setattr(real, "play", lag)
    assert "Not all five hold both payments for final after 12 seconds." in repr(run_card(FaultyNode))
    with pytest.raises(UsageError, match="wanted a class such as"):
        run_card(int)


def run_card(node: type):
    """What the lesson's cell shows."""
    return asyncio.run(real.play_on_ipv8(node))


@pytest.mark.skipif(find_spec("ipv8") is None, reason="needs the extra ipv8; CI has it")
@in_loop
async def test_the_same_class_finalises_on_real_sockets() -> None:
    """Five peers on loopback, one card with five lines; both payments at everybody."""
    card = await real.play_on_ipv8(ToyNode)

    assert "Final" == card.word, card
    lines = card.code.splitlines()
    assert list(real.NAMES) == [line.split()[0] for line in lines]
    assert all("gus 1: 30 to ann" in line and "bob 1: 7 to cat" in line for line in lines)
