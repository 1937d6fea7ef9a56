"""The same sweep on a real Dask cluster: two worker processes on this machine, one of which is killed.

Dask runs what a dead worker had on the other one; the table has every row, and the same ones.
"""

import builtins
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest
from support import swept
from support.required import require

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale import workers
from blockchain_lab.scale.sweep import sweep

PATIENCE = 120.0  # seconds on a busy machine
HOW_TO_INSTALL = "Dask is missing: pip install 'dask[distributed]'"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two processes of one thread, on the loopback address."""
    require(find_spec("distributed"), HOW_TO_INSTALL)
    import distributed  # noqa: PLC0415 - it may be missing

    with workers.start_cluster(distributed, 2, 2) as started:
        yield started


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again; fails when it never is."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def get_worker_of(file: Path) -> int:
    """Which process left this file."""
    return int(file.name.rsplit("-", 1)[1])


def test_a_worker_is_killed_in_the_middle_and_nothing_is_lost(cluster: Any, tmp_path: Path) -> None:
    """SIGKILL by its number once a few points are written; the table is that of one process."""
    parallel, serial = tmp_path / "parallel", tmp_path / "serial"
    parallel.mkdir()
    serial.mkdir()
    file = tmp_path / "sweep.jsonl"
    killed = list[int]()

    def kill_one() -> None:
        wait_until(lambda: file.exists() and file.read_bytes().count(b"\n") > 6)
        killed.append(get_worker_of(max(parallel.iterdir(), key=lambda each: int(each.name.split("-")[2]))))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    grid = {"x": list(range(20)), "folder": [str(parallel)], "sleep": [0.1]}
    address = cluster.scheduler_address
    result = sweep(swept.counted, grid, [1, 2], executor=address, checkpoint=file)
    killer.join()

    by_hand = sweep(swept.counted, {**grid, "folder": [str(serial)], "sleep": [0]}, [1, 2], executor=1)
    assert by_hand.get_column("value").tolist() == result.get_column("value").tolist()
    assert ((), (), ()) == (result.failed, result.missing, result.trouble)
    assert not psutil.pid_exists(killed[0]) or psutil.Process(killed[0]).status() == "zombie"
    assert len({get_worker_of(each) for each in parallel.iterdir()}) > 1
    assert 41 <= file.read_bytes().count(b"\n"), "every point is in the file, once"
    assert len(set(file.read_bytes().splitlines())) == 41


def test_it_is_the_table_of_local_processes(cluster: Any) -> None:
    """Numbers, floats and arrays; and the cluster is still there for the next one."""
    grid = {"x": [3, 1], "name": ["b", "a"]}
    here = sweep(swept.luck, grid, [4, 2], executor=1)
    there = sweep(swept.luck, grid, [4, 2], executor=cluster.scheduler_address)

    assert list(map(repr, here.rows)) == list(map(repr, there.rows))


def test_a_function_that_raises_on_a_cluster(cluster: Any, tmp_path: Path) -> None:
    """The point's own sentence, as from a process of ours."""
    grid = {"x": [2, 3], "folder": [str(tmp_path)]}
    result = sweep(swept.picky, grid, [5], executor=cluster.scheduler_address, retries=1)

    assert [2] == result.get_column("value").tolist()
    assert "ValueError: three is not welcome with seed 5" in result.failed[0].problem
    assert 1 + 2 == swept.count_runs(tmp_path)


def test_a_point_that_kills_every_worker_takes_nobody_along(cluster: Any, tmp_path: Path) -> None:
    """Dask blames whatever was on the dead worker; so the point is asked once more with nothing beside it."""
    grid = {"x": list(range(8)), "bad": [3], "folder": [str(tmp_path)]}
    result = sweep(swept.deadly, grid, [0], executor=cluster.scheduler_address, retries=1)

    assert [0, 1, 2, 4, 5, 6, 7] == result.get_column("value").tolist()
    assert ["x = 3"] == [str(each).split(",")[0] for each in result.failed]
    assert "every worker that ran it died" == result.failed[0].problem


def test_a_cluster_that_goes_away(tmp_path: Path) -> None:
    """What had come by then is there; the rest is not run, and no point is blamed."""
    require(find_spec("distributed"), HOW_TO_INSTALL)
    import distributed  # noqa: PLC0415 - it may be missing

    file = tmp_path / "sweep.jsonl"
    grid = {"x": list(range(40)), "folder": [str(tmp_path)], "sleep": [0.2]}
    leaving = workers.start_cluster(distributed, 1, 1)

    def leave() -> None:
        wait_until(lambda: file.exists() and file.read_bytes().count(b"\n") > 3)
        leaving.close()

    closer = threading.Thread(target=leave)
    closer.start()
    result = sweep(swept.counted, grid, [1], executor=leaving.scheduler_address, checkpoint=file)
    closer.join()

    assert () == result.failed
    assert 3 <= len(result.rows) < 40
    assert 40 == len(result.rows) + len(result.missing)
    assert result.trouble[0].startswith("the workers were lost: ")


def test_our_own_cluster_listens_on_the_loopback_address_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scheduler, nannies and workers, as the system lists their sockets; and it ends with the sweep."""
    require(find_spec("distributed"), HOW_TO_INSTALL)
    heard = set[str]()
    us = psutil.Process()
    before = set(us.children(recursive=True))

    def look(_progress: Any) -> None:
        for process in (us, *us.children(recursive=True)):
            for line in process.net_connections("inet"):
                if line.status == psutil.CONN_LISTEN:
                    heard.add(line.laddr.ip)

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    result = sweep(swept.total, {"x": [1, 2, 3]}, [1], executor="dask", progress=look)

    assert [1001, 2001, 3001] == result.get_column("value").tolist()
    assert {"127.0.0.1"} == heard
    wait_until(lambda: set(us.children(recursive=True)) <= before)


def test_a_scheduler_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens; or somebody listens who never answers. The address is named, within the time limit."""
    require(find_spec("distributed"), HOW_TO_INSTALL)
    monkeypatch.setattr(workers, "DIAL_PATIENCE", 1.0)
    with socket.socket() as free, socket.socket() as mute:
        free.bind(("127.0.0.1", 0))
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        for each, limit in ((free, 1), (mute, 2)):
            address = "tcp://{}:{}".format(*each.getsockname())
            begun = time.monotonic()
            with pytest.raises(
                UsageError, match=f"scheduler at {address} cannot be reached within {limit} s"
            ):
                sweep(swept.total, {"x": [1]}, [1], executor=address)
            assert time.monotonic() - begun < PATIENCE / 4


def test_a_scheduler_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would let the points wait for ever."""
    require(find_spec("distributed"), HOW_TO_INSTALL)
    import distributed  # noqa: PLC0415 - it may be missing

    monkeypatch.setattr(workers, "DIAL_PATIENCE", 5.0)  # it must be reached first
    with (
        workers.start_cluster(distributed, 0, 1) as empty,
        pytest.raises(UsageError, match=r"has no workers; start one with dask worker"),
    ):
        sweep(swept.total, {"x": [1]}, [1], executor=empty.scheduler_address)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it were not installed."""
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.startswith("distributed"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError, match=r"pip install 'blockchain-lab\[cluster\]'"):
        sweep(swept.total, {"x": [1]}, [1], executor="dask")
