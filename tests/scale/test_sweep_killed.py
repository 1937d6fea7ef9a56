"""The sweeping process itself is killed, interrupted, or badly begun: what was written is never run again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from support import swept

from blockchain_lab.scale.sweep import sweep

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
PATIENCE = 60.0  # seconds on a busy machine

SCRIPT = """
import signal, sys
from support import swept
from blockchain_lab.scale.sweep import sweep
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
    folder, file = sys.argv[1:]
    grid = {"x": list(range(20)), "folder": [folder], "sleep": [0.15]}
    result = sweep(swept.counted, grid, [1, 2], executor=2, checkpoint=file)
    print(result.describe(), flush=True)
"""


Start = Callable[[str, Path, Path], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a script in a process of its own, which does not outlive the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(script: str, folder: Path, file: Path) -> "subprocess.Popen[str]":
        path = folder.parent / "script.py"
        path.write_text(script, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, str(path), str(folder), str(file)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a group of processes of its own, as a terminal makes one
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again; fails when it never is."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(process: psutil.Process) -> bool:
    """Does it still run?"""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def get_written(file: Path) -> int:
    """Whole lines behind the head."""
    return file.read_bytes().count(b"\n") - 1 if file.exists() else 0


def test_what_was_written_before_a_kill_is_not_run_again(start: Start, tmp_path: Path) -> None:
    """SIGKILL after five points or more. The second run asks only for the rest, and has the same table."""
    folder, file = tmp_path / "runs", tmp_path / "sweep.jsonl"
    folder.mkdir()
    process = start(SCRIPT, folder, file)
    wait_until(lambda: get_written(file) >= 5)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    wait_until(lambda: not any(map(is_alive, workers)))
    written, before = get_written(file), swept.count_runs(folder)
    assert 5 <= written < 40

    grid = {"x": list(range(20)), "folder": [str(folder)], "sleep": [0.15]}
    result = sweep(swept.counted, grid, [1, 2], executor=2, checkpoint=file)

    assert written == result.resumed
    assert [x * 1000 + seed for x in range(20) for seed in (1, 2)] == result.get_column("value").tolist()
    assert 40 - written == swept.count_runs(folder) - before, "points that were written were run again"
    again = sweep(swept.counted, grid, [1, 2], executor=2, checkpoint=file)
    assert 40 == again.resumed
    assert result.rows == again.rows
    assert 40 - written == swept.count_runs(folder) - before


def test_an_interrupt_keeps_what_is_finished(start: Start, tmp_path: Path) -> None:
    """Ctrl-C while one worker is busy for long and one has nothing to do: all end at once, without a word."""
    folder, file = tmp_path / "runs", tmp_path / "sweep.jsonl"
    script = SCRIPT.replace("swept.counted", "swept.slow").replace("range(20)", "range(4)")
    process = start(script.replace("[1, 2]", "[1]"), folder, file)
    wait_until(lambda: get_written(file) == 3)
    workers = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers hear it, too
    words, errors = process.communicate(timeout=PATIENCE)

    assert ("", 0) == (errors, process.returncode)
    assert words.startswith("3 of 4 points finished\n")
    assert words.endswith("the sweep was cancelled\n")
    wait_until(lambda: not any(map(is_alive, workers)))


def test_a_script_without_its_guard_is_told_so(start: Start, tmp_path: Path) -> None:
    """Every worker would read the script and sweep again: it ends in a sentence."""
    script = SCRIPT.replace('if __name__ == "__main__":', "if True:")
    process = start(script, tmp_path, tmp_path / "sweep.jsonl")
    _, errors = process.communicate(timeout=PATIENCE)

    assert 1 == process.returncode
    last = errors.strip().splitlines()[-1]
    assert "UsageError: executor: a worker died before it could begin; in a script, call sweep below" in last


def test_a_script_may_sweep_its_own_function(start: Start, tmp_path: Path) -> None:
    """Its checkpoint knows the function by the script's name, not by `__main__`, which every script is."""
    own = SCRIPT.replace("if __name__", "def mine(params, seed):\n    return seed\n\nif __name__")
    process = start(own.replace("swept.counted", "mine"), tmp_path, tmp_path / "sweep.jsonl")
    words, errors = process.communicate(timeout=PATIENCE)

    assert ("40 of 40 points finished\n", "") == (words, errors)
    assert '"function": "script:mine"' in (tmp_path / "sweep.jsonl").read_text(encoding="utf-8")


def test_a_module_that_workers_lack_is_named(start: Start, tmp_path: Path) -> None:
    """Here it exists only in the memory of the process that sweeps."""
    script = SCRIPT.replace("from support import swept", "import types\nfrom support import swept").replace(
        "    folder, file",
        "    lonely = types.ModuleType('lonely')\n    exec('def counted(p, s): return s', lonely.__dict__)\n"
        "    sys.modules['lonely'] = swept = lonely\n    folder, file",
    )
    process = start(script, tmp_path, tmp_path / "sweep.jsonl")
    _, errors = process.communicate(timeout=PATIENCE)

    assert "UsageError: executor: a worker cannot import the function: ModuleNotFoundError" in errors
    assert "No module named 'lonely'" in errors
