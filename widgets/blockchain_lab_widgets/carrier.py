"""One carrier per lab: the trace's way into the page, and the resting cursor's way back.

It is never displayed. All views of the lab, in whatever cell, read from the one store that it fills. No
trait changes after the opening, so nothing is echoed and nothing large lands in a saved notebook.

    to the page     modules, library, records, messages, branches, predictions, cursor, answer, error
    from the page   hello (what do I lack?), rest (the cursor stands still there); act, switch, reset, choose,
                    commit, ask again                     (their fields: page_messages.py)

Push first, hello second: during Run All a hello is answered only after the last cell, so everything is sent
at once, unasked. A page that missed it (reloaded, opened second) says hello and tells what it has. Batches
say where they begin and what they continue, so any of them may come twice.
"""

import gzip
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import anywidget
import traitlets

from blockchain_lab.base.errors import UsageError
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.acts import REQUESTS, describe_branches, get_horizon
from blockchain_lab_widgets.desk import get_desk
from blockchain_lab_widgets.head import get_head, get_latency_of
from blockchain_lab_widgets.main_thread import get_running_loop, on_main
from blockchain_lab_widgets.packing import Packer
from blockchain_lab_widgets.page_messages import Message, check_message
from blockchain_lab_widgets.trouble import ALL_IS_WELL, Trouble, describe_trouble, was_undone

GZIP_FROM: Final = 200_000  # bytes; below, packing costs more time than it saves
PAUSE: Final = 0.05  # seconds between two pushes: Jupyter drops messages beyond 1,000 a second without a word


class Carrier(anywidget.AnyWidget):
    """Takes one lab to the page. Make it with `get_carrier`."""

    _esm = assets.get_boot()
    role = traitlets.Unicode("carrier").tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)  # names the store in the page
    digest = traitlets.Unicode().tag(sync=True)  # names the build of our modules
    eager = traitlets.Bool(True).tag(sync=True)  # turns false behind the first records: who missed them asks

    def __init__(self, lab: Any) -> None:
        """Push the modules and all records of the lab, then follow it."""
        self._leave: Callable[[], None] = do_nothing  # ends our following the lab
        self.views = 0  # how many show it
        self._loop = get_running_loop()
        self._lab = lab
        self._packer = Packer(lab.codec, get_latency_of(lab))
        self._sent = self._sent_facts = self._sent_messages = 0  # how much of each the page was sent
        self._epoch = self._sent_epoch = 0  # how often the future was replaced
        self._cut = 0  # so many records survived the last replacement
        self._cursor = lab.cursor  # as the page knows it
        self._replaced = False  # the packed records may not be the trace's any more
        self._deaf = False  # what the lab tells now is our own doing
        self._waiting = False  # a push is due
        self._trouble = ALL_IS_WELL  # as the page shows it
        self._moves = 0  # how often Python moved the page's cursor
        self._pushed_at = -PAUSE
        self._is_new = True  # the page knows neither the seed nor the peers of this run
        self._plays = 0  # how often another scenario was begun
        self._scenario = lab.scenario
        self._branches: list[dict[str, Any]] = []  # as the page knows them
        self._libraries: list[str] = []  # scripts of others that were pushed
        self._desk = get_desk(lab)  # what the reader is asked before he may look
        super().__init__(key=uuid.uuid4().hex, digest=assets.pack_modules()[0])
        self.on_msg(on_main(self._loop, self._receive, self._report))
        self._send_modules()
        self._push()
        self.eager = False
        self._leave = lab.subscribe(self._on_lab)
        self._desk.on_change = lambda: self._on_lab("predictions")

    def close(self) -> None:
        """Follow the lab no more. The page forgets its records."""
        self._leave()
        self._leave = self._desk.on_change = do_nothing
        super().close()

    # --- to the page ---

    def push_library(self, name: str) -> None:
        """Send a script of others, once, before the view that wants it is shown."""
        if name not in self._libraries:
            self._libraries.append(name)
            self._send_library(name)

    def get_packer(self) -> Packer:
        """All records of the lab, packed. What waits to be sent goes out first."""
        self._flush()
        return self._packer

    def get_holdings(self) -> list[int]:
        """Of a page that may know all and has read it: how often the future was replaced, and all records."""
        self._flush()
        return [self._epoch, len(self._lab.trace)]

    def _on_lab(self, change: str) -> None:
        """The lab's cursor, records or branch changed: tell the page, but not for every step of a loop."""
        self._replaced |= change in ("branch", "run")
        self._is_new |= change == "run"
        if self._deaf:
            return
        wait = self._pushed_at + PAUSE - time.monotonic()
        if wait <= 0 or self._loop is None:
            self._push()
        elif not self._waiting:
            self._waiting = True
            self._loop.call_later(wait, on_main(self._loop, self._push, self._report))

    def _push(self, trouble: Trouble = ALL_IS_WELL) -> None:
        """Send what the page has not got; and what went wrong, if anything did."""
        self._waiting = False
        self._begin()
        future = self._look_ahead()
        if (
            trouble.text or future != self._trouble
        ):  # a future's trouble is told once, what was just done always
            self._tell_trouble(trouble if trouble.text else future)
        self._pack()
        moved = self._cursor != self._lab.cursor
        self._cursor = self._lab.cursor
        self._moves += moved
        place = {"cursor": self._cursor, "moves": self._moves} if moved else {}
        if len(self._packer) > self._sent or self._epoch != self._sent_epoch or self._is_new:
            self._send_records(self._sent, self._sent_facts, place)
        elif moved:
            self._tell({"type": "cursor", **place})
        self._sent, self._sent_facts = len(self._packer), self._packer.fact_count
        self._sent_epoch = self._epoch
        self._send_messages(self._sent_messages)
        self._sent_messages = len(self._packer.messages)
        self._send_branches()
        self._desk.tell(self._tell)
        self._pushed_at = time.monotonic()

    def _begin(self) -> None:
        """Is it another scenario, with a seed or whatever more? Then the page begins anew."""
        scenario = self._lab.scenario
        before = self._scenario
        if replace(scenario, seed=before.seed, moments=before.moments) != before:
            self._plays += 1
            self._replaced = True
            self._packer.begin(self._lab.codec)
        self._scenario = scenario

    def _flush(self) -> None:
        if self._waiting:
            self._push()

    def _look_ahead(self) -> Trouble:
        """Play is playback: whatever the learner did, the page gets the future that comes of it."""
        was_deaf, self._deaf = self._deaf, True
        try:
            self._lab.look_ahead(until=get_horizon(self._lab))
        except (Exception, KeyboardInterrupt) as error:  # a learner's node, in a future that nobody asked for
            return describe_trouble(error, f"The run is known up to event {self._lab.head}.")
        finally:
            self._deaf = was_deaf
        return ALL_IS_WELL

    def _tell_trouble(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._tell({"type": "error", "text": trouble.text, "traceback": trouble.traceback})

    def _report(self, error: BaseException) -> None:
        """What was raised where no cell shows it."""
        self._tell_trouble(describe_trouble(error, f"The lab stands at event {self._lab.cursor}."))

    def _pack(self) -> None:
        trace = self._desk.cut(self._lab.trace)
        if not self._replaced and len(trace) >= len(self._packer):
            self._packer.follow(trace)
            return
        self._replaced = False
        kept = self._packer.replace(trace)
        if kept < self._sent:
            self._epoch, self._cut, self._sent = self._epoch + 1, kept, kept

    def _send_records(self, start: int, facts_start: int, more: dict[str, Any]) -> None:
        head = {
            "type": "records",
            "epoch": self._epoch,
            "cut": self._cut,
            "from": start,
            "count": len(self._packer) - start,
            "factsFrom": facts_start,
            "branch": self._lab.branch,
            **more,
        }
        if start == 0 or self._is_new:
            head |= get_head(self._lab) | {"opening": self._cursor, "moves": self._moves, "play": self._plays}
            head["selection"] = self._lab.selection
            self._is_new = False
        self._tell(head, self._packer.pack(start, facts_start))

    def _send_messages(self, start: int) -> None:
        while start < len(self._packer.messages):
            count, chunk = self._packer.messages.pack_chunk(start)
            self._tell({"type": "messages", "from": start}, chunk)
            start += count

    def _send_branches(self, *, again: bool = False) -> None:
        branches = describe_branches(self._lab)
        if branches != self._branches or (again and branches):
            self._branches = branches
            self._tell({"type": "branches", "branches": branches})

    def _send_modules(self) -> None:
        self.send({"type": "modules"}, [assets.pack_modules()[1]])

    def _send_library(self, name: str) -> None:
        self.send({"type": "library", "name": name}, [assets.pack_library(name)])

    def _tell(self, head: dict[str, Any], data: bytes = b"") -> None:
        if len(data) >= GZIP_FROM:
            head, data = {**head, "gzip": True}, gzip.compress(data, 6, mtime=0)
        self.send(head, [data] if data else None)

    # --- from the page ---

    def _receive(self, _: Any, message: Any, buffers: list[Any]) -> None:
        try:
            kind = check_message(message)
        except UsageError as error:
            if not isinstance(message, dict) or "request" not in message:
                raise
            self._answer(message, str(error))
        else:
            {"hello": self._on_hello, "rest": self._on_rest}.get(kind, self._on_request)(message)

    def _on_hello(self, message: Message) -> None:
        """A page tells what it has. All pages hear the answer, and skip what they have."""
        if message["modules"]:
            self._send_modules()
        for name in message["libraries"]:
            if name in assets.LIBRARIES:
                self._send_library(name)
        have = message["have"] if message["epoch"] == self._epoch else 0
        if have < self._sent or message["epoch"] != self._epoch:
            self._send_records(have, message["facts"], {})
        self._send_messages(message["messages"])
        self._send_branches(again=True)
        self._desk.tell(self._tell, again=True)
        if self._trouble.text:
            self._tell_trouble(self._trouble)

    def _on_rest(self, message: Message) -> None:
        """The cursor rests: the lab reads from there now. Not when Python has moved it meanwhile."""
        self._flush()
        if message["epoch"] != self._epoch or message["moves"] != self._moves:
            return
        self._lab.selection = message["selection"]
        self._cursor = min(message["cursor"], self._lab.head)
        self._deaf = True
        try:
            self._lab.saw(message["furthest"])
            self._lab.goto(event=self._cursor)
        finally:
            self._deaf = False

    def _on_request(self, message: Message) -> None:
        """The reader wants to change the run. What cannot be is answered with the reason, not raised."""
        self._flush()
        refusal, trouble, file = "", ALL_IS_WELL, None
        self._deaf = True
        try:
            file = REQUESTS[message["type"]](self._lab, message, self._epoch)
        except (Exception, KeyboardInterrupt) as error:  # the second: it took too long for the learner
            refusal = str(error)
            if not isinstance(error, UsageError) or was_undone(error):
                trouble = describe_trouble(error, f"The lab stands at event {self._lab.cursor}.")
                refusal = trouble.text
        finally:
            self._deaf = False
        try:
            self._push(trouble)
        finally:
            self._answer(message, refusal, file or b"")  # the page waits for it, whatever happens

    def _answer(self, message: Message, refusal: str, file: bytes = b"") -> None:
        """A refusal says why, "" grants. All pages hear it; the one that asked knows its request."""
        head = {"type": "answer", "request": message["request"], "ok": not refusal, "text": refusal}
        self._tell(head, file)


def do_nothing() -> None:
    """There is nothing to end."""
