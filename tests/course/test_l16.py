"""Lesson 16: what is final, deposits, pairs of votes, two histories, the leak, ten sentences; both ways."""

from itertools import product

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.chain.tree import BlockTree, Snapshot
from blockchain_lab.consensus.block import Block, make_entry, make_genesis
from blockchain_lab.consensus.choices import ffg_eip1011
from blockchain_lab.consensus.slashing import slashable
from blockchain_lab.consensus.view import View
from blockchain_lab.course import l16_deposits as deposits
from blockchain_lab.course import l16_pairs as pairs
from blockchain_lab.course import l16_plots as plots
from blockchain_lab.course import l16_sentences as sentences
from blockchain_lab.course import l16_silence as silence
from blockchain_lab.course import l16_spares as spares
from blockchain_lab.course import l16_sums as sums
from blockchain_lab.course import l16_votes as votes
from blockchain_lab.course.l16 import FOLLOW, QUESTIONS
from blockchain_lab.lab import Lab

SEED = 7
SEEDS = [SEED, 101, 102]
TASKS = pytest.mark.parametrize(
    "task", [votes.BY_FEWEST, spares.TWO_FINALS, silence.LEAK], ids=lambda task: task.id
)


@pytest.mark.parametrize("seed", SEEDS)
@TASKS
def test_the_tasks_can_be_done_with_every_seed(task, seed: int) -> None:
    """Both ways of doing them pass, whatever the luck of the lines."""
    for make in (task.answer, task.again):
        judgement = task.judge(make(seed), seed)

        assert judgement.is_right, judgement.message


@TASKS
def test_what_breaks_a_demand_meets_those_before_it(task) -> None:
    """So each mistake is told in its own words, with another seed than the guests', too."""
    for place, demand in enumerate(task.demands):
        lab = demand.broken_by(102)

        assert [True] * place + [False] == [each.is_met(lab) for each in task.demands[: place + 1]]


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_and_rules_agree_for_every_learner(seed: int) -> None:
    """Every question that is answered by a value, engine and formula."""
    for question in QUESTIONS:
        if question.kind not in ("do", "function"):
            assert question.is_same(question.answer(seed), question.again(seed)), question.id


def test_the_lesson_opens_while_votes_are_on_their_way() -> None:
    """Checkpoint 2 is justified and not final, checkpoint 3 is there, and no vote for it is in a block."""
    lab = votes.play(votes.STORY, SEED)
    opened = 102_300 * MILLISECOND  # as in the notebook
    facts = {
        topic: [fact["epoch"] for note, fact in votes.get_notes(lab, topic, "ann") if note.at <= opened]
        for topic in ("checkpoint reached", "checkpoint justified", "checkpoint finalised")
    }
    sent = [note for note, _ in votes.get_notes(lab, "vote sent") if 102 * SECOND < note.at <= opened]

    assert [[1, 2, 3], [1, 2], [1]] == list(facts.values())
    assert sent


def test_no_three_votes_make_a_checkpoint_final() -> None:
    """Two links are needed, and no validator is two thirds alone: so four votes are the fewest."""
    alone = [votes.vote(((32 * SECOND, (name,), 0, 1),), SEED) for name in votes.DEPOSITS]

    assert [[]] * 4 == [votes.get_topics(lab, "checkpoint justified") for lab in alone]
    assert 4 == votes.FEWEST == len(votes.get_actions(votes.finalise(SEED)))


def test_a_vote_for_the_genesis_s_child_comes_too_late_behind_the_next_checkpoint() -> None:
    """Cast by ann and bob when checkpoint 2 is there: no block may count it any more."""
    lab = votes.vote(((65 * SECOND, ("ann", "bob"), 0, 1),), SEED)

    assert [] == votes.get_topics(lab, "checkpoint justified")


@pytest.mark.parametrize("story", [votes.STORY, votes.BY_HAND])
def test_the_deposits_of_the_text_are_those_of_the_stories(story: str) -> None:
    """Coins, and a thousand units make one."""
    casper = Lab(story).scenario.chain["consensus"]["casper"]

    assert {name: coins * casper["coin"] for name, coins in votes.DEPOSITS.items()} == casper["deposits"]
    assert sums.ALL == sum(votes.DEPOSITS.values())


def test_a_checkpoint_that_is_not_there_yet_cannot_be_named() -> None:
    """Even if the run has been computed to its end. The genesis always can."""
    lab = Lab(votes.BY_HAND, seed=SEED)
    lab.look_ahead()
    lab.goto(at=32 * SECOND)

    assert votes.find_checkpoint(lab, 0) != votes.find_checkpoint(lab, 1)
    with pytest.raises(UsageError, match="no checkpoint of epoch 2 at second 30"):
        votes.find_checkpoint(lab, 2)


def test_the_reference_follows_what_the_engine_follows() -> None:
    """Each case as a tree: what is not final leaves the genesis beside the anchor, the rest stands on it."""
    for (branches,) in FOLLOW.cases:
        assert sums.follow(branches) == ask_engine(branches)


class State:
    """What a fork choice reads of the state behind a tip."""

    def __init__(self, epoch: int, block: bytes) -> None:
        self.justified_epoch, self.justified = epoch, block


def ask_engine(branches: sums.Branches) -> int:
    """The number of the branch that `ffg_eip1011` follows."""
    genesis = make_genesis("follow")
    tree = BlockTree(Snapshot.of_genesis(genesis))
    anchor = make_entry(Block(genesis.hash, 1, 1, "anchor", 1, b"", ()), genesis)
    tree.add(anchor)
    tips, finality = [], {}
    for number, (epoch, work, has_final) in enumerate(branches):
        parent = anchor if has_final else genesis
        tip = make_entry(Block(parent.hash, parent.height + 1, 2, f"tip {number}", work, b"", ()), parent)
        tree.add(tip)
        tips.append(tip.hash)
        finality[tip.hash] = State(epoch, anchor.hash)
    return tips.index(ffg_eip1011(View(tree, anchor, finality)))


def test_a_year_s_reward_is_five_per_cent_as_in_eip_1011() -> None:
    """Its table says 5.00 % for 10,000,000 ETH; formula and 44,600 settled epochs agree to a tenth."""
    assert 75.0 == pytest.approx(deposits.compute_year(SEED), abs=0.05)
    assert deposits.compute_year(SEED) == pytest.approx(deposits.play_year(SEED), abs=0.1)
    assert deposits.YEAR.judge(deposits.multiply_year(), SEED).is_right
    assert "each ETH" in deposits.YEAR.judge(deposits.multiply_year() / 1_500, SEED).message
    assert "A single epoch" in deposits.YEAR.judge(deposits.multiply_year() / 44_600, SEED).message


def test_the_withdrawal_delay_is_four_months() -> None:
    """In blocks instead of epochs, as a comment in the contract has it, it would be two days and a half."""
    assert 121.5 == pytest.approx(deposits.convert_delay(SEED), abs=0.05)
    assert "epochs" in deposits.DELAY.judge(15_000 * 14 / 86_400).message


@pytest.mark.parametrize("seed", range(30))
def test_each_learner_has_two_double_one_surround_four_harmless(seed: int) -> None:
    """Other letters and epochs, the same seven kinds; engine and comparison agree, within the picture."""
    judged = pairs.judge_pairs(seed)
    targets = [cast.target for pair in pairs.get_pairs(seed).values() for cast in pair]

    assert ["double"] * 2 + ["harmless"] * 4 + ["surround"] == sorted(judged.values())
    assert pairs.compare_pairs(seed) == judged
    assert max(targets) < pairs.EPOCHS


def test_every_pair_of_spans_is_judged_as_the_engine_does() -> None:
    """All spans of up to five epochs, on two branches, by one validator or two."""
    casts = [
        pairs.Cast(who, branch, source, target)
        for who, branch in product(("dan", "eve"), "xy")
        for source, target in product(range(5), range(6))
        if source < target
    ]
    for first, second in product(casts, casts):
        if first != second:
            expected = slashable(first.as_vote(), second.as_vote()) or "harmless"
            assert expected == pairs.compare(first, second), (first, second)


def test_what_lies_between_two_final_histories_is_red() -> None:
    """Those of bob and dan; with the two larger spares it is dearer, and with the leak there is nothing."""
    cheap = spares.find_overlap(spares.make_two_finals(SEED))
    dear = spares.find_overlap(spares.act(spares.revive("ann2", "cat2"), SEED))
    leak = Lab("leak_both_halves", seed=SEED)
    leak.run()
    leaked = spares.find_overlap(leak)

    assert (("bob", "dan"), 350, 350) == (cheap.both, cheap.sum(cheap.both), cheap.slashed)
    assert cheap.both == cheap.guilty
    assert ((670, 1_000), (680, 1_000)) == cheap.counted
    assert ("ann", "cat") == dear.both
    assert (("ann", "cat"), ("bob", "dan")) == (cheap.owners, dear.owners)
    assert ((), (), 0) == (leaked.both, leaked.guilty, leaked.slashed)
    assert all(3 * voted >= 2 * total for voted, total in leaked.counted)
    assert spares.find_overlap(spares.act([], SEED)) is None
    cut = spares.find_overlap(spares.act(spares.revive("bob2", "dan2"), SEED, until=200 * SECOND))
    assert (cheap.voters, 0) == (cut.voters, cut.slashed)  # nobody knows yet


def test_no_cheaper_spares_make_two_histories_final() -> None:
    """Of all sixteen choices the cheapest that lends 167 coins to either side costs 350."""
    coins = {"ann2": 320, "bob2": 180, "cat2": 330, "dan2": 170}
    prices = [
        sum(coins[name] for name in chosen)
        for chosen in (
            [name for name, is_on in zip(coins, on, strict=True) if is_on]
            for on in product((False, True), repeat=4)
        )
        if all(
            3 * (500 + sum(coins[name] for name in chosen if name in side)) >= 2_000
            for side in (("cat2", "dan2"), ("ann2", "bob2"))
        )
    ]

    assert spares.CHEAPEST == min(prices)
    assert 3 * spares.CHEAPEST >= 1_000


def test_finality_skips_to_epoch_ten_and_takes_39_blocks_with_it() -> None:
    """The pause of the run, and the sum."""
    assert (2, 10) == silence.find_pause(silence.switch_off(SEED))
    assert 39 == silence.count_in_run(SEED) == silence.multiply_epochs(SEED)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_runs_let_three_of_ten_sentences_stand(seed: int) -> None:
    """Whoever asks, and the rules say the same."""
    groups = sentences.get_groups(seed)

    assert ["coins", "dynasty", "makers"] == [key for key, group in groups.items() if group == "holds"]
    assert sentences.get_groups_by_rule(seed) == groups


def test_the_sentences_show_what_decides_only_when_asked() -> None:
    """Ten rows; then with figures from the runs."""
    plain, told = sentences.show_sentences(SEED), sentences.show_sentences(SEED, runs=True)

    assert 10 == len(repr(plain).splitlines()) == len(repr(told).splitlines())
    assert "holds" not in plain._repr_html_()
    assert 3 == told._repr_html_().count("✓ holds")
    assert "final up to block 10, not up to 19" in repr(told)


def test_the_leak_of_eip_1011_takes_two_weeks_and_three() -> None:
    """40 % and 50 %; its text says "approximately 3 weeks" for a half. Played it is as long."""
    leaks = plots.draw_leak([0.4, 0.5])

    for expected, found in zip((13.7, 21.3), leaks.days.values(), strict=True):
        assert (expected, expected) == pytest.approx(found, abs=0.1)
    with pytest.raises(UsageError, match="above 1/3"):
        plots.draw_leak([0.3])


def test_the_pictures_say_in_words_what_they_show() -> None:
    """For who cannot see them; and where there is nothing to see."""
    drawn = plots.draw_between(spares.make_two_finals(SEED))

    assert "in red: voted for both, 350 coins. Slashed: 350." in drawn._repr_html_()
    assert "voted on both: 350 coins (bob, dan)" in repr(drawn)
    assert "no two final histories" in plots.draw_between(spares.act([], SEED))._repr_html_()
    assert 7 == len(repr(pairs.show_pairs(SEED)).splitlines())
    assert "day 13.7" in plots.draw_leak([0.4])._repr_html_()
