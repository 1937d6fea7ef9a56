"""Lesson 6: some bytes of the wire, cut into their fields; a Bitcoin message or a packet of IPv8.

    Bitcoin    magic 4 | command 12 | length 4 | checksum 4 | payload
    IPv8       0 | version 2 | community 20 | message id 1 | length 2, key 74 | payload | signature 64

IPv8's packet: py-ipv8 3.2.1. A packet without a signature has no key, either; there are none here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.envelope import HEADER_SIZE, bytes_to_command
from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.reader import Reader
from blockchain_lab.bitcoin.messages import COMMANDS

PREFIX_SIZE: Final = 22  # bytes: 0, version, community
IPV8_START: Final = b"\x00\x02"  # no magic of a Bitcoin network begins so
KEY_SIZE: Final = 74  # bytes: "LibNaCLPK:", two keys of 32
SIGNATURE_SIZE: Final = 64  # bytes: Ed25519

NETWORK, WHICH, SIZE, PROOF, SAID = "network", "which", "size", "proof", "said"  # what a field is there for
ENVELOPE: Final = (
    ("magic", 4, NETWORK),
    ("command", 12, WHICH),
    ("length", 4, SIZE),
    ("checksum", 4, PROOF),
)
HEAD: Final = (
    ("zero", 1, NETWORK),
    ("version", 1, NETWORK),
    ("community", 20, NETWORK),
    ("message id", 1, WHICH),
    ("key length", 2, SIZE),
    ("key of the sender", KEY_SIZE, PROOF),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One field: what it is called, where it begins, its bytes, what it is there for."""

    name: str
    at: int
    data: bytes
    role: str


def cut(frame: bytes) -> list[Part]:
    """All fields of one message, whichever of the two it is."""
    return cut_packet(frame) if frame.startswith(IPV8_START) else cut_frame(frame)


def cut_frame(frame: bytes) -> list[Part]:
    """A Bitcoin message. A payload that cannot be read is one field."""
    parts = cut_sizes(frame, ENVELOPE)
    payload = frame[HEADER_SIZE:]
    kind = COMMANDS.get(bytes_to_command(frame[4:16]) or "")
    try:
        reader = Reader(payload)
        if kind is not None:
            kind.read(reader)
            reader.check_end(kind.command)
            return [*parts, *cut_fields(reader)]
    except DecodeError:
        pass
    return [*parts, Part("payload", HEADER_SIZE, payload, SAID)] if payload else parts


def cut_fields(reader: Reader) -> list[Part]:
    """What a reader has noted; of a compound its fields, not the compound itself."""
    parts: list[Part] = []
    done = 0
    for name, start, end in reader.fields:
        if start >= done:
            parts.append(Part(name, HEADER_SIZE + start, reader.source[start:end], SAID))
            done = end
    return parts


def cut_packet(packet: bytes) -> list[Part]:
    """A signed packet of IPv8. What its payload means, only its community knows."""
    parts = cut_sizes(packet, HEAD)
    start, end = parts[-1].at + KEY_SIZE, len(packet) - SIGNATURE_SIZE
    return [
        *parts,
        Part("payload", start, packet[start:end], SAID),
        Part("signature", end, packet[end:], PROOF),
    ]


def cut_sizes(source: bytes, sizes: Sequence[tuple[str, int, str]]) -> list[Part]:
    """The first fields, whose sizes never change."""
    parts, at = [], 0
    for name, size, role in sizes:
        parts.append(Part(name, at, source[at : at + size], role))
        at += size
    return parts
