"""A page on the other end of a widget's channel: it keeps what Python sends, and can answer."""

import gzip
from typing import Any

from blockchain_lab_widgets.carrier import Carrier


class PageChannel:
    """Stands where ipywidgets' channel stands; ipywidgets sends through it because it has no `kernel`."""

    comm_id = "page"

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []

    def send(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        """Keep what was sent."""
        self.sent.append((data, list(buffers or [])))

    def on_msg(self, handler: Any) -> None:
        """Messages are handed to the widget directly."""

    def on_close(self, handler: Any) -> None:
        """Never closed by the page."""

    def close(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to close."""


def open_page(carrier: Carrier) -> PageChannel:
    """From now on what the carrier sends is kept."""
    carrier.comm = PageChannel()
    return carrier.comm


def heads_of(page: PageChannel) -> list[dict[str, Any]]:
    """The heads of all messages, without updates of traits."""
    return [data["content"] for data, _ in page.sent if data["method"] == "custom"]


def types_of(page: PageChannel) -> list[str]:
    """Only the types, in order."""
    return [head["type"] for head in heads_of(page)]


def buffer_of(page: PageChannel, index: int) -> bytes:
    """The inflated buffer of a message."""
    data, buffers = [pair for pair in page.sent if pair[0]["method"] == "custom"][index]
    packed = data["content"].get("gzip") or data["content"]["type"] in ("modules", "library")
    return gzip.decompress(buffers[0]) if packed else bytes(buffers[0])


def answer(carrier: Carrier, message: dict[str, Any]) -> None:
    """The page sends a message."""
    data = {"method": "custom", "content": message}
    carrier._handle_msg({"content": {"data": data}, "buffers": []})


def say_hello(carrier: Carrier, *, epoch: int = 0, have: int = 0, facts: int = 0, messages: int = 0) -> None:
    """The page tells what it has; it lacks no modules and no scripts of others."""
    holdings = {"epoch": epoch, "have": have, "facts": facts, "messages": messages}
    answer(carrier, {"type": "hello", "modules": False, "libraries": [], **holdings})


def rest_at(
    carrier: Carrier, cursor: int, *, epoch: int = 0, selection: str | None = None, furthest: int = 0
) -> None:
    """The reader's cursor stands still, after it has been at the furthest place. All news was heard."""
    place = {"cursor": cursor, "selection": selection, "furthest": max(cursor, furthest), "epoch": epoch}
    place["moves"] = carrier._moves
    answer(carrier, {"type": "rest", **place})


def ask(carrier: Carrier, kind: str, **fields: Any) -> dict[str, Any]:
    """The page asks for something, knowing all that Python told. The answer: `{"ok": ..., "text": ...}`."""
    page = carrier.comm
    place = {"cursor": 0, "furthest": 0, "epoch": carrier._epoch} if kind == "act" else {}
    request = f"test/{len(page.sent)}"
    answer(carrier, {"type": kind, "request": request, **place, **fields})
    (found,) = [head for head in heads_of(page) if head.get("request") == request]
    return {name: found[name] for name in ("ok", "text")}
