"""The file of a sweep: what it holds comes back bit for bit, and what is not its own is refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as some_numpy

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.checkpoint import Checkpoint
from blockchain_lab.scale.sweep_answers import from_plain, to_plain
from blockchain_lab.scale.sweep_points import Question

QUESTION = Question("studies:stale", "0.1.0", {"degree": [4, 8], "relay": ["push"]}, [0, 1])
NUMBERS = some.booleans() | some.integers() | some.floats()
DTYPES = some.sampled_from(["<i8", ">i4", "|u1", "<u8", "<f8", ">f4", "<f2", "|b1"])
SHAPES = some_numpy.array_shapes(max_dims=3, min_side=0)
ARRAYS = DTYPES.flatmap(lambda dtype: some_numpy.arrays(dtype, SHAPES))
ANSWERS = some.dictionaries(some.text(), NUMBERS | ARRAYS, min_size=1, max_size=4)


def is_same(a: Any, b: Any) -> bool:
    """Type, shape and every number, NaN included."""
    if isinstance(a, np.ndarray):
        return (
            a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        )
    return type(a) is type(b) and repr(a) == repr(b)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A place for a file."""
    yield tmp_path / "sweep.jsonl"


def open_once(path: Path, question: Question = QUESTION, points: int = 4) -> dict[int, Any]:
    """What the file holds."""
    file = Checkpoint(path, question, points)
    file.close()
    return file.answers


@given(ANSWERS)
def test_an_answer_comes_back_bit_for_bit(answer: dict[str, Any]) -> None:
    """Through JSON that knows neither NaN nor arrays; the order of the names as well."""
    back = from_plain(json.loads(json.dumps(to_plain(answer), allow_nan=False)))

    assert list(answer) == list(back)
    assert all(is_same(answer[name], back[name]) for name in answer)


def test_what_is_added_is_there_when_it_is_opened_again(path: Path) -> None:
    """In any order of points."""
    file = Checkpoint(path, QUESTION, 4)
    file.add({2: {"stale": 3}})
    file.add({0: {"stale": 1}, 3: {"stale": 9}})
    assert "" == file.trouble
    file.close()

    assert {2: {"stale": 3}, 0: {"stale": 1}, 3: {"stale": 9}} == open_once(path)


def test_the_disk_has_it_before_anybody_hears_of_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut loses what the system had only promised to write."""
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda number: sizes.append(os.fstat(number).st_size))
    file = Checkpoint(path, QUESTION, 4)
    file.add({2: {"stale": 3}})
    file.close()

    assert path.stat().st_size == sizes[-1]
    assert 2 == len(sizes), "the head, and the point"


@pytest.mark.parametrize("kept", range(0, 60, 7))
def test_a_torn_last_line_is_dropped(path: Path, kept: int) -> None:
    """After a kill: what stands before it is good, and what is added next begins a line of its own."""
    file = Checkpoint(path, QUESTION, 4)
    file.add({0: {"stale": 1}})
    file.close()
    whole = path.read_bytes()
    torn = b'{"point": 1, "answer": {"stale": {"dtype": "<i8", "shape": [1], "va'[:kept]
    path.write_bytes(whole + torn)

    file = Checkpoint(path, QUESTION, 4)
    assert {0: {"stale": 1}} == file.answers
    assert whole == path.read_bytes()
    file.add({3: {"stale": 2}})
    file.close()

    assert {0: {"stale": 1}, 3: {"stale": 2}} == open_once(path)


@pytest.mark.parametrize("kept", [0, 1, 40])
def test_a_torn_head_is_written_anew(path: Path, kept: int) -> None:
    """Killed before the first point: nothing is lost."""
    open_once(path)
    head = path.read_bytes()
    path.write_bytes(head[:kept])

    assert {} == open_once(path)
    assert head == path.read_bytes()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"function": "studies:median"}, "function: 'studies:stale' there, 'studies:median' here"),
        ({"version": "0.2.0"}, "version: '0.1.0' there, '0.2.0' here"),
        ({"seeds": [0, 1, 2]}, r"seeds: \[0, 1\] there, \[0, 1, 2\] here"),
        (
            {"grid": {"degree": [4, 16], "relay": ["push"]}},
            r"grid\['degree'\]: \[4, 8\] there, \[4, 16\] here",
        ),
        ({"grid": {"degree": [4.0, 8], "relay": ["push"]}}, r"grid\['degree'\]"),
        ({"grid": {"degree": [4, 8]}}, r"grid\['relay'\]: \['push'\] there, None here"),
        ({"grid": {"relay": ["push"], "degree": [4, 8]}}, "order of the grid"),
    ],
)
def test_another_sweeps_file_is_refused_by_what_differs(path: Path, change: Any, why: str) -> None:
    """And left as it is."""
    open_once(path)
    before = path.read_bytes()

    with pytest.raises(UsageError, match=why):
        open_once(path, Question(**{**QUESTION.to_dict(), **change}))
    assert before == path.read_bytes()


@pytest.mark.parametrize("content", [b"dear diary", b"dear diary\n", b'{"a": 1}\n', b"\xff\xfe\n", b"[1]\n"])
def test_somebodys_other_file_is_not_overwritten(path: Path, content: bytes) -> None:
    """A wrong name costs nobody his diary."""
    path.write_bytes(content)

    with pytest.raises(UsageError, match="no checkpoint of a sweep"):
        open_once(path)
    assert content == path.read_bytes()


def test_a_spoilt_line_is_named(path: Path) -> None:
    """A kill tears the last line only; whatever else is wrong was somebody's hand."""
    open_once(path)
    head = path.read_bytes()
    for line in (
        b"{}",
        b"not json",
        b'{"point": 99, "answer": {"a": 1}}',
        b'{"point": 1, "answer": {"a": {}}}',
    ):
        path.write_bytes(head + line + b"\n" + b'{"point": 0, "answer": {"a": 1}}\n')
        with pytest.raises(UsageError, match="line 2: no finished point"):
            open_once(path)
    path.write_bytes(head.replace(b'"digest": "', b'"digest": "0'))
    with pytest.raises(UsageError, match="it was edited"):
        open_once(path)
    path.write_bytes(head.replace(b'"checkpoint": 1', b'"checkpoint": 2'))
    with pytest.raises(UsageError, match="format 2, wanted 1"):
        open_once(path)


def test_two_sweeps_do_not_share_a_file(path: Path) -> None:
    """Their lines would mix."""
    file = Checkpoint(path, QUESTION, 4)
    with pytest.raises(UsageError, match="another sweep is writing it now"):
        open_once(path)
    file.close()

    assert {} == open_once(path)


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Said before the first point is run: no such folder, a folder, a device that is always full."""
    for place, why in (
        (tmp_path / "nowhere" / "a.jsonl", "does not exist"),
        (tmp_path, "no plain file"),
        (Path("/dev/full"), "no plain file"),
    ):
        with pytest.raises(UsageError, match=why):
            open_once(place)


FULL_DISK = """
import resource, sys
from support import swept
from blockchain_lab.scale.sweep import sweep
from concurrent.futures import ThreadPoolExecutor
if __name__ == "__main__":
    limit = int(sys.argv[2])
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    with ThreadPoolExecutor(1) as thread:
        result = sweep(swept.total, {"x": list(range(30))}, [1], executor=thread, checkpoint=sys.argv[1])
    print(len(result.rows), result.is_complete, result.resumed)
    print(result.describe())
"""


def run_with_limit(path: Path, limit: int) -> list[str]:
    """A sweep in a process whose files may not grow beyond `limit` bytes (0: as they like)."""
    root = Path(__file__).parent.parent.parent
    script = path.parent / "script.py"
    script.write_text(FULL_DISK, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), str(path), str(limit)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == ran.stderr
    return ran.stdout.splitlines()


def test_a_full_disk_costs_no_finished_point(path: Path) -> None:
    """All answers are in memory, those that fitted are in the file, and the next run goes on from there."""
    first, *words = run_with_limit(path, 1_000)

    assert "30 True 0" == first
    assert f"checkpoint {path}: File too large; it holds " in words[-1]
    assert 1_000 >= path.stat().st_size
    held = int(words[-1].split("it holds ")[1].split()[0])
    assert 0 < held < 30
    assert f"{30 - held} more are in memory only" in words[-1]

    again, *words = run_with_limit(path, 0)

    assert again.startswith("30 True ")
    assert held <= int(again.split()[2]) < 30, "a line that fitted by luck may be there, too"
    assert 30 == len(open_all(path))


def open_all(path: Path) -> list[Any]:
    """The lines behind the head."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_no_room_even_for_the_head(path: Path) -> None:
    """Nothing has been computed yet, so this is a refusal."""
    script = "from blockchain_lab.base.errors import UsageError\n" + FULL_DISK.replace(
        "result = sweep(", "result = None\n        try: sweep("
    ).replace("sys.argv[1])\n", "sys.argv[1])\n        except UsageError as error: sys.exit(str(error))\n")
    root = Path(__file__).parent.parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", script, str(path), "50"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"checkpoint {path}: cannot be written: File too large" == ran.stderr.strip()
