"""The lecture's figures as data: each with unit, era and source, what other eras say, and who plays it.

    claim = get_claim("ping interval")
    claim.get("today").value, claim.get("lecture").source
    lab = Lab(choose(claim.get("today")))
    claim.show()                            # in a notebook: a card, on which an era can be chosen and played

A number without an era is half a number. Where a figure is a constant of ours, `code` names it, and a test
holds both against each other. A figure that nobody plays has no scenario.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scenarios.library import load
from blockchain_lab.sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Figure:
    """What one era, or one system, says."""

    era: str  # a name in `bitcoin.eras.ERAS`, or of a system or a year
    value: int | float
    unit: str  # "min", "h", "s", "ms" are times; "" is a count
    source: str
    code: str = ""  # "era.FIELD", or "room.module:NAME" below blockchain_lab; "": not a constant of ours
    scenario: str = ""  # a named scenario that plays it
    policy: Mapping[str, Any] = field(default_factory=dict)  # common policy to be set in it


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a lecture says in numbers."""

    name: str
    says: str  # what is counted or measured
    figures: tuple[Figure, ...]

    def get(self, era: str) -> Figure:
        """What an era says. UsageError when it says nothing."""
        for figure in self.figures:
            if figure.era == era:
                return figure
        known = ", ".join(figure.era for figure in self.figures)
        raise UsageError(f"{self.name}: no figure of {era!r}; there are {known}")

    def get_others(self, era: str) -> tuple[Figure, ...]:
        """What the other eras say."""
        own = self.get(era)
        return tuple(figure for figure in self.figures if figure is not own)

    def show(self, era: str | None = None, **options: Any) -> Any:
        """A card of it in a notebook, with the run of an era, or of the first that a scenario plays."""
        return show_lab([self], era, options)


def get_claims() -> dict[str, Claim]:
    """All of them, by name."""
    from blockchain_lab.study.claim_figures import CLAIMS  # noqa: PLC0415  (data that is made of the above)

    return {claim.name: claim for claim in CLAIMS}


def get_claim(name: str) -> Claim:
    """One claim. UsageError when there is none of that name."""
    claims = get_claims()
    if name not in claims:
        raise UsageError(f"no claim {name!r}; there are {', '.join(claims)}")
    return claims[name]


def show_claims(*names: str, **options: Any) -> Any:
    """The cards of some claims in a notebook, all of them when none is named, one behind another."""
    return show_lab([get_claim(name) for name in names or get_claims()], None, options)


def show_lab(claims: list[Claim], era: str | None, options: dict[str, Any]) -> Any:
    """The card of a lab that plays their figures."""
    from blockchain_lab_widgets.claim import show  # noqa: PLC0415  (figures can be read without Jupyter)

    from blockchain_lab.study.claim_lab import ClaimLab  # noqa: PLC0415  (a lab of the above)

    return show(ClaimLab(claims, era), **options)


def choose(figure: Figure) -> Scenario:
    """The scenario that plays a figure. UsageError when none does."""
    if not figure.scenario:
        raise UsageError(f"no scenario plays {figure.value} {figure.unit} ({figure.era}): {figure.source}")
    scenario = load(figure.scenario)
    return replace(scenario, policy={**scenario.policy, **figure.policy})
