"""Starts one of our own programs behind the fences, and reads what it tells: JSON, a line at a time.

What runs there is in a process of its own, with nothing of ours in its reach but the course. It knows no
question and no learner.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from blockchain_lab.teach.fences import PATIENCE


def run_fenced(module: str, work: Any, folder: Path, seconds: int) -> tuple[list[dict[str, Any]], str]:
    """Run one of our two programs: the JSON lines that it told, and why it ended early, if it did."""
    command = [sys.executable, "-I", "-m", f"blockchain_lab.teach.{module}"]
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True, env={"HOME": str(folder), "PATH": os.defpath},
    )  # fmt: skip
    problem = ""
    try:
        out, _ = process.communicate(json.dumps(work).encode(), timeout=PATIENCE * seconds)
        if process.returncode:
            problem = f"ended early ({describe_end(process.returncode)})"
    except subprocess.TimeoutExpired:
        end(process)
        out, _ = process.communicate()
        problem = f"stopped after {PATIENCE * seconds} s"
    except BaseException:  # Ctrl-C: it is in a session of its own, and would go on alone
        end(process)
        process.wait()
        raise
    return list(read_lines(out)), problem


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we have started, and all that it has started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def describe_end(code: int) -> str:
    """How a process has ended, in words."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return "it used up its processor time"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def read_lines(out: bytes) -> Iterator[dict[str, Any]]:
    """What was told, line by line; what is no JSON object is passed over."""
    for line in out.splitlines():
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict):
            yield told
