"""Lesson 13, the last questions: from which share on a selfish pool gains, and what an eclipsed shop sees."""

from functools import partial

from blockchain_lab.course import l13_odds as odds
from blockchain_lab.course.questions import Mistake, Number

ALONE = Number(
    id="L13.q11",
    title="Selfish, and nobody helps",
    prompt="In a tie nobody else mines on the selfish pool's block (γ = 0). Above which share of the power"
    " does keeping blocks back pay?",
    unit="(a share from 0 to 1)",
    tolerance=0.002,
    passes="the smallest share from which the pool earns more than its part, within 0.002.",
    hints=(
        "In the picture: where does the line for γ = 0 cross the dotted one, which is honest mining?",
        "The formula is (1 - γ) / (3 - 2γ).",
        "With γ = 0 it is 1 / 3.",
    ),
    because="A third is enough, not a half: honest miners waste more work on stale blocks than it does.",
    solution="(1 - 0) / (3 - 0) = {answer}.",
    answer=partial(odds.get_threshold, 0.0),
    again=partial(odds.search_threshold, 0.0),
    mistakes=(
        Mistake(0.5, "With a half it owns every race. It gains long before: look where the lines cross."),
        Mistake(0.25, "That is for γ = 0.5, when half of the others help it in a tie."),
        Mistake(0, "That is for γ = 1, when all others help it in each tie."),
        Mistake(33.333, "That is per cent. Wanted is a share from 0 to 1."),
    ),
)

HELPED = Number(
    id="L13.q12",
    title="Selfish, and half of them help",
    prompt="Now half of the others mine on the pool's block in a tie (γ = 0.5). Above which share"
    " does it pay?",
    unit="(a share from 0 to 1)",
    tolerance=0.002,
    passes="the smallest share from which the pool earns more than its part, within 0.002.",
    hints=(
        "More help in a tie: the share must be smaller than before.",
        "(1 - γ) / (3 - 2γ), with γ = 0.5.",
        "0.5 / 2.",
    ),
    because="A quarter. Eyal and Sirer propose to toss a coin in a tie: then γ is a half for every pool.",
    solution="(1 - 0.5) / (3 - 1) = {answer}.",
    answer=partial(odds.get_threshold, 0.5),
    again=partial(odds.search_threshold, 0.5),
    mistakes=(
        Mistake(0.5, "That is γ. Wanted is the pool's share of the power."),
        Mistake(1 / 3, "That is for γ = 0, when nobody helps. With help a smaller share is enough."),
        Mistake(1 / 6, "Half of a third? γ stands below the line, too: 0.5 / (3 - 1)."),
        Mistake(0, "That is for γ = 1, when all others help it in each tie."),
        Mistake(25, "That is per cent. Wanted is a share from 0 to 1."),
    ),
)

ECLIPSED = Number(
    id="L13.q13",
    title="A fork for one shop",
    prompt="Every connection of a shop leads to an attacker with 30 % of the world's hash power, which mines"
    " for the shop alone. How many minutes do six confirmations take on average?",
    unit="minutes",
    passes="the average time of six blocks at 30 % of the rate that makes one in ten minutes.",
    hints=(
        "All miners together need ten minutes for a block, on average.",
        "The attacker has 0.3 of that power: for one block it needs 10 / 0.3 minutes.",
        "Six of them: 6 × 10 / 0.3.",
    ),
    because="It needs no majority, only patience. Blocks that come too slowly are what the shop can notice.",
    solution="6 × 10 / 0.3 = {answer}.",
    answer=odds.get_eclipsed_minutes,
    again=odds.multiply_hashes,
    tolerance=0.001,
    mistakes=(
        Mistake(60, "That is with all of the world's power. The shop sees the attacker's blocks only."),
        Mistake(18, "Less power makes blocks slower, not faster: divide by 0.3."),
        Mistake(100 / 3, "That is one block. Six are wanted."),
        Mistake(60 / 0.7, "The honest 70 % mine, but the shop sees none of their blocks."),
    ),
)
