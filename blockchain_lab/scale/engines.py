"""Which executor plays: the compiled kernel where numba is there and works, else the plain loop.

Numba comes with `pip install blockchain-lab[fast]` and is imported when it is first asked for.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.plain import play_plain
from blockchain_lab.scale.wiring import Wiring

ENGINES = ("plain", "compiled")
Player = Callable[[Wiring, Outcome], Iterator[int]]


class Engine(NamedTuple):
    """An executor, and why it is this one."""

    name: str
    reason: str


def get_engine(engine: str | None = None) -> Engine:
    """Which executor a run would use. UsageError for a name nobody knows, or "compiled" without numba."""
    if engine == "plain":
        return Engine("plain", "asked for")
    if engine not in (None, "compiled"):
        known = ", ".join(ENGINES)
        raise UsageError(f"engine: found {engine!r}, wanted one of {known}, or None for the fastest there is")
    trouble = find_trouble()
    if engine == "compiled" and trouble:
        raise UsageError(f"engine: found 'compiled', but {trouble}")
    if trouble:
        return Engine("plain", trouble)
    return Engine("compiled", "numba is installed" if engine is None else "asked for")


def get_player(name: str) -> Player:
    """The executor of that name, to be run in slices: it says how many blocks have been found."""
    if name == "plain":
        return play_plain
    player: Player = import_module("blockchain_lab.scale.compiled").play_compiled
    return player


@cache
def find_trouble() -> str:
    """Why the kernel cannot be compiled; "" when it can. Looks once, and says it once where it is news."""
    try:
        import_module("numba")
        import_module("blockchain_lab.scale.compiled").check_kernel()
    except Exception as error:  # whatever a broken installation may raise
        trouble = f"numba does not work here: {type(error).__name__}: {error}"
        if isinstance(error, ModuleNotFoundError) and error.name == "numba":
            trouble = "numba is not installed: pip install blockchain-lab[fast]"
    else:
        return ""
    print(f"large networks run in plain Python, some ten times slower; {trouble}", flush=True)
    return trouble
