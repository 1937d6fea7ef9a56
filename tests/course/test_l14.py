"""Lesson 14: its figures against the node's own code and messages, its task against real and bent runs."""

import json
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from blockchain_lab import scenarios
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin import constants
from blockchain_lab.bitcoin.locator import compute_locator_heights
from blockchain_lab.course import l14_runs
from blockchain_lab.course.doing import run_from_plain, run_to_plain
from blockchain_lab.course.judgement import Judgement, Verdict
from blockchain_lab.course.l14 import LOCATOR, QUESTIONS
from blockchain_lab.course.l14_locator import get_locator, get_locator_by_formula
from blockchain_lab.course.l14_runs import LOSE_A_SERVER, find_stop, get_chain_length, stop
from blockchain_lab.course.reading import get_messages, get_newcomers, get_notes, get_records, get_servers
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive

SEED = 7
play = cache(l14_runs.play)  # read only: each run is played once for all tests


@pytest.fixture(scope="module")
def passing() -> Lab:
    """A run in which sue is lost in mid-download; read only."""
    return stop("sue", 5 * SECOND, SEED)


def test_the_locators_agree_with_the_node() -> None:
    """The loop of Bitcoin Core, a formula without a running step, and what our own node sends."""
    for height in [*range(60), 150, 151, 4_500, 850_000]:
        assert get_locator(height) == get_locator_by_formula(height) == compute_locator_heights(height)


def test_a_locator_in_a_run_names_these_heights() -> None:
    """The last `getheaders` of the long download: its hashes stand at the heights that we reckon."""
    lab = play("four_servers", SEED)
    newcomer = get_newcomers(lab)[0]
    *_, asked = get_messages(lab, "getheaders", sender=newcomer)
    chain = lab.peer(newcomer).chain
    heights = [chain.tree[name].height for name in asked.detail.locator]

    assert get_locator(heights[0]) == heights


def test_headers_come_in_messages_of_two_thousand() -> None:
    """The honest answers to the newcomer carry 2,000, 2,000 and 500; a full one is as large as we reckon."""
    lab = play("four_servers", SEED)
    answers = [record.detail for record in get_messages(lab, "headers", sender="tom", receiver="ann")]

    assert [2_000, 2_000, 500] == [len(message.headers) for message in answers]
    assert [162_003, 162_003] == [len(message.encoding) for message in answers[:2]]


def test_the_solution_that_is_shown_is_the_one_that_is_tested(passing: Lab) -> None:
    """The lines that the solution card prints act as `answer` does."""
    lab = Lab("four_servers", seed=SEED)
    LOSE_A_SERVER.acts(lab)

    assert passing.digest() == lab.digest()
    assert 'four.do(Kill("sue"))' in LOSE_A_SERVER.write_answer(SEED)


def judge_saved(lab: Lab, folder: Path) -> Judgement:
    """What a check says of the run's file."""
    path = folder / "run.json"
    lab.save(path)
    return LOSE_A_SERVER.judge(path, SEED)


def test_a_saved_run_with_a_forged_digest_answers_nothing(passing: Lab, tmp_path: Path) -> None:
    """It plays to other records than it says: that is told, and costs no try."""
    path = tmp_path / "run.json"
    passing.save(path)
    forged = json.loads(path.read_text())
    forged["digests"]["trace"] = "0" * 64
    path.write_text(json.dumps(forged))
    with pytest.warns(UserWarning, match="read-only"):
        judgement = LOSE_A_SERVER.judge(path, SEED)

    assert Verdict.UNCLEAR == judgement.verdict
    assert "not the one that was saved" in judgement.message


def test_a_saved_run_is_judged_like_the_lab(passing: Lab, tmp_path: Path) -> None:
    """As a path, and as the line that the progress file keeps: it is played again."""
    assert judge_saved(passing, tmp_path).is_right
    plain = json.loads(json.dumps(run_to_plain(passing)))
    played = run_from_plain(plain)
    assert passing.digest() == played.digest()
    assert LOSE_A_SERVER.judge(played, SEED).is_right
    assert 300 > len(json.dumps(plain))


def test_a_run_may_be_given_in_four_ways(tmp_path: Path) -> None:
    """The lab, its file's path, that path as text, its line: one that goes no further than the act."""
    lab = stop("sue", 5 * SECOND, SEED, and_run=False)
    path = tmp_path / "run.json"
    lab.save(path)
    judgements = [LOSE_A_SERVER.judge(run, SEED) for run in (lab, path, str(path), run_to_plain(lab))]

    assert Verdict.WRONG == judgements[0].verdict
    assert [judgements[0]] * 4 == judgements


def test_only_the_line_under_the_cursor_counts_but_all_of_it(passing: Lab) -> None:
    """Going back does not undo the success; an earlier line without it is judged by itself."""
    lab = passing.fork()
    lab.goto(event=3)

    assert LOSE_A_SERVER.judge(lab, SEED).is_right


def test_an_untouched_lab_is_not_wrong() -> None:
    """Run All on an untouched lesson: nothing was done yet, so nothing is judged."""
    judgement = LOSE_A_SERVER.judge(Lab("four_servers", seed=SEED), SEED)

    assert Verdict.OPEN == judgement.verdict
    assert "not acted" in judgement.message


def test_a_wrong_run_points_at_its_event() -> None:
    """A server stopped too late: the card says where to look."""
    lab = stop("sue", 50 * SECOND, SEED)
    judgement = LOSE_A_SERVER.judge(lab, SEED)

    assert find_stop(lab) == judgement.event
    lab.goto(event=judgement.event or 0)
    assert Kind.KILL in {record.kind for record in lab.records}


def test_a_server_that_comes_back_was_lost_all_the_same() -> None:
    """Reviving it later is allowed: the download had to do without it for a while."""
    lab = stop("sue", 5 * SECOND, SEED, and_run=False)
    lab.goto(at=9 * SECOND)
    lab.do(Revive("sue"))
    lab.run()

    assert LOSE_A_SERVER.judge(lab, SEED).is_right


def changed_lab() -> Lab:
    """The task's scenario with the liar made honest."""
    scenario = scenarios.load("four_servers")
    honest = replace(scenario.peers["liz"], kind="bitcoin")
    return Lab(replace(scenario, peers={**scenario.peers, "liz": honest}), seed=SEED)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (partial(Lab, "headers_first"), "run of `headers_first`"),
        (changed_lab, "was changed"),
        (partial(Lab, "four_servers", level="notes"), "keeps only notes"),
        (lambda: Path("no-such-run.json"), "cannot be opened"),
        (lambda: {"scenario": "four_servers"}, "not a run: 'seed'"),
        (
            lambda: {"scenario": "four_servers", "seed": 7, "actions": [[1, {"do": "Vanish"}]], "head": 2},
            "Vanish",
        ),
        (lambda: {"scenario": "four_servers", "seed": 7, "actions": [[1]], "head": 2}, "not a run"),
        (lambda: 42, "the lab itself is wanted here, found int"),
    ],
)
def test_what_is_no_run_of_the_task_is_not_understood(make, said: str) -> None:
    """Another scenario, a changed one, a lab without its records, a broken file: none costs a try."""
    judgement = LOSE_A_SERVER.judge(make(), SEED)

    assert Verdict.UNCLEAR == judgement.verdict
    assert said in judgement.message


def test_two_stops_do_not_pass_together() -> None:
    """tom, who sent nothing, in time, and sue, who sent blocks, too late: neither in mid-download."""
    lab = stop("tom", 5 * SECOND, SEED, and_run=False)
    lab.goto(at=50 * SECOND)
    lab.do(Kill("sue"))
    lab.run()
    judgement = LOSE_A_SERVER.judge(lab, SEED)
    *_, late = get_records(lab, Kind.KILL)

    assert Verdict.WRONG == judgement.verdict
    assert "Too late" in judgement.message
    assert late.event == judgement.event


def test_killing_all_honest_servers_is_not_enough() -> None:
    """The newcomer must be left somebody who serves it."""
    lab = stop("sue", 5 * SECOND, SEED, and_run=False)
    lab.do(Kill("sam"))
    lab.run()

    assert "leave her one honest server" in LOSE_A_SERVER.judge(lab, SEED).message


def test_the_runs_are_what_the_lesson_says() -> None:
    """The facts that its prose leans on, in the very runs that it shows."""
    lab, old, four = (play(name, SEED) for name in ("headers_first", "blocks_first", "four_servers"))

    assert 151 == get_chain_length(lab) == get_chain_length(old)
    assert 4_500 == get_chain_length(four)
    assert ["server"] == get_servers(lab)
    assert ["liz", "tom", "sue", "sam"] == get_servers(four)
    assert "ann" == get_newcomers(lab)[0] == get_newcomers(four)[0]
    assert not list(get_messages(four, "block", sender="liz"))
    assert not list(get_messages(four, "block", sender="tom"))
    reasons = [
        record.detail[1]["reason"] for record in get_records(four, Kind.NOTE) if "reason" in record.detail[1]
    ]
    assert ["header with invalid proof of work"] == reasons
    assert 12 == len(QUESTIONS)


def test_a_locator_of_floats_is_told_to_divide_whole() -> None:
    """[12.0, 11.0, ...] is no list of heights, though Python's `==` takes it for one."""
    judgement = LOCATOR.judge(lambda height: [one / 1 for one in get_locator(height)], SEED)

    assert Verdict.WRONG == judgement.verdict
    assert "Heights are whole numbers: use `//` instead of `/`." == judgement.message


def test_the_years_of_the_two_methods_agree() -> None:
    """Headers first came with version 0.10, in 2015: the story's title says so, as the lesson does."""
    assert "until 2015" in scenarios.load("blocks_first").title


def when_complete(lab: Lab, name: str) -> int:
    """When this peer had all 151 blocks, in microseconds."""
    return next(note.at for note, facts in get_notes(lab, "tip changed", name) if facts["height"] == 151)


def test_with_one_good_server_blocks_first_is_not_slow() -> None:
    """The surprise that the lesson promises, for every newcomer, and the numbers that explain it."""
    lab, old = play("headers_first", SEED), play("blocks_first", SEED)

    assert all(when_complete(old, name) < when_complete(lab, name) for name in get_newcomers(lab))
    assert (16, 500) == (constants.MAX_BLOCKS_IN_TRANSIT, constants.MAX_BLOCKS_IN_INV)
    assert (1_024, 2 * SECOND) == (constants.BLOCK_DOWNLOAD_WINDOW, constants.STALLING_TIMEOUT)
    assert 120 * SECOND == constants.ASK_AGAIN_AFTER


def test_the_chain_of_causes_leads_from_the_hang_up_to_the_start() -> None:
    """Short enough to be read in the notebook, and complete."""
    four = play("four_servers", SEED)
    note, _ = next(get_notes(four, "peer misbehaved", "ann"))
    chain = four.why(note)

    assert 20 >= len(chain)
    assert ["note", "deliver", "send"] == [record.kind.name.lower() for record in chain[:3]]
    assert Kind.START == chain[-1].kind
