"""Lesson 14, joining late: its questions, in the order of the text.

The sums are in `l14_sizes`, the locators in `l14_locator`, what is read off the runs in `l14_runs`; the
last two, with all that they need, in `l14_comb` and `l14_fake`.
"""

from blockchain_lab.course import l14_comb as comb
from blockchain_lab.course import l14_fake as fake
from blockchain_lab.course import l14_locator as locators
from blockchain_lab.course import l14_runs as runs
from blockchain_lab.course import l14_sizes as sizes
from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

PREDICTION = Choice(
    id="L14.q1",
    predicted=True,
    look_at=runs.get_first_request,
    title="Headers before the first block",
    prompt="When the newcomer asks for its first block, how many of the chain's headers does it hold?",
    options={
        "a": "none: a header comes with its block",
        "b": "about half: headers and blocks take turns",
        "c": "all of them",
    },
    passes="the letter that the run shows: look at the newcomer's first `getdata`.",
    hints=(
        "Select the newcomer and step to the first `getdata` that it sends.",
        "A `headers` message carries up to 2,000 headers. How long is this chain?",
        "Look at what the newcomer received just before its first `getdata`: a message with 151 headers.",
    ),
    because="One `headers` message brings all 151. Only then does it ask for blocks, by hash.",
    solution="{answer}. The chain has 151 blocks, a headers message carries up to 2,000.",
    answer=runs.get_headers_before_blocks,
    again=runs.reckon_headers_before_blocks,
    mistakes=(
        Mistake("a", "That is how blocks first does it. Here a `headers` message comes before any block."),
        Mistake("b", "They do not take turns: look how many headers the one `headers` message carries."),
    ),
)

HEADERS_FIRST = Order(
    id="L14.q2",
    title="The first messages, headers first",
    prompt="Put the kinds of message in the order in which they first cross the newcomer's line.",
    items=runs.POOL,
    passes="the kinds that occur, each once, by the time at which one of the two ends first sends it.",
    hints=(
        "Before anything else the two introduce themselves: two kinds of message, each sent both ways.",
        "The newcomer asks for headers and gets them; then it asks for things by their hash.",
        "Two of the eight do not occur here at all: those that say which blocks there are by hash alone.",
    ),
    because="Greet, ask for headers, check them, and only then ask for blocks, by hash.",
    solution="{answer}",
    answer=runs.get_order("headers_first"),
    again=lambda seed: ["version", "verack", "getheaders", "headers", "getdata", "block"],
    mistakes=(
        Mistake(
            ["version", "verack", "getblocks", "inv", "getdata", "block"],
            "That is the other method. Here the newcomer asks with `getheaders`.",
        ),
        Mistake(
            ["version", "verack", "getdata", "block", "getheaders", "headers"],
            "Whose blocks could it ask for? Before the headers it knows no hash but the genesis.",
        ),
        Mistake(
            ["version", "verack", "headers", "getheaders", "getdata", "block"],
            "`headers` is an answer: what was the question?",
        ),
        Mistake(
            ["verack", "version", "getheaders", "headers", "getdata", "block"],
            "`verack` says that a `version` was received: it cannot be the first.",
        ),
    ),
)

PAYLOAD = Number(
    id="L14.q3",
    title="The largest headers message",
    prompt="How many bytes is the payload of a `headers` message with 2,000 headers?",
    unit="bytes",
    passes="the exact number of bytes, without the 24 bytes of the envelope.",
    hints=(
        "A header has 80 bytes. Hover over the fields in the bytes view: what follows each header?",
        "Behind each header stands a count of transactions, always 0: one byte.",
        "In front stands the count of headers: 2,000 does not fit in one byte, so it takes three: fd d0 07.",
    ),
    because="3 bytes for the count, then 2,000 times 80 + 1 bytes.",
    solution="3 + 2,000 × (80 + 1) = {answer}.",
    answer=sizes.get_headers_payload,
    again=sizes.measure_headers_payload,
    mistakes=(
        Mistake(
            160_000, "That is the headers alone. Each is followed by a byte, and a count stands in front."
        ),
        Mistake(160_003, "Behind each header stands one more byte: its count of transactions, always 0."),
        Mistake(162_000, "Only the count in front is missing. 2,000 does not fit in one byte."),
        Mistake(
            162_001, "A count of 2,000 does not fit in one byte: bytes above 252 announce a longer number."
        ),
        Mistake(162_002, "Two bytes hold 2,000, but a third in front of them says that two follow."),
        Mistake(162_027, "That is with the envelope of 24 bytes. The payload is what stands inside."),
    ),
)

MESSAGES = Number(
    id="L14.q4",
    title="Messages for the whole chain",
    prompt="How many headers messages bring the headers of 850,000 blocks?",
    unit="messages",
    passes="the number of messages that carry headers.",
    hints=(
        "How many headers does one message carry at most?",
        "Divide 850,000 by 2,000.",
        "850 thousands by 2 thousands: 850 / 2.",
    ),
    because="At 81 bytes a header that is 68.9 megabytes, less than a tenth of a gigabyte.",
    solution="850,000 / 2,000 = {answer}.",
    answer=sizes.get_headers_messages,
    again=sizes.count_rounds(2_000),
    mistakes=(
        Mistake(1_700, "That is 500 at a time, as `getblocks` does it. A `headers` message holds more."),
        Mistake(
            426, "The 426th is empty: it only says that there is no more. Count those that carry headers."
        ),
        Mistake(424, "424 messages bring 848,000 headers: 2,000 are still missing."),
        Mistake(850_000, "One message a header would be slow indeed. Many travel together."),
    ),
)

BLOCKS_FIRST = Order(
    id="L14.q5",
    title="The first messages, blocks first",
    prompt="The same for the method of 2009: order the kinds of message by their first time on the line.",
    items=runs.POOL,
    passes="the kinds that occur, each once, by the time at which one of the two ends first sends it.",
    hints=(
        "The greeting is the same.",
        "The newcomer asks which blocks follow the ones it has; the answer is a list of hashes.",
        "A list of hashes travels in an `inv`; what stands in it is fetched with `getdata`.",
    ),
    because="Hashes, then whole blocks: the newcomer stores them before it knows where the chain leads.",
    solution="{answer}",
    answer=runs.get_order("blocks_first"),
    again=lambda seed: ["version", "verack", "getblocks", "inv", "getdata", "block"],
    mistakes=(
        Mistake(
            ["version", "verack", "getheaders", "headers", "getdata", "block"],
            "That is the other method. In 2009 there was no `getheaders`.",
        ),
        Mistake(
            ["version", "verack", "inv", "getblocks", "getdata", "block"],
            "The server does not announce old blocks unasked: something comes before `inv`.",
        ),
        Mistake(
            ["version", "verack", "getblocks", "getdata", "inv", "block"],
            "`getdata` asks by hash: where did the newcomer get the hashes?",
        ),
        Mistake(
            ["version", "verack", "getblocks", "block"],
            "`getblocks` brings no block, in spite of its name. It brings hashes.",
        ),
    ),
)

ROUNDS = Number(
    id="L14.q6",
    title="Rounds of getblocks",
    prompt="How many times must a blocks-first newcomer ask getblocks for 850,000 blocks?",
    unit="rounds",
    passes="the number of `getblocks` messages, with 500 hashes in each answer.",
    hints=(
        "Each answer to `getblocks` names at most 500 blocks.",
        "Divide 850,000 by 500.",
        "850 thousands by half a thousand: 850 × 2.",
    ),
    because="And each round waits for the last block of the one before: one lane, one server.",
    solution="850,000 / 500 = {answer}.",
    answer=sizes.get_inventory_rounds,
    again=sizes.count_rounds(500),
    mistakes=(
        Mistake(425, "That is 2,000 at a time, as in `headers`. An answer to `getblocks` names 500."),
        Mistake(17, "An `inv` may hold 50,000 hashes, but an answer to `getblocks` stops after 500."),
        Mistake(850, "An answer names at most 500 blocks, not 1,000."),
        Mistake(850_000, "One `getblocks` names many blocks at once."),
    ),
)

WASTE = Number(
    id="L14.q8",
    title="The price of a lie",
    prompt="A liar offers 2,000 blocks of 1,000,000 bytes that lead nowhere. Who must take all blocks before"
    " it can see that takes how many times the bytes of one who takes the headers alone?",
    unit="times",
    tolerance=20,
    passes="bytes of 2,000 whole blocks over the payload of one full `headers` message, within 20.",
    hints=(
        "You know the bytes of 2,000 headers: that was the largest `headers` message.",
        "2,000 blocks of 1,000,000 bytes each are 2,000,000,000 bytes.",
        "Divide 2,000,000,000 by 162,003.",
    ),
    because="Two gigabytes against a sixth of a megabyte: headers first makes lying cheap to find out.",
    solution="2,000,000,000 / 162,003 is about {answer}.",
    answer=sizes.get_waste_ratio,
    again=sizes.measure_waste_ratio,
    mistakes=(
        Mistake(12_500, "Nearly: 1,000,000 / 80. In a `headers` message each header takes a byte more."),
        Mistake(2_000, "That is how many blocks there are. Compare their bytes with those of their headers."),
        Mistake(
            6.17,
            "That is one block against all the headers. All 2,000 blocks are taken before the lie shows.",
        ),
        Mistake(0, "Upside down: blocks are the larger ones, so divide their bytes by those of the headers."),
    ),
)

WORDS = Choice(
    id="L14.q9",
    title="Orphan or stale",
    prompt="A block arrives. It is valid, its parent is known, but another branch has more work. What is it?",
    options={
        "a": "an orphan block",
        "b": "a stale block",
        "c": "an invalid block",
        "d": "the new tip",
    },
    passes="the letter of the word for such a block.",
    hints=(
        "Two of the words say that something is missing or broken. Is anything missing or broken here?",
        "An orphan has no known parent. This one has.",
        "It came too late to win: like bread, it is good but no longer fresh.",
    ),
    because="Stale: valid, but on a branch that lost. An orphan is a block whose parent is not known (yet).",
    solution="{answer}.",
    answer=lambda seed: "b",
    again=runs.name_lost_branch,
    mistakes=(
        Mistake("a", "An orphan's parent is unknown. Here the parent is known; many texts mix the two up."),
        Mistake("c", "Nothing is wrong with it: proof of work and rules hold. It only lost the race."),
        Mistake("d", "The tip is the end of the branch with the most work, and that is another one."),
    ),
)

LOCATOR = Function(
    id="L14.q10",
    title="Where am I? The locator",
    prompt="Write locator(height): the heights that a locator names, from the tip down to the genesis.",
    name="locator",
    numbers="Heights",
    cases=((0,), (1,), (11,), (12,), (25,), (150,), (4_500,)),
    passes="the right list for heights 0, 1, 11, 12, 25, 150 and 4,500.",
    hints=(
        "Start with `heights = [height]` and `step = 1`; while the last one is above 0, append the next.",
        "The next is `max(heights[-1] - step, 0)`. After that, think about the step.",
        "Double the step after appending, once the list held more than 10 heights before you appended.",
    ),
    because="31 hashes are enough for 850,000 blocks, and the server finds the last block you share.",
    solution="Walk down from the tip; from the twelfth on each step is twice the one before.\n\n{answer}",
    answer=lambda seed: locators.get_locator,
    again=lambda seed: locators.get_locator_by_formula,
    mistakes=(
        Mistake(
            locators.forget_genesis, "The genesis, height 0, must always be the last: all peers share it."
        ),
        Mistake(locators.double_at_once, "The first steps are all 1: near the tip, peers differ most often."),
        Mistake(
            locators.double_too_early,
            "One too early: use the step first, double it afterwards. The twelve highest stand in a row.",
        ),
        Mistake(
            locators.name_every_height, "That names every block: 850,001 hashes. At most 101 are allowed."
        ),
        Mistake(locators.upside_down, "From the tip down: the server takes the first hash that it knows."),
        Mistake(locators.name_genesis_twice, "The genesis stands there twice."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    PREDICTION,
    HEADERS_FIRST,
    PAYLOAD,
    MESSAGES,
    BLOCKS_FIRST,
    ROUNDS,
    runs.LOSE_A_SERVER,
    WASTE,
    WORDS,
    LOCATOR,
    comb.SPEED_UP,
    fake.FEED_FAKES,
)
