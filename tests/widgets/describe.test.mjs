import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCursor, describeEvent, formatTime } from "../../widgets/blockchain_lab_widgets/js/describe.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { KINDS, pack } from "./packed.mjs";

test("simulated time has three decimals, and hours when there are some", () => {
  assert.deepEqual(["0.000 s", "2.300 s", "3599.999 s", "1:02:03.004"],
    [0, 2_300_000, 3_599_999_000, 3_723_004_000].map(formatTime));
});

test("an event is told by the record that triggered it", () => {
  const trace = new Trace();
  const label = { command: "headers", label: "headers 151" };
  trace.append(...pack([
    [0, 1, "start", 0],
    [2_300_000, 2, "deliver", 1, 0, -1, 1],
    [2_300_000, 2, "note", 1, -1, 1, 2],
  ], { facts: [label, { topic: "headers accepted" }] }));

  assert.deepEqual(["", "ann starts", "headers 151 reaches bob", ""], [0, 1, 2, 3].map(event => describeEvent(trace, event)));
  assert.equal("event 2 of 2, 2.300 s, headers 151 reaches bob", describeCursor({ trace, cursor: 2, clock: 2_300_000 }));
});

test("a block is called by its short name where one is known", () => {
  const trace = new Trace();
  trace.append(...pack([[0, 1, "deliver", 1, 0, -1, 1]], { facts: [{ command: "block", label: "block", blocks: ["00ab"] }] }));

  assert.equal("block reaches bob", describeEvent(trace, 1));
  assert.equal("block B3 reaches bob", describeEvent(trace, 1, { nameOf: hash => (hash === "00ab" ? "B3" : "?") }));
});

test("every kind of record has its words", () => {
  const trace = new Trace();
  const facts = { label: "ping", reason: "bored", remote: "10.0.0.1:8333", timer: "silence", topic: "tip changed", do: "Mine" };
  trace.append(...pack(KINDS.map((kind, index) => [index, index + 1, kind, 0, 1, -1, 1]), { facts: [facts] }));

  KINDS.forEach((kind, index) => {
    const text = describeEvent(trace, index + 1);
    assert.ok(text && !text.includes("undefined"), `${kind}: ${text}`);
  });
});
