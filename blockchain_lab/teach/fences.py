"""What keeps a learner's code from harming the machine that marks it: limits, and a watch on what it touches.

This stops mistakes and easy tricks: endless loops, lists that grow for ever, a cell that deletes files or
asks the network. It is **no wall**: Python cannot hold a determined attacker inside its own process. Who
marks the work of strangers runs `blockchain-lab grade` in a container or as a user that owns nothing.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

MEMORY: Final = 2_000_000_000  # bytes of address space
FILE: Final = 20_000_000  # bytes of a file that it writes
PATIENCE: Final = 6  # seconds on the clock for each of processor time
FORBIDDEN: Final = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
    "os.kill", "os.killpg", "ctypes.dlopen", "ctypes.dlsym", "pty.spawn", "os.putenv", "os.chdir",
)  # fmt: skip
ON_FILES: Final = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.chown", "os.utime", "shutil.rmtree", "shutil.move",
)  # fmt: skip
WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class CellTimeoutError(BaseException):
    """A cell has taken too long. Not an `Exception`: a learner's `except Exception` lets it pass."""


class ForbiddenError(Exception):
    """What a submission may not do. It is told in the cell's own words of error."""


def set_limits(seconds: int) -> None:
    """Limits that the system keeps, where it knows them (not on Windows): processor time, memory, files."""
    try:
        import resource  # noqa: PLC0415  (Unix only)
    except ImportError:
        return
    wanted = (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in wanted:
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def watch(folder: Path) -> None:
    """From now on refuse networks, other programs, and changes of files outside of `folder`. For good."""
    home = os.path.realpath(folder)

    def is_inside(path: Any) -> bool:
        if isinstance(path, int):
            return True  # a file that is open already
        place = os.path.realpath(os.fspath(path) if not isinstance(path, bytes) else os.fsdecode(path))
        return os.path.commonpath([home, place]) == home

    def check(event: str, arguments: tuple[Any, ...]) -> None:
        if event in FORBIDDEN:
            raise ForbiddenError(f"{event} is not allowed while work is marked")
        if event == "open":
            path, mode, flags = arguments
            is_written = (
                any(sign in mode for sign in "wax+") if isinstance(mode, str) else bool(flags & WRITING)
            )
            if is_written and path != os.devnull and not is_inside(path):
                raise ForbiddenError(f"writing {str(path)[:80]!r} is not allowed while work is marked")
        elif event in ON_FILES and not all(
            map(is_inside, arguments[: 1 + (event in ("os.rename", "shutil.move"))])
        ):
            raise ForbiddenError(f"{event} outside of its folder is not allowed while work is marked")

    sys.dont_write_bytecode = True  # what a cell imports first would be kept beside our code
    sys.addaudithook(check)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """CellTimeoutError when what is inside computes for longer, or sleeps for `PATIENCE` times as long.

    Processor time is what counts: a busy machine makes no answer wrong. Where there are no alarms, nothing.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise CellTimeoutError(f"stopped after {seconds:g} s")

    alarms = (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, PATIENCE * seconds),
    )
    before = [signal.signal(number, ring) for _, number, _ in alarms]
    for timer, _, first in alarms:
        signal.setitimer(timer, first, 1)  # again every second: a cell may catch it
    try:
        yield
    finally:
        for (timer, number, _), handler in zip(alarms, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)
