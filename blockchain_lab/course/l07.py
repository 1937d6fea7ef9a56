"""Lesson 7, epidemics: its questions, in the order of the text.

The sums are in `l07_theory`, what is read off runs in `l07_runs`, the tasks in the simulator in `l07_tasks`,
the learner's own function in `l07_receive`; `l07_real` is of real size.
"""

from blockchain_lab.course import l07_runs as runs
from blockchain_lab.course import l07_theory as theory
from blockchain_lab.course.l07_real import THIRTY_TIMES
from blockchain_lab.course.l07_receive import RECEIVE
from blockchain_lab.course.l07_tasks import LEAST_HOPS, STOP_IT
from blockchain_lab.course.questions import Choice, Mistake, Number, Question

RACE = Choice(
    id="L07.q1",
    predicted=True,
    title="Who is first?",
    prompt="Who informs half of the 60 peers first, and who informs all of them first: push or pull?",
    options={
        "a": "push is first at half, and first at all",
        "b": "push is first at half, pull is first at all",
        "c": "pull is first at half, push is first at all",
        "d": "pull is first at half, and first at all",
    },
    passes="the letter that the two curves show: 30 peers informed, and 60.",
    hints=(
        "Look at the two curves. Which of them crosses the line at 30 peers further to the left?",
        "Where does the curve of push end? Does it ever touch the line at 60?",
        "A push that meets only those who know is lost for good. A pull that learns nothing is repeated.",
    ),
    because="Push wins the start, pull the tail. The two curves cross.",
    solution="{answer}. Push runs ahead at once and stops; pull begins slowly and leaves nobody out.",
    answer=runs.find_winners,
    again=runs.reckon_winners,
    mistakes=(
        Mistake("a", "Push is quick, but look where its curve ends: does anybody tell those who are left?"),
        Mistake("c", "Just the other way round: compare where the curves cross 30, and where they end."),
        Mistake("d", "At the start nearly every question goes to a peer that knows nothing. Compare at 30."),
    ),
)

HOPS_OF_40 = Number(
    id="L07.q2",
    title="Hops to forty peers",
    prompt="How many hops until 40 peers know, if each tells 4 others and nobody is told twice?",
    unit="hops",
    tolerance=0.02,
    passes="log_F N with two digits behind the point, within 0.02.",
    hints=(
        "After one hop 4 know it newly, after two 16, after three 64. Between which two lies 40?",
        "Wanted is the x for which 4 to the power of x is 40: a logarithm.",
        "In Python: `from math import log`, then `log(40, 4)`.",
    ),
    because="4 to the power of 2.66 is 40. In the network it takes more: some are told twice.",
    solution="log 40 / log 4 = {answer}.",
    answer=theory.get_hops(40, 4),
    again=theory.search_hops(40, 4),
    mistakes=(
        Mistake(10, "That is 40 / 4: as if one peer told all others. Those who were told tell others, too."),
        Mistake(3.69, "That is the logarithm to the base e. Here each peer tells 4."),
        Mistake(5.32, "That is the logarithm to the base 2. Here each peer tells 4, not 2."),
        Mistake(1.60, "That is the logarithm to the base 10. Here each peer tells 4."),
        Mistake(0.38, "Upside down: it is log 40 over log 4."),
        Mistake(3, "In whole hops, yes. Give it with two digits behind the point."),
    ),
)

HOPS_OF_120 = Number(
    id="L07.q3",
    title="Three times as many peers",
    prompt="The same for 120 peers: how many hops, if each tells 4 others and nobody is told twice?",
    unit="hops",
    tolerance=0.02,
    passes="log_F N with two digits behind the point, within 0.02.",
    hints=(
        "Do three times as many peers take three times as many hops? Try: 4, 16, 64, 256.",
        "Wanted is the x for which 4 to the power of x is 120.",
        "In Python: `log(120, 4)`.",
    ),
    because="Three times the peers cost 0.79 of a hop more. That is why epidemics scale.",
    solution="log 120 / log 4 = {answer}.",
    answer=theory.get_hops(120, 4),
    again=theory.search_hops(120, 4),
    mistakes=(
        Mistake(7.98, "That is three times the hops of 40 peers. Hops grow with the logarithm of the peers."),
        Mistake(30, "That is 120 / 4: as if one peer told all others."),
        Mistake(4.79, "That is the logarithm to the base e. Here each peer tells 4."),
        Mistake(4, "In whole hops, yes. Give it with two digits behind the point."),
    ),
)

MISSED = Number(
    id="L07.q4",
    title="Never told",
    prompt="Each peer tells two others, once. What per cent of a large network never hears of the news?",
    unit="per cent",
    tolerance=0.3,
    passes="the fixed point as a percentage, within 0.3.",
    hints=(
        "Put a first guess into the right side, `s = 1 - exp(-2 * s)`, and what comes out in again.",
        "From math import exp; start with s = 1 and repeat thirty times. That s hears of it. And the others?",
        "s comes to about 0.797. Those who never hear of it are 1 - s.",
    ),
    because="One in five, with two told by each. More told, or another way, must reach them.",
    solution="s = 1 - exp(-2 s) gives s = 0.797, so 1 - s is {answer}.",
    answer=theory.get_missed(2),
    again=theory.sum_missed(2),
    mistakes=(
        Mistake(79.68, "That is who hears of it. Wanted is the share that does not."),
        Mistake(13.53, "That is exp(-2): as if everybody told others. Those who never hear of it do not."),
        Mistake(0.2, "Nearly: that is the share. Give it in per cent."),
        Mistake(0, "Some do not: calls go to peers by chance, so some are told often, and some never."),
        Mistake(5.95, "That is for three told by each."),
    ),
)

LEAST_FANOUT = Number(
    id="L07.q5",
    title="How many to tell",
    prompt="How many others must each peer tell, at least, so that 99 per cent hear of it?",
    unit="peers",
    passes="the smallest whole number of peers.",
    hints=(
        "Look at the table above: which rows miss more than 1 per cent?",
        "Four miss 1.98 per cent: too many. Try the next number in the equation.",
        "Solve it for F: `F = -log(1 - s) / s` with s = 0.99, and round up.",
    ),
    because="4.65, so 5. From there each one more told makes the missed about three times fewer.",
    solution="-ln(0.01) / 0.99 = 4.65, so {answer}.",
    answer=theory.get_least_fanout(0.99),
    again=theory.solve_least_fanout(0.99),
    mistakes=(
        Mistake(4, "Four reach 98.02 per cent: not enough."),
        Mistake(4.65, "That is where the curve passes 99 per cent. Nobody can tell 0.65 of a peer."),
        Mistake(6, "It is enough, but one fewer does as well."),
        Mistake(3, "Three miss nearly six in a hundred."),
        Mistake(8, "Eight miss 3 in 10,000: more than is asked, and half as many messages again."),
    ),
)

TAIL = Number(
    id="L07.q7",
    title="The last hundred",
    prompt="Of 10,000 peers 100 have not heard the news. Each of the others tells one peer, by chance."
    " How many of the 100 are left, on average?",
    unit="peers",
    tolerance=1,
    passes="the average number of peers left, within 1.",
    hints=(
        "9,900 calls go out to 10,000 peers. How many of them meet a certain peer, on average? About one.",
        "A certain peer is missed by one call with the chance 1 - 1/10,000. And by all 9,900 calls?",
        "(1 - 1/10,000) to the power of 9,900 is about 0.37. Times 100.",
    ),
    because="Push leaves 37 of 100, and the next round 14. Had the 100 asked instead, 1 would be left.",
    solution="100 × exp(-0.99) is about {answer}.",
    answer=theory.get_left_by_push,
    again=theory.reckon_left_by_push,
    mistakes=(
        Mistake(
            theory.get_left_by_pull, "That is pull: each of the 100 asks, and one in a hundred asks in vain."
        ),
        Mistake(50, "A call does not hit or miss with equal chances: count how many calls there are."),
        Mistake(99, "That is the share of the calls that are wasted, in per cent. How many peers are left?"),
        Mistake(63, "Those are the peers that are told. How many are left?"),
        Mistake(-9_800, "Calls may meet the same peer twice: they cannot simply be subtracted."),
    ),
)

AWAY = Choice(
    id="L07.q10",
    title="Who was away",
    prompt="A peer was off when the news went round, and is switched on six seconds later. Who tells it?",
    options={
        "a": "push: those who know tell it",
        "b": "pull: it asks",
        "c": "either way it hears of it",
        "d": "nobody, in either way",
    },
    passes="the letter for what two runs show: the same absence with push once, and with pull.",
    hints=(
        "With push once: when does a peer tell others? Does anybody still do so after six seconds?",
        "With pull: what does a peer do every round, whether there are news or not?",
        "Play it: `Kill` a peer in second 1, `Revive` it in second 8, once in push and once in pull.",
    ),
    because="Nobody can push to who is not there. So what is new is pushed, and what was missed is pulled.",
    solution="{answer}. This is why every node that comes back begins by asking.",
    answer=runs.find_what_helps_who_was_away,
    again=runs.reckon_what_helps_who_was_away,
    mistakes=(
        Mistake("a", "They told others when they heard of it, and never again: that was six seconds ago."),
        Mistake("c", "In one of the two ways nobody speaks any more when it comes back."),
        Mistake("d", "One of the two ways goes on as long as there are peers: each asks, every round."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    RACE,
    HOPS_OF_40,
    HOPS_OF_120,
    MISSED,
    LEAST_FANOUT,
    LEAST_HOPS,
    TAIL,
    STOP_IT,
    RECEIVE,
    AWAY,
    THIRTY_TIMES,
)
