"""Lesson 15: shares over several seeds, the two tasks, coins by the chain's own rule, chances by hand."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from math import sqrt

import pytest

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.peercoin import weight
from blockchain_lab.course import l15_burn as burn
from blockchain_lab.course import l15_coins as coins
from blockchain_lab.course import l15_leaders as leaders
from blockchain_lab.course import l15_odds as odds
from blockchain_lab.course import l15_plots as plots
from blockchain_lab.course import l15_relatives as relatives
from blockchain_lab.course import l15_runs as runs
from blockchain_lab.course import l15_side as side
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive

SEED = 7
SEEDS = [SEED, 100, 101, 102, 103]


@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_one_per_cent_make_about_half_of_the_blocks(seed: int) -> None:
    """With each learner's luck: four standard errors are 21 points."""
    makers = Counter(runs.play_makers(runs.MAJORITY, seed))

    assert 0.51 == pytest.approx(runs.get_part(makers), abs=0.21)
    assert 7 == len(makers), "each of the others makes some, too"
    assert "b" == runs.find_majority(seed) == runs.draw_majority(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_large_coin_makes_far_fewer_blocks_than_its_share(seed: int) -> None:
    """60 % of all coins: about a quarter of the blocks in one piece, 60 % in pieces of the others' size."""
    part = runs.get_part(Counter(runs.play_makers(runs.ONE_COIN, seed)))

    assert part < 0.4
    assert 0.27 == pytest.approx(runs.count_coins(0, seed), abs=0.05)
    assert 0.6 == pytest.approx(runs.count_coins(1_000_000, seed), abs=0.1)
    assert "c" == runs.find_one_coin(seed) == runs.draw_one_coin(seed)


def test_a_part_between_two_options_is_the_upper_one_s() -> None:
    """Every part of the blocks has an option; the ends have theirs."""
    options = [runs.choose(part, runs.COIN_OPTIONS) for part in (0.0, 0.05, 0.3, 0.5, 0.6, 0.75, 0.76, 1.0)]

    assert ["d", "d", "c", "c", "b", "b", "a", "a"] == options


def test_what_wrong_answers_are_pointed_to() -> None:
    """The first block of somebody else; the block behind which ann's coin weighs nothing."""
    majority, one_coin = (Lab(story, seed=SEED) for story in (runs.MAJORITY, runs.ONE_COIN))
    for lab in (majority, one_coin):
        lab.run()
    makers = [(note.event, facts["proposer"]) for note, facts in get_notes(majority, "block proposed")]
    weights = [(note.event, facts["shares"]["ann"]) for note, facts in get_notes(one_coin, "lottery")]
    other, reset = runs.find_another_maker(SEED), runs.find_reset(SEED)

    assert {"ann"} == {maker for event, maker in makers if event < other}
    assert "ann" not in {maker for event, maker in makers if event == other}
    assert {0} == {weight for event, weight in weights if event == reset}


def test_six_in_a_row() -> None:
    """0.51 to the sixth is 1.8 %, as the specification of this lottery says."""
    assert 0.0176 == round(float(Fraction(51, 100) ** 6), 4)
    assert odds.chain_limits(SEED) == pytest.approx(float(Fraction(51, 100) ** 6), abs=1e-12)
    assert odds.count_rows(SEED) == pytest.approx(float(Fraction(51, 100) ** 6), abs=1e-12)


@pytest.mark.parametrize(
    ("winners", "option"),
    [
        ([], "d"),
        (["ann"] * 100, "a"),
        (["bob"] * 100, "a"),
        (["ann", "bob"] * 50, "b"),
        (["ann", "ann", "bob", "bob"] * 25, "c"),
    ],
)
def test_winners_are_told_apart(winners: list[str], option: str) -> None:
    """Always the same, in turn, and what is neither; nobody at all."""
    assert option == odds.tell_apart(winners)


@pytest.mark.parametrize("seed", range(100, 105))
def test_equal_stakes_have_equal_chances_and_no_memory(seed: int) -> None:
    """By blocks that are checked, and by hashes alone."""
    assert "c" == odds.play_equal(seed) == odds.hash_equal(seed)


@pytest.mark.parametrize(("days", "expected"), [(29, 0), (30, 0), (31, 1), (60, 30), (90, 60), (365, 60)])
def test_a_coin_weighs_what_the_chain_says(days: int, expected: int) -> None:
    """Ours and the chain's own, for a coin and for many."""
    assert expected == coins.coin_days(1, days) == coins.coin_days_by_engine(1, days)
    assert 1_000 * expected == coins.coin_days(1_000, days) == weight(1_000, days)


def test_a_hundred_old_coins_against_a_thousand_young_ones() -> None:
    """By today's rule 1,000 to nothing; by the first one 4,000 to 3,000."""
    assert (1_000, 0) == (weight(*coins.POOR), weight(*coins.RICH))
    assert (4_000, 3_000) == (coins.count_every_day(*coins.POOR), coins.count_every_day(*coins.RICH))
    assert 1_000 == coins.weigh_the_better(SEED) == coins.add_the_better(SEED)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_drawing_shows_the_blocks_of_the_run(seed: int) -> None:
    """A full dot is a block of that name in that second, below its line; then the line is at nothing."""
    lab = Lab(runs.ONE_COIN, seed=seed)
    lab.run()
    entry, made = lab.peer("ann").head, set()
    while entry.previous is not None:
        made.add((entry.header.proposer, entry.header.time // SECOND))
        entry = entry.previous
    drawn = coins.draw_coins(seed)

    for name, seconds in drawn.tries.items():
        shown = {(name, second.at) for second in seconds if second.has_block}
        assert {row for row in made if row[0] == name and row[1] <= coins.DAYS} == shown
        assert all(second.is_hit for second in seconds if second.has_block)
        for block, later in pairwise(seconds):
            assert not block.has_block or later.limit == 0
    assert max(second.hash for second in drawn.tries["ann"]) > 0.9, "most hashes are too large to be drawn"
    assert f"ann, 60% of all coins: blocks at second {min(at for who, at in made if who == 'ann')}" in repr(
        drawn
    )
    assert drawn._repr_html_().count('r="5.5"') == 1 + sum(
        second.has_block for seconds in drawn.tries.values() for second in seconds
    )


def test_those_who_sign_both_cancel_out() -> None:
    """10 % against 30 %: a quarter, and 729 times the chance of (1/9)**6."""
    q = odds.get_effective_share(SEED)

    assert 0.25 == q == odds.count_turns(SEED)
    assert 729 == round((q / (1 - q)) ** 6 / (0.1 / 0.9) ** 6)


def test_races_follow_the_formula_and_end_undecided_at_the_edge() -> None:
    """At 80 % the formula says surely, in the end; half of the races are not over by then."""
    drawn = plots.draw_greed(SEED)

    assert 0 == drawn.won[0.0]
    assert 0.088 == pytest.approx(drawn.won[0.75], abs=3 * sqrt(0.088 * 0.912 / plots.RACES))
    assert 0.3 < drawn.won[0.8] < 0.8
    assert 0.98 < drawn.won[0.85]
    assert 1 + len(plots.GREEDY) == len(repr(drawn).splitlines())
    assert "200 races" in drawn._repr_html_()


def test_grinding_pays_under_one_kernel_only() -> None:
    """54 % of the blocks for eight variants; with names in the modifier it stays at 20 %."""
    played = plots.draw_grinding(SEED)
    error = sqrt(0.2 * 0.8 / plots.BLOCKS)

    assert 0.5438 == pytest.approx(odds.get_ground_share(SEED), abs=5e-5)
    assert odds.walk_ground_share(SEED) == pytest.approx(odds.get_ground_share(SEED))
    assert plots.get_ground(8) == pytest.approx(odds.get_ground_share(SEED))
    assert played.parts["hash of the block"][8] > 0.4
    for tries in plots.TRIES:
        assert 0.2 == pytest.approx(played.parts["names of makers"][tries], abs=3.5 * error)
    assert 1 + len(plots.TRIES) == len(repr(played).splitlines())
    assert "names of makers" in played._repr_html_()


def test_who_is_there_has_a_third_of_the_blocks() -> None:
    """A quarter of the slots; with the run's own blocks, from bob's last one on, as well."""
    lab = Lab("authority_turns", seed=SEED)
    lab.run()
    entry, makers = lab.peer("ann").head, []
    while entry.previous is not None and entry.header.proposer != "bob":
        makers.append(entry.header.proposer)
        entry = entry.previous
    rounds = makers[: len(makers) // 3 * 3]

    assert Fraction(1, 3) == Fraction(rounds.count("ann"), len(rounds))
    assert odds.play_without_bob(SEED) == odds.divide_by_three(SEED) == pytest.approx(1 / 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bar_at_the_end_of_the_turns_is_no_answer(seed: int) -> None:
    """7 of 24 blocks are ann's, with bob's time; 5 of the 14 since second 52, cut off in mid-round."""
    lab = Lab("authority_turns", seed=seed)
    lab.run()
    entry, made = lab.peer("ann").head, []
    while entry.previous is not None:
        made.append((entry.header.proposer, entry.header.time))
        entry = entry.previous
    parts = [
        Fraction(names.count("ann"), len(names))
        for names in ([name for name, _ in made], [name for name, at in made if at >= 52 * SECOND])
    ]

    assert [Fraction(7, 24), Fraction(5, 14)] == parts
    for part, words in zip(parts, ("her bar", "mid-round"), strict=True):
        assert words in relatives.ABSENT.judge(float(part), seed).message


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (relatives.GROUND, (54.38, 54.4)),
        (relatives.ABSENT, (33.33, 33.3)),
        (relatives.DISK, (30.77, 30.8)),
        (relatives.ASHES, (66.67, 66.7)),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_per_cent_are_recognised_exact_and_rounded(question, answers: tuple[float, float]) -> None:
    """Of a share that does not end, by its first four figures or by three."""
    exact, rounded = (question.judge(answer, SEED).message for answer in answers)

    assert exact.startswith("That is per cent. ")
    assert rounded.startswith("That is per cent, and rounded. ")


def test_a_new_disk_makes_the_total_larger_as_well() -> None:
    """256 of 832; the shortest deadlines, added up, agree."""
    assert 0.3077 == round(odds.get_plotted_part(SEED), 4)
    assert odds.get_plotted_part(SEED) == pytest.approx(odds.add_up_deadlines(SEED), abs=1e-5)


def test_fresh_ashes_weigh_more_than_old_ones() -> None:
    """300 units against three times 100, which have halved: two thirds, not a half."""
    assert 2 / 3 == pytest.approx(odds.get_fresh_part(SEED), abs=1e-12)
    assert odds.get_fresh_part(SEED) == odds.halve_old_ashes(SEED)


def test_nobody_fills_the_slots_of_who_is_away() -> None:
    """30 of 80 slots that have a block; 60,000 slots of schedules say the same."""
    assert 0.375 == odds.leave_out_bob(SEED)
    assert 0.375 == pytest.approx(odds.count_schedules(SEED), abs=0.012)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", [burn.BURN, leaders.SILENCE], ids=lambda task: task.id)
def test_the_tasks_can_be_done_and_missed_with_every_seed(task, seed: int) -> None:
    """Both ways pass; every way to miss it is told so in its own words."""
    for make in (task.answer, task.again):
        judgement = task.judge(make(seed), seed)

        assert judgement.is_right, judgement.message
    for wrong, sentence in task.get_wrong_answers(seed):
        assert sentence == task.judge(wrong, seed).message


def test_ashes_of_the_same_age_are_not_enough() -> None:
    """At second 70 dan's are as fresh as ann's, and there are more; late she has more than half."""
    early, late = (
        max(p for _, p in burn.get_parts(burn.burn(at * SECOND, (300,), SEED))) for at in (70, 280)
    )

    assert early < 0.5 < late


@pytest.mark.parametrize(
    ("amounts", "told"), [((100, 100, 100), "copy"), ((180, 120), ""), ((200, 50, 50), "")]
)
def test_a_second_burn_of_the_same_amount_is_a_copy(amounts: tuple[int, ...], told: str) -> None:
    """Different amounts add up. Who has more than half without what was dropped has it all the same."""
    judgement = burn.BURN.judge(burn.burn(280 * SECOND, amounts, SEED), SEED)

    assert judgement.is_right == (not told)
    assert told in judgement.message


@pytest.mark.parametrize("seed", SEEDS)
def test_no_slot_is_empty_while_all_are_there(seed: int) -> None:
    """The schedule is what the run does; so whoever leads is missed, and nobody else."""
    lab = Lab(leaders.STORY, seed=seed)
    lab.run()
    entry, made = lab.peer("ann").head, {}
    while entry.previous is not None:
        made[entry.header.time // leaders.SLOT] = entry.header.proposer
        entry = entry.previous

    assert 0 == leaders.get_longest_silence(lab)
    assert dict(enumerate(leaders.get_leaders(seed))) == {slot: made[slot] for slot in range(leaders.SLOTS)}


def test_a_peer_that_is_off_for_too_long_or_beside_another_is_noticed() -> None:
    """Absences end where the peer is turned on again, else at the schedule's end."""
    two, one = leaders.turn_two_off(SEED), leaders.turn_off(SEED)

    assert not leaders.is_one_at_a_time(two)
    assert {leaders.END} == {end for _, end in leaders.get_absences(two)}
    ((start, end),) = leaders.get_absences(one)
    assert 8 * SECOND < end - start <= leaders.LONGEST


def turn_off_between(first: int, last: int) -> Lab:
    """A run in which the leader of a slot is off from one second to another one."""
    lab, leader = Lab(leaders.STORY, seed=SEED), leaders.get_leaders(SEED)[16]
    lab.goto(at=first * SECOND)
    lab.do(Kill(leader))
    lab.goto(at=last * SECOND)
    lab.do(Revive(leader))
    lab.run()
    return lab


def test_two_empty_slots_and_half_a_minute_are_not_what_is_asked() -> None:
    """The leader of seconds 32 to 40 goes off in the middle of its row; or before it, and stays away."""
    late, long = turn_off_between(35, 43), turn_off_between(31, 61)

    assert 2 == leaders.get_longest_silence(late)
    assert not leaders.is_silent(late)
    assert leaders.is_silent(long)
    assert not leaders.is_one_at_a_time(long)


def test_the_schedule_is_drawn_row_by_row() -> None:
    """Rows of four slots or more of one leader, and a bar for each."""
    schedule = leaders.draw_leaders(SEED)
    rows = schedule.get_rows()

    assert leaders.SLOTS == sum(count for _, _, count in rows)
    assert all(count % leaders.ROW == 0 for _, _, count in rows)
    assert len(rows) == len(repr(schedule).splitlines()) == schedule._repr_html_().count("<rect")


def test_side_by_side_each_share_of_blocks_is_fair() -> None:
    """Seven lotteries, four names: within four standard errors of the share of the resource."""
    drawn = side.draw_side_by_side(SEED)

    assert 7 == len(drawn.bars) == len(repr(drawn).splitlines())
    for lottery, bars in drawn.bars.items():
        assert all(bar.is_fair(4) for bar in bars), lottery
        assert {side.BLOCKS} == {bar.among for bar in bars}
        if lottery != "authority":
            assert dict(side.FOUR) == {bar.name: round(100 * bar.units / bar.total) for bar in bars}
    assert [75] * 4 == [bar.blocks for bar in drawn.bars["authority"]]
    assert 2 * 4 * 7 + 2 == drawn._repr_html_().count("<rect")


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_by_playing_and_by_the_rules(seed: int) -> None:
    """One resets, one melts, four stay."""
    fates = side.find_fates(seed)

    assert {"stays": 4, "resets": 1, "melts": 1} == dict(Counter(fates.values()))
    assert ("resets", "melts") == (fates["coin age"], fates["burn"])
    assert side.reckon_fates(seed) == fates
