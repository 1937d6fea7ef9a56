"""The very code that a lesson speaks of, shown in the notebook: highlighted, with its place, never copied."""

import inspect
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any, Final

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from blockchain_lab.base.errors import UsageError

ROOT: Final = "blockchain_lab"
NAME: Final = "blockchain-lab-source"
# JupyterLab's own colours for code, so that it is right on light and dark paper: token -> its variable
COLOURS: Final = {
    "k": "keyword", "kn": "keyword", "kc": "atom", "ow": "keyword", "nb": "builtin", "bp": "variable-2",
    "nf": "def", "fm": "def", "nc": "def", "nd": "meta", "mi": "number", "mf": "number", "mh": "number",
    "o": "operator", "c1": "comment", "ch": "comment", "sd": "comment",
    "s1": "string", "s2": "string", "sa": "string", "si": "string",
}  # fmt: skip
STYLE: Final = (
    f"<style>.{NAME} pre{{margin:0;padding:8px 12px;overflow:auto;max-height:420px;font-size:13px;"
    "line-height:1.4;background:var(--jp-cell-editor-background,#f5f5f5);color:var(--jp-content-font-color1,#212121)}"
    f".{NAME} p{{margin:0 0 4px}}"
    + "".join(
        f".{NAME} .{token}{{color:var(--jp-mirror-editor-{name}-color)}}" for token, name in COLOURS.items()
    )
    + "</style>"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of our code: where it stands, and what it says."""

    name: str
    file: str  # below the project's folder
    line: int  # of its first line, from 1
    code: str

    def __repr__(self) -> str:
        """As plain text."""
        return f"# {self.file}, line {self.line}\n{self.code}"

    def _repr_html_(self) -> str:
        """Highlighted, in the theme's colours."""
        code = highlight(self.code, PythonLexer(), HtmlFormatter(nowrap=True))
        place = f"<p><code>{escape(self.name)}</code> in {escape(self.file)}, line {self.line}</p>"
        label = escape(f"Source of {self.name}", quote=True)
        return f'{STYLE}<div class="{NAME}">{place}<pre tabindex="0" aria-label="{label}">{code}</pre></div>'


def show_source(name: str) -> Source:
    """The code of a module, a class or a function: `show_source("blockchain_lab.bitcoin.locator")`.

    UsageError for what is not ours.
    """
    thing = find(name)
    try:
        lines, line = inspect.getsourcelines(thing)
        file = inspect.getsourcefile(thing)
    except (OSError, TypeError) as problem:
        raise UsageError(
            f"{name!r} has no source of its own: name a module, a class or a function"
        ) from problem
    module = thing if inspect.ismodule(thing) else import_module(thing.__module__)
    if file is None or module.__name__.partition(".")[0] != ROOT:
        raise UsageError(f"{name!r} stands in {module.__name__}, which is not ours")
    place = f"{module.__name__.replace('.', '/')}.py"
    return Source(name, place, max(line, 1), "".join(lines).rstrip())


def find(name: Any) -> Any:
    """The thing of that name. UsageError."""
    parts = name.split(".") if isinstance(name, str) else []
    if not parts or parts[0] != ROOT:
        raise UsageError(f"show_source: found {str(name)[:80]!r}, wanted a name that begins with {ROOT!r}")
    thing = import_module(ROOT)
    for place, part in enumerate(parts[1:], start=2):
        if not hasattr(thing, part):
            try:
                import_module(".".join(parts[:place]))
            except ImportError as problem:
                raise UsageError(f"there is no {'.'.join(parts[:place])}") from problem
        thing = getattr(thing, part)
    return thing
