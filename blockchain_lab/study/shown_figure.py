"""A matplotlib figure that a notebook's cell shows by itself. No pyplot: a learner's plots are left alone."""

import io

from matplotlib.figure import Figure


class ShownFigure(Figure):
    """IPython shows plain figures only once pyplot has been imported; this one brings its picture."""

    def _repr_png_(self) -> bytes:
        """The picture, as sharp as a screen wants it."""
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=144)
        return file.getvalue()
