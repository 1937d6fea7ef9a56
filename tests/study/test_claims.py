"""The lecture's figures: each agrees with the constant of ours that it names, and its scenario plays it."""

from dataclasses import fields
from importlib import import_module
from typing import Any

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MILLISECOND, MINUTE, SECOND
from blockchain_lab.bitcoin.eras import ERAS
from blockchain_lab.lab import Lab
from blockchain_lab.study.claims import Claim, Figure, choose, get_claim, get_claims

TIMES = {"h": HOUR, "min": MINUTE, "s": SECOND, "ms": MILLISECOND}
IN_SECONDS = ("era.getaddr_age", "chain.work:TARGET_SPACING")  # fields and constants that count no µs
CLAIMS = list(get_claims().values())
FIGURES = [(claim, figure) for claim in CLAIMS for figure in claim.figures]
NAMES = [f"{claim.name}, {figure.era}" for claim, figure in FIGURES]


def read_constant(figure: Figure) -> Any:
    """What the code has in the place that a figure names."""
    if figure.code.startswith("era."):
        return getattr(ERAS[figure.era], figure.code.removeprefix("era."))
    room, _, name = figure.code.partition(":")
    holder, _, key = name.partition(".")
    value = getattr(import_module(f"blockchain_lab.{room}"), holder)
    return next(each.default for each in fields(value) if each.name == key) if key else value


@pytest.mark.parametrize(("claim", "figure"), FIGURES, ids=NAMES)
def test_a_figure_is_the_constant_that_it_names(claim: Claim, figure: Figure) -> None:
    """In the constant's own unit; and every figure says where it comes from."""
    assert figure.source and claim.says and figure.unit in ("", *TIMES)
    if figure.code:
        scale = TIMES.get(figure.unit, 1) // (SECOND if figure.code in IN_SECONDS else 1)
        assert figure.value * scale == read_constant(figure)


@pytest.mark.parametrize(("claim", "figure"), FIGURES, ids=NAMES)
def test_a_figure_is_played_by_its_scenario(claim: Claim, figure: Figure) -> None:
    """Its nodes accept the policy; a figure of an era is that of the nodes."""
    if not figure.scenario:
        with pytest.raises(UsageError, match="no scenario plays"):
            choose(figure)
        return
    lab = Lab(choose(figure))
    if figure.code.startswith("era."):
        lab.goto(event=len(lab.names))
        own = {
            getattr(node.policy.era, figure.code[4:]) for node in map(lab.peer, lab.names) if is_bitcoin(node)
        }
        assert read_constant(figure) in own
    elif figure.policy:
        lab.goto(event=len(lab.names))
        assert figure.policy == {key: getattr(lab.peer(lab.names[0]).policy, key) for key in figure.policy}


def is_bitcoin(node: Any) -> bool:
    """Has it an era?"""
    return hasattr(getattr(node, "policy", None), "era")


def test_names_are_given_once_and_eras_differ() -> None:
    """So a figure can be asked for."""
    assert len(CLAIMS) == len({claim.name for claim in CLAIMS})
    for claim in CLAIMS:
        eras = [figure.era for figure in claim.figures]
        assert len(eras) == len(set(eras))
        assert [claim.get(era).era for era in eras] == eras


def test_the_textbooks_ping_is_not_todays() -> None:
    """The lecture's 30 minutes are those of 2010; the card shows the other eras beside it."""
    claim = get_claim("ping interval")

    assert (30, "min") == (claim.get("lecture").value, claim.get("lecture").unit)
    assert {"2010": 30, "2014": 2, "today": 2} == {
        each.era: each.value for each in claim.get_others("lecture")
    }
    assert "keep_alive_lecture" == choose(claim.get("lecture")).name
    assert "keep_alive_today" == choose(claim.get("today")).name


def test_what_is_not_there_is_refused_with_what_is() -> None:
    """A wrong name, a wrong era."""
    with pytest.raises(UsageError, match="no claim 'ping'; there are ping interval"):
        get_claim("ping")
    with pytest.raises(UsageError, match="no figure of '1999'; there are lecture, 2010"):
        get_claim("ping interval").get("1999")
