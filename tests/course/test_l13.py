"""Lesson 13: tips over several seeds, the three tasks, labels by walking, chances by the papers' tables."""

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.races import compute_success, count_successes
from blockchain_lab.chain.selfish_mining import simulate
from blockchain_lab.course import l13_arrivals as arrivals
from blockchain_lab.course import l13_cut as cut
from blockchain_lab.course import l13_eclipse as eclipse
from blockchain_lab.course import l13_odds as odds
from blockchain_lab.course import l13_plots as plots
from blockchain_lab.course import l13_tips as tips
from blockchain_lab.course.l13_attack import TAKE_BACK, get_thoughts
from blockchain_lab.course.l13_power import ECLIPSED
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

SEED = 7
SEEDS = [SEED, 101, 102]


@pytest.mark.parametrize("seed", SEEDS)
def test_seven_tips_become_one_for_every_learner(seed: int) -> None:
    """Equal work moves nobody, more work moves all."""
    assert (7, 1) == tips.count_tips(seed)


def test_the_lesson_opens_on_seven_tips() -> None:
    """At the poster each has its own, and the messages that tell of them are on their way."""
    lab = Lab(tips.STORY, seed=SEED)
    lab.goto(event=lab.scenario.poster)
    final = tips.get_tips_in_the_end(lab)

    assert 7 == len(set(final.values())) == len(final)
    assert {3} == {height for height, _ in final.values()}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", [tips.MAKE_A_TIE, cut.TURN_ROUND, TAKE_BACK], ids=lambda task: task.id)
def test_the_tasks_can_be_done_with_every_seed(task, seed: int) -> None:
    """Both ways of doing them pass, whatever the luck of the lines."""
    for make in (task.answer, task.again):
        judgement = task.judge(make(seed), seed)

        assert judgement.is_right, judgement.message


def test_as_many_blocks_as_the_others_leave_two_truths() -> None:
    """With one more block for the left half both have three: the healed network stays of two minds."""
    assert 2 == cut.count_tips(cut.mine_left(1, SEED))
    assert 1 == cut.count_tips(cut.mine_left(2, SEED)) == cut.count_tips(cut.mine_left(0, SEED))


def test_without_help_eve_gives_up() -> None:
    """The story as it is; with three more blocks she has her coin back."""
    lab = Lab("double_spend_fails", seed=SEED)
    lab.run()

    assert get_thoughts(lab, "gives up")
    assert get_thoughts(TAKE_BACK.answer(SEED), "has its coin back")


@pytest.mark.parametrize("seed", range(30))
def test_each_learner_has_three_main_two_stale_two_orphans(seed: int) -> None:
    """Other letters, the same tree; engine and walk agree, and the late block turns it round."""
    labels = arrivals.get_labels(seed)
    later = arrivals.label(arrivals.get_arrivals(seed))

    assert ["main"] * 3 + ["orphan"] * 2 + ["stale"] * 2 == sorted(labels.values())
    assert arrivals.walk_labels(seed) == labels
    assert {name for name in labels if later[name] == "stale"} < {n for n in labels if labels[n] == "main"}
    assert "main" == later["H"] == next(later[name] for name in labels if labels[name] == "orphan")


def test_a_block_is_drawn_with_what_it_is() -> None:
    """The list says no more than who the parent is; the tree has a colour for each kind."""
    plain, shown = arrivals.show_arrivals(SEED), arrivals.show_arrivals(SEED, labels=True)

    assert "orphan" not in repr(plain) + plain._repr_html_()
    assert 2 == repr(shown).count(": orphan")
    assert all(colour in shown._repr_html_() for colour in arrivals.COLOURS.values())
    assert arrivals.COLOURS["orphan"] not in arrivals.show_arrivals(SEED, 8, labels=True)._repr_html_()


@pytest.mark.parametrize(
    ("share", "confirmations", "expected"), [(0.1, 6, 0.0002428), (0.3, 5, 0.1773523), (0.3, 10, 0.0416605)]
)
def test_the_chances_are_those_of_the_paper(share: float, confirmations: int, expected: float) -> None:
    """Its table in section 11; engine and sum agree with it to the last digit."""
    assert expected == pytest.approx(odds.sum_like_the_paper(share, confirmations), abs=5e-8)
    assert expected == pytest.approx(odds.by_engine(share, confirmations)(SEED), abs=5e-8)


def test_races_that_are_played_follow_rosenfeld() -> None:
    """3,000 races at 30 % and eight confirmations: 10.0 % are won, not 7.4 %."""
    won = count_successes(300_000, 8, 3_000, SEED) / 3_000

    assert won == pytest.approx(compute_success(0.3, 8), abs=0.016)
    assert won > odds.sum_like_the_paper(0.3, 8) + 0.008


@pytest.mark.parametrize(("gamma", "expected"), [(0.0, 1 / 3), (0.5, 1 / 4)])
def test_selfish_mining_pays_from_there_on(gamma: float, expected: float) -> None:
    """By formula, by halving, and on both sides of it by 30,000 blocks of the state machine."""
    assert expected == pytest.approx(odds.get_threshold(gamma, SEED))
    assert expected == pytest.approx(odds.search_threshold(gamma, SEED), abs=1e-9)
    for share in (expected - 0.05, expected + 0.05):
        part = simulate(round(share * 1e6), round(gamma * 1e6), 30_000, SEED).revenue

        assert (part > share) == (share > expected)


def test_the_pictures_say_in_words_what_they_show() -> None:
    """Every curve for who cannot see it; a share of a half has no curve."""
    chances, earned = plots.draw_odds([0.3], SEED), plots.draw_selfish(SEED)

    assert "Rosenfeld" in chances._repr_html_()
    assert len(plots.PLAYED) + 1 == len(repr(chances).splitlines())
    assert 2 * len(plots.SHARES) + 1 == len(repr(earned).splitlines())
    assert "γ = 0.5" in earned._repr_html_()
    with pytest.raises(UsageError, match=r"below 0\.5"):
        plots.draw_odds([0.5], SEED)


def test_an_eclipsed_shop_waits_three_times_as_long() -> None:
    """And a third longer: 200 minutes instead of 60."""
    assert 200 == ECLIPSED.get_answer(SEED)
    assert "60" in {str(mistake.answer) for mistake in ECLIPSED.mistakes}


@pytest.mark.parametrize("to", ["ann", "bob", "cat", "dan"])
def test_any_honest_line_ends_the_eclipse(to: str) -> None:
    """Six blocks go at once, for the world outside has fourteen; before the dial the shop sees nothing."""
    waiting = eclipse.dial("eve2", 65, SEED)
    ended = eclipse.dial(to, 65, SEED)

    assert 106 == waiting.peer("shop").chain.tip.height
    assert 114 == ended.peer("shop").chain.tip.height
    assert 6 == max(facts["disconnected"] for _, facts in get_notes(ended, "tip changed", "shop"))
    assert ended.peer("shop").chain.tip.hash == ended.peer("eve").chain.tip.hash
    assert 1 == len(ended.peer("shop").pool)
