"""Lesson 16, finality: its questions, in the order of the text.

Votes and the fewest of them are in `l16_votes`, two thirds and the branch to follow in `l16_sums`, rewards,
dynasties and delays in `l16_deposits`, pairs that cost a deposit in `l16_pairs`, two final histories in
`l16_spares`, the leak in `l16_silence`, ten sentences in `l16_sentences` and `l16_measures`, drawings in
`l16_plots`.
"""

from typing import Final

from blockchain_lab.course import l16_deposits as deposits
from blockchain_lab.course import l16_silence as silence
from blockchain_lab.course import l16_sums as sums
from blockchain_lab.course import l16_votes as votes
from blockchain_lab.course.functions import Function
from blockchain_lab.course.l16_pairs import PAIRS_OF_VOTES
from blockchain_lab.course.l16_sentences import TEN_SENTENCES
from blockchain_lab.course.l16_spares import TWO_FINALS
from blockchain_lab.course.questions import Choice, Mistake, Number, Question

WHAT_IS_FINAL: Final = Choice(
    id="L16.q1",
    predicted=True,
    title="Two thirds for checkpoint 3",
    prompt="A block shows two thirds of the votes for checkpoint 3. What is final then?",
    options={
        "a": "nothing yet",
        "b": "checkpoint 2, and all before it",
        "c": "checkpoint 3, and all before it",
        "d": "all of epoch 3, to its last block",
    },
    passes="the letter that fits the moment at which checkpoint 3 is justified.",
    hints=(
        "Step on until the tree marks checkpoint 3 as justified. What changes at checkpoint 2?",
        "The votes say two things at once: they go *to* checkpoint 3, and they come *from* checkpoint 2.",
        "Justified is the first step. A justified checkpoint becomes final when the very next one is"
        " justified from it.",
    ),
    because="The same votes justify checkpoint 3 and finalise checkpoint 2. Each epoch does that once.",
    solution="{answer}. Checkpoint 3 has to wait for the votes of the next epoch.",
    answer=votes.find_what_is_final,
    again=votes.reckon_what_is_final,
    mistakes=(
        Mistake("a", "Something is: look at checkpoint 2, from which these votes come."),
        Mistake("c", "That is justified now. It takes another two thirds, for a link that begins there."),
        Mistake("d", "These blocks stand above checkpoint 3, and no vote names any of them yet."),
    ),
    look_at=votes.find_third,
)

WHO_VOTES: Final = Choice(
    id="L16.q2",
    title="Who votes?",
    prompt="Who votes for the checkpoint of an epoch?",
    options={
        "a": "some of the validators, drawn by lot for each epoch",
        "b": "every validator, in every epoch",
        "c": "the validator with the largest deposit",
    },
    passes="the letter that fits all epochs of the first run.",
    hints=(
        "In the first picture look at the validators: whose votes are counted in each epoch?",
        "`find_voters(lab)` gives the names, epoch by epoch.",
        "All four, each time. To be one of them takes a deposit, and no luck.",
    ),
    because="Who has a deposit votes. Lots are drawn elsewhere: for who makes the next block.",
    solution="{answer}.",
    answer=votes.find_who_votes,
    again=votes.reckon_who_votes,
    mistakes=(
        Mistake("a", "Count them in the run: nobody is left out. Later systems draw who makes a block."),
        Mistake("c", "Its vote weighs most, but it does not vote alone: 40 % are not two thirds."),
    ),
)

TWO_THIRDS: Final = Number(
    id="L16.q3",
    title="Two thirds of a thousand",
    prompt="Validators have deposited 1,000 coins in all. How many coins must vote for a link, at least?",
    unit="coins",
    passes="the fewest whole coins that are at least two thirds of 1,000.",
    hints=(
        "At least two thirds, so exactly two thirds would be enough.",
        "Two thirds of 1,000 are 666.67.",
        "666 are too few: round up.",
    ),
    because="3 × 667 is at least 2 × 1,000; 3 × 666 is not.",
    solution="1,000 × 2 / 3, rounded up: {answer}.",
    answer=sums.search_two_thirds,
    again=sums.reckon_two_thirds,
    mistakes=(
        Mistake(666, "3 × 666 = 1,998, which is less than 2 × 1,000. One coin is missing."),
        Mistake(668, "One less is enough, too: at least two thirds, not more than that."),
        Mistake(501, "That is a majority. Casper asks for two thirds."),
        Mistake(334, "That is a third, and will become important. How many are two?"),
        Mistake(3, "Not heads are counted, but coins."),
    ),
)

FOLLOW: Final = Function(
    id="L16.q5",
    title="Which branch now?",
    prompt="Write follow: of branches, each (highest justified epoch, work, whether your final block is in"
    " it), the number of the one to follow.",
    name="follow",
    cases=(
        ([(3, 12, True), (4, 7, True)],),
        ([(4, 7, True), (5, 20, False)],),
        ([(2, 9, True), (2, 11, True), (1, 30, True)],),
        ([(2, 10, True), (2, 10, True)],),
        ([(6, 50, False), (0, 3, True), (0, 4, True)],),
        ([(1, 40, True), (3, 8, False), (2, 15, True), (2, 15, True)],),
    ),
    passes="the number, from 0 on, of the branch to follow, in six cases; of equals the first, for they are"
    " listed in the order in which they were seen.",
    hints=(
        "First leave out every branch without your final block: nothing leads there any more.",
        "Of the others the highest justified epoch counts first; work decides only between equals.",
        "Compare pairs: `(justified, work) > best`. Only more may replace the best.",
    ),
    because="Never leave what is final, then the highest justified checkpoint, then work: in this order.",
    solution="Leave out, compare pairs, keep the first of equals.\n\n{answer}",
    answer=lambda seed: sums.follow,
    again=lambda seed: sums.follow_by_sorting,
    mistakes=(
        Mistake(sums.follow_work, "That is Bitcoin's rule. Here a justified checkpoint beats any work."),
        Mistake(sums.forget_final, "You follow a branch without your final block. Final means never again."),
        Mistake(sums.forget_work, "At the same justified epoch the branch with more work is followed."),
        Mistake(sums.take_last_of_equals, "At a full tie the first seen stays: only more may replace it."),
        Mistake(sums.return_epoch, "You return the justified epoch. Wanted is the number of the branch."),
    ),
)

BY_THE_WAY: Final = Number(
    id="L16.q12",
    title="Final by the way",
    prompt="Epochs have 5 blocks. The checkpoint of epoch 2 is final; then nothing, until that of epoch 10"
    " becomes final. How many *other* blocks become final with it?",
    unit="blocks",
    passes="the blocks above checkpoint 2 and below checkpoint 10.",
    hints=(
        "A final block makes all blocks before it final, checkpoints or not.",
        "Checkpoint 2 is block 10, checkpoint 10 is block 50. Block 10 was final before.",
        "Blocks 11 to 49.",
    ),
    because="They are final *implicitly*: nobody ever voted for a link to most of them. Final is a word about"
    " a whole history.",
    solution="From block 11 to block 49: {answer}.",
    answer=silence.count_in_run,
    again=silence.multiply_epochs,
    mistakes=(
        Mistake(40, "That counts checkpoint 10 itself. How many others?"),
        Mistake(0, "A block that is final makes all of its ancestors final, too."),
        Mistake(7, "These are the checkpoints between. The blocks between them become final as well."),
        Mistake(49, "The first ten were final before."),
        Mistake(44, "Those after checkpoint 10 are not its ancestors: they wait for the next one."),
        Mistake(4, "All the way back to the last final block, not just to the last checkpoint."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    WHAT_IS_FINAL,
    WHO_VOTES,
    TWO_THIRDS,
    votes.BY_FEWEST,
    FOLLOW,
    deposits.YEAR,
    deposits.FIRST_DYNASTY,
    deposits.DELAY,
    PAIRS_OF_VOTES,
    TWO_FINALS,
    silence.LEAK,
    BY_THE_WAY,
    TEN_SENTENCES,
)
