"""Claim cards: the figures of all eras side by side, and below them a workbench that plays the chosen one.

The card is a view of a lab that knows claims (`study.claim_lab`). What a reader chooses comes as a request
(`acts.py`); the lab begins that scenario, and the page hears of it by the carrier, as of everything else.
"""

from typing import Any

from blockchain_lab_widgets.view import CLAIM, View, check_wishes


class ClaimCard(View):
    """Some claims, one shown at a time, and the lab that plays their figures."""

    def __init__(self, lab: Any, options: dict[str, Any]) -> None:
        """Open the lab as `lab.show()` would, and take its claims to the page."""
        lab.look_ahead()
        lab.goto(event=min(lab.scenario.poster, lab.head))
        self.lab = lab
        super().__init__(lab, CLAIM, {"claims": lab.describe()} | options)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The card; and, where no widget runs, all figures in words before what the lab's picture shows."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        if self.lab.figure is None:
            return {
                **{kind: data[kind] for kind in data if kind != "image/png"},
                "text/plain": self.lab.tell(),
            }, {}
        return {**data, "text/plain": f"{self.lab.tell()}\n{data['text/plain']}"}, metadata


def show(lab: Any, **options: Any) -> ClaimCard:
    """A card for the end of a cell. `options` are those of the workbench below it."""
    check_wishes(options.get("views", ()), options)
    return ClaimCard(lab, options)
