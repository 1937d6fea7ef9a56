"""Lesson 6, the picture: messages as they stand on the wire, field by field, and which bytes differ.

In a notebook coloured boxes in the theme's colours, elsewhere the same as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from blockchain_lab.course.l06_cutting import NETWORK, PROOF, SAID, SIZE, WHICH, Part, cut

LONGEST: Final = 24  # bytes of a field that are shown one by one; of a longer one only both ends
ENDS: Final = (6, 3)  # bytes: how many at its start, how many at its end
COLOURS: Final[Mapping[str, str]] = {  # after Okabe and Ito (2008); each field has its name, too
    NETWORK: "#0072b2",
    WHICH: "#009e73",
    SIZE: "#e69f00",
    PROOF: "#cc79a7",
    SAID: "#7f7f7f",
}
STYLE: Final = (
    "<style>.blockchain-lab-frames{font-size:13px;color:var(--jp-content-font-color1,#212121);"
    "font-family:var(--jp-content-font-family,sans-serif)}"
    ".blockchain-lab-frames p{margin:8px 0 2px;font-weight:600}"
    ".blockchain-lab-frames .parts{display:flex;flex-wrap:wrap;gap:4px;margin:0;padding:0}"
    ".blockchain-lab-frames .part{border-top:5px solid;background:var(--jp-layout-color2,#eee);"
    "padding:2px 6px 3px}"
    ".blockchain-lab-frames .name{display:block;font-size:12px;color:var(--jp-content-font-color2,#555)}"
    ".blockchain-lab-frames code{background:none;color:inherit;padding:0;font-size:13px}"
    ".blockchain-lab-frames mark{background:var(--jp-error-color1,#d32f2f);"
    "color:var(--jp-layout-color1,#fff);font-weight:700;padding:0}</style>"
)


@dataclass(frozen=True, slots=True)
class Frames:
    """Some messages by name. Bytes that differ from those of the first one are marked."""

    frames: Mapping[str, bytes]

    def __repr__(self) -> str:
        """As text: a line for each field."""
        lines = []
        for name, frame in self.frames.items():
            lines.append(f"{name}: {len(frame)} bytes{self._count(frame)}")
            lines += [f"  {part.name:17} {shorten(part.data)}" for part in cut(frame)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """As boxes."""
        rows = []
        for name, frame in self.frames.items():
            boxes = "".join(self._draw(frame, part) for part in cut(frame))
            title = f"{escape(name)} <small>{len(frame)} bytes{self._count(frame)}</small>"
            rows.append(f'<p>{title}</p><div class="parts">{boxes}</div>')
        return f'{STYLE}<div class="blockchain-lab-frames">{"".join(rows)}</div>'

    def _is_changed(self, frame: bytes, at: int) -> bool:
        """Is this another byte than the first message has there? Only messages of one size are compared."""
        first = next(iter(self.frames.values()))
        return len(frame) == len(first) and frame[at] != first[at]

    def _count(self, frame: bytes) -> str:
        changed = sum(self._is_changed(frame, at) for at in range(len(frame)))
        return f", {changed} of them changed" if changed else ""

    def _draw(self, frame: bytes, part: Part) -> str:
        size = f" · {len(part.data)}" if len(part.data) > 1 else ""
        shown = shorten(part.data) if len(part.data) > LONGEST else self._mark(frame, part)
        return (
            f'<div class="part" style="border-color:{COLOURS[part.role]}"><span class="name">'
            f"{escape(part.name)}{size}</span><code>{shown}</code></div>"
        )

    def _mark(self, frame: bytes, part: Part) -> str:
        places = range(part.at, part.at + len(part.data))
        return " ".join(
            f"<mark>{frame[at]:02x}</mark>" if self._is_changed(frame, at) else f"{frame[at]:02x}"
            for at in places
        )


def shorten(data: bytes) -> str:
    """Its bytes in hexadecimal; of many only the ends."""
    if len(data) <= LONGEST:
        return data.hex(" ")
    head, tail = ENDS
    return f"{data[:head].hex(' ')} … {data[-tail:].hex(' ')}"


def draw_frames(frames: Mapping[str, bytes]) -> Frames:
    """Draw messages below each other, by the names that they shall have. The first one is compared with."""
    return Frames(frames)
