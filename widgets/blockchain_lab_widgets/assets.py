"""The hand-written ES modules, put in order by their static relative imports, and the scripts of others.

For the notebook, `"./store.js"` becomes the bare name `"blockchain-lab/store.js"`; boot.js puts a blob URL
in its place. No bundler: what a reader's debugger shows is the text that stands in this folder.
"""

import functools
import gzip
import hashlib
import importlib.resources
import json
import re
from collections.abc import Callable
from typing import Final

SCOPE: Final = "blockchain-lab/"
ENTRY: Final = "jupyter.js"
PLAYER: Final = "player.js"  # the entry of a page without Jupyter
LIBRARIES: Final = ("vis",)  # scripts of others
FOLDER: Final = importlib.resources.files("blockchain_lab_widgets") / "js"

STATIC: Final = re.compile(r'^((?:import|export)\b[^"\';]*?\bfrom\s*|import\s*)"\./([\w-]+\.js)"', re.M)
LOADER: Final = re.compile(r'^import \{[^}]*\} from "\./loader\.js";.*$', re.M)
COMMENT: Final = re.compile(r"^\s*(?://|/?\*).*$", re.M)
FORBIDDEN: Final = re.compile(
    rf"""\bimport\s*\(|^(?:import|export)\b[^"';]*?\bfrom\s*(?:'|"(?!{SCOPE}))|^import\s*(?:'|"(?!{SCOPE}))""",
    re.M,
)


def read_module(name: str) -> str:
    """The text of one of our modules."""
    return (FOLDER / name).read_text("utf-8")


def order_modules(entry: str, read: Callable[[str], str] = read_module) -> dict[str, str]:
    """Name -> text with bare names for `entry` and all that it imports, dependencies first.

    ValueError for a cycle, and for an import that the loader could not rewrite.
    """
    done: dict[str, str] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"import cycle: {' -> '.join((*path, name))}")
        if name in done:
            return
        text = read(name)
        for _, wanted in STATIC.findall(text):
            visit(wanted, (*path, name))
        text = STATIC.sub(rf'\1"{SCOPE}\2"', text)
        if bad := FORBIDDEN.search(COMMENT.sub("", text)):
            raise ValueError(f'{name}: only static imports of "./name.js" can be loaded, found {bad[0]!r}')
        done[name] = text

    visit(entry, ())
    return done


@functools.cache
def pack_modules(entry: str = ENTRY) -> tuple[str, bytes]:
    """A digest that names this build, and all modules as gzipped JSON in loading order."""
    text = json.dumps(order_modules(entry)).encode()
    return hashlib.sha256(text).hexdigest()[:16], gzip.compress(text, 9, mtime=0)


def get_boot(name: str = "boot.js") -> str:
    """What every widget, or an exported run, brings along: the loader and who calls it, in one text."""
    return LOADER.sub(lambda _: read_module("loader.js"), read_module(name), count=1)


@functools.cache
def pack_library(name: str) -> bytes:
    """A script of others as one gzipped module. KeyError for one that we do not use."""
    return gzip.compress({"vis": get_vis}[name]().encode(), 9, mtime=0)


def get_vis() -> str:
    """vis-network from the pyvis wheel, as a module.

    It is UMD: it gets an `exports` of its own, and AMD's `define`, which voila has, is hidden from it.
    """
    path = importlib.resources.files("pyvis") / "lib" / "vis-9.1.2" / "vis-network.min.js"
    script = re.sub(r"//# sourceMappingURL=.*", "", path.read_text("utf-8"))
    return (
        f"const vis = {{}};\n(function (exports, module, define) {{\n{script}\n"
        "}).call(globalThis, vis, {}, undefined);\nexport default vis;\n"
    )
