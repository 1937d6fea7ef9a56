"""The tests of one file stay together and in order, however many workers there are.

Most browser tests go on where the one before stopped, on a page that they share.
"""

import pytest

STEPS = 8


@pytest.fixture(scope="module")
def been_here() -> list[int]:
    """The steps that this worker has made."""
    return []


@pytest.mark.parametrize("step", range(STEPS))
def test_the_steps_of_a_file_are_made_by_one_worker_in_order(been_here: list[int], step: int) -> None:
    """A worker that got every second test would miss the others; begun in the middle is fine."""
    been_here.append(step)

    assert list(range(been_here[0], step + 1)) == been_here
