"""Lesson 6, the bytes: which messages of a run are looked at, and the sums about them.

Each is done twice: the second way must not use the first one's code.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from struct import pack

from blockchain_lab.base.envelope import HEADER_SIZE, get_checksum
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import Verack
from blockchain_lab.course.reading import get_messages, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import EditMessage

STORY = "ping"
NUMBER = 1  # of the ping that the lesson looks at; number 0 follows the handshake at once

Change = Callable[[bytes], bytes]


def find_ping(lab: Lab, sender: str = "ann", number: int = NUMBER) -> Record:
    """Where a peer sends its ping of this number, two minutes after the one before; they count from 0."""
    lab.look_ahead()
    return list(get_messages(lab, "ping", sender=sender))[number]


def get_frame(lab: Lab, sent: Record) -> bytes:
    """A message as it goes over the wire, envelope and payload."""
    assert lab.codec is not None
    return lab.codec.frame(sent.detail)


def get_flips(before: bytes, after: bytes) -> tuple[tuple[int, int], ...]:
    """What makes one frame of another one of its size: (position, the bits that differ) for each byte."""
    pairs = enumerate(zip(before, after, strict=True))
    return tuple((at, one ^ other) for at, (one, other) in pairs if one != other)


def flip_bit(frame: bytes, at: int = HEADER_SIZE, bit: int = 0) -> bytes:
    """The same bytes but for one bit, by default the lowest one of the payload's first byte."""
    return frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1 :]


def repair_checksum(frame: bytes) -> bytes:
    """The same bytes with the checksum that this payload has."""
    payload = frame[HEADER_SIZE:]
    return frame[: HEADER_SIZE - 4] + get_checksum(payload) + payload


def edit(lab: Lab, sender: str, change: Change, number: int = NUMBER) -> None:
    """Change a ping in flight, right behind its sending."""
    ping = find_ping(lab, sender, number)
    frame = get_frame(lab, ping)
    lab.goto(event=ping.event)
    lab.do(EditMessage(ping.id, get_flips(frame, change(frame))))


# -- what becomes of a flipped bit ---------------------------------------------------------------------------


@cache
def play_flip(seed: int) -> Lab:
    """The story with one bit of ann's ping flipped on its way. To be looked at only."""
    lab = Lab(STORY, seed=seed)
    edit(lab, "ann", flip_bit)
    lab.run()
    return lab


def find_arrival(seed: int) -> Record:
    """Where the changed ping arrives."""
    lab = play_flip(seed)
    sent = find_ping(lab).id
    return next(record for record in get_records(lab, Kind.DELIVER, "bob") if record.cause == sent)


def read_flip(seed: int) -> str:
    """What bob does about it, as the key of an option: all that its arrival has caused at his."""
    lab, arrival = play_flip(seed), find_arrival(seed)
    caused = [record for record in lab.trace if record.cause == arrival.id]
    said = [record.detail.command for record in caused if record.kind == Kind.SEND]
    if any(record.kind == Kind.HANG_UP for record in caused):
        return "c"
    return {(): "b", ("pong",): "a"}.get(tuple(said), "d")


def split_flip(seed: int) -> str:
    """The same without a run: what whoever cuts a stream into messages makes of such bytes."""
    codec = BitcoinCodec(MAGIC["regtest"])
    ping = codec.frame(Verack())[:4] + bytes.fromhex("70696e67".ljust(24, "0")) + pack("<I", 8)
    payload = seed.to_bytes(8, "little")
    whole = ping + sha256(sha256(payload).digest()).digest()[:4] + payload
    (first, *others), rest = codec.split(flip_bit(whole) + codec.frame(Verack()))
    if not isinstance(first, Malformed):
        return "a"
    return "b" if not first.fatal and others == [Verack()] and not rest else "c"


# -- sums ----------------------------------------------------------------------------------------------------


def measure_verack(seed: int) -> int:
    """Bytes of a `verack` in a run."""
    lab = play_flip(seed)
    return len(get_frame(lab, next(get_messages(lab, "verack"))))


def add_up_verack(seed: int) -> int:
    """The envelope's four fields, and a payload of nothing."""
    return 4 + 12 + 4 + 4 + 0


def read_checksum(seed: int) -> int:
    """The four bytes that stand in ann's ping as its checksum, as a number, first byte first."""
    lab = play_flip(seed)
    return int.from_bytes(get_frame(lab, find_ping(lab))[20:24], "big")


def hash_payload(seed: int) -> int:
    """The same from the ping's nonce, by hand."""
    nonce = find_ping(play_flip(seed)).detail.nonce
    return int(sha256(sha256(pack("<Q", nonce)).digest()).hexdigest()[:8], 16)


def hash_otherwise(times: int, start: int, order: str) -> Callable[[int], int]:
    """Slips: another number of hashes, from another byte of the frame on, read in another order."""

    def compute(seed: int) -> int:
        lab = play_flip(seed)
        data = get_frame(lab, find_ping(lab))[start:]
        for _ in range(times):
            data = sha256(data).digest()
        return int.from_bytes(data[:4], "big" if order == "big" else "little")

    return compute
