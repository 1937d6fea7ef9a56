"""Lesson 10, a transaction's life and the mempool: its questions, in the order of the text.

The sums are in `l10_sums`, what is read off runs in `l10_runs`, what a peer checks and the learner's own
function in `l10_checks`, the tasks in the simulator in `l10_tasks`.
"""

from blockchain_lab.course import l10_runs as runs
from blockchain_lab.course import l10_sums as sums
from blockchain_lab.course.l10_checks import CHECKS, KEEP
from blockchain_lab.course.l10_tasks import SPLIT, VANISH
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question
from blockchain_lab.course.sorting import Sorting

POINTER = Choice(
    id="L10.q1",
    title="Which pointer?",
    prompt="Somebody changes a payment in block 1. Which part of block 2 gives him away?",
    options={
        "a": "its height, one more than that of the block before it",
        "b": "the hash of the block before it",
        "c": "the hash of the block that follows it",
        "d": "its time, later than that of the block before it",
    },
    passes="the letter of what no longer fits.",
    hints=(
        "A hash is a fingerprint: change one bit of what it is made of, and it is another one.",
        "Height and time of block 1 are easily left as they were.",
        "Look at the rows above: what of block 1's row stands in the row of block 2, too?",
    ),
    because="The old hash stands in block 2. Who changes block 1 must make block 2 anew, and then block 3.",
    solution="{answer}. It is made of all that is in block 1, so it says when anything there has changed.",
    answer=sums.find_broken_pointer,
    again=sums.find_pointer_in_bytes,
    mistakes=(
        Mistake("a", "A changed block 1 is still the first one: its height stays 1, and all heights fit."),
        Mistake("c", "No block holds the hash of the next one: look at the rows again."),
        Mistake("d", "He leaves the time as it was. Then all times still fit."),
    ),
)

FORWARD = Choice(
    id="L10.q2",
    title="No way forward",
    prompt="Why does no block hold the hash of the block that follows it?",
    options={
        "a": "its hash is not known yet, and to write it in later would change this block's own hash",
        "b": "a header has no room for 32 bytes more",
        "c": "checking a chain would take twice as long",
        "d": "it could be done, but nobody has needed it so far",
    },
    passes="the letter of what makes it impossible.",
    hints=(
        "When block 1 is made, what is there of block 2?",
        "Block 2 holds the hash of block 1. What happens to that hash if block 1 is written to once more?",
        "Each of the two hashes would have to be known before the other.",
    ),
    because="Either hash would need the other one first. A chain of hashes can only point back.",
    solution="{answer}. Written in later, it makes another block 1, and block 2 points to the old one.",
    answer=sums.find_why_not_forward,
    again=sums.try_forward_pointer,
    mistakes=(
        Mistake("b", "Room could be made. But what would you write there when block 1 is made?"),
        Mistake("c", "One hash more per block costs nearly nothing. But it would have to be known first."),
        Mistake("d", "Try it: write the hash of block 2 into block 1. Is block 1's own hash still the same?"),
    ),
)

LIFE = Order(
    id="L10.q3",
    title="A payment's stations",
    prompt="Ann pays. In which order does this happen between her and bob, her neighbour? One of these does"
    " not happen at all.",
    items=("block", "wait", "getdata", "agree", "sign", "tx", "inv"),
    passes="the six that happen, in the order of time.",
    hints=(
        "Step through the first picture with → from the moment when ann pays.",
        "Bob is told a hash first. He asks for what it names only if he does not have it.",
        "Nobody asks the payee. The last of all is the block.",
    ),
    because="Signed, announced, asked for, sent, checked and kept, mined. The payee is asked nothing.",
    solution="{answer}.",
    answer=runs.order_first_payment,
    again=runs.order_eves_coin,
    mistakes=(
        Mistake(
            ["sign", "agree", "inv", "getdata", "tx", "wait", "block"],
            "The payee agrees to nothing: he may be asleep. Only the owner of the coin signs.",
        ),
        Mistake(
            ["sign", "tx", "wait", "block"],
            "A payment is not pushed: it is announced by its hash, and sent to who asks for it.",
        ),
        Mistake(
            ["sign", "inv", "tx", "wait", "block"],
            "Between the announcement and the payment bob has something to say, too.",
        ),
        Mistake(
            ["inv", "getdata", "sign", "tx", "wait", "block"],
            "It is signed before anybody hears of it: what is announced is the hash of the whole payment.",
        ),
        Mistake(
            ["sign", "inv", "getdata", "tx", "block", "wait"],
            "It waits in the mempool until a block takes it, not afterwards.",
        ),
    ),
    look_at=runs.find_signing,
)

RATE = Number(
    id="L10.q4",
    title="What it pays per byte",
    prompt="Ann's payment is printed above. How many satoshi does it pay per virtual byte? Bytes of"
    " signatures count a quarter, all others count whole.",
    unit="satoshi per virtual byte",
    tolerance=0.3,
    varies=True,
    passes="the fee rate within 0.3, rounded up to whole virtual bytes or not.",
    hints=(
        "The fee is written nowhere: it is what goes in and does not come out.",
        "Fee = what it takes, less what it pays to bob, less what comes back to ann.",
        "Virtual bytes = bytes without signatures + (bytes with them - bytes without them) / 4.",
    ),
    because="This is what miners sort by: a large fee for many bytes can be worse than a small one for few.",
    solution="Fee divided by virtual bytes: {answer}.",
    answer=sums.get_fee_rate,
    again=sums.reckon_fee_rate,
    mistakes=(
        Mistake(sums.get_fee, "That is the whole fee. Divide it by the virtual bytes."),
        Mistake(sums.rate_by_bytes, "Bytes of signatures count only a quarter here (since 2017)."),
        Mistake(sums.rate_without_signatures, "Signatures count a quarter, not nothing."),
        Mistake(sums.rate_of_change, "What comes back to ann is no fee: it is hers."),
    ),
)

FIT = Sorting(
    id="L10.q5",
    title="Which fit into the block?",
    prompt="A miner's block has room for 1,000 virtual bytes. Which of the eight does he take?",
    items=tuple(sums.OFFERS),
    groups={"block": "goes into the block", "waits": "waits for the next one"},
    passes="all eight sorted as a miner does who wants the most fees.",
    hints=(
        "Not the fee counts but the fee per virtual byte. Begin with the highest.",
        "e cannot be mined without d, whose coin it takes. Together: 9,900 satoshi for 450 virtual bytes.",
        "d with e, then a, then g. Which of the rest still fits into the last 100 virtual bytes?",
    ),
    because="Best rate first, families together. A child that pays well takes its parent along, and a small"
    " one fills the gap.",
    solution="d and e (22.0 together), a (20.0), g (15.0), and h into the gap. {answer}.",
    answer=sums.choose_by_template,
    again=sums.choose_by_trying,
    mistakes=(
        Mistake(("a", "waits"), "a pays 20 satoshi for each virtual byte: only d and e together pay more."),
        Mistake(("b", "block"), "b is too large for the room that the better ones leave."),
        Mistake(("c", "block"), "c does not fit: there are 100 virtual bytes left when its turn comes."),
        Mistake(("d", "waits"), "Alone d pays little. But e, which pays a lot, cannot be mined without it."),
        Mistake(("e", "waits"), "With its parent e pays 22 satoshi per virtual byte: more than all others."),
        Mistake(("f", "block"), "f has a large fee, but for 500 virtual bytes: 12 each. Others pay more."),
        Mistake(("g", "waits"), "g pays 15 satoshi per virtual byte, and there is room for it."),
        Mistake(("h", "waits"), "h pays little, but the gap at the end has just room for it."),
    ),
)

BYTES = Number(
    id="L10.q6",
    title="Announced by eight",
    prompt="You have 8 neighbours. All announce the same payment of 222 bytes to you, with an inv of one"
    " entry. You ask one of them, and get it. How many bytes is that in all?",
    unit="bytes",
    passes="the exact number of bytes.",
    hints=(
        "Ten messages: 8 times inv, one getdata, one tx. Each has a header of 24 bytes.",
        "An inv of one entry: header, one byte that says how many entries, and 36 bytes. getdata is just so.",
        "9 × (24 + 1 + 36) + 24 + 222.",
    ),
    because="Pushed by all eight it would be 1,968 bytes. Announcing takes more messages, and fewer bytes.",
    solution="9 × 61 + 246 = {answer}.",
    answer=sums.measure_announcing,
    again=sums.reckon_announcing,
    mistakes=(
        Mistake(1_968, "That is by pushing: 8 × 246. By inv the payment itself comes only once."),
        Mistake(734, "Your own question is on the line, too: one getdata of 61 bytes."),
        Mistake(555, "Each message has a header of 24 bytes. There are ten messages."),
        Mistake(546, "Headers and the bytes that count the entries are missing."),
        Mistake(786, "One byte in each inv and getdata says how many entries follow."),
        Mistake(2_944, "You ask only one of them: the others' announcements are enough."),
    ),
)

COUNT = Number(
    id="L10.q10",
    title="Who holds ann's?",
    prompt="Twelve peers: at second 5 ann pays, and gus spends the same coin. How many of the twelve hold"
    " ann's payment in second 20?",
    unit="peers",
    varies=True,
    run="rivals",
    passes="the number of mempools with ann's payment, in your own run.",
    hints=(
        "Click peers in the picture, or fold the notes: `find_holders(rivals)` knows who holds what.",
        'Ann\'s payment is `get_own(rivals, "ann")`.',
        '`len(find_holders(rivals, 20 * SECOND)[get_own(rivals, "ann")])`.',
    ),
    because="Each peer tells others after a waiting time of its own. So each run has its own border.",
    solution="Count the mempools with it: {answer}.",
    answer=runs.count_anns_holders,
    again=runs.look_into_pools,
    mistakes=(
        Mistake(runs.count_rivals_holders, "So many hold the other one, that of gus."),
        Mistake(12, "Not all: many had heard of gus's payment before, and refuse ann's."),
        Mistake(0, "Ann herself holds it, to be sure."),
    ),
)

FATE = Choice(
    id="L10.q11",
    predicted=True,
    title="A block decides",
    prompt="Ann's half holds her payment, fay's half holds the rival. Ann finds a block with her own payment"
    " in it. What becomes of the rival in fay's half?",
    options={
        "a": "it goes on waiting, for a later block",
        "b": "it is thrown away: its coin is gone",
        "c": "it goes into the block, too",
        "d": "fay's half refuses the block",
    },
    passes="the letter of what fay's mempool shows after the block.",
    hints=(
        "Play the first picture on to second 15, and look at fay's mempool.",
        "The rival takes a coin that the block has spent.",
        "Could any later block hold the rival? If not, why keep it?",
    ),
    because="Mempools may differ, the chain may not. The block says which of the two it was.",
    solution="{answer}. Mempools are opinions, blocks are decisions.",
    answer=runs.find_fate,
    again=runs.compare_pools_with_chain,
    mistakes=(
        Mistake("a", "It could never be mined: its coin is spent. So nobody keeps it."),
        Mistake("c", "The block was made by ann, who does not hold it. And one coin is spent once."),
        Mistake("d", "No rule of blocks says that they must agree with one's own mempool."),
    ),
    look_at=runs.find_arrival,
)

QUESTIONS: tuple[Question, ...] = (
    POINTER,
    FORWARD,
    LIFE,
    RATE,
    FIT,
    BYTES,
    CHECKS,
    KEEP,
    SPLIT,
    COUNT,
    FATE,
    VANISH,
)
