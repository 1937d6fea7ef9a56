import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { attach, forget, receive, view } from "../../widgets/blockchain_lab_widgets/js/jupyter.js";
import { notes, pack } from "./packed.mjs";

let labs = 0;
const LIVE = { kernel: { connectionStatus: "connected", status: "idle" } };

/** A lab's carrier in the page: what it sends to Python is kept. */
function carrier(manager = LIVE) {
  const key = `lab-${labs++}`;
  const sent = [];
  const store = attach(key, message => sent.push(message), manager);
  const hears = (head, buffer) => receive(key, message => sent.push(message), { type: "records", ...head },
    buffer ? [new DataView(buffer.buffer ?? buffer)] : []);
  return { key, store, sent, hears };
}

const { rows, facts } = notes(10);

test("records in order are taken without a word, twice or once", async () => {
  const { sent, hears } = carrier();
  await hears(...pack(rows.slice(0, 6), { facts, opening: 3 }));
  await hears(...pack(rows, { from: 6, facts, opening: 3 }));
  await hears(...pack(rows, { facts, opening: 3 }));

  assert.deepEqual([], sent);
});

test("a gap asks for what is missing, by what is here", async () => {
  const { sent, hears } = carrier();
  await hears(...pack(rows.slice(0, 4), { facts, opening: 3 }));
  await hears(...pack(rows, { from: 6, facts }));

  assert.deepEqual(sent, [{ type: "hello", modules: false, libraries: [], epoch: 0, have: 4, facts: 11, messages: 0 }]);
});

test("compressed batches stay in line with plain ones", async () => {
  const { sent, hears } = carrier();
  const [head, buffer] = pack(rows.slice(0, 6), { facts, opening: 3 });
  const first = hears({ ...head, gzip: true }, new Uint8Array(gzipSync(Buffer.from(buffer)))); // takes its time
  const second = hears(...pack(rows, { from: 6, facts }));
  await Promise.all([first, second]);

  assert.deepEqual([], sent);
});

test("Python hears where a moved cursor rests, and only over a living connection", async () => {
  const dead = { kernel: { connectionStatus: "connected", status: "dead" } };
  for (const [manager, expected] of [[LIVE, [7]], [dead, []], [{}, [7]]]) {
    const { store, sent, hears } = carrier(manager);
    await hears(...pack(rows, { facts, opening: 3 }));
    store.goto(7);
    store.rest();

    assert.deepEqual(sent.map(({ cursor }) => cursor), expected);
  }
});

test("where Python goes the page follows, without an answer", async () => {
  const { store, sent, hears } = carrier();
  await hears(...pack(rows, { facts, opening: 3 }));
  await hears({ type: "cursor", cursor: 5 });
  store.rest();

  assert.deepEqual([5, []], [store.cursor, sent]);
});

test("what went wrong in Python reaches the views", async () => {
  const { store, hears } = carrier();
  await hears({ type: "error", text: "KeyError: 'gus'" });

  assert.equal("KeyError: 'gus'", store.trouble);
});

test("a view asks for vis when its lab has come, because only then an answer is sure to arrive", async () => {
  const { key, sent, hears } = carrier();
  const carriersModel = { get: () => key, send: message => sent.push(message) };
  const manager = { get_model: async () => carriersModel };
  const values = { libraries: ["vis", "d3"], options: {}, name: "a view that stops before it draws" };
  const shown = view({ widget_manager: manager, get: name => values[name] }, null, "id", new Set(["d3"]));

  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual([], sent);
  await hears(...pack(rows, { facts, opening: 3 }));
  await assert.rejects(shown, /no view is called/);
  assert.deepEqual([["vis"], 10], [sent[0].libraries, sent[0].have]);
});

test("a view of two labs waits for the records of both", async () => {
  const both = [carrier(), carrier()];
  const manager = { get_model: async id => ({ get: () => both[Number(id)].key, send: () => {} }) };
  const values = { libraries: [], options: {}, name: "pair", carrier: "IPY_MODEL_0", other: "IPY_MODEL_1", comparison: {} };
  let isOver = false;
  const shown = view({ widget_manager: manager, get: name => values[name], on: () => {} }, null, "0", new Set());
  shown.catch(() => {}).finally(() => { isOver = true; });

  await both[0].hears(...pack(rows, { facts, opening: 3 }));
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(false, isOver);
  await both[1].hears(...pack(rows, { facts, opening: 3 }));
  await assert.rejects(shown, TypeError); // it begins to draw, and here is no page
});

/** A kernel whose state a test may change: `kernel.becomes({ status: "dead" })`. */
function changeable() {
  const watchers = new Set();
  const signal = { connect: watcher => watchers.add(watcher), disconnect: watcher => watchers.delete(watcher) };
  const kernel = { ...LIVE.kernel, connectionStatusChanged: signal, statusChanged: signal };
  kernel.becomes = state => { Object.assign(kernel, state); watchers.forEach(watcher => watcher()); };
  return kernel;
}

test("a rest says how many of Python's moves the page has heard of, so that an older one can be ignored", async () => {
  const { store, sent, hears } = carrier();
  await hears(...pack(rows, { facts, opening: 3, moves: 2 }));
  store.goto(7);
  store.rest();
  await hears({ type: "cursor", cursor: 5, moves: 3 });
  store.goto(8);
  store.rest();

  assert.deepEqual([[7, 2], [8, 3]], sent.map(({ cursor, moves }) => [cursor, moves]));
});

test("a lost kernel ends what was asked, and a kernel that is back is asked for what was missed", async () => {
  const kernel = changeable();
  const { store, sent, hears } = carrier({ kernel });
  await hears(...pack(rows, { facts, opening: 3 }));
  const asked = store.act({ do: "Mine", peer: "ann" });
  kernel.becomes({ status: "dead" });

  assert.deepEqual([false, true, false], [store.connected, store.lost, (await asked).ok]);
  assert.match(store.notice, /not connected/);
  kernel.becomes({ status: "idle" });
  assert.deepEqual([true, false], [store.connected, store.lost]);
  assert.deepEqual(["act", "hello"], sent.map(({ type }) => type));
  kernel.becomes({ status: "busy" });
  assert.equal(2, sent.length);
});

test("after a restart the kernel lives, but nobody is at the other end of the carrier's channel", async () => {
  const kernel = changeable();
  const manager = { kernel };
  const { key, store, hears } = carrier(manager);
  await hears(...pack(rows, { facts, opening: 3 }));
  const listeners = [];
  const model = { comm_live: true, get: () => key, on: (_, listener) => listeners.push(listener), send: () => {} };
  manager.get_model = async () => model;
  const values = { libraries: [], options: {}, name: "a view that stops before it draws" };
  await assert.rejects(view({ widget_manager: manager, get: name => values[name] }, null, "id", new Set()));

  kernel.becomes({ status: "restarting" });
  model.comm_live = false;
  listeners.forEach(listener => listener());
  kernel.becomes({ status: "idle" });

  assert.deepEqual([false, true], [store.connected, store.lost]);
});

test("a channel that refuses to send is an answer, too", async () => {
  const key = `lab-${labs++}`;
  const store = attach(key, () => false, LIVE);
  const { ok, text } = await store.switchTo(1);

  assert.deepEqual([false, true], [ok, text.includes("not connected")]);
});

test("a carrier that Python has closed is forgotten: its name begins anew", async () => {
  const { key, store, hears } = carrier();
  await hears(...pack(rows, { facts, opening: 3 }));
  forget(key);

  assert.ok(store.lost);
  assert.notEqual(store, attach(key, () => true, LIVE));
});

test("a message that cannot be read is told, and the next ones are taken", async () => {
  const { store, hears } = carrier();
  await hears(...pack(rows.slice(0, 6), { facts, opening: 3 }));
  const [head, buffer] = pack(rows, { from: 6, factsFrom: 11, facts: [] });
  new Uint8Array(buffer).fill(0x7b, buffer.byteLength - 2); // "{{" where "[]" stood
  const { error } = console;
  console.error = () => {};
  await hears(head, buffer);
  console.error = error;

  assert.match(store.trouble, /^A message of Python could not be read: /);
  assert.deepEqual([6, 11], [store.trace.length, store.trace.table.length]);
  await hears(...pack(rows, { from: 6, factsFrom: 11, facts: [] }));
  assert.equal(10, store.trace.length);
});
