"""A whole run as one HTML file: the workbench of the notebook, without a kernel and without a network.

    lab.export("run.html")

The page holds the modules and records that a carrier would send, packed in the same way, and opens from a
disk. What peers said is never markup: it is packed, or JSON without "<". The page's own policy forbids every
connection, so a run that somebody mails you can tell nobody that you look at it.
"""

import base64
import gzip
import hashlib
import html
import importlib.resources
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.acts import get_horizon
from blockchain_lab_widgets.head import get_head, get_latency_of
from blockchain_lab_widgets.packing import Packer
from blockchain_lab_widgets.view import check_complete, check_lens, check_wishes, prepare

PAGE: Final = importlib.resources.files("blockchain_lab_widgets") / "player.html"
NOT_HERE: Final = "controls"  # the view that needs Python
# Blobs are the modules that came with the page; views style what they draw. All else is forbidden.
POLICY: Final = (
    "default-src 'none'; script-src 'sha256-{digest}' blob:; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)

Parts = dict[str, bytes]


def export(
    lab: Any, path: str | Path, *views: str, at: int | None = None, title: str | None = None, **options: Any
) -> Path:
    """Write the lab's branch, to its end, as a page of its own. Returns where it stands.

    `views`: the tabs beside the network, the scenario's own when none are named. `at`: the event at which the
    page opens, the lab's cursor when None. `title`: instead of the scenario's. `options` are those of `show`.
    UsageError for unknown views, and for a lab that keeps only some of its records.
    """
    file = Path(path)
    file.write_text(make_page(lab, *views, at=at, title=title, **options), encoding="utf-8", newline="\n")
    return file


def make_page(lab: Any, *views: str, at: int | None = None, title: str | None = None, **options: Any) -> str:
    """The text of the file; the same for the same run. O(records)."""
    check_complete(lab.trace)
    prepare(lab, options)
    check_wishes(views, options)
    check_lens(lab, options)
    if NOT_HERE in views:
        raise UsageError(f"the view {NOT_HERE!r} needs Python, and a page of its own has none")
    lab.look_ahead(until=get_horizon(lab))
    opening = lab.cursor if at is None else at
    if type(opening) is not int or not 0 <= opening <= lab.head:
        raise UsageError(f"a run opens at one of its events: found at={at!r}, wanted 0 to {lab.head}")
    packer = Packer(lab.codec, get_latency_of(lab))
    packer.follow(lab.trace)
    head = get_head(lab) | ({} if title is None else {"title": title})
    tabs = views or lab.scenario.views
    parts = {"modules": assets.pack_modules(assets.PLAYER)[1]}
    parts |= {name: assets.pack_library(name) for name in assets.LIBRARIES}
    parts["records"] = squeeze(packer.pack(0, 0))
    messages = dict(pack_messages(packer))
    parts |= {f"messages-{start}": chunk for start, chunk in messages.items()}
    run = {
        "head": head | describe_batch(lab, packer, opening),
        "messages": list(messages),
        "libraries": list(assets.LIBRARIES),
        "options": ({"views": list(tabs)} if tabs else {}) | options,
        "recipe": get_recipe(lab),
    }
    return fill_page(head, run, parts)


def get_recipe(lab: Any) -> str:
    """The code that makes the run again; "" for a recording, which no code can make."""
    try:
        recipe: str = lab.share.code_of_run()
    except UsageError:
        return ""
    return recipe


def describe_batch(lab: Any, packer: Packer, opening: int) -> dict[str, Any]:
    """All records as one batch (`Trace.append` in trace.js), and where the page opens."""
    return {
        "epoch": 0, "cut": 0, "from": 0, "factsFrom": 0,
        "count": len(packer), "branch": lab.branch, "opening": opening, "selection": lab.selection,
    }  # fmt: skip


def pack_messages(packer: Packer) -> Iterator[tuple[int, bytes]]:
    """First message and bytes of each chunk."""
    start = 0
    while start < len(packer.messages):
        count, chunk = packer.messages.pack_chunk(start)
        yield start, squeeze(chunk)
        start += count


def squeeze(data: bytes) -> bytes:
    """Gzipped, without a date: the same run is the same file."""
    return gzip.compress(data, 6, mtime=0)


def fill_page(head: Mapping[str, Any], run: Mapping[str, Any], parts: Parts) -> str:
    """The page with all that it needs."""
    script = assets.get_boot("player-boot.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Template(PAGE.read_text("utf-8")).substitute(
        policy=POLICY.format(digest=digest),
        title=html.escape(head["title"]),
        about=html.escape(describe_run(head)),
        run=to_inline_json(run),
        parts="\n".join(
            f'<script type="application/gzip" id="{name}">{base64.b64encode(data).decode()}</script>'
            for name, data in parts.items()
        ),
        script=script,
    )


def describe_run(head: Mapping[str, Any]) -> str:
    """What a reader should know who has the file and nothing else."""
    return f"A finished run (seed {head['seed']}): play it, step back, ask why. To act, run it in a notebook."


def to_inline_json(value: Any) -> str:
    """JSON that ends no script element and begins no comment, whatever texts are in it."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    except (TypeError, ValueError) as error:
        raise UsageError(f"options go to the page as JSON: {error}") from error
