"""The executors of `scale` that tests compare, and what two runs have in common."""

from typing import Any

import pytest

from blockchain_lab.scale.engines import ENGINES, find_trouble
from blockchain_lab.scale.propagation import Propagation
from support.required import require


def all_engines() -> Any:
    """A test for each executor. The compiled one is needed in CI."""
    return pytest.mark.parametrize("engine", ENGINES)


def need_engine(engine: str) -> None:
    """Skip, or fail in CI, where it cannot run."""
    require(engine == "plain" or not find_trouble(), "numba is missing: pip install -e .[fast]")


def get_columns(run: Propagation) -> dict[str, Any]:
    """All that must be equal, as plain data."""
    columns = ("arrival", "deliverer", "parent", "best", "found_at", "miner")
    return {
        **{name: getattr(run, name).tolist() for name in columns},
        "messages": dict(run.messages),
        "bytes": dict(run.bytes_sent),
    }
