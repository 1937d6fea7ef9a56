"""What a cell shows: one view, or the workbench, of a lab. How it looks is decided in the page."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import anywidget
import traitlets
from ipywidgets import Widget, widget_serialization

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.cells import call_when_rerun
from blockchain_lab_widgets.elsewhere import get_bundle

WORKBENCH: Final = "workbench"
PAIR: Final = "pair"  # two labs: pair.py
PREDICTION: Final = "prediction"  # a card: prediction.py
CLAIM: Final = "claim"  # a card above a workbench: claim.py
VIEWS: Final = (
    "address book",
    "bar",
    "bytes",
    "chart",
    "controls",
    "curves",
    "dht",
    "events",
    "lanes",
    "mempool",
    "message map",
    "nat",
    "network",
    "peers",
    "readings",
    "shares",
    "spread",
    "tree",
    "validators",
    "why",
)  # what `views.js` can mount alone
LAYOUTS: Final = ("story", "ring", "spring", "bipartite", "regions")  # how `layouts.js` can place peers
NEEDS: Final = {
    name: ["vis"] for name in ("network", WORKBENCH, PAIR, PREDICTION, CLAIM)
}  # view -> scripts of others that it wants


class View(anywidget.AnyWidget):
    """One view of a lab, attached to the lab's carrier. It has no state of its own."""

    _esm = assets.get_boot()
    role = traitlets.Unicode("view").tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    libraries = traitlets.List(traitlets.Unicode()).tag(sync=True)
    carrier = traitlets.Instance(Widget).tag(sync=True, **widget_serialization)

    _is_open = False  # until all is there that must be closed

    def __init__(self, lab: Any, name: str, options: dict[str, Any], **traits: Any) -> None:
        """Make sure that the page has what the view needs before it is shown."""
        self._lab = lab
        carrier = get_carrier(lab)
        libraries = NEEDS.get(name, [])
        for library in libraries:
            carrier.push_library(library)
        digest = assets.pack_modules()[0]
        super().__init__(
            name=name, options=options, carrier=carrier, libraries=libraries, digest=digest, **traits
        )
        carrier.views += 1
        self._is_open = True
        call_when_rerun(self.close)

    def close(self) -> None:
        """Let go of what the page holds; of the lab's records too, when nobody else shows them."""
        super().close()
        if not self._is_open:
            return
        self._is_open = False
        let_go(self._lab)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The view; and, where no widget runs (GitHub, nbviewer, a terminal), a sentence and a picture."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        more, about = get_bundle(self._lab, self.name, self.carrier.get_packer())
        return {**data, **more}, {**metadata, **about}


def show(lab: Any, *views: str, **options: Any) -> View:
    """A view of the lab for the end of a cell: the workbench with these views, or one view alone.

    `show(lab)` is the workbench, with the views that the scenario names, if any; `show(lab, "network")` that
    one view; several names are a workbench with these beside the network. `options` go to the page's view;
    `layout` is one of `LAYOUTS`, for the network; `lens` the peer through whose eyes all is seen at first.
    """
    prepare(lab, options)
    wanted = views or lab.scenario.views
    check_wishes(wanted, options)
    check_lens(lab, options)
    if len(views) == 1:
        return View(lab, views[0], options)
    return View(lab, WORKBENCH, ({"views": list(wanted)} if wanted else {}) | options)


def prepare(lab: Any, options: dict[str, Any]) -> None:
    """Take the moments of a lecture out of the options into the lab. UsageError for one that never comes."""
    if "moments" in options:
        lab.moments = options.pop("moments")
    for place, moment in enumerate(lab.scenario.moments):
        check_wishes(moment.views, {})
        if moment.event is not None and moment.event > lab.head:
            raise UsageError(f"moment {place}: event {moment.event}: the run ends at event {lab.head}")


def check_wishes(views: Iterable[str], options: Mapping[str, Any]) -> None:
    """UsageError for a view, or a layout of the network, that nobody knows."""
    for name in views:
        if name not in VIEWS:
            raise UsageError(f"no view is called {name!r}; there are {', '.join(VIEWS)}")
    if (layout := options.get("layout", LAYOUTS[0])) not in LAYOUTS:
        raise UsageError(f"no layout is called {layout!r}; there are {', '.join(LAYOUTS)}")


def check_lens(lab: Any, options: Mapping[str, Any]) -> None:
    """UsageError for a lens of somebody who is not in the run."""
    if (name := options.get("lens")) not in (None, *lab.names):
        raise UsageError(f"lens: no peer is called {name!r}; there are {', '.join(lab.names)}")


def get_carrier(lab: Any) -> Carrier:
    """The lab's one carrier, made at the first call. The lab holds it: views in later cells must find it."""
    carrier = getattr(lab, "carrier", None)
    if carrier is None:
        check_complete(lab.trace)
        lab.carrier = carrier = Carrier(lab)
    return carrier


def let_go(lab: Any) -> None:
    """One view fewer shows the lab; behind the last one its carrier goes."""
    lab.carrier.views -= 1
    if lab.carrier.views == 0:
        lab.carrier.close()
        lab.carrier = None


def check_complete(trace: Any) -> None:
    """UsageError for a lab that keeps only some of its records."""
    if trace.level != "full":
        raise UsageError(f"views need every record: found level {trace.level!r}, wanted 'full'")
    if trace.keep is not None:
        raise UsageError(f"views need every record: found keep={trace.keep}, wanted none")
