"""Lesson 11, what is asked about waiting for a block, about the retarget, and about what a block may pay."""

from typing import Final

from blockchain_lab.course import l11_gaps as gaps
from blockchain_lab.course import l11_sums as sums
from blockchain_lab.course.l11_sums import AMOUNTS, HEIGHTS, Amounts
from blockchain_lab.course.questions import Choice, Mistake, Number

SOONER: Final = Choice(
    id="L11.q8",
    predicted=True,
    title="A thousand blocks",
    prompt="A thousand blocks, ten minutes apart on average. How many of them come *sooner* than ten minutes"
    " after the one before?",
    options={key: f"about {number}" for key, number in gaps.OPTIONS.items()},
    passes="the letter that is nearest to your thousand blocks.",
    hints=(
        "The words above the bars count them.",
        "The first two bars, from 0 to 10 minutes: add them.",
        "If some blocks take an hour, what must the others do for the mean to be ten minutes?",
    ),
    because="Most come sooner. A few come very late, and these few pull the mean up to ten minutes.",
    solution="{answer}. In theory 1 - 1/e of them: 632.",
    answer=gaps.find_sooner,
    again=gaps.draw_sooner,
    mistakes=(
        Mistake("a", "That is how many take *longer*. Look at the first two bars."),
        Mistake("b", "Half of them come within seven minutes. The mean is not the middle."),
        Mistake("d", "Not that many: more than a hundred take over twenty minutes."),
    ),
)

WAIT: Final = Number(
    id="L11.q9",
    title="Half an hour without a block",
    prompt="What is the chance that no block comes for 30 minutes?",
    unit="(a chance from 0 to 1)",
    tolerance=0.000_5,
    passes="the chance within 0.0005.",
    hints=(
        "The chance that none comes in *t* minutes is e to the power of -t / 10.",
        "For 30 minutes: e to the power of -3.",
        "`from math import exp`, then `exp(-3)`.",
    ),
    because="One gap in twenty. With 144 blocks a day that happens seven times a day, and means nothing.",
    solution="e to the power of -30/10 = {answer}.",
    answer=sums.get_chance_of_wait,
    again=sums.multiply_failures,
    mistakes=(
        Mistake(0, "Rare, but it happens: look at the bars on the right."),
        Mistake(1 / 3, "It does not fall evenly: each further ten minutes leave 37 % of it."),
        Mistake(0.950_213, "That is the chance that one *does* come."),
        Mistake(0.125, "Half of a half of a half: but in ten minutes not a half is left, only 37 %."),
        Mistake(4.978_7, "That is per cent. Divide by 100."),
    ),
)

REST: Final = Number(
    id="L11.q10",
    title="Twenty minutes in vain",
    prompt="All miners have sought a block for 20 minutes in vain. How many minutes more does it take on"
    " average?",
    unit="minutes",
    passes="the mean of what is still to wait.",
    hints=(
        "Does a miner get nearer to a block by trying?",
        "A die that has shown no six for twenty throws does not owe you one.",
        "As long as from the beginning.",
    ),
    because="Luck has no memory. That is why a miner can change to another block at any time for nothing.",
    solution="As many as ever: {answer}.",
    answer=sums.get_rest,
    again=sums.measure_rest,
    mistakes=(
        Mistake(0, "It is not overdue: no hash knows how many were tried before it."),
        Mistake(5, "It does not become likelier with time: no hash knows how many were tried before it."),
        Mistake(30, "That is the whole wait, with the 20 minutes that are over."),
        Mistake(20, "It has taken 20 so far. That says nothing about the rest: no hash remembers."),
    ),
)

DOUBLED: Final = Number(
    id="L11.q11",
    title="Twice the power",
    prompt="Just after a retarget the hash power of all Bitcoin miners doubles. How many days until the next"
    " retarget?",
    unit="days",
    passes="the days that 2,016 blocks take then.",
    hints=(
        "A retarget comes after 2,016 blocks, not after two weeks.",
        "With twice the power a block takes five minutes on average.",
        "2,016 × 5 minutes, in days.",
    ),
    because="A week of blocks every five minutes; then the target is halved, and ten minutes are back.",
    solution="2,016 × 5 / 60 / 24 = {answer}.",
    answer=sums.get_days_when_doubled,
    again=sums.find_days_by_target,
    mistakes=(
        Mistake(14, "That is how long 2,016 blocks take when they are ten minutes apart."),
        Mistake(28, "More power makes blocks come sooner, not later."),
        Mistake(3.5, "That would be four times the power."),
    ),
)

CLAMPED: Final = Number(
    id="L11.q12",
    title="Ten times the power",
    prompt="Blocks come every ten minutes, and just after a retarget the power becomes ten times as much."
    " After the *next* retarget, how many minutes are blocks apart on average?",
    unit="minutes",
    tolerance=0.001,
    passes="the mean gap after one retarget, in minutes.",
    hints=(
        "With ten times the power blocks come one minute apart.",
        "One retarget makes it at most four times as hard.",
        "1 minute × 4.",
    ),
    because="One step is at most a factor of four. The second retarget brings it back to ten minutes.",
    solution="10 / 10 × 4 = {answer}.",
    answer=sums.get_minutes_after_clamp,
    again=sums.divide_after_clamp,
    mistakes=(
        Mistake(10, "Not with one step: a retarget changes the target by a factor of four at most."),
        Mistake(1, "That is before the retarget."),
        Mistake(2.5, "10 / 4: but the blocks come one minute apart before, not ten."),
        Mistake(40, "That would be four times as hard without any more power."),
    ),
)

PAID: Final = Amounts(
    id="L11.q13",
    title="What a block may pay",
    prompt="How many new bitcoins may the miner of these blocks write for itself?",
    items=tuple(HEIGHTS),
    groups={amount: f"{amount} bitcoins" for amount in AMOUNTS},
    passes="the subsidy at each of the four heights.",
    hints=(
        "50 at first, half of it after each 210,000 blocks.",
        "How often does 210,000 go into the height? So often is 50 halved.",
        "0, 0, 1 and 3 times.",
    ),
    because="Halved every 210,000 blocks, about every four years: 210,000 × (50 + 25 + 12.5 + ...) stays just"
    " below 21 million.",
    solution="50, halved as often as 210,000 goes into the height: {answer}.",
    answer=sums.list_subsidies,
    again=sums.halve_subsidies,
    mistakes=(
        Mistake(
            ("209,999 (November 2012)", "25"),
            "Block 209,999 is the last one with the first subsidy: 210,000 does not go into 209,999.",
        ),
        Mistake(
            ("210,000 (November 2012)", "50"),
            "At 210,000 it is halved for the first time: the blocks with 50 are 0 to 209,999.",
        ),
        Mistake(
            ("717,696 (January 2022)", "12.5"),
            "210,000 goes into 717,696 three times: 50, 25, 12.5, and once more.",
        ),
        Mistake(
            ("717,696 (January 2022)", "3.125"),
            "That came with block 840,000, in April 2024. In January 2022 it had been halved three times.",
        ),
        Mistake(("0 (January 2009)", "25"), "The first block pays the whole subsidy: nothing is halved yet."),
    ),
)
