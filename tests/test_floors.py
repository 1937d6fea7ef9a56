"""Who may import whom: the house's floors, read off the code itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "blockchain_lab"
VIEWS = ROOT / "widgets" / "blockchain_lab_widgets"

# room -> rooms that it may import; a room may always import itself
PROTOCOLS = {"bitcoin", "consensus", "overlay"}
MAY_IMPORT: dict[str, set[str]] = {
    "base": set(),
    "sim": {"base"},
    "chain": {"base"},
    "bitcoin": {"base", "chain"},
    "consensus": {"base", "chain"},
    "overlay": {"base"},
    "layers": {"base", "chain", "sim"} | PROTOCOLS,
    "scenarios": {"base", "chain", "sim", "layers"} | PROTOCOLS,
    "sockets": {"base", "chain"} | PROTOCOLS,
    "scale": {"base", "sim"},
    "lab": {"base", "sim", "scenarios", "study"},
    "study": {"base", "chain", "sim", "scenarios", "lab", "scale"} | PROTOCOLS,
    "course": {
        "base",
        "chain",
        "sim",
        "scenarios",
        "lab",
        "study",
        "layers",
        "scale",
        "sockets",
        "lessons_folder",
        "notebook_cells",
    }
    | PROTOCOLS,
    "teach": {"base", "sim", "scenarios", "lab", "study", "course", "lessons_folder", "notebook_cells"},
    "lessons_folder": {"base", "notebook_cells"},
    "notebook_cells": set(),
    "notebook_server": {"base"},
    "headless": {"base", "sim", "scenarios", "lab"},
    "recording_file": {"base", "sim", "scenarios", "sockets"},
    "recording": {"base", "sim", "scenarios", "lab", "sockets", "recording_file"} | PROTOCOLS,
    "cli": {
        "base",
        "scenarios",
        "sockets",
        "lessons_folder",
        "notebook_server",
        "headless",
        "recording",
        "teach",
    }
    | PROTOCOLS,
}
# the façade hands on what stands on it, a lesson shows real sockets; they need none of it to run
WHEN_ASKED = {("lab", "study"), ("course", "sockets")}
STANDARD_ONLY = {"base", "sim", "chain", "bitcoin", "consensus", "overlay", "layers"}
ALLOWED_LIBRARIES = {"cryptography", "networkx"}


def imports_of(file: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports, and whether it does so at import time."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import; write the room's full name"
            assert node.module is not None
            yield node.module, id(node) in top


def room_of(module: str) -> str | None:
    """`blockchain_lab.sim.trace` -> `sim`; None for what is not ours or is the package itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == "blockchain_lab" and len(parts) > 1 else None


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_the_floors_below(file: Path) -> None:
    """Protocols do not know the simulator, the simulator knows no protocol, nobody knows the lessons."""
    room = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module, at_import_time in imports_of(file):
        target = room_of(module)
        if target is not None and target != room:
            assert target in MAY_IMPORT[room], f"{file.name} ({room}) imports {module}"
            assert not at_import_time or (room, target) not in WHEN_ASKED, f"{file.name} imports {module}"
        if module.split(".")[0] == "blockchain_lab_widgets":
            assert not at_import_time, f"{file.name}: the engine must run without Jupyter"


@pytest.mark.parametrize("file", sorted(VIEWS.glob("*.py")), ids=lambda path: path.name)
def test_views_know_records_and_are_handed_a_lab(file: Path) -> None:
    """A view that knew one protocol's rooms would have to be written again for the next one."""
    for module, _ in imports_of(file):
        assert room_of(module) in {None, "base", "lab"}, f"{file.name} imports {module}"


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_engine_and_protocols_need_only_the_standard_library(file: Path) -> None:
    """So that they can run under Pyodide, and so that a student can read all of it."""
    if file.relative_to(PACKAGE).parts[0] not in STANDARD_ONLY:
        return
    for module, _ in imports_of(file):
        root = module.split(".")[0]
        assert root in {"blockchain_lab", *ALLOWED_LIBRARIES} or root in sys.stdlib_module_names, module


def test_the_floor_check_can_fail(tmp_path: Path) -> None:
    """A planted import of the simulator is found."""
    planted = tmp_path / "bad.py"
    planted.write_text("from blockchain_lab.sim.trace import Trace\n", encoding="utf-8")

    (found,) = imports_of(planted)

    assert room_of(found[0]) == "sim"
    assert "sim" not in MAY_IMPORT["bitcoin"]
