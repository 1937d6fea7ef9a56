"""Lesson 11, proof of work: its questions, in the order of the text.

The chain that breaks is in `l11_chain` and `l11_seals`, the loop in `l11_mine`, real headers in `l11_first`,
two miners at once in `l11_dial` and `l11_runs`, a thousand blocks in `l11_gaps`, sums in `l11_sums`; what is
asked about waiting, the retarget and the subsidy in `l11_waits`.
"""

from typing import Any, Final

from blockchain_lab.course import l11_runs as runs
from blockchain_lab.course import l11_sums as sums
from blockchain_lab.course.l11_chain import TEXTS
from blockchain_lab.course.l11_mine import FIND_NONCE
from blockchain_lab.course.l11_seals import TAMPER, find_first_broken, forge
from blockchain_lab.course.l11_waits import CLAMPED, DOUBLED, PAID, REST, SOONER, WAIT
from blockchain_lab.course.questions import Choice, Mistake, Number, Question

BROKEN: Final = {(2,): "a", (2, 3, 4): "b", (1, 2, 3, 4): "c", (): "d"}


def find_broken(seed: int) -> str:
    """Which blocks break when block 2 gets another text: by the engine's blocks."""
    chain = forge(mined=())
    return BROKEN[tuple(n for n in range(1, len(TEXTS) + 1) if not chain.is_sealed(n))]


def mine_until_whole(seed: int) -> str:
    """The same by mending: which blocks have to be mined, one after another, until none is broken?"""
    plain: list[list[Any]] = forge(mined=()).to_plain()
    mended = []
    while (number := find_first_broken(plain)) is not None:
        mended.append(number)
        plain = forge(mined=tuple(mended)).to_plain()
    return BROKEN[tuple(mended)]


BREAK = Choice(
    id="L11.q1",
    predicted=True,
    title="One letter",
    prompt="Change one letter of block 2. Which blocks are broken then?",
    options={
        "a": "block 2 alone",
        "b": "blocks 2, 3 and 4",
        "c": "all four",
        "d": "none: a letter is not enough",
    },
    passes="the letter of the blocks that carry a cross when block 2 has another text.",
    hints=(
        "Write one more letter into block 2 in the picture, and count the crosses.",
        "Block 3 holds the hash of block 2. What becomes of block 3's own hash?",
        "And block 1? It knows nothing of block 2.",
    ),
    because="Each block holds the hash of the one before. So a change runs to the end, and never back.",
    solution="{answer}. Another hash of block 2 is another header of block 3, and so on.",
    answer=find_broken,
    again=mine_until_whole,
    mistakes=(
        Mistake("a", "Look at the line `block before` of block 3: it has changed, so block 3 has, too."),
        Mistake("c", "Block 1 was there before block 2, and holds nothing of it."),
        Mistake("d", "One bit is enough for quite another hash. Try it in the picture."),
    ),
)

TRIES = Number(
    id="L11.q3",
    title="Five zeros",
    prompt="How many tries does it take on average until a hash begins with five hexadecimal zeros?",
    unit="tries",
    passes="the number of tries, exactly.",
    hints=(
        "A hexadecimal digit has 16 values, and each is as likely as any other.",
        "One zero: every 16th try. Two zeros: every 16th of those.",
        "16 to the power of 5: `16**5`.",
    ),
    because="Each zero more means 16 times as many tries.",
    solution="16 × 16 × 16 × 16 × 16 = {answer}.",
    answer=sums.count_expected,
    again=sums.multiply_digits,
    mistakes=(
        Mistake(80, "Not 16 times 5: each zero more makes it 16 times as hard."),
        Mistake(32, "Bits have two values, but a hexadecimal digit has sixteen."),
        Mistake(100_000, "That would be decimal digits. These have sixteen values each."),
        Mistake(16**4, "That is for four zeros. One more makes it 16 times as hard."),
        Mistake(
            16**5 // 2,
            "You would need half if one of each 16**5 tries were sure to fit. Luck promises nothing: the mean"
            " is 16**5.",
        ),
    ),
)

CHEAP = Choice(
    id="L11.q5",
    title="Who checks",
    prompt="To seal block 2 took tens of thousands of tries. How much does it take to check"
    " that it is sealed?",
    options={
        "a": "one try: hash the header with the nonce that stands in it",
        "b": "half as much: on average one finds it in the middle",
        "c": "as much: one has to mine it again",
        "d": "nothing: one believes the miner",
    },
    passes="the letter of what a node does that hears of a block.",
    hints=(
        "What did the miner look for? And does who checks have to look for it, too?",
        "The nonce stands in the header.",
        "80 bytes, hashed twice, compared with the target.",
    ),
    because="To find is dear, to check is cheap. So everybody checks, and nobody has to be believed.",
    solution="{answer}. In 2022 a block took 10 to the power of 23 tries, and still a telephone checks it.",
    answer=sums.find_cheap_check,
    again=sums.compare_work,
    mistakes=(
        Mistake("b", "Nothing has to be looked for: the nonce that was found stands in the header."),
        Mistake("c", "The miner tried nonces that did not fit. You are given the one that does."),
        Mistake("d", "Then anybody could claim a block. A node hashes every header that it is told of."),
    ),
)

SHARE = Number(
    id="L11.q6",
    title="The giant's blocks",
    prompt="How many blocks of the chain at the end of the race has giant found?",
    unit="blocks",
    varies=True,
    run="race",
    passes="giant's blocks in ann's chain at the end of your run.",
    hints=(
        "`count_finders(race)` says who has found how many blocks of the chain at the cursor.",
        "Go to the end first: `race.run()`.",
        '`race.run()`, then `count_finders(race)["giant"]`.',
    ),
    because="About half of them, for half of the power. Not just half: mining is a lottery.",
    solution="By `count_finders` at the end of the run: {answer}.",
    answer=runs.count_of_strongest,
    again=runs.count_rewards_of_strongest,
    mistakes=(
        Mistake(runs.count_all_found, "Those are the blocks of all miners together."),
        Mistake(runs.count_of_second, "Those are the blocks of large, who has 30 % of the power."),
        Mistake(
            lambda seed: runs.count_all_found(seed) / 2,
            "That is what to expect with half of the power. The question is what happened in your run.",
        ),
    ),
)

ARRIVES = Choice(
    id="L11.q7",
    title="A block arrives",
    prompt="You mine, and have tried a million nonces in vain. Now a block of somebody else arrives, and"
    " it is valid. What do you do?",
    options={
        "a": "finish my own block first: so much work must not be lost",
        "b": "begin a new block on top of it, at once",
        "c": "stop, and wait until the next block has been found",
        "d": "refuse it, for mine would have been as good",
    },
    passes="the letter of what brings a miner the most blocks in the chain.",
    hints=(
        "Play the run: stan finishes what he has begun, ann and bob do otherwise. Whose blocks are grey?",
        "Is a miner that has tried a million nonces nearer to its block than one that begins?",
        "No. So there is nothing to lose, and a block on the old tip comes too late.",
    ),
    because="No try brings the next one nearer. So beginning anew costs nothing, and going on at the old tip"
    " costs you the block.",
    solution="{answer}. In the run stan, who goes on, loses most of his blocks.",
    answer=runs.find_best_habit,
    again=runs.count_late_blocks,
    mistakes=(
        Mistake("a", "That is what stan does. Look how few of his blocks are in the chain."),
        Mistake("c", "Each moment without a try is a moment in which others try."),
        Mistake("d", "The others follow it already: it came first. Your own would be stale."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    BREAK,
    TAMPER,
    TRIES,
    FIND_NONCE,
    CHEAP,
    SHARE,
    ARRIVES,
    SOONER,
    WAIT,
    REST,
    DOUBLED,
    CLAMPED,
    PAID,
)
