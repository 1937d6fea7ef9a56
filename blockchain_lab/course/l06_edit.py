"""Lesson 6, the first task in the simulator: a ping that is refused, and a forged one that is believed."""

from hashlib import sha256
from typing import Final

from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.records import Kind
from blockchain_lab.bitcoin.messages import Ping
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.l06_frames import (
    STORY,
    Change,
    edit,
    find_ping,
    flip_bit,
    get_flips,
    get_frame,
    repair_checksum,
)
from blockchain_lab.course.reading import get_messages, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DropMessage, EditMessage


def corrupt_and_forge(line: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    ping = find_ping(line, "ann")
    line.goto(event=ping.event)
    line.do(EditMessage(ping.id, ((24, 1),)))  # the lowest bit of byte 24, where the payload begins
    ping = find_ping(line, "bob")
    frame = get_frame(line, ping)
    payload = bytes([frame[24] ^ 1]) + frame[25:]
    checksum = sha256(sha256(payload).digest()).digest()[:4]
    line.goto(event=ping.event)
    line.do(EditMessage(ping.id, get_flips(frame, frame[:20] + checksum + payload)))
    line.run()


def play_as_written(seed: int) -> Lab:
    """The run that `corrupt_and_forge` makes."""
    lab = Lab(STORY, seed=seed)
    corrupt_and_forge(lab)
    return lab


def forge(frame: bytes) -> bytes:
    """Another number in the payload, and the checksum that belongs to it."""
    return repair_checksum(flip_bit(frame, at=31, bit=7))


def play_edits(seed: int, *edits: tuple[str, Change, int]) -> Lab:
    """A run in which some pings are changed in flight: whose, how, which of them."""
    lab = Lab(STORY, seed=seed)
    for sender, change, number in edits:
        edit(lab, sender, change, number)
    lab.run()
    return lab


def forge_first(seed: int) -> Lab:
    """Another way: bob's is forged first; ann's is damaged two minutes later, and at the other end."""
    return play_edits(seed, ("bob", forge, 1), ("ann", lambda frame: flip_bit(frame, at=22, bit=3), 2))


def lose_them(seed: int) -> Lab:
    """A run in which both are lost, which is something else."""
    lab = Lab(STORY, seed=seed)
    for sender in ("ann", "bob"):
        ping = find_ping(lab, sender)
        lab.goto(event=ping.event)
        lab.do(DropMessage(ping.id))
    lab.run()
    return lab


def is_only_edited(lab: Lab) -> bool:
    """Nothing was done but to change bytes."""
    return all(isinstance(act, EditMessage) for _, act in get_actions(lab))


def find_refused(lab: Lab) -> int | None:
    """The event at which bob gets a ping of ann's whose checksum is wrong."""
    for record in get_records(lab, Kind.DELIVER, "bob"):
        message = record.detail
        if isinstance(message, Malformed) and message.name == Ping.command and "checksum" in message.reason:
            return record.event
    return None


def is_one_refused(lab: Lab) -> bool:
    """Bob has thrown a ping away."""
    return find_refused(lab) is not None


def is_one_believed(lab: Lab) -> bool:
    """Ann has answered a number that bob never sent."""
    asked = {record.detail.nonce for record in get_messages(lab, "ping", sender="bob")}
    answered = {record.detail.nonce for record in get_messages(lab, "pong", sender="ann")}
    return not answered <= asked


CORRUPT: Final = Do(
    id="L06.q6",
    title="Damage one, forge one",
    prompt="Damage a ping of ann's so that bob throws it away. Then change the number in a ping of"
    " bob's so that"
    " ann answers the wrong one.",
    scenario=STORY,
    run="line",
    acts=corrupt_and_forge,
    passes="nothing but bytes in flight is changed; bob gets a ping with a wrong checksum; ann sends a pong"
    " with a number that bob has never asked.",
    hints=(
        "In the picture: Bytes, Edit, turn one bit of the payload, Send it instead. That is the first half.",
        "For the second half stand where bob's ping is in flight; between the bit and sending, press Repair"
        " checksum.",
        "In code: `line.do(EditMessage(ping.id, get_flips(frame, changed)))`, with changed = frame[:20] +"
        " checksum + payload.",
    ),
    because="A checksum finds accidents. Whoever changes bytes on purpose changes the checksum, too.",
    solution="One bit for ann's; for bob's a bit, and the checksum that belongs to it:\n\n{answer}",
    answer=play_as_written,
    again=forge_first,
    mistakes=(),
    demands=(
        Demand(
            is_only_edited,
            "Only bytes may be changed here: `EditMessage`, or Edit in the picture. Begin anew.",
            lose_them,
        ),
        Demand(
            is_one_refused,
            "Bob has thrown no ping of ann's away. Change a bit of its payload, and leave the checksum"
            " alone.",
            lambda seed: play_edits(seed, ("bob", forge, 1)),
        ),
        Demand(
            is_one_believed,
            "Ann has answered only what bob really asked. Change his ping, and its checksum with it.",
            lambda seed: play_edits(seed, ("ann", flip_bit, 1), ("bob", flip_bit, 1)),
            find_refused,
        ),
    ),
)
