"""Lesson 5, keeping the line: its questions, in the order of the text.

The sums are in `l05_sums`, what is read off runs in `l05_runs`, the tasks in the simulator in `l05_tasks` and
`l05_timers`, the learner's own function in `l05_missing`.
"""

from blockchain_lab.course import l05_runs as runs
from blockchain_lab.course import l05_sums as sums
from blockchain_lab.course.l05_missing import MISSING
from blockchain_lab.course.l05_tasks import FALSE_ALARM, LONGEST_SESSION
from blockchain_lab.course.l05_timers import TUNE
from blockchain_lab.course.questions import Choice, Mistake, Number, Question

PATIENCE = Number(
    id="L05.q1",
    predicted=True,
    title="How long is he believed?",
    prompt="Ann asks Bob when he has been silent for 27.5 seconds, and then every 10 seconds. How many"
    " seconds of silence are there from Bob's last word until she gives him up?",
    unit="seconds",
    tolerance=0.6,
    passes="the silence in seconds, within 0.6: Ann looks at her peers twice a second.",
    hints=(
        "Play on from the first picture. In which second is Bob no longer among Ann's peers?",
        "She asks after 27.5, after 37.5 and after 47.5 seconds of silence. She gives the last question as"
        " much time as the others.",
        "27.5 seconds, and three times 10.",
    ),
    because="27.5 s, and 10 s for each of three questions. The slides round it to 30 s and three pings.",
    solution="27.5 + 3 × 10 = {answer}.",
    answer=sums.get_patience,
    again=runs.measure_patience,
    mistakes=(
        Mistake(27.5, "That is when she asks for the first time."),
        Mistake(37.5, "That is when she asks for the second time."),
        Mistake(47.5, "That is when she asks for the third time. She still waits for that answer."),
        Mistake(60, "That is the slides' 30 seconds and three times 10. The program says 27.5."),
        Mistake(30, "Three times 10 is how long she goes on asking. Before that she waits for 27.5 seconds."),
        Mistake(46, "That is from Bob's death on. He had been silent for a while when he died."),
    ),
    look_at=runs.find_giving_up,
)

LARGEST = Number(
    id="L05.q2",
    title="The largest datagram",
    prompt="How many bytes of your own can one UDP datagram carry over IPv4, at most?",
    unit="bytes",
    passes="the exact number of bytes.",
    hints=(
        "The length of an IPv4 packet is written in 16 bits. How large can such a number be?",
        "The header of IPv4 (20 bytes) and that of UDP (8 bytes) are part of the packet.",
        "65,535 less both headers.",
    ),
    because="It would travel in 45 pieces over Ethernet, and be lost with any of them. So nobody sends such.",
    solution="65,535 - 20 - 8 = {answer}.",
    answer=sums.get_largest_payload,
    again=sums.try_largest_payload,
    mistakes=(
        Mistake(65_536, "With 16 bits one counts to 65,535, and the headers take their share."),
        Mistake(65_535, "That is the whole packet, its two headers included."),
        Mistake(65_515, "There is a second header inside: UDP's, 8 bytes."),
        Mistake(65_527, "There is a header around UDP's: that of IPv4, 20 bytes."),
        Mistake(65_508, "Nearly: the largest number of 16 bits is 65,535, not 65,536."),
        Mistake(1_472, "That is what fits into one frame of Ethernet. IP can cut a larger one into pieces."),
    ),
)

DATAGRAMS = Number(
    id="L05.q3",
    title="A megabyte in datagrams",
    prompt="How many datagrams of 1,472 bytes does a megabyte (1,000,000 bytes) take?",
    unit="datagrams",
    passes="the exact number of datagrams.",
    hints=(
        "Divide 1,000,000 by 1,472. What becomes of the rest?",
        "679 full ones carry 999,488 bytes.",
        "In Python: `-(-1_000_000 // 1_472)`, a division that rounds up.",
    ),
    because="679 full ones, and one for the last 512 bytes.",
    solution="1,000,000 / 1,472 is 679.3, so {answer}.",
    answer=sums.get_datagrams,
    again=runs.count_datagrams,
    mistakes=(
        Mistake(679, "679 carry 999,488 bytes. The last 512 bytes need one, too."),
        Mistake(667, "That is with 1,500 bytes: the headers of IPv4 and UDP need 28 of them."),
        Mistake(713, "That is for 1,048,576 bytes. A megabyte here is 1,000,000 bytes."),
        Mistake(16, "That is with the largest datagrams there can be. Here each carries 1,472 bytes."),
        Mistake(679.35, "So it is by division. Nobody can send 0.35 of a datagram."),
    ),
)

ALL_ARRIVE = Number(
    id="L05.q4",
    title="All of them",
    prompt="One datagram in a hundred is lost. What is the chance, in per cent, that all 680 arrive?",
    unit="per cent",
    tolerance=0.01,
    passes="the chance in per cent, within 0.01.",
    hints=(
        "The chance that one arrives is 0.99. And that two do?",
        "0.99 × 0.99 for two: so a power of 0.99 for 680.",
        "In Python: `100 * 0.99**680`.",
    ),
    because="About once in a thousand times. What shall be whole must be asked for again.",
    solution="0.99 to the power of 680, in per cent: {answer}.",
    answer=sums.get_all_arrive,
    again=sums.reckon_all_arrive,
    mistakes=(
        Mistake(99, "That is the chance for one of them. All 680 must arrive."),
        Mistake(0.0011, "That is the chance itself, as a share of 1. Give it in per cent."),
        Mistake(6.8, "So many are lost, on average. How probable is it that none is?"),
        Mistake(99.89, "That is the chance that at least one is lost."),
        Mistake(0, "It is small, but not nothing. Two digits behind the point are wanted."),
        Mistake(93.2, "Chances do not add up: each further datagram multiplies by 0.99."),
    ),
)

ROUND_TRIPS = Number(
    id="L05.q6",
    title="Before the first useful byte",
    prompt="With UDP the first packet carries your first byte: 0 round trips. How many round trips go by over"
    " TCP before the first useful byte leaves?",
    unit="round trips",
    passes="the number of whole round trips.",
    hints=(
        "Look at the chart: what goes to and fro between the two before the first piece?",
        "Ann: may I? Bob: yes, may I, too? And then: what can Ann send together with her second packet?",
        "One way there, one way back: then she may send.",
    ),
    because="One there and back. With 100 ms each way that is a fifth of a second, for every new connection.",
    solution="SYN there, SYN with ACK back, and ACK goes together with the first byte: {answer}.",
    answer=runs.measure_round_trips,
    again=runs.reckon_round_trips,
    mistakes=(
        Mistake(0, "That is UDP. A connection must be made first."),
        Mistake(3, "Three is the number of packets. A round trip is two of them."),
        Mistake(2, "Once there and once back is one round trip."),
        Mistake(1.5, "The third packet need not arrive first: the first byte may leave together with it."),
        Mistake(0.5, "Half of one is only Ann's question. She needs Bob's yes."),
    ),
)

TIMES_AS_LONG = Number(
    id="L05.q8",
    title="Ninety minutes",
    prompt="On the slides Bitcoin gives a silent peer up after 90 minutes. How many times as long as IPv8's"
    " 57.5 seconds is that?",
    unit="times",
    tolerance=0.5,
    passes="the quotient, within 0.5.",
    hints=(
        "Bring both to the same unit first.",
        "90 minutes are 5,400 seconds.",
        "5,400 / 57.5.",
    ),
    because="Nearly a hundred times. Today's 20 minutes are still more than twenty times as long.",
    solution="5,400 s / 57.5 s = {answer}.",
    answer=runs.get_times_as_long,
    again=runs.measure_times_as_long,
    mistakes=(
        Mistake(1.57, "Those are minutes over seconds. Bring both to seconds."),
        Mistake(90, "That is with 60 seconds. IPv8's patience is 57.5."),
        Mistake(20.9, "Those are today's 20 minutes. The slides' 90 minutes are asked for."),
        Mistake(31.3, "That is with 30 minutes: then Bitcoin asks. It gives up after 90."),
        Mistake(196.4, "That is with 27.5 seconds: then IPv8 asks. It gives up after 57.5."),
        Mistake(180, "That is with 30 seconds, when the slides say that IPv8 asks. It gives up after 57.5."),
    ),
)

FALSE_DROP = Number(
    id="L05.q9",
    title="Three in vain",
    prompt="One datagram in ten is lost, in either direction. What is the chance, in per cent, that a living"
    " peer is asked three times and no answer comes back?",
    unit="per cent",
    tolerance=0.02,
    passes="the chance in per cent, within 0.02.",
    hints=(
        "One question fails if the question is lost, or if it arrives and the answer is lost.",
        "Both arrive with 0.9 × 0.9 = 0.81. So one question fails with 0.19.",
        "Three in a row: 0.19 × 0.19 × 0.19, in per cent.",
    ),
    because="Once in 146 rounds a living peer is given up. Three questions cost little, one too much.",
    solution="(1 - 0.9 × 0.9)³, in per cent: {answer}.",
    answer=sums.get_false_drop,
    again=sums.count_false_drop,
    mistakes=(
        Mistake(0.1, "That is 0.1 × 0.1 × 0.1: only the questions. Their answers can be lost, too."),
        Mistake(0.0069, "That is the chance itself, as a share of 1. Give it in per cent."),
        Mistake(19, "That is for one question. All three must fail."),
        Mistake(0.8, "Nearly: 0.2 counts twice the case in which both would be lost. It is 1 - 0.9 × 0.9."),
        Mistake(57, "Chances of things that must all happen are multiplied, not added."),
        Mistake(53.14, "That is 0.9 to the power of 6: that nothing at all is lost."),
    ),
)

WHO_HAS_GHOSTS = Choice(
    id="L05.q11",
    predicted=True,
    title="Who has ghosts?",
    prompt="Thirty peers stay for six minutes and are away for nine, on average. How many of those in whom"
    " Ann believes are ghosts, by IPv8's timers and by those of the slides' Bitcoin?",
    options={
        "a": "both: fewer than one in five",
        "b": "IPv8: fewer than one in five; Bitcoin: more than two in five",
        "c": "IPv8: more than two in five; Bitcoin: fewer than one in five",
        "d": "both: more than two in five",
    },
    passes="the letter that the two lines show from minute 20 on.",
    hints=(
        "How long is a dead peer believed by each of the rules? And how long do peers stay away?",
        "By IPv8's rule a dead peer haunts Ann for less than a minute, and then it is gone from her list.",
        "In 40 minutes the slides' rule drops nobody at all: all who are away are ghosts.",
    ),
    because="A rule that takes longer than people stay away notices nothing. Timers must fit the churn.",
    solution="{answer}. The dead are ghosts for 44 seconds by one rule, for all their absence by the other.",
    answer=runs.find_who_has_ghosts,
    again=runs.reckon_who_has_ghosts,
    mistakes=(
        Mistake("a", "With 90 minutes of patience Ann drops nobody here. And three in five are away."),
        Mistake("c", "Just the other way round: who is more patient believes longer in the dead."),
        Mistake("d", "After 57.5 seconds of silence IPv8 drops a peer. Absences last for nine minutes."),
    ),
)

MOST_LOOKED_AT = Number(
    id="L05.q12",
    title="Too many friends",
    prompt="Every half second Ann looks at 8 peers, chosen at random. Up to how many peers can she know if"
    " each shall be looked at once in 57.5 seconds, on average?",
    unit="peers",
    passes="the number of looks in 57.5 seconds.",
    hints=(
        "How many peers does she look at in one second?",
        "16 looks a second. And in 57.5 seconds?",
        "16 × 57.5.",
    ),
    because="With more, a dead peer is often not looked at when its time is over, and stays a ghost.",
    solution="8 looks × 2 a second × 57.5 s = {answer}.",
    answer=sums.get_most_looked_at,
    again=sums.count_looks,
    mistakes=(
        Mistake(460, "That is one tick a second. There are two."),
        Mistake(115, "That is the number of ticks. At each of them she looks at 8 peers."),
        Mistake(
            160, "That is for one look in 10 seconds, so that no question is late. Here 57.5 are asked for."
        ),
        Mistake(440, "That is for 27.5 seconds. Here the time until she gives a peer up is asked for."),
        Mistake(480, "That is for the slides' 30 seconds. Here 57.5 are asked for."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    PATIENCE,
    LARGEST,
    DATAGRAMS,
    ALL_ARRIVE,
    MISSING,
    ROUND_TRIPS,
    LONGEST_SESSION,
    TIMES_AS_LONG,
    FALSE_DROP,
    FALSE_ALARM,
    WHO_HAS_GHOSTS,
    MOST_LOOKED_AT,
    TUNE,
)
