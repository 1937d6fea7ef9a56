"""Lesson 9: the herd, its cure by chance, Q by hand, weights, limits, lies, votes, and one's own machine."""

import re
from collections import Counter
from itertools import product
from math import inf, nan

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l09_candidates as candidates
from blockchain_lab.course import l09_herd as herd
from blockchain_lab.course import l09_lies as lies
from blockchain_lab.course import l09_limit as limit
from blockchain_lab.course import l09_lines as lines
from blockchain_lab.course import l09_machine as machine
from blockchain_lab.course import l09_normal as normal
from blockchain_lab.course import l09_verdicts as verdicts
from blockchain_lab.course import l09_votes as votes
from blockchain_lab.course import l09_ways as ways
from blockchain_lab.course.l09 import BEST_OF_TWO, LOWEST, NORMAL, QUESTIONS, UPLOAD_Q
from blockchain_lab.course.reading import get_messages, get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.metric import Reading

SEED = 7
SEEDS = [SEED, *range(100, 130)]


# -- the herd ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [SEED, 100, 101])
def test_twenty_take_the_same_one_for_every_learner(seed: int) -> None:
    """Latencies differ, the five numbers do not."""
    assert {"ann": 20} == herd.count_first_wave(herd.play(seed))
    assert 20 == herd.get_busiest(seed) == herd.reckon_busiest(seed)


def test_the_lesson_opens_on_a_hundred_questions() -> None:
    """At 3.06 s twenty have asked five; nobody has been chosen, so nothing is given away."""
    lab = Lab(herd.STORY, seed=SEED)
    lab.look_ahead()
    lab.goto(at=3_060_000)
    asked = [record for record in get_messages(lab, "metric-ask") if record.event <= lab.cursor]
    chosen = [note.event for note, _ in get_notes(lab, "piece asked")]

    assert 100 == len(asked)
    assert 60 == len(chosen) and lab.cursor < min(chosen)


def test_the_event_to_look_at_is_the_longest_line() -> None:
    """Twenty wait at ann then, and the second wave has not begun."""
    lab = Lab(herd.STORY, seed=SEED)
    lab.run()
    lab.goto(event=herd.find_longest_line(SEED))

    assert 20 == len(lab.peer("ann").serving.jobs)
    assert lab.now < herd.SECOND_WAVE


def test_the_story_s_numbers_are_those_in_the_text() -> None:
    """By hand: 2 x load + packets out / 1,000 + packets read / 1,000."""
    table = {"ann": (0.2, 600, 100), "bob": (0.9, 100, 0), "cat": (0.3, 200, 800), "dan": (0.6, 0, 200)}
    by_hand = {name: 2 * load + (out + read) / 1_000 for name, (load, out, read) in table.items()}

    assert {**by_hand, "eve": 2.6} == pytest.approx(herd.get_metrics())


@pytest.mark.parametrize("seed", [SEED, 104, 105])
@pytest.mark.parametrize("task", [herd.FLIP, limit.SHARE], ids=lambda task: task.id)
def test_the_tasks_can_be_done_with_every_seed(task, seed: int) -> None:
    """Both ways of doing them pass, whatever the luck of the lines."""
    for make in (task.answer, task.again):
        judgement = task.judge(make(seed), seed)

        assert judgement.is_right, judgement.message


def test_cheaper_load_sends_them_to_dan_and_a_cheaper_network_to_nobody_new() -> None:
    """Ann 0.9, dan 0.8 at a weight of 1 for the load; without a price for the network ann is still best."""
    assert {"dan": 20} == herd.count_first_wave(herd.flip_choice(SEED))
    assert {"ann": 20} == herd.count_first_wave(herd.turn(herd.NETWORK, 0, SECOND, SEED))


@pytest.mark.parametrize(("most", "is_right"), [(3, False), (4, True), (5, True), (6, False)])
def test_four_or_five_a_minute_are_right_and_their_neighbours_wrong(most: int, is_right: bool) -> None:
    """At three somebody starves, at six somebody passes five."""
    judgement = limit.SHARE.judge(limit.turn([(limit.LIMIT, most)], SEED), SEED)

    assert is_right == judgement.is_right
    assert (most < 4) == judgement.message.startswith("Somebody was refused")


# -- chance --------------------------------------------------------------------------------------------------


def test_old_numbers_and_pairs_by_counting_all_pairs() -> None:
    """Each of ten pairs gives its lower one; so the chances are 4, 3, 2, 1, 0 tenths in order of Q."""
    metrics = herd.get_metrics()
    lower = Counter(min((a, b), key=metrics.get) for a, b in product(metrics, metrics) if a != b)
    chances = [lower[name] / 20 for name in metrics]

    assert chances == pytest.approx(ways.get_chances(herd.TWO))
    assert 1 == pytest.approx(sum(ways.get_chances(herd.WEIGHTED)))
    assert [1, 0, 0, 0, 0] == list(ways.get_chances(herd.MINIMUM))


def test_two_requests_by_hand() -> None:
    """All ways to divide two among three, and of twenty among five as many as there should be."""
    assert [(0, 0, 2), (0, 1, 1), (0, 2, 0), (1, 0, 1), (1, 1, 0), (2, 0, 0)] == list(ways.divide(2, 3))
    assert 24 * 23 * 22 * 21 // 24 == sum(1 for _ in ways.divide(20, 5))


@pytest.mark.parametrize("way", herd.WAYS)
def test_what_is_counted_is_what_is_played(way: str) -> None:
    """Over two thousand rounds, within four standard errors (a round scatters by 1.8 at most)."""
    played = ways.count_busiest(way, 20, SEED, 2_000)

    assert played == pytest.approx(ways.compute_busiest(way), abs=4 * 1.8 / 2_000**0.5)


def test_fresh_numbers_turn_the_order_round() -> None:
    """Four each by the lowest; with old ones all twenty."""
    fresh = {way: ways.count_busiest(way, 1, SEED, 300) for way in herd.WAYS}

    assert 4 == fresh["minimum"] < fresh["two"] < fresh["weighted"]
    assert ["weighted", "two", "minimum"] == ways.order_ways(SEED) == ways.play_ways(SEED)
    assert 20 == ways.count_busiest("minimum", 20, SEED, 10)


def test_what_cannot_be_played_is_refused() -> None:
    """With what was found and what is accepted."""
    for way, age, rounds, words in (
        ("best", 1, 1, "found way 'best', wanted one of minimum, two, weighted"),
        ("two", 0, 1, "found age 0, wanted 1 to 20"),
        ("two", 2.0, 1, "found age 2.0"),
        ("two", 1, 10**9, "found rounds 1000000000, wanted 1 to 20000"),
    ):
        with pytest.raises(UsageError, match=re.escape(words)):
            ways.count_busiest(way, age, SEED, rounds)


def test_the_pictures_say_in_words_what_they_show() -> None:
    """Longest lines and slowest downloads of three runs; requests at the busiest at six ages."""
    waiting, ageing = lines.draw_waiting(SEED), ways.draw_ageing(SEED)
    slowest = [waiting.last[way] for way in herd.WAYS]

    assert [20, 0, 0, 20, 0] == [waiting.get_longest("minimum", name) for name in candidates.NAMES]
    assert slowest == sorted(slowest, reverse=True) and slowest[0] > 2 * slowest[2]
    assert "8.2 s" in repr(waiting) and "nobody" in waiting._repr_html_()
    assert "by chance, weighted" in repr(ageing) and repr(ageing).splitlines()[1].endswith("20.00")
    assert all(
        f'aria-label="{words}' in picture._repr_html_()
        for words, picture in (("Lines at five candidates.", waiting), ("Old numbers.", ageing))
    )


# -- Q -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_each_learner_has_five_of_whom_one_is_best(seed: int) -> None:
    """Two computations, and every listed mistake is another number with its own words."""
    for question in (LOWEST, UPLOAD_Q):
        assert question.answer(seed) == question.again(seed)
        for wrong, sentence in question.get_wrong_answers(seed):
            assert sentence == question.judge(wrong, seed).message
    best = candidates.Candidates(candidates.get_candidates(seed), candidates.Weights()).best
    loads = {name: each.load for name, each in candidates.get_candidates(seed).items()}
    assert best != min(loads, key=loads.get)


def test_q_for_an_upload_by_hand() -> None:
    """The guests' machine: load 0.5 on 2 cores, 430 packets received and 500 written a second."""
    before, after = candidates.get_readings(SEED)
    received, written = (
        (getattr(after, name) - getattr(before, name)) / 15_000 for name in ("received", "written")
    )

    assert (430, 500, 2, 500) == (received, written, after.cores, after.load)
    assert 2 * 0.25 + 0.43 + 0.5 == pytest.approx(candidates.get_upload_quality(SEED))


def test_candidates_are_drawn_with_weights_and_without() -> None:
    """The star stands at the lowest sum; what is no weight is refused."""
    plain, sums = (
        candidates.show_candidates(SEED),
        candidates.show_candidates(SEED, load=2, network=0.001, disk=0.001),
    )

    assert "Q" not in repr(plain) and "★" not in plain._repr_html_()
    assert f"{LOWEST.answer(SEED):.3f}  the lowest" in repr(sums)
    assert "★ lowest" in sums._repr_html_()
    assert "bytes received" in candidates.show_counters(SEED)
    with pytest.raises(UsageError, match="found 'cpu', wanted load, network, disk"):
        candidates.show_candidates(SEED, cpu=1)
    with pytest.raises(UsageError, match="wanted weights from 0 on"):
        candidates.show_candidates(SEED, load=nan)


def test_a_q_of_shares_does_not_change_with_the_unit() -> None:
    """Packets or bytes; and the unit-bound one changes ten thousandfold."""
    packets, in_bytes = (normal.CASES[number] for number in (0, 1))

    assert 125 == normal.quality(*packets) == normal.quality(*in_bytes)
    assert 752 == normal.leave_units(*packets) != normal.leave_units(*in_bytes)


def test_floats_are_told_that_whole_numbers_are_wanted() -> None:
    """Whoever divides with one stroke has nearly understood."""
    judgement = NORMAL.judge(
        lambda a, f, w: sum(100 * x / y * z for x, y, z in zip(a, f, w, strict=True)), SEED
    )

    assert "use `//` instead of `/`" in judgement.message


def test_nine_is_nearly_right_and_eight_is_the_mean_of_the_lowest() -> None:
    """8.79 by counting: a quarter off is still right."""
    assert 8.79 == BEST_OF_TWO.answer(SEED)
    assert BEST_OF_TWO.judge(9, SEED).is_right
    assert "on average" in BEST_OF_TWO.judge(8, SEED).message


# -- what was said, what was done ----------------------------------------------------------------------------


class Scripted:
    """A machine with 8 cores that sends 3,000 bytes a second; its processes have read 5 GB."""

    def read(self, now: int) -> Reading:
        """Its disks have moved nothing."""
        return Reading(now, 300, 8, sent=3_000 * now // SECOND)

    def read_as_pyrsia(self, now: int) -> Reading:
        """The processes' sum."""
        return Reading(now, 300, 8, sent=3_000 * now // SECOND, read=5_000_000_000)


def test_one_machine_by_blog_by_code_and_fairly() -> None:
    """0.6 + 2 packets; 0.6 + 5,000,000; an eighth of 0.6 + 2 packets out. Two looks, a second apart."""
    ticks = iter([10.0, 11.0, 11.0, 11.0])
    waited: list[float] = []
    found = machine.compare_definitions(Scripted, waited.append, lambda: next(ticks))

    assert ["0.602", "5,000,000.600", "0.077"] == list(found.rows[-1][1:])
    assert [1] == waited
    assert "5,000,000,000 bytes since each process began" in found._repr_html_()
    assert "This machine, with 8 cores" in repr(found)


def test_without_psutil_a_machine_is_made_up_and_says_so() -> None:
    """A lesson runs everywhere; the same three numbers."""

    def fail() -> Scripted:
        raise UsageError("this machine's counters need psutil: pip install blockchain-lab[metrics]")

    found = machine.compare_definitions(fail)

    assert "pip install blockchain-lab[metrics]" in found.title and "made up" in found.title
    assert ["0.602", "5,000,000.600", "0.077"] == list(found.rows[-1][1:])


# -- lies, votes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ((1.1, 0.4, 0.1), 1),  # the first below 0.5 ends it
        ((0.5, 0.4), 1),  # 0.5 is not below it
        ((None, 2.0, inf), 1),
        ((2.0, -inf), 1),
        ((nan,), 0),  # alone it is compared with nobody
        ((nan, 0.3), 1),  # the second one is taken before anything is sorted
        ((None, None), None),
    ],
)
def test_rows_of_pyrsias_choice_by_hand(said: tuple[float | None, ...], place: int | None) -> None:
    """`get_idle_peer`, line by line."""
    assert place == lies.choose_as_pyrsia(said)


def test_no_number_ends_the_program_wherever_it_stands() -> None:
    """Two that cannot be compared are enough."""
    for said in ((nan, 1.0), (1.0, nan), (1.0, 2.0, nan)):
        with pytest.raises(lies.CannotCompareError):
            lies.choose_as_pyrsia(said)
    assert "nobody: partial_cmp" in lies.ask_pyrsia(ann=1.0, mal="nan")
    assert ["mal", "ann", "ann"] == [lies.ask_pyrsia(ann=1.0, mal=lie) for lie in ("-inf", "inf", None)]
    assert "Say a number" in lies.ask_pyrsia(mal="idle")


@pytest.mark.parametrize("seed", [SEED, 100, 101, 102])
def test_kim_wants_ida_has_joe_has_not(seed: int) -> None:
    """By what they do in the run, and by what the story tells them to do."""
    assert "b" == lies.find_roles(seed) == lies.read_roles(seed)


def test_seven_of_ten_decide_and_four_stop_it() -> None:
    """Both ways to count; and what each check notices."""
    assert 7 == votes.count_needed(SEED) == votes.vote_one_by_one(SEED)
    assert votes.try_attacks(SEED) == votes.compare_ends(SEED)
    assert ["metric", "hash", "hash", "vote", "vote", "nothing", "nothing"] == list(
        votes.try_attacks(SEED).values()
    )


def test_a_build_that_most_have_tampered_with_is_not_noticed() -> None:
    """Seven bought builders of ten; with six nothing is accepted, and that is noticed."""
    good, bad = b"good", b"bad"

    assert not votes.is_noticed_by_vote(bad, [bad] * 7 + [good] * 3)
    assert votes.is_noticed_by_vote(bad, [bad] * 6 + [good] * 4)


def test_there_are_questions_of_six_kinds() -> None:
    """Numbers, a choice, an order, sortings, a function, two tasks; one is predicted."""
    kinds = Counter(question.kind for question in QUESTIONS)

    assert {"number": 5, "choice": 1, "function": 1, "do": 2, "order": 1, "sorting": 2} == dict(kinds)
    assert [True] == [question.predicted for question in QUESTIONS if question.predicted]
    assert verdicts.PROOFS is QUESTIONS[-1]
