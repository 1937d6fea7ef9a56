"""Lesson 9, choosing a peer: its questions, in the order of the text.

The words of the trade and the liars are in `l09_lies`, candidates and their Q in `l09_candidates`, a Q
without units in `l09_normal`, the herd in `l09_herd`, chance in `l09_ways`, the limit in `l09_limit`,
builders in `l09_votes`, the last three questions in `l09_verdicts`; pictures besides in `l09_lines` and
`l09_machine`.
"""

from blockchain_lab.course import l09_candidates as candidates
from blockchain_lab.course import l09_herd as herd
from blockchain_lab.course import l09_lies as lies
from blockchain_lab.course import l09_normal as normal
from blockchain_lab.course import l09_verdicts as verdicts
from blockchain_lab.course import l09_ways as ways
from blockchain_lab.course.functions import Function
from blockchain_lab.course.l09_limit import SHARE
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

BUSIEST = Number(
    id="L09.q1",
    predicted=True,
    title="Twenty and the best of five",
    prompt="Twenty requesters read the same five numbers, and each takes the lowest. How many of the twenty"
    " requests come to the busiest of the five?",
    unit="requests",
    passes="how many of the first twenty requests, those of second 3, the busiest of the five gets.",
    hints=(
        "Play to second 4, and look at the curves: one line for each of the five.",
        "All read the same five numbers. Which is the lowest, for each of them?",
        "There is one lowest number, and everybody takes it.",
    ),
    because="The same numbers, the same rule, the same choice. What is best for each is worst for all.",
    solution="All of them: {answer}.",
    answer=herd.get_busiest,
    again=herd.reckon_busiest,
    mistakes=(
        Mistake(4, "That would be fair: twenty by five. But who tells them to spread out?"),
        Mistake(5, "There are five to choose from. How many choose each of them?"),
        Mistake(1, "One requester sees one best peer. How many requesters are there?"),
        Mistake(60, "That is all three waves together. Count those of second 3."),
        Mistake(0, "Then nobody would get a file. Look at the curves at second 4."),
    ),
    look_at=herd.find_longest_line,
)

ROLES = Choice(
    id="L09.q2",
    title="Requester, peer, neighbouring node",
    prompt="kim wants a file. Kademlia names ida, who has it; joe is in the network, and does not have it."
    " What are they, in the words of Pyrsia's blog?",
    options={
        "a": "kim is the requester, ida and joe are neighbouring nodes; all three are peers",
        "b": "kim is the requester, ida is a neighbouring node; all three are peers",
        "c": "ida is the requester, kim is a neighbouring node; all three are peers",
        "d": "kim is the requester, joe is a neighbouring node, for he is close; all three are peers",
    },
    passes="the letter of the sentence that fits what the three do in the run.",
    hints=(
        "A requester wants something. Everybody who takes part is a peer.",
        "A neighbouring node is named by Kademlia, because it has what is wanted. It needs no line to kim.",
        "Who wants, who has, and who has it not?",
    ),
    because="Being a neighbour is not about lines or distance: it is about having the file.",
    solution="{answer}. The same ida is no neighbouring node when kim wants something else.",
    answer=lies.find_roles,
    again=lies.read_roles,
    mistakes=(
        Mistake("a", "joe does not have the file, so Kademlia does not name him. He is a peer, and no more."),
        Mistake("c", "The requester is the one who wants the file: that is kim."),
        Mistake("d", "Closeness has nothing to do with it. Who has the file that kim wants?"),
    ),
)

LOWEST = Number(
    id="L09.q3",
    varies=True,
    title="The lowest Q",
    prompt="Of your five candidates, what is the Q of the one with the lowest Q? Weights: load 2, network"
    " 0.001, disk 0.001.",
    unit="(a plain number)",
    tolerance=0.0005,
    passes="the smallest of your five Qs, within 0.0005.",
    hints=(
        "For each candidate: 2 × load + 0.001 × network + 0.001 × disk.",
        "Do it for all five. The least load alone does not decide.",
        "Write it in Python: `2 * load + 0.001 * network + 0.001 * disk`, five times; take the smallest.",
    ),
    because="One number for a whole machine: easy to compare, and everything hangs on the weights.",
    solution="2 × load + 0.001 × network + 0.001 × disk for each; the smallest is {answer}.",
    answer=candidates.find_lowest,
    again=candidates.add_lowest,
    mistakes=(
        Mistake(candidates.find_of_least_load, "That one has the least load. Add its network and its disk."),
        Mistake(candidates.find_highest, "That is the largest Q. The best peer has the lowest."),
        Mistake(candidates.find_unweighted, "Each attribute is multiplied by its weight before it is added."),
        Mistake(0, "None of the five is idle. Use the numbers in the table."),
    ),
)

UPLOAD_Q = Number(
    id="L09.q4",
    varies=True,
    title="Q for an upload",
    prompt="You want to bring this machine a file. What is its Q, counted fairly: load for each core, and"
    " packets of 1,500 bytes a second of what an upload competes with?",
    unit="(a plain number)",
    tolerance=0.0005,
    passes="2 × load for each core + 0.001 × packets received a second + 0.001 × packets written a second,"
    " within 0.0005.",
    hints=(
        "A file that comes in is received and written. So which two of the four counters count?",
        "A rate: how much has the counter grown, divided by 10 seconds and by 1,500 bytes?",
        "2 × load / cores + 0.001 × received a second / 1,500 + 0.001 × written a second / 1,500.",
    ),
    because="A machine whose line out is full may be the best one to bring something to. Directions differ.",
    solution="From received and written, and the load for each core: {answer}.",
    answer=candidates.get_upload_quality,
    again=lambda seed: candidates.count_quality(seed, ("received", "written")),
    mistakes=(
        Mistake(
            lambda seed: candidates.count_quality(seed, ("sent", "read")),
            "That is for a download, which sends and reads. An upload is received and written.",
        ),
        Mistake(
            lambda seed: candidates.count_quality(seed, ("sent", "received", "read", "written")),
            "That counts both directions. Only what an upload competes with belongs in.",
        ),
        Mistake(
            lambda seed: candidates.count_quality(seed, ("received", "written"), is_for_each_core=False),
            "Divide the load by the number of cores: eight tasks on eight cores are not crowded.",
        ),
        Mistake(
            lambda seed: candidates.count_quality(seed, ("received", "written"), size=1),
            "Those are bytes. Divide by 1,500: the weight is for packets.",
        ),
    ),
)

NORMAL = Function(
    id="L09.q5",
    title="A Q without units",
    prompt="Write quality: each attribute in per cent of what the machine can do at most, rounded down, times"
    " its weight, all added up.",
    name="quality",
    numbers="The shares in per cent",
    cases=normal.CASES,
    passes="the right whole number in six cases; bytes or packets make no difference.",
    hints=(
        "`zip(attributes, full, weights)` gives what belongs together.",
        "One share in per cent, rounded down: `100 * attribute // most`. Multiply first, then divide.",
        "Add up `weight * (100 * attribute // most)`.",
    ),
    because="A share has no unit. Now a weight says what is scarce, and not how it happened to be counted.",
    solution="A share for each, times its weight:\n\n{answer}",
    answer=lambda seed: normal.quality,
    again=lambda seed: normal.quality_by_shares,
    mistakes=(
        Mistake(normal.leave_units, "You add tasks and packets as they come. First divide each by `full`."),
        Mistake(normal.forget_weights, "The shares are right. Multiply each by its weight."),
        Mistake(normal.divide_sums, "Make each attribute a share of its own, and only then add."),
        Mistake(
            normal.divide_first, "`attribute // most` is 0 below full. Multiply by 100 before you divide."
        ),
        Mistake(normal.take_largest, "That is the largest part. Q is the sum of all parts."),
    ),
)

BEST_OF_TWO = Number(
    id="L09.q7",
    title="The lower of two",
    prompt="Each of the twenty draws two of the five by chance and takes the lower one; all read the same old"
    " numbers. How many requests come to the busiest, on average?",
    unit="requests",
    tolerance=0.25,
    passes="the average over many rounds of the largest of the five counts, within 0.25.",
    hints=(
        'Play it: `count_busiest("two", age=20, seed=find_seed())` plays a thousand rounds.',
        "On paper: the lowest of five is in four of the ten pairs. So eight of the twenty take it.",
        "A little more than eight, since now and then it is the second one who is the busiest.",
    ),
    because="Twenty have become fewer than nine. Nobody had to know more, or to talk with anybody.",
    solution="Over all ways in which twenty can fall on five: {answer}.",
    answer=ways.get_busiest_of_two,
    again=ways.play_busiest_of_two,
    mistakes=(
        Mistake(20, "That is when all take the lowest. Here a pair is drawn first."),
        Mistake(4, "That is twenty by five: the average peer. What of the busiest?"),
        Mistake(8, "So many come to the lowest on average. The busiest is sometimes another one."),
        Mistake(
            lambda seed: round(ways.compute_busiest(herd.WEIGHTED), 2),
            "That is by weighted chance. Here it is `two`.",
        ),
    ),
)

OLD_NEWS = Order(
    id="L09.q8",
    title="Which way for old news?",
    prompt="All twenty read the same old numbers. Put the three ways in order: first the one whose busiest"
    " peer has least to do, last the one whose busiest has most.",
    items=herd.WAYS,
    passes="the three ways in the order of the right end of the curves.",
    hints=(
        "Look at the right end of the picture, where all twenty read the same.",
        "The more a way trusts the numbers, the more agree on the same peer.",
        "It begins with `weighted` and ends with `minimum`.",
    ),
    because="The older the news, the less it should decide. With fresh numbers the order is the other one.",
    solution="{answer}",
    answer=ways.order_ways,
    again=ways.play_ways,
    mistakes=(
        Mistake(["minimum", "two", "weighted"], "So it is on the left, where every number is fresh."),
        Mistake(["two", "weighted", "minimum"], "Near. Compare the two lower curves at the right end."),
        Mistake(["minimum", "weighted", "two"], "`minimum` sends all twenty to one peer. That is the most."),
        Mistake(["two", "minimum", "weighted"], "`minimum` sends all twenty to one peer. What is worse?"),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    BUSIEST,
    ROLES,
    LOWEST,
    UPLOAD_Q,
    NORMAL,
    herd.FLIP,
    BEST_OF_TWO,
    OLD_NEWS,
    SHARE,
    verdicts.LIARS,
    verdicts.NEEDED,
    verdicts.PROOFS,
)
