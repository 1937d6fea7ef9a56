"""Lesson 0, a tour of the workbench: its questions, in the order of the text.

What is read off the runs is in `l00_runs`, the task of breaking the network in `l00_break`.
"""

from blockchain_lab.course import l00_runs as runs
from blockchain_lab.course.l00_break import BREAK_IT
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

WINNER = Choice(
    id="L00.q1",
    predicted=True,
    look_at=runs.get_last_change,
    title="After the cable is mended",
    prompt="The cable between the two halves is mended. On whose blocks do the six stand in the end?",
    options={
        "a": "each half stays on its own",
        "b": "all six on those of ann, bob and cat",
        "c": "all six on those of dan, eve and fay",
        "d": "on both, one behind the other",
    },
    passes="the letter that the run shows: look at the colours at its end.",
    hints=(
        "Press End: how many colours are left in the network?",
        "One colour is left: it stands for one last block. Follow the arrows back from it in the block tree.",
        "Which half found more blocks while the cable was cut? Count the boxes in both rows.",
    ),
    because="The longer branch cost more work, and each peer takes, by itself, the one with the most work.",
    solution="{answer}. They found three blocks during the cut, the others two.",
    answer=runs.get_winner,
    again=runs.reckon_winner,
    mistakes=(
        Mistake("a", "Look at the end of the run: there is one colour, for there is one last block."),
        Mistake("b", "They found fewer blocks while the cable was cut. Count the boxes in both rows."),
        Mistake("d", "A block names one block before it. Two branches cannot be put behind each other."),
    ),
)

FIRST_ARRIVAL = Number(
    id="L00.q2",
    varies=True,
    look_at=runs.get_first_arrival_event,
    title="The first message arrives",
    prompt="How many simulated seconds have passed when the first message of the film arrives?",
    unit="seconds",
    tolerance=0.001,
    passes="the time at which the first message arrives, in seconds, within 0.001.",
    hints=(
        "Press Home. Beside the list that says message are two buttons; the right one goes to the next.",
        "The bar shows the time, such as 12.345 s, and behind it the event.",
        "When your picture stands there, Python does too: `answer = lab.now / 1_000_000`.",
    ),
    because="First a connection is asked for and accepted; then somebody speaks; then it has to travel.",
    solution="Home, then one press on `Next event of this kind`: {answer}.",
    answer=runs.get_first_arrival,
    again=runs.read_first_arrival,
    mistakes=(
        Mistake(runs.get_first_sending, "That is when it was sent. Its dot has yet to reach the other end."),
        Mistake(
            runs.get_first_connection,
            "Then the first request for a connection arrived. No message has been sent yet.",
        ),
        Mistake(0, "At 0 the peers are switched on. They do not even have connections yet."),
    ),
)

UNKNOWN = Number(
    id="L00.q3",
    title="What bob has never heard of",
    prompt="At 30 s, how many of the blocks that exist does bob know nothing of?",
    unit="blocks",
    passes="the number of blocks in the whole tree that are missing in bob's, at 30 s.",
    hints=(
        "The strip above the network says how many blocks bob knows, and of how many.",
        "Or count the boxes: those of the tree as everybody sees it, and those of the tree as bob sees it.",
        "Eight boxes in all, with the first one, G. bob's tree has five.",
    ),
    because="They exist, and for bob they do not: he knows what has reached him, and nothing else.",
    solution="Eight in all, five in his: {answer}.",
    answer=runs.get_unknown_blocks,
    again=runs.reckon_unknown_blocks,
    mistakes=(
        Mistake(5, "That is how many he knows. How many are left?"),
        Mistake(8, "That is how many there are in the whole tree. Some of them he knows."),
        Mistake(1, "That is by how much his chain is shorter. But his last two blocks are not theirs."),
        Mistake(2, "That is what his own half has found since the cut. He knows those."),
        Mistake(0, "Look again: with the button See all, and without. Is it the same tree?"),
    ),
)

CAUSES = Order(
    id="L00.q4",
    title="Why does bob stand on ann's block?",
    prompt="Which kinds of message led bob to stand on B1, the first block that ann found? In their order.",
    items=runs.POOL,
    passes="the kinds of message in the answer to `Why is bob on B1?`, each once, from first to last.",
    hints=(
        "Step, by tip change, to the moment when bob is on B1, click bob, and press the key `?`.",
        "Read from the top down. Each message stands there twice: when it is sent and when it arrives.",
        "Five kinds. It begins with news of a name, and it ends with the block.",
    ),
    because="Each message was the reason for the next: here is something; what comes before it? I want it.",
    solution="{answer}",
    answer=runs.get_causes,
    again=lambda seed: ["inv", "getheaders", "headers", "getdata", "block"],
    mistakes=(
        Mistake(
            ["inv", "getdata", "block"], "So it was in the first years. What does bob ask for first here?"
        ),
        Mistake(["block"], "ann does not send it unasked. What did bob ask for, and why did he?"),
        Mistake(
            ["block", "getdata", "headers", "getheaders", "inv"],
            "That is from the last to the first. Begin with the cause.",
        ),
        Mistake(
            ["inv", "getblocks", "getdata", "block"],
            "`getblocks` belongs to the method of 2009. Look what bob sends here.",
        ),
        Mistake(
            ["version", "inv", "getheaders", "headers", "getdata", "block"],
            "They did greet each other, but that did not set off the news of the block. Read the list again.",
        ),
    ),
)

WAVE = Number(
    id="L00.q5",
    varies=True,
    run="net",
    title="Nine of ten",
    prompt="After how many seconds do 90 % of the peers have the first new block, B121?",
    unit="seconds",
    tolerance=0.01,
    passes="the time from its finding until nine of the ten have the whole block, within 0.01 s.",
    hints=(
        "Choose B121 in the list Show of the pane Propagation.",
        "Below the rows stands a line: 50 % after ..., 90 % after ..., all 10 after ...",
        "Take the number behind `90 % after`.",
    ),
    because="One number for a whole wave. The slowest tenth is left out: one sleeper must not spoil it.",
    solution="It stands below the picture: {answer}.",
    answer=runs.get_wave(runs.PERCENT),
    again=runs.time_wave,
    mistakes=(
        Mistake(runs.get_wave(50), "That is until half of them have it."),
        Mistake(runs.get_wave(100), "That is until all ten have it; the slowest one does not count here."),
        Mistake(
            runs.get_wave_on_the_clock,
            "That is the clock of the film. The block was found at 10 s: count from there.",
        ),
    ),
)

SAME_FILM = Choice(
    id="L00.q6",
    title="Same seed, same film",
    prompt="A lab like yours, a twin with the same seed, and one with another: which have the same digest?",
    options={
        "a": "all three",
        "b": "yours and the twin",
        "c": "yours and the one with another seed",
        "d": "none: chance is chance",
    },
    passes="the letter that the three digests show.",
    hints=(
        "Make the two labs as the text says, run all three to the end, and print their digests.",
        "`twin.run()` and then `yours.digest() == twin.digest()`. Stand at the same event in both.",
        "A digest is a fingerprint of all that happened. Does the film depend on more than its seed?",
    ),
    because="All chance comes from the seed: the same seed, the same draws, the same film, on every machine.",
    solution="{answer}. Every delay is drawn from the seed; nothing asks a clock.",
    answer=runs.compare_digests,
    again=runs.compare_records,
    mistakes=(
        Mistake("a", "Another seed draws other delays. Did the third one have `seed=find_seed() + 1`?"),
        Mistake("c", "It is the other way round. Look which of the two was made with your own seed."),
        Mistake("d", "Chance on a computer is reckoned from a seed. Did all of them run to the same event?"),
    ),
)

LAYER = Choice(
    id="L00.q8",
    title="On which layer?",
    prompt="In the first film, ann left her chain for a longer one. On which layer was that decided?",
    options={
        "a": "layer 0: the network",
        "b": "layer 1: the chain",
        "c": "layer 2: on top of the chain",
    },
    passes="the letter of the layer whose rules say which chain counts.",
    hints=(
        "The network brought ann the other blocks. Does it know what a block is worth?",
        "What did ann compare? The work of two branches.",
        "Look at the map: on which layer do blocks and the rules for them stand?",
    ),
    because="Layer 0 brings messages. What they mean, and which chain counts, is for layer 1 to say.",
    solution="{answer}.",
    answer=lambda seed: "b",
    again=runs.name_layer,
    mistakes=(
        Mistake("a", "Layer 0 brought her the blocks. It carries bytes and does not weigh chains."),
        Mistake("c", "Nothing stood on top of the chain in that film: it was the chain itself that changed."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    WINNER,
    FIRST_ARRIVAL,
    UNKNOWN,
    CAUSES,
    WAVE,
    SAME_FILM,
    BREAK_IT,
    LAYER,
)
