"""Lesson 1, peers and state: its questions, in the order of the text.

What is read off runs is in `l01_runs`, the sums in `l01_theory`, the learner's own function in `l01_merge`,
the tasks in the simulator in `l01_tasks`, `l01_swarm` and `l01_switches`.
"""

from blockchain_lab.course import l01_runs as runs
from blockchain_lab.course import l01_theory as theory
from blockchain_lab.course.l01_merge import MERGE
from blockchain_lab.course.l01_swarm import SWARM
from blockchain_lab.course.l01_switches import KILL_EACH
from blockchain_lab.course.l01_systems import INDEX, LOSS
from blockchain_lab.course.l01_tasks import DISAGREE, HUB
from blockchain_lab.course.questions import Choice, Mistake, Number, Question
from blockchain_lab.course.sorting import Sorting

OUTCOME = Choice(
    id="L01.q1",
    predicted=True,
    title="What becomes of six lists?",
    prompt="Nobody keeps the list for all. What do the six lists come to in the end?",
    options={
        "a": "all six are alike, and hold all six entries",
        "b": "each peer keeps the list that it has now",
        "c": "all six are alike, but only the entry that was written last is left",
        "d": "neighbours come to have the same list, those far from each other do not",
    },
    passes="the letter for what the film shows at its end.",
    hints=(
        "Press End in the first picture, or run `lab.run()`, and look at how many lists there are.",
        "Does anything ever take an entry off a list here?",
        "Neighbours tell each other what is missing, again and again. How far does an entry get?",
    ),
    because="Entries are only added, and passed on until everybody has them. Nobody was in charge.",
    solution="{answer}. At the end of the film there is one list in six places.",
    answer=runs.find_outcome,
    again=runs.reckon_outcome,
    mistakes=(
        Mistake("b", "They differ now, but neighbours go on comparing. Press End: how many lists are there?"),
        Mistake("c", "The lists are alike in the end, but count the entries: was any taken off?"),
        Mistake("d", "What a neighbour has been told it tells its own neighbours. Look at the film's end."),
    ),
)

WORLDS = Number(
    id="L01.q2",
    varies=True,
    title="How many worlds?",
    prompt="How many different lists are there right after step 140 of your film?",
    unit="lists",
    passes="the number of different local states after event 140.",
    hints=(
        "Go there: `lab.goto(event=140)`. The view Peers counts them, at its top right.",
        "`draw_worlds(lab)` gives equal lists the same letter. How many letters are there?",
        "`answer = draw_worlds(lab).count`, with the cursor on event 140.",
    ),
    because="Six peers, one shared list, and so many versions of it at one and the same moment.",
    solution="Count each list once: {answer}.",
    answer=runs.count_worlds_at_step,
    again=runs.ask_worlds_at_step,
    mistakes=(
        Mistake(1, "That is the list as you see it from above. No peer has that one."),
        Mistake(6, "That is the number of peers. Some of them hold the same entries at step 140."),
        Mistake(
            runs.count_lengths_at_step,
            "That is how many different lengths there are. Two lists can be equally long and not alike.",
        ),
        Mistake(
            runs.count_entries_at_step, "Those are all entries on all lists. Count lists, like ones once."
        ),
    ),
    look_at=lambda seed: runs.STEP,
)

FACTS = Sorting(
    id="L01.q3",
    title="Who can know that?",
    prompt="Which of these eight can ann know at one moment, all by herself? Sort them: local or global.",
    items=tuple(runs.FACTS),
    groups={
        "local": "ann can read it in her own memory, at this moment",
        "global": "it can change although nothing has happened to ann",
    },
    passes="all eight facts with the right word.",
    hints=(
        "Ask of each: if dan wrote something, or went off, this very moment, would the fact be another one?",
        "What bob told ann last is in her memory. What bob has by now is not.",
        "Four are local. What is under way to others, ann does not know.",
    ),
    because="Local is what a change far away leaves as it is. Four of eight: the rest is nobody's to know.",
    solution="{answer}. Change something at dan's: what is another fact now, ann could not know.",
    answer=runs.sort_facts,
    again=runs.reckon_facts,
    mistakes=(
        Mistake(
            ("list of ann", "global"), "ann's own list changes only when ann writes or is told something."
        ),
        Mistake(("neighbours of ann", "global"), "Whom ann may call stands in her own settings."),
        Mistake(("all lists equal", "local"), "For that ann would need all six lists of one moment."),
        Mistake(
            ("last word of bob to ann", "global"), "What has reached ann, she has. It may be old by now."
        ),
        Mistake(
            ("peers that are on", "local"), "A peer at the other end can go off, and ann hears nothing of it."
        ),
        Mistake(
            ("messages under way", "local"), "dan may have sent something just now: nobody has told ann yet."
        ),
        Mistake(
            ("clock of ann", "global"), "ann's clock is her own. Whether others' show the same is a question."
        ),
        Mistake(
            ("newest entry of all", "local"),
            "dan may have written something later: it has not reached ann yet.",
        ),
    ),
)

MESH = Number(
    id="L01.q6",
    title="Everybody with everybody",
    prompt="Ten peers, and each has a line to every other one: how many lines are there?",
    unit="lines",
    passes="the number of lines of the full mesh.",
    hints=(
        "How many others has each peer?",
        "Ten peers with nine others each: but every line has two ends.",
        "10 × 9 / 2.",
    ),
    because="A line for each pair. With a hundred peers 4,950: nobody builds a full mesh of a large network.",
    solution="n (n - 1) / 2 = {answer}.",
    answer=runs.count_links,
    again=runs.count_lines,
    mistakes=(
        Mistake(90, "Each line has two ends, and so you have counted it twice."),
        Mistake(100, "Nobody has a line to itself, and each line has two ends."),
        Mistake(9, "Those are the lines of one peer, or of the star."),
        Mistake(10, "That is a ring: each has two neighbours only."),
        Mistake(55, "That includes a line from each peer to itself."),
        Mistake(36, "Those are nine peers. The hub takes part as well: ten."),
    ),
)

SERVER = Number(
    id="L01.q8",
    title="The server alone",
    prompt="A server gives a file of 1 GB to 100 peers, one copy to each, through 100 Mbit/s. How long?",
    unit="seconds",
    tolerance=80,
    passes="the time until the last peer has it, within 80 s.",
    hints=(
        "How many bytes must leave the server in all?",
        "A byte has 8 bits: 100 Mbit/s are 12.5 million bytes a second.",
        "100 × 1,000,000,000 bytes / 12,500,000 bytes a second.",
    ),
    because="Two hours and a quarter. And with twice as many peers twice as long.",
    solution="100 × 1 GB / 12.5 MB/s = {answer}.",
    answer=theory.get_server_time,
    again=theory.play_server,
    mistakes=(
        Mistake(80, "That is one copy. A hundred must leave the server."),
        Mistake(1_000, "A line of 100 Mbit/s carries 12.5 million bytes a second: a byte has 8 bits."),
        Mistake(64_000, "Divide by 8, do not multiply: 100 Mbit/s are 12.5 MB/s."),
        Mistake(800, "That is for ten peers. Here are a hundred."),
    ),
)

SWARM_TIME = Number(
    id="L01.q9",
    title="Everybody gives",
    prompt="Now each of the 100 peers also gives, 10 Mbit/s. How long does it take at least?",
    unit="seconds",
    tolerance=5,
    passes="the least time until all have it, within 5 s.",
    hints=(
        "The same 100 GB must arrive. Through how many uplinks do they leave now?",
        "The server's 12.5 MB/s, and 100 times 1.25 MB/s.",
        "100 × 1,000,000,000 / (12,500,000 + 100 × 1,250,000).",
    ),
    because="Twelve minutes, eleven times faster. More peers hardly make it longer: each brings a line.",
    solution="100 GB / (12.5 + 125) MB/s = {answer}.",
    answer=theory.get_swarm_time,
    again=theory.pour_swarm,
    mistakes=(
        Mistake(800, "Those are the peers' lines alone. The server gives, too."),
        Mistake(8_000, "That is the server alone. Now a hundred peers give as well."),
        Mistake(80, "So long the server needs for one copy: it cannot be quicker, but it takes longer."),
        Mistake(7_273, "Ten times too long: 100 × 1.25 MB/s are 125 MB/s."),
        Mistake(91, "Bits and bytes: 12.5 MB/s and 125 MB/s, not 100 and 1,000."),
        Mistake(7_207, "That is with one peer that gives. All hundred do."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    OUTCOME,
    WORLDS,
    FACTS,
    DISAGREE,
    MERGE,
    MESH,
    HUB,
    SERVER,
    SWARM_TIME,
    SWARM,
    INDEX,
    KILL_EACH,
    LOSS,
)
