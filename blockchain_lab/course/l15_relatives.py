"""Lesson 15, the later questions: two branches, grinding, and the shares that the relatives give."""

from blockchain_lab.course import l15_odds as odds
from blockchain_lab.course import l15_side as side
from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.sorting import Sorting

UNDECIDED = Number(
    id="L15.q7",
    title="Those who sign both",
    prompt="An attacker has 10 % of the stake, 30 % are honest, and 60 % sign both branches. Of the turns"
    " that lengthen only one branch, which part are the attacker's?",
    unit="(a share from 0 to 1)",
    tolerance=0.002,
    passes="the attacker's share of the turns that lengthen one branch only, within 0.002.",
    hints=(
        "A turn of the greedy makes both branches longer. Does it change who is ahead?",
        "It does not, so leave those 60 % out of the sum. Who is left?",
        "10 / (10 + 30).",
    ),
    because="From a tenth to a quarter, and the attacker has not bought a coin: the others' greed is enough.",
    solution="10 / (10 + 30) = {answer}.",
    answer=odds.get_effective_share,
    again=odds.count_turns,
    mistakes=(
        Mistake(0.1, "That is its share of all stake. But the turns of 60 % cancel out: leave them out."),
        Mistake(
            0.7, "The greedy sign for the honest branch as well, so they do not help the attacker alone."
        ),
        Mistake(1 / 3, "10 to 30 is the ratio. Wanted is the share: 10 of 40."),
        Mistake(0.75, "That is the part of the honest."),
        Mistake(25, "That is per cent. Wanted is a share from 0 to 1."),
        Mistake(1 / 7, "The greedy are those who cancel out, not the honest."),
    ),
)

GROUND = Number(
    id="L15.q8",
    title="Eight tries",
    prompt="eve has 20 % of the stake and makes eight variants of each of her blocks. What part of the blocks"
    " is hers in the long run, if the kernel takes the last block's hash?",
    unit="(a share from 0 to 1)",
    tolerance=0.003,
    passes="the long-run share for s = 0.2 and k = 8, within 0.003.",
    hints=(
        "After a block of hers: all eight variants fail with 0.8 ** 8. Else she is first again.",
        "The text has the formula: s / (s + (1 - s) ** k).",
        "0.2 / (0.2 + 0.8 ** 8).",
    ),
    because="20 % of the stake, more than half of the blocks. No kernel may hash what a maker can choose.",
    solution="0.2 / (0.2 + 0.8 ** 8) = {answer}.",
    answer=odds.get_ground_share,
    again=odds.walk_ground_share,
    mistakes=(
        Mistake(0.2, "That is her share without grinding, k = 1."),
        Mistake(1 - 0.8**8, "That is her chance to be first again after a block of hers. And after others'?"),
        Mistake(0.8**8, "That is the chance that all eight variants fail."),
        Mistake(1.6, "Chances do not add up like that: some of the eight tries would win together."),
        Mistake(
            lambda seed: 100 * odds.get_ground_share(seed), "That is per cent. Wanted is a share from 0 to 1."
        ),
        Mistake(54.4, "That is per cent, and rounded. Wanted is a share from 0 to 1."),
        Mistake(0.2 / (0.2 + 0.8 * 8), "(1 - s) ** k is a power, not a product."),
    ),
)

ABSENT = Number(
    id="L15.q9",
    title="A signer is away",
    prompt="Four signers take turns, and bob is off for good. What part of the blocks does ann make then?",
    unit="(a share from 0 to 1)",
    tolerance=0.005,
    passes="ann's part of the blocks of whole rounds while bob is off, within 0.005.",
    hints=(
        "bob's slots stay empty. Are there fewer blocks of ann's, or fewer blocks?",
        "Of four slots three have a block, and one of these three is ann's.",
        "1 / 3.",
    ),
    because="A quarter of the slots, a third of the blocks: nobody fills bob's slots, so there are fewer"
    " blocks.",
    solution="One of three: {answer}.",
    answer=odds.play_without_bob,
    again=odds.divide_by_three,
    mistakes=(
        Mistake(0.25, "That is her part of the slots. Of four slots one stays empty now: count blocks."),
        Mistake(0.5, "Nobody takes bob's slots. And three are left, not two."),
        Mistake(0.75, "That is how many of the slots have a block at all."),
        Mistake(1.0, "cat and dan have their slots, too."),
        Mistake(
            7 / 24,
            "That is her bar at the end of the run. It counts bob's time as well: count whole rounds from"
            " second 52 on.",
        ),
        Mistake(5 / 14, "Counted since second 52; but the run ends in mid-round. Count whole rounds."),
        Mistake(100 / 3, "That is per cent. Wanted is a share from 0 to 1."),
        Mistake(33.3, "That is per cent, and rounded. Wanted is a share from 0 to 1."),
    ),
)

DISK = Number(
    id="L15.q11",
    title="A new disk",
    prompt="ann has plotted 64 nonces, bob 128, cat 192, dan 256. ann adds a disk with 192 more. What part of"
    " the blocks can she expect from then on?",
    unit="(a share from 0 to 1)",
    tolerance=0.003,
    passes="ann's plots as a part of all plots, the new disk included in both, within 0.003.",
    hints=(
        "The shortest of all waiting times is as likely in any nonce as in any other.",
        "How many nonces does she have now? And how many are there in all?",
        "256 / (256 + 128 + 192 + 256).",
    ),
    because="Four times the disk, not four times the blocks: her new nonces make the total larger as well.",
    solution="256 of 832 nonces: {answer}.",
    answer=odds.get_plotted_part,
    again=odds.add_up_deadlines,
    mistakes=(
        Mistake(0.4, "256 of 640: her new disk belongs in the total as well."),
        Mistake(0.1, "That was before: 64 of 640."),
        Mistake(0.3, "That is the new disk alone, and it is missing in the total."),
        Mistake(192 / 832, "That is the new disk. Her old 64 nonces count as before."),
        Mistake(0.25, "One of four names? A name is nothing here, nonces are."),
        Mistake(100 * 256 / 832, "That is per cent. Wanted is a share from 0 to 1."),
        Mistake(30.8, "That is per cent, and rounded. Wanted is a share from 0 to 1."),
    ),
)

FATES = Sorting(
    id="L15.q13",
    title="What is left of it",
    prompt="What becomes of a weight in the lottery if its owner buys, burns and plots nothing more?",
    items=side.SORTED,
    groups={
        "stays": "it stays, whoever makes blocks",
        "resets": "it falls to nothing when its owner makes a block, and grows again",
        "melts": "it shrinks, whether its owner makes blocks or not",
    },
    passes="each of the six lotteries of this lesson is in its group.",
    hints=(
        "Look at the grey bars: in which run did one fall to nothing at once, and in which did they shrink"
        " slowly?",
        "One of the six is used up by winning, one by waiting.",
        "Coin age starts again with each block, burnt coins fade. The other four stay as they are.",
    ),
    because="What stays can be used for ever, so a lead lasts. Coin age is reset, and ashes melt.",
    solution="By playing twenty blocks of each: {answer}.",
    answer=side.find_fates,
    again=side.reckon_fates,
    mistakes=(
        Mistake(("coin age", "stays"), "Look at the coins again: what happens to the line behind a block?"),
        Mistake(("coin age", "melts"), "An unused coin gains weight. It loses its age by making a block."),
        Mistake(("burn", "stays"), "dan's burn faded, block after block, in the run with the ashes."),
        Mistake(("burn", "resets"), "To make a block costs no ashes. They fade with time, for all alike."),
        Mistake(("stake", "resets"), "That is coin age. Plain stake has no memory of who made a block."),
        Mistake(("work", "resets"), "A machine that has found a block hashes on as fast as before."),
        Mistake(
            ("capacity", "melts"), "What is plotted once answers every block, as long as the disk lives."
        ),
        Mistake(("authority", "resets"), "The name stays on the list, and its slot comes round again."),
    ),
)

ASHES = Number(
    id="L15.q14",
    title="Fresh ashes, old ashes",
    prompt="ann, bob and cat have burnt 100 units each. 40 blocks later a burn of 300 units by dan begins to"
    " count. Burns halve every 40 blocks. What part of the blocks can dan expect?",
    unit="(a share from 0 to 1)",
    tolerance=0.005,
    passes="dan's part of what all burns weigh at that block, within 0.005.",
    hints=(
        "What do the old burns weigh after one half-life?",
        "50 each, and dan's weigh 300.",
        "300 / (300 + 3 × 50).",
    ),
    because="Half of all ashes are dan's, two thirds of the blocks: what is fresh weighs more.",
    solution="300 of 450: {answer}.",
    answer=odds.get_fresh_part,
    again=odds.halve_old_ashes,
    mistakes=(
        Mistake(0.5, "That is his part of what was ever burnt. The old burns have faded to a half."),
        Mistake(1 / 3, "That is the part of the three others together."),
        Mistake(0.25, "One of four names? What counts is what a burn weighs."),
        Mistake(0.8, "That is after two half-lives: 25 each."),
        Mistake(200 / 3, "That is per cent. Wanted is a share from 0 to 1."),
        Mistake(66.7, "That is per cent, and rounded. Wanted is a share from 0 to 1."),
    ),
)

EMPTY_SLOTS = Number(
    id="L15.q15",
    title="Empty slots",
    prompt="A schedule is drawn by stake: ann has 30 %, bob 20 %, cat and dan 25 % each. bob is off for good."
    " What part of the blocks can ann expect?",
    unit="(a share from 0 to 1)",
    tolerance=0.012,
    passes="ann's part of the blocks in the long run, within 0.012.",
    hints=(
        "bob's slots stay empty: nobody else may fill them.",
        "Of 100 slots 30 are ann's, and 80 have a block.",
        "30 / 80.",
    ),
    because="A schedule does not wait for who is away, and does not share out his slots either.",
    solution="30 of the 80 slots that have a block: {answer}.",
    answer=odds.leave_out_bob,
    again=odds.count_schedules,
    mistakes=(
        Mistake(0.3, "That is her part of the slots. A fifth of them stay empty: count blocks."),
        Mistake(0.5, "bob's slots do not go to ann: nobody fills them."),
        Mistake(0.8, "That is how many of the slots have a block at all."),
        Mistake(1 / 3, "Three names are left, but their stakes are not the same."),
        Mistake(37.5, "That is per cent. Wanted is a share from 0 to 1."),
    ),
)
