import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { FILTERS, LineTexts, describeLine, filterRows } from "../../widgets/blockchain_lab_widgets/js/events-filter.js";
import { forkAndHeal, hostileTalk, joinLate } from "./toy_story.mjs";

const filterOf = name => FILTERS.find(filter => filter.name === name);
const [messages, everything] = FILTERS;

test("messages are what arrives or is lost; everything is everything", () => {
  const trace = joinLate({ blocks: 20 }).trace();

  assert.ok(filterRows(trace, messages).every(row => trace.record(row).kind === "deliver"));
  assert.equal(trace.length, filterRows(trace, everything).length);
});

test("every kind of the bar's steps can be listed alone, losses too", () => {
  const trace = forkAndHeal().trace();
  const count = name => filterRows(trace, filterOf(name)).length;

  assert.equal(3, count("reorganisation only"));
  assert.equal(2, count("action only"));
  assert.equal(0, count("loss only"));
  assert.ok(count("tip change only") > count("reorganisation only"));
});

test("of a peer is what it did, and what was done to it by others", () => {
  const trace = joinLate({ blocks: 20 }).trace();
  const rows = filterRows(trace, everything, 2);

  assert.ok(rows.length > 0);
  for (let row = 0; row < trace.length; row++) {
    const { peer, other } = trace.record(row);
    assert.equal(peer === 2 || other === 2, rows.includes(row));
  }
});

test("a word is looked for in what is shown, in small and capital letters", () => {
  const trace = forkAndHeal().trace();
  const texts = new LineTexts(trace, new BlockIndex(trace).update());
  const found = filterRows(trace, everything, -1, " STANDS on b6 ", texts);

  assert.deepEqual(6, found.length);
  for (const row of found) assert.equal("tip changed", trace.record(row).facts.topic);
  assert.deepEqual([], filterRows(trace, everything, -1, "nothing like it", texts));
});

test("a line says from whom to whom, and whether it was lost; a note says who and what", () => {
  const trace = forkAndHeal().trace();
  const index = new BlockIndex(trace).update();
  const lines = Array.from({ length: trace.length }, (_, row) => describeLine(trace, trace.record(row), index));

  assert.ok(lines.some(({ who, what }) => who === "bob → cat" && what === "inv 1: B4b, sent"));
  assert.ok(lines.some(({ who, what }) => who === "ann" && what === "accepts block B1"));
  assert.ok(lines.some(({ who, what }) => who === "network" && what === "the cut is healed"));
  const lost = { ...trace.record(0), kind: "drop", peer: 1, other: 0, facts: { command: "ping", label: "ping" } };
  assert.deepEqual({ who: "ann → bob", what: "ping, lost" }, describeLine(trace, lost, index));
});

test("peers' own words are listed letter by letter", () => {
  const trace = hostileTalk().trace();
  const texts = new LineTexts(trace, new BlockIndex(trace).update());

  assert.ok(filterRows(trace, everything, -1, "<script>", texts).length > 3);
});
