"""A lab that plays the figures of claims: who chooses one gets the scenario that plays it, from its start.

lab = ClaimLab([get_claim("ping interval")])
lab.figure                              # ("ping interval", "lecture"): the first that anybody plays
lab.choose("ping interval", "today")
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.library import load
from blockchain_lab.sim.plain import describe
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.study.claims import Claim, Figure, choose

SILENT: Final = "ping"  # the smallest scenario: stands there, unseen, where nobody plays any figure
ERAS: Final = "blockchain_lab.bitcoin.eras"


class ClaimLab(Lab):
    """One lab for all figures of some claims. `figure`: (claim, era) that is played, None for none."""

    def __init__(self, claims: Sequence[Claim], era: str | None = None) -> None:
        """Begin with an era of the first claim, or with the first figure that anybody plays. UsageError."""
        if not claims:
            raise UsageError("found no claim, wanted one or more")
        self.claims = {claim.name: claim for claim in claims}
        self.figure = find_first(claims) if era is None else (claims[0].name, era)
        super().__init__(load(SILENT) if self.figure is None else self._find(*self.figure))

    def choose(self, claim: str, era: str) -> None:
        """Begin the scenario of a figure, and open it as a new lab opens. UsageError when nobody plays it."""
        scenario = self._find(claim, era)
        self.figure = claim, era  # who hears that another scenario begins reads whose it is
        self.begin(scenario)
        self._open()

    def describe(self) -> list[dict[str, Any]]:
        """The claims for a page: their figures, each with where its constant stands and what plays it."""
        claims = list(self.claims.values())
        names = {figure.scenario for claim in claims for figure in claim.figures if figure.scenario}
        scenarios = {name: load(name) for name in sorted(names)}
        return [
            {
                "name": claim.name,
                "says": claim.says,
                "figures": [describe_figure(each, scenarios.get(each.scenario)) for each in claim.figures],
            }
            for claim in claims
        ]

    def tell(self) -> str:
        """The claims in words, a line each."""
        return "\n".join(tell_claim(claim) for claim in self.claims.values())

    def _find(self, claim: str, era: str) -> Scenario:
        if claim not in self.claims:
            raise UsageError(f"no claim {describe(claim)} here; there are {', '.join(self.claims)}")
        figure = self.claims[claim].get(era)
        return replace(choose(figure), title=f"{claim}, {era}: {format_value(figure)}")


def find_first(claims: Sequence[Claim]) -> tuple[str, str] | None:
    """The first figure that a scenario plays, as (claim, era)."""
    for claim in claims:
        for figure in claim.figures:
            if figure.scenario:
                return claim.name, figure.era
    return None


def describe_figure(figure: Figure, scenario: Scenario | None) -> dict[str, Any]:
    """A figure for a page; `scenario` is the one that plays it."""
    return {
        "era": figure.era,
        "value": figure.value,
        "unit": figure.unit,
        "source": figure.source,
        "code": get_place(figure.code),
        "plays": "" if scenario is None else tell_play(figure, scenario),
        "title": "" if scenario is None else scenario.title,
    }


def tell_play(figure: Figure, scenario: Scenario) -> str:
    """The scenario's name, and what the figure sets otherwise in it."""
    set_to = {name: value for name, value in figure.policy.items() if scenario.policy.get(name) != value}
    changes = ", ".join(f"{name} = {value}" for name, value in set_to.items())
    return f"{scenario.name} with {changes}" if changes else scenario.name


def get_place(code: str) -> str:
    """Where a reader finds a constant, "" for none of ours."""
    if code.startswith("era."):
        return f"{ERAS}: {code.removeprefix('era.')}"
    return f"blockchain_lab.{code.replace(':', ': ')}" if code else ""


def format_value(figure: Figure) -> str:
    """30 min; 2,000"""
    return f"{figure.value:,} {figure.unit}".strip()


def tell_claim(claim: Claim) -> str:
    """A claim in one line: what is counted, and what each era says, with its source."""
    figures = "; ".join(f"{format_value(each)} ({each.era}: {each.source})" for each in claim.figures)
    return f"{claim.name}, {claim.says}: {figures}."
