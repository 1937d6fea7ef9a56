"""A run that is watched comes to what one that is not watched comes to."""

import numpy as np
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.presets import get_network
from blockchain_lab.scale.run import simulate
from blockchain_lab.scale.thing import RUMOURS

NETWORK = get_network("bitcoin 2019", peers=400)
PLAN = Plan(blocks=80)


def test_it_ends_where_simulate_does() -> None:
    """The same columns; the last step has the curve of the last blocks, found is all."""
    run = LiveRun(NETWORK, PLAN, engine="plain")
    *_, last = run.play()
    expected = simulate(NETWORK, PLAN, engine="plain")

    assert np.array_equal(expected.arrival, run.result.arrival)
    assert (expected.messages, expected.engine) == (run.result.messages, run.result.engine)
    assert (80, 80, 100.0) == (last.found, last.blocks, last.percents[-1])


def test_the_curve_grows_on_the_way() -> None:
    """More and more blocks; each curve goes up; of the newest block, still under way, it says nothing."""
    steps = [*LiveRun(NETWORK, PLAN, engine="plain").play()]
    curves = [step for step in steps if step.percents]

    assert sorted(step.found for step in steps) == [step.found for step in steps]
    assert len(curves) >= 3
    for step in curves:
        assert sorted(step.percents) == step.percents
        assert sorted(step.seconds) == step.seconds
        assert 100.0 == step.percents[-1]  # ten minutes between blocks: the one before has reached all


def test_who_stops_early_has_no_result() -> None:
    """And can begin anew."""
    run = LiveRun(NETWORK, PLAN, engine="plain")
    next(run.play())

    assert run.result is None
    assert "bitcoin 2019, 400 peers, inventory, 80 blocks: not played to its end" == repr(run)
    [*_] = run.play()
    assert "400 peers" in repr(run) and "80 found" in repr(run)


def test_what_goes_round_may_be_no_block() -> None:
    """Then its title says so, and so does the picture."""
    run = LiveRun(NETWORK, Plan(blocks=2), engine="plain", thing=RUMOURS)

    assert "bitcoin 2019, 400 peers, inventory, 2 rumours" == run.title
    assert ("rumours", "a rumour began") == (run.show().state["many"], run.show().state["since"])


def test_show_makes_a_widget() -> None:
    """In a script it has been played to the end by then."""
    run = LiveRun(NETWORK, Plan(blocks=2), engine="plain")
    picture = run.show()

    assert "over" == picture.state["phase"]
    assert 2 == run.result.blocks


def test_what_cannot_be_played_is_refused_before_it_is_shown() -> None:
    """As by `simulate`."""
    with pytest.raises(UsageError, match="found 'quick', wanted one of"):
        LiveRun(NETWORK, PLAN, engine="quick")
