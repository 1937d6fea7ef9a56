"""Lesson 18, the capstone: its questions, in the order of the text.

What the runs say is in `l18_runs`, the six repairs and the whole in `l18_tasks`, the kind of question in
`l18_repair`. The checker: `l18_worlds` (where a peer must stand), `l18_invariants` and `l18_counting` (what
must hold), `l18_checking`, `l18_shrinking` (the smallest world that fails), `l18_submission` (what may be
handed in). Real sockets: `l18_real`.
"""

from typing import Final

from blockchain_lab.course import l18_runs as runs
from blockchain_lab.course import l18_tasks as tasks
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

THE_WAY: Final = Order(
    id="L18.q1",
    title="The way of a payment",
    prompt="gus pays hal. What happens to the payment, in which order, until it is final?",
    items=("confirmed", "final", "mined", "proposed", "told", "topped", "voted", "waits"),
    passes="the seven that happen, in the order in which each happens first. One of the eight never does.",
    hints=(
        "Step through the first picture from second 1 on, and read what is sent and noted.",
        "A client tells one validator, which tells the others; then it waits for a leader.",
        "The block is confirmed by votes; final it is only when the next slot's block is confirmed, too.",
    ),
    because="Two thirds confirm a block. Final it is one slot later, when a confirmed block stands on it.",
    solution="{answer}. Nobody mines: a leader is drawn by stake.",
    answer=runs.follow_payment,
    again=runs.sort_way,
    mistakes=(
        Mistake(
            ["told", "waits", "mined", "proposed", "voted", "confirmed", "topped", "final"],
            "Nobody mines here: who may propose is drawn by stake, from the slot's number.",
        ),
        Mistake(
            ["told", "waits", "proposed", "voted", "confirmed", "final", "topped"],
            "Confirmed is not final yet. What has to stand on it first?",
        ),
        Mistake(
            ["told", "waits", "voted", "proposed", "confirmed", "topped", "final"],
            "A vote names a block. So the block comes first.",
        ),
    ),
)

VOTES: Final = Number(
    id="L18.q2",
    title="Votes on the wire",
    prompt="How many datagrams carry votes for the block of one slot?",
    unit="datagrams",
    passes="the datagrams with votes for one block, of all peers together.",
    hints=(
        "Who votes? And whom does a voter tell?",
        "Three validators, and each tells everybody else, the two clients as well.",
        "3 × 4.",
    ),
    because="Three validators tell four others each. With n of them and as many peers it grows as n².",
    solution="3 × (5 − 1) = {answer}.",
    answer=runs.count_votes,
    again=runs.reckon_votes,
    mistakes=(
        Mistake(3, "Three votes, yes. But each of them is told to everybody else, one by one."),
        Mistake(15, "Nobody sends a datagram to itself."),
        Mistake(20, "The two clients hold no stake, and do not vote."),
        Mistake(6, "The clients are told, too: else they would not know what is final."),
        Mistake(9, "Five peers are in it: each voter tells four others."),
    ),
)

NEEDED: Final = Choice(
    id="L18.q3",
    title="Who is needed?",
    prompt="ann has 40 of the stake, bob 30, cat 30. Which one of them, switched off, stops the chain?",
    options={"a": "ann", "b": "bob", "c": "cat", "d": "none of them alone"},
    passes="the letter of the one without whom no block is confirmed any more.",
    hints=(
        "Two thirds of 100, at least: how much is that?",
        "67. How much is left without ann, without bob, without cat?",
        "60, 70 and 70.",
    ),
    because="Without ann 60 of 100 are left, less than two thirds. More than a third is a veto.",
    solution="{answer}: 100 − 40 = 60, and 3 × 60 < 2 × 100.",
    answer=runs.find_needed,
    again=runs.reckon_needed,
    mistakes=(
        Mistake("b", "Without bob 70 of 100 are left: enough. Only bob's own slots stay empty."),
        Mistake("c", "Without cat 70 of 100 are left: enough. Only cat's own slots stay empty."),
        Mistake("d", "One of them holds more than a third."),
    ),
)

WHAT_BREAKS: Final = Choice(
    id="L18.q4",
    predicted=True,
    title="Six faults at once",
    prompt="The same chain with six faults, and a forger beside it. What goes wrong first?",
    options={
        "a": "a peer falls over with an error",
        "b": "two peers hold different blocks for final",
        "c": "an honest validator votes for a block of the forger's, who is not the leader",
        "d": "nothing: all payments become final",
    },
    passes="the letter that fits the first event at which something does not hold.",
    run="storm",
    hints=(
        "Play on to second 2, and look at who votes for which block.",
        "`print(check_world(0, FaultyNode))` says what the checker finds first.",
        "mallory, who has no stake at all, tells everybody a block in slot 1. bob leads that slot.",
    ),
    because="dan votes for mallory's block in slot 1. Nothing ever becomes final in this world.",
    solution="{answer}. Blocks are not looked at, and nobody asks who the leader is.",
    answer=runs.find_first_break,
    again=runs.read_first_break,
    mistakes=(
        Mistake("a", "That will come, in other worlds: for it a payment has to become final first."),
        Mistake("b", "For that something must become final. Look at what is voted for."),
        Mistake("d", "Look at the chart: nothing is ever final here."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    THE_WAY,
    VOTES,
    NEEDED,
    WHAT_BREAKS,
    tasks.SETTLE,
    tasks.AUTHENTIC,
    tasks.LEADER,
    tasks.VALID,
    tasks.EARLY,
    tasks.GAP,
    tasks.WHOLE,
)
