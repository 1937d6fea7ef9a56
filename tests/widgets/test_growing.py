"""A growing curve from Python: it plays at once, in slices, can be stopped and begun anew."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from blockchain_lab_widgets.growing import Growing

from blockchain_lab.scale.thing import RUMOURS


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is."""

    found: int
    blocks: int
    seconds: list[float] = field(default_factory=lambda: [0.0, 1.0])
    percents: list[float] = field(default_factory=lambda: [50.0, 100.0])


class Run:
    """As many steps as a test wants."""

    title, thing = "A run", RUMOURS

    def __init__(self, steps: int = 3) -> None:
        self.steps, self.begun, self.ended = steps, 0, 0

    def play(self) -> Iterator[Step]:
        """Slice by slice."""
        self.begun += 1
        for number in range(1, self.steps + 1):
            yield Step(number, self.steps)
        self.ended += 1

    def __repr__(self) -> str:
        return "a run in words"


class Broken(Run):
    """Raises in the middle."""

    def play(self) -> Iterator[Step]:
        """One step."""
        yield Step(1, 2)
        raise ValueError("no more")


def wish(picture: Growing, **wanted: Any) -> None:
    """What the page sends."""
    picture._handle_custom_msg(wanted, [])


async def wait_for(picture: Growing, phase: str) -> None:
    """Until it says so."""
    while picture.state["phase"] != phase:
        await asyncio.sleep(0.005)


def test_in_a_script_it_plays_to_the_end() -> None:
    """There is no loop that could do anything else in between."""
    picture = Growing(Run())

    assert (1, "over", 3, 3) == (
        picture.run.ended,
        picture.state["phase"],
        picture.state["found"],
        picture.state["blocks"],
    )
    assert ([0.0, 1.0], [50.0, 100.0]) == (picture.state["seconds"], picture.state["percents"])
    assert ("rumours", "a rumour began") == (picture.state["many"], picture.state["since"])


def test_it_grows_beside_other_work() -> None:
    """Between two slices the loop does what else there is; the time left shrinks; a second wish waits."""

    async def play() -> tuple[list[int], list[float], Growing]:
        picture, seen, left = Growing(Run(60)), list[int](), list[float]()
        wish(picture, do="begin")
        while picture.state["phase"] == "playing":
            await asyncio.sleep(0)  # another cell's work
            seen.append(picture.step.found if picture.step else 0)
            if picture.state["left"] is not None:
                left.append(picture.state["left"])
        return seen, left, picture

    seen, left, picture = asyncio.run(play())

    assert len(set(seen)) > 30, "the loop was free between the slices"
    assert len(set(left)) > 1, "the page was told on the way"
    assert min(left) >= 0
    assert (1, 60, None) == (picture.run.begun, picture.state["found"], picture.state["left"])


def test_stop_leaves_it_where_it_is_and_it_can_begin_anew() -> None:
    """Nothing is played behind a stopped picture, nor behind one that has left the page."""

    async def play() -> Growing:
        picture = Growing(Run(1_000_000))
        while not picture.step:
            await asyncio.sleep(0)
        wish(picture, do="stop")
        stopped = picture.state
        await asyncio.sleep(0.03)
        assert ("stopped", stopped, None) == (stopped["phase"], picture.state, picture._task)
        picture.run.steps = 2
        wish(picture, do="begin")
        await wait_for(picture, "over")
        picture.run.steps = 1_000_000
        wish(picture, do="begin")
        picture.close()
        assert picture._task is None
        return picture

    picture = asyncio.run(play())

    assert 1 == picture.run.ended


def test_what_python_raises_is_shown() -> None:
    """No cell would show it. What is no wish is left alone."""

    async def play() -> Growing:
        picture = Growing(Broken())
        while not picture.state["trouble"]:
            await asyncio.sleep(0.005)
        return picture

    picture = asyncio.run(play())

    assert "Python raised ValueError: no more" == picture.state["trouble"]
    assert "stopped" == picture.state["phase"]
    wish(picture, do="fly")
    assert "stopped" == picture.state["phase"]


def test_where_no_widget_runs_there_are_words() -> None:
    """GitHub, a terminal."""
    bundle = Growing(Run())._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert "a run in words" == data["text/plain"]
