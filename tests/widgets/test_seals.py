"""The picture of sealed blocks from Python: wishes, progress, cancel; the kernel stays free in between."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from blockchain_lab_widgets.seals import Seals


@dataclass(frozen=True, slots=True)
class Step:
    """How far a search is."""

    tried: int
    expected: int = 10
    nonce: int | None = None


class Blocks:
    """Two blocks that a test can count on: a search finds after `slices` of them."""

    title, choices, is_fixed = "Two blocks", (3, 4), False

    def __init__(self, slices: int = 3) -> None:
        self.slices, self.zeros, self.texts, self.found = slices, 4, ["a", "b"], list[int]()

    def get_rows(self) -> list[dict[str, Any]]:
        """One for each."""
        return [{"number": number, "text": text} for number, text in enumerate(self.texts, 1)]

    def write(self, number: int, text: str) -> None:
        """Another text."""
        self.texts[number - 1] = text

    def set_zeros(self, zeros: int) -> None:
        """Another seal."""
        self.zeros = zeros

    def mine(self, number: int) -> Iterator[Step]:
        """Slice by slice."""
        for each in range(1, self.slices):
            yield Step(each)
        self.found.append(number)
        yield Step(self.slices, nonce=5)

    def __repr__(self) -> str:
        return "two blocks in words"


def wish(picture: Seals, **wanted: Any) -> None:
    """What the page sends."""
    picture._handle_custom_msg(wanted, [])


def test_a_text_is_written_and_the_picture_follows() -> None:
    """What is no wish, or not one of ours, is left alone."""
    picture = Seals(Blocks())
    wish(picture, do="write", number=2, text="<b>")
    wish(picture, do="zeros", zeros=3)
    wish(picture, do="zeros", zeros=99)
    wish(picture, do="fly")

    assert ["a", "<b>"] == [row["text"] for row in picture.state["rows"]]
    assert 3 == picture.state["zeros"]


def test_what_is_fixed_stays() -> None:
    """Nobody rewrites Bitcoin's first block."""
    blocks = Blocks()
    blocks.is_fixed = True
    picture = Seals(blocks)
    wish(picture, do="write", number=1, text="x")

    assert ["a", "b"] == blocks.texts


def test_in_a_script_a_search_goes_to_its_end() -> None:
    """There is no loop that could do anything else in between."""
    picture = Seals(Blocks())
    wish(picture, do="mine", number=2)

    assert [2] == picture.blocks.found
    assert (3, True, False) == tuple(
        picture.state["search"][key] for key in ("tried", "isFound", "isRunning")
    )


def test_a_search_runs_beside_other_work() -> None:
    """Between two slices the loop does what else there is; no second search begins; it is found."""

    async def play() -> tuple[list[int], Seals]:
        picture, seen = Seals(Blocks(slices=20)), list[int]()
        wish(picture, do="mine", number=1)
        wish(picture, do="mine", number=2)
        while not picture.blocks.found:
            await asyncio.sleep(0)  # another cell's work
            seen.append(picture.search["tried"] if picture.search else 0)
        await asyncio.sleep(0.05)
        return seen, picture

    seen, picture = asyncio.run(play())

    assert len(set(seen)) > 10, "the loop was free between the slices"
    assert [1] == picture.blocks.found
    assert picture.state["search"]["isFound"]
    assert picture._task is None


def test_cancel_stops_it_and_it_can_begin_again() -> None:
    """The block is as it was; what was tried is said."""

    async def play() -> tuple[dict[str, Any], Seals]:
        picture = Seals(Blocks(slices=1_000_000))
        wish(picture, do="mine", number=1)
        while not picture.search:
            await asyncio.sleep(0)
        wish(picture, do="cancel")
        stopped = picture.state["search"]
        await asyncio.sleep(0.02)
        assert stopped == picture.search == picture.state["search"]
        picture.blocks.slices = 2
        wish(picture, do="mine", number=2)
        await asyncio.sleep(0.1)
        return stopped, picture

    stopped, picture = asyncio.run(play())

    assert (False, False) == (stopped["isRunning"], stopped["isFound"])
    assert stopped["tried"] >= 1
    assert [2] == picture.blocks.found


@pytest.mark.parametrize("does", [{"do": "write", "number": 2, "text": "x"}, {"do": "zeros", "zeros": 3}])
def test_what_is_changed_is_no_longer_sought_for(does: dict[str, Any]) -> None:
    """The search was for another header; so it ends. So it does when the picture leaves the page."""

    async def play() -> None:
        picture = Seals(Blocks(slices=1_000_000))
        wish(picture, do="mine", number=1)
        await asyncio.sleep(0.02)
        wish(picture, **does)
        assert picture._task is None
        assert picture.state["search"] is None
        wish(picture, do="mine", number=1)
        await asyncio.sleep(0.02)
        picture.close()
        assert picture._task is None

    asyncio.run(play())


def test_what_python_raises_is_shown() -> None:
    """No cell would show it."""
    picture = Seals(Blocks())
    wish(picture, do="write", number=9, text="x")

    assert picture.state["trouble"].startswith("Python raised IndexError")


def test_where_no_widget_runs_there_are_words() -> None:
    """GitHub, a terminal."""
    bundle = Seals(Blocks())._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert "two blocks in words" == data["text/plain"]


class Broken(Blocks):
    """Raises in the middle of a search."""

    def mine(self, number: int) -> Iterator[Step]:
        """One slice."""
        yield Step(1)
        raise ValueError("no more")


def test_what_python_raises_in_a_search_is_shown() -> None:
    """No cell would show it. It stays until the reader does something, and the next search may begin."""

    async def play() -> Seals:
        picture = Seals(Broken())
        wish(picture, do="mine", number=1)
        while picture._task:
            await asyncio.sleep(0.005)
        return picture

    picture = asyncio.run(play())

    assert "Python raised ValueError: no more" == picture.state["trouble"]
    assert picture.state["search"] is None
    wish(picture, do="zeros", zeros=3)
    assert "" == picture.state["trouble"]
