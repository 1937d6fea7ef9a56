"""Lesson 3, behind the NAT: its questions, in the order of the text.

What boxes decide is in `l03_boxes`, with the learner's own function; what is read off runs in `l03_runs`, the
tasks in the simulator in `l03_tasks`, the picture of all pairs in `l03_reach`.
"""

from blockchain_lab.course import l03_boxes as boxes
from blockchain_lab.course import l03_runs as runs
from blockchain_lab.course.l03_boxes import CAN_CONNECT, TABLE, WALL
from blockchain_lab.course.l03_tasks import BREAK_IT, IN_ORDER
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

OPENER = Choice(
    id="L03.q1",
    predicted=True,
    title="What opens the door?",
    prompt="Which packet opens Bob's box to Ann?",
    options={
        "a": "Ann's own, if she knocks often enough",
        "b": "the server's, which tells Bob about Ann",
        "c": "Bob's, to Ann",
        "d": "none: she will need the relay",
    },
    passes="the letter of the packet after which Bob's box lets Ann's packets in.",
    hints=(
        "Look at the box of Bob on the right. When does Ann's box join those that may answer?",
        "The box believes nobody outside. Whom does it believe?",
        "Go on from event to event, until a packet leaves Bob's box for Ann's. What comes in after that?",
    ),
    because="A box opens from inside only: what goes out shows it whose answer to expect.",
    solution="{answer}. It does not even matter whether Ann gets that packet.",
    answer=runs.find_opener,
    again=runs.try_openers,
    look_at=runs.find_opening,
    mistakes=(
        Mistake("a", "She knocks three times before, and is thrown away each time. Knocking opens nothing."),
        Mistake("b", "It gets in, for Bob has written to the server. But it lets in nobody else."),
        Mistake("d", "Look at the end of the run: by which step does she reach him?"),
    ),
)

SEEN_AS = Choice(
    id="L03.q2",
    title="As others see you",
    prompt="At which address does the server see Ann?",
    options=runs.SEEN_AS,
    passes="the letter of the address that the server tells her.",
    hints=(
        "Look at the box `home` in the picture: inside, box, outside. In the middle stands what others see.",
        'Or ask Ann herself, at the end of the run: `lab.peer("ann").outside`.',
        "The IP is the box's own, and this box gives its ports in sequence, from 1024 on.",
    ),
    because="Ann cannot know this address by herself. Somebody outside must tell her: that is STUN.",
    solution="{answer}.",
    answer=runs.read_seen_as,
    again=runs.reckon_seen_as,
    mistakes=(
        Mistake("a", "That is her address at home. Millions have the same one, so it leads nobody to her."),
        Mistake("c", "The IP is right. But this box puts a port of its own in the place of hers."),
        Mistake("d", "That is the server itself, at the usual port of STUN."),
    ),
)

PORTS = Number(
    id="L03.q3",
    title="A port for each remote",
    prompt="How many ports has Ann's symmetric box opened for her, by the end of the run?",
    unit="ports",
    passes="the number of mappings that the box has made for Ann.",
    hints=(
        "A symmetric box opens a port for each remote address. To how many has Ann written?",
        "Go to the end of the run and look at the box `home`: which ports stand in the middle?",
        "The server; Bob's box; and first of all she tried Bob's address at home: perhaps he is a neighbour.",
    ),
    because="The server sees one of them, Bob's box another one: what the server knows does not help Bob.",
    solution="The server, Bob's address at home, and Bob's box: {answer}.",
    run="hopeless",
    answer=runs.count_ports,
    again=runs.count_remotes,
    mistakes=(
        Mistake(1, "So it is with the three cones: one port for all remotes. This one is symmetric."),
        Mistake(2, "She has written to the server and to Bob's box. And before, in second 2?"),
        Mistake(4, "The relay is the server: there she has a port already."),
        Mistake(0, "Without a port nothing gets out, and she has reached Bob at last."),
    ),
)

WALK = Order(
    id="L03.q7",
    title="The walk of IPv8",
    prompt="Ann knows the tracker, the tracker knows Bob. Order the packets, so that Ann and Bob meet.",
    items=(*reversed(runs.WALK), "puncture from the tracker", "introduction-response to Bob"),
    passes="the five packets that belong, in the order in which they are sent.",
    hints=(
        "Ann begins. Whom can she ask, when she knows only one address?",
        "Before Ann's request comes to Bob's box, something must have gone out of it.",
        "Request to the tracker, puncture-request to Bob, ... and now Bob's box must open.",
    ),
    because="Four kinds of packet, and the puncture goes out before the request comes in.",
    solution="{answer}.",
    answer=runs.order_walk,
    again=lambda seed: list(runs.WALK),
    mistakes=(
        Mistake(
            [*runs.WALK[:2], runs.WALK[3], runs.WALK[2], runs.WALK[4]],
            "Ann's request comes to a shut box: Bob's puncture must have gone out before.",
        ),
        Mistake(
            [runs.WALK[0], runs.WALK[2], runs.WALK[1], *runs.WALK[3:]],
            "Bob has never heard of Ann: somebody must ask him for a puncture first.",
        ),
        Mistake(
            [runs.WALK[3], *runs.WALK[:3], runs.WALK[4]],
            "At the beginning Ann does not know Bob's address. Whom does she ask?",
        ),
        Mistake(
            [*runs.WALK[:2], "puncture from the tracker", *runs.WALK[3:]],
            "A puncture of the tracker would open the tracker's box, if it had one. Whose box is shut?",
        ),
    ),
)

KEEP_ALIVE = Number(
    id="L03.q9",
    title="Keeping the door open",
    prompt="A box forgets a port that has not been used for 30 s. What is the longest pause between two"
    " keep-alives, in whole seconds, with which it never forgets?",
    unit="seconds",
    passes="the largest whole number of seconds that keeps the port.",
    hints=(
        "What happens if the next packet comes at the very moment when the thirty seconds are over?",
        "Try it with the box's own rule: it is over when `now >= used_at + idle_timeout`.",
        "So the next packet must come before second 30, and in whole seconds.",
    ),
    because="Just below the timeout. In practice one stays far below: a keep-alive may get lost, too.",
    solution="30 s is too late by a moment, so {answer}.",
    answer=boxes.try_keep_alives,
    again=boxes.reckon_keep_alive,
    mistakes=(
        Mistake(30, "At 30 s the box has just forgotten it: the next packet gets another port."),
        Mistake(25, "That is what IPv8's DHT does, and it is wise. But the box would allow a longer pause."),
        Mistake(15, "So one lost keep-alive does no harm. But the question is for the longest pause."),
        Mistake(60, "After a minute it has been forgotten for half a minute."),
        Mistake(31, "After 31 s it is too late."),
    ),
)

RELAYED = Number(
    id="L03.q10",
    title="The bill of the relay",
    prompt="Ann sends Bob a file of 5,000,000 bytes through the relay. How many bytes of the file pass the"
    " relay's network line, in both directions together?",
    unit="bytes",
    passes="the bytes of the file that come in and go out, without any headers.",
    hints=(
        "Follow one packet: from where does it come to the relay, and what does the relay do with it?",
        "Each byte comes in on the line. And then?",
        "In once, out once: twice the size of the file.",
    ),
    because="Twice the payload, and somebody has to pay for it: that is why a relay is the last resort.",
    solution="2 × 5,000,000 = {answer}.",
    answer=runs.get_relayed_bytes,
    again=runs.reckon_relayed_bytes,
    mistakes=(
        Mistake(5_000_000, "They come in, but they have to go out again, too."),
        Mistake(0, "That is true of a punched hole. A relay carries every packet."),
        Mistake(20_000_000, "Ann's and Bob's own lines are theirs. Count what passes the relay's."),
    ),
)

WAIT = Number(
    id="L03.q11",
    varies=True,
    title="The price of hope",
    prompt="In your run, how many seconds pass from Ann's wish, at 2 s, until she has reached Bob?",
    unit="seconds",
    tolerance=0.02,
    passes="the seconds between the two events of your own run, within 0.02.",
    hints=(
        "The first event is `Connect` at 2.000 s. When is Ann done? Go to the end and look back.",
        'In Python: `hopeless.run()`, then look for "peer reached" in the view of events.',
        "Its time minus 2: three steps of two seconds each come to nothing before, and then the relay.",
    ),
    because="Six seconds were hope. A node that knows its box tries less, or tries all at once.",
    solution="The time of Ann's last answer minus 2 s: {answer}.",
    run="hopeless",
    answer=runs.read_wait,
    again=runs.reckon_wait,
    look_at=runs.find_relayed,
    mistakes=(
        Mistake(lambda seed: runs.read_wait(seed) + 2, "That is the time on the clock. She began at 2 s."),
        Mistake(6, "Three steps of two seconds, yes; but asking and relaying take their time, too."),
        Mistake(2, "That is when she begins. When has she reached him?"),
        Mistake(8, "At 8 s nothing has arrived yet, and she did not begin at 0."),
    ),
)

LEASED = Choice(
    id="L03.q12",
    title="A port for the asking",
    prompt="Bob has asked his box for a port. Who gets in there?",
    options={
        "a": "only Ann",
        "b": "only hosts that he has written to",
        "c": "only the server, which knows the port",
        "d": "everybody",
    },
    passes="the letter that two ways of trying it show: a run, and packets from four senders.",
    hints=(
        "Has Bob written to Ann before her first packet came in? Look at the run of the twin.",
        "The box does not ask Bob again for each stranger. What does the note in its table say?",
        "Open to all, until the lease ends.",
    ),
    because="An open port is open to all, friend or not: what listens behind it must stand that.",
    solution="{answer}. But his box must agree, and so must the provider's, if it stands behind one.",
    answer=runs.find_let_in,
    again=boxes.let_stranger_in,
    mistakes=(
        Mistake("a", "He asked for a port, not for a guest: the request names nobody."),
        Mistake("b", "So it is without asking. Ann got in, and he had never written to her."),
        Mistake("c", "The server passes the port on, and does not guard it."),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    OPENER,
    SEEN_AS,
    PORTS,
    TABLE,
    WALL,
    CAN_CONNECT,
    WALK,
    IN_ORDER,
    KEEP_ALIVE,
    RELAYED,
    WAIT,
    LEASED,
    BREAK_IT,
)
