"""Lesson 6, two short functions: how a count is written, and how a message's header is read.

Both are written twice, and there are the wrong ones that people write.
"""

from struct import pack, unpack
from typing import Final

from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Mistake


def compact_size(number: int) -> bytes:
    """A count in as few bytes as it needs."""
    if number < 253:
        return number.to_bytes(1, "little")
    if number < 2**16:
        return b"\xfd" + number.to_bytes(2, "little")
    if number < 2**32:
        return b"\xfe" + number.to_bytes(4, "little")
    return b"\xff" + number.to_bytes(8, "little")


def compact_size_by_format(number: int) -> bytes:
    """The same with `struct`: the first of four forms that has room."""
    forms = ((252, "<B", b""), (0xFFFF, "<H", b"\xfd"), (0xFFFFFFFF, "<I", b"\xfe"), (2**64, "<Q", b"\xff"))
    letters, marker = next((letters, marker) for most, letters, marker in forms if number <= most)
    return marker + pack(letters, number)


def forget_markers(number: int) -> bytes:
    """A mistake: 253, 254 and 255 as if they were no markers."""
    return number.to_bytes(1, "little") if number < 256 else compact_size(number)


def write_big_end_first(number: int) -> bytes:
    """A mistake: the other order of bytes."""
    right = compact_size(number)
    return right[:1] + right[:0:-1]


def leave_marker_out(number: int) -> bytes:
    """A mistake: nobody can know how many bytes to read."""
    right = compact_size(number)
    return right if len(right) == 1 else right[1:]


def one_too_far(number: int) -> bytes:
    """A mistake: 253 itself in one byte."""
    return bytes([number]) if number <= 253 else compact_size(number)


def always_eight(number: int) -> bytes:
    """A mistake: one form for all that is large."""
    return bytes([number]) if number < 253 else b"\xff" + number.to_bytes(8, "little")


COMPACT: Final = Function(
    id="L06.q4",
    title="A count in as few bytes as it needs",
    prompt="Write compact_size: a whole number from 0 to 2**64 - 1 as Bitcoin writes counts.",
    name="compact_size",
    cases=tuple((number,) for number in (0, 1, 252, 253, 254, 255, 515, 65_535, 65_536, 2**32 - 1, 2**32)),
    passes="the right bytes for eleven numbers, on both sides of every border; 253 gives fd fd 00.",
    hints=(
        "Four cases: below 253, below 2**16, below 2**32, and the rest.",
        "From 253 on a marker comes first, b'\\xfd', b'\\xfe' or b'\\xff', and says how many bytes follow.",
        '`b"\\xfd" + number.to_bytes(2, "little")` is the second case. The third has 4 bytes, the last 8.',
    ),
    because="Small counts cost one byte, and they are the usual ones. The first byte tells how many to read.",
    solution="One byte below 253, else a marker and 2, 4 or 8 bytes.\n\n{answer}",
    answer=lambda seed: compact_size,
    again=lambda seed: compact_size_by_format,
    mistakes=(
        Mistake(
            forget_markers,
            "253, 254 and 255 are markers. A reader would take yours for one, and read on into what follows.",
        ),
        Mistake(write_big_end_first, 'The smallest byte comes first: `"little"`, not `"big"`.'),
        Mistake(
            leave_marker_out, "Without a marker a reader cannot know how many bytes belong to the number."
        ),
        Mistake(
            one_too_far, "253 itself is the first one that no longer fits one byte: its byte is a marker."
        ),
        Mistake(always_eight, "It can be read, but not in the shortest way, and Bitcoin refuses that."),
    ),
)


def parse_header(header: bytes) -> tuple[str, int, str]:
    """Command, length of the payload, and checksum in hexadecimal, of the 24 bytes before it."""
    command = header[4:16].rstrip(b"\0").decode("ascii")
    length = int.from_bytes(header[16:20], "little")
    return command, length, header[20:24].hex()


def parse_header_by_format(header: bytes) -> tuple[str, int, str]:
    """The same with `struct`."""
    _, command, length, checksum = unpack("<4s12sI4s", header)
    return command.decode("ascii").replace("\0", ""), length, checksum.hex()


def read_big_end_first(header: bytes) -> tuple[str, int, str]:
    """A mistake: the other order of bytes."""
    command, _, checksum = parse_header(header)
    return command, int.from_bytes(header[16:20], "big"), checksum


def keep_zeros(header: bytes) -> tuple[str, int, str]:
    """A mistake: the padding is left on."""
    _, length, checksum = parse_header(header)
    return header[4:16].decode("ascii"), length, checksum


def keep_bytes(header: bytes) -> tuple[bytes, int, bytes]:
    """A mistake: bytes instead of text."""
    return header[4:16].rstrip(b"\0"), parse_header(header)[1], header[20:24]


def forget_magic(header: bytes) -> tuple[str, int, str]:
    """A mistake: as if the command stood first."""
    moved = header[:16], header[16:20], header[20:24]
    command = moved[0][:12].rstrip(b"\0").decode("latin-1")
    return command, int.from_bytes(header[12:16], "little"), header[16:20].hex()


def add_header(header: bytes) -> tuple[str, int, str]:
    """A mistake: the header's own bytes are counted, too."""
    command, length, checksum = parse_header(header)
    return command, length + len(header), checksum


HEADERS: Final = tuple(
    (bytes.fromhex(magic + command.encode().hex().ljust(24, "0") + length + checksum),)
    for magic, command, length, checksum in (
        ("f9beb4d9", "verack", "00000000", "5df6e0e2"),
        ("fabfb5da", "ping", "08000000", "0a1b2c3d"),
        ("f9beb4d9", "addr", "33750000", "a1b2c3d4"),
        ("0b110907", "block", "40420f00", "00112233"),
        ("f9beb4d9", "getblocktxn", "22010000", "ffeeddcc"),
    )
)

PARSE: Final = Function(
    id="L06.q5",
    title="Read the envelope",
    prompt="Write parse_header: 24 bytes in; command, length of the payload and checksum (in"
    " hexadecimal) out.",
    name="parse_header",
    cases=HEADERS,
    passes="the right command, length and checksum for five headers, of three networks.",
    hints=(
        "4 bytes magic, 12 command, 4 length, 4 checksum: `header[4:16]` is the second field.",
        'Text: `.rstrip(b"\\0").decode("ascii")`. Number: `int.from_bytes(..., "little")`. Hexadecimal:'
        " `.hex()`.",
        "The last line: `return command, length, header[20:24].hex()`, with length from `header[16:20]`.",
    ),
    because="With the length you know where the next message begins. TCP itself knows no messages, only"
    " bytes.",
    solution="Cut at 4, 16, 20 and 24.\n\n{answer}",
    answer=lambda seed: parse_header,
    again=lambda seed: parse_header_by_format,
    mistakes=(
        Mistake(read_big_end_first, "The length is read from the wrong end: its smallest byte comes first."),
        Mistake(keep_zeros, "The command is filled up to 12 bytes with zeros. Take them off."),
        Mistake(
            keep_bytes, "Right places, wrong types: a text for the command, hexadecimal for the checksum."
        ),
        Mistake(forget_magic, "Everything is 4 bytes too early: the magic comes first."),
        Mistake(add_header, "The length is the payload's alone; the 24 bytes of the envelope are not in it."),
    ),
)
