"""Lesson 14, the comb and the fake chain: what the lesson tells of them holds for whoever learns."""

from functools import cache

import pytest

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l14_comb, l14_fake
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l14_comb import SPEED_UP, find_end, get_speed_up, measure_speed_up
from blockchain_lab.course.l14_fake import FEED_FAKES, count_bytes, count_fakes, get_chain
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.reading import get_messages, get_servers
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive

LEARNERS = ("", "Ada", "Bob", "Grace Hopper", "0", "18446744073709551615")
SEEDS = [make_learner(name or 7).seed for name in LEARNERS]
EVERY_SEED = pytest.mark.parametrize("seed", SEEDS)
join = cache(l14_comb.join)


@cache
def play(seed: int) -> Lab:
    """The story of the fake chain, untouched; read only."""
    lab = Lab("fake_chain", seed=seed)
    lab.run()
    return lab


@EVERY_SEED
def test_more_servers_are_quicker_but_not_as_many_times(seed: int) -> None:
    """From one to four gains more than from four to eight; eight gain less than eightfold."""
    one, four, eight = (find_end(join(servers, seed))[0] for servers in (1, 4, 8))

    assert one / four > four / eight > 1.2
    assert 3 < one / eight < 7
    assert one / four < 4


@EVERY_SEED
def test_the_speed_up_comes_out_the_same_when_the_others_are_never_dialled(seed: int) -> None:
    """Two sets of runs, two ways to read them."""
    assert abs(get_speed_up(seed) - measure_speed_up(seed)) < SPEED_UP.tolerance / 2


def test_learners_have_speed_ups_that_can_be_told_apart() -> None:
    """Who copies a neighbour's number gets it wrong."""
    answers = [get_speed_up(seed) for seed in SEEDS]

    assert Verdict.WRONG == SPEED_UP.judge(max(answers), SEEDS[answers.index(min(answers))]).verdict
    assert max(answers) - min(answers) > 4 * SPEED_UP.tolerance


@EVERY_SEED
def test_every_tooth_of_the_comb_brings_blocks(seed: int) -> None:
    """All eight servers send some, none sends most; those that were stopped send none."""
    shares = [
        len(list(get_messages(join(8, seed), "block", sender=name))) for name in get_servers(join(8, seed))
    ]
    alone = [
        len(list(get_messages(join(1, seed), "block", sender=name))) for name in get_servers(join(1, seed))
    ]

    assert 600 == sum(shares)
    assert 20 < min(shares) <= max(shares) < 300
    assert [600, *([0] * 7)] == alone


@EVERY_SEED
def test_the_careful_one_takes_part_of_the_fake_chain_the_other_takes_all(seed: int) -> None:
    """What the lesson says of the untouched run; both end on the honest chain."""
    lab = play(seed)
    honest = list(get_chain(lab, "sue"))

    assert 0 < count_fakes(lab) < 75
    assert 151 == len(list(get_messages(lab, "block", sender="mal", receiver="bob")))
    assert 3 * count_bytes(lab, "ann") < 2 * count_bytes(lab, "bob")
    assert [honest[-1]] * 2 == [lab.peer(name).chain.tip.hash[::-1].hex() for name in ("ann", "bob")]


def test_the_fake_chain_has_less_work() -> None:
    """151 against 200 blocks of the same difficulty; both were checked when they were read from the disk."""
    fake, honest = (play(7).peer(name).chain for name in ("mal", "sue"))

    assert (151, 200) == (fake.tip.height, honest.tip.height)
    assert fake.tip.work < honest.tip.work


@EVERY_SEED
def test_the_careful_one_can_be_fooled_in_two_ways(seed: int) -> None:
    """Whoever learns: sue off and on again, or a cut that heals."""
    for make in (l14_fake.feed, l14_fake.cut_off):
        judgement = FEED_FAKES.judge(make(seed), seed)

        assert judgement.is_right, judgement.message


def test_it_must_be_the_learners_own_run() -> None:
    """A neighbour's run costs no try."""
    judgement = FEED_FAKES.judge(l14_fake.feed(8), 7)

    assert Verdict.UNCLEAR == judgement.verdict
    assert "yours is 7" in judgement.message


def test_a_warning_in_time_is_pointed_at() -> None:
    """Sue comes back while mal is still sending: the card names the event at which ann hears of her chain."""
    lab = Lab("fake_chain", seed=7)
    lab.goto(at=2 * SECOND)
    lab.do(Kill("bob"))
    lab.run()
    judgement = FEED_FAKES.judge(lab, 7)
    lab.goto(event=judgement.event or 0)
    (headers,) = {r.detail.command for r in lab.records if r.kind == Kind.DELIVER}

    assert Verdict.WRONG == judgement.verdict
    assert "headers" == headers


def test_ann_may_be_stopped_if_she_ends_up_alive() -> None:
    """Not so: whoever stops her has not fooled her, even if she is started again."""
    lab = Lab("fake_chain", seed=7)
    lab.goto(at=5 * SECOND)
    lab.do(Kill("ann"))
    lab.do(Revive("ann"))
    lab.run()

    assert "You stopped ann herself" in FEED_FAKES.judge(lab, 7).message
