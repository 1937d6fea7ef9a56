"""Two labs drawn together on a plain page, joined to the real carriers of both, without Jupyter."""

from base64 import b64encode
from typing import Any

from blockchain_lab_widgets.carrier import Carrier
from blockchain_lab_widgets.pair import PairView

from blockchain_lab.lab import Lab
from blockchain_lab.study.compare import compare
from support.live_page import listen_to
from support.views_page import ORIGIN, ViewsPage
from support.widget_page import answer, open_page

# `stores` are A's and B's; `tell` stands where the widget's trait brings another comparison.
JOIN = """async ({origin, options}) => {
  const [{attach, receive}, {mount}, {provide}, {default: vis}] = await Promise.all([
    "widgets/blockchain_lab_widgets/js/jupyter.js", "widgets/blockchain_lab_widgets/js/pair.js",
    "widgets/blockchain_lab_widgets/js/libraries.js", "vis.js",
  ].map(path => import(`${origin}/${path}`)));
  provide("vis", vis);
  const toView = text => new DataView(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
  window.waiting = Promise.resolve();
  const sender = key => message => {
    window.waiting = window.waiting.then(async () => hear(await toPython({key, message})));
  };
  window.hear = async ({news, comparison}) => {
    for (const [key, head, ...buffers] of news) await receive(key, sender(key), head, buffers.map(toView));
    window.tell(comparison);
  };
  const listeners = new Set();
  const source = {plain: {}, subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }};
  window.tell = plain => { source.plain = plain; listeners.forEach(listener => listener()); };
  const kernel = {connectionStatus: "connected", status: "idle"};
  window.stores = ["a", "b"].map(key => attach(key, sender(key), {kernel}));
  window.store = stores[0];
  for (const key of ["a", "b"]) {
    sender(key)({type: "hello", modules: false, libraries: [], epoch: 0, have: 0, facts: 0, messages: 0});
  }
  await window.waiting;
  window.unmount = mount(document.getElementById("host"), stores, source, options);
}"""
SETTLE = """async () => {
  stores.forEach(store => store.rest());
  let last;
  do { last = window.waiting; await last; } while (last !== window.waiting);
}"""


class PairPage(ViewsPage):
    """A page of two labs that can be acted on."""

    view: PairView

    def show_pair(self, a: Lab, b: Lab, **options: Any) -> None:
        """Both as `compare(a, b).show()` shows them."""
        self.view = compare(a, b).show(**options)
        self.carriers: dict[str, Carrier] = {"a": a.carrier, "b": b.carrier}
        for carrier in self.carriers.values():
            open_page(carrier)
        self._heard = {"a": 0, "b": 0}
        listen_to(self.page, self._hear)
        self.page.evaluate(JOIN, {"origin": ORIGIN, "options": options})
        self.settle()
        self.page.wait_for_selector(".bl-pair[data-drawn]")
        self.wait_for_pictures()

    def _hear(self, said: dict[str, Any]) -> dict[str, Any]:
        """A page of one lab sends a message; what both carriers say then goes back."""
        answer(self.carriers[said["key"]], said["message"])
        return self._get_news()

    def _get_news(self) -> dict[str, Any]:
        """What the page has not heard, and how the labs differ now."""
        news = []
        for key, carrier in self.carriers.items():
            sent = carrier.comm.sent
            news += [
                [key, data["content"], *(b64encode(buffer).decode() for buffer in buffers)]
                for data, buffers in sent[self._heard[key] :]
                if data["method"] == "custom"
            ]
            self._heard[key] = len(sent)
        return {"news": news, "comparison": self.view.comparison}

    def deliver(self) -> None:
        """Let the page hear what Python did by itself, and draw it."""
        while self.view._waiting:  # the labs are compared again when nothing more has changed for a moment
            self.page.wait_for_timeout(20)
        self.page.evaluate("news => hear(news)", self._get_news())
        self.page.evaluate(SETTLE)
        self.wait_for_pictures()

    def settle(self) -> None:
        """Until Python knows where the cursors rest, all that was asked is answered, and it is drawn."""
        self.page.evaluate(SETTLE)
        self.deliver()
