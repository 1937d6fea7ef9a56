"""Lesson 12: the race over seeds, trips by the clock, bytes by formula, the function, both tasks."""

import pytest

from blockchain_lab import scenarios
from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.compact import (
    Partial,
    compute_keys,
    compute_short_id,
    make_compact_block,
    reconstruct,
)
from blockchain_lab.course import l12_runs as runs
from blockchain_lab.course import l12_sums as sums
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l12 import COMPACT, LINE, QUESTIONS
from blockchain_lab.course.l12_budget import BUDGET, act, get_own_cost
from blockchain_lab.course.l12_crowd import CROWD, get_waits, show_waits
from blockchain_lab.course.l12_plots import Ways, draw_ways
from blockchain_lab.course.l12_rebuild import find_missing
from blockchain_lab.lab import Lab
from blockchain_lab.study.twin import make_twin

SEED = 7
SEEDS = (SEED, 100, 117)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_race_ends_alike_for_every_learner(seed: int) -> None:
    """Unasked short ids are first, push is dearest; what is reckoned is near what was measured."""
    costs = runs.weigh(runs.play(runs.STORY, seed))

    assert "b" == runs.find_winners(seed) == sums.reckon_winners(seed)
    assert list(runs.WAYS) == list(costs)
    for way, cost in costs.items():
        assert cost.slowest / SECOND == pytest.approx(sums.reckon_seconds(way), rel=0.25)
        assert sums.reckon_bytes(way) <= cost.total <= 1.45 * sums.reckon_bytes(way)
    assert 5 * sums.WHOLE == costs["inv"].spent["block"]
    assert 5 * sums.SHORT == costs["ask"].spent["cmpctblock"]


def test_trips_by_the_clock() -> None:
    """On wide lines of 0.1 s without luck a neighbour has the block after 0.1 s a trip, and a little."""
    scenario = scenarios.load(runs.STORY).with_value("links.bandwidth", 1_000_000)
    lab = Lab(scenario.with_value("links.jitter", 0), seed=SEED)
    lab.run()
    costs = runs.weigh(lab)

    for way, trips in (("push", 1), ("inv", 3), ("ask", 3), ("fast", 1)):
        waited = costs[way].waits[f"{way}2"]
        assert trips * SECOND // 10 < waited < trips * SECOND // 10 + SECOND // 100


@pytest.mark.parametrize("seed", [100, 117])
def test_trips_are_the_same_with_every_seed(seed: int) -> None:
    """One, three or five, and one question more costs two."""
    counted = {case: str(len(runs.find_trips(case, seed))) for case in runs.CASES}

    assert counted == runs.count_trips(seed) == sums.reckon_trips(seed)
    assert {"1": 2, "3": 4, "5": 2} == {n: list(counted.values()).count(n) for n in ("1", "3", "5")}
    assert ["inv", "getheaders", "headers", "getdata", "block"] == runs.find_trips(runs.TO_TODAY, seed)


def test_the_standard_is_a_way_on_the_map_of_messages() -> None:
    """Five messages, each the answer to the one before; nothing leads back from a block."""
    expected = ["headers", "getdata", "cmpctblock", "getblocktxn", "blocktxn"]

    assert expected == runs.find_standard_order(SEED) == sums.order_by_map(SEED)
    assert [] == sums.find_way_on_map("block", "headers")


def test_the_constants_are_those_of_the_protocol() -> None:
    """Seven megabytes for nothing, fifteen kilobytes of short ids; an inv has 61 bytes, a header 106."""
    assert 7_000_168 == sums.measure_waste(0) == sums.reckon_waste(0)
    assert 15_317 == sums.measure_compact(0) == sums.reckon_compact(0)
    assert (61, 106) == (sums.NAMED, sums.TOLD)
    assert (1_882, 332) == (sums.WHOLE, sums.SHORT)


@pytest.mark.parametrize(
    ("size", "is_right"),
    [(15_317, True), (15_320, True), (15_280, True), (15_000, False), (15_117, False), (15_237, False)],
)
def test_a_block_in_short_ids_is_more_than_its_ids(size: int, is_right: bool) -> None:
    """Some forty bytes of envelope, key and counts may be left out; the header and the coinbase may not."""
    assert is_right == COMPACT.judge(size, SEED).is_right


@pytest.mark.parametrize(("delay", "percent"), [(6, 1.0), (12, 2.0), (60, 9.5)])
def test_stale_blocks_by_formula_by_hashes_and_by_luck(delay: int, percent: float) -> None:
    """The figures of the lecture; of 20,000 waiting times as many are shorter, within three errors."""
    random = CounterRandom(get_key("stale", delay))
    draws = 20_000
    rivals = sum(random.exponential(600 * SECOND) < delay * SECOND for _ in range(draws))
    expected = sums.get_stale_percent(delay)
    error = (expected * (100 - expected) / draws) ** 0.5

    assert percent == round(expected, 1)
    assert expected == pytest.approx(sums.count_stale_percent(delay), abs=1e-4)
    assert abs(100 * rivals / draws - expected) < 3 * error


@pytest.mark.parametrize("seed", SEEDS)
def test_two_counts_of_one_line_agree(seed: int) -> None:
    """What is about payments is what is not about blocks; no slip gives the same sum."""
    right = runs.sum_payments(seed)

    assert right == runs.take_blocks_from_all(seed)
    assert right not in {mistake.get_answer(seed) for mistake in LINE.mistakes}
    assert 1_464 + sums.WHOLE < right + sums.WHOLE, "24 names of 61 bytes, and at least one payment"


def test_the_table_of_a_line_holds_each_message() -> None:
    """24 payments are announced between inv1 and inv3; the block crosses once."""
    lab = runs.play(runs.STORY, SEED)
    rows = runs.count_line(lab, *runs.WATCHED)
    about = {"payments": 0, "blocks": 0}
    for (_, what, size), count in rows.items():
        about[what] += size * count

    assert 1 == rows["block", "blocks", sums.WHOLE]
    assert rows["getdata", "payments", 61] == rows["tx", "payments", 95] > 0
    assert 24 <= rows["inv", "payments", 61]
    assert about["payments"] == runs.sum_payments(SEED)
    assert len(rows) + 1 == len(runs.show_line(lab, *runs.WATCHED).splitlines())


@pytest.mark.parametrize("gone", [(), (3,), (1, 8, 9), range(24)])
def test_the_learners_function_asks_for_what_the_engine_asks_for(gone) -> None:
    """The block of the race and a mempool with gaps; place 0 is the coinbase, which comes whole."""
    chain = runs.play(runs.STORY, SEED).peer("ask1").chain
    block = chain.get_block(chain.tip.hash)
    compact = make_compact_block(block, nonce=5)
    pool = [tx for number, tx in enumerate(block.transactions[1:]) if number not in gone]
    keys = compute_keys(compact.header, compact.nonce)
    known = [compute_short_id(keys, tx.wtxid()) for tx in pool]
    result = reconstruct(compact, pool)
    asked = result.missing if isinstance(result, Partial) else ()

    assert list(gone) == find_missing(list(compact.short_ids), known)
    assert [place + 1 for place in gone] == list(asked)


def test_an_id_that_stands_twice_is_asked_for() -> None:
    """Which of the two is meant nobody can know."""
    assert [0] == find_missing([4, 5], [4, 5, 4])


@pytest.mark.parametrize("seed", [SEED, 105])
@pytest.mark.parametrize("task", [BUDGET, CROWD], ids=lambda task: task.id)
def test_the_tasks_can_be_done_with_every_seed(task, seed: int) -> None:
    """Both ways of doing them pass."""
    for make in (task.answer, task.again):
        judgement = task.judge(make(seed), seed)

        assert judgement.is_right, judgement.message


@pytest.mark.parametrize("way", ["push", "inv", "fast"])
def test_only_one_way_keeps_the_budget(way: str) -> None:
    """Two are too dear, one sends what nobody asked for; the learner is led to where."""
    lab = act(runs.STORY, 19 * SECOND, [Mine(f"{way}1")], SEED)
    judgement = BUDGET.judge(lab, SEED)

    assert Verdict.WRONG == judgement.verdict
    assert (way == "fast") == ("without having asked" in judgement.message) == (judgement.event is not None)
    assert (way == "fast") == (get_own_cost(lab).total <= 4_000)


def test_patience_lets_the_block_pass() -> None:
    """The same forty payments, told of after waiting times as today: the block is hardly late."""
    crowded = CROWD.answer(SEED)
    patient = make_twin(crowded, {"policy.trickle_rule": "poisson"})
    patient.run()

    assert max(get_waits(crowded).values()) > 1.5 * max(get_waits(patient).values())
    assert 6 == len(get_waits(patient)) == show_waits(patient).count(" s")


def test_payments_before_the_block_do_not_count() -> None:
    """They make it a little longer, and are gone when it comes."""
    lab = act("crowded_line", 69 * SECOND, [Pay("bob")] * 45, SEED)

    assert "not late enough" in CROWD.judge(lab, SEED).message


def test_the_lesson_opens_when_nobody_has_won() -> None:
    """At the poster four have a block, those who found it; the picture of costs has nothing to hide then."""
    lab = Lab(runs.STORY, seed=SEED)
    lab.goto(event=lab.scenario.poster)
    costs = runs.weigh(lab)

    assert {"push": 1, "inv": 1, "ask": 1, "fast": 1} == {way: len(cost.waits) for way, cost in costs.items()}
    assert 12 == len(QUESTIONS)


def test_the_picture_can_be_drawn_at_any_time() -> None:
    """Before the race it is empty; after it each way has a mark, a shape and a name."""
    empty, full = Ways({}), draw_ways(runs.play(runs.STORY, SEED))

    assert 1 == len(repr(empty).splitlines())
    assert "translate" not in empty._repr_html_()
    assert 2 * 4 == full._repr_html_().count("translate")
    assert all(words in repr(full) for words in runs.WAYS.values())
