"""Lesson 6, two real packets of IPv8: made by py-ipv8 3.2.1, signed with keys that nobody uses.

The payload of both is two numbers of four bytes, the most significant byte first. Tests make them again.
"""

from struct import unpack_from
from typing import Final

from blockchain_lab.course.l06_cutting import PREFIX_SIZE, cut_packet
from blockchain_lab.course.questions import Mistake, Number

BALANCE_ID: Final = 2
DEPOSIT_ID: Final = 1
FIRST: Final = bytes.fromhex(
    "00026d6f6e657920626f7820666f722061207465737402004a4c69624e61434c504b3a5ef34120812bec30061181c1332d275f"
    "9a724bfea31f49240e9972d368fd9d09bd87ed27fc677017d1cab10a28ef6d5729efbb2dd803c1f33bb82ea42534f6ef000000"
    "07000010e18e227d749da5c0fc79cd416cf3318e14b38642e74078875990af1483016a94f0aab991f7190c8d6ec9546ac0dede"
    "3764064e40115cff9fe62d3cae37fd48060a"
)
SECOND: Final = bytes.fromhex(
    "00026d6f6e657920626f7820666f722061207465737401004a4c69624e61434c504b3acb2d0b51a62d2d1455f136fd50f0f339"
    "c5b94c35f541e2f642eb05dd37012462991333607316c5ce5679e90d406974ef455ef46ef700f4ec86b41f3e8b8ff48c000000"
    "07000004e2f1888476ce30d0167684f13d1f4bf98fd70d77832fe4807eef13de0b7913c1a3bb810abc339987ab1cd9e1950e54"
    "4e87cce0002a5df3bcc8ce8ccfb920778707"
)
PACKETS: Final = (FIRST, SECOND)
COUNT_AT: Final = 99  # where the payload begins: behind the prefix, the id, and the key with its length


def count_same_start(seed: int) -> int:
    """Bytes at the start that both packets share."""
    return next(at for at, (one, other) in enumerate(zip(*PACKETS, strict=True)) if one != other)


def add_up_prefix(seed: int) -> int:
    """The sum of the fields: a zero, the version, the community's id."""
    return 1 + 1 + 20


def read_amount(seed: int) -> int:
    """The second number in the payload of the packet whose message id is that of a deposit."""
    packet = next(packet for packet in PACKETS if packet[PREFIX_SIZE] == DEPOSIT_ID)
    payload = next(part.data for part in cut_packet(packet) if part.name == "payload")
    return int.from_bytes(payload[4:8], "big")


def unpack_amount(seed: int) -> int:
    """The same, counted from the start of the packet."""
    ids = [packet[22] for packet in PACKETS]
    _, amount = unpack_from(">II", PACKETS[ids.index(DEPOSIT_ID)], COUNT_AT)
    return int(amount)


PREFIX: Final = Number(
    id="L06.q11",
    title="The prefix of IPv8",
    prompt="Two packets of one community, with different messages in them. How many bytes long is the prefix"
    " that says to which community a packet belongs?",
    unit="bytes",
    passes="the whole number of bytes before the message id.",
    hints=(
        "Both belong to the same community, so they begin alike. The first byte that differs is"
        " something else.",
        "Compare from the left: `first[:10] == second[:10]`, and more and more of it.",
        "One byte 00, one byte for the version, twenty for the community.",
    ),
    because="A node may be in many communities at one port. The prefix says for which of them a packet is.",
    solution="1 + 1 + 20 = {answer}; the byte behind it is the message id.",
    answer=count_same_start,
    again=add_up_prefix,
    mistakes=(
        Mistake(20, "That is the community's id alone. Before it stand a zero and the version."),
        Mistake(23, "One too many: the last of these is the message id, and it differs."),
        Mistake(24, "That is the envelope of Bitcoin. Compare the two packets byte for byte."),
        Mistake(21, "One too few: byte 21 is still the same in both; they count from 0."),
        Mistake(2, "These are the zero and the version. The community's id belongs to the prefix, too."),
    ),
)

AMOUNT: Final = Number(
    id="L06.q12",
    title="What the packet says",
    prompt="Message id 1 is a deposit, 2 a balance. The payload is two numbers of 4 bytes, the most"
    " significant"
    " byte first: the order's number, then coins. How many coins does the deposit pay in?",
    unit="coins",
    passes="the whole number of coins in the packet with message id 1.",
    hints=(
        "Which of the two has a 01 at byte 22? That one is the deposit.",
        "Behind the id: 2 bytes length, 74 bytes key. Then 8 bytes payload, then 64 bytes signature.",
        '`int.from_bytes(second[103:107], "big")`.',
    ),
    because="8 of 171 bytes are said; the key says who says it, the signature proves it. Bitcoin signs"
    " no message.",
    solution="The payload begins at 22 + 1 + 2 + 74 = 99; bytes 103 to 106, big end first: {answer}.",
    answer=read_amount,
    again=unpack_amount,
    mistakes=(
        Mistake(4_321, "That is the other packet: its message id is 2, it is the balance."),
        Mistake(7, "That is the order's number. The coins stand behind it."),
        Mistake(3_791_912_960, "Read from the wrong end: here the most significant byte comes first."),
        Mistake(30_064_772_322, "Those are both numbers as one. Each has 4 bytes."),
    ),
)
