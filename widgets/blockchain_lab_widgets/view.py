"""What a cell shows: one view, or the workbench, of a lab. How it looks is decided in the page."""

import html
from typing import Any, Final

import anywidget
import traitlets
from ipywidgets import Widget, widget_serialization

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.carrier import Carrier

WORKBENCH: Final = "workbench"
VIEWS: Final = (
    "bar",
    "bytes",
    "chart",
    "controls",
    "events",
    "lanes",
    "network",
    "tree",
    "why",
)  # what `views.js` can mount alone
NEEDS: Final = {"network": ["vis"], WORKBENCH: ["vis"]}  # view -> scripts of others that it wants


class View(anywidget.AnyWidget):
    """One view of a lab, attached to the lab's carrier. It has no state of its own."""

    _esm = assets.get_boot()
    role = traitlets.Unicode("view").tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    libraries = traitlets.List(traitlets.Unicode()).tag(sync=True)
    carrier = traitlets.Instance(Widget).tag(sync=True, **widget_serialization)

    def __init__(self, lab: Any, name: str, options: dict[str, Any]) -> None:
        """Make sure that the page has what the view needs before it is shown."""
        self._lab = lab
        carrier = get_carrier(lab)
        libraries = NEEDS.get(name, [])
        for library in libraries:
            carrier.push_library(library)
        digest = assets.pack_modules()[0]
        super().__init__(name=name, options=options, carrier=carrier, libraries=libraries, digest=digest)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The view; and, where no widget runs (GitHub, nbviewer, a terminal), a sentence in its place."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        text = get_sentence(self._lab, self.name)
        return {**data, "text/plain": text, "text/html": f"<p>{html.escape(text)}</p>"}, metadata


def show(lab: Any, *views: str, **options: Any) -> View:
    """A view of the lab for the end of a cell: the workbench with these views, or one view alone.

    `show(lab)` is the workbench; `show(lab, "network")` that one view; several names are a workbench with
    these beside the network. `options` go to the page's view.
    """
    for name in views:
        if name not in VIEWS:
            raise UsageError(f"no view is called {name!r}; there are {', '.join(VIEWS)}")
    if len(views) == 1:
        return View(lab, views[0], options)
    return View(lab, WORKBENCH, ({"views": list(views)} if views else {}) | options)


def get_carrier(lab: Any) -> Carrier:
    """The lab's one carrier, made at the first call. The lab holds it: views in later cells must find it."""
    carrier = getattr(lab, "carrier", None)
    if carrier is None:
        check_complete(lab.trace)
        lab.carrier = carrier = Carrier(lab)
    return carrier


def check_complete(trace: Any) -> None:
    """UsageError for a lab that keeps only some of its records."""
    if trace.level != "full":
        raise UsageError(f"views need every record: found level {trace.level!r}, wanted 'full'")
    if trace.keep is not None:
        raise UsageError(f"views need every record: found keep={trace.keep}, wanted none")


def get_sentence(lab: Any, name: str) -> str:
    """What a reader learns where the view cannot run."""
    scenario = lab.scenario
    title = scenario.title or scenario.name
    return (
        f"Blockchain Lab, {name} of “{title}”: {len(lab.names)} peers, event {lab.cursor} of {lab.head}, "
        f"{lab.now / SECOND:.3f} s. This is a live view: run the notebook in JupyterLab to play it."
    )
