"""Installed as others install it: a wheel in an empty folder, and what Binder does with the repository.

Both use a clean virtual environment. It borrows the libraries of the one that the tests run in, by a path
behind its own, so nothing is downloaded.
"""

import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.repository import ROOT, copy_tracked


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git would give to somebody else."""
    return copy_tracked(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean environment's folder of programs."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=True, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return folder / "bin"


def call(clean: Path, *command: str, cwd: Path) -> str:
    """The output of a program in the clean environment, of which nothing else is known there."""
    keep = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HOME", "LANG"))}
    env = {**keep, "PATH": f"{clean}:/usr/bin:/bin", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert 0 == run.returncode, f"{' '.join(command)}\n{run.stdout}\n{run.stderr}"
    return run.stdout


@pytest.fixture(scope="module")
def wheel(clone: Path, clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network and installed in the clean environment."""
    folder = tmp_path_factory.mktemp("wheel")
    call(clean, "python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=clone)
    (built,) = folder.glob("*.whl")
    call(clean, "pip", "install", "--no-deps", "--no-index", "--quiet", str(built), cwd=folder)
    return built


def test_the_wheel_carries_all_that_the_command_needs(wheel: Path) -> None:
    """Lessons, scenarios, pages' modules, types, and JupyterLab's settings; no tests."""
    names = set(zipfile.ZipFile(wheel).namelist())
    settings = "blockchain_lab-{}.data/data/share/jupyter/lab/settings/overrides.d/blockchain_lab.json"

    assert {
        "blockchain_lab/_lessons/index.ipynb",
        "blockchain_lab/_lessons/figures/00-tour.svg",
        "blockchain_lab/scenarios/data/bcoin_regtest_chain.json",
        "blockchain_lab/py.typed",
        "blockchain_lab_widgets/py.typed",
        settings.format(version("blockchain-lab")),
    } <= names
    assert any(name.startswith("blockchain_lab_widgets/js/") for name in names)
    assert not any(name.startswith(("tests/", "lessons/", "widgets/")) for name in names)
    assert not any(name.startswith("blockchain_lab/_lessons/") and name.endswith(".py") for name in names)


def test_the_wheel_works_in_an_empty_folder(wheel: Path, clean: Path, tmp_path: Path) -> None:
    """It lists and runs scenarios and copies lessons, and all of it is the wheel's, not the checkout's."""
    where = "import blockchain_lab; print(blockchain_lab.__file__)"
    package = Path(call(clean, "python", "-c", where, cwd=tmp_path).strip()).parent
    listed = call(clean, "blockchain-lab", "list", cwd=tmp_path)
    summed_up = call(clean, "blockchain-lab", "run", "headers_first", "--until", "60s", cwd=tmp_path)
    call(clean, "blockchain-lab", "lessons", cwd=tmp_path)

    assert package.is_relative_to(clean.parent)
    assert "headers_first" in listed
    assert "39378b21481e9d63" in summed_up
    assert (package / "_lessons" / "index.ipynb").read_bytes() == (
        tmp_path / "blockchain-lab-lessons" / "index.ipynb"
    ).read_bytes()


def test_the_wheel_s_settings_lie_where_jupyterlab_looks(wheel: Path, clean: Path) -> None:
    """Widgets' messages must not go through subshells, however JupyterLab is started."""
    file = clean.parent / "share" / "jupyter" / "lab" / "settings" / "overrides.d" / "blockchain_lab.json"
    settings = json.loads(file.read_text(encoding="utf-8"))

    assert "disabled" == settings["@jupyterlab/apputils-extension:kernels-settings"]["commsOverSubshells"]


def test_an_editable_install_has_the_same_settings() -> None:
    """In a checkout too, or a developer would look for faults that learners do not have."""
    file = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.d", "blockchain_lab.json")

    assert file.read_bytes() == (ROOT / "widgets" / "jupyterlab_settings.json").read_bytes()


def test_binder_accepts_the_folder(clone: Path) -> None:
    """Repo2docker finds the Python, the requirements and what to run after them; it builds nothing here."""
    program = Path(sys.executable).parent / "jupyter-repo2docker"
    run = subprocess.run(
        [program, "--no-build", "--debug", "."], cwd=clone, capture_output=True, text=True, check=False
    )
    said = run.stdout + run.stderr

    assert 0 == run.returncode, said
    assert "python=3.11" in said
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in said
    assert "RUN ./binder/postBuild" in said


def test_binder_s_last_step_runs(clone: Path, clean: Path, wheel: Path) -> None:
    """PostBuild installs the package and makes the very copy of the lessons that the command makes."""
    call(clean, "./binder/postBuild", cwd=clone)

    assert (clone / "blockchain-lab-lessons" / "index.ipynb").is_file()
    assert (clone / "blockchain-lab-lessons" / ".blockchain-lab" / "lessons.json").is_file()


def test_binder_pins_every_dependency_in_its_range() -> None:
    """Each is there once, with one version, and that version is one that the project accepts."""
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert len(pins) == len([line for line in lines if not line.startswith("#")])
    for wanted in map(Requirement, [*project["dependencies"], "hatchling"]):
        name = canonicalize_name(wanted.name)
        assert name in pins, f"binder/requirements.txt has no {name}"
        assert pins[name] in wanted.specifier
