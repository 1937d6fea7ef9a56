import assert from "node:assert/strict";
import { test } from "node:test";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { notes, pack } from "./packed.mjs";

/** ann sends at 1 ms, bob gets it at 5 ms; ann sends again at 2 ms, which is lost at 9 ms. */
const TALK = [
  [0, 1, "start", 0],
  [1000, 2, "send", 0, 1, 0, 1],
  [2000, 3, "send", 0, 1, 0, 2],
  [5000, 4, "deliver", 1, 0, 1, 1],
  [5000, 5, "note", 1, -1, 3, 3],
  [9000, 6, "drop", 1, 0, 2, 2],
];
const SAID = [{ command: "ping" }, { command: "inv" }, { topic: "heard" }];

function talk() {
  const trace = new Trace();
  assert.equal(true, trace.append(...pack(TALK, { facts: SAID })));
  return trace;
}

test("a record is put together from its columns and the table of facts", () => {
  assert.deepEqual(talk().record(3), {
    row: 3, kind: "deliver", at: 5000, event: 4, peer: 1, other: 0, conn: -1, cause: 1, facts: { command: "ping" },
  });
  assert.deepEqual(talk().record(0).facts, {}); // never null, so that views may write facts.topic
});

test("events and times find each other, also before the start and behind the end", () => {
  const trace = talk();

  assert.deepEqual([0, 1, 3, 6, 6], [0, 1, 3, 6, 99].map(event => trace.rowsUpTo(event)));
  assert.deepEqual([0, 0, 2000, 9000], [0, 1, 3, 99].map(event => trace.timeOf(event)));
  assert.deepEqual([0, 1, 1, 2, 5, 6], [-1, 0, 999, 1000, 5000, 1e9].map(clock => trace.eventAt(clock)));
});

test("a message flies from its sending to its arrival, and one that is lost flies until it is lost", () => {
  const flying = clock => talk().flying(clock).map(({ sent, part, source, target, dropped }) => [sent, part, source, target, dropped]);

  assert.deepEqual(flying(999), []);
  assert.deepEqual(flying(1000), [[1, 0, 0, 1, false]]);
  assert.deepEqual(flying(3000), [[1, 0.5, 0, 1, false], [2, 1 / 7, 0, 1, true]]);
  assert.deepEqual(flying(5000), [[2, 3 / 7, 0, 1, true]]);
  assert.deepEqual(flying(9000), []);
});

test("a batch that comes twice, or overlaps, changes nothing", () => {
  const trace = talk();

  assert.equal(true, trace.append(...pack(TALK, { facts: SAID })));
  assert.equal(true, trace.append(...pack(TALK, { from: 4, facts: SAID })));
  assert.equal(6, trace.length);
  assert.equal(4, trace.table.length);
  assert.equal(2, trace.flying(3000).length);
});

test("of a batch that overlaps what is here, the rest is taken", () => {
  const trace = new Trace();
  trace.append(...pack(TALK.slice(0, 4), { facts: SAID }));
  trace.append(...pack(TALK, { from: 2, facts: SAID }));

  assert.deepEqual([0, 1000, 2000, 5000, 5000, 9000], TALK.map((_, row) => trace.record(row).at));
  assert.deepEqual(talk().record(5), trace.record(5));
});

test("a gap is noticed, in the records as in the facts", () => {
  const trace = new Trace();

  assert.equal(false, trace.append(...pack(TALK, { from: 2, facts: SAID })));
  assert.equal(0, trace.length);
  assert.equal(false, trace.append(...pack(TALK, { factsFrom: 2, facts: SAID.slice(1) })));
  assert.equal(0, trace.length);
});

test("ten thousand records arrive in batches of 700 as if at once", () => {
  const { rows, facts } = notes(10_000);
  const trace = new Trace();
  for (let from = 0; from < rows.length; from += 700) {
    const batch = rows.slice(0, from + 700);
    trace.append(...pack(batch, { from, factsFrom: from + 1, facts: facts.slice(from, from + 700) }));
  }

  assert.equal(10_000, trace.length);
  for (const row of [0, 699, 700, 9999]) assert.equal(row + 1, trace.record(row).facts.number);
});

test("a replaced future keeps what was before it and forgets the flights of the old one", () => {
  const trace = talk();
  const other = [...TALK.slice(0, 4), [6000, 5, "note", 0, -1, 3, 4]];
  trace.append(...pack(other, { from: 4, epoch: 1, cut: 4, factsFrom: 4, facts: [{ topic: "else" }] }));

  assert.deepEqual([5, 5, 4], [trace.length, trace.lastEvent, trace.cutAt]);
  assert.deepEqual({ topic: "else" }, trace.record(4).facts);
  assert.equal(1, trace.flying(3000).length); // the lost one is lost no more
});

test("after a missed replacement nothing old is trusted, and a late batch of an older future is ignored", () => {
  const trace = talk();

  assert.equal(false, trace.append(...pack(TALK, { from: 5, epoch: 2, cut: 5, factsFrom: 4 })));
  assert.equal(0, trace.length);
  assert.equal(true, trace.append(...pack(TALK, { epoch: 2, cut: 5, factsFrom: 1, facts: SAID })));
  const late = [...TALK, [10_000, 7, "note", 0, -1, -1, 3]];
  assert.equal(true, trace.append(...pack(late, { from: 6, epoch: 1, cut: 0, facts: SAID })));
  assert.equal(6, trace.length);
});

test("a fold of the trace survives a replaced future", async () => {
  const { Folded } = await import("../../widgets/blockchain_lab_widgets/js/fold.js");
  const list = { initial: () => [], apply: (state, record) => state.push(record.facts.topic), copy: state => [...state] };
  const trace = talk();
  const folded = new Folded(trace, list, 2);

  assert.equal(6, folded.at(6).length);
  trace.append(...pack([...TALK.slice(0, 4), [6000, 5, "note", 0, -1, 3, 4]],
    { from: 4, epoch: 1, cut: 4, factsFrom: 4, facts: [{ topic: "else" }] }));
  assert.deepEqual([undefined, undefined, undefined, undefined, "else"], folded.at(5));
});
