"""Lessons are tried side by side: in their order, with the same result, and none of them stops the others."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock

import pytest
from click.testing import CliRunner

from blockchain_lab.cli import main
from blockchain_lab.course.registry import LESSONS, Lesson, find_lesson
from blockchain_lab.teach import commands, trials
from blockchain_lab.teach.fenced import run_fenced
from blockchain_lab.teach.selftest import Health
from blockchain_lab.teach.trials import COMMAND, LONGEST, Tell, Trials, get_rank

SMALL = [find_lesson("L03"), find_lesson("L10")]
THREE = [find_lesson(name) for name in ("L03", "L10", "L18")]
SOUND = """
import json, os, signal, sys, time
work = json.load(sys.stdin)
def tell(**line): print(json.dumps(line), flush=True)
tell(trying=work["lesson"] + ".q1")
"""
TOLD = 'tell(questions=1, wrong_answers=2, seconds=3, faults=[work["lesson"]])\n'


def make_trials(script: str, tell: Tell, **options: Any) -> Trials:
    """Trials of lessons whose processes run a script."""
    return Trials(7, tell, command=[sys.executable, "-c", script], **options)


def play(script: str, lessons: list[Lesson], workers: int) -> list[Health]:
    """What comes of them."""
    with closing(make_trials(script, lambda text, done: None).try_all(lessons, workers)) as healths:
        return list(healths)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_lessons_come_in_their_order(workers: int) -> None:
    """Though the longest begins first; and one that is named twice is tried once."""
    twice, numbers = [*THREE, THREE[0]], []

    def tell(text: str, done: int) -> None:
        numbers.append(done)

    with closing(make_trials(SOUND + TOLD, tell).try_all(twice, workers)) as coming:
        healths = list(coming)

    assert [Health(lesson, 1, 2, 3, [lesson.id]) for lesson in twice] == healths
    assert 3 == numbers[-1]


def test_the_longest_begin_first() -> None:
    """One at a time, by what is told of them; the names in the table are lessons that there are."""
    heard: list[str] = []
    one_by_one = make_trials(SOUND + TOLD, lambda text, done: heard.append(text)).try_all(THREE, 1)
    with closing(one_by_one) as healths:
        list(healths)

    assert ["L18.q1", "L03.q1", "L10.q1"] == [text for text in heard if text]
    assert set(LONGEST) <= {lesson.id for lesson in LESSONS}
    assert [0, 1, len(LONGEST)] == [get_rank(find_lesson(name)) for name in ("L18", "L08", "L03")]


def test_a_lesson_that_dies_is_named_and_the_others_go_on() -> None:
    """By a signal, or by leaving: with what was tried last."""
    dies = 'if work["lesson"] == "L10": os.kill(os.getpid(), signal.SIGKILL)\n'
    leaves = 'if work["lesson"] == "L18": sys.exit(3)\n'
    first, second, third = play(SOUND + dies + leaves + TOLD, THREE, 2)

    assert ["L03"] == first.faults
    assert ["L10: ended early (signal 9), the last tried was L10.q1"] == second.faults
    assert ["L18: ended early (exit code 3), the last tried was L18.q1"] == third.faults


def test_a_lesson_that_hangs_is_ended_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would sleep for an hour. The alarm rings as soon as it sleeps, for no clock is asked here."""
    alarms: dict[str, Thread] = {}

    def set_alarm(seconds: float, ring: Callable[..., None], arguments: list[Any]) -> Mock:
        alarms[arguments[0].id] = Thread(target=ring, args=arguments)
        return Mock()

    def tell(text: str, done: int) -> None:
        if "L10.q1" in text and not alarms["L10"].ident:
            alarms["L10"].start()

    monkeypatch.setattr(trials, "Timer", set_alarm)
    hangs = SOUND + 'if work["lesson"] == "L10": time.sleep(3600)\n' + TOLD
    with closing(make_trials(hangs, tell, patience=600).try_all(SMALL, 2)) as healths:
        first, second = healths

    assert ["L03"] == first.faults
    assert ["L10: stopped after 600 s, the last tried was L10.q1"] == second.faults


def is_alive(process: int) -> bool:
    """Is there such a process, and is it more than an entry that nobody has asked for?"""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("obeys", [True, False], ids=["obeys", "deaf"])
def test_who_leaves_early_leaves_nothing_running(obeys: bool) -> None:
    """Both lessons sleep for an hour; one that does not hear the request is made to end."""
    deaf = "" if obeys else "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    told = "tell(trying=str(os.getpid()))\ntime.sleep(3600)\n"
    heard: list[str] = []

    def tell(text: str, done: int) -> None:
        if len(heard) < 2 and len(found := [word for word in text.split(", ") if word.isdigit()]) == 2:
            heard.extend(found)
            os.kill(os.getpid(), signal.SIGINT)  # as Ctrl-C does, to this process alone

    both = make_trials(SOUND + deaf + told, tell).try_all(SMALL, 2)
    with pytest.raises(KeyboardInterrupt), closing(both) as healths:
        list(healths)

    assert 2 == len(heard)
    assert [] == [process for process in heard if is_alive(int(process))]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_lessons_process_ends_what_it_has_started() -> None:
    """Its notebook runs in a session of its own, where no Ctrl-C comes; it ends with the lesson's process."""
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin as work:
        work.write(json.dumps({"lesson": "L03", "seed": 7}).encode())
    while json.loads(process.stdout.readline()).get("trying") != "L03 untouched":
        pass
    child = ""
    while not (child and Path(f"/proc/{child}/fd/0").readlink() == Path(os.devnull)):  # it has its work
        child = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().strip()
    process.terminate()
    process.stdout.close()

    assert 0 != process.wait()
    assert not is_alive(int(child))


def test_ctrl_c_ends_what_is_behind_the_fences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Marking is left while it waits for a learner's cells."""
    begun: list[subprocess.Popen[bytes]] = []

    def wait(process: subprocess.Popen[bytes], *arguments: object, **options: object) -> None:
        begun.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", wait)
    with pytest.raises(KeyboardInterrupt):
        run_fenced("cell_runner", {}, tmp_path, 60)

    assert [-signal.SIGKILL] == [process.returncode for process in begun]


def test_the_number_of_workers_changes_no_result() -> None:
    """Two small lessons with one worker and with two: the same lines but for the seconds, and no faults."""
    arguments = ["selftest", "--lesson", "L03", "--lesson", "L10", "--workers"]
    one, two = (CliRunner().invoke(main, [*arguments, workers]) for workers in ("1", "2"))
    lines = [[line.split()[:3] + line.split()[4:] for line in run.stdout.splitlines()] for run in (one, two)]

    assert (0, 0) == (one.exit_code, two.exit_code)
    assert lines[0] == lines[1]
    assert ["03-nat", "10-transactions"] == [line[0] for line in lines[0][1:]]
    assert ["none", "none"] == [line[-1] for line in lines[0][1:]]


@pytest.mark.parametrize("command", [["selftest"], ["grade", "."]])
@pytest.mark.parametrize("workers", ["0", "-1", "two", "1.5"])
def test_workers_are_a_whole_number_from_one(command: list[str], workers: str) -> None:
    """Anything else is the caller's fault, and nothing runs."""
    result = CliRunner().invoke(main, [*command, "--workers", workers])

    assert 2 == result.exit_code
    assert "--workers" in result.output


def test_a_fault_is_the_commands_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line says which, the code says that there is one."""
    faulty = Health(SMALL[0], 1, 2, 3, ["L03.q1: broken"])
    told = [faulty, Health(SMALL[1])]
    monkeypatch.setattr(commands.Trials, "try_all", lambda *_: (health for health in told))
    result = CliRunner().invoke(main, ["selftest", "--lesson", "L03", "--lesson", "L10"])

    assert 1 == result.exit_code
    assert isinstance(result.exception, SystemExit)
    assert 3 == len(result.stdout.splitlines())
    assert "L03.q1: broken" in result.stdout
