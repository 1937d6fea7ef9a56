"""What stands where no view runs (GitHub, nbviewer, a terminal, a printed page): a sentence and a picture."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab_widgets.canvas import make_png, make_svg
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.moment import Moment, get_moment
from blockchain_lab_widgets.packing import Packer
from blockchain_lab_widgets.picture import HEIGHT, PARTS, WIDTH, draw_moment

MOST_NAMES: Final = 6  # more peers on one tip are counted, not named
MOST_TIPS: Final = 4
LIVE: Final = "This is a live view: run the notebook in JupyterLab to play it."

Bundle = tuple[dict[str, Any], dict[str, Any]]


def get_bundle(lab: Any, view: str, packer: Packer) -> Bundle:
    """Data and metadata by media type. `packer` holds the lab's records up to its cursor."""
    head = get_head(lab)
    where = f"event {lab.cursor:,} of {lab.head:,}, {lab.now / SECOND:.3f} s"
    try:
        moment = get_moment(packer, head, lab.trace.end_of(lab.cursor))
        state = describe_state(head, moment, where)
        title = f"{head['title']}: {where}"
        picture = make_png((WIDTH, HEIGHT), lambda axes: draw_moment(axes, head, moment, title))
    except Exception:  # a learner's nodes may note anything: what cannot be drawn can still be played
        return {"text/plain": f"Blockchain Lab, {view} of “{head['title']}” at {where}. {LIVE}"}, {}
    data = {
        "text/plain": f"Blockchain Lab, {view} of {state} {LIVE}",
        "image/png": b64encode(picture).decode(),
    }
    return data, {"image/png": {"alt": state, "width": WIDTH}}


def draw_still(lab: Any, suffix: str, views: Sequence[str] = ()) -> bytes:
    """Draw this moment as ".svg" or ".png". UsageError for other kinds, and for a view that needs a page."""
    unknown = [name for name in views if name not in PARTS]
    if unknown:
        raise UsageError(
            f"draw: found {', '.join(map(repr, unknown))}, wanted {' or '.join(PARTS)}; other views need "
            "a page: they are drawn by the Share button of lab.show()"
        )
    if suffix not in (".svg", ".png"):
        raise UsageError(f"draw: found a file that ends in {suffix!r}, wanted .svg or .png")
    head = get_head(lab)
    packer = Packer(lab.codec)
    packer.follow(lab.trace)
    moment = get_moment(packer, head, lab.trace.end_of(lab.cursor))
    where = f"event {lab.cursor:,} of {lab.head:,}, {lab.now / SECOND:.3f} s"
    title = f"{head['title']}: {where}"
    size = (WIDTH, HEIGHT)

    def draw(axes: Any) -> None:
        draw_moment(axes, head, moment, title, views or PARTS)

    if suffix == ".png":
        return make_png(size, draw)
    return make_svg(size, draw, title, describe_state(head, moment, where)).encode()


def describe_state(head: Mapping[str, Any], moment: Moment, where: str) -> str:
    """“Fork and heal”: 6 peers at event 266 of 315, 30.123 s. Tips: B5 (ann, bob), B4b (cat); off: dan."""
    count = len(head["peers"])
    peers = "1 peer" if count == 1 else f"{count:,} peers"
    parts = [describe_tips(head["peers"], moment), describe_off(head["peers"], moment)]
    rest = "; ".join(part for part in parts if part)
    return f"“{head['title']}”: {peers} at {where}.{f' {rest[0].upper()}{rest[1:]}.' if rest else ''}"


def name_block(moment: Moment, tip: str | None) -> str:
    """The short name of a block that somebody stands on; "" for none."""
    return "" if tip is None else moment.blocks[tip].name


def describe_tips(names: list[str], moment: Moment) -> str:
    """Who stands on which block, best first; "" without a chain of blocks."""
    ranked = moment.rank_tips()
    told = [
        f"{moment.blocks[tip].name} ({name_peers(names, [own == tip for own in moment.tips])})"
        for tip in ranked[:MOST_TIPS]
    ]
    if len(ranked) > MOST_TIPS:
        told.append(f"{len(ranked) - MOST_TIPS} more")
    return f"{'Tip' if len(ranked) == 1 else 'Tips'}: {', '.join(told)}" if told else ""


def describe_off(names: list[str], moment: Moment) -> str:
    """Who is not running; "" when all are."""
    off = [not is_on for is_on in moment.is_on]
    if not any(off):
        return ""
    return "nobody is on yet" if all(off) else f"off: {name_peers(names, off)}"


def name_peers(names: list[str], chosen: list[bool]) -> str:
    """Their names, or how many they are."""
    found = [name for name, is_chosen in zip(names, chosen, strict=True) if is_chosen]
    return ", ".join(found) if len(found) <= MOST_NAMES else f"{len(found):,} peers"
