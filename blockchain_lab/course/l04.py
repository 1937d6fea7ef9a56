"""Lesson 4, how many friends: its questions, in the order of the text.

The network is in `l04_network`, sums in `l04_sums`, the tasks in the simulator in `l04_crash` and `l04_cut`,
the learner's own function in `l04_count`, the pictures in `l04_plots`; `l04_real` is of real size.
"""

from blockchain_lab.course import l04_sums as sums
from blockchain_lab.course.l04_count import COUNT
from blockchain_lab.course.l04_crash import CRASH
from blockchain_lab.course.l04_cut import CUT_OFF
from blockchain_lab.course.l04_real import TWICE_THE_LINES
from blockchain_lab.course.questions import Choice, Mistake, Number, Question
from blockchain_lab.course.sorting import Sorting

TEN_TIMES = Choice(
    id="L04.q1",
    predicted=True,
    title="Ten times the friends",
    prompt="Each of 80 peers opens 2 lines, then 20. What happens to the longest way, and to the messages for"
    " one news?",
    options={
        "a": "the way gets about ten times shorter, the messages stay as many",
        "b": "the way gets about ten times shorter, there are about ten times the messages",
        "c": "the way gets about three times shorter, there are more than ten times the messages",
        "d": "the way gets about three times shorter, there are about three times the messages",
    },
    passes="the letter for what the two networks show.",
    hints=(
        "Every peer tells the news on all its lines. Ten times the lines: how many messages?",
        "Count hops: in the sparse network, how often is the news passed on to the farthest peer?",
        "With 40 lines each, 40 peers hear it in one hop, and all in two. With 4 lines: 4, 16, 64, ...",
    ),
    because="Ways shrink with the logarithm of the lines, messages grow with the lines themselves.",
    solution="{answer}. From about six hops to two; from 241 messages to 3,121.",
    answer=sums.find_ten_times,
    again=sums.reckon_ten_times,
    mistakes=(
        Mistake(
            "a", "Every line carries the news, mostly to a peer that knows it. Count the messages again."
        ),
        Mistake("b", "Ten times shorter than six hops would be less than one hop. Look at the longest way."),
        Mistake("d", "The ways, yes. But who has ten times the lines tells the news ten times as often."),
    ),
)

LINES_OF_EACH = Number(
    id="L04.q2",
    title="Lines of a peer",
    prompt="Everybody opens 8 lines. How many lines has a peer on average, if all can be dialled?",
    unit="lines",
    passes="the average number of open lines of a peer.",
    hints=(
        "A line that ann opens to bob: is it one of bob's lines, too?",
        "80 peers open 8 lines each: 640 lines. How many ends do 640 lines have?",
        "1,280 ends, shared by 80 peers.",
    ),
    because="As many come in as go out, on average. Who opens k has 2 k.",
    solution="8 that it opened, and 8 that came: {answer}.",
    answer=sums.compute_lines_of_each,
    again=sums.measure_lines_of_each,
    mistakes=(
        Mistake(8, "Those are the lines that it opened. Others have opened lines to it, too."),
        Mistake(64, "Its friends' friends are not its own. Count ends of lines."),
        Mistake(4, "Each line has two ends, that is right; but a peer has both kinds: opened, and let in."),
        Mistake(125, "So many it may have at most. How many does it have?"),
    ),
)

FLOOD_BYTES = Number(
    id="L04.q4",
    title="The price of one payment",
    prompt="80 peers open 8 lines each. A message of 250 bytes is flooded. How many bytes cross all lines?",
    unit="bytes",
    tolerance=0,
    passes="the number of bytes of all copies together, exactly.",
    hints=(
        "How many lines are there? And how often does the message cross a line: once, or from both ends?",
        "All 80 peers send it on all their lines, but 79 of them leave one out: where it came from.",
        "2 × 640 - 79 messages, of 250 bytes each.",
    ),
    because="2 m - (n - 1) messages: 1,201, where 79 would do. Each further friend costs 2 n = 160 more.",
    solution="(2 × 640 - 79) × 250 = {answer}.",
    answer=sums.compute_flood,
    again=sums.measure_flood,
    mistakes=(
        Mistake(
            160_000, "That is once on each line. Often both ends send before either has heard the other."
        ),
        Mistake(
            320_000, "Nearly: that is twice on each line. Nobody sends it back where it came from first."
        ),
        Mistake(19_750, "That is one copy for each of the 79 others: the least there can be, not a flood."),
        Mistake(1_201, "That is the number of messages. Each has 250 bytes."),
        Mistake(140_250, "Each has 16 lines on average, not 8: others have opened lines, too."),
    ),
)

SAVED_HOPS = Number(
    id="L04.q5",
    title="Behind the knee",
    prompt="10,000 peers. Everybody opens 20 lines instead of 8. How many hops shorter is a way, on average?",
    unit="hops",
    tolerance=0.03,
    passes="ln n / ln 2k for 8, less the same for 20, within 0.03.",
    hints=(
        "With 8 lines opened each has 16. So 16 peers are one hop away, 256 two, 4,096 three. And 10,000?",
        "`from math import log`: log(10_000) / log(16) hops. The same for 40 lines.",
        "3.32 hops less 2.50 hops.",
    ),
    because="Not even one hop, for two and a half times the messages. That is what lies behind a knee.",
    solution="ln 10,000 / ln 16 - ln 10,000 / ln 40 = {answer}.",
    answer=sums.compute_saved_hops,
    again=sums.search_saved_hops,
    mistakes=(
        Mistake(2.5, "That is how long a way is with 20. How much shorter is it than with 8?"),
        Mistake(3.32, "That is how long a way is with 8. How much of it is saved with 20?"),
        Mistake(1.35, "With 8 opened, each has 16 lines; with 20, it has 40. Use these."),
        Mistake(12, "Those are the lines that are added. Wanted are hops."),
        Mistake(0.36, "That is with logarithms to the base 10 on top. Use the same ones above and below."),
    ),
)

MAY_DIE = Number(
    id="L04.q7",
    title="How many may die",
    prompt="Everybody opens 8 lines, in a large network. What per cent of the peers, drawn by chance, must"
    " die before the rest falls into small pieces?",
    unit="per cent",
    tolerance=0.2,
    passes="100 - 100 / (2k - 1/2) for k = 8, within 0.2.",
    hints=(
        "At least the share 1 / (2k - 1/2) of the peers must live. What is that for k = 8?",
        "1 / 15.5 of the peers must live. That is 6.5 per cent.",
        "Wanted are those who may die: 100 - 6.5.",
    ),
    because="More than nine of ten, with only 8 friends. With 2 friends it is 71 per cent.",
    solution="100 - 100 / 15.5 = {answer}.",
    answer=sums.compute_deaths(8),
    again=sums.sum_deaths(8),
    mistakes=(
        Mistake(6.5, "That is how many must live. How many may die?"),
        Mistake(86.7, "With k = 4, perhaps? Each opens 8, so 2k is 16."),
        Mistake(87.5, "That is 1 - 1/8: who opens 8 has 16 lines, and the formula has a half to take off."),
        Mistake(50, "That many died above, and the rest held together with a few friends each."),
        Mistake(0.935, "Nearly: that is the share. Give it in per cent."),
    ),
)

LEAST_OPEN = Number(
    id="L04.q8",
    title="Who lets others in",
    prompt="Every host opens 8 lines. Only some can be dialled; each of those has 125 places, 8 of which its"
    " own lines take. What per cent of all hosts must be open, at least, so that all find 8 places?",
    unit="per cent",
    tolerance=0.05,
    passes="the least share of open hosts as a percentage, within 0.05.",
    hints=(
        "An open host has 125 places and uses 8 itself. How many are left for others?",
        "N hosts want 8 N places. M open hosts offer 117 M. When are these equal?",
        "M / N = 8 / 117. Give it in per cent.",
    ),
    because="One host in fifteen is enough, and carries the others.",
    solution="8 / 117 = {answer}.",
    answer=sums.compute_least_open,
    again=sums.place_lines,
    mistakes=(
        Mistake(6.4, "That is 8 / 125. Its own 8 lines take places, too."),
        Mistake(
            12.8, "That is 16 / 125. A place is taken only where a line comes in, not where it goes out."
        ),
        Mistake(14.63, "Upside down: that is 117 / 8, how many hosts one open host serves."),
        Mistake(0.07, "Nearly: that is the share. Give it in per cent."),
        Mistake(6.02, "That is 8 / 133. The 8 are part of the 125."),
    ),
)

WHO_PAYS = Choice(
    id="L04.q9",
    title="Who pays for 125",
    prompt="120 hosts open 8 lines each; 9 of them can be dialled. Who has how many lines?",
    options={
        "a": "all have about equally many: everybody opens 8",
        "b": "those who can be dialled have more than ten times as many as the others",
        "c": "those who can be dialled have about twice as many as the others",
        "d": "those behind a firewall have most: they must open more to make up for it",
    },
    passes="the letter for what the picture of your network shows.",
    hints=(
        "Look at the bars: two groups. How many lines has a peer of each?",
        "All lines that the 111 others open end somewhere. Where?",
        "111 × 8 lines end at 9 hosts: about 99 for each.",
    ),
    because="A few who are open carry the network. Each that opens its firewall takes load off all others.",
    solution="{answer}. 888 lines come in at 9 hosts, which share 36 more among themselves.",
    answer=sums.find_who_pays,
    again=sums.reckon_who_pays,
    mistakes=(
        Mistake("a", "Everybody opens 8, yes. But where do they end? Look at the nine in the middle."),
        Mistake("c", "Twice as many it is where all can be dialled. Here nine take what 120 have opened."),
        Mistake(
            "d", "They open 8 like all others, and that is all they have: nobody can open a line to them."
        ),
    ),
)

MOST_OPENED = Number(
    id="L04.q10",
    title="Twenty of thirty",
    prompt="Everybody wants to open 20 lines, and has 30 places in all. How many can each open at most, on"
    " average?",
    unit="lines",
    passes="the whole number that no network of this kind can exceed on average.",
    hints=(
        "One line takes a place at both of its ends.",
        "80 peers have 80 × 30 places. How many lines fit in?",
        "1,200 lines, each opened by one of 80 peers.",
    ),
    because="A line takes two places. In a network it is a little less: those with room do not always meet.",
    solution="30 / 2 = {answer}.",
    answer=sums.compute_most_opened,
    again=sums.draw_most_opened,
    mistakes=(
        Mistake(20, "So many are wanted. But as many come in as go out, and 40 do not fit into 30 places."),
        Mistake(30, "That is all lines of a peer. How many of them has it opened itself, on average?"),
        Mistake(10, "That is what 20 opened would leave for others: so others could open only 10, not 20."),
        Mistake(25, "Half of the way between is no limit. Count places: each line takes two."),
    ),
)

TWO_PLANS = Sorting(
    id="L04.q11",
    title="Two plans",
    prompt="Bitcoin: 8 opened by itself, 125 in all. IPv8: it looks for 20, whoever opened them, and answers"
    " no newcomer above 30. Which sentence is true of which plan?",
    items=tuple(sums.RULES),
    groups={
        "8/125": "only Bitcoin's",
        "20/30": "only IPv8's",
        "both": "both",
    },
    passes="all six sentences in their group.",
    hints=(
        "What does each of them count before it opens one more: its own lines, or all?",
        "20 strangers have come to a peer that has opened nothing. Bitcoin's has opened 0 of 8. And IPv8's?",
        "Bitcoin's goes on to 8 of its own choice, whoever comes. IPv8's has its 20 and stops.",
    ),
    because="Bitcoin's 8 are its own choice, whoever comes: nobody can surround it by calling.",
    solution="{answer}.",
    answer=sums.sort_rules,
    again=sums.list_rules,
    mistakes=(
        Mistake(
            ("goes on opening lines when 20 strangers have come", "both"),
            "IPv8's counts everybody whom it has met: with 20 strangers it has its 20, and looks no further.",
        ),
        Mistake(
            ("looks for nobody once 20 strangers have come", "8/125"),
            "Bitcoin's counts only what it has opened itself: 20 strangers are 0 of its 8.",
        ),
        Mistake(
            ("keeps most of its places for those who come", "20/30"),
            "117 of 125 are more than half; what is the most of 30 that 20 leave?",
        ),
        Mistake(
            ("can be surrounded without having chosen anybody", "both"),
            "Not Bitcoin's: it opens 8 lines of its own choice, however many strangers have come.",
        ),
        Mistake(
            ("has a limit to how many it talks with", "8/125"),
            "IPv8's has one, too: above 30 it answers no newcomer.",
        ),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    TEN_TIMES,
    LINES_OF_EACH,
    COUNT,
    FLOOD_BYTES,
    SAVED_HOPS,
    CRASH,
    MAY_DIE,
    LEAST_OPEN,
    WHO_PAYS,
    MOST_OPENED,
    TWO_PLANS,
    CUT_OFF,
    TWICE_THE_LINES,
)
