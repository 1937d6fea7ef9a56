"""Lesson 15, proof of stake and its relatives: its questions, in the order of the text.

What runs show is read in `l15_runs`, the age of coins and its drawing are in `l15_coins`, sums in `l15_odds`,
the two tasks in `l15_burn` and `l15_leaders`, all lotteries together in `l15_side`, attacks as pictures in
`l15_plots`; what a fork, a schedule and a disk ask is in `l15_relatives`.
"""

from blockchain_lab.course import l15_coins as coins
from blockchain_lab.course import l15_odds as odds
from blockchain_lab.course import l15_runs as runs
from blockchain_lab.course.functions import Function
from blockchain_lab.course.l15_burn import BURN
from blockchain_lab.course.l15_leaders import SILENCE
from blockchain_lab.course.l15_relatives import (
    ABSENT,
    ASHES,
    DISK,
    EMPTY_SLOTS,
    FATES,
    GROUND,
    UNDECIDED,
)
from blockchain_lab.course.questions import Choice, Mistake, Number, Question

HALF_AND_MORE = Choice(
    id="L15.q1",
    predicted=True,
    title="51 per cent",
    prompt="ann has 51 % of the stake, six others share the rest evenly. Who makes the blocks of this run?",
    options={
        "a": "ann makes all of them, or nearly all",
        "b": "ann makes about half of them, the others the rest",
        "c": "each of the seven makes about a seventh",
        "d": "ann makes none: the six others outvote her",
    },
    passes="the letter that fits ann's part of the blocks at the end of the run.",
    hints=(
        "Go to the end of the run and look at ann's two bars in the view Shares.",
        "The grey bar is her part of the stake, the coloured one is her part of the blocks.",
        "Each block is a new draw, in which she has 51 of 100 tickets.",
    ),
    because="A majority is a better ticket, no crown: each block is drawn anew, by stake.",
    solution="{answer}. The coloured bar ends near the grey one.",
    answer=runs.find_majority,
    again=runs.draw_majority,
    mistakes=(
        Mistake("a", "Somebody else made blocks as well: look at the coloured bars. 51 % is no monopoly."),
        Mistake(
            "c", "That would be one head, one ticket. Here the tickets are coins, and she has 51 of 100."
        ),
        Mistake("d", "Nobody votes here. Each holder has its own chance in every second, she the largest."),
    ),
    look_at=runs.find_another_maker,
)

SIX = Number(
    id="L15.q2",
    title="Six in a row",
    prompt="ann has 51 % of the stake. The chance that the next six blocks are all hers?",
    unit="(a chance from 0 to 1)",
    tolerance=0.0005,
    passes="the chance of six draws in a row at 51 % each, within 0.0005.",
    hints=(
        "One block is hers with 0.51. And the one after that?",
        "Draws do not know of each other, so chances are multiplied.",
        "0.51 ** 6.",
    ),
    because="Less than one in fifty. 51 % gives no right to the next six blocks; it only pays in the end.",
    solution="0.51 ** 6 = {answer}.",
    answer=odds.chain_limits,
    again=odds.count_rows,
    mistakes=(
        Mistake(1, "A certainty? She has 51 of 100 tickets in each of the six draws."),
        Mistake(0.51, "That is one block. Six have to be hers, one after the other."),
        Mistake(0.085, "Dividing by six makes no row. Multiply: each further block has to be hers, too."),
        Mistake(0.51**5, "That is five in a row."),
        Mistake(0.5**6, "That is for one half. She has a little more."),
        Mistake(1.76, "That is per cent. Divide by 100."),
        Mistake(1 - 0.49**6, "That is the chance that at least one of the six is hers."),
    ),
)

EQUAL = Choice(
    id="L15.q3",
    title="Equal stakes",
    prompt="ann and bob have the same stake, and nobody else has any. Who makes the next block?",
    options={
        "a": "ann: she is the first on the list",
        "b": "they take turns, since they have as much",
        "c": "either of them, with the same chance, anew for each block",
        "d": "nobody: equal stakes win in the same second, and both blocks are void",
    },
    passes="the letter that describes who makes four hundred blocks of two equal stakes.",
    hints=(
        "Each has its own hash in each second. Do equal stakes make equal hashes?",
        "The limit is the same for both, the hashes are not: each looks for its own small one.",
        "The lottery forgets who made the last block. So what are the chances of the next one?",
    ),
    because="Equal stakes, equal chances, and no memory. So either may make three in a row, by luck.",
    solution="{answer}: the same limit, other hashes.",
    answer=odds.play_equal,
    again=odds.hash_equal,
    mistakes=(
        Mistake("a", "The kernel hashes her name, it does not rank it: what counts is a number from a hash."),
        Mistake("b", "Plain stake has no memory: whoever made a block has the same chance in the next draw."),
        Mistake("d", "Both in one second is rare, and no harm: others keep the block that they hear first."),
    ),
)

OLD_COINS = Number(
    id="L15.q4",
    title="A hundred old coins",
    prompt="By Peercoin's rule: 100 coins that rested for 40 days, and 1,000 coins that rested for 3."
    " Which of the two weigh more, and how many coin-days is that?",
    unit="coin-days",
    passes="the larger of the two weights, in coin-days above the thirtieth day.",
    hints=(
        "The first 30 days do not count at all.",
        "1,000 coins of 3 days are too young. What is left of the 40 days of the others?",
        "100 × (40 - 30).",
    ),
    because="A tenth of the coins, and the only ones in the lottery: the others wait for 27 days more.",
    solution="100 × (40 - 30) = {answer}; the others weigh nothing yet.",
    answer=coins.weigh_the_better,
    again=coins.add_the_better,
    mistakes=(
        Mistake(4_000, "That is 100 × 40, the rule before version 0.3. The first 30 days do not count."),
        Mistake(3_000, "That is 1,000 × 3. These coins are younger than 30 days, so they weigh nothing."),
        Mistake(0, "For the 1,000 young coins, yes. The other hundred are older than 30 days."),
        Mistake(6_000, "That is their weight at day 90 and later. They are at day 40."),
        Mistake(10, "Those are the days that count. Each of the 100 coins has them."),
        Mistake(-27_000, "Young coins do not weigh less than nothing; and the other hundred are older."),
    ),
)

WEIGHT = Function(
    id="L15.q5",
    title="What a coin weighs",
    prompt="Write coin_days: what counts of so many coins that have not moved for so many days.",
    name="coin_days",
    cases=((100, 40), (1_000, 3), (100, 30), (100, 31), (7, 60), (100, 90), (100, 91), (100, 365), (0, 50)),
    numbers="Coin-days",
    passes="coins times the days above the thirtieth, with 90 days as the oldest age; nine cases.",
    hints=(
        "Three pieces: up to 30 days nothing, then a straight line, from 90 days on no more.",
        "`min(days, 90)` lays the ceiling, and `max(0, ...)` the floor.",
        "`return coins * max(0, min(days, 90) - 30)`.",
    ),
    because="The floor keeps young coins out, the ceiling keeps old ones from growing without end.",
    solution="First the ceiling, then the 30 days, then the floor:\n\n{answer}",
    answer=lambda seed: coins.coin_days,
    again=lambda seed: coins.coin_days_by_engine,
    mistakes=(
        Mistake(coins.count_every_day, "You count the first 30 days, too. Take them off."),
        Mistake(coins.never_stop, "There is a ceiling: coins of 365 days weigh as much as coins of 90."),
        Mistake(coins.fall_below_nothing, "Coins younger than 30 days weigh nothing, not less than nothing."),
        Mistake(coins.stop_too_late, "The ceiling is 90 days of age, which is 60 days that count."),
        Mistake(coins.jump_at_thirty, "At day 31 one day counts, not 31: the line begins at nothing."),
    ),
)

ONE_COIN = Choice(
    id="L15.q6",
    predicted=True,
    title="One large coin",
    prompt="ann has 60 % of all coins, in one output. What part of the blocks does she make in this run?",
    options={
        "a": "nearly all: the largest coin has the best chance in every second",
        "b": "about 60 %, as much as she has of the coins",
        "c": "clearly less than half",
        "d": "none: her coin never gets old enough",
    },
    passes="the letter that fits ann's part of the blocks at the end of the run.",
    hints=(
        "Watch her grey bar when she has just made a block.",
        "For how long does her coin weigh nothing after each of its blocks?",
        "30 seconds, which are 30 days here. In each such gap only the others can make blocks, and after it"
        " her chance starts from nothing.",
    ),
    because="Each block costs her coin its age. With six coins of the others' size she would have made about"
    " 60 %.",
    solution="{answer}. Whatever its size, a coin that has won is out of the game for thirty days.",
    answer=runs.find_one_coin,
    again=runs.draw_one_coin,
    mistakes=(
        Mistake("a", "Her coin wins soon, but then it is young again. Look at her grey bar after a block."),
        Mistake("b", "That holds where weights stay. Hers falls to nothing with each block of hers."),
        Mistake(
            "d", "She has made blocks: look at her coloured bar. All coins are 30 days old at the start."
        ),
    ),
    look_at=runs.find_reset,
)

QUESTIONS: tuple[Question, ...] = (
    HALF_AND_MORE,
    SIX,
    EQUAL,
    OLD_COINS,
    WEIGHT,
    ONE_COIN,
    UNDECIDED,
    GROUND,
    ABSENT,
    BURN,
    DISK,
    SILENCE,
    FATES,
    ASHES,
    EMPTY_SLOTS,
)
