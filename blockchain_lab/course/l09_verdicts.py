"""Lesson 9, its last questions: what a lie comes to, how many builders must agree, and what tells what."""

from blockchain_lab.course import l09_lies as lies
from blockchain_lab.course import l09_votes as votes
from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.sorting import Sorting

LIARS = Sorting(
    id="L09.q10",
    title="What a lie is good for",
    prompt="Four honest peers say 1.1, 1.4, 1.6 and 1.9. What does each word of the fifth come to, for a"
    " requester that chooses as Pyrsia's code does?",
    items=tuple(lies.LIES),
    groups={
        lies.DRAWS: "the liar gets every request",
        lies.REPELS: "the liar gets none, and has its peace",
        lies.ENDS: "the requester's program ends",
    },
    passes="each of the seven words in the group that `ask_pyrsia` shows.",
    hints=(
        "Try each: `ask_pyrsia(ann=1.1, bob=1.4, cat=1.6, dan=1.9, mal=0.4)`, and so on.",
        "Below 0.5 it is taken at once. Else the lowest is taken. Whoever does not answer is left out.",
        'Two numbers are compared, unless one of them is none: `mal="nan"`. Then the program ends.',
    ),
    because="A number that nobody checks steers everybody: towards the liar, away from it, or into a wall.",
    solution="By trying each: {answer}.",
    answer=lies.sort_lies,
    again=lies.compare_lies,
    mistakes=(
        Mistake(("0.4", lies.REPELS), "0.4 is below 0.5: it is taken at once, before the others are asked."),
        Mistake(
            ("-1000", lies.ENDS),
            "The code does not mind a number below nothing: it is below 0.5, and is taken at once.",
        ),
        Mistake(
            ("minus infinity", lies.REPELS),
            "Nothing is lower than that, so it is below 0.5, too: it is taken at once.",
        ),
        Mistake(("5000000", lies.DRAWS), "The lowest is taken, and this is the highest."),
        Mistake(("infinity", lies.ENDS), "Infinity can be compared: it is more than all others."),
        Mistake(
            ("no number", lies.REPELS), "It is in the list that is sorted, and can be compared with nobody."
        ),
        Mistake(("no answer", lies.DRAWS), "Whoever does not answer is left out."),
    ),
)

NEEDED = Number(
    id="L09.q11",
    title="How many builders?",
    prompt="Ten builders may vote. How many of them at least must have made the same, to have it accepted?",
    unit="builders",
    passes="the smallest number that is two thirds of ten or more.",
    hints=(
        "Two thirds of all who may vote, whether they do or not.",
        "Two thirds of ten are 6.67. Is six enough?",
        "`ceil(10 * 2 / 3)`.",
    ),
    because="Two groups of seven share at least four of ten. So two results need four who vote for both.",
    solution="Two thirds of ten, rounded up: {answer}.",
    answer=votes.count_needed,
    again=votes.vote_one_by_one,
    mistakes=(
        Mistake(6, "Six are more than half, and less than two thirds: 6 × 3 is less than 10 × 2."),
        Mistake(5, "That is half of them. Two thirds are wanted."),
        Mistake(10, "Then one that is away could stop everything. Two thirds are enough."),
        Mistake(4, "So many are enough to stop it. How many does it take to accept?"),
    ),
)

PROOFS = Sorting(
    id="L09.q12",
    title="What tells what",
    prompt="Which tells you each of these: the metric, the published hash, the builders' vote, or nothing?",
    items=votes.STATEMENTS,
    groups={
        votes.METRIC: "Q, which the peer says of itself",
        votes.HASH: "the hash of the file, compared with the published one",
        votes.VOTE: "two thirds of the builders have made the same from the source",
        votes.NOTHING: "none of the three",
    },
    passes="each of the seven statements with what tells it.",
    hints=(
        "A hash compares what you got with what was published. A vote compares that with the source.",
        "If the builder itself slips something in, is the published hash wrong? Would other builders agree?",
        "A harmful source builds to the same for all. And what a peer says is not yet what it does.",
    ),
    because="Q finds you somebody to ask, a hash guards the way, a vote the builder. None reads the source.",
    solution="By making each false, and seeing who notices: {answer}.",
    answer=votes.try_attacks,
    again=votes.compare_ends,
    mistakes=(
        Mistake((votes.PROMISE, votes.NOTHING), "Just that is what a metric is: what a peer says of itself."),
        Mistake(
            (votes.BYTES, votes.VOTE), "The vote says what should be published. What did *you* get? Hash it."
        ),
        Mistake((votes.WAY, votes.METRIC), "A metric says nothing about bytes. Compare a hash."),
        Mistake(
            (votes.BUILD, votes.HASH), "A tampered file that is published has a right hash, too: its own."
        ),
        Mistake(
            (votes.MACHINE, votes.HASH), "It was added before the hash was taken. Who else has built it?"
        ),
        Mistake((votes.HARM, votes.VOTE), "All builders make the same of a harmful source. Who reads it?"),
        Mistake(
            (votes.QUICK, votes.METRIC), "It says that it is idle. The first piece shows whether it is quick."
        ),
    ),
)
