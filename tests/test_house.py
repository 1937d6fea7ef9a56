"""House rules that no linter knows: what no tracked file may contain, and what each notebook must."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.repository import ROOT, get_tracked_files

SOFT_CAP = 300  # lines of a source file
SOFT_CAP_TESTS = 400  # a list of stories is longer than a room, and still easy to read
REASON = "300 lines"  # a longer one says in its opening words why it is longer than that
OPENING = 15  # lines in which it says so

NOT_OURS = re.compile(
    r"(?<![\w.])("
    r"\.\./shared"  # a folder beside the repository: nobody else has it
    r"|/(?:work|root|home|Users)/(?=\w)"  # folders of one machine
    r"|registry\.npmjs|files\.pythonhosted|pypi\.org/simple"  # an installer's business
    r")"
)
LOCK_FILES = {"package-lock.json", "yarn.lock", "poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock"}
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")  # what Jupyter makes up

TRACKED = get_tracked_files()
NOTEBOOKS = [file for file in TRACKED if file.suffix == ".ipynb"]


def name_of(file: Path) -> str:
    """A file's place in the repository."""
    return file.relative_to(ROOT).as_posix()


def get_texts() -> Iterator[tuple[str, str]]:
    """Name and content of every tracked file that is text."""
    for file in TRACKED:
        try:
            yield name_of(file), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def find_foreign_words(text: str) -> list[str]:
    """What a text says that is true of one machine only. A web address may have such a folder in it."""
    return NOT_OURS.findall(text)


def is_too_long(name: str, text: str) -> bool:
    """Is a file longer than it should be, and does not say why?"""
    lines = text.splitlines()
    cap = SOFT_CAP_TESTS if name.startswith("tests/") else SOFT_CAP
    return len(lines) > cap and REASON not in "\n".join(lines[:OPENING])


def find_faults(notebook: dict) -> list[str]:
    """What keeps a notebook from being committed."""
    faults = []
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        faults.append("no python3 kernelspec: no kernel would start")
    ids = [cell.get("id", "") for cell in notebook["cells"]]
    if len(set(ids)) < len(ids) or "" in ids:
        faults.append("cells without an id of their own")
    faults += [f"cell id {word} was made up: give it a name" for word in ids if RANDOM_ID.fullmatch(word)]
    for cell in notebook["cells"]:
        if cell.get("outputs") or cell.get("execution_count") is not None:
            faults.append(f"cell {cell.get('id')} has outputs: run nbstripout")
    return faults


def test_no_file_speaks_of_one_machine_only() -> None:
    """Nobody else has our folders, and a package's address is its installer's business."""
    found = {name: words for name, text in get_texts() if (words := find_foreign_words(text))}

    assert {} == found


def test_no_lock_files() -> None:
    """They would name addresses; binder's pins name versions."""
    assert [] == [name_of(file) for file in TRACKED if file.name in LOCK_FILES]


def test_long_files_say_why() -> None:
    """A room over 300 lines is split, or its opening words tell why it is not."""
    long = [
        f"{name}: {len(text.splitlines())} lines"
        for name, text in get_texts()
        if name.endswith((".py", ".js", ".mjs", ".css")) and is_too_long(name, text)
    ]

    assert [] == long


def test_python_files_open_with_words() -> None:
    """Every module says what it is, tests too (an empty __init__ has nothing to say)."""
    dumb = [
        name
        for name, text in get_texts()
        if name.endswith(".py") and text.strip() and ast.get_docstring(ast.parse(text)) is None
    ]

    assert [] == dumb


@pytest.mark.parametrize("file", NOTEBOOKS, ids=name_of)
def test_notebooks_are_clean(file: Path) -> None:
    """A kernel can start, no outputs, and cell ids that stay the same from one change to the next."""
    assert [] == find_faults(json.loads(file.read_text(encoding="utf-8")))


def test_these_checks_can_fail() -> None:
    """A planted fault of each kind is found."""
    dirty = {
        "metadata": {},
        "cells": [
            {"id": "4a5e1e4b", "outputs": [{}]},
            {"id": "4a5e1e4b-aab8-9f3a-3251-8a88c31bc87f"},
            {"id": "answer-1", "execution_count": 3},
            {"id": "answer-1"},
        ],
    }

    for word in ("/".join(["..", "shared"]), "/work/", ".".join(["registry", "npmjs"])):  # not found here
        assert [word] == find_foreign_words(f"see `{word}{'main'}`")
    assert [] == find_foreign_words("see example.org/work/main, or */home/*")
    assert 6 == len(find_faults(dirty))
    assert [] == find_faults({"metadata": {"kernelspec": {"name": "python3"}}, "cells": [{"id": "why"}]})
    assert is_too_long("a.py", "\n" * OPENING + REASON + "\n" * SOFT_CAP)
    assert not is_too_long("a.py", REASON + "\n" * SOFT_CAP)
    assert not is_too_long("tests/a.py", "\n" * SOFT_CAP_TESTS)
