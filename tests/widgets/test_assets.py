"""Modules in loading order, from this package alone: no bundler, no network, nothing left over."""

import gzip
import hashlib
import json
import re

import pytest
from blockchain_lab_widgets import assets, growing, seals

OURS = sorted(path.name for path in assets.FOLDER.iterdir() if path.name.endswith(".js"))
BOOTS = ["boot.js", "lone-boot.js", "player-boot.js"]
NAMESPACE = "http://www.w3.org/2000/svg"  # a name, not an address: nothing is fetched from it


def order(**texts: str) -> dict[str, str]:
    """The loading order of invented modules, `a.js` first: `a='import "./b.js"'`."""
    return assets.order_modules("a.js", lambda name: texts[name.removesuffix(".js")])


def test_dependencies_come_first_and_once() -> None:
    """A needs b and c, b needs c: so c, b, a."""
    found = order(a='import "./b.js";\nexport * from "./c.js";', b='import {\n  x,\n} from "./c.js";', c="")

    assert ["c.js", "b.js", "a.js"] == list(found)
    assert 'import "blockchain-lab/b.js";\nexport * from "blockchain-lab/c.js";' == found["a.js"]
    assert 'import {\n  x,\n} from "blockchain-lab/c.js";' == found["b.js"]


def test_a_cycle_is_named() -> None:
    """A blob URL must exist before its name is written into another module, so cycles cannot be loaded."""
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> c\.js -> b\.js"):
        order(a='import "./b.js"', b='import "./c.js"', c='import "./b.js"')


@pytest.mark.parametrize(
    "text",
    [
        'const late = await import("./b.js")',
        "import { x } from './b.js'",
        'import { x } from "b"',
        'import "https://example.org/b.js"',
        'export { x } from "../b.js"',
    ],
)
def test_an_import_that_the_loader_cannot_rewrite_is_refused(text: str) -> None:
    """Only static imports of "./name.js", in double quotes."""
    with pytest.raises(ValueError, match=r"a\.js: only static imports"):
        order(a=text)


def test_an_import_in_a_comment_is_no_import() -> None:
    """Types in comments name their modules: `@param {import("./b.js").Block} block`."""
    assert ["a.js"] == list(order(a='/**\n * @param {import("./b.js").Block} block\n */\n// import "./c.js"'))


def test_every_module_of_ours_is_loaded_and_none_twice() -> None:
    """What nobody imports is dead code. What loads the others travels with each widget, or page, instead."""
    entries = [assets.ENTRY, assets.PLAYER, growing.ENTRY, seals.ENTRY]
    loaded = {name for entry in entries for name in assets.order_modules(entry)}

    assert OURS == sorted([*loaded, *BOOTS, "loader.js"])


@pytest.mark.parametrize("name", BOOTS)
def test_what_loads_the_others_imports_nothing(name: str) -> None:
    """It comes first: the loader's text stands in it, and there it can be read as it was written."""
    text = assets.get_boot(name)

    assert assets.read_module("loader.js") in text
    assert [] == re.findall(r"^import\b.*", text, re.M)


@pytest.mark.parametrize("name", OURS)
def test_no_module_fetches_anything(name: str) -> None:
    """Lessons run without a network: no address, no fetch, no frame from elsewhere."""
    text = assets.read_module(name).replace(NAMESPACE, "")

    assert [] == re.findall(r"https?:|//cdn|\bfetch\(|XMLHttpRequest|WebSocket\(|EventSource", text)


@pytest.mark.parametrize("name", sorted({*OURS} - {"jupyter.js", *BOOTS}))
def test_only_what_loads_the_others_knows_jupyter(name: str) -> None:
    """Views run in a plain page too: no model, no widget manager, no kernel."""
    text = assets.COMMENT.sub("", assets.read_module(name))

    assert [] == re.findall(r"\bmodel\.(?:get|set|send|on)\(|widget_manager|\bkernel\b", text)


def test_the_digest_names_the_text_that_is_sent() -> None:
    """Two builds on one page are told apart; the same build is loaded once."""
    digest, packed = assets.pack_modules()
    text = gzip.decompress(packed)

    assert hashlib.sha256(text).hexdigest()[:16] == digest
    assert list(assets.order_modules(assets.ENTRY)) == list(json.loads(text))


def test_vis_is_a_module_that_leaves_the_page_alone() -> None:
    """It comes from the pyvis wheel, with its own `exports`, and names no map to be fetched."""
    text = gzip.decompress(assets.pack_library("vis")).decode()

    assert text.startswith("const vis = {};")
    assert text.endswith("export default vis;\n")
    assert "sourceMappingURL" not in text
    with pytest.raises(KeyError):
        assets.pack_library("d3")
