"""Lesson 6, what is a message: its questions, in the order of the text.

The bytes of a run are in `l06_frames`, how they are cut and drawn in `l06_cutting` and `l06_picture`, short
functions in `l06_code` and `l06_bank`, the tasks in the simulator in `l06_edit` and `l06_till`, the sixteen
commands in `l06_classes`, IPv8's packets in `l06_packets`.
"""

from blockchain_lab.course import l06_frames as frames
from blockchain_lab.course.l06_bank import EXECUTE, ONCE
from blockchain_lab.course.l06_classes import SORT
from blockchain_lab.course.l06_code import COMPACT, PARSE
from blockchain_lab.course.l06_edit import CORRUPT
from blockchain_lab.course.l06_packets import AMOUNT, PREFIX
from blockchain_lab.course.l06_till import TWICE
from blockchain_lab.course.questions import Choice, Mistake, Number, Question

FLIP = Choice(
    id="L06.q1",
    predicted=True,
    title="One bit",
    prompt="On its way to bob, one bit of the number in ann's ping is turned over. What does bob do?",
    options={
        "a": "he answers with the number that he got",
        "b": "he throws this message away and says nothing",
        "c": "he hangs up",
        "d": "he asks ann to send it again",
    },
    passes="the letter for what the run with the flipped bit shows.",
    hints=(
        "What is in the envelope besides the command and the length? What is it good for?",
        "In the run with the flipped bit: is there a pong from bob to ann? Is the line still there"
        " afterwards?",
        "The checksum belongs to the number that ann wrote. For the one that came it would be another one.",
    ),
    because="The checksum does not fit, so the message is dropped; where the next one begins he knows"
    " all the same.",
    solution="{answer}. Bitcoin has no message for: send that again. Ann hears nothing, and waits.",
    answer=frames.read_flip,
    again=frames.split_flip,
    look_at=lambda seed: frames.find_arrival(seed).event,
    run="flipped",
    mistakes=(
        Mistake("a", "He would, if he believed the bytes. But he compares them with the checksum first."),
        Mistake(
            "c", "For a wrong magic he does: then nobody knows where a message begins. Here he knows it."
        ),
        Mistake("d", "There is no such message in Bitcoin. Look what bob sends after the damaged ping came."),
    ),
)

VERACK = Number(
    id="L06.q2",
    title="The shortest message",
    prompt="`verack` says: I have read your version. It needs no payload. How many bytes go over the wire?",
    unit="bytes",
    passes="the whole number of bytes of one `verack`.",
    hints=(
        "No payload does not mean no bytes: the envelope is always there.",
        "Add up the envelope's four fields: magic, command, length, checksum.",
        "4 + 12 + 4 + 4.",
    ),
    because="An envelope and nothing in it. The command says it all.",
    solution="4 + 12 + 4 + 4 = {answer}.",
    answer=frames.measure_verack,
    again=frames.add_up_verack,
    mistakes=(
        Mistake(0, "The payload has no bytes, but the envelope is sent all the same."),
        Mistake(6, "The command is filled up to 12 bytes, and it is not alone in the envelope."),
        Mistake(12, "That is the command's field. There are three more in the envelope."),
        Mistake(20, "One of the four fields is missing: the checksum of nothing is sent, too."),
        Mistake(32, "That is a ping: its payload has 8 bytes. `verack` has none."),
        Mistake(18, "The command's field has always 12 bytes, however short the command is."),
    ),
)

CHECKSUM = Number(
    id="L06.q3",
    title="The checksum by hand",
    prompt="The checksum is the first four bytes of SHA-256 of SHA-256 of the payload. Compute that of"
    " ann's ping.",
    unit="(a number of four bytes)",
    passes="the four bytes as one number, first byte first: 0x and eight digits, or what Python makes"
    " of them.",
    hints=(
        "`sha256(payload).digest()` hashes once. Hash that result again.",
        "`digest = sha256(sha256(payload).digest()).digest()`; the first four bytes: `digest[:4]`.",
        '`int.from_bytes(digest[:4], "big")`. You find the four bytes in the picture, too, as `checksum`.',
    ),
    because="The same four bytes stand in the envelope: you have checked a message as every node does.",
    solution="Hash the 8 bytes twice, take four bytes: {answer}.",
    varies=True,
    answer=frames.read_checksum,
    again=frames.hash_payload,
    mistakes=(
        Mistake(frames.hash_otherwise(1, 24, "big"), "Hashed once. Bitcoin hashes the result a second time."),
        Mistake(
            frames.hash_otherwise(2, 24, "little"),
            "Right bytes, read from the wrong end: the first one first.",
        ),
        Mistake(
            frames.hash_otherwise(2, 0, "big"),
            "The whole message is hashed. Only the payload is, from byte 24 on.",
        ),
        Mistake(
            frames.hash_otherwise(0, 24, "big"), "Those are bytes of the payload itself, not of its hash."
        ),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    FLIP,
    VERACK,
    CHECKSUM,
    COMPACT,
    PARSE,
    CORRUPT,
    SORT,
    EXECUTE,
    TWICE,
    ONCE,
    PREFIX,
    AMOUNT,
)
