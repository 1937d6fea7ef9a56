"""Lesson 2, bootstrap: its questions, in the order of the text.

What is read off runs is in `l02_runs`, the sums in `l02_sums`, the learner's own function in `l02_naming`,
the tasks in the simulator in `l02_tasks`, the size of the network in `l02_size`.
"""

from blockchain_lab.course import l02_runs as runs
from blockchain_lab.course import l02_sums as sums
from blockchain_lab.course.l02_naming import NAMING
from blockchain_lab.course.l02_size import KNOWN_COUNTRY, LEFT_OUT
from blockchain_lab.course.l02_tasks import COME_BACK, MET_AGAIN
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question
from blockchain_lab.course.sorting import Sorting

WAY_IN = Choice(
    id="L02.q1",
    predicted=True,
    run="down",
    look_at=runs.find_list_opened,
    title="Both seeds are off",
    prompt="ann knows nobody, and both seeds that her program names are off. What becomes of her?",
    options={
        "a": "she stays alone until a seed is on again",
        "b": "she calls addresses by chance until somebody answers",
        "c": "after a minute she takes addresses that came with her program",
        "d": "one of the others finds her and calls",
    },
    passes="the letter for what the film shows.",
    hints=(
        "How long is ann alone? Look at her book on the right, and at the clock.",
        "When her first two addresses appear: has anybody said a word to her before?",
        "Nobody has. So they must have been on her own machine already.",
    ),
    because="The program brings a list of its own, opened when all seeds have been silent for a minute.",
    solution="{answer}. It is the last resort: such a list grows old with the program.",
    answer=runs.find_way_in,
    again=runs.reckon_way_in,
    mistakes=(
        Mistake("a", "Look at the end of the film: she has lines, and both seeds are still off."),
        Mistake("b", "There are four thousand million addresses. All her calls go to peers that exist."),
        Mistake("d", "They cannot: nobody has heard of her yet. Who is it that calls, at one minute?"),
    ),
)

SIX = Number(
    id="L02.q2",
    run="old",
    title="Until the first address",
    prompt="How many messages between ann and the seed were needed until ann had her first address?",
    unit="messages",
    passes="those without which she would have heard of nobody, of both together, the answer included.",
    hints=(
        "Each of the two introduces itself, and each confirms it.",
        "Then ann asks, and the seed answers. ann's `getheaders` is about blocks, not about hosts.",
        "ann's own `addr` tells the seed where *she* lives. She would have got her answer without it.",
    ),
    because="Two greetings, two confirmations, a question and its answer.",
    solution="`version` and `verack` from both, `getaddr`, `addr`: {answer}.",
    answer=lambda seed: len(runs.get_order(seed)),
    again=lambda seed: len(runs.find_needed(seed)),
    mistakes=(
        Mistake(2, "The question and its answer, yes. But who has not been greeted is not asked."),
        Mistake(4, "Both greet, and both confirm: that makes four before anybody asks."),
        Mistake(8, "Two of them did not help: ann asks for blocks, too, and tells of herself."),
        Mistake(
            7, "One of them was not needed. Which could be lost, and she would hear of hosts all the same?"
        ),
        Mistake(5, "One is missing: both greet, both confirm, ann asks, the seed answers."),
    ),
)

HANDSHAKE = Order(
    id="L02.q3",
    run="old",
    title="The handshake",
    prompt="The messages that were needed, in the order in which they are sent.",
    items=runs.POOL,
    passes="all six, in the order of their sending.",
    hints=(
        "Who has called speaks first.",
        "The seed answers a greeting with two messages at once: its own, and the confirmation of ann's.",
        "ann asks when the seed's confirmation is there; her own is on its way by then.",
    ),
    because="Who calls speaks first, and nobody asks before both are introduced.",
    solution="{answer}",
    answer=lambda seed: list(runs.get_order(seed)),
    again=lambda seed: list(runs.find_needed(seed)),
    mistakes=(
        Mistake(
            ["getaddr from ann", "addr from seed"],
            "A stranger's question is not answered: first they introduce themselves.",
        ),
        Mistake(
            [
                "version from seed", "version from ann", "verack from ann", "verack from seed",
                "getaddr from ann", "addr from seed",
            ],
            "The seed does not know of ann before she speaks. Who has called?",
        ),
        Mistake(
            [
                "version from ann", "verack from seed", "version from seed", "verack from ann",
                "getaddr from ann", "addr from seed",
            ],
            "The seed introduces itself first and confirms then: look closely, both leave at the same time.",
        ),
        Mistake(
            ["version from ann", "version from seed", "getaddr from ann", "addr from seed"],
            "Each greeting is confirmed before anything else is said.",
        ),
    ),
)  # fmt: skip

ADDR_BYTES = Number(
    id="L02.q4",
    title="A full addr",
    prompt="An `addr` names 1,000 hosts, as many as it may. How many bytes of payload is that?",
    unit="bytes",
    passes="the payload's bytes, without the envelope of 24 bytes.",
    hints=(
        "One entry: a time, service bits, an IP address, a port. How many bytes together?",
        "4 + 8 + 16 + 2 = 30 bytes for each host, also for those with a short IPv4 address.",
        "In front stands how many there are. From 253 on this count takes three bytes.",
    ),
    because="30 bytes for each host and 3 for their number: a whole phone book in 30 kB.",
    solution="3 + 1,000 × 30 = {answer}.",
    answer=sums.get_addr_size,
    again=sums.sum_addr_size,
    mistakes=(
        Mistake(30_000, "Nearly: in front of the entries stands how many there are."),
        Mistake(30_001, "A count up to 252 takes one byte. A thousand takes three."),
        Mistake(30_002, "1,000 fits into two bytes, but a byte before them says that two follow."),
        Mistake(26_003, "Each entry begins with a time, 4 bytes: when the host was last heard of."),
        Mistake(18_003, "An IPv4 address is written in 16 bytes here, as if it were an IPv6 address."),
        Mistake(30_027, "With the envelope, yes. Asked is the payload alone."),
    ),
)

ACTIVE = Sorting(
    id="L02.q5",
    title="The last three hours",
    prompt="It is 12:00. Whom does a node of the lecture's era name when it is asked?",
    items=tuple(sums.STATED),
    groups={"named": "heard of in the last three hours", "left out": "too old, or a lie"},
    passes="all five in the right group.",
    hints=(
        "Count back three hours from 12:00.",
        "That is 09:00. What about a time that has not come yet?",
        "More than ten minutes ahead of now is a lie; the host then counts as seen five days ago.",
    ),
    because="Old news is dropped, and so is news from the future: else a liar would look the freshest.",
    solution="Named are those after 09:00 and not after 12:10. {answer}.",
    answer=sums.find_active,
    again=sums.reckon_active,
    mistakes=(
        Mistake(("bob", "left out"), "bob was heard of two minutes ago: who is fresher?"),
        Mistake(("cat", "left out"), "From 09:20 to 12:00 it is less than three hours."),
        Mistake(("dan", "named"), "From 08:50 to 12:00 it is more than three hours."),
        Mistake(("eve", "named"), "eve was last heard of at midnight. She may be long gone."),
        Mistake(
            ("fay", "named"), "14:30 has not come yet: a wrong clock or a lie. It counts as five days old."
        ),
    ),
)

STALE = Number(
    id="L02.q9",
    varies=True,
    run="hour",
    title="After an hour",
    prompt="What per cent of the entries in ann's book are stale after the hour?",
    unit="per cent",
    tolerance=0.5,
    passes="entries at whose address nobody lives now, in per cent of all entries, within 0.5.",
    hints=(
        "An entry is stale if its address is nobody's home now: `address not in homes.values()`.",
        "Count them: `sum(address not in homes.values() for address in book)`.",
        "That count, times 100, divided by `len(book)`.",
    ),
    because="A move adds an entry and takes none away: nobody tells a book what is no longer true.",
    solution="Stale entries, one for each move, over all entries: {answer}.",
    answer=runs.get_stale_share,
    again=runs.reckon_stale_share,
    mistakes=(
        Mistake(runs.get_stale_count, "That is how many entries are stale. How many per cent of all is it?"),
        Mistake(
            lambda seed: 100 - runs.get_stale_share(seed),
            "That is the share of those that are right. Asked are the stale ones.",
        ),
        Mistake(
            runs.get_stale_by_host,
            "Stale ones over hosts. Asked is their share of the entries, of which there are more.",
        ),
        Mistake(0, "Look again: each move has left an address behind at which nobody lives."),
    ),
)

CALLERS = Sorting(
    id="L02.q10",
    title="Who may come in",
    prompt="Four `version` messages arrive at a node of today. What becomes of each caller?",
    items=tuple(sums.GREETINGS),
    groups={
        "welcome": "the handshake goes on",
        "too old": "refused: it does not know messages that we need",
        "too new": "refused: it may say what we do not know",
        "ourselves": "refused: it is our own call",
    },
    passes="all four in the right group.",
    hints=(
        "The least version that is accepted is 31800. Is there a highest one?",
        "Who receives a number that nobody but itself has drawn is talking to itself.",
        "A program's name is only a name. Unknown messages are ignored; newer peers know that.",
    ),
    because="Only two things are refused: who cannot follow us, and who is us. All others get on.",
    solution="{answer}.",
    answer=sums.find_refused,
    again=sums.play_refusals,
    mistakes=(
        Mistake(("A", "too old"), "70016 is the version of today. A name nobody knows is no reason."),
        Mistake(("A", "ourselves"), "The nonce is not ours: this is somebody else."),
        Mistake(("B", "welcome"), "31402 is below 31800: this program does not know `getheaders`."),
        Mistake(("C", "too new"), "Both speak the language of the older one. Else no new one could begin."),
        Mistake(("D", "welcome"), "Look at its nonce: we have just sent it ourselves."),
        Mistake(("D", "too old"), "The version is today's. What else do you know of this message?"),
    ),
)

ALL_BAD = Number(
    id="L02.q11",
    title="Eight bad draws",
    prompt="Half of a book is the attacker's. Eight draws: with what probability are all of them bad?",
    unit="(a probability)",
    tolerance=0.0001,
    passes="the probability, from 0 to 1, within 0.0001.",
    hints=(
        "One draw is bad with the probability 0.5. And two draws, both?",
        "Draws that do not depend on each other: their probabilities are multiplied.",
        "0.5 to the power of 8: `0.5 ** 8`.",
    ),
    because="1 in 256. And one honest line is enough to hear the truth; but look at 90 %: 0.43.",
    solution="0.5 to the power of 8 is {answer}.",
    answer=sums.get_chance_of_all_bad,
    again=sums.count_all_bad,
    mistakes=(
        Mistake(0.5, "That is one draw. All eight must be bad."),
        Mistake(4, "That many are bad on average. Asked is how likely it is that all are."),
        Mistake(0.0625, "0.5 divided by 8. Probabilities of draws that must *all* come are multiplied."),
        Mistake(0.9961, "That is the other case: at least one of them is honest."),
        Mistake(0.39, "In per cent, yes. Give it as a probability from 0 to 1."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    WAY_IN,
    SIX,
    HANDSHAKE,
    ADDR_BYTES,
    ACTIVE,
    NAMING,
    COME_BACK,
    MET_AGAIN,
    STALE,
    CALLERS,
    ALL_BAD,
    KNOWN_COUNTRY,
    LEFT_OUT,
)
