"""Scripts that say how busy a machine is, and this machine's own counters."""

import subprocess
import sys
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest
from support.required import require

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.overlay.metric import (
    DOWNLOAD,
    UPLOAD,
    Reading,
    compute_quality,
    find_problem,
    get_blog_attributes,
    get_fair_attributes,
)
from blockchain_lab.overlay.metric_sources import ScriptedSource, read_script
from blockchain_lab.sockets.machine import MachineSource

BUSY = [[SECOND, 200], [5 * SECOND, 3_000, 2_000_000, 0, 10], [7 * SECOND, 1_000]]


def test_a_script_is_read_as_counters() -> None:
    """Idle, then two seconds of 2 MB each going out, then idle again with all of it still counted."""
    source = read_script({"busy": BUSY, "cores": 4})

    assert [
        Reading(0, 0, 4),
        Reading(SECOND, 200, 4),
        Reading(5_500_000, 3_000, 4, sent=1_000_000, read=5),
        Reading(7 * SECOND, 1_000, 4, sent=4_000_000, read=20),
        Reading(60 * SECOND, 1_000, 4, sent=4_000_000, read=20),
    ] == [source.read(at) for at in (0, SECOND, 5_500_000, 7 * SECOND, 60 * SECOND)]


def test_a_script_has_a_metric() -> None:
    """3 tasks on 4 cores, 1,500,000 bytes a second: 2 * 0.75 + 0.001 * 1,000."""
    source = read_script({"busy": [[0, 3_000, 1_500_000]], "cores": 4})
    readings = source.read(SECOND), source.read(3 * SECOND)

    assert 2.5 == compute_quality(get_fair_attributes(*readings, DOWNLOAD))
    assert 1.5 == compute_quality(get_fair_attributes(*readings, UPLOAD))


def test_who_has_no_script_is_idle() -> None:
    """One core, nothing to do."""
    assert ScriptedSource() == read_script({})
    assert Reading(9, 0) == read_script({}).read(9)


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ({"busy": 7}, "policy.busy: found 7, accepted: rows of 2 to 6 whole numbers from 0 on"),
        ({"busy": [[1]]}, "rows of 2 to 6"),
        ({"busy": [[0, 1, 2, 3, 4, 5, 6]]}, "rows of 2 to 6"),
        ({"busy": [[0, 0.5]]}, "rows of 2 to 6"),
        ({"busy": [[0, True]]}, "rows of 2 to 6"),
        ({"busy": [[0, -1]]}, "rows of 2 to 6"),
        ({"busy": [[5, 1], [5, 2]]}, "policy.busy: 5 comes after 5, wanted moments that rise"),
        ({"cores": 0}, "policy.cores: found 0, accepted: a whole number from 1 to 1024"),
    ],
)
def test_a_script_that_cannot_be_is_refused(policy: dict[str, Any], problem: str) -> None:
    """With the key and what is accepted."""
    with pytest.raises(UsageError, match=problem):
        read_script(policy)


def test_this_machine_has_a_metric() -> None:
    """Whatever it is busy with: a finite number that is not negative."""
    require(find_spec("psutil"), "psutil is missing: pip install -e '.[test]'")
    source = MachineSource()
    before, after = source.read(0), source.read(SECOND)

    assert after.cores >= 1 and after.load >= 0
    assert "" == find_problem(compute_quality(get_blog_attributes(before, after)))
    assert "" == find_problem(compute_quality(get_fair_attributes(before, after, DOWNLOAD)))


def test_pyrsias_disk_is_what_all_processes_have_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three, one of whom nobody may look at; a machine that counts none of it says 0."""
    require(find_spec("psutil"), "psutil is missing: pip install -e '.[test]'")
    source = MachineSource()
    counters = [
        SimpleNamespace(read_bytes=5, write_bytes=70),
        None,
        SimpleNamespace(read_bytes=2, write_bytes=0),
    ]
    processes = [SimpleNamespace(info={"io_counters": each}) for each in counters]
    monkeypatch.setattr(source._psutil, "process_iter", lambda wanted: iter(processes))

    found = source.read_as_pyrsia(SECOND)
    assert (7, 70) == (found.read, found.written)
    assert (SECOND, source.read(SECOND).cores) == (found.at, found.cores)
    monkeypatch.setattr(source._psutil, "Process", object)
    assert (0, 0) == (source.read_as_pyrsia(0).read, source.read_as_pyrsia(0).written)


def test_without_psutil_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """And only who asks for this machine needs it."""
    monkeypatch.setitem(sys.modules, "psutil", None)

    with pytest.raises(UsageError, match=r"pip install blockchain-lab\[metrics\]"):
        MachineSource()


def test_nobody_imports_psutil_unasked() -> None:
    """A fresh program that knows the room does not have the library."""
    program = "import sys, blockchain_lab.sockets.machine; print('psutil' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "False" == said.stdout.strip()
