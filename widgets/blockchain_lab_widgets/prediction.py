"""What a cell shows for `prediction.show()`: a card above a workbench of its lab, or the card alone."""

from typing import Any

from blockchain_lab_widgets.desk import get_desk
from blockchain_lab_widgets.view import PREDICTION, View, check_wishes


class PredictionCard(View):
    """One prediction. All views of its lab, in whatever cell, are sealed until it is locked."""

    def __init__(self, prediction: Any, options: dict[str, Any]) -> None:
        """Seal the run before the page is sent any of it."""
        self._prediction = prediction
        self._key = get_desk(prediction.lab).add(prediction)
        super().__init__(prediction.lab, PREDICTION, {"prediction": self._key, **options})

    def close(self) -> None:
        """Break the seal, too."""
        if self._is_open:
            get_desk(self._lab).remove(self._key)
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The card; and, where no widget runs, the question in words."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": f"{self._prediction!r} {data['text/plain']}"}, metadata


def show_prediction(prediction: Any, *views: str, alone: bool, **options: Any) -> PredictionCard:
    """The card above a workbench with these views, or those that the scenario names; `alone`: without one."""
    wanted = views or prediction.lab.scenario.views
    check_wishes(wanted, options)
    return PredictionCard(
        prediction, {"alone": alone} | ({"views": list(wanted)} if wanted else {}) | options
    )
