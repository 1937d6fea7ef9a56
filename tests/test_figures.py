"""The lessons' pictures are those that their script makes now, and can be seen on any page."""

import importlib.util
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from support.repository import ROOT

FOLDER = ROOT / "lessons" / "figures"
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = sorted(FOLDER.glob("*.svg"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """`make_figures.py`, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("make_figures", FOLDER / "make_figures.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)  # as when it is run: what it needs lies beside it
        spec.loader.exec_module(module)
    return module


def test_no_figure_is_stale(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Stories, palettes, the drawing: whatever changes, the committed pictures follow."""
    status = script.main(["--check"])

    assert (0, "") == (status, capsys.readouterr().out)


def test_what_is_missing_changed_or_nobody_s_is_found(script: ModuleType, tmp_path: Path) -> None:
    """One of each in a folder; what is as it should be is not named."""
    for figure in FIGURES:
        (tmp_path / figure.name).write_bytes(figure.read_bytes())
    (tmp_path / "00-layers.svg").write_text("<svg/>")
    (tmp_path / "00-tour.svg").unlink()
    (tmp_path / "old.svg").write_text("<svg/>")

    assert ["00-layers.svg", "00-tour.svg", "old.svg"] == script.find_stale(tmp_path)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_it_stands_on_white_paper_in_two_sizes_of_letters(figure: Path) -> None:
    """GitHub's dark page shows it, too; those who do not see it are told its name and what is in it."""
    root = ElementTree.parse(figure).getroot()
    styles = [text.get("style", "") for text in root.iter(f"{SVG}text")]
    paper = next(path for path in root.iter(f"{SVG}path") if "fill:" in path.get("style", ""))

    assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")
    assert "fill: #ffffff" in paper.get("style", "")
    assert styles and all("12px" in style or "14px" in style for style in styles)
