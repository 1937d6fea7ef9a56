import assert from "node:assert/strict";
import { test } from "node:test";
import { Pair, countShared, rowsAround, stepsOf, whereIs } from "../../widgets/blockchain_lab_widgets/js/pair-model.js";
import { listFields, listOutcomes } from "../../widgets/blockchain_lab_widgets/js/pair-outcomes.js";
import { drawn, listReached } from "../../widgets/blockchain_lab_widgets/js/pair-reached.js";
import { listSetUp } from "../../widgets/blockchain_lab_widgets/js/pair-set-up.js";
import { findSameMoment, tie, translate } from "../../widgets/blockchain_lab_widgets/js/pair-time.js";
import { tellChange, tellFirst, tellSetUp } from "../../widgets/blockchain_lab_widgets/js/pair-words.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { pack } from "./packed.mjs";

/** A store with one note for each [µs, host], an event each. */
function told(...notes) {
  const store = new Store();
  store.append(...pack(notes.map(([at, host], i) => [at, i + 1, "note", host, -1, -1, 1]), { facts: [{ topic: "told" }], opening: 0 }));
  return store;
}

/** Ann and bob live the same until 200 µs; then B has a record more of ann, and bob is told later. */
const A = () => told([0, 0], [0, 1], [0, 0], [200, 1], [300, 0], [400, 1]);
const B = () => told([0, 0], [0, 1], [0, 0], [200, 1], [250, 0], [300, 0], [450, 1]);
const PLAIN = {
  until: 450, setUp: [{ path: "links.jitter", a: 20_000, b: 0 }], cone: [["ann", 250], ["bob", 400]],
  divergences: [{ peer: "ann", at: 250, a: 4, b: 4 }, { peer: "bob", at: 400, a: 5, b: 6 }],
  outcomes: {
    messages_sent: [[4, 7], [2, 2]], height: [[1, 1], [3, 2]], lines: [[1, 1, 0, 0], [2, 1, 1, 0]], tip: [["aa", "aa"], ["bb", "cc"]],
  },
  of: [[0, 6], [0, 7]],
};
const NOTHING = { ...PLAIN, cone: [], divergences: [], outcomes: {}, setUp: [] };
const KNOBS = [{ name: "jitter", path: "links.jitter", unit: "µs" }];

/** Two stores and a comparison that may be replaced. */
function paired(plain = PLAIN) {
  const source = { plain, subscribe: () => () => {} };
  const stores = [A(), B()];
  return { source, stores, pair: new Pair(stores, source) };
}

test("the same moment in the other run is its last event of then, and within an instant as many events into it", () => {
  const [a, b] = [A(), B()];
  const at = (cursor, clock) => findSameMoment({ trace: a.trace, cursor, clock }, b.trace);

  assert.deepEqual([0, 1, 2, 3], [0, 1, 2, 3].map(event => at(event, 0)));
  assert.deepEqual([4, 6, 6], [at(4, 200), at(5, 300), at(6, 400)]);
  assert.equal(5, at(4, 260)); // while A waits for its next event, B has one
  assert.equal(3, findSameMoment({ trace: told([0, 0], [200, 0]).trace, cursor: 2, clock: 200 }, told([0, 0], [200, 0], [200, 1]).trace));
});

test("in an instant in which the other has fewer events, nobody is moved on by who has followed", () => {
  const [a, b] = [told([0, 0], [0, 1], [0, 0], [9, 0]), told([0, 0], [0, 1], [9, 0])];
  tie([a, b], () => 2);

  a.goto(2);
  assert.deepEqual([2, 2], [a.cursor, b.cursor]);
});

test("who moves in one run moves in the other, whichever it is, and nobody is moved back", () => {
  const [a, b] = [A(), B()];
  const leave = tie([a, b], () => 4);

  a.goto(5);
  assert.deepEqual([6, 300], [b.cursor, b.clock]);
  b.goto(5);
  assert.deepEqual([4, 250, 5], [a.cursor, a.clock, b.cursor]);
  a.stepBy(1);
  assert.deepEqual([5, 6], [a.cursor, b.cursor]);
  leave();
  a.goto(0);
  assert.equal(6, b.cursor);
});

test("a selection and a hover are shared, but for records that only one run has", () => {
  const [a, b] = [A(), B()];
  tie([a, b], () => 4);

  b.select("peer:bob");
  assert.equal("peer:bob", a.selection);
  a.select("record:0:3");
  assert.equal("record:0:3", b.selection);
  a.select("record:0:4");
  assert.equal(null, b.selection);
  a.point("peer:ann");
  b.lookAs("bob");
  assert.deepEqual(["peer:ann", "bob"], [b.hover, a.lens]);
  assert.equal("record:2:3", translate("record:0:3", a, { branch: 2 }, 4));
});

test("one lab beside itself is one store: nothing is tied", () => {
  const a = A();
  const leave = tie([a, a], () => 0);

  a.goto(3);
  leave();
  assert.equal(3, a.cursor);
});

test("a comparison counts only for the records of which it was made", () => {
  const { pair, stores, source } = paired();

  assert.deepEqual(["", PLAIN, 250], [pair.problem, pair.plain, pair.first.at]);
  assert.deepEqual([0, 1, 2], [249, 250, 400].map(at => pair.countReached(at)));
  source.plain = { ...PLAIN, of: [[0, 6], [1, 7]] };
  assert.match(pair.problem, /compared again/);
  source.plain = { ...PLAIN, of: [[0, 6], [0, 8]] };
  assert.match(pair.problem, /compared again/);
  const unseal = stores[1].seal(3, "predict first");
  assert.match(pair.problem, /when what was predicted is locked/);
  unseal();
  source.plain = PLAIN;
  stores[1].append(...pack([[0, 1, "note"], [9, 2, "note"]], { epoch: 1, cut: 0, facts: [] }));
  assert.match(pair.problem, /compared again/);
  assert.deepEqual([null, null, 0], [pair.plain, pair.first, pair.countReached(450)]);
  source.plain = { fault: "compare: they differ in seed (1 and 2)" };
  assert.equal("These two runs are not compared: they differ in seed (1 and 2)", pair.problem);
});

test("the first difference is where the earlier record is; so many records are shared", () => {
  const { stores } = paired();

  assert.deepEqual({ side: 1, row: 4, event: 5 }, whereIs(PLAIN.divergences[0], stores));
  assert.deepEqual({ side: 0, row: 5, event: 6 }, whereIs(PLAIN.divergences[1], stores));
  assert.deepEqual({ side: 1, row: 6, event: 7 }, whereIs({ at: 450, a: null, b: 6 }, stores));
  assert.deepEqual([4, 6], [countShared(PLAIN, stores), countShared(NOTHING, stores)]);
});

test("a parting shows the peer's own records around it, the network's everybody's", () => {
  const { trace } = B();

  assert.deepEqual([1, 3, 6], rowsAround(trace, 1, 6, { before: 3, after: 6 }));
  assert.deepEqual([2, 4, 5], rowsAround(trace, 0, 4, { before: 1, after: 6 }));
  assert.deepEqual([3, 4, 5], rowsAround(trace, -1, 4, { before: 1, after: 1 }));
});

test("the curve climbs by a peer at a time, by several in one instant, and shows when that was", () => {
  assert.deepEqual([[0, 0], [250, 1], [400, 2]], stepsOf(PLAIN));
  assert.deepEqual([[0, 0], [7, 2]], stepsOf({ cone: [["ann", 7], ["bob", 7]] }));
  const { from, to, cursor, marks } = drawn(PLAIN, { clock: 300, trace: A().trace });

  assert.deepEqual([0, 300, 250], [from, cursor, marks[0].at]);
  assert.ok(to > 400);
  assert.equal(null, drawn(PLAIN, { clock: 9e6, trace: A().trace }).cursor);
  assert.deepEqual(["bob", 400, 150, "5/6"], listReached(PLAIN, ({ a, b }) => `${a}/${b}`)[1].cells);
});

test("of what both runs end with the most telling comes first, and of the peers those that differ", () => {
  assert.deepEqual([["tip", 1], ["height", 1], ["lines", 1], ["messages_sent", 1]], listFields(PLAIN).map(({ field, changed }) => [field, changed]));
  assert.deepEqual([], listFields(NOTHING));
  const rows = listOutcomes(PLAIN, "tip", ["ann", "bob"], [hash => `A${hash}`, hash => `B${hash}`]);

  assert.deepEqual(["bob", "Abb bb…", "Bcc cc…", "another block", 400], rows[0].cells);
  assert.deepEqual(["ann", "same", 250], [0, 3, 4].map(column => rows[1].cells[column]));
});

test("a change is told in words and numbers", () => {
  const told = [["height", [1, 4]], ["height", [4, 1]], ["height", [null, 1]], ["pool", [3, 4, 1, 2]], ["lines", [2, 2, 0, 0]], ["is_on", [true, false]]];

  assert.deepEqual(["+3", "−3", "changed", "1 only in A, 2 only in B", "same", "changed"], told.map(each => tellChange(...each)));
});

test("the difference between the set-ups is told as people say it", () => {
  const dropped = { path: "action", a: null, b: { at: 6_213_612, action: { do: "DropMessage", record: 354 } } };
  const era = { path: "policy.era", a: null, b: "2014" };

  assert.equal("jitter (links.jitter): A 20 ms, B 0 µs.", tellSetUp(PLAIN, KNOBS));
  assert.equal("Only in B, at 6.214 s a message is taken out of flight. And 1 other difference.", tellSetUp({ setUp: [dropped, era] }, KNOBS));
  assert.equal("The set-up is the same.", tellSetUp(NOTHING, KNOBS));
  assert.deepEqual([["done live", "nothing", "at 6.214 s a message is taken out of flight"], ["policy.era", "not set", "2014"]], listSetUp({ setUp: [dropped, era] }, KNOBS));
  assert.deepEqual(["No record differs up to 0.000 s.", "First difference at 0.000 s: ann."], [tellFirst(NOTHING), tellFirst(PLAIN)]);
  assert.equal("First difference at 1.000 s: the network.", tellFirst({ divergences: [{ peer: "", at: 1e6 }] }));
});
