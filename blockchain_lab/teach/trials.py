"""Lessons tried side by side, each in a process of its own: who dies or hangs is named, the others go on.

    with closing(Trials(7, tell).try_all(lessons, workers=2)) as healths:
        for health in healths: ...       in the order of the lessons, whoever is done first

The longest begin first, so that none of them is left over in the end. Whoever leaves early ends them all.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, Timer
from typing import Final

from blockchain_lab.course.registry import Lesson
from blockchain_lab.teach.fenced import describe_end, end, read_lines
from blockchain_lab.teach.selftest import Health

COMMAND: Final = (sys.executable, "-P", "-m", "blockchain_lab.teach.lesson_runner")
LONGEST: Final = ("L18", "L08", "L12", "L14", "L04", "L13", "L07")  # 186 s to 28 s each, one at a time
HOUR: Final = 3600  # seconds on the clock after which a lesson hangs
GRACE: Final = 5  # seconds for a process to end what it has started

Process = subprocess.Popen[bytes]
Tell = Callable[[str, int], None]


def count_processors() -> int:
    """How many of them this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def get_rank(lesson: Lesson) -> int:
    """The place in the queue. A wrong one costs time, and changes nothing else."""
    return LONGEST.index(lesson.id) if lesson.id in LONGEST else len(LONGEST)


class Trials:
    """The lessons of one self-test, on their way."""

    def __init__(
        self, seed: int, tell: Tell, *, command: Sequence[str] = COMMAND, patience: float = HOUR
    ) -> None:
        """tell: hears what is being tried, and how many lessons are done. patience: seconds for a lesson."""
        self._seed, self._tell, self._command, self._patience = seed, tell, command, patience
        self._lock = Lock()
        self._running: dict[str, Process] = {}
        self._tried: dict[str, str] = {}  # what of it, by lesson
        self._late: list[str] = []
        self._done, self._is_over = 0, False

    def try_all(self, lessons: Sequence[Lesson], workers: int) -> Generator[Health, None, None]:
        """Each as soon as it and all before it are done. Ends what still runs when it is closed."""
        with ThreadPoolExecutor(workers) as pool:
            queue = sorted(dict.fromkeys(lessons), key=get_rank)
            coming = {lesson.id: pool.submit(self.try_one, lesson) for lesson in queue}
            try:
                for lesson in lessons:
                    yield coming[lesson.id].result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()

    def try_one(self, lesson: Lesson) -> Health:
        """How it stands, by the word of its process; if there is none, how that has ended."""
        process = self._begin(lesson)
        timer = Timer(self._patience, self._on_late, [lesson, process])
        timer.daemon = True
        timer.start()
        try:
            health = self._listen(lesson, process)
            code = process.wait()
        finally:
            timer.cancel()
        tried = self._on_done(lesson)
        if health is None:
            late = lesson.id in self._late
            why = f"stopped after {self._patience:g} s" if late else f"ended early ({describe_end(code)})"
            health = Health(lesson, faults=[f"{lesson.id}: {why}, the last tried was {tried or 'nothing'}"])
        return health

    def close(self) -> None:
        """End what runs, and begin nothing more."""
        with self._lock:
            self._is_over = True
            processes = list(self._running.values())
        stop(processes)

    def _begin(self, lesson: Lesson) -> Process:
        with self._lock:
            if self._is_over:
                raise CancelledError
            process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            self._running[lesson.id] = process
        self._hear(lesson, "")
        return process

    def _listen(self, lesson: Lesson, process: Process) -> Health | None:
        health = None
        with suppress(BrokenPipeError), process.stdin as work:  # type: ignore[union-attr]  # pipes, both
            work.write(json.dumps({"lesson": lesson.id, "seed": self._seed}).encode())
        with process.stdout as lines:  # type: ignore[union-attr]
            for told in (told for line in lines for told in read_lines(line)):
                if "trying" in told:
                    self._hear(lesson, told["trying"])
                else:
                    health = Health(lesson, **told)
        return health

    def _hear(self, lesson: Lesson, what: str) -> None:
        with self._lock:
            self._tried[lesson.id] = what
            self._tell(", ".join(filter(None, self._tried.values())), self._done)

    def _on_done(self, lesson: Lesson) -> str:
        with self._lock:
            del self._running[lesson.id]
            tried = self._tried.pop(lesson.id)
            self._done += 1
            self._tell(", ".join(filter(None, self._tried.values())), self._done)
        return tried

    def _on_late(self, lesson: Lesson, process: Process) -> None:
        self._late.append(lesson.id)
        stop([process])


def stop(processes: Sequence[Process]) -> None:
    """Ask them to end, which gives them time to end what they have started; then make them."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            end(process)
