"""Without numba, or with a broken one, large networks run in plain Python and say so once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.engines import need_engine
from support.repository import ROOT

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.run import get_engine

PLAY = """
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.run import get_engine, simulate
from support.random_networks import make_random_network
for _ in range(2):
    print(simulate(make_random_network(5), Plan(blocks=1)).engine)
"""
NO_NUMBA = "import sys; sys.modules['numba'] = None\n"


def run(code: str, **environment: str) -> list[str]:
    """What a fresh interpreter prints."""
    paths = os.pathsep.join([environment.pop("FIRST", ""), str(ROOT), str(ROOT / "tests")])
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.splitlines()


def test_without_numba_the_plain_loop_plays() -> None:
    """One line says why, and how to change it."""
    note, *engines = run(NO_NUMBA + PLAY)

    assert note.endswith("numba is not installed: pip install blockchain-lab[fast]")
    assert ["plain", "plain"] == engines


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("raise OSError('no LLVM for this processor')", "OSError: no LLVM for this processor"),
        ("njit = lambda *_, **__: (lambda rule: lambda *_: 0)", "No module named 'numba.core'"),
    ],
)
def test_with_a_broken_numba_the_plain_loop_plays(broken, said, tmp_path: Path) -> None:
    """Whatever it raises when it is imported."""
    (tmp_path / "numba").mkdir()
    (tmp_path / "numba" / "__init__.py").write_text(broken, encoding="utf-8")
    note, *engines = run(PLAY, FIRST=str(tmp_path))

    assert "numba does not work here" in note
    assert said in note
    assert ["plain", "plain"] == engines


def test_whoever_insists_on_the_kernel_is_refused() -> None:
    """He asked for what cannot be."""
    code = "from blockchain_lab.scale.run import get_engine\ntry: get_engine('compiled')\n"
    said = run(NO_NUMBA + code + "except Exception as error: print(type(error).__name__, error)")

    assert said[-1].startswith("UsageError engine: found 'compiled', but numba is not installed")


def test_numba_is_imported_only_to_play() -> None:
    """Half a second that nobody pays for a plan, or for the plain loop."""
    ask = "get_engine('plain'); import sys; print('numba' in sys.modules)"

    assert ["False"] == run("from blockchain_lab.scale.run import get_engine\n" + ask)


def test_an_unknown_engine_is_refused() -> None:
    """With the names of those there are."""
    with pytest.raises(UsageError, match="found 'turbo', wanted one of plain, compiled, or None"):
        get_engine("turbo")


def test_the_engine_says_why() -> None:
    """The fastest there is, unless somebody asks for another one."""
    need_engine("compiled")

    assert ("compiled", "numba is installed") == get_engine()
    assert ("plain", "asked for") == get_engine("plain")
