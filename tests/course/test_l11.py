"""Lesson 11: the chain that breaks, real headers, luck over seeds; what learners mine, and Core's kernel."""

import re
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from support.kernel import Kernel

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import l11_gaps as gaps
from blockchain_lab.course import l11_runs as runs
from blockchain_lab.course import l11_sums as sums
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l11 import QUESTIONS
from blockchain_lab.course.l11_chain import MOST_BYTES, Chain, get_limit, make_chain
from blockchain_lab.course.l11_dial import show_race
from blockchain_lab.course.l11_first import JANUARY_2022, FirstBlock, show_january_2022
from blockchain_lab.course.l11_mine import (
    FIND_NONCE,
    compare_backwards,
    make_own_block,
    mine,
    show_own_block,
)
from blockchain_lab.course.l11_seals import TAMPER, forge
from blockchain_lab.course.l11_waits import PAID

SEED = 7
FIRST_NONCE = 2_083_236_893  # of mainnet's genesis


def read_hash(header: bytes) -> str:
    """Of 80 bytes, as people write it; with nothing of ours."""
    return sha256(sha256(header).digest()).digest()[::-1].hex()


# -- the chain -----------------------------------------------------------------------------------------------


def test_one_letter_breaks_all_later_blocks() -> None:
    """Block 1 stays; the hash of each other one begins with four zeros no more."""
    chain = make_chain()
    before = [read_hash(block.header.encode()) for block in chain.blocks]
    chain.write(2, "bob pays cat 30")
    after = [read_hash(block.header.encode()) for block in chain.blocks]

    assert ["0000"] * 4 == [name[:4] for name in before]
    assert before[0] == after[0]
    assert all(not name.startswith("0000") for name in after[1:])
    assert [True, False, False, False] == [chain.is_sealed(number) for number in range(1, 5)]


def test_each_block_holds_the_hash_of_the_one_before() -> None:
    """As the header's bytes 4 to 36, and as the picture's line says; regtest's genesis is below the first."""
    rows = make_chain().get_rows()

    assert "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206" == rows[0]["previous"]
    assert [row["hash"] for row in rows[:-1]] == [row["previous"] for row in rows[1:]]


def test_mining_from_the_right_is_in_vain() -> None:
    """Block 3, then block 2: block 2 has a new hash, and block 3 is broken once more."""
    chain = forge(mined=(3, 2))

    assert [True, True, False, False] == [chain.is_sealed(number) for number in range(1, 5)]


def test_a_search_that_is_left_changes_nothing() -> None:
    """Who asks no more after the first slice has the chain as it was."""
    chain = make_chain(zeros=6)
    before = chain.to_plain()
    step = next(chain.mine(1, chunk=100))

    assert (100, 16**6, None) == (step.tried, step.expected, step.nonce)
    assert before == chain.to_plain()


def test_a_zero_more_is_sixteen_times_as_hard() -> None:
    """And what was sealed with four zeros is seldom sealed with five."""
    chain = make_chain()
    chain.set_zeros(5)

    assert get_limit(4) + 1 == 16 * (get_limit(5) + 1)
    assert not all(row["isSealed"] for row in chain.get_rows())
    assert "BROKEN" in repr(chain)
    with pytest.raises(UsageError, match="found 7, wanted 1 to 6"):
        chain.set_zeros(7)
    with pytest.raises(UsageError, match="found 5, wanted 1 to 4"):
        chain.write(5, "there is no block 5")


def test_any_text_makes_a_block(tmp_path: Path) -> None:
    """Nothing, a long word, a letter of four bytes at the cut: Core's kernel takes each of them."""
    for place, text in enumerate(("", "x" * 200, "x" * (MOST_BYTES - 1) + "\N{GRINNING FACE}")):
        chain = Chain([text], [0], zeros=2)
        chain.mine_from(1)

        assert len(chain.texts[0].encode()) <= MOST_BYTES
        assert Kernel(tmp_path / str(place)).takes(chain.blocks[0])


def test_the_chain_and_the_forged_one_are_taken_by_the_kernel(tmp_path: Path) -> None:
    """All four blocks are real ones of regtest. One that nobody mined again is refused."""
    for name, chain in (("whole", make_chain()), ("forged", forge())):
        kernel = Kernel(tmp_path / name)

        assert all(kernel.takes(block) for block in chain.blocks)
        assert chain.blocks[-1].header.hash() == kernel.tip
    broken = make_chain()
    texts = (f"bob pays eve {amount}" for amount in range(100))
    refused = next(text for text in texts if is_above_regtest(broken, text))
    broken.write(2, refused)
    kernel = Kernel(tmp_path / "broken")

    assert kernel.takes(broken.blocks[0])
    assert not kernel.takes(broken.blocks[1])


def is_above_regtest(chain: Chain, text: str) -> bool:
    """Is block 2 with this text not even good enough for regtest, where every second hash is?"""
    chain.write(2, text)
    return chain.get_hash(2) > 0x7FFFFF << 232


def test_the_chain_as_it_was_is_no_answer() -> None:
    """And a seal that is easier than four zeros is none."""
    easy = forge(mined=())
    easy.set_zeros(1)
    easy.mine_from(2)

    assert Verdict.OPEN == TAMPER.judge(make_chain()).verdict
    assert Verdict.UNCLEAR == TAMPER.judge([["ann pays bob 5", True]] * 4).verdict
    assert Verdict.WRONG == TAMPER.judge(Chain(easy.texts, easy.nonces)).verdict
    assert TAMPER.judge(forge()).is_right


@pytest.mark.parametrize(
    ("zeros", "begin", "words"),
    [
        (3, 2, "Block 2 is broken at 4 zeros: it was changed. Choose 4 zeros, press its Mine"),
        (2, 1, "Block 1 is broken at 4 zeros: it was mined for fewer zeros. Choose 4 zeros, press its Mine"),
    ],
)
def test_who_has_mined_for_fewer_zeros_is_told_to_choose_four(zeros: int, begin: int, words: str) -> None:
    """Four ticks in the picture, but it is judged at four zeros. Block 1 holds no hash that has changed."""
    chain = make_chain(zeros)
    chain.write(2, "bob pays eve 3")
    chain.mine_from(begin)

    assert all(row["isSealed"] for row in chain.get_rows())
    assert TAMPER.judge(chain).message.startswith(words)


# -- the loop, and real headers ------------------------------------------------------------------------------


def test_the_learners_block_is_taken_by_the_kernel(tmp_path: Path) -> None:
    """With the learner's own words in its coinbase; its hash begins with three zeros at least."""
    block = make_own_block(mine, "ada was here")
    assert block is not None
    kernel = Kernel(tmp_path)

    assert kernel.takes_header(block.header)
    assert kernel.takes(block)
    assert block.header.hash() == kernel.tip
    assert b"ada was here" in block.transactions[0].encode()
    assert "000" == read_hash(block.header.encode())[:3]


def test_without_a_good_nonce_there_is_no_block() -> None:
    """A function that returns nothing, raises, or returns a nonce that does not fit."""
    for bad in (lambda header, target: None, lambda header, target: 1 / 0, compare_backwards):
        assert "Not mined yet" in repr(show_own_block(bad, "me"))
    assert read_hash(make_own_block(mine, "me").header.encode()) in repr(show_own_block(mine, "me"))


def test_any_good_nonce_is_right() -> None:
    """Who begins elsewhere finds another one."""

    def from_a_million_on(header: bytes, target: int) -> int:
        nonce = 1_000_000
        while int(read_hash(header + nonce.to_bytes(4, "little")), 16) > target:
            nonce += 1
        return nonce

    assert FIND_NONCE.judge(from_a_million_on).is_right
    assert not FIND_NONCE.judge(lambda header, target: mine(header, 1 << 252)).is_right, "only some fit"
    assert not FIND_NONCE.judge(lambda header, target: 2**32).is_right
    assert not FIND_NONCE.judge(lambda header, target: True).is_right
    assert not FIND_NONCE.judge(lambda header, target: float(mine(header, target))).is_right


def test_the_first_block_is_found_again() -> None:
    """From 40,000 nonces before the right one, in slices; until then it is not sealed."""
    first = FirstBlock(start=FIRST_NONCE - 40_000)
    was_sealed = first.is_sealed
    steps = list(first.mine())

    assert not was_sealed
    assert [None, None, FIRST_NONCE] == [step.nonce for step in steps]
    assert first.is_sealed
    assert "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f" in repr(first)
    assert "The Times" in first.get_rows()[0]["text"]


def test_who_stops_goes_on_behind_the_last_slice() -> None:
    """A cancelled search has lost no tries, though it is no nearer to the end."""
    first = FirstBlock()
    reached = []
    for _ in range(2):
        next(first.mine(chunk=500))
        reached.append(first.header.nonce)

    assert [499, 998] == reached, "the last nonce of a slice is tried once more"
    with pytest.raises(UsageError, match="wanted a nonce"):
        FirstBlock(start=1 << 32)


def test_the_header_of_january_2022_proves_itself() -> None:
    """One double hash: 19 zeros. Its time and its difficulty are those that the text names."""
    assert "0000000000000000000335dd327bde44" == read_hash(JANUARY_2022.encode())[:32]
    assert 1_641_627_937 == JANUARY_2022.time, "2022-01-08 07:45:37 UTC"
    assert "24,371,874,614,346" in show_january_2022()
    assert "1.74 x 10^20 tries a second" in show_january_2022()
    assert read_hash(replace(JANUARY_2022, nonce=0).encode())[:2] != "00"


# -- luck, runs and sums -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(100, 130))
def test_most_blocks_come_sooner_for_every_learner(seed: int) -> None:
    """Of a thousand real hashes that were good enough: 632 within ten minutes, give or take 4.5 sigma."""
    found = gaps.mine_gaps(seed)

    assert 632 == pytest.approx(found.sooner, abs=68)
    assert 10 == pytest.approx(found.mean, abs=1.4)
    assert 1_000 == sum(found.bars)
    assert "c" == gaps.find_sooner(seed) == gaps.draw_sooner(seed)


@pytest.mark.parametrize("seed", range(100, 110))
def test_the_runs_say_the_same_to_everybody(seed: int) -> None:
    """The strongest finds about half; who goes on with old blocks keeps the smallest part of them."""
    share = runs.count_of_strongest(seed) / runs.count_all_found(seed)

    assert 0.5 == pytest.approx(share, abs=0.2)
    assert runs.count_of_strongest(seed) == runs.count_rewards_of_strongest(seed)
    assert "b" == runs.find_best_habit(seed) == runs.count_late_blocks(seed)


def test_two_miners_have_different_luck() -> None:
    """One nonce in sixteen is good enough; the words name who is first; a drawing for each."""
    race = show_race(SEED, 160)
    hits = {name: race.get_hits(name) for name in race.tries}

    assert hits["ann"] != hits["bob"]
    assert all(1 <= len(found) <= 25 for found in hits.values())
    assert race.verdict.endswith(f" first, with nonce {min(found[0] for found in hits.values())}")
    assert "ann: of 160 nonces" in race._repr_html_()
    assert "nobody" in replace(race, tries={"ann": [0.5]}).verdict
    with pytest.raises(UsageError, match="found 0 tries"):
        show_race(SEED, 0)


def test_the_picture_of_gaps_says_in_words_what_it_shows() -> None:
    """How many came sooner, and every bar; what is predicted adds up to all."""
    found = gaps.mine_gaps(SEED)

    assert f"{found.sooner} of 1,000 blocks came within 10 minutes" in found._repr_html_()
    assert 14 == len(repr(found).splitlines())
    assert 1 == pytest.approx(sum(gaps.get_shares()))


def test_the_sums_are_those_of_the_syllabus() -> None:
    """16^5, e^-3, 10 minutes, 7 days, 4 minutes; 6.25 bitcoins in January 2022."""
    assert 1_048_576 == sums.count_expected(SEED)
    assert 0.0498 == pytest.approx(sums.get_chance_of_wait(SEED), abs=5e-5)
    assert 10 == sums.get_rest(SEED) == sums.measure_rest(SEED)
    assert 7 == sums.get_days_when_doubled(SEED)
    assert 4 == sums.get_minutes_after_clamp(SEED)
    assert ["50", "50", "25", "6.25"] == list(sums.list_subsidies(SEED).values())
    assert 13 == len(QUESTIONS)


def test_amounts_may_be_written_as_numbers() -> None:
    """6.25 is as good as "6.25"; 7 is no subsidy, and True no number."""
    heights = list(sums.HEIGHTS)

    assert PAID.judge(dict(zip(heights, (50, 50.0, "25", 6.25), strict=True))).is_right
    assert Verdict.UNCLEAR == PAID.judge(dict(zip(heights, (50, 50, 25, 7), strict=True))).verdict
    assert Verdict.UNCLEAR == PAID.judge(dict(zip(heights, (True, 50, 25, 6.25), strict=True))).verdict


@pytest.mark.parametrize("tries", [32, 200])
def test_the_numbers_of_a_dial_touch_no_dot_and_no_other(tries: int) -> None:
    """They stand left of each frame, a line's height apart; few hits have one each."""
    drawing = show_race(SEED, tries)._repr_html_()
    numbers = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="end" font-size="12"', drawing)
    places = [(float(x), float(y)) for x, y in numbers]
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawing)]
    frames = sorted({x for x, _ in places})

    assert places and all(not x - 24 <= dot <= x + 4 for x in frames for dot in dots)
    assert all(abs(y - above) >= 13 for (x, above), (same, y) in pairwise(places) if x == same)
    assert tries > 32 or len(places) == drawing.count("l6 6l-6 6l-6 -6z")
