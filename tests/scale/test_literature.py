"""The table in docs/ says what its script computes: the rows that take seconds are computed again."""

import importlib.util
from types import ModuleType

import pytest
from support.repository import ROOT

FOLDER = ROOT / "benchmarks"
PAGE = (ROOT / "docs" / "literature.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """`literature.py`, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("literature", FOLDER / "literature.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)  # as when it is run: what it needs lies beside it
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables(script: ModuleType) -> dict:
    """What takes seconds, once."""
    return script.measure_quick()


def test_what_can_be_computed_in_seconds_is_not_stale(script: ModuleType, tables: dict) -> None:
    """Every line of the quick tables stands in the page, as it comes out now."""
    lines = script.format_tables(tables).splitlines()

    assert [] == [line for line in lines if line not in PAGE]
    assert 20 < sum(line.startswith("| ") for line in lines)


def test_measured_figures_are_near_what_theory_says(tables: dict) -> None:
    """Formulas to the last digit printed; races, graphs and rumours as near as their number lets them be."""
    far = {"Rumours": 3.5, "Connected graphs": 15, "Double spends": 0.6, "Selfish mining": 0.4}
    for title, rows in tables.items():
        for row in rows:
            most = 6e-3 if row.seeds == "none, a formula" else far[title]
            assert abs(row.measured - row.published) < most, row.what


def test_every_line_says_how_sure_it_is(script: ModuleType) -> None:
    """In words that the page explains."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    figures = [line for line in rows if not line.startswith(("| what", "| ---"))]

    assert len(figures) > 40
    for line in figures:
        assert any(line.endswith(f"; {status} |") for status in script.Status), line


def test_what_is_missing_is_a_dash(script: ModuleType) -> None:
    """Not a number, and no difference."""
    row = script.Row("a", 1.0, None, "s", "1", "nobody", script.Status.NOT_FOUND)

    assert ["a", "1.00 s", "–", "–", "1", "nobody; not found"] == row.to_cells()
