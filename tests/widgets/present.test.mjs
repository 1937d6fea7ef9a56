import assert from "node:assert/strict";
import { test } from "node:test";
import { findReached, getMoments } from "../../widgets/blockchain_lab_widgets/js/present-moments.js";
import { tellAction } from "../../widgets/blockchain_lab_widgets/js/present-words.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { pack } from "./packed.mjs";

const FACTS = [
  { do: "Mine", peer: "ann", count: 1 }, { do: "Partition", group: ["ann"], against: ["bob"] }, { do: "Heal" }, { topic: "counted" },
];

/** Eight events, 1 ms apart: ann mines, a cut, on the same microsecond a second one, and it heals. */
function told(head) {
  const store = new Store();
  const kinds = ["note", "action", "note", "action", "action", "note", "action", "note"];
  const facts = [4, 1, 4, 2, 3, 4, 3, 4];
  const rows = kinds.map((kind, i) => [(i === 4 ? 4 : i + 1) * 1000, i + 1, kind, 0, -1, -1, facts[i]]);
  store.append(...pack(rows, { facts: FACTS, opening: 0, poster: 6, title: "A cut", ...head }));
  return store.trace;
}

test("without prepared moments a lecture stops at each action and where the story opens", () => {
  const moments = getMoments(told()).map(({ event, caption }) => [event, caption]);

  assert.deepEqual([
    [2, "Ann mines a block"], [5, "The network is cut: ann | bob; The cut heals"], [6, "A cut"], [7, "The cut heals"],
  ], moments);
});

test("a story that opens at one of its actions has no moment twice", () => {
  assert.deepEqual([2, 5, 7], getMoments(told({ poster: 7 })).map(({ event }) => event));
});

test("prepared moments come in their own order, by event or by time, and not beyond the run", () => {
  const moments = [
    { event: 7, at: null, caption: "The end first", select: "peer:ann", views: ["tree"] },
    { event: null, at: 3500, caption: "By time", select: null, views: [] },
    { event: 99, at: null, caption: "Too far", select: null, views: [] },
  ];

  assert.deepEqual([[7, "peer:ann"], [3, null], [8, null]], getMoments(told({ moments })).map(({ event, select }) => [event, select]));
});

test("who begins in the middle stands at the last moment that was reached", () => {
  const moments = getMoments(told());

  assert.deepEqual([-1, 0, 0, 1, 3], [1, 2, 4, 5, 8].map(cursor => findReached(moments, cursor)));
});

test("captions say who does what; of an action that nobody knows here, its name", () => {
  const captions = [
    { do: "Mine", peer: "ann", count: 3 }, { do: "Partition", group: ["a", "b"], against: [] }, { do: "Kill", peer: "bob", seen_as: "silence" },
    { do: "DelayMessage", record: 4, by: 2_000_000 }, { do: "PutValue", peer: "bob", key: "song" }, { do: "ChangeTheWorld" },
  ].map(tellAction);

  assert.deepEqual([
    "Ann mines 3 blocks", "The network is cut: a and b | everybody else", "Bob is killed, without a word",
    "A message is held back for 2.000 s", "Bob: put value", "Change the world",
  ], captions);
});
