"""Prepared moments: where a lecture stops. They are part of the scenario, so they are saved with the run."""

from dataclasses import replace
from pathlib import Path

import pytest

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Moment
from blockchain_lab.sim.scenario_json import scenario_from_json, scenario_to_json

CUT = Moment(at=15 * SECOND, caption="The network is cut", views=("tree",))
HEALED = Moment(event=266, caption="The cut heals", select="peer:bob")


def test_moments_are_told_to_whoever_shows_the_lab_and_change_no_event() -> None:
    """The lecturer prepares them when the run is there; the run stays the same, so does the cursor."""
    lab = Lab("fork_and_heal")
    lab.run()
    digest, changes = lab.digest(), []
    lab.subscribe(changes.append)

    lab.moments = [CUT, HEALED]

    assert ((CUT, HEALED), ["run"], digest) == (lab.moments, changes, lab.digest())
    lab.reset(7)
    assert (CUT, HEALED) == lab.moments


def test_moments_are_saved_with_the_run_and_with_the_scenario(tmp_path: Path) -> None:
    """So a file is a whole lecture."""
    lab = Lab("fork_and_heal")
    lab.goto(event=50)
    lab.moments = [CUT, HEALED]
    lab.save(tmp_path / "lecture.json")

    assert (CUT, HEALED) == Lab(tmp_path / "lecture.json").moments
    assert lab.scenario == scenario_from_json(scenario_to_json(lab.scenario))
    assert () == Lab("fork_and_heal").moments


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("the cut", r"moments.1: found .*, accepted: (Moment|an object)"),
        (Moment(caption="When?"), r"moments.1: accepted: either an event or a time"),
        (Moment(event=3, at=4, caption="Both"), r"moments.1: accepted: either an event or a time"),
        (Moment(event=3, caption=" "), r"moments.1.caption: found no words"),
        (Moment(event=-1, caption="Before all"), r"moments.1.event: found -1"),
        (Moment(event="3", caption="A text"), r"moments.1.event: found '3'"),  # type: ignore[arg-type]
        (Moment(event=3, caption=7), r"moments.1.caption: found 7"),  # type: ignore[arg-type]
        (Moment(event=3, caption="One view", views="tree"), r"moments.1.views: "),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_moment_is_refused_by_its_place(moment: Moment, words: str) -> None:
    """Those that were prepared before stay."""
    lab = Lab("fork_and_heal")
    lab.moments = [CUT]

    with pytest.raises(ScenarioError, match=words):
        lab.moments = [HEALED, moment]
    with pytest.raises(ScenarioError, match=words):
        Lab(replace(lab.scenario, moments=(CUT, moment)))

    assert (CUT,) == lab.moments
