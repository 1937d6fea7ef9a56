"""The kernel is compiled once per machine: the first run says so, the next ones find it in numba's cache."""

from pathlib import Path

from scale.test_fallback import PLAY, run
from support.engines import need_engine


def test_the_first_run_announces_and_the_second_does_not(tmp_path: Path) -> None:
    """In a cache of our own; two runs in one process announce once as well."""
    need_engine("compiled")
    first = run(PLAY, NUMBA_CACHE_DIR=str(tmp_path))
    second = run(PLAY, NUMBA_CACHE_DIR=str(tmp_path))

    assert first[0].startswith("compiling the kernel once")
    assert ["compiled", "compiled"] == first[1:]
    assert ["compiled", "compiled"] == second
