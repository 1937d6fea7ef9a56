"""Draws lesson 6's picture: a ping byte for byte, the same with one bit flipped, and a packet of IPv8.

Part of `make_figures.py`.
"""

from typing import Any

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, PAPER
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import Ping
from blockchain_lab.course.l06_cutting import NETWORK, PROOF, SAID, SIZE, WHICH, Part, cut
from blockchain_lab.course.l06_frames import flip_bit, repair_checksum
from blockchain_lab.course.l06_picture import COLOURS

ROOM = (934, 274)
LEFT, WIDE, HIGH = 20, 28, 26  # pixels: of all rows, of a byte
RED = "#b3261e"  # what differs; it is bold as well
FIELDS = (  # of IPv8: the lesson asks how long some of them are
    ("prefix: which community", NETWORK, 190),
    ("message id", WHICH, 100),
    ("length and key of the sender", SIZE, 220),
    ("payload", SAID, 164),
    ("signature", PROOF, 222),
)


def draw_message() -> str:
    """The picture as an SVG."""
    codec = BitcoinCodec(MAGIC["mainnet"])
    frame = codec.frame(Ping(0x1122334455667788))
    forged = repair_checksum(flip_bit(frame))
    titles = (
        "A ping of Bitcoin: 24 bytes of envelope, 8 of payload",
        "One bit of the payload flipped, and what its checksum would have to be: five other bytes",
        "A packet of IPv8, not to scale",
    )

    def paint(axes: Any) -> None:
        for y, title in zip((20, 132, 210), titles, strict=True):
            write(axes, (LEFT, y), title, size=LARGE, ha="left")
        draw_bytes(axes, 36, frame, frame)
        for part in cut(frame):
            draw_name(axes, 36, part)
        draw_bytes(axes, 148, forged, frame)
        draw_packet(axes, 226)

    about = (
        "A ping cut into magic, command, length, checksum and nonce. Below it the same with one bit of the"
        " nonce flipped: one byte of the nonce differs, and all four of the checksum. Below that the fields"
        " of a packet of IPv8: prefix, message id, length and key of the sender, payload, signature."
    )
    return make_svg(ROOM, paint, "A message, byte for byte", about)


def draw_bytes(axes: Any, y: float, frame: bytes, first: bytes) -> None:
    """A box for each byte, in the colour of its field; what differs from `first` is red and bold."""
    for part in cut(frame):
        for at in range(part.at, part.at + len(part.data)):
            is_same = frame[at] == first[at]
            look = {} if is_same else {"colour": RED, "weight": "bold"}
            draw_box(axes, LEFT + WIDE * at, y, WIDE, part.role)
            write(axes, (LEFT + WIDE * (at + 0.5), y + 17), f"{frame[at]:02x}", **look)


def draw_name(axes: Any, y: float, part: Part) -> None:
    """What a field is called and how long it is, below its bytes."""
    middle = LEFT + WIDE * (part.at + len(part.data) / 2)
    write(axes, (middle, y + HIGH + 18), part.name, weight="bold")
    write(axes, (middle, y + HIGH + 34), f"{len(part.data)} bytes", colour=FAINT)


def draw_packet(axes: Any, y: float) -> None:
    """Fields side by side, by name."""
    x = LEFT
    for name, role, wide in FIELDS:
        draw_box(axes, x, y, wide, role)
        write(axes, (x + wide / 2, y + 17), name)
        x += wide


def draw_box(axes: Any, x: float, y: float, wide: float, role: str) -> None:
    """A frame with the colour of its field on top."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    axes.add_patch(Rectangle((x, y), wide, HIGH, facecolor=PAPER, edgecolor=EDGE, linewidth=0.7))
    axes.add_patch(Rectangle((x, y), wide, 5, facecolor=COLOURS[role], edgecolor="none"))
