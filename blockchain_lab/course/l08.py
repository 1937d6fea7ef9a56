"""Lesson 8, overlays: its questions, in the order of the text.

Distance is in `l08_ids`, what is read off runs in `l08_runs`, the tasks in the simulator in `l08_tasks`, the
last four questions, on what follows from all that, in `l08_verdicts`.
"""

from blockchain_lab.course import l08_ids as ids
from blockchain_lab.course import l08_runs as runs
from blockchain_lab.course.l08_tasks import SPEND, SURROUND
from blockchain_lab.course.l08_verdicts import IDENTITY, PROPERTIES, SYSTEMS, TRUSTLESS
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

RACE = Choice(
    id="L08.q1",
    predicted=True,
    title="Fewer messages, or sooner?",
    prompt="Forty peers each: who needs fewer messages for one search, who has found the song sooner?",
    options={
        "a": "the hash table needs fewer messages, and is sooner",
        "b": "the hash table needs fewer messages, asking everybody is sooner",
        "c": "asking everybody needs fewer messages, the hash table is sooner",
        "d": "asking everybody needs fewer messages, and is sooner",
    },
    passes="the letter that fits the first line of the race: messages and seconds, all peers there.",
    hints=(
        "Look at the line of the race where nobody has gone, and there at messages.",
        "Now the seconds. Who waits for an answer before it asks the next one?",
        "A flood goes all ways at once. A lookup goes one step after another, but asks only a handful.",
    ),
    because="A lookup asks few, one after another. A flood asks all, at once: dear, and quick.",
    solution="{answer}. Some eight messages against more than three hundred, and the flood is there first.",
    answer=runs.find_winners,
    again=runs.reckon_winners,
    mistakes=(
        Mistake("a", "Fewer messages, yes. But compare the seconds: a lookup has to wait for each answer."),
        Mistake("c", "Just the other way round: look at both columns of the first line."),
        Mistake("d", "A question that goes over every line is not cheap. Compare the messages."),
    ),
)

XOR = Number(
    id="L08.q2",
    title="How far is 11 from 6?",
    prompt="In bits 11 is 1011 and 6 is 0110. How far are they from each other, as Kademlia measures it?",
    unit="",
    passes="the distance as a whole number, 11 xor 6.",
    hints=(
        "Write one below the other and mark where they differ.",
        "A place where they differ is a 1, all others are 0. Read that as a number.",
        "In Python: `11 ^ 6`.",
    ),
    because="1101 in bits: they differ in three places, and in the first one. So 11 and 6 are far apart.",
    solution="1011 xor 0110 = 1101, which is {answer}.",
    answer=ids.get_xor,
    again=ids.add_differing_bits,
    mistakes=(
        Mistake(5, "That is 11 - 6. Distance here is not on a ruler: compare bit by bit."),
        Mistake(3, "That is in how many places they differ. But the first place counts most: read 1101."),
        Mistake(15, "That is 11 or 6: a 1 where either has one. Wanted is where exactly one of them has."),
        Mistake(2, "That is 11 and 6: where both have a 1. Wanted is where they differ."),
        Mistake(17, "That is the sum."),
    ),
)

CLOSEST = Order(
    id="L08.q3",
    title="Three who keep it",
    prompt="Which three peers keep what belongs to your key? The closest first.",
    items=tuple(ids.PEERS),
    varies=True,
    passes="the three names whose ids are closest to your key by XOR, the closest first.",
    hints=(
        "Take the key xor each id. In Python: `key ^ 9`.",
        "The smallest three results are the closest three.",
        "Equal first bits mean close: an id that begins as the key does beats all that do not.",
    ),
    because="They begin with the same bits as the key. Everybody who looks for it ends with the same three.",
    solution="Sorted by `key ^ id`: {answer}.",
    answer=ids.find_closest,
    again=ids.walk_down,
    mistakes=(
        Mistake(ids.find_by_difference, "That is by subtraction, as on a ruler. Take the XOR instead."),
        Mistake(ids.find_farthest, "Those are the three farthest: the smallest XOR is the closest."),
        Mistake(ids.find_closest_backwards, "The right three, but the closest comes first."),
    ),
)

BOUND = Number(
    id="L08.q4",
    title="Steps among a million",
    prompt="How many steps does a lookup among 1,000,000 peers take at most, if each settles one bit more?",
    unit="steps",
    passes="the smallest whole number that is enough for certain: log2 N, rounded up.",
    hints=(
        "After each step at most half of the peers that were in question still are.",
        "How often can a million be halved until one is left?",
        "In Python: `from math import ceil, log2`, then `ceil(log2(1_000_000))`.",
    ),
    because="2 to the power of 20 is a little more than a million. Twice the peers cost one step more.",
    solution="log2(1,000,000) = 19.93, so {answer}.",
    answer=ids.get_hops_at_most,
    again=ids.halve_until_one,
    mistakes=(
        Mistake(19, "2 to the power of 19 is 524,288: about half of them would still be in question."),
        Mistake(6, "That is the logarithm to the base 10. Each step halves."),
        Mistake(14, "That is the logarithm to the base e. Each step halves."),
        Mistake(10, "That is the average, half of the bits: some are right by chance. Wanted is at most."),
        Mistake(500_000, "That is one halving. How often can it be done?"),
        Mistake(160, "An id has 160 bits, but long before all are settled only one peer is left."),
    ),
)

FLOOD = Number(
    id="L08.q5",
    title="What a flood costs",
    prompt="Forty peers, 181 lines between them. How many times is one question sent?",
    unit="messages",
    passes="the exact number of questions that are sent, answers not counted.",
    hints=(
        "Each peer sends it once over each of its lines, but not over the line on which it came first.",
        "Counted from both ends there are 2 × 181 ends of lines.",
        "All peers but the one who asks leave out one line: 2 × 181 - 39.",
    ),
    because="Nearly twice on every line, for one search: and most who hear it have heard it before.",
    solution="2 × 181 - (40 - 1) = {answer}.",
    answer=runs.get_flood,
    again=runs.count_flood,
    mistakes=(
        Mistake(39, "That is enough to tell all others once. But nobody knows who has been told already."),
        Mistake(
            181, "Once on each line? Most lines carry it both ways: both ends are told by somebody else."
        ),
        Mistake(362, "Nearly: nobody sends it back on the line on which it came first."),
        Mistake(322, "Who asks has no line on which it came: 39 leave one out, not 40."),
        Mistake(1_600, "40 × 40 would be everybody to everybody. They only have 181 lines."),
    ),
)

HOT = Number(
    id="L08.q6",
    title="A hot key",
    prompt="All forty peers look for one song. How many times the average is the busiest peer asked?",
    unit="times the average",
    tolerance=0.2,
    varies=True,
    passes="largest over mean of the numbers that `ask_all` gives, all forty peers counted, within 0.2.",
    hints=(
        "`asked.values()` has forty numbers. Which is the largest?",
        "The mean: `sum(asked.values()) / len(asked)`. Peers that were never asked count, too.",
        "Together: `max(asked.values()) / (sum(asked.values()) / len(asked))`.",
    ),
    because="Three peers keep the song and are asked by nearly all; most are never asked.",
    solution="The largest over the mean is {answer}.",
    answer=runs.measure_hot_key,
    again=runs.count_hot_key,
    mistakes=(
        Mistake(runs.get_busiest, "That is how often the busiest was asked. Divide it by the average."),
        Mistake(
            runs.get_hot_of_asked, "You left out those who were never asked: they are part of the average."
        ),
        Mistake(1, "That would be equal work for all. Look at the numbers: how many are 0?"),
        Mistake(40, "That would be one peer that answers everything. There are several that keep the song."),
    ),
)

BOUGHT = Number(
    id="L08.q8",
    title="The same budget, spent on a random graph",
    prompt="Three of the forty peers on the right are paid to keep silent. How many of the 37 others does the"
    " question of g31 still reach, itself included?",
    unit="peers",
    passes="the number of peers, g31 included.",
    hints=(
        "Each peer there has six lines at least. Are three enough to cut one off?",
        "The question takes all ways at once. It goes around who is silent.",
        "Play it: `Kill` three peers of the right half at second 14, then look who has seen the question.",
    ),
    because="To cut somebody off all of its neighbours must be bought. No three own a key.",
    solution="All of them: {answer}.",
    answer=runs.count_reached_without,
    again=runs.walk_without,
    mistakes=(
        Mistake(0, "The question takes all ways at once: three silent peers do not stop it."),
        Mistake(34, "Do the three take others with them? Everybody has six neighbours or more."),
        Mistake(36, "g31 counts, too."),
        Mistake(40, "The three who are silent do not pass it on, and are not counted."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    RACE,
    XOR,
    CLOSEST,
    BOUND,
    FLOOD,
    HOT,
    SURROUND,
    BOUGHT,
    SPEND,
    TRUSTLESS,
    IDENTITY,
    PROPERTIES,
    SYSTEMS,
)
