"""In a notebook a sweep goes on between the cells: they run, the button is heard, and it can be awaited."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from support import swept

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.sweep import LiveSweep, start_sweep, sweep
from blockchain_lab.scale.sweep_progress import Bar, Progress

ROOT = Path(__file__).parent.parent.parent


def test_it_returns_at_once_and_the_loop_is_free(tmp_path: Path) -> None:
    """Other work is done a hundred times meanwhile; the table is that of `sweep`."""
    grid = {"x": list(range(10)), "folder": [str(tmp_path)], "sleep": [0.02]}

    async def play() -> tuple[int, LiveSweep]:
        with ThreadPoolExecutor(2) as threads:
            live, beside = start_sweep(swept.counted, grid, [1], executor=threads), 0
            assert not live.result.is_complete
            while not live.task.done():
                await asyncio.sleep(0.001)
                beside += 1
            assert (await live).is_complete
        return beside, live

    beside, live = asyncio.run(play())

    assert beside > 20
    with ThreadPoolExecutor(1) as thread:
        assert sweep(swept.counted, grid, [1], executor=thread).rows == live.result.rows
    assert (10, 10) == (live.bar.bar.value, live.bar.bar.max)
    assert "10 of 10 points" in live.bar.words.value
    assert "Finished" == live.bar.button.description


def test_the_button_cancels_and_keeps_what_is_finished(tmp_path: Path) -> None:
    """Then the same sweep goes on from the file, and runs no finished point again."""
    folder, file = tmp_path / "runs", tmp_path / "sweep.jsonl"
    folder.mkdir()
    grid = {"x": list(range(30)), "folder": [str(folder)], "sleep": [0.02]}

    async def play() -> LiveSweep:
        with ThreadPoolExecutor(1) as thread:
            live = start_sweep(swept.counted, grid, [1], executor=thread, checkpoint=file)
            while len(live.result.rows) < 3:
                await asyncio.sleep(0.005)
            live.bar.button.click()
            await live
        return live

    live = asyncio.run(play())
    stopped = live.result

    assert 3 <= len(stopped.rows) < 30
    assert live.bar.words.value.startswith(f"{len(stopped.rows)} of 30 points, cancelled after")
    assert ("the sweep was cancelled",) == stopped.trouble
    assert 30 == len(stopped.rows) + len(stopped.missing)
    before = swept.count_runs(folder)
    with ThreadPoolExecutor(1) as thread:
        whole = sweep(swept.counted, grid, [1], executor=thread, checkpoint=file)
    assert whole.is_complete
    assert len(stopped.rows) == whole.resumed
    assert 30 - whole.resumed == swept.count_runs(folder) - before


def test_what_python_raises_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the bar at once, and in the cell that awaits."""

    async def play() -> LiveSweep:
        with ThreadPoolExecutor(1) as thread:
            live = start_sweep(swept.total, {"x": [1]}, [1], executor=thread)
            monkeypatch.setattr(live.run, "take", lambda done: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await live
        return live

    assert "Python raised ZeroDivisionError: division by zero" == asyncio.run(play()).bar.words.value


def test_the_bar_says_what_failed() -> None:
    """In colour and in words."""
    bar = Bar(lambda: None)
    bar(Progress(done=1, failed=0, total=4, resumed=0, seconds=2.0))
    assert ("1 of 4 points, about 0:06 left", "") == (bar.words.value, bar.bar.bar_style)

    bar(Progress(done=3, failed=1, total=4, resumed=0, seconds=8.0, is_over=True))
    assert ("3 of 4 points, 1 failed, 0:08 in all", "danger") == (bar.words.value, bar.bar.bar_style)


def test_the_bar_says_that_it_was_cancelled() -> None:
    """At the press, though nobody has heard it yet; and in the end, which is no success, what is kept."""
    pressed = list[str]()
    bar = Bar(lambda: pressed.append(bar.button.description))
    bar(Progress(done=1, failed=0, total=4, resumed=0, seconds=2.0))
    bar.button.click()

    bar.button.click()
    assert ["Cancelling"] == pressed, "one press is enough"
    bar(Progress(done=2, failed=0, total=4, resumed=0, seconds=2.2))
    assert "Cancelling" == bar.button.description
    bar(Progress(done=2, failed=0, total=4, resumed=0, seconds=2.4, is_over=True, is_cancelled=True))
    assert "2 of 4 points, cancelled after 0:03, these are kept" == bar.words.value
    assert ("warning", "Cancelled") == (bar.bar.bar_style, bar.button.description)
    bar.button.click()
    assert ["Cancelling"] == pressed
    assert not bar.button.disabled, "who has the focus on it would lose it"


def test_in_a_script_there_is_no_loop() -> None:
    """And a sentence says what to call instead."""
    with pytest.raises(UsageError, match="call sweep"):
        start_sweep(swept.total, {"x": [1]}, [1])


CELLS = (
    "from support import swept; from blockchain_lab.scale.sweep import start_sweep, sweep",
    "grid = {'x': list(range(60)), 'folder': [FOLDER], 'sleep': [0.1]}",
    "live = start_sweep(swept.counted, grid, [1], executor=2)\nlive",
    "import asyncio\nwhile len(live.result.rows) < 2: await asyncio.sleep(0.05)",
    "print(len(live.result.rows) < 60)",
    "live.bar.button.click()\nresult = await live\nprint(result.describe().splitlines()[-1])",
    "def mine(params, seed):\n    return seed",
    "try: sweep(mine, {'x': [1]}, [1])\nexcept Exception as error: print(error)",
    "print(sweep(swept.total, {'x': [1, 2]}, [1], executor=2, progress=False).rows)",
)


def test_in_a_real_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes start from a notebook's kernel; cells run meanwhile; a cell's own function is explained."""
    paths = [str(ROOT), str(ROOT / "widgets"), str(ROOT / "tests")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[nbformat.v4.new_code_cell(each.replace("FOLDER", repr(str(tmp_path)))) for each in CELLS],
    )
    NotebookClient(notebook, timeout=120).execute()

    assert "application/vnd.jupyter.widget-view+json" in notebook.cells[2].outputs[0].data
    assert "of 60 points finished" in notebook.cells[2].outputs[0].data["text/plain"]
    words: list[Any] = [each.outputs[0].text.strip() if each.outputs else "" for each in notebook.cells[4:]]
    assert ["True", "the sweep was cancelled"] == words[:2]
    assert "found mine, which is defined in a cell of a notebook" in words[3]
    assert "%%writefile my_sweep.py" in words[3]
    assert str([{"x": 1, "seed": 1, "value": 1001}, {"x": 2, "seed": 1, "value": 2001}]) == words[4]
