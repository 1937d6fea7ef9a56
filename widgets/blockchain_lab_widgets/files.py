"""Files of a run that a page hands to its reader: only Python can make them, only the browser can save them.

The page says where its reader stands; nothing is written where Python runs.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets.page_messages import Message, quote

STALE: Final = "the run has changed meanwhile: look again, then save"


def make_file(lab: Any, message: Message, epoch: int) -> bytes:
    """The file that the page wants, of the run as its reader sees it. UsageError says why not."""
    if message["epoch"] != epoch:
        raise UsageError(STALE)
    if message["cursor"] > lab.head:
        raise UsageError(f"event {message['cursor']} has not happened: the run ends at event {lab.head}")
    if message["what"] not in FILES:
        raise UsageError(f"file: found {quote(message['what'])}, wanted one of {', '.join(FILES)}")
    lab.goto(event=message["cursor"])
    lab.selection = message["selection"]
    return FILES[message["what"]](lab, message["views"])


def make_code(lab: Any, views: list[str]) -> bytes:
    """The lines that make the run again; the page adds where its reader stands."""
    text: str = lab.share.code_of_run()
    return text.encode()


def make_run(lab: Any, views: list[str]) -> bytes:
    """The run as `lab.save` writes it."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are classes of one's own: no cell would show it
        file = Path(folder) / "run.json"
        lab.save(file)
        return file.read_bytes()


def make_whole_page(lab: Any, views: list[str]) -> bytes:
    """The run as `lab.export` writes it, with the tabs that the reader has open."""
    from blockchain_lab_widgets.player import NOT_HERE, make_page  # noqa: PLC0415  (it stands on the carrier)

    return make_page(lab, *(name for name in views if name != NOT_HERE)).encode()


FILES: Final[dict[str, Callable[[Any, list[str]], bytes]]] = {
    "code": make_code,
    "run": make_run,
    "page": make_whole_page,
}
