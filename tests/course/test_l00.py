"""Lesson 0: what its words promise holds for every learner; its task against real and bent runs."""

from collections.abc import Iterator
from functools import cache, partial

import pytest

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l00_runs as runs
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l00 import CAUSES, FIRST_ARRIVAL, QUESTIONS, UNKNOWN, WAVE, WINNER
from blockchain_lab.course.l00_break import BREAK_IT, FORKED, HALF, cut
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Partition
from blockchain_lab.study.curves import find_spreads

SEEDS = (7, 1, 2, 3, 554_502_639, 913_242_424)  # the guest, three numbers, Ada Lovelace and Bob
EVERY_SEED = pytest.mark.parametrize("seed", SEEDS)
play = cache(runs.play)  # read only: each run is played once for all tests


@pytest.fixture(scope="module", autouse=True)
def each_run_is_played_once() -> Iterator[None]:
    """The questions read the same runs; nobody acts in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "play", play)
        yield


@EVERY_SEED
@pytest.mark.parametrize("question", [WINNER, FIRST_ARRIVAL, UNKNOWN, CAUSES, WAVE], ids=lambda one: one.id)
def test_for_every_learner_right_passes_and_wrong_fails(question, seed: int) -> None:
    """Both computations agree, and no listed mistake happens to be right with this seed."""
    assert question.judge(question.answer(seed), seed).is_right
    assert question.judge(question.again(seed), seed).is_right
    for answer, sentence in question.get_wrong_answers(seed):
        judgement = question.judge(answer, seed)

        assert (Verdict.WRONG, sentence) == (judgement.verdict, judgement.message)


@EVERY_SEED
def test_the_still_shows_two_halves(seed: int) -> None:
    """The first picture, whatever the seed: two tips, five blocks known on the left and six on the right."""
    lab = play(runs.FILM, seed, runs.STILL)
    left, right = runs.get_halves()

    assert [4, 4, 4, 5, 5, 5] == [lab.peer(name).chain.height for name in lab.names]
    assert set(lab.names) == left | right
    assert 2 == len({lab.peer(name).chain.tip for name in lab.names})


@EVERY_SEED
def test_the_film_ends_on_one_tip(seed: int) -> None:
    """Healed at 32 s, one again before the film ends, on what the right half found."""
    lab = play(runs.FILM, seed)

    assert [5] * 6 == [lab.peer(name).chain.height for name in lab.names]
    assert "c" == runs.get_winner(seed) == runs.reckon_winner(seed)


@EVERY_SEED
def test_a_block_is_on_its_way_in_the_four_views(seed: int) -> None:
    """At 24.5 s: fay found one half a second ago, and eve or dan does not have it yet, or just has it."""
    lab = play(runs.FILM, seed, 24_500_000)
    found = [note.at for note, _ in get_notes(lab, "block accepted") if lab.names[note.peer] == "fay"]

    assert 24 * SECOND == found[-1]


@EVERY_SEED
def test_the_wave_is_the_first_new_block_and_reaches_all(seed: int) -> None:
    """B121, at 10 s, in less than the time until the next one; the three percentages can be told apart."""
    lab = play(runs.WAVE, seed, runs.AFTER_THE_WAVE)
    spread = find_spreads(lab.trace, lab.names)[runs.get_first_block(lab)]
    half, most, everybody = (spread.percentile(percent) for percent in (50, 90, 100))

    assert 10 * SECOND == min(spread.times.values())
    assert half + 20_000 < most < everybody - 20_000
    assert 121 == lab.peer("joe").chain.height


def test_bob_hears_of_the_block_by_its_name() -> None:
    """The first messages of the chain of causes, as records: told to mine, announced, asked, brought."""
    lab = play(runs.FILM, 7, runs.BEFORE_THE_CUT)
    change, facts = next(get_notes(lab, "tip changed", "bob"))
    chain = lab.why(change)

    assert 1 == facts["height"]
    assert [Kind.ACTION, Kind.COMMAND, Kind.SEND] == [record.kind for record in chain[:-4:-1]]


def test_who_hears_of_it_at_second_hand_names_each_kind_once() -> None:
    """The bob of seed 1013 has it from one who had it from ann: the same five kinds, twice."""
    assert CAUSES.judge(CAUSES.answer(1013), 1013).is_right
    assert CAUSES.answer(7) == CAUSES.answer(1013)


def test_the_solution_that_is_shown_is_the_one_that_is_tested() -> None:
    """The lines that the solution card prints act as `answer` does."""
    lab = Lab("relay_headers", seed=7)
    BREAK_IT.acts(lab)

    assert BREAK_IT.answer(7).digest() == lab.digest()
    assert 'mine.do(Partition(("joe", "ida")))' in BREAK_IT.write_answer(7)


@EVERY_SEED
@pytest.mark.parametrize("group", [("joe",), ("ann",), HALF], ids=len)
def test_any_cut_between_the_two_finders_will_do(group: tuple[str, ...], seed: int) -> None:
    """Joe finds a block at 20 s, ann at 30 s: whoever stands between them."""
    assert BREAK_IT.judge(cut(group, seed, finder="ann"), seed).is_right


def test_a_second_cut_and_a_second_heal_are_allowed() -> None:
    """A learner may cut again; what counts is that it is healed in the end."""
    lab = cut(("joe",), 7, finder="ann")
    lab.do(Partition(("bob",)))

    assert "still stands" in BREAK_IT.judge(lab, 7).message
    lab.do(Heal())
    assert BREAK_IT.judge(lab, 7).is_right


def test_one_chain_without_one_of_the_ten_is_not_enough() -> None:
    """Who stops the peer that disagrees has not convinced it."""
    lab = cut(("joe",), 7)
    lab.do(Kill("joe"))
    lab.do(Mine("ann"))
    lab.run(until=45 * SECOND)

    assert Verdict.WRONG == BREAK_IT.judge(lab, 7).verdict


def test_a_fork_by_chance_before_the_cut_does_not_count() -> None:
    """Two found at once make a fork, too; here it is the cut that has to make it."""
    lab = Lab("relay_headers", seed=7)
    lab.goto(at=15 * SECOND)
    for name in ("ann", "joe"):
        lab.do(Mine(name))
    lab.run(until=16 * SECOND)
    lab.do(Partition(("bob",)))
    lab.do(Heal())
    lab.run()

    assert "no two blocks" in BREAK_IT.judge(lab, 7).message


def test_two_futures_are_kept() -> None:
    """As the lesson says: going back and acting where the future was seen begins a second branch."""
    lab = Lab("relay_headers", seed=7)
    lab.run()
    lab.saw(lab.head)
    lab.goto(at=15 * SECOND)
    lab.do(Partition(("joe",)))

    assert 2 == len(lab.branches)
    assert partial(cut, ("joe",), then=FORKED)(7).digest() != lab.digest()
    assert 8 == len(QUESTIONS)
