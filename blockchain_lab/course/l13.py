"""Lesson 13, forks: its questions, in the order of the text.

Tips and ties are in `l13_tips`, main, stale and orphan in `l13_arrivals`, the broken cable in `l13_cut`,
the payment that is taken back in `l13_attack`, selfish pools in `l13_power`, the eclipsed shop in
`l13_eclipse`, the network of real size in `l13_real`, sums in `l13_odds`, drawings in `l13_plots`.
"""

from blockchain_lab.chain.races import compute_catch_up, compute_success
from blockchain_lab.course import l13_arrivals as arrivals
from blockchain_lab.course import l13_odds as odds
from blockchain_lab.course import l13_tips as tips
from blockchain_lab.course.functions import Function
from blockchain_lab.course.l13_attack import TAKE_BACK
from blockchain_lab.course.l13_cut import TURN_ROUND
from blockchain_lab.course.l13_eclipse import ONE_LINE
from blockchain_lab.course.l13_power import ALONE, ECLIPSED, HELPED
from blockchain_lab.course.l13_real import TEN_SECONDS
from blockchain_lab.course.questions import Choice, Mistake, Number, Question
from blockchain_lab.course.sorting import Sorting

SEVEN = Choice(
    id="L13.q1",
    predicted=True,
    title="Seven at once",
    prompt="Seven miners find a block at the same moment. How many different tips are there eight seconds"
    " later, and how many when the next block has gone round?",
    options={
        "a": "one, for the earliest wins at once; then one",
        "b": "seven, then one",
        "c": "seven, then eight",
        "d": "seven, then still seven",
    },
    passes="the letter that fits the tips before second 18, and those at the end of the run.",
    hints=(
        "Tips are the coloured names in the tree: count the blocks that carry one at second 17.",
        "Go to the end of the run, and count again.",
        "Each peer keeps what it saw first, until it sees a branch with more work.",
    ),
    because="Equal work changes nobody's mind. More work changes everybody's.",
    solution="{answer}. Six of the seven blocks are stale in the end.",
    answer=tips.find_tips,
    again=tips.reckon_tips,
    mistakes=(
        Mistake("a", "Who should say which was the earliest? There is no common clock, nobody in charge."),
        Mistake("c", "The eighth block stands on one of the seven. What do the others do when they see it?"),
        Mistake("d", "The next block makes one branch stronger than all others. Look at the end of the run."),
    ),
    look_at=tips.find_seventh,
)

LABELS = Sorting(
    id="L13.q3",
    title="Main, stale or orphan?",
    prompt="Seven blocks have reached your node, in the order of the picture. What is each of them now?",
    items=arrivals.LETTERS[: arrivals.SEEN],
    groups={
        "main": "on the branch that your node follows",
        "stale": "complete and valid, on a branch that lost",
        "orphan": "its parent, or its parent's parent, is missing",
    },
    varies=True,
    passes="each of the seven blocks is in its group at the moment when the seventh has come.",
    hints=(
        "Draw the tree: begin with the genesis, hang each block on its parent. Some have nowhere to hang.",
        "Of two branches with the same work your node keeps the one whose end came first.",
        "Those that hang nowhere are orphans, those on the branch you keep are main, the others are stale.",
    ),
    because="A stale block lost a race. An orphan has not even begun one: nobody can judge it yet.",
    solution="By hanging each on its parent: {answer}.",
    answer=arrivals.get_labels,
    again=arrivals.walk_labels,
    mistakes=(
        Mistake(
            arrivals.pick(5, "stale"),
            "Stale means lost, and this one has not raced: its parent is missing, it is an orphan.",
        ),
        Mistake(
            arrivals.pick(6, "stale"),
            "This block's parent is here, but is itself an orphan. So it has to wait, too.",
        ),
        Mistake(arrivals.pick(2, "orphan"), "This block's parent is here: follow its branch to the genesis."),
        Mistake(
            arrivals.pick(4, "main"),
            "As high as the other branch, but later. At equal work your node stays with what it saw first.",
        ),
        Mistake(
            arrivals.pick(0, "stale"), "Both branches stand on this block, so the followed one does, too."
        ),
    ),
)

WORK = Number(
    id="L13.q4",
    title="Three light, two heavy",
    prompt="Three blocks of difficulty 10 against two blocks of difficulty 16. How much work has the branch"
    " that a node follows, above the fork?",
    unit="blocks of difficulty 1",
    passes="the total work of the stronger branch, as a whole number of blocks of difficulty 1.",
    hints=(
        "A block of difficulty 10 costs ten times as many hashes as one of difficulty 1.",
        "Work adds up along a branch. Reckon both branches.",
        "3 × 10 against 2 × 16: the larger one is followed.",
    ),
    because="30 against 32: the shorter branch is the stronger one. The rule counts hashes, not blocks.",
    solution="max(3 × 10, 2 × 16) = {answer}.",
    answer=odds.get_followed_work,
    again=odds.multiply_followed_work,
    mistakes=(
        Mistake(30, "That is the longer branch, but there is less work in it: 2 × 16 is more."),
        Mistake(3, "That counts blocks. Count work: each block as much as it costs."),
        Mistake(2, "The branch with two blocks, yes. How much work is in them?"),
        Mistake(16, "That is one block. Work adds up along the branch."),
        Mistake(62, "That is both branches together. A node follows one of them."),
    ),
)

STRONGEST = Function(
    id="L13.q5",
    title="Which one to follow?",
    prompt="Write strongest: of branches, each a list of its blocks' work, the number of the one to follow.",
    name="strongest",
    cases=(
        ([[10, 10, 10], [16, 16]],),
        ([[16, 16], [10, 10, 10]],),
        ([[5, 5], [10], [2, 8]],),
        ([[1, 1, 1, 1], [2, 2], [4]],),
        ([[9], [4, 4, 4], [3, 3, 3, 3]],),
        ([[3], [2, 2], [7, 1], [1, 1, 1, 1, 1]],),
    ),
    passes="the number, from 0 on, of the branch with most work, in six cases; of equals the first, for they"
    " are listed in the order in which they were seen.",
    hints=(
        "`sum(branch)` is the work of a branch.",
        "Go through them with `enumerate(branches)` and remember the best one so far.",
        "Only *more* work may replace the best one: `>`, not `>=`. Return its number.",
    ),
    because="Most work, at a tie the first seen: that is all there is to Bitcoin's choice of a branch.",
    solution="Remember the best so far; only more work replaces it.\n\n{answer}",
    answer=lambda seed: odds.strongest,
    again=lambda seed: odds.strongest_by_sorting,
    mistakes=(
        Mistake(odds.take_longest, "You count blocks. [16, 16] has more work in it than [10, 10, 10]."),
        Mistake(odds.take_last_of_equals, "At equal work the first seen stays: only more may replace it."),
        Mistake(odds.take_heaviest_block, "The heaviest block does not decide: add up the whole branch."),
        Mistake(odds.return_work, "You return how much work it is. Wanted is the number of the branch."),
        Mistake(odds.return_branch, "You return the branch itself. Wanted is its number, from 0 on."),
    ),
)

TEN_PERCENT = Number(
    id="L13.q7",
    title="Ten per cent, six confirmations",
    prompt="By Nakamoto's formula: the chance that an attacker with 10 % of the power still catches up after"
    " six confirmations?",
    unit="(a chance from 0 to 1)",
    tolerance=0.000_005,
    passes="the chance for q = 0.1 and z = 6, within 0.000005.",
    hints=(
        "q is the attacker's share, z is how many blocks the shop waits for.",
        "The formula stands in the cell above the question: call it.",
        "`catch_up(0.1, 6)`.",
    ),
    because="One in four thousand. That is where the famous six confirmations come from.",
    solution="`catch_up(0.1, 6)` = {answer}.",
    answer=odds.by_engine(0.1, 6),
    again=odds.by_paper(0.1, 6),
    mistakes=(
        Mistake(lambda seed: 100 * odds.sum_like_the_paper(0.1, 6), "That is per cent. Divide by 100."),
        Mistake(
            lambda seed: compute_catch_up(0.1, 6),
            "That is the chance from six behind. But the attacker has been mining while the shop waited.",
        ),
        Mistake(lambda seed: compute_success(0.1, 6), "That is Rosenfeld's. Wanted here is Nakamoto's."),
        Mistake(lambda seed: odds.sum_like_the_paper(0.1, 5), "That is after five confirmations."),
        Mistake(0, "Small, but not nothing: no number of confirmations makes it 0."),
    ),
)

THIRTY_FIVE = Number(
    id="L13.q8",
    title="Thirty per cent, five confirmations",
    prompt="The same for an attacker with 30 %, after five confirmations?",
    unit="(a chance from 0 to 1)",
    tolerance=0.000_05,
    passes="the chance for q = 0.3 and z = 5 by Nakamoto's formula, within 0.00005.",
    hints=(
        "Three times the power: the same function with other numbers.",
        "First the share, then the confirmations.",
        "`catch_up(0.3, 5)`.",
    ),
    because="More than one in six. How many confirmations are enough depends on who might attack.",
    solution="`catch_up(0.3, 5)` = {answer}.",
    answer=odds.by_engine(0.3, 5),
    again=odds.by_paper(0.3, 5),
    mistakes=(
        Mistake(lambda seed: 100 * odds.sum_like_the_paper(0.3, 5), "That is per cent. Divide by 100."),
        Mistake(
            lambda seed: compute_catch_up(0.3, 5),
            "That is the chance from five behind. But the attacker has been mining while the shop waited.",
        ),
        Mistake(lambda seed: compute_success(0.3, 5), "That is Rosenfeld's. Wanted here is Nakamoto's."),
        Mistake(0.3, "That is its chance to find the very next block."),
    ),
)

THIRTY_TEN = Number(
    id="L13.q9",
    title="Thirty per cent, ten confirmations",
    prompt="And if the shop waits for ten?",
    unit="(a chance from 0 to 1)",
    tolerance=0.000_05,
    passes="the chance for q = 0.3 and z = 10 by Nakamoto's formula, within 0.00005.",
    hints=(
        "Twice as long a wait. Is the chance half as large, or less?",
        "It falls by a factor with each confirmation, so it falls by more than a half.",
        "`catch_up(0.3, 10)`.",
    ),
    because="Twice the wait, a quarter of the risk. The chance falls exponentially with each confirmation.",
    solution="`catch_up(0.3, 10)` = {answer}.",
    answer=odds.by_engine(0.3, 10),
    again=odds.by_paper(0.3, 10),
    mistakes=(
        Mistake(
            lambda seed: odds.sum_like_the_paper(0.3, 5) / 2,
            "That is half of the last one. The chance falls by a factor for each confirmation, not evenly.",
        ),
        Mistake(lambda seed: 100 * odds.sum_like_the_paper(0.3, 10), "That is per cent. Divide by 100."),
        Mistake(
            lambda seed: compute_catch_up(0.3, 10),
            "That is the chance from ten behind. But the attacker has been mining while the shop waited.",
        ),
        Mistake(lambda seed: compute_success(0.3, 10), "That is Rosenfeld's. Wanted here is Nakamoto's."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    SEVEN,
    tips.MAKE_A_TIE,
    LABELS,
    WORK,
    STRONGEST,
    TURN_ROUND,
    TEN_PERCENT,
    THIRTY_FIVE,
    THIRTY_TEN,
    TAKE_BACK,
    ALONE,
    HELPED,
    ECLIPSED,
    ONE_LINE,
    TEN_SECONDS,
)
