"""A network too large for memory is refused before anything is allocated, and the estimate is honest."""

import gc
import sys
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.engines import all_engines, need_engine
from support.random_networks import make_random_network
from support.required import require

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.scale import memory
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.run import simulate


def measure(network, plan, engine: str) -> int:
    """Bytes at the highest point of a run."""
    gc.collect()
    tracemalloc.start()
    simulate(network, plan, engine=engine)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@all_engines()
@pytest.mark.parametrize("relay", [Relay.INVENTORY, Relay.COMPACT])
@pytest.mark.parametrize("is_pruned", [True, False])
def test_the_estimate_is_enough_and_not_wild(engine, relay, is_pruned) -> None:
    """It may be up to five times as much as was needed, never less."""
    need_engine(engine)
    network = make_random_network(500 if engine == "plain" else 6_000)
    plan = Plan(relay=relay, blocks=3 if engine == "plain" else 40, is_pruned=is_pruned)
    simulate(make_random_network(5), Plan(blocks=1), engine=engine)
    peak, estimate = measure(network, plan, engine), memory.estimate_memory(network, plan, engine)

    assert peak <= estimate <= 5 * peak


@all_engines()
def test_luck_under_way_is_counted(engine) -> None:
    """A block a second, jitter and loss: the plain loop keeps columns of draws for each block on its way."""
    need_engine(engine)
    network = make_random_network(500, jitter=20_000, loss=10_000)
    plan = Plan(relay=Relay.PUSH, blocks=20, interval=SECOND)
    simulate(make_random_network(5), Plan(blocks=1), engine=engine)
    peak, estimate = measure(network, plan, engine), memory.estimate_memory(network, plan, engine)

    assert peak <= estimate <= 5 * peak


def test_too_much_is_refused(monkeypatch) -> None:
    """The refusal says how much is needed and how much there is."""
    monkeypatch.setattr(memory, "find_free_memory", lambda: 2_000_000)

    with pytest.raises(UsageError, match=r"1,000 peers x 10 blocks need about \d+ MB, wanted"):
        simulate(make_random_network(1_000), Plan(blocks=10), engine="plain")


def test_where_nobody_knows_the_run_is_tried(monkeypatch) -> None:
    """No psutil, no /proc, no sysconf: then nothing is refused."""
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.setattr(memory, "MEMINFO", Path("/nowhere"))
    monkeypatch.delattr(memory.os, "sysconf")

    assert memory.find_free_memory() is None
    memory.check_memory(make_random_network(10), Plan(blocks=10**15), "plain")


def test_all_who_know_say_about_the_same(monkeypatch) -> None:
    """psutil, Linux's own file, then POSIX, which does not count what others can give back."""
    require(find_spec("psutil"), "psutil is missing: pip install -e .[metrics]")
    by_psutil = memory.find_free_memory()
    monkeypatch.setitem(sys.modules, "psutil", None)
    by_linux = memory.find_free_memory()
    monkeypatch.setattr(memory, "MEMINFO", Path("/nowhere"))
    by_posix = memory.find_free_memory()

    assert by_psutil is not None and by_linux is not None and by_posix is not None
    assert abs(by_psutil - by_linux) < 0.5 * by_psutil
    assert 0 < by_posix < 1.5 * by_psutil
