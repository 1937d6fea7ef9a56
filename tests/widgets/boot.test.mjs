import assert from "node:assert/strict";
import { test } from "node:test";
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
