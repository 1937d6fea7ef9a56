"""Views on a plain page that are joined to a real carrier of a real lab, both ways, without Jupyter.

What the page asks (`store.act({do: "Mine", peer: "ann"})`) reaches the lab before the next line of a test
that waits for it; what a test does to the lab itself reaches the page at `deliver()`.
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.view import View, get_carrier
from playwright.sync_api import Page

from blockchain_lab.lab import Lab
from support.views_page import ORIGIN, ViewsPage
from support.widget_page import PageChannel, answer, open_page

# `kernel` stands where JupyterLab's kernel stands; `waiting` resolves when all that was sent is answered.
JOIN = """async origin => {
  const [{attach, receive}, views, claim, prediction, {provide}, {default: vis}] = await Promise.all([
    "widgets/blockchain_lab_widgets/js/jupyter.js", "widgets/blockchain_lab_widgets/js/views.js",
    "widgets/blockchain_lab_widgets/js/claim.js", "widgets/blockchain_lab_widgets/js/predict.js",
    "widgets/blockchain_lab_widgets/js/libraries.js", "vis.js",
  ].map(path => import(`${origin}/${path}`)));
  provide("vis", vis);
  const watchers = new Set();
  const signal = {connect: watcher => watchers.add(watcher), disconnect: watcher => watchers.delete(watcher)};
  window.kernel = {connectionStatus: "connected", status: "idle",
    connectionStatusChanged: signal, statusChanged: signal};
  window.setKernel = state => { Object.assign(kernel, state); watchers.forEach(watcher => watcher()); };
  const toView = text => new DataView(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
  window.hear = async messages => {
    for (const [head, ...buffers] of messages) await receive("live", send, head, buffers.map(toView));
  };
  window.waiting = Promise.resolve();
  const ask = async message => hear(await toPython(message));
  const send = message => { window.waiting = window.waiting.then(() => ask(message)); };
  window.store = attach("live", send, {kernel});
  window.show = options => {
    const {mount} = {claim, prediction}[options.name] ?? views;
    window.unmount = mount(document.getElementById("host"), store, options);
  };
  send({type: "hello", modules: false, libraries: [], epoch: 0, have: 0, facts: 0, messages: 0});
}"""
SETTLE = """async () => {
  store.rest();
  let last;
  do { last = window.waiting; await last; } while (last !== window.waiting);
}"""


Hear = Callable[[dict[str, Any]], list[list[Any]]]
EARS: WeakKeyDictionary[Page, Hear] = WeakKeyDictionary()


def listen_to(tab: Page, hear: Hear) -> None:
    """From now on this hears what the page says to Python: a function once exposed to a tab stays there."""

    def pass_on(message: dict[str, Any]) -> list[list[Any]]:
        return EARS[tab](message)

    if tab not in EARS:
        tab.expose_function("toPython", pass_on)
    EARS[tab] = hear


class LivePage(ViewsPage):
    """A page of a lab that can be acted on. Two pages of one lab share its carrier, as in two browsers."""

    carrier: Carrier

    def show_live(self, lab: Lab, *, event: int | None = None, **options: Any) -> None:
        """The lab as `lab.show()` opens it, or at an event; `name` is the view, other `options` go to it."""
        if lab.head == 0:
            lab.look_ahead()
            lab.goto(event=min(lab.scenario.poster, lab.head))
        if event is not None:
            lab.goto(event=event)
        self._join(lab, {"name": "workbench"} | options)

    def show_card(self, card: View) -> None:
        """The card of a claim or a prediction, as it stands below a cell."""
        self._join(card._lab, {"name": card.name} | card.options)

    def _join(self, lab: Lab, options: dict[str, Any]) -> None:
        self.carrier = get_carrier(lab)
        channel = self.carrier.comm
        self._channel = channel if isinstance(channel, PageChannel) else open_page(self.carrier)
        self.miss()
        listen_to(self.page, self._hear)
        self.page.evaluate(JOIN, ORIGIN)
        self.settle()
        self.page.evaluate("options => show(options)", options)
        self.page.wait_for_selector("[data-drawn], .bl-claim-root")
        self.wait_for_pictures()

    def _hear(self, message: dict[str, Any]) -> list[list[Any]]:
        """The page sends a message; what the carrier says then, and said meanwhile, goes back."""
        answer(self.carrier, message)
        return self._get_news()

    def _get_news(self) -> list[list[Any]]:
        """What the page has not heard: each the head and the buffers, packed as text."""
        news = self._channel.sent[self._heard :]
        self._heard = len(self._channel.sent)
        return [
            [data["content"], *(b64encode(buffer).decode() for buffer in buffers)]
            for data, buffers in news
            if data["method"] == "custom"
        ]

    def miss(self) -> None:
        """Let the page never hear what Python has said since it last heard anything."""
        self._heard = len(self._channel.sent)

    def deliver(self) -> None:
        """Let the page hear what Python did by itself since it last heard anything, and draw it."""
        self.page.evaluate("news => hear(news)", self._get_news())
        self.settle()

    def settle(self) -> None:
        """Until Python knows where the cursor rests, all that was asked is answered, and it is drawn."""
        self.page.evaluate(SETTLE)
        self.wait_for_pictures()

    def act(self, action: dict[str, Any], event: int | None = None) -> dict[str, Any]:
        """Act as a control of a view does: `{ok, text}`, when the page shows what came of it."""
        script = "([action, event]) => store.act(action, event ?? undefined)"
        answered: dict[str, Any] = self.page.evaluate(script, [action, event])
        self.settle()
        return answered
