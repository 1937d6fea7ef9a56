"""Two labs drawn together: what a cell shows for `compare(a, b).show()`.

The widget reads from the carriers of both labs, and brings along how they differ. When one of the labs
changes (acted on, another future, another seed) they are compared again. If they cannot be any more, the page
says why in place of the picture.
"""

from collections.abc import Callable
from typing import Any, Final

import traitlets
from ipywidgets import Widget, widget_serialization

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets.elsewhere import LIVE
from blockchain_lab_widgets.main_thread import get_running_loop, on_main
from blockchain_lab_widgets.trouble import describe_trouble
from blockchain_lab_widgets.view import PAIR, View, check_wishes, get_carrier, let_go

PAUSE: Final = 0.3  # seconds: several changes at once are one comparison

Compare = Callable[[Any, Any], tuple[dict[str, Any], str]]  # two labs -> plain for the page, and in words


class PairView(View):
    """Two labs, one time. `comparison` is all that the page knows of how they differ."""

    other = traitlets.Instance(Widget).tag(sync=True, **widget_serialization)  # the carrier of B
    comparison = traitlets.Dict().tag(sync=True)

    def __init__(self, a: Any, b: Any, compare: Compare, options: dict[str, Any]) -> None:
        """Make sure that the page has both labs, and how they differ."""
        self._pair, self._compare = (a, b), compare
        self._loop = get_running_loop()
        self._renew = on_main(self._loop, self._compare_again, self._report)
        self._waiting = False  # a comparison is due
        self._deaf = False  # what the labs tell now is our own doing
        self._words = ""
        for lab in self._pair:
            get_carrier(lab)  # now both are known to their ends
        super().__init__(a, PAIR, options, other=b.carrier, comparison=self._make())
        b.carrier.views += 1
        self._leave = [lab.subscribe(self._on_lab) for lab in self._pair]

    def close(self) -> None:
        """Follow the labs no more, and let go of both."""
        if self._is_open:
            for leave in self._leave:
                leave()
            let_go(self._pair[1])
        super().close()

    def _on_lab(self, change: str) -> None:
        """Where the cursors stand changes nothing; all else may."""
        if change == "cursor" or self._deaf or self._waiting:
            return
        if self._loop is None:
            self._renew()
        else:
            self._waiting = True
            self._loop.call_later(PAUSE, self._renew)

    def _compare_again(self) -> None:
        self._waiting = False
        if self._is_open:
            self.comparison = self._make()

    def _report(self, error: BaseException) -> None:
        self.comparison = {"fault": describe_trouble(error, "The labs could not be compared.").text}

    def _make(self) -> dict[str, Any]:
        """How the labs differ, and of which of their records this is true; or why they are not compared."""
        self._deaf = True
        try:
            plain, self._words = self._compare(*self._pair)
        except UsageError as error:
            self._words = str(error)
            return {"fault": str(error)}
        finally:
            self._deaf = False
        return plain | {"of": [lab.carrier.get_holdings() for lab in self._pair]}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The view; and, where no widget runs, the comparison in words."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        title = self._pair[0].scenario.title or self._pair[0].scenario.name
        return {
            **data,
            "text/plain": f"Blockchain Lab, two runs of “{title}”. {self._words} {LIVE}",
        }, metadata


def show_pair(a: Any, b: Any, compare: Compare, **options: Any) -> PairView:
    """Two labs that `compare` has compared, drawn together. UsageError for an unknown layout."""
    check_wishes((), options)
    for lab in (a, b):
        if lab.cursor == 0:  # `compare` has computed its first instant
            lab.look_ahead()
            lab.goto(event=min(lab.scenario.poster, lab.head))
    return PairView(a, b, compare, options)
