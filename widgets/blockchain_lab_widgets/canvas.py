"""A sheet of paper in pixels, for pictures that are made without a page: it becomes a PNG or an SVG.

matplotlib is imported when the first picture is drawn. No pyplot: a learner's plots are left alone.
"""

import html
import io
import re
import warnings
from collections.abc import Callable
from typing import Any, Final

from blockchain_lab_widgets.looks import PAPER

PIXELS_PER_INCH: Final = 72  # so that a point, in which matplotlib thinks, is a pixel
MOST_COLOURS: Final = 64
FONTS: Final = "'DejaVu Sans', Verdana, sans-serif"  # metrics are those of the first
SETTINGS: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "blockchain-lab",
}  # texts stay texts; no made-up ids
METADATA: Final = dict.fromkeys(("Creator", "Date", "Format", "Type"))  # the same run is the same file

Draw = Callable[[Any], None]


def make_figure(size: tuple[int, int], draw: Draw) -> Any:
    """A figure on which `draw(axes)` has drawn; its axes count pixels from the top left corner."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (0.3 s, and not always wanted)

    width, height = size
    figure = Figure(figsize=(width / PIXELS_PER_INCH, height / PIXELS_PER_INCH), dpi=PIXELS_PER_INCH)
    figure.set_facecolor(PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)  # as on a screen: downwards
    draw(axes)
    return figure


def make_png(size: tuple[int, int], draw: Draw) -> bytes:
    """A PNG of few colours, a third of the bytes of all: it may lie in every saved notebook."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415  (comes with matplotlib)

    canvas = FigureCanvasAgg(make_figure(size, draw))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may have letters that the font lacks
        canvas.draw()
    file = io.BytesIO()
    image = Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba()))
    image.convert("RGB").quantize(MOST_COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


def make_svg(size: tuple[int, int], draw: Draw, title: str, about: str) -> str:
    """An SVG that needs nothing else, with a name and a description for those who do not see it."""
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415

    file = io.StringIO()
    with rc_context(SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        FigureCanvasSVG(make_figure(size, draw)).print_svg(file, metadata=METADATA)
    text = file.getvalue()
    drawing = text[text.index("<defs") :].replace("'DejaVu Sans'", FONTS)
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, flags=re.S)
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title about">\n'
        f'<title id="title">{html.escape(title)}</title>\n'
        f'<desc id="about">{html.escape(about)}</desc>\n{drawing}'
    )
