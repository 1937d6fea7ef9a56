import assert from "node:assert/strict";
import { mock, test } from "node:test";
import boot from "../../widgets/blockchain_lab_widgets/js/boot.js";

let builds = 0;

/** A notebook: what ipywidgets calls the manager of its widgets. Its own build unless one is given. */
const notebook = () => ({ digest: `build-${builds++}` });

/** A carrier's model, as the page sees it. */
class Model {
  constructor(manager, { eager, digest = manager.digest }) {
    Object.assign(this, { widget_manager: manager, sent: [], listeners: {} });
    this.values = { role: "carrier", key: `lab-${builds++}`, digest, eager };
    boot.initialize({ model: this });
  }

  get(name) { return this.values[name]; }
  on(event, listener) { this.listeners[event] = listener; }
  send(message) { this.sent.push(message); }

  hears(head) { this.listeners["msg:custom"](head, [new DataView(new ArrayBuffer(8))]); }
  settles() { this.values.eager = false; this.listeners["change:eager"](); }
}

test("a page that gets everything pushed asks for nothing", () => {
  const carrier = new Model(notebook(), { eager: true });
  carrier.hears({ type: "records" });
  carrier.settles();

  assert.deepEqual([], carrier.sent);
});

test("a page that missed the records says hello when Python has settled", () => {
  const carrier = new Model(notebook(), { eager: true });
  carrier.settles();

  assert.equal(1, carrier.sent.length);
  assert.deepEqual(["hello", 0, 0], [carrier.sent[0].type, carrier.sent[0].have, carrier.sent[0].messages]);
});

test("after a reload six labs say hello, and one of them asks for the modules", () => {
  const manager = notebook();
  const carriers = Array.from({ length: 6 }, () => new Model(manager, { eager: false }));

  assert.deepEqual([true, false, false, false, false, false], carriers.map(({ sent }) => sent[0].modules));
});

test("another notebook asks through its own kernel: ours may be dead", () => {
  const first = notebook();
  new Model(first, { eager: false });
  const other = new Model(notebook(), { eager: false, digest: first.digest });

  assert.equal(true, other.sent[0].modules);
});

test("a dead kernel's channel throws, which is nobody's trouble", () => {
  class Dead extends Model {
    send() { throw new Error("no kernel"); }
  }

  assert.doesNotThrow(() => new Dead(notebook(), { eager: false }));
});

/** A view's model; its carriers are asked for by the manager, as in JupyterLab. */
function showView(carrier, other = null) {
  const made = () => ({ append() {}, remove() {} });
  globalThis.document = { createElement: made };
  const manager = carrier.widget_manager;
  manager.get_model = async id => ({ x: carrier, y: other })[id];
  const values = { role: "view", digest: carrier.values.digest, carrier: "IPY_MODEL_x", other: other && "IPY_MODEL_y" };
  boot.render({ model: { widget_manager: manager, get: name => values[name] }, el: made() });
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test("a carrier that anywidget gave up is listened to and asked by the view that waits for it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const carrier = new Model(notebook(), { eager: true });
  const listeners = [];
  carrier.comm = { on_msg: listener => listeners.push(listener) };
  showView(carrier);

  mock.timers.tick(3999);
  await settled();
  assert.deepEqual([0, []], [listeners.length, carrier.sent]);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual([1, "hello", true], [listeners.length, carrier.sent[0]?.type, carrier.sent[0]?.modules]);
  mock.timers.reset();
});

test("a view of two labs asks both carriers again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const manager = notebook();
  const carriers = [0, 1].map(() => new Model(manager, { eager: true }));
  for (const carrier of carriers) carrier.comm = { on_msg: () => {} };
  showView(...carriers);

  mock.timers.tick(4000);
  await settled();
  assert.deepEqual([["hello"], ["hello"]], carriers.map(({ sent }) => sent.map(({ type }) => type)));
  mock.timers.reset();
});

test("a carrier that is only slow is left alone", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const carrier = new Model(notebook(), { eager: true });
  carrier.comm = { on_msg: () => assert.fail("its messages come by themselves") };
  globalThis.DecompressionStream = class extends TransformStream {
    constructor() { super(); }
  };
  globalThis.Response = class {
    text() { return new Promise(() => {}); } // the modules take for ever to inflate
  };
  showView(carrier);
  carrier.hears({ type: "records" });
  carrier.hears({ type: "modules" });

  mock.timers.tick(5000);
  await settled();
  assert.deepEqual([], carrier.sent);
  mock.timers.reset();
});
