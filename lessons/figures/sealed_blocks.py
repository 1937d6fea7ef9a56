"""Draws four sealed blocks, and what is broken when somebody writes another name into the second."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, PAPER, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.course.l11_chain import Chain, make_chain

WIDTH: Final = 934  # pixels of a workbench
WIDE, HIGH = 200, 128  # of a card
LEFT, STEP = 24, 229
TOPS: Final = (44, 232)  # of the two rows
SHOWN: Final = 12  # digits of a hash
ALARM: Final = "#c00018"
TEXT: Final = "bob pays eve 3"


def draw_sealed_blocks() -> str:
    """The lesson's chain, before and after."""
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    whole, changed = make_chain(), make_chain()
    changed.write(2, TEXT)

    def draw_card(axes: Any, x: float, y: float, row: dict[str, Any], *, is_new: bool) -> None:
        colour = TIPS[2] if row["isSealed"] else ALARM
        box = FancyBboxPatch((x, y), WIDE, HIGH, boxstyle="round,pad=0,rounding_size=8", linewidth=2)
        box.set(edgecolor=colour, facecolor=PAPER, linestyle="-" if row["isSealed"] else (0, (4, 3)))
        axes.add_patch(box)
        write(axes, (x + 12, y + 20), f"Block {row['number']}", size=LARGE, ha="left", weight="bold")
        word = "sealed ✓" if row["isSealed"] else "broken ✗"
        write(axes, (x + WIDE - 12, y + 20), word, ha="right", weight="bold")
        write(
            axes, (x + 12, y + 46), row["text"], size=LARGE, ha="left", weight="bold" if is_new else "normal"
        )
        for line, (name, value) in enumerate(
            (
                ("before", row["previous"][:SHOWN]),
                ("nonce", f"{row['nonce']:,}"),
                ("hash", row["hash"][:SHOWN]),
            )
        ):
            write(axes, (x + 12, y + 72 + 19 * line), name, colour=FAINT, ha="left")
            write(axes, (x + 66, y + 72 + 19 * line), value, ha="left", colour=INK)

    def draw_row(axes: Any, y: float, chain: Chain, words: str, new: int) -> None:
        write(axes, (LEFT, y - 18), words, size=LARGE, ha="left", weight="bold")
        for place, row in enumerate(chain.get_rows()):
            x = LEFT + STEP * place
            draw_card(axes, x, y, row, is_new=row["number"] == new)
            if place:
                look = {"arrowstyle": "->", "color": EDGE, "linewidth": 1.6}
                ends = {"xy": (x - STEP + WIDE + 3, y + HIGH / 2), "xytext": (x - 3, y + HIGH / 2)}
                axes.annotate("", **ends, arrowprops=look)

    def draw(axes: Any) -> None:
        draw_row(axes, TOPS[0], whole, "Each block holds the hash of the one before", 0)
        draw_row(axes, TOPS[1], changed, "One name changed in block 2, and nothing mined again", 2)

    broken = [str(row["number"]) for row in changed.get_rows() if not row["isSealed"]]
    about = (
        f"Four blocks, each with a text, a nonce and a hash that begins with {whole.zeros} zeros; each holds"
        f" the hash of the one before. Below, block 2 says {TEXT}: blocks {', '.join(broken)} are broken."
    )
    return make_svg((WIDTH, TOPS[1] + HIGH + 20), draw, "Sealed blocks, and a changed one", about)
