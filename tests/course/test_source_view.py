"""A lesson shows the very code that runs, and where it stands."""

import inspect

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin import locator
from blockchain_lab.course.source_view import show_source


def test_a_module_is_shown_whole() -> None:
    """Its first line is line 1, and not a letter is missing."""
    shown = show_source("blockchain_lab.bitcoin.locator")

    assert ("blockchain_lab/bitcoin/locator.py", 1) == (shown.file, shown.line)
    assert inspect.getsource(locator).rstrip() == shown.code
    assert shown.code in repr(shown)


def test_a_function_is_shown_with_its_place() -> None:
    """The line is where a reader finds it in the file."""
    shown = show_source("blockchain_lab.lab.Lab.step")
    lines = inspect.getsource(__import__("blockchain_lab.lab", fromlist=["lab"])).splitlines()

    assert "    def step(self, n: int = 1) -> bool:" == lines[shown.line - 1]
    assert "blockchain_lab/lab.py" == shown.file


def test_it_is_highlighted_and_escaped() -> None:
    """Keywords have the theme's colour; `<` in code is no markup."""
    html = show_source("blockchain_lab.base.draws")._repr_html_()

    assert '<span class="k">def</span>' in html
    assert "var(--jp-mirror-editor-keyword-color)" in html
    assert "&lt;&lt;" in html
    assert 'tabindex="0"' in html  # code that scrolls is reached by keyboard


@pytest.mark.parametrize(
    "name",
    ["os.path", "blockchain_lab.nothing", "blockchain_lab.lab.Lab.nothing", "", None, 3,
     "blockchain_lab.lab.json", "blockchain_lab.lab.Path", "blockchain_lab.course.learner.SEEDS"],
)  # fmt: skip
def test_what_is_not_ours_or_has_no_source_is_refused(name: object) -> None:
    """Nobody else's code, and no numbers."""
    with pytest.raises(UsageError):
        show_source(name)  # type: ignore[arg-type]
