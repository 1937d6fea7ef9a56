"""A matplotlib figure that a notebook's cell shows by itself. No pyplot: a learner's plots are left alone."""

import io
from html import escape
from typing import Final

from matplotlib import rc_context
from matplotlib.figure import Figure

INK: Final = "#000000"  # of matplotlib's axes, and of text that names no colour
STYLE: Final = (
    "<style>.blockchain-lab-figure{color:var(--jp-content-font-color1,#212121)}"
    ".blockchain-lab-figure svg{display:block;max-width:100%;height:auto}"
    ".blockchain-lab-figure text{fill:currentColor}</style>"
)


class ShownFigure(Figure):
    """IPython shows plain figures only once pyplot has been imported; this one brings its picture."""

    def _repr_html_(self) -> str:
        """A drawing in the colours of the page, light or dark, with words for who does not see it."""
        file = io.StringIO()
        with rc_context({"svg.fonttype": "none"}):
            self.savefig(file, format="svg", transparent=True, metadata={"Date": None})
        drawing = file.getvalue().partition("<svg")[2].replace(INK, "currentColor")
        # a dollar sign in a peer's name begins no formula in the page either
        plain = f'class="blockchain-lab-figure mathjax_ignore" aria-label="{escape(self.describe())}"'
        return f'{STYLE}<div role="img" {plain}><svg{drawing}</div>'

    def describe(self) -> str:
        """What the axes and the lines are."""
        return " ".join(
            f"{axes.get_title()} {axes.get_ylabel()} over {axes.get_xlabel()}: "
            f"{', '.join(str(line.get_label()) for line in axes.get_lines())}.".strip()
            for axes in self.axes
        )
