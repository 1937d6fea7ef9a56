"""Named stories used by lessons, tests and benchmarks: `names()`, `load(name)`. Kinds of node: `kinds`."""

from blockchain_lab.scenarios.library import load, names

__all__ = ["load", "names"]
