import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS, findEvent, isAbout } from "../../widgets/blockchain_lab_widgets/js/kinds.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { pack } from "./packed.mjs";

const FACTS = [
  { command: "tx", txids: ["t1"] }, { topic: "transaction accepted", txid: "t1" }, { command: "block", blocks: ["b1"] },
  { topic: "block accepted", hash: "b1" }, { topic: "tip changed", hash: "b1", disconnected: 0 },
  { topic: "tip changed", hash: "b2", disconnected: 1 }, { do: "Mine", peer: "ann" }, { remote: "10.0.0.1:8333" },
];
const [TX, TX_NOTE, BLOCK, BLOCK_NOTE, TIP, FORK, MINE, REMOTE] = FACTS.map((_, index) => index + 1);

/** [at, event, kind, peer, other, cause, facts]: one life of two peers and a third who is only dialled. */
const ROWS = [
  [0, 1, "start", 0], [0, 2, "start", 1],
  [10, 3, "connect", 0, 1, -1, REMOTE],
  [20, 4, "action", -1, -1, -1, MINE], [20, 4, "send", 0, 1, 3, TX],
  [30, 5, "deliver", 1, 0, 4, TX], [30, 5, "note", 1, -1, 5, TX_NOTE],
  [40, 6, "drop", 2, 0, 4, BLOCK],
  [50, 7, "deliver", 1, 0, 4, BLOCK], [50, 7, "note", 1, -1, 8, BLOCK_NOTE], [50, 7, "note", 1, -1, 8, TIP],
  [60, 8, "timer", 1], [60, 8, "note", 1, -1, 11, FORK],
];

function opened(event = 0) {
  const store = new Store();
  store.append(...pack(ROWS, { facts: FACTS, peers: ["ann", "bob", "cat"], opening: event }));
  return store;
}

/** All events of a kind, found by stepping through them in one direction. */
function walk({ trace, selection }, name, direction) {
  const found = [];
  let cursor = direction > 0 ? 0 : trace.lastEvent + 1;
  while (cursor !== null) {
    cursor = findEvent({ trace, cursor, selection }, name, direction);
    if (cursor !== null) found.push(cursor);
  }
  return found;
}

test("every kind finds its events, forward and backward the same", () => {
  const wanted = {
    message: [5, 7], block: [7], tip: [7, 8], reorganisation: [8], transaction: [5], checkpoint: [], connection: [3], loss: [6],
    action: [4], selection: [],
  };
  const store = opened();

  assert.deepEqual(Object.keys(wanted), KINDS.map(({ name }) => name));
  for (const [name, events] of Object.entries(wanted)) {
    assert.deepEqual(events, walk(store, name, 1), name);
    assert.deepEqual(events.toReversed(), walk(store, name, -1), name);
  }
});

test("a selection has its own events: a peer's, a record's neighbours, a block's, a transaction's, a link's", () => {
  const wanted = {
    "peer:bob": [2, 3, 4, 5, 7, 8], "peer:nobody": [], "group:2": [6], "link:0-1": [3, 4, 5, 7], "block:b1": [6, 7],
    "block:b2": [8], "tx:t1": [4, 5], "record:0:4": [4, 5, 6, 7], "record:0:12": [8], "unheard:of": [],
  };
  const store = opened();

  for (const [selection, events] of Object.entries(wanted)) {
    store.select(selection);
    assert.deepEqual(events, walk(store, "selection", 1), selection);
  }
  assert.equal(false, isAbout(store.trace, 0, null));
});

test("stepping to a kind stops playing; where there is none, nothing moves and the reader is told", () => {
  const store = opened(5);
  store.play();

  store.stepTo("message", 1);
  assert.deepEqual([7, false, ""], [store.cursor, store.playing, store.notice]);
  store.stepTo("message", 1);
  assert.deepEqual([7, "There is no message after event 7."], [store.cursor, store.notice]);
  store.stepTo("message", -1);
  assert.deepEqual([5, ""], [store.cursor, store.notice]);
  store.stepTo("selection", -1);
  assert.deepEqual([5, "Nothing is selected."], [store.cursor, store.notice]);
});

test("why? selects what it asks about: the given name, else the selection, else the latest record", () => {
  const store = opened(5);
  const shown = [];
  store.onOpen(name => shown.push([name, store.selection]));

  store.askWhy();
  store.select("peer:bob");
  store.askWhy();
  store.askWhy("block:b1");
  assert.deepEqual([["why", "record:0:6"], ["why", "peer:bob"], ["why", "block:b1"]], shown);
});
