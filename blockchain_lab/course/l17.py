"""Lesson 17, layers: its questions, in the order of the text.

A call's road is in `l17_road`, prices and the searcher in `l17_trades`, what is done by hand in `l17_tasks`,
two overlays and subnets in `l17_overlays`, rollup and bridge in `l17_chains`, twelve parts in `l17_parts`,
the picture in `l17_loops`, tables in `l17_tables`.
"""

from typing import Final

from blockchain_lab.course import l17_chains as chains
from blockchain_lab.course import l17_overlays as overlays
from blockchain_lab.course import l17_road as road
from blockchain_lab.course import l17_tasks as tasks
from blockchain_lab.course import l17_trades as trades
from blockchain_lab.course.functions import Function
from blockchain_lab.course.l17_parts import TWELVE_PARTS
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

FATE: Final = Choice(
    id="L17.q1",
    predicted=True,
    title="Ann's call behind the cut",
    prompt="Ann's call has run in cat's block. The cable heals, and the other side's branch is stronger."
    " What becomes of the call?",
    options={
        "a": "it has run, and that is that",
        "b": "it is gone: ann has to sign another one",
        "c": "it waits again, and runs once more with the same result",
        "d": "it waits again, runs once more, and fails",
    },
    passes="the letter that fits what cat sees, up to the end of the run.",
    hints=(
        "Play on past second 27. Which blocks does cat still count?",
        "The call is in cat's mempool again. Whose trade stands in the blocks before its second turn?",
        "Eve has bought first. The price is not what it was, and ann has a limit.",
    ),
    because="What ran on a branch that is left has not happened. The same call meets another state.",
    solution="{answer}. Eve's trade now stands before it.",
    answer=road.find_fate,
    again=road.reckon_fate,
    mistakes=(
        Mistake("a", "It ran in a block that nobody counts any more: look at the tree behind second 27."),
        Mistake("b", "Its signature is as good as before: cat puts it back into its mempool."),
        Mistake("c", "So it is with bob's payment. Ann's call depends on what stands before it."),
    ),
    look_at=road.find_undoing,
)

TOKENS: Final = Number(
    id="L17.q2",
    title="What eve has left",
    prompt="How many tokens would ann get for her 10 ether behind eve's trade?",
    unit="tokens",
    tolerance=1,
    passes="the tokens for 10 ether, behind eve's trade and with the fee of 0.3 %, within 1.",
    hints=(
        "Put the exchange's 1,020 ether and 980,449,831 tokens into the rule.",
        "Of ann's 10 ether 9.97 count. The product after the trade: (1,020 + 9.97) × what is left.",
        "980_449_831 * 9.97 / (1_020 + 9.97), rounded down.",
    ),
    because="Ann asked for 9,800,000 at least, so her call fails. Nobody broke a rule: she came later.",
    solution="980,449,831 × 9.97 / 1,029.97 = {answer}.",
    answer=road.ask_exchange,
    again=road.solve_exchange,
    mistakes=(
        Mistake(road.forget_rival, "That is what she got the first time, before eve's trade."),
        Mistake(road.forget_fee, "That is without the fee: only 99.7 % of what comes in counts."),
        Mistake(road.keep_price, "That is the price before her trade. Her own trade moves it, too."),
        Mistake(road.LEAST, "That is her limit. What would she get?"),
    ),
)

KEPT_FEE: Final = Number(
    id="L17.q3",
    title="The price of failing",
    prompt="Ann offers 30 gwei for a unit of gas. How many gwei has the failed call cost her?",
    unit="gwei",
    passes="the fee of the call's second turn: units of gas times the price.",
    hints=(
        "Play the run to its end and show the actions again: there is a third column.",
        "The second turn stops behind two reads. Take the units in its last line.",
        "25_364 * 30.",
    ),
    because="All peers have checked, read and reckoned for her. What is undone is the trade, not the work.",
    solution="25,364 units at 30 gwei: {answer}.",
    answer=road.find_kept_fee,
    again=road.add_kept_fee,
    mistakes=(
        Mistake(0, "The coins that she gave are back, the fee is not: the work was done."),
        Mistake(road.find_full_fee, "That is the first turn. The second one stopped earlier."),
        Mistake(25_364, "These are units of gas. Each costs 30 gwei."),
        Mistake(21_000 * 30, "That is a payment's fee. A call brings data, and reads."),
    ),
)

REPLACES: Final = Function(
    id="L17.q4",
    title="Dear enough?",
    prompt="Write replaces: may a transaction with the price new take the place of one with the price old?",
    name="replaces",
    cases=trades.CASES,
    passes="True or False as the engine's pool says, for nine pairs of prices.",
    hints=(
        "Two conditions: more than before, and ten per cent more at least.",
        "Ten per cent more, rounded down to whole gwei: `old * 110 // 100`.",
        "`return new > old and new >= old * 110 // 100`.",
    ),
    because="Each replacement is told to everybody again. Without a step one gwei could flood the network.",
    solution="In whole numbers:\n\n{answer}",
    answer=lambda seed: trades.replaces,
    again=lambda seed: trades.replaces_by_pool,
    mistakes=(
        Mistake(trades.replace_by_more, "More is not enough: 109 does not replace 100."),
        Mistake(trades.replace_behind_ten, "Exactly ten per cent more is enough: 110 replaces 100."),
        Mistake(trades.replace_rounded_up, "Round down, as go-ethereum does: 36 replaces 33."),
        Mistake(
            trades.replace_for_same, "Ten per cent of 5 gwei round down to none, but 5 does not replace 5."
        ),
        Mistake(trades.replace_by_ten, "Ten per cent, not ten gwei: 22 replaces 20."),
    ),
)

STATIONS: Final = Order(
    id="L17.q5",
    title="The stations of ann's call",
    prompt="Bring the stations of ann's call into their order, as cat saw them.",
    items=(
        "queued",
        "pending",
        "executed",
        "replaced",
        "undone",
        "pending again",
        "executed again",
        "failed",
        "dropped",
    ),
    passes="the stations that cat saw, in their order, and no others.",
    hints=(
        "Walk along the blue arrows by their numbers. What cat has heard of from ann is never queued.",
        "pending, executed, undone: and then?",
        "It comes back to pending, and goes another way from there: pending again, failed.",
    ),
    because="No straight road: twice at the same station, and on by another way the second time.",
    solution="{answer}",
    answer=road.list_stations,
    again=road.look_for_stations,
    mistakes=(
        Mistake(["pending", "executed"], "So it was until second 26. Then cat left that block."),
        Mistake(
            ["pending", "executed", "undone", "failed"],
            "From an undone block it does not go straight into another one: it waits first.",
        ),
        Mistake(
            ["pending", "executed", "undone", "pending again", "executed again"],
            "That is bob's payment. Ann's call meets another price the second time.",
        ),
        Mistake(
            ["pending", "executed", "failed"],
            "Nothing fails that is done: cat left the block, it was undone, and it waited again.",
        ),
    ),
)

LEFT_FOR_ANN: Final = Number(
    id="L17.q7",
    title="What the searcher leaves",
    prompt="How many tokens did ann get for her first call, the one with the limit of 9,000,000?",
    unit="tokens",
    passes="what ann's first call returned in your run.",
    hints=(
        "Play on to second 12. Which three transactions are in block 1?",
        "Eve buys as much as she can so that ann's call still runs. How far is that?",
        "Until ann gets her limit and not a token more.",
    ),
    because="A limit says what you would accept, to everybody. Eve takes the rest.",
    solution="Her limit, to the token: {answer}.",
    answer=trades.find_left,
    again=trades.reckon_left,
    mistakes=(
        Mistake(road.forget_rival, "That is what she would have got alone. Eve bought before her."),
        Mistake(0, "Her call did not fail: eve needs it, to sell behind it at a better price."),
        Mistake(9_504_612, "That is her private call, the third one."),
    ),
    look_at=trades.find_sandwich_event,
)

QUESTIONS: tuple[Question, ...] = (
    FATE,
    TOKENS,
    KEPT_FEE,
    REPLACES,
    STATIONS,
    tasks.ROUND,
    LEFT_FOR_ANN,
    overlays.SENT_BLOCKS,
    overlays.SENT_CALLS,
    overlays.SAVED,
    tasks.WAKE,
    chains.WHO_CHECKS,
    chains.CONFIRMATIONS,
    TWELVE_PARTS,
)
