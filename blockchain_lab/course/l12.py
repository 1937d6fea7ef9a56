"""Lesson 12, spreading a block: its questions, in the order of the text.

The races are in `l12_runs`, the sums in `l12_sums`, the learner's own function in `l12_rebuild`, the tasks in
the simulator in `l12_budget` and `l12_crowd`, the drawing in `l12_plots`, the network of real size in
`l12_real`.
"""

from functools import partial

from blockchain_lab.course import l12_runs as runs
from blockchain_lab.course import l12_sums as sums
from blockchain_lab.course.l12_budget import BUDGET
from blockchain_lab.course.l12_crowd import CROWD
from blockchain_lab.course.l12_real import NEEDLESS
from blockchain_lab.course.l12_rebuild import FIND_MISSING
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question
from blockchain_lab.course.sorting import Sorting

RACE = Choice(
    id="L12.q1",
    predicted=True,
    title="First, and dearest",
    prompt="In which of the four networks do all six peers have the block first, and which one sends the most"
    " bytes for it?",
    options={
        "a": "push is first, for nobody has to ask; push sends most",
        "b": "unasked short ids are first; push sends most",
        "c": "unasked short ids are first; inv sends most, for it needs the most messages",
        "d": "push is first; inv sends most, for it needs the most messages",
    },
    passes="the letter that fits the table of the race.",
    hints=(
        "Two ways need no question. Which of their messages is longer?",
        "A long message keeps a line busy: 1,882 bytes take 0.24 s at 8,000 bytes a second.",
        "Play to the end: whose corner far from the finder is the first to change its colour?",
    ),
    because="Few trips and few bytes: whoever sends what the others have already is slow and dear.",
    solution="{answer}. A push is as bold, but more than five times as long, and it is sent over every line.",
    answer=runs.find_winners,
    again=sums.reckon_winners,
    mistakes=(
        Mistake("a", "Nobody asks in fast1's network either, and short ids are on the line for less time."),
        Mistake("c", "Names are short: an inv has 61 bytes, the block 1,882. Count how often it is sent."),
        Mistake("d", "Look at the far corner of each network, and at the bytes of a block against a name."),
    ),
    look_at=runs.find_last_arrival,
)

TRIPS = Sorting(
    id="L12.q2",
    title="One-way trips",
    prompt="How often does something cross the line between two neighbours, one way, until the second one has"
    " the block? One missing: a payment of it is not in the neighbour's mempool.",
    items=runs.CASES,
    groups={"1": "one trip", "3": "three trips", "5": "five trips"},
    passes="the number of one-way trips for each of the eight.",
    hints=(
        "Unasked is one trip. A name, a question and an answer are three.",
        "Each further question costs two trips, for it wants an answer.",
        "3 + 2 for today's node and for asked ids with one missing; 1 + 2 for unasked ones.",
    ),
    because="Each trip costs the time that light needs, and no faster line makes that less.",
    solution="Count the messages that lead to the block, each the answer to the one before: {answer}.",
    answer=runs.count_trips,
    again=sums.reckon_trips,
    mistakes=(
        Mistake(("push", "3"), "Nobody asks for it: the block itself is the first message."),
        Mistake(("inv, first years", "1"), "The inv is only a name. Then it is asked for, then it comes."),
        Mistake(
            (runs.TO_TODAY, "3"),
            "It asks for the header first, and only then for the block: one more question and answer.",
        ),
        Mistake(("headers", "1"), "A header is not the block: it must be asked for, and then it comes."),
        Mistake(("short ids, asked for", "1"), "Asked for: the header, the question, the short ids."),
        Mistake(("short ids, unasked", "3"), "Unasked: the short ids are the first and only message."),
        Mistake(("asked for, one missing", "3"), "Three until the short ids are there, and then?"),
        Mistake(("unasked, one missing", "1"), "The short ids come at once, but one payment is missing."),
        Mistake(("unasked, one missing", "5"), "Nothing is said before the short ids come: 1 + 2."),
    ),
)

WASTE = Number(
    id="L12.q3",
    title="Seven for nothing",
    prompt="You have 8 neighbours. All of them push a block of 1,000,000 bytes to you. How many of the bytes"
    " that you get are of no use to you?",
    unit="bytes",
    passes="the exact number, envelopes of 24 bytes included.",
    hints=(
        "You need it once.",
        "Seven of the eight come for nothing, each with an envelope of 24 bytes.",
        "7 × (24 + 1,000,000).",
    ),
    because="Seven megabytes for nothing, every ten minutes. Announced by header it would be 7 × 106 bytes.",
    solution="7 × 1,000,024 = {answer}.",
    answer=sums.reckon_waste,
    again=sums.measure_waste,
    mistakes=(
        Mistake(8_000_192, "One of the eight you need."),
        Mistake(7_000_000, "Each message has an envelope of 24 bytes in front."),
        Mistake(8_000_000, "One of the eight you need, and each has an envelope of 24 bytes."),
        Mistake(7_000_024, "Each of the seven has an envelope of its own."),
        Mistake(1_000_024, "That is one copy, the one you need. And the others?"),
    ),
)

STANDARD = Order(
    id="L12.q4",
    title="The standard relay",
    prompt="A block goes from ann to bob as short ids that are asked for, and bob lacks one of its payments."
    " In which order do these cross the line? Two of the seven do not.",
    items=("getblocktxn", "block", "headers", "blocktxn", "getdata", "inv", "cmpctblock"),
    passes="the five that happen, in the order of time.",
    hints=(
        "Since 2016 a block is announced by its header (BIP 130), not by an inv.",
        "bob asks for the short ids with a getdata. What is missing is asked for with a message of its own.",
        "headers, getdata, then short ids; then the question for what is missing, then its answer.",
    ),
    because="Header, question, short ids, question, rest: five messages, and no payment sent in vain.",
    solution="{answer}.",
    answer=runs.find_standard_order,
    again=sums.order_by_map,
    mistakes=(
        Mistake(
            ["inv", "getdata", "cmpctblock", "getblocktxn", "blocktxn"],
            "Nearly: but since BIP 130 the header itself is the announcement.",
        ),
        Mistake(
            ["headers", "getdata", "block"],
            "That is how it went before BIP 152. Short ids are asked for here.",
        ),
        Mistake(
            ["headers", "getdata", "cmpctblock", "blocktxn", "getblocktxn"],
            "The question comes before its answer: `get...` asks.",
        ),
        Mistake(
            ["headers", "getdata", "cmpctblock"],
            "bob lacks a payment. How does he get it?",
        ),
        Mistake(
            ["cmpctblock", "getblocktxn", "blocktxn"],
            "That is the unasked way. Here bob asks for the short ids first.",
        ),
        Mistake(
            ["headers", "getdata", "cmpctblock", "getblocktxn", "block"],
            "The whole block is not needed: only the missing payment comes.",
        ),
    ),
)

COMPACT = Number(
    id="L12.q5",
    title="A block in short ids",
    prompt="A block has a coinbase of 200 bytes and 2,500 payments. How many bytes has it as short ids? The"
    " header of a block has 80 bytes, a short id 6, and the coinbase is sent whole.",
    unit="bytes",
    tolerance=50,
    passes="the size of the message within 50 bytes.",
    hints=(
        "2,500 short ids of 6 bytes are nearly all of it.",
        "Add the header, the coinbase, and some forty bytes of envelope, key and counts.",
        "24 + 80 + 8 + 3 + 2,500 × 6 + 2 + 200.",
    ),
    because="The same payments whole are about a megabyte. They have been on the line before.",
    solution="24 + 80 + 8 + 3 + 2,500 × 6 + 2 + 200 = {answer}.",
    answer=sums.reckon_compact,
    again=sums.measure_compact,
    mistakes=(
        Mistake(80_317, "That is with whole hashes of 32 bytes. A short id has 6."),
        Mistake(20_317, "That is with 8 bytes each. A short id has 6 bytes, 48 bits."),
        Mistake(1_000_000, "That is about the whole block. Only 6 bytes of each payment are sent."),
        Mistake(2_817, "2,500 payments of 6 bytes each: multiply."),
        Mistake(500_317, "That is 200 bytes for each payment. Only the coinbase is sent whole."),
        Mistake(15_000, "Those are the short ids. The header and the whole coinbase are in it, too."),
        Mistake(15_080, "Those are header and short ids. The coinbase is in it, too: nobody has it yet."),
        Mistake(15_117, "The coinbase is missing: nobody can have that one yet, so it comes whole."),
        Mistake(15_200, "Those are short ids and coinbase. The header is in it, too: whose ids are they?"),
        Mistake(15_237, "The header is missing: without it nobody knows which block it is."),
    ),
)

LINE = Number(
    id="L12.q7",
    title="Payments on one line",
    prompt="The table shows what the line between inv1 and inv3 has carried since second 7. How many bytes of"
    " it are about payments?",
    unit="bytes",
    varies=True,
    passes="the exact number of bytes in your own run, inv and getdata of payments included.",
    hints=(
        "Take the rows whose last word is payments, whatever the message is called.",
        "For each of them: how many messages, times the bytes of one.",
        "Three rows: inv, getdata and tx. Add them up.",
    ),
    because="What has crossed the line as a tx crosses it once more in the block. Short ids spare that.",
    solution="inv, getdata and tx of payments: {answer}.",
    answer=runs.sum_payments,
    again=runs.take_blocks_from_all,
    mistakes=(
        Mistake(partial(runs.add_line, "blocks"), "Those are the bytes about the block."),
        Mistake(
            lambda seed: runs.add_line("payments", seed) + runs.add_line("blocks", seed),
            "That is all that the line has carried. Leave out what is about the block.",
        ),
        Mistake(
            lambda seed: runs.add_line("payments", seed, ("tx",)),
            "Names and questions are on the line, too: inv and getdata of payments.",
        ),
        Mistake(
            lambda seed: runs.add_line("payments", seed, ("tx", "inv")),
            "The questions are missing: getdata of payments.",
        ),
    ),
)

TWELVE = Number(
    id="L12.q9",
    title="Twelve seconds",
    prompt="A block needs 12 seconds to get around. How many per cent of the blocks meet a rival, if all"
    " miners together find one every 600 seconds on average?",
    unit="per cent",
    tolerance=0.05,
    passes="the chance in per cent, within 0.05.",
    hints=(
        "The chance that nobody finds one meanwhile is exp(-d / 600).",
        "A rival is all the rest: 1 - exp(-12 / 600). Then per cent.",
        "`from math import exp`, then `100 * (1 - exp(-12 / 600))`.",
    ),
    because="Two in a hundred: what was measured in 2013 was 1.7.",
    solution="100 × (1 - exp(-12 / 600)) = {answer}.",
    answer=lambda seed: sums.get_stale_percent(12),
    again=lambda seed: sums.count_stale_percent(12),
    mistakes=(
        Mistake(0.0198, "That is the chance. Give it in per cent."),
        Mistake(98.02, "That is the chance that there is no rival."),
        Mistake(0.995, "That is for 6 seconds."),
        Mistake(0.2, "A factor of ten: 12 seconds of 600."),
    ),
)

SIXTY = Number(
    id="L12.q10",
    title="A minute",
    prompt="And if it needs 60 seconds?",
    unit="per cent",
    tolerance=0.05,
    passes="the chance in per cent, within 0.05.",
    hints=(
        "Five times the delay is nearly five times the chance, but not quite.",
        "The same function: 1 - exp(-60 / 600).",
        "`100 * (1 - exp(-60 / 600))`.",
    ),
    because="Nearly one block in ten for nothing; and whoever has found the last one is ahead of all others.",
    solution="100 × (1 - exp(-60 / 600)) = {answer}.",
    answer=lambda seed: sums.get_stale_percent(60),
    again=lambda seed: sums.count_stale_percent(60),
    mistakes=(
        Mistake(10, "60 / 600 is near. But a second rival in the same minute counts only once: take exp."),
        Mistake(0.0952, "That is the chance. Give it in per cent."),
        Mistake(90.48, "That is the chance that there is no rival."),
        Mistake(9.9, "Five times the last one is a little too much: the curve bends."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    RACE,
    TRIPS,
    WASTE,
    STANDARD,
    COMPACT,
    FIND_MISSING,
    LINE,
    BUDGET,
    TWELVE,
    SIXTY,
    CROWD,
    NEEDLESS,
)
